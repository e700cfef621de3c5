-- Each query divides by zero, and so fails the pipeline, when something is wrong with the data.

-- Every line of the extract arrived, once.
select 1 / case when staged.lines = loaded.lines and loaded.lines = loaded.distinct_lines then 1 else 0 end as all_lines_arrived
from (select count(*) as lines from public.stg_store_sales) staged,
     (select count(*) as lines,
             count(distinct s.ss_ticket_number::varchar || '-' || s.ss_line::varchar) as distinct_lines
      from public.store_sales s
      join public.date_dim d on d.d_date_sk = s.ss_sold_date_sk
      where d.d_date in (select distinct sold_date from public.stg_store_sales)) loaded;

-- No item has two current versions.
select 1 / case when count(*) = count(distinct i_item_id) then 1 else 0 end as one_current_version
from public.item where i_rec_end_date is null;
