package asl

import (
	"github.com/stepwell/stepwell/asl/intrinsic"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// StateMachine is a checked definition.
type StateMachine struct {
	Comment        string
	Version        string
	TimeoutSeconds int64 // 0: none
	Workflow
	// VariableReferences are, by state, the variables that it reads, sorted.
	VariableReferences map[string][]string
	// Warnings is what is probably a mistake and does not keep the definition from running.
	Warnings Findings
}

// Workflow is what nests: the top level, a branch of Parallel, the ItemProcessor of Map.
type Workflow struct {
	StartAt string
	States  []*State // in the order of the definition
	index   map[string]*State
}

// State returns the state of that name at this level, nil when there is none.
func (w *Workflow) State(name string) *State { return w.index[name] }

// Type is the Type field of a state.
type Type string

// The state types.
const (
	TaskType     Type = "Task"
	PassType     Type = "Pass"
	ChoiceType   Type = "Choice"
	WaitType     Type = "Wait"
	SucceedType  Type = "Succeed"
	FailType     Type = "Fail"
	ParallelType Type = "Parallel"
	MapType      Type = "Map"
)

// State is one state. The fields of a type that the state does not have are zero.
type State struct {
	Name     string
	Type     Type
	Comment  string
	Position fault.Position
	Next     string // empty: the state ends its workflow
	End      bool

	InputPath  PathField
	OutputPath PathField
	ResultPath PathField // a reference path

	Parameters     *Template // ItemSelector of Map stands in Map
	ResultSelector *Template
	Assign         *Template // an object template; nil when absent

	// JSONata is set in a state of that language, which has none of the paths and templates above.
	JSONata *Queries

	Retry []Retrier
	Catch []Catcher

	Result   value.Value // Pass; zero when absent
	Task     *Task
	Choice   *Choice
	Wait     *Wait
	Fail     *Fail
	Parallel *Parallel
	Map      *Map
}

// Queries are the fields of a state, a choice or a catcher in JSONata mode; nil for those that are absent.
type Queries struct {
	Arguments    *Query // Task, Parallel
	Output       *Query
	Assign       *Query
	Condition    *Query // of a choice
	Items        *Query // Map
	ItemSelector *Query // Map
	Credentials  *Query // Task
}

// PathField is InputPath, OutputPath or ResultPath: absent ("$" is meant), null (nothing is taken or kept) or an
// expression. InputPath and OutputPath may be paths, context paths or variable references.
type PathField struct {
	Null bool
	Expr *intrinsic.Expression // nil: absent
}

// Number is a field that has a constant and a Path form, or in JSONata mode an expression; with none, the field is absent.
type Number struct {
	Constant *float64
	Path     *intrinsic.Expression
	Query    *Query
}

// IsZero reports whether the field is absent.
func (n Number) IsZero() bool { return n.Constant == nil && n.Path == nil && n.Query == nil }

// Text is a field that has a constant and a Path form, where the path may be an intrinsic function, or in JSONata mode an expression.
type Text struct {
	Constant *string
	Path     *intrinsic.Expression
	Query    *Query
}

// IsZero reports whether the field is absent.
func (t Text) IsZero() bool { return t.Constant == nil && t.Path == nil && t.Query == nil }

// Task is what only a Task state has.
type Task struct {
	Resource         string
	Credentials      *Template // nil when absent
	TimeoutSeconds   Number
	HeartbeatSeconds Number
}

// Choice is what only a Choice state has.
type Choice struct {
	Choices []ChoiceRule
	Default string // empty: none
}

// ChoiceRule is one entry of Choices.
type ChoiceRule struct {
	Condition Condition
	JSONata   *Queries // instead of Condition and Assign
	Next      string
	Assign    *Template
	Position  fault.Position
}

// Condition is a data-test expression: exactly one of the parts is set.
type Condition struct {
	And, Or []Condition
	Not     *Condition
	Compare *Comparison
}

// Comparison is one comparison: an operator such as StringEquals or IsPresent. Against is the constant; AgainstPath is set
// instead for the operators whose names end with Path. Operator never has the suffix.
type Comparison struct {
	Variable    *intrinsic.Expression
	Operator    string
	Against     value.Value
	AgainstPath *intrinsic.Expression
}

// Wait is what only a Wait state has: one of the two.
type Wait struct {
	Seconds   Number
	Timestamp Text
}

// Fail is what only a Fail state has.
type Fail struct {
	Error Text
	Cause Text
}

// Parallel is what only a Parallel state has.
type Parallel struct {
	Branches []*Workflow
}

// Map is what only a Map state has.
type Map struct {
	Processor      *Workflow
	Distributed    *Distributed // nil: the processor runs inline
	ItemsPath      PathField
	ItemSelector   *Template // also the older Parameters
	MaxConcurrency Number
	// ToleratedFailureCount and ToleratedFailurePercentage are absent when zero.
	ToleratedFailureCount      Number
	ToleratedFailurePercentage Number
}

// Retrier is one entry of Retry, with the defaults filled in.
type Retrier struct {
	ErrorEquals     []string
	IntervalSeconds int64
	MaxAttempts     int64
	BackoffRate     float64
	MaxDelaySeconds int64 // 0: none
	FullJitter      bool
}

// Catcher is one entry of Catch.
type Catcher struct {
	ErrorEquals []string
	Next        string
	ResultPath  PathField
	Assign      *Template
	JSONata     *Queries // instead of ResultPath and Assign
}
