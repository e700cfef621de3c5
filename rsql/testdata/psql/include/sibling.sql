\echo sibling
select 'from sibling' as t
