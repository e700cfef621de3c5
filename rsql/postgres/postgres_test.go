package postgres_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/rsql"
	"github.com/stepwell/stepwell/rsql/postgres"
	"github.com/stepwell/stepwell/rsql/report"
	"github.com/stepwell/stepwell/rsql/shell"
)

// RSQL on a real PostgreSQL server: \logon, external tables as Redshift's views tell of them, a lost connection.
func TestRSQLOnPostgreSQL(t *testing.T) {
	for _, pair := range startPostgreSQL(t) {
		name, value, _ := strings.Cut(pair, "=")
		t.Setenv(name, value)
	}
	script, err := os.ReadFile(filepath.Join("testdata", "rsql.sql"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join("testdata", "rsql.out"))
	if err != nil {
		t.Fatal(err)
	}
	connect := func(ctx context.Context, target rsql.Target) (rsql.Session, error) {
		return postgres.Connect(ctx, "user='"+target.User+"'")
	}
	session, err := connect(t.Context(), rsql.Target{User: "dev"})
	if err != nil {
		t.Fatal(err)
	}
	version := session.Peer().Version
	var out, errs bytes.Buffer
	status, _ := rsql.Run(rsql.Options{
		Dialect: rsql.RSQL, Session: session, In: bytes.NewReader(script), Out: &out, Err: &errs, Format: report.Default(),
		Host: &shell.Host{Context: t.Context(), Out: &out, Err: &errs, Connector: connect},
	})
	got := strings.NewReplacer(os.Getenv("PGHOST"), "SOCKET", version, "VERSION").Replace(answer(out.String(), errs.String(), status))
	if got != string(want) {
		t.Errorf("%s", got)
	}
}
