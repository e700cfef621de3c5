package template

import (
	"strings"

	"github.com/stepwell/stepwell/value"
)

// Answer is what the function behind a custom resource has said of it: the physical id, which Ref answers, and the values that
// Fn::GetAtt does. Before there is an answer, references come to texts that stand for it.
type Answer struct {
	ID   string
	Data value.Value
}

func (a Answer) attribute(name string) (string, bool) {
	v, ok := a.Data.Get(name)
	if !ok {
		return "", false
	}
	if v.Kind() == value.String {
		return v.Str(), true
	}
	return v.Compact(), true
}

// IsCustom reports whether resources of a type are made by a function of the user.
func IsCustom(kind string) bool {
	return kind == "AWS::CloudFormation::CustomResource" || strings.HasPrefix(kind, "Custom::")
}

// custom declares a custom resource. One without a function is accepted where a part of the CDK would make it.
func (e *evaluator) custom(s *Stack, r *resource, properties *node) {
	token := properties.get("ServiceToken")
	if token == nil {
		e.find(r.at, "the custom resource %q has no ServiceToken", r.id)
		return
	}
	s.Declarations = append(s.Declarations, Declaration{Resource{LogicalID: r.id, Type: r.kind, Position: r.at}, properties.value()})
}
