-- spec/psql.md 5 and 6: other variables, what is no name, \q with arguments
\echo :DBNAME :USER :PORT :ENCODING :AUTOCOMMIT :QUIET :ECHO :FETCH_COUNT :ON_ERROR_ROLLBACK :ON_ERROR_STOP :VERBOSITY
\echo :SERVER_VERSION_NAME :SERVER_VERSION_NUM
\set été 'non-ASCII'
\echo :été :'été'
select 1 \gset
select count(*) > 0 as has from (select 1 as x) as t \gset
\if :has
\echo has :has
\endif
\echo a -- b
\i include/quits.sql
\echo back
\set A a
\echo :A :a
select 1 \; select 2;
begin;
select 1/0;
\echo :ERROR
rollback;
\ECHO no
\exit 3
\q 5
\echo never
