-- args: -a
-- a comment

select 1 as a,

  2 as b;
\echo x
select nope;
