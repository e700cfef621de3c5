-- args: -v x=1 -c \echo -c select(1)as/**/a;select(2)as/**/b -c select(:x) -c \nonsense -c select(3)as/**/c
\echo after -c :x
