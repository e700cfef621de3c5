-- The first state of the warehouse, unless it is there: nine tables and their data, all of it or nothing.
\set s3datareadrolevar 'aws_iam_role=' :s3datareadrole

select count(*) > 0 as loaded from pg_tables where schemaname = 'public' and tablename = 'store_sales' \gset
\if :loaded
    \echo The warehouse is loaded.
    \quit
\endif

begin transaction;

create table public.date_dim (
    d_date_sk   integer not null encode az64,
    d_date      date not null encode az64,
    d_year      integer encode az64,
    d_moy       integer encode az64,
    d_day_name  char(9) encode zstd,
    primary key (d_date_sk)
) diststyle all sortkey (d_date);

create table public.time_dim (
    t_time_sk  integer not null encode az64,
    t_time     integer not null encode az64,
    t_hour     integer encode az64,
    t_minute   integer encode az64,
    primary key (t_time_sk)
) diststyle all sortkey (t_time);

create table public.customer_demographics (
    cd_demo_sk            integer not null encode az64,
    cd_gender             char(1) encode zstd,
    cd_marital_status     char(1) encode zstd,
    cd_education_status   char(20) encode zstd,
    cd_purchase_estimate  integer encode az64,
    cd_dep_count          integer encode az64,
    primary key (cd_demo_sk)
) diststyle all sortkey (cd_demo_sk);

create table public.household_demographics (
    hd_demo_sk         integer not null encode az64,
    hd_income_band_sk  integer encode az64,
    hd_buy_potential   char(15) encode zstd,
    hd_dep_count       integer encode az64,
    hd_vehicle_count   integer encode az64,
    primary key (hd_demo_sk)
) diststyle all sortkey (hd_demo_sk);

create table public.customer_address (
    ca_address_sk     integer not null encode az64,
    ca_address_id     char(16) not null encode zstd,
    ca_street_number  varchar(10) encode zstd,
    ca_street_name    varchar(60) encode zstd,
    ca_city           varchar(60) encode zstd,
    ca_state          char(2) encode zstd,
    ca_zip            char(10) encode zstd,
    primary key (ca_address_sk)
) distkey (ca_address_sk);

create table public.customer (
    c_customer_sk      integer not null encode az64,
    c_customer_id      char(16) not null encode zstd,
    c_current_addr_sk  integer encode az64 references public.customer_address (ca_address_sk),
    c_first_name       char(20) encode zstd,
    c_last_name        char(30) encode zstd,
    primary key (c_customer_sk)
) distkey (c_customer_sk);

-- A version of an item or store is current while its end date is open.
create table public.item (
    i_item_sk         integer not null encode az64,
    i_rec_start_date  date encode az64,
    i_rec_end_date    date encode az64,
    i_item_id         char(16) not null encode zstd,
    i_item_desc       varchar(200) encode zstd,
    i_category        char(50) encode zstd,
    i_current_price   decimal(7,2) encode az64,
    primary key (i_item_sk)
) distkey (i_item_sk) sortkey (i_category);

create table public.store (
    s_store_sk        integer not null encode az64,
    s_store_id        char(16) not null encode zstd,
    s_rec_start_date  date encode az64,
    s_rec_end_date    date encode az64,
    s_city            varchar(60) encode zstd,
    primary key (s_store_sk)
) diststyle all;

create table public.promotion (
    p_promo_sk    integer not null encode az64,
    p_promo_id    char(16) not null encode zstd,
    p_promo_name  char(50) encode zstd,
    primary key (p_promo_sk)
) diststyle all;

create table public.store_sales (
    ss_sold_date_sk        integer encode az64 references public.date_dim (d_date_sk),
    ss_sold_time_sk        integer encode az64 references public.time_dim (t_time_sk),
    ss_item_sk             integer encode az64 references public.item (i_item_sk),
    ss_customer_sk         integer encode az64 references public.customer (c_customer_sk),
    ss_cdemo_sk            integer encode az64 references public.customer_demographics (cd_demo_sk),
    ss_hdemo_sk            integer encode az64 references public.household_demographics (hd_demo_sk),
    ss_addr_sk             integer encode az64 references public.customer_address (ca_address_sk),
    ss_store_sk            integer encode az64 references public.store (s_store_sk),
    ss_promo_sk            integer encode az64 references public.promotion (p_promo_sk),
    ss_ticket_number       integer not null encode az64,
    ss_quantity            integer encode az64,
    ss_wholesale_cost      numeric(7,2) encode az64,
    ss_list_price          numeric(7,2) encode az64,
    ss_sales_price         numeric(7,2) encode az64,
    ss_ext_discount_amt    numeric(7,2) encode az64,
    ss_ext_sales_price     numeric(7,2) encode az64,
    ss_ext_wholesale_cost  numeric(7,2) encode az64,
    ss_ext_list_price      numeric(7,2) encode az64,
    ss_ext_tax             numeric(7,2) encode az64,
    ss_coupon_amt          numeric(7,2) encode az64,
    ss_net_paid            numeric(7,2) encode az64,
    ss_net_paid_inc_tax    numeric(7,2) encode az64,
    ss_net_profit          numeric(7,2) encode az64
) distkey (ss_item_sk) sortkey (ss_sold_date_sk);

\set base 's3://' :databucket '/base/'
\set s3loc :base 'date_dim.gz'
copy public.date_dim from :'s3loc' credentials :'s3datareadrolevar' delimiter '~' gzip;
\set s3loc :base 'time_dim.gz'
copy public.time_dim from :'s3loc' credentials :'s3datareadrolevar' delimiter '~' gzip;
\set s3loc :base 'customer_demographics.gz'
copy public.customer_demographics from :'s3loc' credentials :'s3datareadrolevar' delimiter '~' gzip;
\set s3loc :base 'household_demographics.gz'
copy public.household_demographics from :'s3loc' credentials :'s3datareadrolevar' delimiter '~' gzip;
\set s3loc :base 'customer_address.gz'
copy public.customer_address from :'s3loc' credentials :'s3datareadrolevar' delimiter '~' gzip;
\set s3loc :base 'customer.gz'
copy public.customer from :'s3loc' credentials :'s3datareadrolevar' delimiter '~' gzip;
\set s3loc :base 'item.gz'
copy public.item (i_item_sk, i_rec_start_date, i_item_id, i_item_desc, i_category, i_current_price)
from :'s3loc' credentials :'s3datareadrolevar' delimiter '~' gzip;
\set s3loc :base 'store.gz'
copy public.store (s_store_sk, s_store_id, s_rec_start_date, s_city)
from :'s3loc' credentials :'s3datareadrolevar' delimiter '~' gzip;
\set s3loc :base 'promotion.gz'
copy public.promotion from :'s3loc' credentials :'s3datareadrolevar' delimiter '~' gzip;
\set s3loc :base 'store_sales/'
copy public.store_sales from :'s3loc' credentials :'s3datareadrolevar' delimiter '~' gzip;

end transaction;

analyze public.store_sales;
