package view

import (
	"strings"
	"testing"
)

// written shows pieces with their classes: [k:select] [bad:x].
func written(pieces []Piece) string {
	var out strings.Builder
	for _, p := range pieces {
		if p.Class == "" {
			out.WriteString(p.Text)
		} else {
			out.WriteString("[" + p.Class + ":" + p.Text + "]")
		}
	}
	return out.String()
}

func TestPieces(t *testing.T) {
	for _, c := range []struct {
		text         string
		line, column int64
		want         string
	}{
		{"", 1, 1, ""},
		{"select a, 'x''y' from t -- end", 0, 0, "[k:select] a, [s:'x''y'] [k:from] t[c: -- end]"},
		{"select nosuch", 1, 8, "[k:select] [bad:nosuch]"},
		{"select é, nosuch", 1, 11, "[k:select] é, [bad:nosuch]"},
		{"select 1\nfrom t", 2, 6, "[k:select] [n:1]\n[k:from] [bad:t]"},
		{"select 1", 1, 99, "[k:select] [n:1]"},
		{"select 1", 7, 1, "[k:select] [n:1]"},
		{"select 'open", 0, 0, "[k:select] [s:'open]"},
		{"select 1 /* open", 0, 0, "[k:select] [n:1] [c:/* open]"},
		{"as $$ begin return 1; end $$", 0, 0, "[k:as] [s:$$] [k:begin] [k:return] [n:1]; [k:end] [s:$$]"},
		{"as $x$ begin return 'op", 0, 0, "[k:as] [s:$x$] [k:begin] [k:return] [s:'op]"},
		{"copy t from 's3://a b/c' csv", 1, 13, "[k:copy] t [k:from] [bad:'s3://a b/c'] [k:csv]"},
		{"select \u202eevil", 0, 0, "[k:select] \ufffdevil"},
		{"$", 0, 0, "$"},
	} {
		if got := written(SQL{Text: c.text, Line: c.line, Column: c.column}.Pieces()); got != c.want {
			t.Errorf("%q at %d:%d\n is %s\nnot %s", c.text, c.line, c.column, got, c.want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("a", 200)
	for _, c := range []struct {
		text         string
		line, column int64
		want         string
	}{
		{"select 1", 0, 0, ""},
		{"select 1", 1, 9, ""},
		{"select 1\n   from nosuch where x\nand y", 2, 9, "from [bad:nosuch] where x"},
		{"copy t from 's3://a b/c' csv", 1, 13, "copy t from [bad:'s3://a b/c'] csv"},
		{long + " x " + long, 1, 202, "…" + long[:59] + " [bad:x] " + long[:59] + "…"},
		{"(", 1, 1, "[bad:(]"},
	} {
		if got := written(SQL{Text: c.text, Line: c.line, Column: c.column}.Excerpt()); got != c.want {
			t.Errorf("%.60q at %d:%d\n is %s\nnot %s", c.text, c.line, c.column, got, c.want)
		}
	}
}

// Nothing of a text is lost by its colours, whatever it is.
func FuzzPieces(f *testing.F) {
	for _, text := range []string{"select 1", "$$ 'x", "a /* $$", "'", "$a$b$", "\"", "é'\n--"} {
		f.Add(text, int64(1), int64(2))
	}
	f.Fuzz(func(t *testing.T, text string, line, column int64) {
		s := SQL{Text: text, Line: line, Column: column}
		var all strings.Builder
		for _, p := range s.Pieces() {
			all.WriteString(p.Text)
		}
		if want := visible(strings.ToValidUTF8(s.cut(), "\ufffd")); all.String() != want {
			t.Errorf("%q becomes %q", want, all.String())
		}
		s.Excerpt()
	})
}
