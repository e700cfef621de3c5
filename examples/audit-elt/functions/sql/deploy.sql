-- Tables and procedures. All of it can run again: what is there stays.

create table if not exists public.nation (
  n_nationkey  integer not null encode az64,
  n_name       char(25) encode zstd,
  primary key (n_nationkey)
) diststyle all;

create table if not exists public.supplier (
  s_suppkey    integer not null encode az64,
  s_name       char(25) encode zstd,
  s_address    varchar(40) encode zstd,
  s_nationkey  integer encode az64 references public.nation (n_nationkey),
  s_phone      char(15) encode zstd,
  s_acctbal    decimal(12, 2) encode az64,
  primary key (s_suppkey)
) diststyle all;

create table if not exists public.customer (
  c_custkey     integer not null encode az64,
  c_name        varchar(25) encode zstd,
  c_address     varchar(40) encode zstd,
  c_nationkey   integer encode az64 references public.nation (n_nationkey),
  c_phone       char(15) encode zstd,
  c_acctbal     decimal(12, 2) encode az64,
  c_mktsegment  char(10) encode zstd,
  primary key (c_custkey)
) distkey (c_custkey) sortkey (c_custkey);

create table if not exists public.orders (
  o_orderkey    integer not null encode az64,
  o_custkey     integer encode az64,
  o_orderdate   date encode az64,
  primary key (o_orderkey)
) distkey (o_orderkey) sortkey (o_orderdate);

create table if not exists public.lineitem (
  l_orderkey       integer not null encode az64,
  l_linenumber     smallint not null encode az64,
  l_suppkey        integer encode az64,
  l_quantity       decimal(12, 2) encode az64,
  l_extendedprice  decimal(12, 2) encode az64,
  l_discount       decimal(12, 2) encode az64,
  primary key (l_orderkey, l_linenumber)
) distkey (l_orderkey) sortkey (l_orderkey);

-- What suppliers sold to each nation in a year.
create table if not exists public.fact_yearly_sale (
  sale_year          smallint not null encode az64,
  supplier_key       integer not null encode az64,
  supplier_nation    char(25) encode zstd,
  customer_nation    char(25) not null encode zstd,
  orders             bigint encode az64,
  quantity           decimal(18, 2) encode az64,
  revenue            decimal(18, 4) encode az64,
  primary key (sale_year, supplier_key, customer_nation)
) distkey (supplier_key) sortkey (sale_year);

create table if not exists public.stg_supplier (like public.supplier);
create table if not exists public.stg_customer (like public.customer);


create or replace procedure public.sp_load_supplier()
as $$
begin
  merge into public.supplier using public.stg_supplier s on public.supplier.s_suppkey = s.s_suppkey
  when matched then update set s_name = s.s_name, s_address = s.s_address, s_nationkey = s.s_nationkey, s_phone = s.s_phone,
    s_acctbal = s.s_acctbal
  when not matched then insert values (s.s_suppkey, s.s_name, s.s_address, s.s_nationkey, s.s_phone, s.s_acctbal);
end;
$$ language plpgsql;


create or replace procedure public.sp_load_customer()
as $$
declare
  changed integer;
  added integer;
begin
  update public.customer
  set c_name = s.c_name, c_address = s.c_address, c_nationkey = s.c_nationkey, c_phone = s.c_phone, c_acctbal = s.c_acctbal,
    c_mktsegment = s.c_mktsegment
  from public.stg_customer s
  where public.customer.c_custkey = s.c_custkey;
  get diagnostics changed := row_count;

  insert into public.customer
  select s.* from public.stg_customer s
  left join public.customer c on c.c_custkey = s.c_custkey
  where c.c_custkey is null;
  get diagnostics added := row_count;
  raise info 'customer: % updated, % added', changed, added;
end;
$$ language plpgsql;


-- The years of the orders at hand are taken out and computed anew, so loading them twice changes nothing.
create or replace procedure public.sp_load_fact_yearly_sale()
as $$
begin
  delete from public.fact_yearly_sale
  where sale_year in (select distinct extract(year from o_orderdate)::smallint from public.orders);

  insert into public.fact_yearly_sale
  select extract(year from o.o_orderdate)::smallint, l.l_suppkey, sn.n_name, cn.n_name,
         count(distinct o.o_orderkey), sum(l.l_quantity), sum(l.l_extendedprice * (1 - l.l_discount))
  from public.lineitem l
  join public.orders o on o.o_orderkey = l.l_orderkey
  join public.supplier s on s.s_suppkey = l.l_suppkey
  join public.nation sn on sn.n_nationkey = s.s_nationkey
  join public.customer c on c.c_custkey = o.o_custkey
  join public.nation cn on cn.n_nationkey = c.c_nationkey
  group by 1, 2, 3, 4;
end;
$$ language plpgsql;
