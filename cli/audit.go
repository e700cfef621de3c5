package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/service/dynamodb/audit"
	"github.com/stepwell/stepwell/value"
)

func auditCommand(streams Streams) *cobra.Command {
	var f viewFlags
	command := &cobra.Command{
		Use:   "audit [TABLE]",
		Short: "Show the runs in an audit table",
		Long: `Show the items of a DynamoDB table of the project, one a line: the key, JobState, JobStart, JobEnd and how long the run took,
and then all other attributes.

TABLE is a table's name, or a part of it that no other has. Without it, the only table is shown, or the only one whose items
have a JobState.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return withTables(c.Context(), f.project, func(tables *service.Service) error {
				a, err := readAudit(c.Context(), tables, strings.Join(args, ""))
				if err != nil {
					return err
				}
				if f.json {
					return a.printJSON(streams)
				}
				return a.print(streams)
			})
		},
	}
	f.add(command, "item")
	return command
}

// auditTable is what is in a table, ordered by its key.
type auditTable struct {
	table string
	key   []string
	items []attribute.Item
}

// readAudit finds the table that is meant and reads it.
func readAudit(ctx context.Context, tables *service.Service, wanted string) (*auditTable, error) {
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
	var found []*auditTable
	for _, name := range names {
		a, err := readTable(ctx, tables, name)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(a.items, func(item attribute.Item) bool { return item[audit.JobState].Kind != "" }) {
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

func readTable(ctx context.Context, tables *service.Service, name string) (*auditTable, error) {
	described, err := ask(ctx, tables, "DescribeTable", named("TableName", name))
	if err != nil {
		return nil, err
	}
	a := &auditTable{table: name}
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
func (a *auditTable) read(ctx context.Context, tables *service.Service) error {
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

func (a *auditTable) byKey(x, y attribute.Item) int {
	for _, name := range a.key {
		if order, _ := x[name].Compare(y[name]); order != 0 {
			return order
		}
	}
	return 0
}

// took is the title of the column that no attribute stands in.
const took = "TOOK"

func (a *auditTable) print(streams Streams) error {
	if len(a.items) == 0 {
		_, err := fmt.Fprintf(streams.Err, "The table %s has no items.\n", a.table)
		return err
	}
	columns := audit.Columns(a.key, a.items)
	titles := slices.Clone(columns)
	if at := slices.Index(columns, audit.JobEnd); at >= 0 {
		titles = slices.Insert(titles, at+1, took)
	}
	out := tabwriter.NewWriter(streams.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, strings.Join(titles, "\t"))
	for _, item := range a.items {
		cells := make([]string, len(titles))
		for i, name := range titles {
			cells[i] = "-"
			if v, ok := item[name]; ok {
				cells[i] = cell(audit.Plain(v))
			} else if name == took {
				cells[i] = tookOf(item)
			}
		}
		fmt.Fprintln(out, strings.Join(cells, "\t"))
	}
	return out.Flush()
}

func (a *auditTable) printJSON(streams Streams) error {
	columns := audit.Columns(a.key, a.items)
	for _, item := range a.items {
		var members []value.Member
		for _, name := range columns {
			if v, ok := item[name]; ok {
				members = append(members, value.Member{Key: name, Value: audit.Plain(v)})
			}
		}
		if _, err := fmt.Fprintln(streams.Out, value.OfMembers(members...).Compact()); err != nil {
			return err
		}
	}
	return nil
}

// cell is a value as a table shows it.
func cell(v value.Value) string {
	text := v.Compact()
	if v.Kind() == value.String {
		text = v.Str()
	}
	return printable(shortened(text), "")
}

// tookOf is how long a run took that has come to its end.
func tookOf(item attribute.Item) string {
	took, ok := audit.Took(item)
	if !ok {
		return "-"
	}
	return duration(took)
}
