\echo quits
\q 3
\echo never
