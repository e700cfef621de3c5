-- args: -b
select 1 as a;
select nope;
