-- args: -v ON_ERROR_STOP=1 -c select(1/0) -c select(2)
\echo never
