package option_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/rsql"
	"github.com/stepwell/stepwell/rsql/option"
)

func TestParse(t *testing.T) {
	for _, x := range []struct {
		dialect rsql.Dialect
		line    string
		want    string
	}{
		{rsql.PSQL, "-h db -p5432 -U etl -d dev -f a.sql -c x", "db 5432 etl dev [{1 a.sql} {0 x}] []"},
		{rsql.PSQL, "--host=db --port 5432 dev etl -v a=1 -v b= -v c --set=d=2", "db 5432 etl dev [] [{a 1 false} {b  false} {c  true} {d 2 false}]"},
		{rsql.PSQL, "-qAtF, -- -x", "   -x [] []"},
		{rsql.RSQL, "-D etl -f -", "    [{1 -}] []"},
		{rsql.PSQL, "-D etl", "error: invalid option -- 'D'; see 'psql --help'"},
		{rsql.RSQL, "--nonsense", "error: unrecognized option '--nonsense'; see 'rsql --help'"},
		{rsql.RSQL, "--quiet=1", "error: option '--quiet' takes no value"},
		{rsql.RSQL, "-f", "error: option requires an argument -- 'f'"},
		{rsql.RSQL, "--file", "error: option '--file' needs a value"},
		{rsql.RSQL, "a b c", "error: extra argument \"c\""},
		{rsql.RSQL, "-P nonsense=1", `error: \pset: unknown option: nonsense`},
		{rsql.RSQL, "--time-limit=soon", `error: --time-limit: "soon" is no duration such as 10m`},
		{rsql.RSQL, "--max-statements=-1", `error: --max-statements: "-1" is no number`},
	} {
		got := ""
		if o, err := option.Parse(x.dialect, strings.Fields(x.line)); err != nil {
			got = "error: " + err.Error()
		} else {
			got = fmt.Sprintf("%s %s %s %s %v %v", o.Host, o.Port, o.User, o.Database, o.Actions, o.Settings)
		}
		if got != x.want {
			t.Errorf("%s\n got %s\nwant %s", x.line, got, x.want)
		}
	}
}
