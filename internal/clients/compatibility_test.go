package clients

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/api/s3rest"
	"github.com/stepwell/stepwell/cli"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/httptask"
)

var update = flag.Bool("update", false, "write docs/compatibility.md")

const (
	document = "../../docs/compatibility.md"
	preface  = `# Compatibility

Which operations of which services Stepwell answers, and what is otherwise than on AWS. This file is made from the services'
own tables of operations by ` + "`go test ./internal/clients -run Compatibility -update`" + `; a test fails when it is stale.

- *HTTP*: clients call the operation: the AWS CLI, the SDKs.
- *State machines*: Task states call it as ` + "`arn:aws:states:::aws-sdk:SERVICE:operation`" + `. ` + "`.sync`" + ` and *optimized* are the forms
  ` + "`arn:aws:states:::SERVICE:operation.sync`" + ` and ` + "`arn:aws:states:::SERVICE:operation`" + `.
- An operation that is in no table is refused by name: ` + "`UnknownOperationException`" + `, ` + "`InvalidAction`" + ` or ` + "`NotImplemented`" + `.
- Whatever has no remark answers as AWS does, as far as we know; please report what does not.
`
)

// entry is one line of the document.
type entry struct{ operation, http, machines, remark string }

const yes = "yes"

// entriesOf are the lines of a service that has a table; S3's are those of its REST protocol too.
func entriesOf(table *service.Service) []entry {
	byName := map[string]entry{}
	for _, row := range table.Operations {
		e := entry{operation: row.Name, http: yes, machines: forms(row), remark: row.Differs}
		if table.SDK == "" { // it is no API
			e.http, e.machines = "no", "optimized"
		}
		byName[row.Name] = e
	}
	if table.Name == "s3" {
		for _, row := range s3rest.Operations() {
			for name := range strings.SplitSeq(row.Name, ", ") {
				byName[name] = entry{name, yes, cmp.Or(byName[name].machines, "no"), row.Differs}
			}
		}
	}
	var all []entry
	for _, e := range byName {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.operation, b.operation) })
	return all
}

// forms are the ways in which state machines call an operation.
func forms(row service.Operation) string {
	forms := []string{yes}
	if row.Optimized {
		forms = append(forms, "optimized")
	}
	if row.Job != nil {
		forms = append(forms, "`.sync`")
		if row.Job.Parsed != nil {
			forms = append(forms, "`.sync:2`")
		}
	}
	return strings.Join(forms, ", ")
}

func compatibility() string {
	tables := append(cli.Offered(), new(httptask.Service).Table())
	slices.SortFunc(tables, func(a, b *service.Service) int { return cmp.Compare(a.SDK, b.SDK) })
	var out strings.Builder
	out.WriteString(preface)
	for _, table := range tables {
		fmt.Fprintf(&out, "\n## %s (`%s`)\n\n| Operation | HTTP | State machines | What differs |\n|---|---|---|---|\n", cmp.Or(table.SDK, "HTTP task"), table.Name)
		for _, e := range entriesOf(table) {
			fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", e.operation, e.http, e.machines, e.remark)
		}
	}
	return out.String()
}

// docs/compatibility.md says what the tables say.
func TestCompatibility(t *testing.T) {
	want := compatibility()
	if *update {
		if err := os.WriteFile(document, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is stale: go test ./internal/clients -run Compatibility -update", document)
	}
}
