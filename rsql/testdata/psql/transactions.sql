-- spec/psql.md 8
\set AUTOCOMMIT off
create table transactions_t (a int);
rollback;
select * from transactions_t;
rollback;
\set AUTOCOMMIT on
begin; create table transactions_t (a int); insert into transactions_t values (1); commit;
begin; insert into transactions_t values (2); select 1/0; end;
select * from transactions_t;
drop table transactions_t;
begin;
select 'left open' as t;
