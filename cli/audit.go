package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/value"
)

func auditCommand(streams Streams) *cobra.Command {
	var path string
	var asJSON bool
	command := &cobra.Command{
		Use:   "audit [TABLE]",
		Short: "Show the runs in an audit table",
		Long: `Show the items of a DynamoDB table of the project, one a line: the key, JobState, JobStart, JobEnd and how long the run took,
and then all other attributes.

TABLE is a table's name, or a part of it that no other has. Without it, the only table is shown, or the only one whose items
have a JobState.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return withTables(c.Context(), path, func(tables *service.Service) error {
				a, err := readAudit(c.Context(), tables, strings.Join(args, ""))
				if err != nil {
					return err
				}
				if asJSON {
					return a.printJSON(streams)
				}
				return a.print(streams)
			})
		},
	}
	command.Flags().StringVar(&path, "project", ".", "the project's folder or file")
	command.Flags().BoolVar(&asJSON, "json", false, "print JSON, one item a line")
	return command
}

// The attributes of an audit table.
const (
	jobState = "JobState"
	jobStart = "JobStart"
	jobEnd   = "JobEnd"
)

// audit is what is in a table, ordered by its key.
type audit struct {
	table string
	key   []string
	items []attribute.Item
}

// readAudit finds the table that is meant and reads it.
func readAudit(ctx context.Context, tables *service.Service, wanted string) (*audit, error) {
	names, err := tableNames(ctx, tables)
	if err != nil {
		return nil, err
	}
	name, err := chooseTable(names, wanted)
	switch {
	case err != nil:
		return nil, err
	case name != "":
		return readTable(ctx, tables, name)
	}
	var found []*audit
	for _, name := range names {
		a, err := readTable(ctx, tables, name)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(a.items, func(item attribute.Item) bool { return item[jobState].Kind != "" }) {
			found = append(found, a)
		}
	}
	if len(found) != 1 {
		return nil, usageError{fmt.Errorf("which table? There are %s", strings.Join(names, ", "))}
	}
	return found[0], nil
}

// chooseTable returns the table that is meant, empty when only the items can tell.
func chooseTable(names []string, wanted string) (string, error) {
	if len(names) == 0 {
		return "", fault.New(fault.NotFound, "the project has no DynamoDB table yet")
	}
	fitting := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return !strings.Contains(strings.ToLower(name), strings.ToLower(wanted))
	})
	switch {
	case slices.Contains(names, wanted):
		return wanted, nil
	case len(fitting) == 1:
		return fitting[0], nil
	case wanted == "":
		return "", nil
	case len(fitting) == 0:
		return "", fault.New(fault.NotFound, "there is no table %s; there are %s", wanted, strings.Join(names, ", "))
	}
	return "", usageError{fmt.Errorf("%s is a part of the names of %s", wanted, strings.Join(fitting, ", "))}
}

// ask carries out an operation on tables.
func ask(ctx context.Context, tables *service.Service, operation string, members ...value.Member) (value.Value, error) {
	row, _ := tables.Operation(operation)
	return tables.CallJSON(ctx, row, value.OfMembers(members...))
}

func tableNames(ctx context.Context, tables *service.Service) ([]string, error) {
	var names []string
	var after []value.Member
	for {
		answer, err := ask(ctx, tables, "ListTables", after...)
		if err != nil {
			return nil, err
		}
		list, _ := answer.Get("TableNames")
		for _, name := range list.Items() {
			names = append(names, name.Str())
		}
		last, more := answer.Get("LastEvaluatedTableName")
		if !more {
			return names, nil
		}
		after = []value.Member{named("ExclusiveStartTableName", last.Str())}
	}
}

func readTable(ctx context.Context, tables *service.Service, name string) (*audit, error) {
	described, err := ask(ctx, tables, "DescribeTable", named("TableName", name))
	if err != nil {
		return nil, err
	}
	a := &audit{table: name}
	about, _ := described.Get("Table")
	schema, _ := about.Get("KeySchema")
	for _, element := range schema.Items() {
		attribute, _ := element.Get("AttributeName")
		a.key = append(a.key, attribute.Str())
	}
	if err := a.read(ctx, tables); err != nil {
		return nil, err
	}
	slices.SortFunc(a.items, a.byKey)
	return a, nil
}

// read takes all items, page by page.
func (a *audit) read(ctx context.Context, tables *service.Service) error {
	members := []value.Member{named("TableName", a.table)}
	for {
		answer, err := ask(ctx, tables, "Scan", members...)
		if err != nil {
			return err
		}
		list, _ := answer.Get("Items")
		for _, one := range list.Items() {
			item, err := attribute.ParseItem(one)
			if err != nil {
				return err
			}
			a.items = append(a.items, item)
		}
		last, more := answer.Get("LastEvaluatedKey")
		if !more {
			return nil
		}
		members = append(members[:1], value.Member{Key: "ExclusiveStartKey", Value: last})
	}
}

func (a *audit) byKey(x, y attribute.Item) int {
	for _, name := range a.key {
		if order, _ := x[name].Compare(y[name]); order != 0 {
			return order
		}
	}
	return 0
}

// columns are the attributes of the items: the key, what tells about the run, and the rest by name.
func (a *audit) columns() []string {
	all := attribute.Item{}
	for _, item := range a.items {
		for name, v := range item {
			all[name] = v
		}
	}
	first := slices.Clone(a.key)
	for _, name := range []string{jobState, jobStart, jobEnd} {
		if _, ok := all[name]; ok && !slices.Contains(first, name) {
			first = append(first, name)
		}
	}
	rest := slices.DeleteFunc(all.Names(), func(name string) bool { return slices.Contains(first, name) })
	return append(first, rest...)
}

// took is the title of the column that no attribute stands in.
const took = "TOOK"

func (a *audit) print(streams Streams) error {
	if len(a.items) == 0 {
		_, err := fmt.Fprintf(streams.Err, "The table %s has no items.\n", a.table)
		return err
	}
	columns := a.columns()
	titles := slices.Clone(columns)
	if at := slices.Index(columns, jobEnd); at >= 0 {
		titles = slices.Insert(titles, at+1, took)
	}
	out := tabwriter.NewWriter(streams.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, strings.Join(titles, "\t"))
	for _, item := range a.items {
		cells := make([]string, len(titles))
		for i, name := range titles {
			cells[i] = "-"
			if v, ok := item[name]; ok {
				cells[i] = cell(plain(v))
			} else if name == took {
				cells[i] = tookOf(item)
			}
		}
		fmt.Fprintln(out, strings.Join(cells, "\t"))
	}
	return out.Flush()
}

func (a *audit) printJSON(streams Streams) error {
	columns := a.columns()
	for _, item := range a.items {
		var members []value.Member
		for _, name := range columns {
			if v, ok := item[name]; ok {
				members = append(members, value.Member{Key: name, Value: plain(v)})
			}
		}
		if _, err := fmt.Fprintln(streams.Out, value.OfMembers(members...).Compact()); err != nil {
			return err
		}
	}
	return nil
}

// plain is the value that an attribute's value stands for; sets are arrays, binaries stay Base64.
func plain(v attribute.Value) value.Value {
	switch v.Kind {
	case attribute.Number:
		return value.OfNumber(v.Text)
	case attribute.Null:
		return value.NullValue()
	case attribute.Map:
		var members []value.Member
		for _, name := range v.Members.Names() {
			members = append(members, value.Member{Key: name, Value: plain(v.Members[name])})
		}
		return value.OfMembers(members...)
	case attribute.List, attribute.StringSet, attribute.NumberSet, attribute.BinarySet:
		items := make([]value.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = plain(item)
		}
		return value.OfItems(items)
	}
	content, _ := v.JSON().Get(string(v.Kind))
	return content
}

// cell is a value as a table shows it.
func cell(v value.Value) string {
	text := v.Compact()
	if v.Kind() == value.String {
		text = v.Str()
	}
	return printable(shortened(text), "")
}

// The ways in which scripts write moments, without a zone in that of the machine.
var moments = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02 15:04:05.999999999-07:00"}

// tookOf is how long a run took that has come to its end; the end of the run before is none.
func tookOf(item attribute.Item) string {
	start, began := momentOf(item[jobStart])
	end, ended := momentOf(item[jobEnd])
	if !began || !ended || end.Before(start) {
		return "-"
	}
	return duration(end.Sub(start))
}

func momentOf(v attribute.Value) (time.Time, bool) {
	for _, layout := range moments {
		if t, err := time.Parse(layout, v.Text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
