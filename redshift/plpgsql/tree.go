package plpgsql

import "github.com/stepwell/stepwell/fault"

// place is where a statement stands: in the user's file, and the line that Redshift counts in the body.
type place struct {
	at   fault.Position
	line int
}

// statement is one statement of a body. Run returns how to go on; kind is the word of the CONTEXT lines.
type statement interface {
	run(f *frame) (signal, error)
	kind() string
	where() place
}

func (p place) where() place { return p }

// block is a BEGIN … END with its declarations. handler is nil for a block without EXCEPTION.
type block struct {
	place
	label        string
	declarations []declaration
	body         []statement
	handler      *handler
}

// handler is EXCEPTION WHEN OTHERS. sqlstate and sqlerrm are the slots of the two variables that only it sees.
type handler struct {
	resume   bool // CONTINUE_HANDLER
	body     []statement
	sqlstate int
	sqlerrm  int
}

// declaration gives a slot its type and first value each time the block is entered.
type declaration struct {
	place
	slot       int
	columnType string    // the query whose column has the type, for table.column%TYPE
	first      *fragment // the first value; nil for null
}

// cursorQuery is the query of a bound cursor, with the slots of its arguments.
type cursorQuery struct {
	arguments []int
	query     fragment
}

type ifStatement struct {
	place
	branches  []branch
	otherwise []statement
}

// branch runs its body when the condition holds.
type branch struct {
	condition fragment
	body      []statement
}

// caseStatement is CASE; operand is nil for the form that searches. The operand's value goes to a slot that the
// conditions of the branches compare with.
type caseStatement struct {
	place
	operand      *fragment
	slot         int
	branches     []branch
	otherwise    []statement
	hasOtherwise bool
}

// loop is what all loops have.
type loop struct {
	place
	label string
	body  []statement
}

// whileStatement is LOOP, and WHILE when it has a condition.
type whileStatement struct {
	loop
	condition *fragment
}

type forRangeStatement struct {
	loop
	slot        int
	first, last fragment
	reverse     bool
}

type forQueryStatement struct {
	loop
	targets []target
	query   source
}

// source is where rows come from: a query, an expression that makes its text (EXECUTE), or a bound cursor.
type source struct {
	query   fragment
	dynamic bool
	cursor  *cursorQuery
	values  []fragment
}

// target is a variable that receives a value: a whole variable, or a field of a record.
type target struct {
	slot  int
	field string
	name  string
}

type leaveStatement struct {
	place
	keyword signalKind // signalExit or signalContinue
	label   string
	when    *fragment
}

type returnStatement struct{ place }

type nullStatement struct{ place }

type assignStatement struct {
	place
	target target
	value  fragment
}

// raiseStatement is RAISE; level is empty for the form that throws the handled error again.
type raiseStatement struct {
	place
	level     Level
	format    []string // the literal parts between the arguments
	arguments []fragment
}

// sqlStatement is SQL written in the body. verb is its first word in capitals; targets is nil without INTO.
type sqlStatement struct {
	place
	verb    string
	sql     fragment
	targets []target
	perform bool
}

type executeStatement struct {
	place
	sql     fragment
	targets []target
}

type diagnosticsStatement struct {
	place
	target target
}

// transactionStatement is COMMIT, ROLLBACK or START TRANSACTION.
type transactionStatement struct {
	place
	verb string
}

type callStatement struct {
	place
	schema, name string
	arguments    []fragment
	text         string
}

type openStatement struct {
	place
	cursor target
	rows   source
}

type fetchStatement struct {
	place
	cursor  target
	targets []target
}

type closeStatement struct {
	place
	cursor target
}

func (*block) kind() string                  { return "block variables initialization" }
func (*ifStatement) kind() string            { return "if" }
func (*caseStatement) kind() string          { return "case" }
func (*forRangeStatement) kind() string      { return "for with integer loopvar" }
func (*leaveStatement) kind() string         { return "exit" }
func (*returnStatement) kind() string        { return "return" }
func (*nullStatement) kind() string          { return "NULL" }
func (*assignStatement) kind() string        { return "assignment" }
func (*raiseStatement) kind() string         { return "raise" }
func (*executeStatement) kind() string       { return "execute statement" }
func (*diagnosticsStatement) kind() string   { return "get diagnostics" }
func (s *transactionStatement) kind() string { return s.verb }
func (*callStatement) kind() string          { return "call" }
func (*openStatement) kind() string          { return "open" }
func (*fetchStatement) kind() string         { return "fetch" }
func (*closeStatement) kind() string         { return "close" }

func (s *whileStatement) kind() string {
	if s.condition == nil {
		return "loop"
	}
	return "while"
}

func (s *forQueryStatement) kind() string {
	if s.query.dynamic {
		return "for over execute statement"
	}
	return "for over select rows"
}

func (s *sqlStatement) kind() string {
	switch {
	case s.perform:
		return "perform"
	case s.targets != nil:
		return "select into variables"
	}
	return "SQL statement"
}
