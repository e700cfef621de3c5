package redshift_test

import (
	"fmt"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/redshift"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/value"
)

func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		site := redshift.NewSite("us-east-1", "123456789012")
		table := redshift.New(site, &servicetest.Records{}).Table()
		servicetest.Trace(t, path, []*service.Service{table}, map[string]servicetest.Command{
			"listen": func(*testing.T, *datadriven.TestData) string { site.Listen("127.0.0.1", 5439); return "" },
			"declare": func(*testing.T, *datadriven.TestData) string {
				site.Declare(redshift.Names{Clusters: []string{"etl", "nightly"}})
				return ""
			},
		})
	})
}

// A password is good for the user it was made for, and carries the rights of the one who asked.
func TestLogins(t *testing.T) {
	site := redshift.NewSite("us-east-1", "1")
	row, _ := redshift.New(site, nil).Table().Operation("GetClusterCredentials")
	ctx := service.WithCaller(t.Context(), service.Caller{Name: "AK", Role: "run"})
	if _, err := row.Call(ctx, value.MustParse(`{"ClusterIdentifier": "etl", "DbUser": "bob"}`), ""); err != nil {
		t.Fatal(err)
	}
	all := site.Logins.Of("IAM:bob")
	if len(all) != 1 || all[0].Role != "run" || len(all[0].Password) < 40 || len(site.Logins.Of("bob")) != 0 {
		t.Errorf("%d passwords, %+v", len(all), all)
	}
	if user := redshift.UserOf(ctx); user != "IAM:AK" {
		t.Error(user)
	}
}

// Old passwords end, and the memory for them is bounded.
func TestLoginsAreBounded(t *testing.T) {
	var l redshift.Logins
	l.Issue(t.Context(), "old", -1)
	if got := l.Of("old"); len(got) != 0 {
		t.Errorf("an expired password is good: %v", got)
	}
	var last redshift.Login
	for range 150 {
		last = l.Issue(t.Context(), "many", 1<<40)
	}
	if all := l.Of("many"); len(all) != 100 || all[99] != last {
		t.Errorf("%d passwords of one user", len(all))
	}
	for i := range 10_100 {
		l.Issue(t.Context(), fmt.Sprint("user", i), 1<<40)
	}
	if len(l.Of("user10099")) != 1 {
		t.Error("the newest user was forgotten")
	}
}
