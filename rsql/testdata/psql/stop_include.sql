\set ON_ERROR_STOP on
\echo outer
\i include/failing.sql
\echo never
