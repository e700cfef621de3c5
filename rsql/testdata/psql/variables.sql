-- args: -v d=2024-01-01 -v e= -v missing
-- spec/psql.md 2: variables
\set x 1
\set v 'a' :x 'b'
\echo :v
\set v a b
\echo :v
\set v
\echo [:v] [:e]
\echo :missing :{?missing} :{?v} :{?e}
\set v 'it''s'
\echo :v :'v' :"v"
\set v 'a\tb\x41\101\n'
\echo :v
\set v "a b"
\echo :v :"v"
\set v `echo hi`
\echo :v
\set bad-name 1
\set v 'back\\slash'
\echo :'v'
\unset v
\echo :v :'v' :"v"
\unset
\unset bad-name
\set 1x one
\echo :1x ':1x' ":1x"
select :d as n;
select :'d' as d, ':d' as t, '2024'::varchar(10) as c, "q"."a:d" from (select 1 as "a:d") as q;
select $$:d$$ as dollars, $tag$:d $$ $tag$ as tagged -- :d
  /* :d /* nested :d */ ; */ ;
\set two 'select 1 as one; select 2'
:two as two;
\set nested ':x + 1'
select :nested as two;
\set self ':self'
select :self;
select :missing;
\set ON_ERROR_STOP maybe
\set ECHO loud
\set part 'ABC; \\; d'
\echo :part
\echo 'a'b'c' d"e f"g
\echo -n no newline
\echo
\echo 'open
\echo `printf 'x\ny\n'`
\echo a;b c;
\warn to stderr
\qecho to results
\set y :x:x ':x' :'x'
\echo :y
\echo :x\\ \echo two
select 1 as a\; select 2 as b;
