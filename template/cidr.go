package template

import (
	"fmt"
	"strconv"
	"strings"
)

// cidr carries out Fn::Cidr: count blocks of IPv4 addresses of size 2^bits, cut from a block.
func (e *evaluator) cidr(n *node) *node {
	parts, ok := e.list(n, "Fn::Cidr", 2, 3)
	if !ok {
		return nil
	}
	texts := []string{"", "", "8"}
	for i, part := range parts {
		if texts[i], ok = e.evalText(part, "an argument of Fn::Cidr"); !ok {
			return nil
		}
	}
	base, ok := parseBlock(texts[0])
	count, err := strconv.Atoi(texts[1])
	bits, bitsErr := strconv.Atoi(texts[2])
	if !ok || err != nil || bitsErr != nil || count < 1 || count > 256 || bits < 1 || bits > 31 {
		return e.find(n.at, "Fn::Cidr takes an IPv4 block, a count of 1 to 256 and a number of bits, not %s", strings.Join(texts, ", "))
	}
	blocks := make([]string, count)
	for i := range blocks {
		address := base + uint32(i)<<bits
		blocks[i] = fmt.Sprintf("%d.%d.%d.%d/%d", address>>24, address>>16&255, address>>8&255, address&255, 32-bits)
	}
	return listOf(n.at, blocks...)
}

// parseBlock returns the first address of a block such as 10.0.0.0/16.
func parseBlock(text string) (uint32, bool) {
	address, size, _ := strings.Cut(text, "/")
	prefix, err := strconv.Atoi(size)
	octets := strings.Split(address, ".")
	if err != nil || prefix < 1 || prefix > 32 || len(octets) != 4 {
		return 0, false
	}
	var base uint32
	for _, octet := range octets {
		n, err := strconv.ParseUint(octet, 10, 8)
		if err != nil {
			return 0, false
		}
		base = base<<8 | uint32(n)
	}
	return base &^ (1<<(32-prefix) - 1), true
}
