package service_test

import (
	"strings"
	"testing"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/servicetest"
)

// A record that cannot be read is an internal fault that names it, not a missing one.
func TestStoredUnreadable(t *testing.T) {
	records := &servicetest.Records{}
	numbers := service.Stored[int]{Records: records, Kind: "test.number"}
	if err := numbers.Put(t.Context(), "a", 5); err != nil {
		t.Fatal(err)
	}
	if n, ok, err := numbers.Get(t.Context(), "a"); n != 5 || !ok || err != nil {
		t.Error(n, ok, err)
	}
	if err := records.Put(t.Context(), "test.number", "b", []byte(`"x"`)); err != nil {
		t.Fatal(err)
	}
	_, _, one := numbers.Get(t.Context(), "b")
	_, all := numbers.All(t.Context())
	for _, err := range []error{one, all} {
		if fault.KindOf(err) != fault.Internal || !strings.HasPrefix(err.Error(), "read the record test.number b: ") {
			t.Errorf("got %v", err)
		}
	}
}
