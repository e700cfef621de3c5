-- args: -v ON_ERROR_STOP=1
\if 1 = 1
\endif
\echo before
select 1 as a; select nope; select 2 as never;
\echo never
