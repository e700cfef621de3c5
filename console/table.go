package console

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/service/dynamodb/audit"
	"github.com/stepwell/stepwell/value"
)

func (c *Console) tableArea() area {
	return area{pages: []page{{tablesPath, c.tables}, {tablesPath + "/{name}", c.table}, {tablesPath + "/{name}/runs", c.auditTable}}}
}

const tablesPath = "/console/tables"

func dynamoURL(name string) string { return tablesPath + "/" + url.PathEscape(name) }

const (
	// tablesPage and itemsPage are how many of each a list shows, auditRuns how many runs.
	tablesPage = 50
	itemsPage  = 50
	auditRuns  = 300
	// itemColumns is how many attributes have columns; the others are in the item's JSON.
	itemColumns = 10
)

// tables lists the DynamoDB tables.
func (c *Console) tables(r *request) (view.Page, error) {
	members := []value.Member{member("Limit", value.OfInt(tablesPage))}
	if after := r.URL.Query().Get("after"); after != "" {
		members = append(members, member("ExclusiveStartTableName", value.OfString(after)))
	}
	answer, err := r.call("dynamodb", "ListTables", members...)
	if err != nil {
		return view.Page{}, err
	}
	var content view.Tables
	for _, name := range items(answer, "TableNames") {
		row, _, err := r.tableRow(name.Str())
		if fault.KindOf(err) == fault.NotFound {
			continue // deleted meanwhile
		}
		if err != nil {
			return view.Page{}, err
		}
		content.List = append(content.List, row)
	}
	if last := text(answer, "LastEvaluatedTableName"); last != "" {
		content.Pager.Next = tablesPath + "?after=" + url.QueryEscape(last)
	}
	return view.Page{Title: "Tables", Section: view.TablesSection, Content: content}, nil
}

// tableRow describes a table; keys are the names of its key's attributes.
func (r *request) tableRow(name string) (row view.TableRow, table value.Value, err error) {
	answer, err := r.call("dynamodb", "DescribeTable", member("TableName", value.OfString(name)))
	if err != nil {
		return row, table, err
	}
	table, _ = answer.Get("Table")
	row = view.TableRow{Name: name, URL: dynamoURL(name), Status: text(table, "TableStatus"), Items: number(table, "ItemCount"), Bytes: number(table, "TableSizeBytes")}
	for _, element := range items(table, "KeySchema") {
		row.Keys = append(row.Keys, text(element, "AttributeName"))
	}
	for _, kind := range []string{"GlobalSecondaryIndexes", "LocalSecondaryIndexes"} {
		row.Indexes += len(items(table, kind))
	}
	return row, table, nil
}

// scan reads a page of items. The place behind which it begins is a key as JSON, as is the place where it ended.
func (r *request) scan(name string, limit int64, after string) (found []attribute.Item, next string, err error) {
	members := []value.Member{member("TableName", value.OfString(name)), member("Limit", value.OfInt(limit))}
	if after != "" {
		key, err := value.Parse(after)
		if err != nil {
			return nil, "", fault.Invalidf("the place in the table is not a key: %q", oneLine(after))
		}
		members = append(members, member("ExclusiveStartKey", key))
	}
	answer, err := r.call("dynamodb", "Scan", members...)
	if err != nil {
		return nil, "", err
	}
	for _, one := range items(answer, "Items") {
		item, err := attribute.ParseItem(one)
		if err != nil {
			return nil, "", err
		}
		found = append(found, item)
	}
	if last, more := answer.Get("LastEvaluatedKey"); more {
		next = last.Compact()
	}
	return found, next, nil
}

func tableTabs(name string, current int) []view.TabLink {
	tabs := []view.TabLink{{Link: view.Link{Text: "Items", URL: dynamoURL(name)}}, {Link: view.Link{Text: "Runs", URL: dynamoURL(name) + "/runs"}}}
	tabs[current].Current = true
	return tabs
}

// table is one DynamoDB table with a page of its items.
func (c *Console) table(r *request) (view.Page, error) {
	name, after := r.PathValue("name"), r.URL.Query().Get("after")
	row, about, err := r.tableRow(name)
	if err != nil {
		return view.Page{}, err
	}
	found, next, err := r.scan(name, itemsPage, after)
	if err != nil {
		return view.Page{}, err
	}
	content := view.Table{TableRow: row, ARN: text(about, "TableArn"), Columns: audit.Columns(row.Keys, found)}
	if slices.Contains(content.Columns, audit.JobState) {
		content.Tabs = tableTabs(name, 0)
	}
	content.Columns = content.Columns[:min(len(content.Columns), itemColumns)]
	for _, item := range found {
		content.Rows = append(content.Rows, itemRow(item, content.Columns))
	}
	if next != "" {
		content.Pager.Next = with(r.URL, "after", next)
	}
	if after != "" {
		content.Pager.First = with(r.URL, "after", "")
	}
	return view.Page{Title: name, Section: view.TablesSection, Crumbs: []view.Link{{Text: "Tables", URL: tablesPath}}, Content: content}, nil
}

func itemRow(item attribute.Item, columns []string) view.ItemRow {
	row := view.ItemRow{JSON: view.Text{Full: view.Pretty(plainItem(item).Text())}, More: len(item)}
	for _, name := range columns {
		v, ok := item[name]
		if !ok {
			row.Cells = append(row.Cells, view.ItemCell{Missing: true})
			continue
		}
		row.More--
		shown := attributeText(v)
		row.Cells = append(row.Cells, view.ItemCell{Text: shown, URL: executionLink(shown)})
	}
	return row
}

func plainItem(item attribute.Item) value.Value {
	var members []value.Member
	for _, name := range item.Names() {
		members = append(members, value.Member{Key: name, Value: audit.Plain(item[name])})
	}
	return value.OfMembers(members...)
}

// attributeText is a value as a table shows it.
func attributeText(v attribute.Value) string {
	plain := audit.Plain(v)
	if plain.Kind() == value.String {
		return plain.Str()
	}
	return plain.Compact()
}

// executionLink leads to the execution whose ARN a text is, and nowhere for any other.
func executionLink(text string) string {
	if strings.HasPrefix(text, "arn:") && strings.Contains(text, ":execution:") && !strings.ContainsAny(text, " \n") {
		return executionURL(text)
	}
	return ""
}

// auditTable is a table in which pipelines note their runs, as stepwell audit shows it.
func (c *Console) auditTable(r *request) (view.Page, error) {
	name := r.PathValue("name")
	row, about, err := r.tableRow(name)
	if err != nil {
		return view.Page{}, err
	}
	content := view.Audit{Table: view.Table{TableRow: row, ARN: text(about, "TableArn"), Tabs: tableTabs(name, 1)}}
	var found []attribute.Item
	for after := ""; ; {
		some, next, err := r.scan(name, auditRuns, after)
		if err != nil {
			return view.Page{}, err
		}
		found = append(found, some...)
		if content.Cut = next != "" && len(found) >= auditRuns; next == "" || content.Cut {
			break
		}
		after = next
	}
	for _, item := range found {
		content.Runs = append(content.Runs, auditRun(item, row.Keys))
	}
	slices.SortStableFunc(content.Runs, func(a, b view.AuditRun) int { return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.Key, b.Key)) })
	content.States = auditStates(content.Runs)
	crumbs := []view.Link{{Text: "Tables", URL: tablesPath}, {Text: name, URL: dynamoURL(name)}}
	return view.Page{Title: name + ": runs", Section: view.TablesSection, Crumbs: crumbs, Live: "execution", Content: content}, nil
}

func auditRun(item attribute.Item, keys []string) view.AuditRun {
	run := view.AuditRun{Took: -1, State: attributeText(item[audit.JobState])}
	if item[audit.JobState].Kind == "" {
		run.State = ""
	}
	run.Start, run.StartText = momentOf(item[audit.JobStart])
	run.End, run.EndText = momentOf(item[audit.JobEnd])
	if took, ok := audit.Took(item); ok {
		run.Took = took
	}
	var key []string
	for _, name := range audit.Columns(keys, []attribute.Item{item}) {
		shown := attributeText(item[name])
		switch {
		case slices.Contains(keys, name):
			key = append(key, shown)
		case name != audit.JobState && name != audit.JobStart && name != audit.JobEnd:
			run.Others = append(run.Others, view.AuditField{Name: name, Text: shown, URL: executionLink(shown)})
		}
	}
	run.Key = strings.Join(key, " / ")
	return run
}

// momentOf is a value as a time, or as it is when it is none.
func momentOf(v attribute.Value) (time.Time, string) {
	if v.Kind == "" {
		return time.Time{}, ""
	}
	if t, ok := audit.Moment(v); ok {
		return t, ""
	}
	return time.Time{}, attributeText(v)
}

// auditStates counts the states, the failed first.
func auditStates(runs []view.AuditRun) []view.AuditState {
	counts := map[string]int{}
	for _, run := range runs {
		counts[run.State]++
	}
	var states []view.AuditState
	for state, n := range counts {
		bad := strings.Contains(strings.ToLower(state), "fail") || strings.Contains(strings.ToLower(state), "error")
		states = append(states, view.AuditState{State: state, Runs: n, Bad: bad})
	}
	slices.SortFunc(states, func(a, b view.AuditState) int {
		if a.Bad != b.Bad {
			return map[bool]int{true: -1, false: 1}[a.Bad]
		}
		return cmp.Or(b.Runs-a.Runs, cmp.Compare(a.State, b.State))
	})
	return states
}
