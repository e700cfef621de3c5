package bench

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/job"
	"github.com/stepwell/stepwell/job/builtin"
	"github.com/stepwell/stepwell/job/process"
	"github.com/stepwell/stepwell/rsql"
	"github.com/stepwell/stepwell/rsql/embedded"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/batch"
	"github.com/stepwell/stepwell/value"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb/duckdbtest"
)

// timed runs work and tells when it printed first.
type timed struct {
	job.Runner
	first chan time.Time
}

func (r timed) Run(ctx context.Context, w job.Work) (job.Exit, error) {
	w.Output = &firstWrite{first: r.first}
	return r.Runner.Run(ctx, w)
}

type firstWrite struct {
	seen  bool
	first chan time.Time
}

func (f *firstWrite) Write(p []byte) (int, error) {
	if !f.seen {
		f.seen = true
		f.first <- time.Now()
	}
	return len(p), nil
}

// openBatch returns a service over a store on disk with a queue q and a definition etl.
func openBatch(b *testing.B, r job.Runner, limit string) (*batch.Service, func(operation, request string)) {
	store, err := sqlite.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	s, err := batch.Open(b.Context(), store, batch.Options{Region: "us-east-1", Account: "123456789012", Runner: r})
	if err != nil {
		b.Fatal(err)
	}
	s.Start()
	b.Cleanup(func() {
		s.Close()
		_ = store.Close()
	})
	table := s.Table()
	call := func(operation, request string) { callOf(b, table, operation, request) }
	call("CreateComputeEnvironment", `{"ComputeEnvironmentName": "ce", "Type": "UNMANAGED", "UnmanagedvCpus": `+limit+`}`)
	call("CreateJobQueue", `{"JobQueueName": "q", "Priority": 1, "ComputeEnvironmentOrder": [{"Order": 1, "ComputeEnvironment": "ce"}]}`)
	call("RegisterJobDefinition", `{"JobDefinitionName": "etl", "Type": "container", "ContainerProperties": {"Image": "etl",
		"Command": ["sh", "-c", "echo started"], "Environment": [{"Name": "BATCH_SCRIPT_LOCATION", "Value": "s3://scripts/load.sql"}]}}`)
	return s, call
}

// callOf calls an operation of a service.
func callOf(b *testing.B, table *service.Service, operation, request string) {
	row, _ := table.Operation(operation)
	if _, err := row.Call(b.Context(), value.MustParse(request), ""); err != nil {
		b.Fatal(err)
	}
}

const submitOne = `{"JobName": "one", "JobQueue": "q", "JobDefinition": "etl"}`

// BenchmarkJobStart measures the time from SubmitJob to the first line that the job prints. Each of its writes is durable.
func BenchmarkJobStart(b *testing.B) {
	for name, open := range map[string]func(b *testing.B) job.Runner{
		"builtin": openBuiltin,
		"process": func(b *testing.B) job.Runner { return &process.Runner{Folder: filepath.Join(b.TempDir(), "jobs")} },
	} {
		b.Run(name, func(b *testing.B) {
			first := make(chan time.Time, 1)
			s, call := openBatch(b, timed{open(b), first}, "1")
			var took []time.Duration
			for b.Loop() {
				begin := time.Now()
				call("SubmitJob", submitOne)
				took = append(took, (<-first).Sub(begin))
				s.Idle(b.Context())
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

func openBuiltin(b *testing.B) job.Runner {
	store := dir.New(b.TempDir(), nil)
	if err := store.Make("scripts"); err != nil {
		b.Fatal(err)
	}
	if _, err := store.Put(b.Context(), "scripts", "load.sql", strings.NewReader("select 1;\n"), bucket.Attributes{}); err != nil {
		b.Fatal(err)
	}
	w := duckdbtest.Open(b, warehouse.Options{})
	return &builtin.Runner{Buckets: store, Folder: b.TempDir(), Connect: func(ctx context.Context, _ rsql.Target) (rsql.Session, error) {
		return embedded.Open(ctx, w, warehouse.SessionConfig{})
	}}
}

// nothing counts works.
type nothing struct{ count *atomic.Int64 }

func (n nothing) Run(context.Context, job.Work) (job.Exit, error) {
	n.count.Add(1)
	return job.Exit{}, nil
}

// BenchmarkDrain measures a thousand jobs that do nothing on a queue for ten at once, from the first submission to the last end.
func BenchmarkDrain(b *testing.B) {
	var count atomic.Int64
	s, call := openBatch(b, nothing{&count}, "10")
	for b.Loop() {
		for range 1000 {
			call("SubmitJob", submitOne)
		}
		s.Idle(b.Context())
	}
	if count.Load() != int64(b.N)*1000 {
		b.Errorf("%d jobs ran", count.Load())
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "jobs/s")
}
