package plpgsql

// SQLSTATE codes of the errors that come from this package itself.
const (
	codeNotSupported     = "0A000"
	codeCaseNotFound     = "20000"
	codeTooLong          = "22001"
	codeNullValue        = "22004"
	codeAssignment       = "22005"
	codeTransaction      = "2D000"
	codeNoCursor         = "34000"
	codeAmbiguous        = "42725"
	codeBadDefinition    = "42P13"
	codeDuplicate        = "42710"
	codeMismatch         = "42804"
	codeNoField          = "42703"
	codeNoProcedure      = "42883"
	codeSyntax           = "42601"
	codeTooDeep          = "54001"
	codeTooLarge         = "54000"
	codeTooManyArguments = "54023"
	codeTooManyVariables = "54000"
	codeNotAssigned      = "55000"
	codeCancelled        = "57014"
	codeRaise            = "P0001"
)
