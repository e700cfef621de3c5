package warehouse

import (
	"reflect"
	"testing"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

func TestSubstitute(t *testing.T) {
	values := map[string]string{"id": "1", "n": `it's \n`}
	for text, want := range map[string]string{
		`select :id, :id::int`:               `select '1', '1'::int`,
		`select ':id', a::int, ":id" -- :id`: `select ':id', a::int, ":id" -- :id`,
		`select :n`:                          `select 'it''s \\n'`,
		"create procedure p() as $$ :id $$":  "create procedure p() as $$ :id $$",
	} {
		got, err := substitute(text, Run{Parameters: values})
		if err != nil || got != want {
			t.Errorf("%s became %s, %v; want %s", text, got, err, want)
		}
	}
	_, err := substitute("select 1,\n :other", Run{Parameters: values})
	if f, ok := err.(*fault.Fault); !ok || f.Position.String() != "2:2" || f.Code != "42P02" {
		t.Errorf("a parameter without value: %v", err)
	}
}

func TestPlaceholders(t *testing.T) {
	got, err := Placeholders("select :b, :a, :b::int, 'x:c'")
	if err != nil || !reflect.DeepEqual(got, []string{"a", "b"}) {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := Placeholders("select '"); err == nil {
		t.Error("an open quote was accepted")
	}
}

func TestLocated(t *testing.T) {
	script, err := parse("\nselect a,\n  nope from t.nowhere", Run{File: "f.sql"})
	if err != nil {
		t.Fatal(err)
	}
	source := script[0].Source()
	for _, c := range []struct {
		fault *fault.Fault
		want  string
	}{
		{fault.Invalidf(`column "nope" does not exist`).WithCode("42703"), `f.sql:3:3: column "nope" does not exist`},
		{fault.Invalidf(`relation "t.nowhere" does not exist`).WithCode("42P01"), `f.sql:3:15: relation "t.nowhere" does not exist`},
		{fault.Invalidf(`column "other" does not exist`).WithCode("42703"), `f.sql:2:1: column "other" does not exist`},
		{fault.Invalidf("Divide by zero").WithCode("22012"), "f.sql:2:1: Divide by zero"},
		{fault.Invalidf("here").At(fault.Position{Line: 9, Column: 1}), "f.sql:9:1: here"},
		{fault.New(fault.Conflict, "x").WithCode("57014"), "f.sql:2:1: Query (42) cancelled on user's request"},
	} {
		if got := located(c.fault, source, "f.sql", 42).Error(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	if _, err := parse("select 1; selekt", Run{File: "f.sql"}); err == nil || err.Error() != `f.sql:1:11: syntax error at or near "selekt"` {
		t.Errorf("got %v", err)
	}
}

func TestLiteralReadsBack(t *testing.T) {
	for _, s := range []string{"", "a", "it's", `back\slash`, "'", `\'`, "new\nline", "ä€"} {
		tokens, err := syntax.Scan(literal(s))
		if err != nil || len(tokens) != 1 || tokens[0].Value() != s {
			t.Errorf("%q is written %s", s, literal(s))
		}
	}
}
