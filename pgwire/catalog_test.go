package pgwire

import "testing"

func TestPlainCatalogNames(t *testing.T) {
	for _, x := range []struct{ sent, want string }{
		{"select 'pg_catalog.x', 1", "select 'pg_catalog.x', 1"},
		{"select a from pg_class", "select a from pg_class"},
		{"select pg_catalog.pg_get_userbyid(c.relowner) from pg_catalog.pg_class c", "select pg_get_userbyid(c.relowner) from pg_class c"},
		{"where a OPERATOR(pg_catalog.~) '^(x)$' COLLATE pg_catalog.default and b", "where a  ~  '^(x)$'  and b"},
		{"select 'pg_catalog.trigger'::pg_catalog.regtype, ''::pg_catalog.char", "select 'pg_catalog.trigger'::varchar, ''::char"},
		{"select /* pg_catalog.x */ \"pg_catalog\".pg_class", "select /* pg_catalog.x */ \"pg_catalog\".pg_class"},
		{"select 'pg_catalog. open", "select 'pg_catalog. open"},
		{"OPERATOR(pg_catalog.", "OPERATOR(pg_catalog."},
		{"pg_catalog.", "pg_catalog."},
	} {
		if got := plain(x.sent); got != x.want {
			t.Errorf("%s\n got %s\nwant %s", x.sent, got, x.want)
		}
	}
}
