package template

import "github.com/stepwell/stepwell/value"

// code is the declaration of a function or a layer. Those of SAM take what they do not say from the template's Globals.
func (e *evaluator) code(r *resource, properties *node) Declaration {
	if r.kind == "AWS::Serverless::Function" {
		if globals := e.root.get("Globals").get("Function"); globals != nil {
			if preset := e.eval(globals); preset != nil {
				properties = overlay(preset, properties)
			}
		}
	}
	named := properties.value().With(catalogue[r.kind].name, value.OfString(e.name(r)))
	return Declaration{Resource{r.id, r.kind, r.at}, named}
}

// overlay joins two values as SAM joins its Globals with a resource: objects by their members, lists one behind the other; of
// anything else the resource's counts.
func overlay(preset, own *node) *node {
	if preset.kind != own.kind {
		return own
	}
	joined := *own
	switch own.kind {
	case value.Array:
		joined.items = append(append([]*node{}, preset.items...), own.items...)
	case value.Object:
		joined.fields = nil
		for _, f := range preset.fields {
			if mine := own.get(f.key); mine != nil {
				f.value = overlay(f.value, mine)
			}
			joined.fields = append(joined.fields, f)
		}
		for _, f := range own.fields {
			if preset.get(f.key) == nil {
				joined.fields = append(joined.fields, f)
			}
		}
	}
	return &joined
}
