package template

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// sections resolves what resources refer to: parameters and conditions. Unknown sections are mistakes.
func (e *evaluator) sections() {
	for _, f := range e.root.fields {
		if !slices.Contains(sectionNames, f.key) {
			e.find(f.at, "Invalid template property or properties [%s]%s", f.key, suggest(f.key, slices.Clone(sectionNames)))
		}
	}
	for _, rule := range fieldsOf(e.root.get("Rules")) {
		if rule.key != cdkRule {
			e.warn(rule.at, "the rule "+rule.key+" is not checked")
		}
	}
	e.transforms()
	parameters := e.root.get("Parameters")
	for _, f := range fieldsOf(parameters) {
		e.parameter(f)
	}
	for _, name := range sortedNames(e.options.Parameters) {
		if parameters.get(name) == nil {
			e.find(fault.Position{File: e.options.File}, "the template has no parameter %q%s", name, suggest(name, keys(parameters)))
		}
	}
	for _, f := range fieldsOf(e.root.get("Conditions")) {
		e.condition(textAt(f.at, f.key))
	}
}

var sectionNames = []string{"AWSTemplateFormatVersion", "Conditions", "Description", "Globals", "Mappings", "Metadata",
	"Outputs", "Parameters", "Resources", "Rules", "Transform"}

// cdkRule is the rule that the CDK puts into every template; it is about the account that would be deployed to.
const cdkRule = "CheckBootstrapVersion"

// transforms accepts the macros that Stepwell resolves itself; others would change the template in ways unknown here.
func (e *evaluator) transforms() {
	n := e.root.get("Transform")
	if n == nil {
		return
	}
	names := []*node{n}
	if n.kind == value.Array {
		names = n.items
	}
	for _, one := range names {
		switch name := one.scalar.Str(); name {
		case "AWS::Serverless-2016-10-31", "AWS::LanguageExtensions", "AWS::SecretsManager-2020-07-23", "AWS::SecretsManager-2024-09-16":
		default:
			e.report(fault.New(fault.Unsupported, "the transform %q is not supported", name).At(one.at))
		}
	}
}

func fieldsOf(n *node) []field {
	if n == nil {
		return nil
	}
	return n.fields
}

func sortedNames(m map[string]string) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// parametersCome says from where the parameters of the outermost template come; those of nested ones stand in the outer template.
func (e *evaluator) parametersCome() string {
	if len(e.files) > 1 {
		return ""
	}
	return ": give one by --parameter or in stepwell.yaml under parameters"
}

// parameter finds the value of one parameter: the given one or its default.
func (e *evaluator) parameter(f field) {
	p := parameter{evaluator: e, name: f.key, definition: f.value, kind: f.value.get("Type").orEmpty(), at: f.at}
	e.parameters[f.key] = nil // a parameter with a mistake is known, but has no value
	if !knownParameterType(p.kind) {
		e.find(f.at, "parameter %s: unknown type %q", f.key, p.kind)
		return
	}
	text, ok := e.options.Parameters[f.key]
	if fallback := f.value.get("Default"); !ok && fallback != nil {
		text, ok = fallback.text(), true
		p.at = fallback.at
	}
	if !ok {
		e.find(f.at, "parameter %s has no value and no default%s", f.key, e.parametersCome())
		return
	}
	if p.isSSM() {
		stored, ok := e.options.SSM[text]
		if !ok {
			e.withoutValue[f.key] = text
			return
		}
		text = stored
	}
	e.parameters[f.key] = p.value(text)
}

func (n *node) orEmpty() string {
	if n == nil {
		return ""
	}
	return n.scalar.Str()
}

// parameter is one parameter while its value is checked.
type parameter struct {
	*evaluator
	name       string
	definition *node
	kind       string
	at         fault.Position
}

func (p parameter) isSSM() bool { return strings.HasPrefix(p.kind, "AWS::SSM::Parameter::Value<") }

func (p parameter) isList() bool {
	return p.kind == "CommaDelimitedList" || strings.Contains(p.kind, "List<")
}

func knownParameterType(kind string) bool {
	return kind == "String" || kind == "Number" || kind == "CommaDelimitedList" || strings.HasPrefix(kind, "List<") ||
		strings.HasPrefix(kind, "AWS::")
}

// value checks a text against the parameter's definition; nil: it does not fit.
func (p parameter) value(text string) *node {
	if !p.isList() {
		if !p.allowed(text) {
			return nil
		}
		return textAt(p.at, text)
	}
	items := strings.Split(text, ",")
	if text == "" {
		items = nil
	}
	for i := range items {
		items[i] = strings.TrimSpace(items[i])
		if !p.allowed(items[i]) {
			return nil
		}
	}
	return listOf(p.at, items...)
}

// allowed reports a value that the definition forbids.
func (p parameter) allowed(text string) bool {
	for _, check := range []func(string) string{p.checkNumber, p.checkValues, p.checkPattern, p.checkLength} {
		if reason := check(text); reason != "" {
			if hint := p.definition.get("ConstraintDescription"); hint != nil {
				reason = hint.text()
			}
			p.find(p.at, "parameter %s: the value %s %s", p.name, p.shown(text), reason)
			return false
		}
	}
	return true
}

// shown hides the values of NoEcho parameters.
func (p parameter) shown(text string) string {
	if n := p.definition.get("NoEcho"); n != nil && n.text() == "true" {
		return "****"
	}
	return strconv.Quote(text)
}

func (p parameter) checkNumber(text string) string {
	if p.kind != "Number" && p.kind != "List<Number>" {
		return ""
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return "is not a number"
	}
	if least, ok := p.bound("MinValue"); ok && number < least {
		return "is less than MinValue"
	}
	if most, ok := p.bound("MaxValue"); ok && number > most {
		return "is greater than MaxValue"
	}
	return ""
}

func (p parameter) bound(name string) (float64, bool) {
	n := p.definition.get(name)
	if n == nil {
		return 0, false
	}
	number, err := strconv.ParseFloat(n.text(), 64)
	if err != nil {
		p.find(n.at, "parameter %s: %s is not a number", p.name, name)
	}
	return number, err == nil
}

func (p parameter) checkValues(text string) string {
	allowed := p.definition.get("AllowedValues")
	if allowed == nil {
		return ""
	}
	texts := make([]string, len(allowed.items))
	for i, item := range allowed.items {
		texts[i] = item.text()
	}
	if slices.Contains(texts, text) {
		return ""
	}
	return "is not one of the AllowedValues: " + strings.Join(texts, ", ")
}

func (p parameter) checkPattern(text string) string {
	n := p.definition.get("AllowedPattern")
	if n == nil {
		return ""
	}
	pattern, err := regexp.Compile("^(?:" + n.text() + ")$")
	if err != nil {
		p.warn(n.at, "parameter "+p.name+": the AllowedPattern is not checked: it uses more than Go's regular expressions")
		return ""
	}
	if pattern.MatchString(text) {
		return ""
	}
	return "does not match the AllowedPattern " + n.text()
}

func (p parameter) checkLength(text string) string {
	length := float64(utf8.RuneCountInString(text))
	if least, ok := p.bound("MinLength"); ok && length < least {
		return "is shorter than MinLength"
	}
	if most, ok := p.bound("MaxLength"); ok && length > most {
		return "is longer than MaxLength"
	}
	return ""
}
