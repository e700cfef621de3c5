package duckdb_test

import (
	"strings"
	"testing"

	"github.com/stepwell/stepwell/warehouse"
)

// TestQueries runs statements whose clauses the backend does not have, each in a session of its own: setup, the last
// statement, and its rows with | between values, or a part of its error.
func TestQueries(t *testing.T) {
	const merged = "create temp table t (id int, v varchar(5)); insert into t values (1, 'a'), (2, 'b'); create temp table s (id int, v varchar(5)); "
	const parts = "create temp table p (name varchar, maker varchar, q int, price decimal(12,2)); insert into p values " +
		"('prop', 'x', 2, 10), ('prop', 'y', null, 9), ('prop', 'z', 1, 12), ('rod', 'x', 1, 2.5); "
	const staff = "create temp table e (id int, name varchar(9), boss int); insert into e values (1, 'ceo', null), (2, 'cto', 1), (3, 'dev', 2), (4, 'a', 5), (5, 'b', 4); "
	w := open(t, "")
	defer w.Close()
	for _, c := range []struct{ setup, sql, want string }{
		{merged + "insert into s values (2, 'B'), (3, 'C'), (3, 'C'); merge into t using s on t.id = s.id remove duplicates;",
			"select * from t order by 1", "1|a / 2|B / 3|C"},
		{merged + "insert into s values (2, 'B'), (3, 'C'); merge into t using s on t.id = s.id when matched then update set v = s.v when not matched then insert values (s.id, s.v);",
			"select * from t order by 1", "1|a / 2|B / 3|C"},
		{merged + "insert into s values (2, 'B'), (2, 'C');", "merge into t using s on t.id = s.id when matched then delete when not matched then insert values (s.id, s.v)",
			"Found multiple matches to update the same tuple."},
		{parts, "select * from (select name, price from p) pivot (avg(price) for name in ('prop', 'rod', 'wing'))", "10.33|2.50|null"},
		{parts, "select * from (select q, maker from p) pivot (count(*) as n for q in (1 as high, 2 low, null as na)) order by maker", "x|1|1|0 / y|0|0|1 / z|1|0|0"},
		{parts, "select maker, a_total from p pivot (sum(price) as total, max(q) as q for name in ('prop' as a)) t order by 1, 2", "x|10.00 / y|9.00 / z|12.00"},
		{staff, "select id, name, level from e start with name = 'ceo' connect by prior id = boss order by 3", "1|ceo|1 / 2|cto|2 / 3|dev|3"},
		{staff, "select * from e x start with x.id = 3 connect by x.id = prior x.boss order by id", "1|ceo|null / 2|cto|1 / 3|dev|2"},
		{staff, "select id from e where id > 1 connect by boss = prior id and level <= 2 start with id = 1", "2"},
		{staff, "select id from e start with id = 4 connect by prior id = boss", "CONNECT BY goes deeper than 1000 levels"},
		{"", "select level, n from (select 1 as n) connect by level <= 2 order by 1", "1|1 / 2|1"},
		{"create temp table i (a interval year to month, b interval day to second); insert into i values ('1-2', '3 04:05:06'), (interval '5' month, '10 seconds');",
			"select a, b, a + a from i order by a", "5 mons|00:00:10|10 mons / 1 year 2 mons|3 days 04:05:06|2 years 4 mons"},
	} {
		inSession(t, w, func(s *warehouse.Session) {
			if o := run(t.Context(), s, c.setup); o.err != nil {
				t.Errorf("%s: %v", c.setup, o.err)
			}
			if got := answered(run(t.Context(), s, c.sql)); got != c.want && (c.want == "" || !strings.HasPrefix(got, "error") || !strings.Contains(got, c.want)) {
				t.Errorf("%s: got %s, want %s", c.sql, got, c.want)
			}
		})
	}
}

func answered(o outcome) string {
	if o.err != nil {
		return "error " + o.err.Error()
	}
	var rows []string
	for _, row := range o.rows {
		var cells []string
		for _, cell := range row {
			if cell == nil {
				cells = append(cells, "null")
			} else {
				cells = append(cells, *cell)
			}
		}
		rows = append(rows, strings.Join(cells, "|"))
	}
	return strings.Join(rows, " / ")
}
