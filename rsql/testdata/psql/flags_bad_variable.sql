-- args: -v bad-name=1
\echo never
