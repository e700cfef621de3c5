package template

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// function carries out an intrinsic function. The argument is not resolved yet: some functions have parts that must not be.
func (e *evaluator) function(name string, argument, call *node) *node {
	if conditionFunctions[name] {
		return e.conditionValue(call)
	}
	f, ok := functions[name]
	if strings.HasPrefix(name, forEach) {
		f, ok = unsupported("Fn::ForEach"), true
	}
	if !ok {
		return e.find(call.at, "unknown function %s%s", name, suggest(name, functionNames()))
	}
	result := f(e, argument)
	if result != nil && result != noValue && !result.at.IsValid() {
		result.at = call.at
	}
	return result
}

var conditionFunctions = map[string]bool{"Fn::Equals": true, "Fn::And": true, "Fn::Or": true, "Fn::Not": true}

var functions map[string]func(*evaluator, *node) *node

// The table is filled here because its functions come back to it through eval.
func init() {
	functions = map[string]func(*evaluator, *node) *node{
		"Ref":              (*evaluator).ref,
		"Fn::Sub":          (*evaluator).sub,
		"Fn::GetAtt":       (*evaluator).getAtt,
		"Fn::FindInMap":    (*evaluator).findInMap,
		"Fn::Select":       (*evaluator).selectItem,
		"Fn::Split":        (*evaluator).split,
		"Fn::Join":         (*evaluator).join,
		"Fn::If":           (*evaluator).ifValue,
		"Fn::ImportValue":  (*evaluator).importValue,
		"Fn::Base64":       (*evaluator).base64,
		"Fn::Length":       (*evaluator).length,
		"Fn::ToJsonString": (*evaluator).toJSON,
		"Fn::GetAZs":       (*evaluator).zones,
		"Fn::Cidr":         (*evaluator).cidr,
		"Fn::Transform":    unsupported("Fn::Transform"),
	}
}

func functionNames() []string {
	names := make([]string, 0, len(functions))
	for name := range functions {
		names = append(names, name)
	}
	for name := range conditionFunctions {
		names = append(names, name)
	}
	return names
}

func unsupported(name string) func(*evaluator, *node) *node {
	return func(e *evaluator, n *node) *node {
		e.report(fault.New(fault.Unsupported, "the function %s is not supported", name).At(n.at))
		return nil
	}
}

// list returns the elements of a function's argument, which must be a list of between least and most elements.
func (e *evaluator) list(n *node, function string, least, most int) ([]*node, bool) {
	if n.kind != value.Array || len(n.items) < least || len(n.items) > most {
		e.find(n.at, "%s takes a list of %s elements", function, span(least, most))
		return nil, false
	}
	return n.items, true
}

func span(least, most int) string {
	if least == most {
		return strconv.Itoa(least)
	}
	return strconv.Itoa(least) + " to " + strconv.Itoa(most)
}

// values resolves a part that must come to a list.
func (e *evaluator) values(n *node, function string) ([]*node, bool) {
	v := e.eval(n)
	if v == nil {
		return nil, false
	}
	if v.kind != value.Array {
		e.find(n.at, "%s takes a list here", function)
		return nil, false
	}
	return v.items, true
}

func (e *evaluator) selectItem(n *node) *node {
	parts, ok := e.list(n, "Fn::Select", 2, 2)
	if !ok {
		return nil
	}
	index, ok := e.evalText(parts[0], "the index of Fn::Select")
	items, also := e.values(parts[1], "Fn::Select")
	if !ok || !also {
		return nil
	}
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(items) {
		return e.find(n.at, "Fn::Select cannot select the element %s of a list of %d", index, len(items))
	}
	return items[i]
}

func (e *evaluator) split(n *node) *node {
	parts, ok := e.list(n, "Fn::Split", 2, 2)
	if !ok {
		return nil
	}
	delimiter, ok := e.evalText(parts[0], "the delimiter of Fn::Split")
	text, also := e.evalText(parts[1], "the text of Fn::Split")
	if !ok || !also {
		return nil
	}
	if delimiter == "" {
		return e.find(n.at, "the delimiter of Fn::Split may not be empty")
	}
	return listOf(n.at, strings.Split(text, delimiter)...)
}

func listOf(at fault.Position, texts ...string) *node {
	list := &node{at: at, kind: value.Array}
	for _, text := range texts {
		list.items = append(list.items, textAt(at, text))
	}
	return list
}

func (e *evaluator) join(n *node) *node {
	parts, ok := e.list(n, "Fn::Join", 2, 2)
	if !ok {
		return nil
	}
	delimiter, ok := e.evalText(parts[0], "the delimiter of Fn::Join")
	items, also := e.values(parts[1], "Fn::Join")
	if !ok || !also {
		return nil
	}
	texts := make([]string, len(items))
	for i, item := range items {
		if !item.isScalar() {
			return e.find(item.at, "Fn::Join joins texts only")
		}
		texts[i] = item.text()
	}
	return textAt(n.at, strings.Join(texts, delimiter))
}

func (e *evaluator) findInMap(n *node) *node {
	parts, ok := e.list(n, "Fn::FindInMap", 3, 4)
	if !ok {
		return nil
	}
	at := e.root.get("Mappings")
	for i, what := range []string{"mapping", "top-level key", "second-level key"} {
		key, ok := e.evalText(parts[i], "the "+what+" of Fn::FindInMap")
		if !ok {
			return nil
		}
		below := at.get(key)
		if below == nil && len(parts) == 4 {
			return e.eval(parts[3].get("DefaultValue"))
		}
		if below == nil {
			return e.find(parts[i].at, "Fn::FindInMap: there is no %s %q%s", what, key, suggest(key, keys(at)))
		}
		at = below
	}
	return e.eval(at)
}

func keys(n *node) []string {
	if n == nil {
		return nil
	}
	names := make([]string, len(n.fields))
	for i, f := range n.fields {
		names[i] = f.key
	}
	return names
}

func (e *evaluator) importValue(n *node) *node {
	name, ok := e.evalText(n, "the name of Fn::ImportValue")
	if !ok {
		return nil
	}
	text, ok := e.options.Imports[name]
	if !ok {
		text, ok = e.exports[name]
	}
	if !ok {
		return e.find(n.at, "Fn::ImportValue: the export %q has no value; give it in the configuration", name)
	}
	return textAt(n.at, text)
}

func (e *evaluator) base64(n *node) *node {
	text, ok := e.evalText(n, "the argument of Fn::Base64")
	if !ok {
		return nil
	}
	return textAt(n.at, base64.StdEncoding.EncodeToString([]byte(text)))
}

func (e *evaluator) length(n *node) *node {
	items, ok := e.values(n, "Fn::Length")
	if !ok {
		return nil
	}
	return scalarAt(n.at, value.OfInt(int64(len(items))))
}

func (e *evaluator) toJSON(n *node) *node {
	v := e.eval(n)
	if v == nil {
		return nil
	}
	return textAt(n.at, v.value().Compact())
}

func (e *evaluator) zones(n *node) *node {
	region, ok := e.evalText(n, "the region of Fn::GetAZs")
	if !ok {
		return nil
	}
	if region == "" {
		region = e.options.Region
	}
	return listOf(n.at, region+"a", region+"b", region+"c")
}
