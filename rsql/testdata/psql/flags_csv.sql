-- args: --csv -P null=NULL
select 1 as a, null as b, 'x,y' as c;
