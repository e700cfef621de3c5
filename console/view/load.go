package view

import (
	"strings"
	"time"
)

// Loads is the history of COPY.
type Loads struct {
	Tabs  []TabLink
	List  []Load
	Table string
	// Failed narrows the list to loads with errors, Job to those of one auto-copy job.
	Failed bool
	Job    string
	Note   string
	Pager  Pager
}

// Template names the page's file.
func (Loads) Template() string { return "loads" }

// Load is one COPY.
type Load struct {
	Query         int64
	URL, Status   string
	StatementURL  string
	Table         string
	Source        Link
	Started       time.Time
	Took          time.Duration
	Format        string
	Rows          int64
	Files, Bytes  int64
	Errors        int64
	Job           *Link
	From          []Link
	ErrorOfItsOwn string // why it was aborted
}

// Rate is how many rows were loaded in a second; 0 when they are too few to say something.
func (l Load) Rate() int64 {
	if l.Took < time.Millisecond || l.Rows < 1000 {
		return 0
	}
	return int64(float64(l.Rows) / l.Took.Seconds())
}

// LoadDetail is one COPY with its files and the rows that it did not take.
type LoadDetail struct {
	Load
	SQL      SQL
	Groups   []RejectedGroup
	FileList []LoadedFile
	// MoreFiles and MoreGroups say that there are others.
	MoreFiles, MoreGroups bool
	// ErrorsURL opens the editor with all rejected rows.
	ErrorsURL string
}

// Template names the page's file.
func (LoadDetail) Template() string { return "load" }

// LoadedFile is one file of a load.
type LoadedFile struct {
	Name         Link
	Bytes, Lines int64
	Took         time.Duration
}

// LoadErrors are the rejected rows of all loads.
type LoadErrors struct {
	Tabs   []TabLink
	Groups []RejectedGroup
	More   bool
	Note   string
}

// Template names the page's file.
func (LoadErrors) Template() string { return "load_errors" }

// RejectedGroup are rows of one file that were rejected for the same error in the same column.
type RejectedGroup struct {
	Query        int64
	LoadURL      string
	File         Link
	Column, Type string
	Code         int64
	Reason       string
	Rows         int64
	At           time.Time
	// Line is the number of the first row, Raw its text and Field what is wrong in it, which begins at Position.
	Line       int64
	Raw, Field string
	Position   int64
}

// Pieces are the raw line with the bad field marked.
func (g RejectedGroup) Pieces() []Piece {
	runes := []rune(g.Raw)
	at := int(min(max(g.Position, 0), int64(len(runes))))
	before, rest := string(runes[:at]), string(runes[at:])
	if skip := strings.Index(rest, g.Field); g.Field != "" && skip > 0 { // quotes stand before it
		before, rest = before+rest[:skip], rest[skip:]
	}
	if g.Field == "" || !strings.HasPrefix(rest, g.Field) {
		return []Piece{{Text: visible(g.Raw)}}
	}
	return []Piece{{Text: visible(before)}, {"bad", visible(g.Field)}, {Text: visible(rest[len(g.Field):])}}
}

// CopyJobs are the auto-copy jobs.
type CopyJobs struct {
	Tabs []TabLink
	List []CopyJob
	Note string
}

// Template names the page's file.
func (CopyJobs) Template() string { return "copy_jobs" }

// CopyJob is one auto-copy job.
type CopyJob struct {
	Name, URL string
	// Status says whether it loads by itself.
	Status         string
	Source         Link
	Loaded, Failed int64
	Bytes          int64
	// Waiting counts the files that are not loaded yet, -1 when nobody knows; WaitingMore says that there are more.
	Waiting     int64
	WaitingMore bool
	Last        time.Time
	Message     string
}

// Actions are the addresses of the job's buttons.
func (j CopyJob) Actions() []JobAction {
	toggle := JobAction{URL: j.URL + "/pause", Text: "Pause"}
	if j.Status == "paused" {
		toggle = JobAction{URL: j.URL + "/resume", Text: "Resume"}
	}
	return []JobAction{{URL: j.URL + "/run", Text: "Run now"}, toggle,
		{URL: j.URL + "/drop", Text: "Drop", Question: "Drop the job " + j.Name + "? What it has loaded stays, and its record of files goes."}}
}

// JobAction is one button.
type JobAction struct{ URL, Text, Question string }

// CopyJobDetail is one job with its files.
type CopyJobDetail struct {
	CopyJob
	SQL          SQL
	WaitingFiles []JobFile
	Files        []JobFile
	Messages     []JobMessage
	// LoadsURL lists the loads of the job.
	LoadsURL string
	Pager    Pager
	// Note says why nobody knows which files wait.
	Note string
}

// Template names the page's file.
func (CopyJobDetail) Template() string { return "copy_job" }

// JobFile is an object of a job.
type JobFile struct {
	Name     Link
	Size     int64
	Status   string // waiting, loaded, failed
	Modified time.Time
	Enqueued time.Time
	LoadURL  string
}

// JobMessage is what a job had to say.
type JobMessage struct {
	At   time.Time
	Text string
}
