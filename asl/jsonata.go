package asl

import (
	"strings"

	"github.com/stepwell/stepwell/value"
)

// The query languages. JSONata is recognised, checked for what does not depend on the language, and refused.
const (
	jsonpathLanguage = "JSONPath"
	jsonataLanguage  = "JSONata"
)

// queryLanguage reads QueryLanguage, empty when it is absent. As on AWS, any other value than JSONPath counts as JSONata.
func (o *object) queryLanguage() string {
	if !o.has("QueryLanguage") {
		return ""
	}
	if o.choose("QueryLanguage", jsonpathLanguage, jsonataLanguage) == jsonpathLanguage {
		return jsonpathLanguage
	}
	return jsonataLanguage
}

// stateLanguage sets the language of a state, which comes from the state or else from the whole machine, not from the states
// around it. It returns false when nothing more can be said about the state.
func (o *object) stateLanguage() bool {
	language := o.queryLanguage()
	if language == jsonpathLanguage && o.allJSONata {
		o.invalid(o.place, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")
		return false
	}
	o.jsonata = language == jsonataLanguage || o.allJSONata
	if language == jsonataLanguage {
		o.notYet(o.at("QueryLanguage"), "QueryLanguage \"JSONata\" is not supported yet (issue 7)")
	}
	return true
}

func fieldSet(names ...string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return set
}

var (
	onlyJSONata  = fieldSet("Arguments", "Output", "Items", "Condition")
	onlyJSONPath = fieldSet("InputPath", "OutputPath", "ResultPath", "ResultSelector", "Parameters", "Result", "ItemsPath",
		"TimeoutSecondsPath", "HeartbeatSecondsPath", "SecondsPath", "TimestampPath", "MaxConcurrencyPath", "ErrorPath", "CausePath",
		"ToleratedFailureCountPath", "ToleratedFailurePercentagePath", "Variable")
)

// jsonataFields are the fields whose values may be expressions; they are not looked into.
var jsonataFields = map[Type][]string{
	TaskType:     {"Arguments", "Output", "TimeoutSeconds", "HeartbeatSeconds"},
	PassType:     {"Output"},
	ChoiceType:   {"Output"},
	WaitType:     {"Output", "Seconds", "Timestamp"},
	SucceedType:  {"Output"},
	FailType:     {"Error", "Cause"},
	ParallelType: {"Arguments", "Output"},
	MapType:      {"Output", "Items", "ItemSelector", "MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"},
}

func (o *object) readJSONata(s *State) {
	o.skip(jsonataFields[s.Type]...)
	if o.isConstant("Timestamp") {
		o.timestamp("Timestamp")
	}
	switch s.Type {
	case TaskType:
		o.resource()
		o.credentials()
	case ChoiceType:
		o.jsonataChoices()
	case ParallelType:
		o.branches()
	case MapType:
		o.distributedFields()
		o.processor()
	}
	switch s.Type {
	case TaskType, ParallelType, MapType:
		o.retriers()
		o.catchers()
	}
	if s.Type != SucceedType && s.Type != FailType {
		o.assignNames()
	}
	o.leave(s)
}

// isConstant reports whether a field holds something else than an expression.
func (o *object) isConstant(name string) bool {
	n := o.node.get(name)
	return n != nil && !strings.HasPrefix(n.text, "{%")
}

func (o *object) jsonataChoices() {
	o.choices(func(e *object) {
		e.jsonata = true
		e.nextTarget()
		e.require("Condition")
		e.assignNames()
		e.skip("Output", "Comment")
		e.close()
	})
	o.target("Default")
}

// assignNames notes which variables an Assign of JSONata sets.
func (o *object) assignNames() {
	if n := o.typed("Assign", value.Object); n != nil {
		for _, m := range n.members {
			at := place{o.location + "/Assign", o.state, m.position}
			o.variableName(m.key, at)
			o.assigns(m.key, at)
		}
	}
}
