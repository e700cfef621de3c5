package console

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/inventory"
)

const (
	// jobFiles is how many files of a job its page shows, and waitingFiles how many of those that wait are looked for.
	jobFiles     = 100
	waitingFiles = 500
	// listPatience is how long a page waits for the listing of a job's bucket.
	listPatience = 3 * time.Second
)

// copyJobActions are the buttons of a job.
func copyJobActions(c *Console) []action {
	const path = loadsPath + "/jobs/{name}"
	return []action{
		{path + "/run", api.Run, c.runCopyJob},
		{path + "/pause", api.Run, c.alterCopyJob("COPY JOB ALTER", " AUTO OFF", "The job is paused: new files wait until it is run or resumed.")},
		{path + "/resume", api.Run, c.alterCopyJob("COPY JOB ALTER", " AUTO ON", "The job loads new files by itself again.")},
		{path + "/drop", api.Run, c.alterCopyJob("COPY JOB DROP", "", "The job is dropped.")},
	}
}

// runCopyJob runs a job as the SQL page does, which shows how it goes.
func (c *Console) runCopyJob(r *request) (next, notice string, err error) {
	run, err := c.startSQL(r, "COPY JOB RUN "+inventory.Identifier(r.PathValue("name")), 2*time.Hour, false)
	if err != nil {
		return "", "", err
	}
	return sqlPath + "?run=" + url.QueryEscape(run.id) + "#results", "", nil
}

// alterCopyJob is what a button does at once.
func (c *Console) alterCopyJob(verb, behind, done string) func(r *request) (string, string, error) {
	return func(r *request) (next, notice string, err error) {
		name := r.PathValue("name")
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		session, err := c.Warehouse.Session(ctx, warehouse.SessionConfig{User: r.warehouseUser()})
		if err != nil {
			return "", "", err
		}
		defer session.Close()
		var answers warehouse.Collector
		if err := session.Run(ctx, verb+" "+inventory.Identifier(name)+behind, warehouse.Run{}, &answers); err != nil {
			return "", "", placeless(err)
		}
		if verb == "COPY JOB DROP" {
			return loadsPath + "/jobs", done, nil
		}
		return copyJobURL(name), done, nil
	}
}

// placeless takes the place in a statement out of an error whose statement nobody has seen.
func placeless(err error) error {
	var f *fault.Fault
	if errors.As(err, &f) {
		return f.At(fault.Position{})
	}
	return err
}

// copyJobs lists the auto-copy jobs.
func (c *Console) copyJobs(r *request) (view.Page, error) {
	content := view.CopyJobs{Tabs: loadTabs(loadsPath + "/jobs")}
	err := r.look(func(ctx context.Context, s *warehouse.Session) error {
		jobs, err := inventory.CopyJobs(ctx, s, "")
		if err != nil {
			return err
		}
		sources, err := c.jobSources(ctx)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, listPatience)
		defer cancel()
		for _, one := range jobs {
			row := copyJobRow(one, sources[one.Name])
			files, more, err := waiting(ctx, s, sources[one.Name])
			row.Waiting, row.WaitingMore = int64(len(files)), more
			if err != nil {
				row.Waiting = -1
			}
			content.List = append(content.List, row)
		}
		return nil
	})
	if err != nil {
		content.Note = r.sourceProblem(err)
	}
	return view.Page{Title: "Auto-copy jobs", Section: view.LoadsSection, Live: "statement", Content: content}, nil
}

// jobSources are the jobs by name, as the warehouse runs them.
func (c *Console) jobSources(ctx context.Context) (map[string]warehouse.CopyJob, error) {
	jobs, err := c.Warehouse.CopyJobs(ctx)
	found := map[string]warehouse.CopyJob{}
	for _, j := range jobs {
		found[j.Name] = j
	}
	return found, err
}

// waiting looks for files that a job has not met, and for so many at most.
func waiting(ctx context.Context, s *warehouse.Session, j warehouse.CopyJob) (files []view.JobFile, more bool, err error) {
	if j.Name == "" {
		return nil, false, nil // dropped meanwhile
	}
	for batch, err := range s.NewObjects(ctx, j) {
		if err != nil {
			return nil, false, err
		}
		for _, o := range batch {
			if len(files) == waitingFiles {
				return files, true, nil
			}
			name := "s3://" + j.Bucket + "/" + o.Key
			files = append(files, view.JobFile{Name: view.Link{Text: name, URL: objectURL(name)}, Size: o.Size, Status: "waiting", Modified: o.LastModified})
		}
	}
	return files, false, nil
}

func copyJobRow(one inventory.CopyJob, source warehouse.CopyJob) view.CopyJob {
	address := "s3://" + source.Bucket + "/" + source.Prefix
	row := view.CopyJob{Name: one.Name, URL: copyJobURL(one.Name), Status: "paused", Source: view.Link{Text: address, URL: bucketURL(address)},
		Loaded: one.Loaded, Failed: one.Failed, Bytes: one.Bytes, Last: one.Last, Message: one.LastMessage}
	if one.Automatic {
		row.Status = "active"
	}
	return row
}

// copyJob is one auto-copy job with its files.
func (c *Console) copyJob(r *request) (view.Page, error) {
	page, err := numberOf(r.URL.Query().Get("page"), "page")
	if err != nil || page > 1_000_000 {
		return view.Page{}, fault.Invalidf("page is not a number: %q", oneLine(r.URL.Query().Get("page")))
	}
	var d view.CopyJobDetail
	err = r.look(func(ctx context.Context, s *warehouse.Session) error {
		jobs, err := inventory.CopyJobs(ctx, s, r.PathValue("name"))
		if err != nil {
			return err
		}
		sources, err := c.jobSources(ctx)
		if err != nil {
			return err
		}
		d.CopyJob = copyJobRow(jobs[0], sources[jobs[0].Name])
		d.SQL, d.LoadsURL = view.SQL{Text: jobs[0].Text}, loadsPath+"?job="+url.QueryEscape(jobs[0].Name)
		if err := fillJobFiles(ctx, s, &d, jobs[0].ID, int(page)); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, listPatience)
		defer cancel()
		if d.WaitingFiles, d.WaitingMore, err = waiting(ctx, s, sources[jobs[0].Name]); err != nil {
			d.Waiting, d.Note = -1, r.sourceProblem(err)
			return nil
		}
		d.Waiting = int64(len(d.WaitingFiles))
		d.WaitingFiles = d.WaitingFiles[:min(len(d.WaitingFiles), jobFiles)]
		return nil
	})
	if err != nil {
		return view.Page{}, err
	}
	crumbs := []view.Link{{Text: "Loads", URL: loadsPath}, {Text: "Auto-copy jobs", URL: loadsPath + "/jobs"}}
	return view.Page{Title: d.Name, Section: view.LoadsSection, Crumbs: crumbs, Live: "statement", Content: d}, nil
}

// jobFileWords are the states of files as pages have them.
var jobFileWords = map[string]string{"I": "loaded", "E": "failed"}

// fillJobFiles gathers the files that a job has met, and what it has said.
func fillJobFiles(ctx context.Context, s *warehouse.Session, d *view.CopyJobDetail, job int64, page int) error {
	files, err := inventory.JobFiles(ctx, s, job, jobFiles+1, page*jobFiles)
	if err != nil {
		return err
	}
	if page > 0 {
		d.Pager.First = d.URL
	}
	if len(files) > jobFiles {
		files = files[:jobFiles]
		d.Pager.Next = d.URL + "?page=" + strconv.Itoa(page+1)
	}
	for _, f := range files {
		row := view.JobFile{Name: view.Link{Text: f.Name, URL: objectURL(f.Name)}, Size: f.Size, Status: jobFileWords[f.Status], Modified: f.Modified, Enqueued: f.Enqueued}
		if f.Query > 0 {
			row.LoadURL = loadURL(f.Query)
		}
		d.Files = append(d.Files, row)
	}
	messages, err := inventory.JobMessages(ctx, s, job, 20)
	for _, m := range messages {
		d.Messages = append(d.Messages, view.JobMessage{At: m.At, Text: m.Text})
	}
	return err
}
