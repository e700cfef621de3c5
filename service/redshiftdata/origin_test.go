package redshiftdata

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

// What a state submits is in the record of statements with its state and its id, and behind its execution in the ledger.
func TestOriginOfStatements(t *testing.T) {
	store, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	ledger, err := origin.OpenLedger(t.Context(), store, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ledger.Close()
	p := start(t, RecordWork(ledger))
	place := `"WorkgroupName": "etl", "Database": "dev", "WaitTimeSeconds": 30`
	execution(t, p, chain([]task{
		{"load", "batchExecuteStatement", `{` + place + `, "Sqls": ["create table t (a int)", "insert into t values (1)"]}`, ""},
		{"look", "executeStatement", `{` + place + `, "Sql": "select nothing", "StatementName": "looking"}`, ""},
		{"lost", "describeStatement", `{"Id": "00000000-0000-0000-0000-000000000000"}`, codeResourceNotFound},
	}, `{}`), `{}`)
	list, err := p.warehouse.Statements(t.Context(), querylog.Filter{}, querylog.Page{})
	if err != nil || len(list) != 3 {
		t.Fatalf("%d statements, %v", len(list), err)
	}
	var seen []string
	for _, q := range list {
		o := q.Origin
		if !strings.HasPrefix(o.Execution, "arn:aws:states:us-east-1:123456789012:execution:etl:") {
			t.Errorf("the origin is %+v", o)
		}
		seen = append(seen, fmt.Sprint(q.Kind, " ", q.Status, " of ", o.State, " ", o.Task))
		record, _, err := p.find(o.Statement)
		if err != nil {
			t.Fatal(err)
		}
		ids := fmt.Sprint(record.QueryID)
		for _, part := range record.Parts {
			ids += fmt.Sprint(" ", part.QueryID)
		}
		if q.Status == querylog.Succeeded && !strings.Contains(ids, fmt.Sprint(q.ID)) {
			t.Errorf("query %d is not one of statement %s, which has %s", q.ID, o.Statement, ids)
		}
	}
	if got, want := strings.Join(seen, ", "), "SELECT failed of look 8, INSERT success of load 3, CREATE TABLE success of load 3"; got != want {
		t.Errorf("the record has %s\nwant %s", got, want)
	}
	work, err := ledger.Behind(t.Context(), list[0].Origin.Execution)
	if err != nil || len(work) != 2 || work[0].ID != list[1].Origin.Statement || work[1].Name != "looking" || work[1].Origin.State != "look" {
		t.Errorf("behind the execution are %+v, %v", work, err)
	}
}
