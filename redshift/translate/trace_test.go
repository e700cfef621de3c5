package translate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/redshift/translate"
)

// TestTraces translates the statements of testdata. The command typed takes the types of the columns as arguments.
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			out, err := answer(t, d)
			if err != nil {
				return fmt.Sprintf("%serror %s (%s): %v\n", out, fault.CodeOf(err), fault.KindOf(err), err)
			}
			return out
		})
	})
}

func answer(t *testing.T, d *datadriven.TestData) (string, error) {
	fragments, err := syntax.Split(d.Input)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, f := range fragments {
		s, err := syntax.Parse(f)
		if err != nil {
			return b.String(), err
		}
		list, err := translate.Statement(s)
		if d.Cmd == "typed" {
			list = make([]string, 1)
			list[0], err = translate.Typed(s, columns(t, d))
		}
		if err != nil {
			return b.String(), err
		}
		for _, sql := range list {
			b.WriteString(strings.Join(strings.Fields(sql), " ") + "\n")
		}
	}
	return b.String(), nil
}

// columns reads the arguments name=type of a command.
func columns(t *testing.T, d *datadriven.TestData) []syntax.Column {
	t.Helper()
	var list []syntax.Column
	for _, arg := range d.CmdArgs {
		text := arg.Vals[0]
		if len(arg.Vals) > 1 {
			text += "(" + arg.Vals[1] + ")"
		}
		tokens, err := syntax.Scan(text)
		if err != nil {
			t.Fatal(err)
		}
		typ, _, err := syntax.ParseType(tokens)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, syntax.Column{Name: arg.Key, Type: typ})
	}
	return list
}

func TestNamesAreQuoted(t *testing.T) {
	n := syntax.Name{Database: "dev", Schema: "s", Name: `a"b`}
	if got, want := translate.Name(n), `"s"."a""b"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := translate.IdentitySequence(n, "id"), `"s"."a""b_id_identity"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// FuzzStatement looks for texts that panic in the rules.
func FuzzStatement(f *testing.F) {
	for _, seed := range []string{"select top 5 a::varchar(3) x from t, t.a b where c(+) = 1", "select dateadd(day, 1, x), listagg(a) within group (order by b)",
		"select 5 # 3, |/ 25, a similar to 'x%' escape '!'", "select decode(a, 1, 2), nvl2(a,b,c), convert(int, x), avg(x) over (w)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, script string) {
		fragments, err := syntax.Split(script)
		if err != nil {
			return
		}
		for _, fragment := range fragments {
			if s, err := syntax.Parse(fragment); err == nil {
				translate.Statement(s)
			}
		}
	})
}

func TestRebuildKeepsDefinitionsAndRows(t *testing.T) {
	varchar := syntax.Type{Name: "character varying", Args: []int{9}}
	table := syntax.Name{Schema: "s", Name: "t"}
	got := translate.Rebuild(table, false, []syntax.Column{
		{Name: "id", Type: syntax.Type{Name: "integer"}, Identity: &syntax.Identity{Seed: 1, Step: 1}},
		{Name: "v", Type: varchar, NotNull: true},
	})
	want := []string{
		`CREATE TABLE "s"."t__rebuilt" ("id" INTEGER DEFAULT nextval('"s"."t_id_identity"') NOT NULL, "v" VARCHAR NOT NULL, ` +
			`CHECK (CASE WHEN strlen("v") > 9 AND strlen(rtrim("v", ' ')) > 9 THEN error('Value too long for character type') ELSE true END))`,
		`INSERT INTO "s"."t__rebuilt" SELECT * FROM "s"."t"`,
		`DROP TABLE "s"."t"`,
		`ALTER TABLE "s"."t__rebuilt" RENAME TO "t"`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
