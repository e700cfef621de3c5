package plpgsql

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/internal/conformance"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// TestMistakes checks that every mistake gets a place in the user's file and a reason. Bodies start at line 3, column 7.
func TestMistakes(t *testing.T) {
	for _, test := range []struct{ body, want string }{
		{"", "p.sql:3:7: syntax error at end of input"},
		{"BEGIN", "p.sql:3:12: syntax error at end of input"},
		{"BEGIN END; x", `p.sql:3:18: syntax error at or near "x"`},
		{"\nBEGIN\n  IF a THEN NULL; END;\nEND;", `p.sql:5:22: syntax error at or near ";"`},
		{"\nBEGIN\n  IF THEN NULL; END IF;\nEND;", `p.sql:5:6: syntax error at or near "THEN"`},
		{"\nBEGIN\n  v := 1;\nEND;", `p.sql:5:3: "v" is not a known variable`},
		{"DECLARE v CONSTANT int := 1; BEGIN v := 2; END", `p.sql:3:42: "v" is declared CONSTANT`},
		{"DECLARE v int NOT NULL; BEGIN END", `p.sql:3:15: variable "v" must have a default value, since it's declared NOT NULL`},
		{"DECLARE v int; v text; BEGIN END", `p.sql:3:22: variable "v" is declared twice`},
		{"DECLARE v; BEGIN END", `p.sql:3:16: syntax error at or near ";"`},
		{"DECLARE v t%TYPE; BEGIN END", `p.sql:3:17: "t" is neither a variable nor the column of a table`},
		{"DECLARE r record := 1; BEGIN END", "p.sql:3:15: default value for row or record variable is not supported"},
		{"DECLARE a ALIAS FOR $3; BEGIN END", `p.sql:3:27: syntax error at or near "$3"`},
		{"BEGIN SELECT 1 INTO v; END", `p.sql:3:27: "v" is not a known variable`},
		{"DECLARE r record; v int; BEGIN SELECT 1 INTO v, r; END", `p.sql:3:56: record variable "r" cannot be part of a list of several variables`},
		{"BEGIN EXIT; END", "p.sql:3:13: EXIT cannot be used outside a loop"},
		{"BEGIN LOOP CONTINUE nowhere; END LOOP; END", `p.sql:3:27: label "nowhere" does not exist`},
		{"<<a>> BEGIN NULL; END b", `p.sql:3:29: end label "b" differs from the label "a" of its block`},
		{"BEGIN <<a>> NULL; END", `p.sql:3:19: syntax error at or near "NULL"`},
		{"BEGIN FOR i IN 1..10 BY 2 LOOP NULL; END LOOP; END", "p.sql:3:28: FOR … BY is not supported by Redshift"},
		{"BEGIN FOR r IN SELECT 1 LOOP NULL; END LOOP; END", `p.sql:3:17: "r" is not a known variable`},
		{"BEGIN WHILE true NULL; END LOOP; END", `p.sql:3:28: syntax error at or near ";"`},
		{"DECLARE v int; BEGIN RAISE INFO 'n=%', v + 1; END", `p.sql:3:48: syntax error at or near "+"`},
		{"BEGIN RAISE INFO 'n=%', 1; END", `p.sql:3:31: syntax error at or near "1"`},
		{"BEGIN RAISE INFO '% %', found; END", "p.sql:3:24: too few parameters specified for RAISE"},
		{"BEGIN RAISE INFO '100%%', found; END", "p.sql:3:24: too many parameters specified for RAISE"},
		{"BEGIN RAISE SHOUT 'x'; END", `p.sql:3:19: syntax error at or near "SHOUT"`},
		{"BEGIN RAISE; END", "p.sql:3:13: RAISE without parameters cannot be used outside an exception handler"},
		{"BEGIN RETURN 1; END", "p.sql:3:20: RETURN cannot have a parameter in a procedure"},
		{"BEGIN VACUUM t; END", "p.sql:3:13: VACUUM is not supported inside a stored procedure"},
		{"BEGIN CREATE DATABASE d; END", "p.sql:3:13: CREATE DATABASE is not supported inside a stored procedure"},
		{"BEGIN ALTER TABLE t APPEND FROM u; END", "p.sql:3:13: ALTER TABLE APPEND is not supported inside a stored procedure"},
		{"BEGIN NULL; EXCEPTION WHEN division_by_zero THEN NULL; END", `p.sql:3:34: syntax error at or near "division_by_zero"`},
		{"BEGIN NULL; EXCEPTION CONTINUE_HANDLER WHEN OTHERS THEN NULL; END", "p.sql:3:46: CONTINUE_HANDLER needs a NONATOMIC procedure"},
		{"BEGIN CALL q(1; END", `p.sql:3:21: syntax error at or near ";"`},
		{"BEGIN CALL q((SELECT 1)); END", "p.sql:3:21: cannot use subquery in CALL argument"},
		{"DECLARE v int; BEGIN OPEN v FOR SELECT 1; END", `p.sql:3:33: variable "v" must be of type cursor or refcursor`},
		{"DECLARE c refcursor; BEGIN OPEN c FOR DELETE FROM t; END", `p.sql:3:45: syntax error at or near "DELETE"`},
		{"DECLARE c CURSOR (a int) FOR SELECT a; BEGIN OPEN c; END", `p.sql:3:58: cursor "c" takes 1 arguments, not 0`},
		{"BEGIN GET DIAGNOSTICS v := ROW_COUNT; END", `p.sql:3:29: "v" is not a known variable`},
		{"BEGIN CASE 1 ELSE NULL; END CASE; END", `p.sql:3:29: syntax error at or near ";"`},
		{"BEGIN\n  /* open", "p.sql:4:3: unterminated /* comment"},
		{"BEGIN\n  RAISE INFO 'x; END;", `p.sql:4:14: unterminated quoted string at or near "'x; END;"`},
		{"BEGIN SELECT f(1 INTO v; END", `p.sql:3:30: syntax error at or near ";"`},
	} {
		_, err := Parse(Header{Name: "p"}, test.body, fault.Position{File: "p.sql", Line: 3, Column: 7})
		if err == nil || err.Error() != test.want {
			t.Errorf("%s\n got %v\nwant %s", test.body, err, test.want)
		}
		if err != nil && (fault.KindOf(err) != fault.Invalid || fault.CodeOf(err) == "") {
			t.Errorf("%s: kind %v, code %q", test.body, fault.KindOf(err), fault.CodeOf(err))
		}
	}
}

func TestLimits(t *testing.T) {
	many := func(n int, m Mode) (list []Argument) {
		for range n {
			list = append(list, Argument{Mode: m, Type: "int"})
		}
		return list
	}
	for _, test := range []struct {
		header Header
		body   string
		want   string
	}{
		{Header{Arguments: many(33, In)}, "BEGIN END", "procedures cannot have more than 32 input arguments"},
		{Header{Arguments: many(33, Out)}, "BEGIN END", "procedures cannot have more than 32 output arguments"},
		{Header{NonAtomic: true, Settings: []Setting{{"a", "b"}}}, "BEGIN END", "a NONATOMIC procedure cannot have SET options"},
		{Header{Name: "p"}, strings.Repeat(" ", maxSource) + "BEGIN END", `the source of procedure "p" is longer than 2097152 bytes`},
		{Header{}, "DECLARE " + declarations(1025) + "BEGIN END", "a procedure may have at most 1024 variables"},
		{Header{}, "DECLARE " + declarations(1024) + "BEGIN END", "<nil>"},
	} {
		_, err := Parse(test.header, test.body, fault.Position{})
		got := "<nil>"
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

func declarations(n int) string {
	var out strings.Builder
	for i := range n {
		out.WriteString("v" + integer(int64(i)).Text + " int;\n")
	}
	return out.String()
}

// TestDocumentedProcedures parses every procedure of the recorded documentation.
func TestDocumentedProcedures(t *testing.T) {
	parsed := 0
	for _, path := range conformance.Files(t, "redshift/*.jsonl") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			var c struct {
				ID    string
				SQL   string
				Setup []string
			}
			if err := json.Unmarshal([]byte(line), &c); err != nil {
				t.Fatal(err)
			}
			for _, sql := range append(c.Setup, c.SQL) {
				parsed += parseProcedures(t, c.ID, sql)
			}
		}
	}
	t.Logf("%d procedures", parsed)
	if parsed == 0 {
		t.Error("no procedure was found")
	}
}

func parseProcedures(t *testing.T, id, sql string) (parsed int) {
	fragments, err := syntax.Split(sql)
	if err != nil {
		return 0
	}
	for _, f := range fragments {
		statement, err := syntax.Parse(f)
		c, ok := statement.(*syntax.CreateProcedure)
		if !ok || err != nil {
			continue
		}
		h := Header{Name: c.Name.Name, NonAtomic: c.NonAtomic}
		for _, a := range c.Parameters {
			h.Arguments = append(h.Arguments, Argument{Name: a.Name, Mode: modes[a.Mode], Type: a.Type.String()})
		}
		if _, err := Parse(h, c.Body, c.BodyPosition); err != nil {
			t.Errorf("%s: %v\n%s", id, err, c.Body)
		}
		parsed++
	}
	return parsed
}

var modes = map[string]Mode{"IN": In, "OUT": Out, "INOUT": InOut}

// TestParseNeverPanics cuts a procedure off at every byte: each piece parses or has an error with a place.
func TestParseNeverPanics(t *testing.T) {
	body := `<<l>> DECLARE a int := 1; r record; c CURSOR (x int) FOR SELECT x; BEGIN IF a = 1 THEN a := 2; END IF;
	FOR r IN SELECT 1 LOOP FETCH c INTO a; EXIT l WHEN r.a = 1; END LOOP; CASE a WHEN 1 THEN RAISE INFO '%', a; END CASE;
	FOR i IN REVERSE 3..1 LOOP CALL q(a, i); END LOOP; OPEN c(1); EXECUTE 'x' INTO a; GET DIAGNOSTICS a := ROW_COUNT;
	EXCEPTION WHEN OTHERS THEN RAISE; END l;`
	for cut := range body {
		_, err := Parse(Header{Name: "p"}, body[:cut], fault.Position{File: "p.sql", Line: 1, Column: 1})
		if err == nil {
			if !strings.HasSuffix(strings.TrimSpace(body[:cut]), "END") && !strings.HasSuffix(body[:cut], "END l") {
				t.Errorf("no error for %q", body[:cut])
			}
			continue
		}
		if !strings.HasPrefix(err.Error(), "p.sql:") {
			t.Errorf("%q: %v", body[:cut], err)
		}
	}
}
