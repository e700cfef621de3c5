-- args: -qAt -F , -v x=1
select :x as a, 2 as b;
create table flags_t (a int);
\set y 2
\pset border 2
\timing off
insert into flags_t values (:y);
select * from flags_t;
drop table flags_t;
