\set ON_ERROR_STOP
\echo :ON_ERROR_STOP
\nonsense
\echo never
