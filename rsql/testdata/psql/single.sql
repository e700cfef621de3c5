-- args: -1
create table single_t (a int);
insert into single_t values (1);
select nope;
