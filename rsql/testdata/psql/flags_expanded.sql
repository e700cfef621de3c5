-- args: -x -P border=2 --pset=footer=off
select 1 as a, null as b, 'x,y' as c;
