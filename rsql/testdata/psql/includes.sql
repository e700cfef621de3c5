\i include/inner.sql
\echo back
\ir include/sibling.sql
\i
\i include/nofile.sql
\include include/sibling.sql
\if true
\i include/sibling.sql
\endif
\o out.txt
select 1 as hidden;
\qecho hidden
\o
\! cat out.txt; rm out.txt
\o | sed s/^/piped:/
select 1 as a;
\o
select 3 as c \g out2.txt
\! cat out2.txt; rm out2.txt
select 1 as w
\w out3.txt
;
\! cat out3.txt; rm out3.txt
\! exit 3
\timing off
\timing
\timing on
\timing
\q
\echo never
