package syntax

import "github.com/stepwell/stepwell/fault"

// Copy is COPY table FROM source, also with JOB CREATE at its end.
type Copy struct {
	*Fragment
	Target  Name
	Columns []string
	// From is the source: s3://…, emr://…, dynamodb://….
	From         string
	FromPosition fault.Position
	Options      []Option
	// Job is set by JOB CREATE.
	Job *Job
}

// Option is one parameter of COPY or UNLOAD.
type Option struct {
	// Name is in capitals with single blanks: DELIMITER, NULL, FORMAT, PARTITION BY. FORMAT AS CSV and CSV alone are both CSV.
	Name     string
	Values   []string
	Position fault.Position
}

// Job is the JOB CREATE clause of COPY.
type Job struct {
	Name   string
	Manual bool
	// Position is where the clause begins.
	Position fault.Position
}

// CopyJob is COPY JOB action name: LIST, SHOW, RUN, DROP or ALTER.
type CopyJob struct {
	*Fragment
	Action string
	// Name is empty for LIST.
	Name string
	// Auto is set by ALTER … AUTO ON|OFF.
	Auto *bool
}

// Unload is UNLOAD ('query') TO 's3://…'.
type Unload struct {
	*Fragment
	// Query is the text of the query; its first character stands at QueryPosition, in quotes.
	Query         string
	QueryPosition fault.Position
	To            string
	ToPosition    fault.Position
	Options       []Option
}
