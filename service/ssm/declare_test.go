package ssm_test

import (
	"strings"
	"testing"

	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/service/ssm"
	"github.com/stepwell/stepwell/value"
)

// A parameter of a template gets what the template says anew; what a pipeline has put stays.
func TestDeclare(t *testing.T) {
	s := ssm.New(&servicetest.Records{}, "us-east-1", "1")
	check := func(properties, want string) {
		t.Helper()
		if err := s.Declare(t.Context(), value.MustParse(properties)); err != nil {
			t.Fatal(err)
		}
		parameter, _ := servicetest.Call(t, s.Table(), "GetParameter", `{"Name": "/etl/mark"}`).Get("Parameter")
		text, _ := parameter.Get("Value")
		number, _ := parameter.Get("Version")
		if got := text.Str() + " " + number.Text(); got != want {
			t.Errorf("%s: got %s, want %s", properties, got, want)
		}
	}
	check(`{"Name": "/etl/mark", "Type": "String", "Value": 1, "Tags": {"team": "data"}}`, "1 1")
	check(`{"Name": "/etl/mark", "Type": "String", "Value": "1", "Description": "the watermark"}`, "1 1")
	servicetest.Call(t, s.Table(), "PutParameter", `{"Name": "/etl/mark", "Value": "7", "Overwrite": true}`)
	check(`{"Name": "/etl/mark", "Type": "String", "Value": "1"}`, "7 2")
	check(`{"Name": "/etl/mark", "Type": "String", "Value": "2"}`, "2 3")
}

func TestDeclareBadInput(t *testing.T) {
	for properties, want := range map[string]string{
		`{"Name": "/a", "Type": "SecureString", "Value": "x"}`:                           "SecureString",
		`{"Name": "/a", "Type": "String"}`:                                               "Value",
		`{"Name": "a b", "Type": "String", "Value": "x"}`:                                "a b",
		`{"Name": "/a", "Type": "String", "Value": "x", "AllowedPattern": "[0-9]"}`:      "allowedPattern",
		`{"Name": "/a", "Type": "String", "Value": "x", "Colour": "red"}`:                "Colour",
		`{"Name": "/a", "Type": "String", "Value": "` + strings.Repeat("x", 5000) + `"}`: "4096",
	} {
		s := ssm.New(&servicetest.Records{}, "us-east-1", "1")
		if err := s.Declare(t.Context(), value.MustParse(properties)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: %v", properties, err)
		}
	}
}
