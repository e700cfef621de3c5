\echo inner :ON_ERROR_STOP
select nope;
\echo never
