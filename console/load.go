package console

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/inventory"
)

func (c *Console) loadArea() area {
	return area{
		pages: []page{
			{loadsPath, c.loadHistory}, {loadsPath + "/{query}", c.load}, {loadsPath + "/errors", c.loadErrors},
			{loadsPath + "/jobs", c.copyJobs}, {loadsPath + "/jobs/{name}", c.copyJob},
		},
		actions: copyJobActions(c),
	}
}

const loadsPath = "/console/loads"

func loadURL(query int64) string { return loadsPath + "/" + strconv.FormatInt(query, 10) }

func copyJobURL(name string) string { return loadsPath + "/jobs/" + url.PathEscape(name) }

func loadTabs(current string) []view.TabLink {
	tabs := []view.TabLink{{Link: view.Link{Text: "History", URL: loadsPath}}, {Link: view.Link{Text: "Auto-copy jobs", URL: loadsPath + "/jobs"}},
		{Link: view.Link{Text: "Rejected rows", URL: loadsPath + "/errors"}}}
	for i := range tabs {
		tabs[i].Current = tabs[i].URL == current
	}
	return tabs
}

const (
	loadsPage = 50
	// loadFiles and errorGroups are how many of each a page shows.
	loadFiles   = 200
	errorGroups = 100
)

// loadHistory is the history of COPY.
func (c *Console) loadHistory(r *request) (view.Page, error) {
	q := r.URL.Query()
	before, err := numberOf(q.Get("before"), "before")
	if err != nil {
		return view.Page{}, err
	}
	content := view.Loads{Tabs: loadTabs(loadsPath), Table: q.Get("table"), Failed: q.Get("failed") != "", Job: q.Get("job")}
	err = r.look(func(ctx context.Context, s *warehouse.Session) error {
		names, err := jobNames(ctx, s)
		if err != nil {
			return err
		}
		filter := inventory.LoadFilter{Table: content.Table, Failed: content.Failed}
		for id, name := range names {
			if name == content.Job {
				filter.Job = id
			}
		}
		if content.Job != "" && filter.Job == 0 {
			return fault.New(fault.NotFound, "there is no copy job %s", content.Job)
		}
		found, err := inventory.Loads(ctx, s, filter, before, loadsPage+1)
		if err != nil {
			return err
		}
		if len(found) > loadsPage {
			found = found[:loadsPage]
			content.Pager.Next = with(r.URL, "before", strconv.FormatInt(found[loadsPage-1].Query, 10))
		}
		for _, one := range found {
			content.List = append(content.List, c.loadRow(one, names))
		}
		return nil
	})
	if err != nil {
		content.Note = r.sourceProblem(err)
	}
	if before > 0 {
		content.Pager.First = with(r.URL, "before", "")
	}
	return view.Page{Title: "Loads", Section: view.LoadsSection, Live: "statement", Content: content}, nil
}

// loadWords are statuses as pages have them.
var loadWords = map[string]string{"completed": "loaded", "aborted": "failed"}

func (c *Console) loadRow(one inventory.Load, jobs map[int64]string) view.Load {
	row := view.Load{
		Query: one.Query, URL: loadURL(one.Query), StatementURL: statementURL(one.Query), Status: one.Status, Table: one.Table,
		Source: view.Link{Text: one.Source, URL: bucketURL(one.Source)}, Started: one.Started, Took: one.Ended.Sub(one.Started), Format: one.Format,
		Rows: one.Rows, Files: one.Files, Bytes: one.Bytes, Errors: one.Errors,
	}
	if word := loadWords[one.Status]; word != "" {
		row.Status = word
	}
	if name := jobs[one.Job]; name != "" {
		row.Job = &view.Link{Text: name, URL: copyJobURL(name)}
	}
	return row
}

// load is one COPY: its files, and the rows that it did not take.
func (c *Console) load(r *request) (view.Page, error) {
	query, err := strconv.ParseInt(r.PathValue("query"), 10, 64)
	if err != nil || query <= 0 {
		return view.Page{}, fault.New(fault.NotFound, "there is no load %q", oneLine(r.PathValue("query")))
	}
	d := view.LoadDetail{ErrorsURL: "/console/sql?text=" + url.QueryEscape(fmt.Sprintf("select * from stl_load_errors where query = %d order by filename, line_number", query))}
	err = r.look(func(ctx context.Context, s *warehouse.Session) error { return c.fillLoad(ctx, s, query, &d) })
	if err != nil {
		return view.Page{}, err
	}
	p := view.Page{Title: "Load " + strconv.FormatInt(query, 10), Section: view.LoadsSection, Crumbs: []view.Link{{Text: "Loads", URL: loadsPath}}, Content: d}
	if d.Status == "running" {
		p.Live = "statement"
	}
	return p, nil
}

// fillLoad gathers a load. A COPY that failed before its first file is only in the record of statements, and the load of an
// older one only in the load tables.
func (c *Console) fillLoad(ctx context.Context, s *warehouse.Session, query int64, d *view.LoadDetail) error {
	found, err := inventory.Loads(ctx, s, inventory.LoadFilter{Query: query}, 0, 1)
	if err != nil {
		return err
	}
	recorded, _, err := c.Warehouse.Statement(ctx, query)
	switch {
	case err != nil && (fault.KindOf(err) != fault.NotFound || len(found) == 0):
		return err
	case len(found) == 0 && recorded.Kind != "COPY":
		return fault.New(fault.NotFound, "statement %d is no load", query)
	case len(found) == 0:
		found = []inventory.Load{{Query: query, Status: string(recorded.Status), Source: recorded.Source, Started: recorded.Started, Ended: recorded.Ended}}
	}
	names, err := jobNames(ctx, s)
	if err != nil {
		return err
	}
	d.Load = c.loadRow(found[0], names)
	d.SQL = view.SQL{Text: recorded.Text}
	d.SQL.Line, d.SQL.Column = placeOf(recorded)
	d.From, d.ErrorOfItsOwn = originLinks(recorded.Origin), recorded.Error
	return c.fillFiles(ctx, s, query, d)
}

// fillFiles gathers the files and the rejected rows of a load.
func (c *Console) fillFiles(ctx context.Context, s *warehouse.Session, query int64, d *view.LoadDetail) error {
	files, err := inventory.Files(ctx, s, query, loadFiles+1)
	if err != nil {
		return err
	}
	d.MoreFiles = len(files) > loadFiles
	for _, f := range files[:min(len(files), loadFiles)] {
		d.FileList = append(d.FileList, view.LoadedFile{Name: view.Link{Text: f.Name, URL: objectURL(f.Name)}, Bytes: f.Bytes, Lines: f.Lines, Took: f.Took})
	}
	d.Groups, d.MoreGroups, err = rejectedGroups(ctx, s, query)
	return err
}

// rejectedGroups are the rejected rows of one load, or of all.
func rejectedGroups(ctx context.Context, s *warehouse.Session, query int64) (list []view.RejectedGroup, more bool, err error) {
	groups, err := inventory.LoadErrors(ctx, s, query, errorGroups+1)
	if err != nil {
		return nil, false, err
	}
	for _, g := range groups[:min(len(groups), errorGroups)] {
		typed := g.First.Type
		if g.First.Length != "" && g.First.Length != "0" {
			typed += "(" + g.First.Length + ")"
		}
		list = append(list, view.RejectedGroup{
			Query: g.Query, LoadURL: loadURL(g.Query), File: view.Link{Text: g.File, URL: objectURL(g.File)}, Column: g.Column, Type: typed,
			Code: g.Code, Reason: g.Reason, Rows: g.Rows, At: g.Last, Line: g.First.Line, Raw: g.First.Raw, Field: g.First.RawField, Position: g.First.Position,
		})
	}
	return list, len(groups) > errorGroups, nil
}

// jobNames are the names of the auto-copy jobs by their numbers.
func jobNames(ctx context.Context, s *warehouse.Session) (map[int64]string, error) {
	jobs, err := inventory.CopyJobs(ctx, s, "")
	names := map[int64]string{}
	for _, j := range jobs {
		names[j.ID] = j.Name
	}
	return names, err
}

// loadErrors are the rejected rows of all loads.
func (c *Console) loadErrors(r *request) (view.Page, error) {
	content := view.LoadErrors{Tabs: loadTabs(loadsPath + "/errors")}
	err := r.look(func(ctx context.Context, s *warehouse.Session) (err error) {
		content.Groups, content.More, err = rejectedGroups(ctx, s, 0)
		return err
	})
	if err != nil {
		content.Note = r.sourceProblem(err)
	}
	return view.Page{Title: "Rejected rows", Section: view.LoadsSection, Live: "statement", Content: content}, nil
}
