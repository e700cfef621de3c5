package asl

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/jsonata"
	"github.com/stepwell/stepwell/value"
)

// Query is a field of a state in JSONata mode: a JSON value in which every text between {% and %} is an expression.
type Query struct {
	constant   value.Value
	expression *jsonata.Expression
	text       string // of the expression
	location   string // as errors name it: Output/total
	fields     []queryField
	items      []*Query
	object     bool
}

type queryField struct {
	name string
	part *Query
}

// QueryError says which expression of a query could not be evaluated, or gave nothing.
type QueryError struct {
	Location   string // Output/total
	Expression string // its text, without the brackets
	Err        error  // a *jsonata.Error; nil when the expression gave nothing
}

// Error says what is wrong in AWS's words.
func (e *QueryError) Error() string {
	return "The JSONata expression '" + e.Expression + "' specified for the field '" + e.Location + "' " + e.reason()
}

func (e *QueryError) reason() string {
	failed, _ := e.Err.(*jsonata.Error)
	switch {
	case failed == nil:
		return "returned nothing (undefined)."
	case failed.Code == jsonata.NoValue:
		return "returned an unsupported result type."
	case failed.Code == jsonata.LimitReached:
		return "threw an error during evaluation: " + failed.Text()
	}
	return "threw an error during evaluation. " + failed.Error()
}

// Unwrap returns the reason.
func (e *QueryError) Unwrap() error { return e.Err }

// Location returns how errors name the field.
func (q *Query) Location() string { return q.location }

// Expression returns the text of the expression that the whole field is; ok is false when it is a constant or a structure.
func (q *Query) Expression() (text string, ok bool) { return q.text, q.expression != nil }

// String returns the expression that the field is, or the JSON text of a constant; of a structure with expressions in it, nothing.
func (q *Query) String() string {
	if q.expression != nil {
		return q.text
	}
	return q.constant.Compact()
}

// Eval builds the field's value: constants as they were written, in the order of the definition. The error is a *QueryError about
// the first expression that has no value.
func (q *Query) Eval(scope jsonata.Scope) (value.Value, error) {
	switch {
	case q.expression != nil:
		return q.evalExpression(scope)
	case !q.constant.IsZero():
		return q.constant, nil
	case q.object:
		return q.evalFields(scope)
	}
	items := make([]value.Value, len(q.items))
	for i, item := range q.items {
		v, err := item.Eval(scope)
		if err != nil {
			return value.Value{}, err
		}
		items[i] = v
	}
	return value.OfItems(items), nil
}

func (q *Query) evalExpression(scope jsonata.Scope) (value.Value, error) {
	v, err := q.expression.Eval(value.Value{}, scope)
	if err != nil || v.IsZero() {
		return value.Value{}, &QueryError{Location: q.location, Expression: q.text, Err: err}
	}
	// Unlike a path, an expression does not hand bytes on: what comes out is written anew.
	if compact := v.Compact(); compact != v.Text() {
		return value.Parse(compact)
	}
	return v, nil
}

func (q *Query) evalFields(scope jsonata.Scope) (value.Value, error) {
	members := make([]value.Member, len(q.fields))
	for i, f := range q.fields {
		v, err := f.part.Eval(scope)
		if err != nil {
			return value.Value{}, err
		}
		members[i] = value.Member{Key: f.name, Value: v}
	}
	return value.OfMembers(members...), nil
}

func (q *Query) isConstant() bool { return q.expression == nil && !q.constant.IsZero() }

// settle makes a structure without expressions a constant.
func (q *Query) settle(n *node) *Query {
	for _, f := range q.fields {
		if !f.part.isConstant() {
			return q
		}
	}
	for _, item := range q.items {
		if !item.isConstant() {
			return q
		}
	}
	return &Query{constant: n.value(), location: q.location}
}

const (
	queryOpen  = "{%"
	queryClose = "%}"
)

func isQuery(n *node) bool {
	return n != nil && n.kind == value.String && strings.HasPrefix(n.text, queryOpen)
}

// available is what of $states an expression may read besides input and context.
type available uint8

const (
	onlyInput available = iota
	withResult
	withErrorOutput
)

// query reads a field that may hold any JSON value, nil when it is absent.
func (o *object) query(name string, more available) *Query {
	n := o.field(name)
	if n == nil {
		return nil
	}
	return o.compileQuery(n, o.at(name), o.prefix+name, more)
}

// compileQuery makes a query of a node. location is how errors at run time name it.
func (r *reader) compileQuery(n *node, at place, location string, more available) *Query {
	at.position = n.position
	q := &Query{location: location}
	switch n.kind {
	case value.Object:
		q.object = true
		for _, m := range n.members {
			if strings.HasSuffix(m.key, ".$") { // AWS takes it, but hardly anybody means it
				r.warn(NoDollar, place{at.location, at.state, m.position}, "Keys that end with '.$' mean nothing in JSONata: '%s' is taken as it stands", m.key)
			}
			part := r.compileQuery(m.value, inside(at, "/"+m.key), location+"/"+m.key, more)
			q.fields = append(q.fields, queryField{m.key, part})
		}
	case value.Array:
		for i, item := range n.items {
			index := "[" + strconv.Itoa(i) + "]"
			q.items = append(q.items, r.compileQuery(item, inside(at, index), location+index, more))
		}
	case value.String:
		if strings.HasPrefix(n.text, queryOpen) {
			r.compileExpression(q, n, at, more)
			return q
		}
	}
	return q.settle(n)
}

// compileExpression compiles the text between the brackets into q.
func (r *reader) compileExpression(q *Query, n *node, at place, more available) {
	q.constant = value.NullValue() // until it is known to be right
	text, closed := strings.CutSuffix(n.text[len(queryOpen):], queryClose)
	if !closed {
		r.invalid(at, "The JSONata expression must end with '%%}'")
		return
	}
	q.text = strings.TrimSpace(text)
	e, err := jsonata.Compile(q.text, jsonata.StepFunctions)
	if err != nil {
		r.misspelt(q, at, err)
		return
	}
	q.expression = e
	r.checkReads(q, at, more)
	r.checkNames(q, at)
	r.checkOperands(q, at)
}

// misspelt reports an expression that does not compile. AWS gives the reference's sentence without its code.
func (r *reader) misspelt(q *Query, at place, err error) {
	failed := err.(*jsonata.Error)
	r.refuse(InvalidJSONata, at, "%s", failed.Text()).Hint = characterOf(q.text, failed.Position)
}

// checkNames refuses names at the top level of an expression: there is no context that they could be found in.
func (r *reader) checkNames(q *Query, at place) {
	for _, name := range q.expression.TopLevelNames() {
		f := r.tightened(UnsupportedJSONata, at, "Reference to '%s' at the top level is not supported.", name.Name)
		f.Hint = "the state's input is $states.input"
	}
}

// characterOf says where in an expression the mistake is.
func characterOf(text string, position int) string {
	if position < 0 || position > len(text) {
		return ""
	}
	return "at character " + strconv.Itoa(utf8.RuneCountInString(text[:position])+1) + " of the expression"
}

// checkReads notes which variables an expression reads, and refuses parts of $states that are not there.
func (r *reader) checkReads(q *Query, at place, more available) {
	for _, read := range q.expression.Reads() {
		switch {
		case read.Name != "states":
			if !read.Builtin || r.level.assigns(read.Name) {
				r.level.reads = append(r.level.reads, use{name: read.Name, at: at, dynamic: true})
			}
		case read.Member == "result" && more != withResult, read.Member == "errorOutput" && more != withErrorOutput:
			r.invalid(at, "'$states.%s' is not available here", read.Member).Hint = characterOf(q.text, read.Position)
		}
	}
}

// numberOrQuery reads a whole number that may be an expression.
func (o *object) numberOrQuery(name string, allowed limits) Number {
	if isQuery(o.field(name)) {
		return Number{Query: o.ofKind(name, value.Number)}
	}
	return Number{Constant: o.integer(name, allowed)}
}

// textOrQuery reads a text that may be an expression.
func (o *object) textOrQuery(name string) Text {
	if isQuery(o.field(name)) {
		return Text{Query: o.ofKind(name, value.String)}
	}
	return Text{Constant: o.constant(name)}
}

// assignQuery reads an Assign of JSONata, checks the names and notes them.
func (o *object) assignQuery(more available) *Query {
	n := o.typed("Assign", value.Object)
	if n == nil {
		return nil
	}
	for _, m := range n.members {
		at := place{o.location + "/Assign", o.state, m.position}
		o.variableName(m.key, at)
		o.assigns(m.key, at)
	}
	return o.query("Assign", more)
}
