package ssm

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/servicetest"
)

func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		s := New(&servicetest.Records{}, "us-east-1", "123456789012")
		servicetest.Trace(t, path, []*service.Service{s.Table()}, nil)
	})
}

// Old versions are forgotten, numbers go on; another process finds the rest.
func TestVersions(t *testing.T) {
	records := &servicetest.Records{}
	s := New(records, "us-east-1", "1")
	for i := range maxVersions + 5 {
		r := &putParameterRequest{Name: "/a", Value: fmt.Sprint(i + 1), Type: "String", Overwrite: true}
		if answer, err := s.putParameter(t.Context(), r); err != nil || answer.Version != int64(i+1) {
			t.Fatal(answer, err)
		}
	}
	s = New(records, "us-east-1", "1")
	for id, want := range map[string]string{"/a": "105", "/a:6": "6", "/a:5": "ParameterVersionNotFound", "/a:x": "ParameterVersionNotFound"} {
		answer, err := s.getParameter(t.Context(), &getParameterRequest{Name: id})
		if got := answer.Parameter.Value; err == nil && got != want || err != nil && !strings.Contains(err.Error(), "could not find version") {
			t.Errorf("%s: %s, %v", id, got, err)
		}
	}
}

// The length of a value is counted in characters, and depends on the tier.
func TestLength(t *testing.T) {
	s := New(&servicetest.Records{}, "us-east-1", "1")
	tests := []struct {
		tier   string
		length int
		want   string // of the answer; empty for a refusal
	}{
		{"", maxStandard, standard},
		{"", maxStandard + 1, ""},
		{advanced, maxAdvanced, advanced},
		{advanced, maxAdvanced + 1, ""},
		{"Intelligent-Tiering", maxStandard, standard},
		{"Intelligent-Tiering", maxStandard + 1, advanced},
	}
	for i, test := range tests {
		r := &putParameterRequest{Name: fmt.Sprintf("/p%d", i), Value: strings.Repeat("ä", test.length), Type: "String", Tier: test.tier}
		answer, err := s.putParameter(t.Context(), r)
		if err == nil && answer.Tier != test.want || err != nil && test.want != "" {
			t.Errorf("%s with %d characters: %+v, %v", test.tier, test.length, answer, err)
		}
		if err != nil && strings.Contains(err.Error(), "ä") {
			t.Errorf("the error shows the value: %v", err)
		}
	}
}

// Without decryption no operation shows a SecureString; what it shows instead stays the same.
func TestVeil(t *testing.T) {
	s := New(&servicetest.Records{}, "us-east-1", "1")
	if _, err := s.putParameter(t.Context(), &putParameterRequest{Name: "/a/key", Value: "hunter2", Type: secureType}); err != nil {
		t.Fatal(err)
	}
	one, err := s.getParameter(t.Context(), &getParameterRequest{Name: "/a/key"})
	if err != nil {
		t.Fatal(err)
	}
	many, err := s.getParameters(t.Context(), &getParametersRequest{Names: []string{"/a/key"}})
	if err != nil {
		t.Fatal(err)
	}
	below, err := s.getParametersByPath(t.Context(), &getParametersByPathRequest{Path: "/a"})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []parameterValue{one.Parameter, many.Parameters[0], below.Parameters[0]} {
		if v.Value != one.Parameter.Value || v.Value == "" || strings.Contains(v.Value, "hunter2") {
			t.Errorf("shows %s", v.Value)
		}
	}
}
