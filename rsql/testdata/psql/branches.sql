-- spec/psql.md 4: \if
\if true
\echo 1
\elif true
\echo not 2
\else
\echo not 3
\endif
\if false
\echo not 1 `echo ran >&2` :x 'open
select 1/0;
\set q bad
\if true
\echo not nested
\else
\endif
\q
\nonsense
\elif yes
\echo 2
\else
\echo not 3
\endif
\if 1 = 1
\echo not equal
\else
\echo else
\endif
\if :unset
\endif
\if 2
\endif
\if
\endif
\if tr
\echo prefix
\endif
\if o
\endif
\if of
\else
\echo of
\endif
\if 'on'
\echo on
\endif
\else
\elif
\endif
\if true
\else
\else
\elif x
\endif
select
\if true
  1 as a,
\else
  2 as b (,
\endif
  3 as c;
select (
\if false
 1 + (
\endif
 4) as d;
select count(*) > 0 as has from (select 1 as x where 1 = 0) as t \gset
\if :has
\echo not has
\else
\echo has not :has
\endif
\if true \echo same line \endif
\if true
