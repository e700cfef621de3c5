package audit_test

import (
	"slices"
	"testing"

	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/service/dynamodb/audit"
	"github.com/stepwell/stepwell/value"
)

func item(t *testing.T, text string) attribute.Item {
	t.Helper()
	v, err := value.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	i, err := attribute.ParseItem(v)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestColumns(t *testing.T) {
	items := []attribute.Item{item(t, `{"b":{"S":"x"},"JobEnd":{"S":"x"},"id":{"N":"1"}}`), item(t, `{"JobState":{"S":"x"},"a":{"S":"x"},"id":{"N":"2"}}`)}
	if got, want := audit.Columns([]string{"id"}, items), []string{"id", "JobState", "JobEnd", "a", "b"}; !slices.Equal(got, want) {
		t.Errorf("the columns are %v", got)
	}
	if got := audit.Columns([]string{"JobState"}, nil); !slices.Equal(got, []string{"JobState"}) {
		t.Errorf("without items the columns are %v", got)
	}
}

func TestTook(t *testing.T) {
	for text, want := range map[string]string{
		`{"JobStart":{"S":"2026-03-02 08:00:00"},"JobEnd":{"S":"2026-03-02T08:10:08.5"}}`:      "10m8.5s",
		`{"JobStart":{"S":"2026-03-02T08:00:00+01:00"},"JobEnd":{"S":"2026-03-02T08:00:00Z"}}`: "1h0m0s",
		`{"JobStart":{"S":"2026-03-02 08:00:00"},"JobEnd":{"S":"2026-03-01 08:00:00"}}`:        "none", // the end of the run before
		`{"JobStart":{"S":"2026-03-02 08:00:00"}}`:                                             "none",
		`{"JobStart":{"S":"yesterday"},"JobEnd":{"S":"2026-03-01 08:00:00"}}`:                  "none",
		`{"JobStart":{"N":"7"},"JobEnd":{"BOOL":true}}`:                                        "none",
	} {
		got := "none"
		if took, ok := audit.Took(item(t, text)); ok {
			got = took.String()
		}
		if got != want {
			t.Errorf("%s took %s instead of %s", text, got, want)
		}
	}
}

func TestPlain(t *testing.T) {
	i := item(t, `{"m":{"M":{"b":{"NULL":true},"a":{"L":[{"N":"1.50"},{"BOOL":false},{"SS":["y","x"]},{"B":"AAE="}]}}}}`)
	if got, want := audit.Plain(i["m"]).Compact(), `{"a":[1.5,false,["y","x"],"AAE="],"b":null}`; got != want {
		t.Errorf("%s instead of %s", got, want)
	}
}
