-- spec/psql.md 7: messages
select * from errors_nope;
select 1,
  nope
from (select 1 as a) as t;
select 'a very long line of text that goes on and on until it has to be cut at the right' as a, nope, 1 as b, 2 as c, 3 as d, 4 as e, 5 as f;
select 'short', nope, 'a very long line of text that goes on and on until it has to be cut at the right' as a;
\set VERBOSITY terse
select nope;
\set VERBOSITY sqlstate
select nope;
\set VERBOSITY default
\set ECHO errors
select nope;
\set ECHO queries
select 1 as a;
\set ECHO all
select 2 as b; -- comment

\echo line
\set ECHO none
begin transaction;
create table errors_t (a int);
insert into errors_t values (1);
select 1/0;
insert into errors_t values (2);
\echo :ERROR :SQLSTATE
end transaction;
\echo :ERROR :SQLSTATE
select * from errors_t;
drop table if exists errors_t;
rollback;
\foo bar
\echo still here \bar
\i nofile.sql
\timing maybe
\encoding
\cd /nonexistent
\o /nonexistent/x
select 'no end' as e
