-- One row a table: all its rows, those that show what this kind of table is about, and in words what these are.
select 'customer' as table_name, count(*) as all_rows, count(distinct c_customer_id) as of_these, 'different customers' as meaning
from public.customer
union all
select 'customer_address', count(*), count(ca_updated), 'updated in place or added (type 1)'
from public.customer_address
union all
select 'date_dim', count(*), count(distinct d_year), 'different years'
from public.date_dim
union all
select 'item', count(*), count(i_rec_end_date), 'history rows (type 2)'
from public.item
union all
select 'store_sales', count(*), count(distinct ss_sold_date_sk), 'days loaded'
from public.store_sales
order by 1;
