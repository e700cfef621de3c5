package inventory

import (
	"context"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
)

// Load is one COPY, as SYS_LOAD_HISTORY has it.
type Load struct {
	Query          int64
	Status         string // running, completed, aborted
	Table, Source  string
	Started, Ended time.Time
	Format         string
	Rows           int64
	// Files and Bytes are what the source has; Bytes as stored.
	Files, Bytes int64
	Errors       int64
	// Job is the number of the auto-copy job, 0 for a COPY of somebody.
	Job int64
}

// LoadFilter chooses loads; an empty field chooses all.
type LoadFilter struct {
	Query  int64
	Table  string
	Failed bool // those that were aborted, or rejected rows
	Job    int64
}

// Loads lists loads, the newest first: those with numbers below before, which is 0 for all.
func Loads(ctx context.Context, s *warehouse.Session, f LoadFilter, before int64, limit int) ([]Load, error) {
	failed := ""
	if f.Failed {
		failed = "yes"
	}
	rows, err := ask(ctx, s, `SELECT query_id, status, table_name, start_time, end_time, file_format, loaded_rows, source_file_count, source_file_bytes, error_count,
			copy_job_id, data_source
		FROM sys_load_history WHERE (:query = 0 OR query_id = :query) AND (:job = 0 OR copy_job_id = :job) AND (:before = 0 OR query_id < :before)
			AND (:table = '' OR lower(table_name) = lower(:table)) AND (:failed = '' OR error_count > 0 OR status NOT IN ('completed', 'running'))
		ORDER BY query_id DESC LIMIT `+strconv.Itoa(limit), map[string]string{
		"query": strconv.FormatInt(f.Query, 10), "job": strconv.FormatInt(f.Job, 10), "before": strconv.FormatInt(before, 10), "table": f.Table, "failed": failed,
	})
	if err != nil {
		return nil, err
	}
	list := make([]Load, len(rows))
	for i, r := range rows {
		list[i] = Load{Query: r.number(0), Status: r.text(1), Table: r.text(2), Started: r.moment(3), Ended: r.moment(4), Format: r.text(5), Rows: r.number(6),
			Files: r.number(7), Bytes: r.number(8), Errors: r.number(9), Job: r.number(10), Source: r.text(11)}
	}
	return list, nil
}

// File is one file of a load.
type File struct {
	Name         string // s3://…
	Bytes, Lines int64
	Took         time.Duration
}

// Files lists the first files of a load, by name.
func Files(ctx context.Context, s *warehouse.Session, query int64, limit int) ([]File, error) {
	rows, err := ask(ctx, s, `SELECT file_name, bytes_scanned, lines_scanned, start_time, end_time FROM sys_load_detail
		WHERE query_id = `+strconv.FormatInt(query, 10)+` ORDER BY 1 LIMIT `+strconv.Itoa(limit), nil)
	if err != nil {
		return nil, err
	}
	list := make([]File, len(rows))
	for i, r := range rows {
		list[i] = File{Name: r.text(0), Bytes: r.number(1), Lines: r.number(2), Took: r.moment(4).Sub(r.moment(3))}
	}
	return list, nil
}

// ErrorGroup are the rejected rows of a file with the same error in the same column. Reason is that of the first.
type ErrorGroup struct {
	Query        int64
	File, Column string
	Code         int64
	Reason       string
	Rows         int64
	// Last is when the newest of the loads began.
	Last time.Time
	// First is the first of the rows.
	First RejectedRow
}

// RejectedRow is a row that a load did not take.
type RejectedRow struct {
	Line          int64
	Raw, RawField string
	// Position is where the field begins in Raw, in characters from 0.
	Position     int64
	Type, Length string
}

// LoadErrors groups the rejected rows of one load, or of all loads when query is 0: by load, file, column and error; the newest
// load first.
func LoadErrors(ctx context.Context, s *warehouse.Session, query int64, limit int) ([]ErrorGroup, error) {
	rows, err := ask(ctx, s, `SELECT g.query, g.filename, g.colname, g.err_code, e.err_reason, g.rejected, g.began, e.line_number, e.raw_line, e.raw_field_value,
			e.position, e.type, e.col_length
		FROM (SELECT query, filename, colname, err_code, count(*) AS rejected, max(starttime) AS began, min(line_number) AS line
				FROM stl_load_errors WHERE :query = 0 OR query = :query GROUP BY 1, 2, 3, 4 ORDER BY 1 DESC, 5 DESC, 2, 3 LIMIT `+strconv.Itoa(limit)+`) g
			JOIN stl_load_errors e ON e.query = g.query AND e.filename = g.filename AND e.colname = g.colname AND e.err_code = g.err_code AND e.line_number = g.line
		ORDER BY 1 DESC, 6 DESC, 2, 3, 8`, map[string]string{"query": strconv.FormatInt(query, 10)})
	if err != nil {
		return nil, err
	}
	list := make([]ErrorGroup, len(rows))
	for i, r := range rows {
		list[i] = ErrorGroup{Query: r.number(0), File: r.text(1), Column: r.text(2), Code: r.number(3), Reason: r.text(4), Rows: r.number(5), Last: r.moment(6),
			First: RejectedRow{Line: r.number(7), Raw: r.text(8), RawField: r.text(9), Position: r.number(10), Type: r.text(11), Length: r.text(12)}}
	}
	return list, nil
}

// CopyJob is an auto-copy job with what it has loaded.
type CopyJob struct {
	ID   int64
	Name string
	// Text is its COPY.
	Text           string
	Automatic      bool
	Loaded, Failed int64 // files
	Bytes          int64
	Last           time.Time
	LastMessage    string
}

// CopyJobs lists the jobs, or the one of a name.
func CopyJobs(ctx context.Context, s *warehouse.Session, name string) ([]CopyJob, error) {
	rows, err := ask(ctx, s, `SELECT j.job_id, j.job_name, j.job_text, j.is_auto = 1, coalesce(f.loaded, 0), coalesce(f.failed, 0), coalesce(f.bytes, 0),
			f.last, m.message
		FROM sys_copy_job j
			LEFT JOIN (SELECT job_id, sum(CASE WHEN status = 'I' THEN 1 ELSE 0 END) AS loaded, sum(CASE WHEN status = 'E' THEN 1 ELSE 0 END) AS failed,
				sum(file_size) AS bytes, max(enqueue_time) AS last
				FROM sys_copy_job_detail GROUP BY 1) f ON f.job_id = j.job_id
			LEFT JOIN (SELECT job_id, message, row_number() OVER (PARTITION BY job_id ORDER BY record_time DESC) AS place FROM sys_copy_job_info) m
				ON m.job_id = j.job_id AND m.place = 1
		WHERE :name = '' OR j.job_name = :name ORDER BY 2`, map[string]string{"name": name})
	if err != nil {
		return nil, err
	}
	if name != "" && len(rows) == 0 {
		return nil, fault.New(fault.NotFound, "there is no copy job %s", name)
	}
	list := make([]CopyJob, len(rows))
	for i, r := range rows {
		list[i] = CopyJob{ID: r.number(0), Name: r.text(1), Text: r.text(2), Automatic: r.truth(3), Loaded: r.number(4), Failed: r.number(5), Bytes: r.number(6),
			Last: r.moment(7), LastMessage: r.text(8)}
	}
	return list, nil
}

// JobFile is an object that a job has met.
type JobFile struct {
	Name     string // s3://…
	Size     int64
	Modified time.Time
	Enqueued time.Time
	Status   string // I ingested, E failed
	// Query is the load that took it, 0 for none.
	Query int64
}

// JobFiles lists the objects that a job has met, the newest first.
func JobFiles(ctx context.Context, s *warehouse.Session, job int64, limit, offset int) ([]JobFile, error) {
	id := strconv.FormatInt(job, 10)
	rows, err := ask(ctx, s, `SELECT 's3://' || f.file_location || '/' || f.file_name, f.file_size, f.modification_time, f.enqueue_time, f.status, max(c.query)
		FROM sys_copy_job_detail f LEFT JOIN (SELECT query, filename FROM stl_load_commits WHERE copy_job_id = `+id+`
				UNION ALL SELECT query, filename FROM stl_load_errors WHERE copy_job_id = `+id+`) c ON trim(c.filename) = 's3://' || f.file_location || '/' || f.file_name
		WHERE f.job_id = `+id+` GROUP BY 1, 2, 3, 4, 5 ORDER BY 4 DESC, 1 LIMIT `+strconv.Itoa(limit)+` OFFSET `+strconv.Itoa(offset), nil)
	if err != nil {
		return nil, err
	}
	list := make([]JobFile, len(rows))
	for i, r := range rows {
		list[i] = JobFile{Name: r.text(0), Size: r.number(1), Modified: r.moment(2), Enqueued: r.moment(3), Status: r.text(4), Query: r.number(5)}
	}
	return list, nil
}

// Message is what a job had to say.
type Message struct {
	At   time.Time
	Text string
}

// JobMessages lists the last messages of a job.
func JobMessages(ctx context.Context, s *warehouse.Session, job int64, limit int) ([]Message, error) {
	rows, err := ask(ctx, s, `SELECT record_time, message FROM sys_copy_job_info WHERE job_id = `+strconv.FormatInt(job, 10)+` ORDER BY 1 DESC LIMIT `+strconv.Itoa(limit), nil)
	if err != nil {
		return nil, err
	}
	list := make([]Message, len(rows))
	for i, r := range rows {
		list[i] = Message{r.moment(0), r.text(1)}
	}
	return list, nil
}
