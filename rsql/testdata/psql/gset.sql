-- spec/psql.md 3 and 5: \gset and the status variables
\echo :ERROR :SQLSTATE :ROW_COUNT :LAST_ERROR_MESSAGE :LAST_ERROR_SQLSTATE
\set n 5
select null as n, 'x' as m \gset
\echo :n :m
select 1 as a, 2 as b \gset p_
\echo :p_a :p_b
select 7 as p_a where 1 = 0 \gset
\echo :p_a :ERROR :ROW_COUNT
select 1 as p_a union all select 2 \gset
\echo :p_a :ERROR :ROW_COUNT
select 1 as "bad name", 2 as good \gset
\echo :good
select 1 as c
\gset
\echo :c
\g
select 5 as five \g
\g
\gx
select 1 as a, 'two
lines' as b \gx
select 'select ' || 41 as x union all select 'select 42' \gexec
create table gset_t (a int);
\echo :ROW_COUNT :ERROR :SQLSTATE
insert into gset_t values (1), (2), (3);
\echo :ROW_COUNT
delete from gset_t where a > 1;
\echo :ROW_COUNT
select * from gset_t;
\echo :ROW_COUNT
select * from gset_nope;
\echo :ERROR :SQLSTATE :ROW_COUNT :LAST_ERROR_SQLSTATE
select 1 as a;
\echo :ERROR :SQLSTATE :ROW_COUNT :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE
drop table gset_t;
\p
\r
\p
select 1
\p
\r
select 2 as b;
