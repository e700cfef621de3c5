package template

import (
	"regexp"

	"github.com/stepwell/stepwell/fault"
)

var dynamicReference = regexp.MustCompile(`\{\{resolve:([a-z-]+):([^:}]+)[^}]*\}\}`)

// dynamic resolves dynamic references of a definition behind a substitution: those to Systems Manager. A secret has no place in a
// definition. Those in the properties of other resources stay, for whoever makes the resource.
func (e *evaluator) dynamic(substitute substituter) substituter {
	return func(text string, at fault.Position) string {
		return dynamicReference.ReplaceAllStringFunc(substitute(text, at), func(m string) string {
			parts := dynamicReference.FindStringSubmatch(m)
			stored, ok := e.systemsManager(parts[2])
			switch {
			case parts[1] != "ssm":
				e.report(fault.New(fault.Unsupported, "the dynamic reference %s is not supported in a definition", m).At(at))
			case !ok:
				e.find(at, "the Systems Manager parameter %q has no value; give it in the configuration (ssm)", parts[2])
			}
			return stored
		})
	}
}

// systemsManager returns the value of a parameter of Systems Manager: a given one, or that of the template's own.
func (e *evaluator) systemsManager(name string) (string, bool) {
	if text, ok := e.options.SSM[name]; ok {
		return text, true
	}
	for _, r := range e.resources {
		if r.kind == "AWS::SSM::Parameter" && e.wanted(r) && e.name(r) == name {
			return e.member(r.properties, "Value")
		}
	}
	return "", false
}

// dynamicNeeds notes the parameters and secrets of the template that the dynamic references of a text name.
func (w *walk) dynamicNeeds(text string) {
	for _, m := range dynamicReference.FindAllStringSubmatch(text, -1) {
		kind := "AWS::SSM::Parameter"
		if m[1] == "secretsmanager" {
			kind = "AWS::SecretsManager::Secret"
		}
		for _, r := range w.e.resources {
			if r.kind == kind && w.e.wanted(r) && w.e.name(r) == m[2] {
				w.need(r.id)
			}
		}
	}
}
