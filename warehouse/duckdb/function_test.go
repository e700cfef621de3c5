package duckdb_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/redshift/function"
	"github.com/stepwell/stepwell/warehouse"
)

func TestFunctionExamples(t *testing.T) {
	w := open(t, "")
	defer w.Close()
	inSession(t, w, func(s *warehouse.Session) {
		for _, row := range function.Table {
			if got := cell(t.Context(), s, "select "+row.Example); got != row.Result {
				t.Errorf("%s: select %s: got %s, want %s", row.Name, row.Example, got, row.Result)
			}
		}
	})
}

// cell returns the first value of an answer, null, or the error.
func cell(ctx context.Context, s *warehouse.Session, sql string) string {
	o := run(ctx, s, sql)
	switch {
	case o.err != nil:
		return "error " + o.err.Error()
	case len(o.rows) == 0:
		return "no rows"
	case o.rows[0][0] == nil:
		return "null"
	}
	return *o.rows[0][0]
}

// TestFunctionsRefuse pins what users see when a function does not like its arguments.
func TestFunctionsRefuse(t *testing.T) {
	w := open(t, "")
	defer w.Close()
	inSession(t, w, func(s *warehouse.Session) {
		for sql, want := range map[string]string{
			"select strtol('xyz', 16)":                                   "The input xyz is not valid to be converted to base 16",
			"select convert_timezone('Mars', getdate())":                 `time zone "Mars" not recognized`,
			"select to_date('99 Foo', 'DD Mon')":                         "invalid value for a date or timestamp",
			"select 'bad'::date":                                         `invalid input syntax for type date: "bad"`,
			"select 1 / (1 - 1)":                                         "Divide by zero",
			"select json_extract_path_text('{', 'a')":                    "JSON parsing error",
			"select json_parse('{')":                                     "invalid json for SUPER",
			"select regexp_substr('a', '(', 1)":                          "invalid regular expression: (",
			"select split_part('a', ',', 0)":                             "field position must be greater than zero",
			"select '2020-01-01'::date::super":                           "cannot cast type date to super",
			"select 1.5::numeric(2,1)::bool":                             "cannot cast type numeric to boolean",
			"select getbit(from_hex('4d'), 9)":                           "bit index 9 out of valid range",
			"select power(10, 400)":                                      "result is out of range",
			"select object('k', '2008-12-31'::date)":                     "OBJECT could not convert type date to super",
			"select datediff(day, timetz '10:00+00', timetz '11:00+00')": "is not one of a time of day",
			"select to_char(5, '9'), no_such_function(1, 2)":             "function no_such_function",
		} {
			if got := cell(t.Context(), s, sql); !strings.HasPrefix(got, "error") || !strings.Contains(got, want) {
				t.Errorf("%s: got %s, want an error with %q", sql, got, want)
			}
		}
	})
}

// overTables are selections from the tables that TestFunctionsOverTables makes, with their answers.
var overTables = map[string]string{
	// The results of numeric computations: precision and scale follow the operands'.
	"p / q from n":      "3.5000000000000",
	"p / 3 from n":      "3.5000000000000",
	"-p * 2 / q from n": "-7.0000000000000",
	"p / case when q = 3 then 2 else 1 end from n": "5.2500000000000",
	"p / q::double precision from n":               "3.5",
	"s / 2 from n":                                 "1",
	"sum(p) / count(*) from n":                     "10.3750",
	"sum(p) over () / sum(q) over () from n":       "2.0750",
	"sum(b) / sum(s) from n":                       "7.1429",
	"10.0 / 4":                                     "2.500000000000",
	"avg(p) from n":                                "10.37",
	"avg(s) from n":                                "3",
	"avg(distinct b) filter (where b > 20) from n": "30",
	"avg(f) from n":                                "1",
	"pg_typeof(sum(s)) from n":                     "bigint",
	"null / 2":                                     "null",
	// Literals take the type of what they are compared with.
	"count(*) from t where d = '1/31/2020'":                         "1",
	"count(*) from t where d in ('Mar 1, 2020', '20200131')":        "2",
	"count(*) from t where ts between '1/1/2020' and '2/1/2020'":    "1",
	"count(*) from t where v = '01/02/2020'":                        "1",
	"count(*) from t where c = 'ab   '":                             "1",
	"count(*) from n where tz < '3:00:00 UTC'":                      "1",
	"count(*) from n where n.v.a = 'x' and n.v.l[0] in ('y', 'z')":  "1",
	"datediff(hour, min(tz), max(tz)) from n":                       "7",
	"time '10:30' - time '09:00'":                                   "01:30:00",
	"convert_timezone('EST', timestamptz '2020-01-01 12:00:00+00')": "2020-01-01 07:00:00",
	"'today'::date = current_date":                                  "t",
	"avg(i) from t":                                                 "1",
	"avg(n) from t":                                                 "1.87",
	"avg(i) over () from t limit 1":                                 "1",
	"sum(i) + sum(i) from t":                                        "6",
	"sum(i) / count(*) from t":                                      "1",
	"max(f::int) from t":                                            "4",
	"min(v::date) from t":                                           "2020-01-02",
	"max(dateadd(month, i, d)) from t":                              "2020-05-01 00:00:00",
	"datediff(day, min(d), max(ts)) from t":                         "30",
	"max(trunc(ts)) from t":                                         "2020-03-01",
	"to_char(max(ts), 'YYYYMM') from t":                             "202003",
	"max(v + c) from t":                                             "Feb 3, 2020cd",
	"max(f::varchar) from t":                                        "3.5",
	"count(*) from t where c = 'ab  '::char(4) and b":               "1",
	"max(to_char(n, '99.9')) from t":                                "  2.5",
	"initcap(lower(max(v))) from t":                                 "Feb 3, 2020",
	"max(i + '5') from t":                                           "7",
	"max(ts - 7) from t":                                            "2020-02-23 00:00:00",
	"max(d) + 1 from t":                                             "2020-03-02",
	"max(nvl(v, 'none')) from t":                                    "none",
	"listagg(i, '-') within group (order by i desc) from t":         "2-1",
}

// TestFunctionsOverTables runs functions where constants cannot be folded: over columns, with nulls, in aggregates and windows.
func TestFunctionsOverTables(t *testing.T) {
	w := open(t, "")
	defer w.Close()
	const setup = `create temp table n (s smallint, b bigint, p decimal(10,2), q decimal(12,2), f float8, tz timetz, v super);
		insert into n values (3, 20, 10.50, 3, 0.5, '10:00:00+02', json_parse('{"a":"x","l":["y"]}')), (4, 30, 10.25, 7, 1.5, '01:00:00+00', null);
		create temp table t (i int, f float8, n numeric(8,2), v varchar(20), d date, ts timestamp, c char(4), b bool);
		insert into t values (1, 2.5, 1.25, '01/02/2020', '2020-01-31', '2020-01-31 10:00:00', 'ab', 'yes'),
			(2, 3.5, 2.5, 'Feb 3, 2020', 'Mar 1, 2020', '2020-03-01', 'cd', false), (null, null, null, null, null, null, null, null);`
	inSession(t, w, func(s *warehouse.Session) {
		if o := run(t.Context(), s, setup); o.err != nil {
			t.Fatal(o.err)
		}
		for sql, want := range overTables {
			if got := cell(t.Context(), s, "select "+sql); got != want {
				t.Errorf("select %s: got %q, want %q", sql, got, want)
			}
		}
	})
}
