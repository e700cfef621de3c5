package cli

import (
	"testing"
	"time"

	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/load"
	"github.com/stepwell/stepwell/warehouse/unload"
)

func TestLoadLine(t *testing.T) {
	started := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		done load.Done
		want string
	}{
		{load.Done{Files: 16, FilesDone: 3, Size: 400_000_000, Read: 100_000_000, Rows: 750_000},
			"COPY sales: 3 of 16 files, 100.0 MB, 750000 rows, 50.0 MB/s, 25 %, 6s left"},
		{load.Done{Files: 1, Read: 5_000_000}, "COPY sales: 0 of 1 files, 5.0 MB, 0 rows, 2.5 MB/s"},
	} {
		l := warehouse.Loading{Table: "sales", Started: started, Done: test.done}
		if got := loadLine(l, started.Add(2*time.Second)); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

func TestUnloadLine(t *testing.T) {
	started := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		done unload.Done
		want string
	}{
		{unload.Done{Rows: 3_000_000, Files: 2, Size: 12_400_000}, "UNLOAD s3://lake/x_: 3000000 rows, 2 files, 12.4 MB, 1500000 rows/s"},
		{unload.Done{}, "UNLOAD s3://lake/x_: 0 rows, 0 files, 0.0 MB"},
	} {
		u := warehouse.Unloading{Location: "s3://lake/x_", Started: started, Done: test.done}
		if got := unloadLine(u, started.Add(2*time.Second)); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}
