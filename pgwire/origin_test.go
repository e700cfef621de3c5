package pgwire

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

// The statements of a client are recorded with its name, also those that never ran; what the port itself runs is not.
func TestRecordOfClients(t *testing.T) {
	var said []string
	address := portOver(t, Options{Temporary: func(string) []User {
		return []User{{Password: "secret", Origin: origin.Origin{Job: "j"}}}
	}, Users: map[string]User{"nobody": {Password: "x"}}}, warehouse.Options{Observe: func(q querylog.Query) {
		if q.Status == querylog.Running {
			return
		}
		host, _, err := net.SplitHostPort(q.Origin.Address)
		if err != nil || host != "127.0.0.1" {
			t.Errorf("the address of a client is %q", q.Origin.Address)
		}
		said = append(said, fmt.Sprint(q.User, " ", q.Origin.Client, " ", q.Origin.Job, " ", q.Status, " ", q.Code, ": ", q.Text))
	}})
	c := client(t, address, func(c *pgx.ConnConfig) { c.RuntimeParams["application_name"] = "loader" })
	execute(t, c, "create table t (a int); insert into t values (1)")
	rows(t, c, "select a from t where a = $1", 1)
	for _, text := range []string{"selec 1", "select nothing"} {
		for _, mode := range []pgx.QueryExecMode{pgx.QueryExecModeSimpleProtocol, pgx.QueryExecModeDescribeExec} {
			if _, err := c.Exec(t.Context(), text, mode); err == nil {
				t.Errorf("%s was answered", text)
			}
		}
	}
	const want = `etl loader j success : create table t (a int)
etl loader j success : insert into t values (1)
etl loader j success : select a from t where a = CAST('1' AS integer)
etl loader j failed 42601: selec 1
etl loader j failed 42601: selec 1
etl loader j failed 42703: select nothing
etl loader j failed 42703: select nothing`
	if got := strings.Join(said, "\n"); got != want {
		t.Errorf("recorded:\n%s", got)
	}
}
