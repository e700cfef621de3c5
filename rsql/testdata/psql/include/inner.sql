\echo inner
\ir sibling.sql
\if true
\q
\echo never
\endif
