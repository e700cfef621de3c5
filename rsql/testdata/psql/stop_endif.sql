\set ON_ERROR_STOP on
\if true
\echo in
