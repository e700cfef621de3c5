// Package syntax reads JSONata texts: Parse makes the tree that the evaluator of package jsonata compiles. It knows the grammar,
// the operators' precedence and what can be said about an expression before it runs: which calls are tail calls, which steps a
// parent operator means, what a function's signature takes. It evaluates nothing.
//
//	tree, err := syntax.Parse(`Account.Order[0].Product.(Price * Quantity)`)
//
// The error is an *Error with the code of the reference implementation.
package syntax

// Kind says what a node is.
type Kind uint8

// The kinds of nodes. Binary covers the operators that have no kind of their own; its operator is in Text.
const (
	End Kind = iota // the end of the text where an expression was expected
	Name
	String
	Number
	Bool
	Null
	Variable
	Wildcard
	Descendant
	Parent
	Regex
	Word // and, or, in where an operand stands
	Placeholder
	Binary
	Negate
	Array
	Object
	Condition
	Coalesce // a ?? b
	Default  // a ?: b
	Block
	Bind
	Call
	Partial
	Lambda
	Apply
	Transform
	Path
	Sort
)

// Node is one expression. Which fields are set depends on its kind.
type Node struct {
	Kind     Kind
	Text     string  // a name, a variable without its $, an operator, a string, a regular expression
	Flags    string  // of a regular expression
	Number   float64 // of a number
	Truth    bool    // of a boolean
	Position int     // byte offset in the text

	Left, Right *Node   // operands; a condition and its outcome; what is called; a lambda's body is Right
	Else        *Node   // of a condition; what a transform deletes
	List        []*Node // items, arguments, expressions of a block, steps of a path
	Pairs       []Pair  // of an object
	Terms       []Term  // of a sort
	Signature   *Signature
	Tail        bool // a call whose result is the result of the lambda around it

	Predicates []Stage // filters behind anything but a step
	Stages     []Stage // filters and positions behind a step
	Group      *Group
	KeepArray  bool // [] stands behind it: a single result stays an array
	Singleton  bool // a path with a step of that sort
	Cons       bool // an array constructor at the end of a path, which is not flattened
	Tuple      bool // a step that binds names, or a path whose names are needed outside
	Focus      string
	Index      string
	Ancestor   *Slot // a step that a parent operator means
	Slot       *Slot // of a parent operator

	seeking []*Slot
}

// Pair is one member of an object constructor.
type Pair struct{ Key, Value *Node }

// Term is one key of an order-by.
type Term struct {
	Descending bool
	Expression *Node
}

// Stage is what follows a step: a filter, or a variable that takes the position.
type Stage struct {
	Filter   *Node
	Index    string
	Position int
}

// Group is a grouping behind an expression.
type Group struct {
	Pairs    []Pair
	Position int
}

// Slot is the place of an ancestor that a parent operator refers to. Label names it in the tuples of a path.
type Slot struct {
	Label string
	level int
}
