package scheduler_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/servicetest"
)

// TestTraces runs the files of testdata against a service of their own.
func TestTraces(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			p := begin(t, &servicetest.Records{}, &servicetest.Machines{})
			defer p.courier.Close(context.Background())
			defer p.Close()
			servicetest.Trace(t, file, []*service.Service{p.Table()}, nil)
		})
	}
}
