package s3_test

import (
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/s3"
	"github.com/stepwell/stepwell/service/servicetest"
)

func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		store := dir.New(t.TempDir(), nil)
		if err := store.Make("etl-scripts"); err != nil {
			t.Fatal(err)
		}
		servicetest.Trace(t, path, []*service.Service{s3.Table(store)}, map[string]servicetest.Command{
			"file": func(t *testing.T, d *datadriven.TestData) string { // an object of some bytes, written as \xNN if need be
				body := strings.NewReplacer(`\xff`, "\xff", `\x00`, "\x00").Replace(d.Input)
				if d.HasArg("big") {
					body = strings.Repeat("x", 1<<20+1)
				}
				_, err := store.Put(t.Context(), "etl-scripts", d.CmdArgs[0].Key, strings.NewReader(body), bucket.Attributes{})
				if err != nil {
					return err.Error()
				}
				return ""
			},
		})
	})
}
