\set q 'select 1 as id, ''x'' as "a long header", null as n, ''two\nlines'' as t, -1.50 as num union all select 22, ''some longer text'', ''v'', ''a\tb'', 3.25 order by 1;'
:q
\pset border 0
:q
\pset border 2
:q
\pset null '(null)'
\pset title 'A title'
:q
\pset border 1
:q
\t
:q
\t off
\x
:q
\pset border 2
:q
\pset border 0
:q
\t on
:q
\pset border 1
:q
\x off
\t off
\a
:q
\t
:q
\t
\x
:q
\x
\f ,
\pset recordsep '<\n>'
:q
\pset recordsep '\n'
\pset fieldsep '|'
\pset footer off
:q
\pset format csv
:q
\x
:q
\x
\pset csv_fieldsep ;
select 'a;b' as x, 'q"q' as y, '' as e, null as n;
\pset csv_fieldsep ';;'
\pset format html
:q
\pset tableattr 'class="x"'
select '<&>' as "<h>", '  ' as blank, ' lead' as l;
\x
:q
\x
\pset tableattr
create table formats_t (a int);
drop table formats_t;
\pset format asciidoc
:q
\x
:q
\x
\t
:q
\t
\pset title
\pset footer
\pset format aligned
select 1 as "two
line header", 2 as b;
select 1 as x where 1 = 0;
\x
select 1 as x where 1 = 0;
select 1 as "two
line", 'v' as b;
\x auto
select 1 as a;
\x off
\pset format wrapped
\pset columns 40
select 'some text that is much longer than forty columns of a terminal' as t, 12345 as n, 'short' as s;
\pset border 2
select 'some text that is much longer than forty columns of a terminal' as t, 'and another one, shorter' as n;
\pset border 0
select 'some text that is much longer than forty columns of a terminal' as t, 'and another one, shorter' as n;
\pset border 1
\pset columns 0
\pset format nonsense
\pset format a
\pset nonsense
\pset border x
\pset linestyle nonsense
\pset expanded nonsense
\pset footer nonsense
\pset border 3
\pset numericlocale on
select 1234567 as i, -1234.5 as n, 'x1234' as t;
\pset numericlocale off
\C
\C 'caption'
\pset format unaligned
select 1 as a;
\H
select 1 as a;
\H
select 'wide 漢字' as "日本", 'é' as e;
\pset pager off
\pset pager nonsense
select 1 as a, 2 as b, 3 as c where 1 = 0;
select 'carriage' || chr(13) || 'return' as t, 'bell' || chr(7) as b;
