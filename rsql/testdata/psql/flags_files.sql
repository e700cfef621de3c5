-- args: -f include/sibling.sql -c \echo -f -
\echo from standard input or the last file
select nope;
