package syntax

import "github.com/stepwell/stepwell/fault"

// Statement is one parsed statement; the types of this package that embed a Fragment are the statements there are.
type Statement interface {
	Source() *Fragment
}

// Name is the name of a table, view, procedure or other object, folded to lower case. Database and Schema may be empty.
type Name struct {
	Database, Schema, Name string
	Position               fault.Position
}

// Query is SELECT, WITH … SELECT, VALUES or a query in parentheses.
type Query struct{ *Fragment }

// SelectInto is SELECT … INTO [TEMP] [TABLE] name.
type SelectInto struct {
	*Fragment
	Target    Name
	Temporary bool
	// Query are the statement's tokens without the INTO clause.
	Query []Token
}

// Insert is INSERT INTO, also in the form WITH … INSERT.
type Insert struct {
	*Fragment
	Target  Name
	Columns []string
	// Rows are the tokens behind target and columns: VALUES, DEFAULT VALUES or a query.
	Rows []Token
}

// Update is UPDATE … SET … [FROM …] [WHERE …].
type Update struct {
	*Fragment
	Target      Name
	Alias       string
	With, Set   []Token
	From, Where []Token
}

// Delete is DELETE [FROM] … [USING …] [WHERE …].
type Delete struct {
	*Fragment
	Target             Name
	Alias              string
	With, Using, Where []Token
}

// Merge is MERGE INTO target USING source ON condition, with its branches or REMOVE DUPLICATES.
type Merge struct {
	*Fragment
	Target           Name
	Alias            string
	Using, On        []Token
	RemoveDuplicates bool
	// Branches are the tokens from the first WHEN on.
	Branches []Token
}

// Truncate is TRUNCATE [TABLE] name.
type Truncate struct {
	*Fragment
	Target Name
}

// CreateProcedure is CREATE [OR REPLACE] PROCEDURE.
type CreateProcedure struct {
	*Fragment
	Name       Name
	OrReplace  bool
	NonAtomic  bool
	Parameters []RoutineParameter
	// Body is the text between the dollar quotes and BodyPosition the place of its first character in the script.
	Body         string
	BodyPosition fault.Position
	// SecurityDefiner says that the procedure runs with its owner's rights.
	SecurityDefiner bool
	// Settings are the SET clauses.
	Settings []Setting
}

// RoutineParameter is one parameter of a procedure or function. Name may be empty.
type RoutineParameter struct {
	Name string
	// Mode is IN, OUT or INOUT.
	Mode string
	Type Type
}

// Setting is one SET name = value.
type Setting struct{ Name, Value string }

// DropProcedure is DROP PROCEDURE name [(parameters)].
type DropProcedure struct {
	*Fragment
	Name       Name
	IfExists   bool
	Parameters []RoutineParameter
}

// Call is CALL name(arguments).
type Call struct {
	*Fragment
	Name      Name
	Arguments [][]Token
}

// CreateFunction is CREATE [OR REPLACE] FUNCTION, in SQL or Python or external.
type CreateFunction struct {
	*Fragment
	Name       Name
	OrReplace  bool
	External   bool
	Parameters []RoutineParameter
	Returns    Type
	Body       string
	// Language is lower case: sql, plpythonu, or empty for an external function.
	Language string
}

// Begin is BEGIN or START TRANSACTION.
type Begin struct {
	*Fragment
	ReadOnly bool
}

// Commit is COMMIT or END.
type Commit struct{ *Fragment }

// Rollback is ROLLBACK or ABORT.
type Rollback struct{ *Fragment }

// Analyze is ANALYZE [VERBOSE] [table [(columns)]] or ANALYZE COMPRESSION table.
type Analyze struct {
	*Fragment
	Target      *Name
	Compression bool
}

// Vacuum is VACUUM [kind] [table] [TO … PERCENT] [BOOST].
type Vacuum struct {
	*Fragment
	Target *Name
}

// Lock is LOCK [TABLE] names.
type Lock struct {
	*Fragment
	Targets []Name
}

// Set is SET [SESSION|LOCAL] name TO value. Name is lower case; Values are the elements of a list.
type Set struct {
	*Fragment
	Local  bool
	Name   string
	Values []string
}

// Reset is RESET name; Name is "all" for RESET ALL.
type Reset struct {
	*Fragment
	Name string
}

// Show is SHOW name for a session parameter, or SHOW ALL.
type Show struct {
	*Fragment
	Name string
}

// Explain is EXPLAIN [VERBOSE] statement.
type Explain struct {
	*Fragment
	Verbose   bool
	Statement Statement
}

// Comment is COMMENT ON kind name IS 'text'; a nil Text removes the comment.
type Comment struct {
	*Fragment
	// On is TABLE, COLUMN, VIEW, DATABASE or CONSTRAINT.
	On   string
	Name Name
	// Column is set when On is COLUMN.
	Column string
	Text   *string
}

// Prepare is PREPARE name [(types)] AS statement.
type Prepare struct {
	*Fragment
	Name      string
	Types     []Type
	Statement Statement
}

// Execute is EXECUTE name [(arguments)].
type Execute struct {
	*Fragment
	Name      string
	Arguments [][]Token
}

// Deallocate is DEALLOCATE [PREPARE] name; an empty Name stands for ALL.
type Deallocate struct {
	*Fragment
	Name string
}

// DeclareCursor is DECLARE name CURSOR FOR query.
type DeclareCursor struct {
	*Fragment
	Name  string
	Query []Token
}

// FetchAll as the Count of a Fetch means all remaining rows.
const FetchAll = -1

// Fetch is FETCH [NEXT|ALL|FORWARD [n|ALL]] FROM cursor.
type Fetch struct {
	*Fragment
	Cursor string
	Count  int
}

// CloseCursor is CLOSE name; an empty Name stands for ALL.
type CloseCursor struct {
	*Fragment
	Name string
}

// Cancel is CANCEL pid ['message'].
type Cancel struct {
	*Fragment
	Process int
	Message string
}

// Other is a statement that has no tree: privileges, users, external objects, models and the like.
type Other struct {
	*Fragment
	// Verb names the statement in capitals: GRANT, CREATE USER, ALTER DATASHARE.
	Verb string
}
