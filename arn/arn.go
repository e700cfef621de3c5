// Package arn reads and writes Amazon resource names: arn:partition:service:region:account:resource.
package arn

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// ARN is the six parts of a resource name. Resource keeps its own colons and slashes.
type ARN struct {
	Partition, Service, Region, Account, Resource string
}

// Parse splits a resource name. A text that is not one is a fault with AWS's code InvalidArn.
func Parse(text string) (ARN, error) {
	parts := strings.SplitN(text, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[1] == "" || parts[2] == "" || parts[5] == "" {
		return ARN{}, fault.Invalidf("Invalid Arn: '%s'", text).WithCode("InvalidArn")
	}
	return ARN{parts[1], parts[2], parts[3], parts[4], parts[5]}, nil
}

// String joins the parts again.
func (a ARN) String() string {
	return "arn:" + a.Partition + ":" + a.Service + ":" + a.Region + ":" + a.Account + ":" + a.Resource
}
