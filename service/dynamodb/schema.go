package dynamodb

import (
	"encoding/binary"
	"hash/fnv"

	"github.com/stepwell/stepwell/kv"
	"github.com/stepwell/stepwell/service/dynamodb/attribute"
)

// schema is a primary key or that of an index: the partition key, and maybe the sort key.
type schema []keyAttribute

type keyAttribute struct {
	Name string
	Kind attribute.Kind
}

// keyOf keeps of an item the attributes of the key.
func (s schema) keyOf(item attribute.Item) attribute.Item {
	key := attribute.Item{}
	for _, k := range s {
		if v, ok := item[k.Name]; ok {
			key[k.Name] = v
		}
	}
	return key
}

func (s schema) has(name string) bool {
	for _, k := range s {
		if k.Name == name {
			return true
		}
	}
	return false
}

// partition returns what all keys with a partition key begin with: a hash, which spreads them over a scan's segments, and the value.
func partition(v attribute.Value) []byte {
	value := attribute.AppendKey(nil, v)
	hash := fnv.New64a()
	hash.Write(value) // never fails
	return append(binary.BigEndian.AppendUint64(nil, spread(hash.Sum64())), value...)
}

// spread lets every bit of a hash depend on all others: the high ones tell the segment.
func spread(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	return h
}

// encode returns the bytes of the key that an item has, which must be whole.
func (s schema) encode(item attribute.Item) []byte {
	key := partition(item[s[0].Name])
	if len(s) > 1 {
		key = attribute.AppendKey(key, item[s[1].Name])
	}
	return key
}

const (
	maxPartitionKey = 2048 // bytes
	maxSortKey      = 1024
)

// checkKey says whether a key given alone is one of the table.
func (s schema) checkKey(key attribute.Item) error {
	if len(key) != len(s) {
		return invalid("The number of conditions on the keys is invalid")
	}
	for i, k := range s {
		v, ok := key[k.Name]
		if !ok || v.Kind != k.Kind {
			return invalid("The provided key element does not match the schema")
		}
		if err := checkLength(i, k.Name, v); err != nil {
			return err
		}
	}
	return nil
}

// checkItem says whether an item has a key of the table.
func (s schema) checkItem(item attribute.Item) error {
	for i, k := range s {
		v, ok := item[k.Name]
		switch {
		case !ok:
			return badValue("Missing the key %s in the item", k.Name)
		case v.Kind != k.Kind:
			return badValue("Type mismatch for key %s expected: %s actual: %s", k.Name, k.Kind, v.Kind)
		}
		if err := checkLength(i, k.Name, v); err != nil {
			return err
		}
	}
	return nil
}

func checkLength(position int, name string, v attribute.Value) error {
	noun, longest := "hashkey", maxPartitionKey
	if position > 0 {
		noun, longest = "rangekey", maxSortKey
	}
	kind := "a string"
	if v.Kind == attribute.Binary {
		kind = "a binary"
	}
	switch {
	case v.Kind == attribute.Number:
	case v.Text == "":
		return badValue("The AttributeValue for a key attribute cannot contain an empty %s value. Key: %s", kind[2:], name)
	case len(v.Text) > longest:
		return badValue("Size of %s has exceeded the maximum size limit of%d bytes", noun, longest)
	}
	return nil
}

// segment is one of several equal parts of all keys.
func segment(number, total int64) (from, to []byte) {
	width := ^uint64(0) / uint64(total)
	edge := func(n int64) []byte { return binary.BigEndian.AppendUint64(nil, width*uint64(n)) }
	if number == total-1 {
		return edge(number), nil
	}
	return edge(number), edge(number + 1)
}

// rangeOf are the keys of a space that begin with a prefix.
func rangeOf(space int64, prefix []byte) kv.Range {
	return kv.Range{Space: space, From: prefix, To: kv.Beyond(prefix)}
}
