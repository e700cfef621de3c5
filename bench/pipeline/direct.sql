-- The same refresh as examples/sales-pipeline, written for DuckDB by hand: what the work costs without Stepwell.
-- $data stands for the folder of the extracts.
create table date_dim (d_date_sk integer, d_date date, d_year smallint, d_month smallint, d_day_name varchar);
create table customer (c_customer_sk integer, c_customer_id varchar, c_current_addr_sk integer, c_first_name varchar,
  c_last_name varchar, c_email_address varchar);
create table customer_address (ca_address_sk integer, ca_address_id varchar, ca_street varchar, ca_city varchar, ca_zip varchar,
  ca_country varchar, ca_updated date);
create sequence item_key;
create table item (i_item_sk bigint default nextval('item_key'), i_item_id varchar, i_item_desc varchar, i_category varchar,
  i_current_price decimal(7, 2), i_rec_start_date date, i_rec_end_date date);
create table store_sales (ss_sold_date_sk integer, ss_ticket_number bigint, ss_line smallint, ss_store_sk integer,
  ss_item_sk bigint, ss_customer_sk integer, ss_quantity integer, ss_sales_price decimal(7, 2), ss_net_paid decimal(9, 2));
copy date_dim from '$data/base/date_dim.gz' (delimiter '~', header false);
copy customer from '$data/base/customer.gz' (delimiter '~', header false);
copy customer_address from '$data/base/customer_address.gz' (delimiter '~', header false);
copy item (i_item_id, i_item_desc, i_category, i_current_price, i_rec_start_date) from '$data/base/item.gz' (delimiter '~', header false);

begin;
create temp table stg_customer_address as select * from customer_address limit 0;
copy stg_customer_address from '$data/customer_address/2026-03-01/changes.gz' (delimiter '~', header false);
update customer_address t set ca_street = s.ca_street, ca_city = s.ca_city, ca_zip = s.ca_zip, ca_country = s.ca_country,
  ca_updated = date '2026-03-01' from stg_customer_address s where t.ca_address_sk = s.ca_address_sk;
insert into customer_address select s.* replace (date '2026-03-01' as ca_updated) from stg_customer_address s
  where s.ca_address_sk not in (select ca_address_sk from customer_address);
commit;

begin;
create temp table stg_item (i_item_id varchar, i_item_desc varchar, i_category varchar, i_current_price decimal(7, 2));
copy stg_item from '$data/item/2026-03-01/changes.gz' (delimiter '~', header false);
update item t set i_rec_end_date = date '2026-02-28' from stg_item s
  where t.i_item_id = s.i_item_id and t.i_rec_end_date is null
    and (t.i_item_desc <> s.i_item_desc or t.i_category <> s.i_category or t.i_current_price <> s.i_current_price);
insert into item (i_item_id, i_item_desc, i_category, i_current_price, i_rec_start_date)
  select s.*, date '2026-03-01' from stg_item s
  where s.i_item_id not in (select i_item_id from item where i_rec_end_date is null);
commit;

begin;
create table stg_store_sales (sold_date date, ticket_number bigint, line smallint, store_sk integer, item_id varchar,
  customer_id varchar, quantity integer, sales_price decimal(7, 2));
copy stg_store_sales from '$data/store_sales/2026-03-01/*.gz' (delimiter '~', header false);
delete from store_sales where ss_sold_date_sk in (select d_date_sk from date_dim where d_date = date '2026-03-01');
insert into store_sales
  select d.d_date_sk, s.ticket_number, s.line, s.store_sk, i.i_item_sk, c.c_customer_sk, s.quantity, s.sales_price,
    s.quantity * s.sales_price
  from stg_store_sales s join date_dim d on d.d_date = s.sold_date
  join item i on i.i_item_id = s.item_id and i.i_rec_start_date <= date '2026-03-01'
    and (i.i_rec_end_date is null or i.i_rec_end_date >= date '2026-03-01')
  left join customer c on c.c_customer_id = s.customer_id;
commit;

select 1 // case when (select count(*) from stg_store_sales) = count(*)
  and count(*) = count(distinct ss_ticket_number::varchar || '-' || ss_line::varchar) then 1 end from store_sales;
select 1 // case when count(*) = count(distinct i_item_id) then 1 end from item where i_rec_end_date is null;
select (select count(*) from customer), (select count(*) from customer_address), (select count(*) from date_dim),
  (select count(*) from item), (select count(*) from store_sales);
