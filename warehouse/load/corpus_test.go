package load_test

import (
	"testing"

	"github.com/stepwell/stepwell/warehouse/load"
	"github.com/stepwell/stepwell/warehouse/warehousetest"
)

// TestCorpus finds a good and a bad case of every parameter of COPY in the corpus.
func TestCorpus(t *testing.T) {
	known, refused := load.Options()
	warehousetest.RequireOptions(t, "COPY", known, refused)
}
