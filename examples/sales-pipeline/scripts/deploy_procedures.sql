-- The procedures of the sales pipeline. Every one can run again after a failure without any clean-up.

create or replace procedure public.sp_setup_sales_pipeline(p_source varchar(256))
as $$
declare
  known integer;
begin
  create table if not exists public.date_dim (
    d_date_sk   integer not null encode az64,
    d_date      date not null encode az64,
    d_year      smallint encode az64,
    d_month     smallint encode az64,
    d_day_name  varchar(9) encode zstd,
    primary key (d_date_sk)
  ) backup no diststyle all sortkey (d_date);

  create table if not exists public.customer (
    c_customer_sk      integer not null encode az64,
    c_customer_id      char(16) not null encode zstd,
    c_current_addr_sk  integer encode az64,
    c_first_name       varchar(20) encode zstd,
    c_last_name        varchar(30) encode zstd,
    c_email_address    varchar(50) encode zstd,
    primary key (c_customer_sk)
  ) backup no distkey (c_customer_sk) sortkey (c_customer_sk);

  create table if not exists public.customer_address (
    ca_address_sk   integer not null encode az64,
    ca_address_id   char(16) not null encode zstd,
    ca_street       varchar(60) encode zstd,
    ca_city         varchar(60) encode zstd,
    ca_zip          char(10) encode zstd,
    ca_country      varchar(20) encode zstd,
    ca_updated      date encode az64,
    primary key (ca_address_sk)
  ) backup no distkey (ca_address_sk) sortkey (ca_address_sk);

  -- A version of an item is current while its end date is open.
  create table if not exists public.item (
    i_item_sk         bigint identity(1, 1) encode az64,
    i_item_id         char(16) not null encode zstd,
    i_item_desc       varchar(200) encode zstd,
    i_category        varchar(20) encode zstd,
    i_current_price   decimal(7, 2) encode az64,
    i_rec_start_date  date encode az64,
    i_rec_end_date    date encode az64,
    primary key (i_item_sk)
  ) backup no diststyle all sortkey (i_item_id);

  create table if not exists public.store_sales (
    ss_sold_date_sk   integer not null encode az64,
    ss_ticket_number  bigint not null encode az64,
    ss_line           smallint not null encode az64,
    ss_store_sk       integer encode zstd,
    ss_item_sk        bigint not null encode az64 references public.item (i_item_sk),
    ss_customer_sk    integer encode az64 references public.customer (c_customer_sk),
    ss_quantity       integer encode az64,
    ss_sales_price    decimal(7, 2) encode az64,
    ss_net_paid       decimal(9, 2) encode az64,
    primary key (ss_ticket_number, ss_line)
  ) backup no distkey (ss_customer_sk) sortkey (ss_sold_date_sk);

  select count(*) into known from public.customer;
  if known = 0 then
    execute 'copy public.date_dim from ' || quote_literal(p_source || 'base/date_dim.gz')
      || ' iam_role default delimiter ''~'' gzip';
    execute 'copy public.customer from ' || quote_literal(p_source || 'base/customer.gz')
      || ' iam_role default delimiter ''~'' gzip';
    execute 'copy public.customer_address from ' || quote_literal(p_source || 'base/customer_address.gz')
      || ' iam_role default delimiter ''~'' gzip dateformat ''auto''';
    execute 'copy public.item (i_item_id, i_item_desc, i_category, i_current_price, i_rec_start_date) from '
      || quote_literal(p_source || 'base/item.gz') || ' iam_role default delimiter ''~'' gzip';
    raise info 'base tables loaded from %', p_source;
  end if;
  analyze public.customer;
exception when others then
  raise exception '[sp_setup_sales_pipeline] %', sqlerrm;
end;
$$ language plpgsql;


-- Type 1: the newest address replaces the old one.
create or replace procedure public.sp_load_dim_customer_address(p_run_date date, p_source varchar(256))
as $$
declare
  changed integer;
  added integer;
begin
  drop table if exists stg_customer_address;
  create temp table stg_customer_address (like public.customer_address);
  execute 'copy stg_customer_address from '
    || quote_literal(p_source || 'customer_address/' || p_run_date || '/')
    || ' iam_role default delimiter ''~'' gzip';

  update public.customer_address
  set ca_street = s.ca_street, ca_city = s.ca_city, ca_zip = s.ca_zip, ca_country = s.ca_country, ca_updated = p_run_date
  from stg_customer_address s
  where public.customer_address.ca_address_sk = s.ca_address_sk;
  get diagnostics changed := row_count;

  insert into public.customer_address
  select s.ca_address_sk, s.ca_address_id, s.ca_street, s.ca_city, s.ca_zip, s.ca_country, p_run_date
  from stg_customer_address s
  left join public.customer_address t on t.ca_address_sk = s.ca_address_sk
  where t.ca_address_sk is null;
  get diagnostics added := row_count;

  drop table stg_customer_address;
  raise info 'customer_address: % updated in place, % added', changed, added;
exception when others then
  raise exception '[sp_load_dim_customer_address] %', sqlerrm;
end;
$$ language plpgsql;


-- Type 2: a changed item closes its current version and begins a new one.
create or replace procedure public.sp_load_dim_item(p_run_date date, p_source varchar(256))
as $$
declare
  closed integer;
  begun integer;
begin
  drop table if exists stg_item;
  create temp table stg_item (
    i_item_id        char(16),
    i_item_desc      varchar(200),
    i_category       varchar(20),
    i_current_price  decimal(7, 2)
  );
  execute 'copy stg_item from ' || quote_literal(p_source || 'item/' || p_run_date || '/')
    || ' iam_role default delimiter ''~'' gzip';

  update public.item
  set i_rec_end_date = dateadd(day, -1, p_run_date)::date
  from stg_item s
  where public.item.i_item_id = s.i_item_id
    and public.item.i_rec_end_date is null
    and (public.item.i_item_desc <> s.i_item_desc or public.item.i_category <> s.i_category
         or public.item.i_current_price <> s.i_current_price);
  get diagnostics closed := row_count;

  insert into public.item (i_item_id, i_item_desc, i_category, i_current_price, i_rec_start_date)
  with current_items as (
    select i_item_id from public.item where i_rec_end_date is null
  )
  select s.i_item_id, s.i_item_desc, s.i_category, s.i_current_price, p_run_date
  from stg_item s
  left join current_items c on c.i_item_id = s.i_item_id
  where c.i_item_id is null;
  get diagnostics begun := row_count;

  drop table stg_item;
  raise info 'item: % versions closed, % begun', closed, begun;
exception when others then
  raise exception '[sp_load_dim_item] %', sqlerrm;
end;
$$ language plpgsql;


-- Facts of one day: the day is taken out and loaded anew, so loading it twice changes nothing.
create or replace procedure public.sp_load_fact_sales(p_run_date date, p_source varchar(256))
as $$
declare
  loaded integer;
begin
  drop table if exists public.stg_store_sales;
  create table public.stg_store_sales (
    sold_date      date encode az64,
    ticket_number  bigint encode az64,
    line           smallint encode az64,
    store_sk       integer encode az64,
    item_id        char(16) encode zstd,
    customer_id    char(16) encode zstd,
    quantity       integer encode az64,
    sales_price    decimal(7, 2) encode az64
  ) backup no diststyle even;
  execute 'copy public.stg_store_sales from ' || quote_literal(p_source || 'store_sales/' || p_run_date || '/')
    || ' iam_role default delimiter ''~'' gzip compupdate off statupdate on';

  delete from public.store_sales
  where ss_sold_date_sk in (select d_date_sk from public.date_dim where d_date = p_run_date);

  insert into public.store_sales
  with items as (
    select i_item_id, i_item_sk from public.item
    where i_rec_start_date <= p_run_date and (i_rec_end_date is null or i_rec_end_date >= p_run_date)
  )
  select d.d_date_sk, s.ticket_number, s.line, s.store_sk, i.i_item_sk, c.c_customer_sk, s.quantity, s.sales_price,
         s.quantity * s.sales_price
  from public.stg_store_sales s
  join public.date_dim d on d.d_date = s.sold_date
  join items i on i.i_item_id = s.item_id
  left join public.customer c on c.c_customer_id = s.customer_id
  where s.sold_date = p_run_date;
  get diagnostics loaded := row_count;

  raise info 'store_sales: % lines of %', loaded, p_run_date;
  commit;
exception when others then
  raise exception '[sp_load_fact_sales] %', sqlerrm;
end;
$$ language plpgsql;
