package asl

import (
	"strconv"

	"github.com/stepwell/stepwell/value"
)

// The query languages.
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
		"ToleratedFailureCountPath", "ToleratedFailurePercentagePath", "MaxItemsPath", "MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath", "Variable")
)

// readJSONata reads what a state in JSONata mode has instead of paths and templates.
func (o *object) readJSONata(s *State) {
	q := &Queries{}
	s.JSONata = q
	more := onlyInput
	switch s.Type {
	case TaskType:
		more = withResult
		o.jsonataTask(s)
	case ChoiceType:
		o.jsonataChoices(s)
	case WaitType:
		o.jsonataWait(s)
	case FailType:
		s.Fail = &Fail{Error: o.textOrQuery("Error"), Cause: o.textOrQuery("Cause")}
	case ParallelType:
		more = withResult
		q.Arguments = o.query("Arguments", onlyInput)
		s.Parallel = &Parallel{Branches: o.branches()}
	case MapType:
		more = withResult
		o.jsonataMap(s)
	}
	if more == withResult {
		s.Retry = o.retriers()
		s.Catch = o.catchers()
	}
	if s.Type != FailType {
		q.Output = o.query("Output", more)
	}
	if s.Type != SucceedType && s.Type != FailType {
		q.Assign = o.assignQuery(more)
	}
	o.leave(s)
}

func (o *object) jsonataTask(s *State) {
	s.Task = &Task{
		Resource:         o.resource(),
		TimeoutSeconds:   o.numberOrQuery("TimeoutSeconds", limits{1, maxSeconds}),
		HeartbeatSeconds: o.numberOrQuery("HeartbeatSeconds", limits{1, maxSeconds}),
	}
	s.JSONata.Arguments = o.query("Arguments", onlyInput)
	if o.credentials(); o.has("Credentials") {
		s.JSONata.Credentials = o.query("Credentials", onlyInput)
	}
	o.heartbeatWithinTimeout(s.Task)
}

func (o *object) jsonataChoices(s *State) {
	s.Choice = &Choice{}
	o.choices(func(e *object) {
		e.jsonata = true
		e.prefix = "Choices[" + strconv.Itoa(len(s.Choice.Choices)) + "]/"
		rule := ChoiceRule{Next: e.nextTarget(), Position: e.position, JSONata: &Queries{}}
		e.require("Condition")
		rule.JSONata.Condition = e.conditionQuery()
		rule.JSONata.Output = e.query("Output", onlyInput)
		rule.JSONata.Assign = e.assignQuery(onlyInput)
		e.skip("Comment")
		e.close()
		s.Choice.Choices = append(s.Choice.Choices, rule)
	})
	s.Choice.Default = o.target("Default")
}

// conditionQuery reads a Condition: an expression or a boolean.
func (o *object) conditionQuery() *Query {
	n := o.field("Condition")
	if n == nil {
		return nil
	}
	if n.kind != value.Bool && !isQuery(n) {
		o.invalid(o.at("Condition"), "Value must be a boolean or a JSONata expression")
	}
	return o.ofKind("Condition", value.Bool)
}

func (o *object) jsonataWait(s *State) {
	o.exactlyOne("Seconds", "Timestamp")
	s.Wait = &Wait{Seconds: o.numberOrQuery("Seconds", limits{0, maxSeconds}), Timestamp: o.textOrQuery("Timestamp")}
	if s.Wait.Timestamp.Constant != nil {
		s.Wait.Timestamp.Constant = o.timestamp("Timestamp")
	}
}

func (o *object) jsonataMap(s *State) {
	s.Map = &Map{
		MaxConcurrency:             o.numberOrQuery("MaxConcurrency", limits{0, none}),
		ToleratedFailureCount:      o.numberOrQuery("ToleratedFailureCount", limits{0, none}),
		ToleratedFailurePercentage: o.percentageOrQuery("ToleratedFailurePercentage"),
	}
	s.JSONata.Items = o.itemsQuery()
	s.JSONata.ItemSelector = o.query("ItemSelector", onlyInput)
	o.processor(s.Map)
}

func (o *object) percentageOrQuery(name string) Number {
	if isQuery(o.field(name)) {
		return Number{Query: o.ofKind(name, value.Number)}
	}
	return Number{Constant: o.number(name, limits{0, 100})}
}

// itemsQuery reads Items: an array, an object or an expression.
func (o *object) itemsQuery() *Query {
	n := o.field("Items")
	if n != nil && n.kind != value.Array && n.kind != value.Object && !isQuery(n) {
		o.invalid(o.at("Items"), "Value must be an array, an object or a JSONata expression")
	}
	return o.ofKind("Items", value.Array, value.Object)
}
