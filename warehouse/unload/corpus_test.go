package unload_test

import (
	"slices"
	"testing"

	"github.com/stepwell/stepwell/warehouse/unload"
	"github.com/stepwell/stepwell/warehouse/warehousetest"
)

// TestCorpus finds a good and a bad case of every parameter of UNLOAD in the corpus.
func TestCorpus(t *testing.T) {
	refused := []string{"MASTER_SYMMETRIC_KEY"}
	known := slices.DeleteFunc(unload.Options(), func(name string) bool { return name == refused[0] })
	warehousetest.RequireOptions(t, "UNLOAD", known, refused)
}
