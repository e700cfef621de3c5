-- Type 2: an item that changed ends its current version the day before and begins a new one.
\set s3datareadrolevar 'aws_iam_role=' :s3datareadrole
\set s3loc 's3://' :databucket '/item/date=' :dt '/'

begin transaction;

drop table if exists public.stg_item;
create table public.stg_item (
    i_item_id        char(16) encode lzo,
    i_item_desc      varchar(200) encode lzo,
    i_category       char(50) encode lzo,
    i_current_price  decimal(7,2) encode lzo
) backup no diststyle even;

copy public.stg_item from :'s3loc'
credentials :'s3datareadrolevar'
delimiter '~' gzip;

update public.item
set i_rec_end_date = dateadd(day, -1, :'dt'::date)::date
from public.stg_item s
where public.item.i_item_id = s.i_item_id
  and public.item.i_rec_end_date is null
  and (public.item.i_item_desc <> s.i_item_desc
       or public.item.i_category <> s.i_category
       or public.item.i_current_price <> s.i_current_price);

-- What has no current version now has just lost it, or is new.
insert into public.item
select known.last_sk + row_number() over (order by s.i_item_id),
       :'dt'::date, null, s.i_item_id, s.i_item_desc, s.i_category, s.i_current_price
from public.stg_item s
cross join (select max(i_item_sk) as last_sk from public.item) known
left join public.item t on t.i_item_id = s.i_item_id and t.i_rec_end_date is null
where t.i_item_id is null;

drop table public.stg_item;

end transaction;
