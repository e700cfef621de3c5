\set ON_ERROR_STOP on
select 1 as a where 1 = 0 \gset
\echo never
