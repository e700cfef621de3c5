-- args: -v ON_ERROR_STOP=maybe
\echo never
