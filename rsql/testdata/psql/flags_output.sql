-- args: -e -H -R ; -T border
select 1 as a;
create table flags_o (a int);
drop table flags_o;
