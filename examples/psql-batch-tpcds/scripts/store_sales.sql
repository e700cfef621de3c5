-- The sales of a day: the day is taken out and loaded anew, so loading it twice changes nothing.
\set s3datareadrolevar 'aws_iam_role=' :s3datareadrole
\set s3loc 's3://' :databucket '/store_sales/saledate=' :dt '/'

begin transaction;

drop table if exists public.stg_store_sales;
create table public.stg_store_sales (
    sold_date              date encode lzo,
    sold_time              integer encode lzo,
    i_item_id              char(16) encode lzo,
    c_customer_id          char(16) encode lzo,
    cd_demo_sk             integer encode lzo,
    hd_income_band_sk      integer encode lzo,
    hd_buy_potential       char(15) encode lzo,
    hd_dep_count           integer encode lzo,
    hd_vehicle_count       integer encode lzo,
    ca_address_id          char(16) encode lzo,
    s_store_id             char(16) encode lzo,
    p_promo_id             char(16) encode lzo,
    ss_ticket_number       integer encode lzo,
    ss_quantity            integer encode lzo,
    ss_wholesale_cost      numeric(7,2) encode lzo,
    ss_list_price          numeric(7,2) encode lzo,
    ss_sales_price         numeric(7,2) encode lzo,
    ss_ext_discount_amt    numeric(7,2) encode lzo,
    ss_ext_sales_price     numeric(7,2) encode lzo,
    ss_ext_wholesale_cost  numeric(7,2) encode lzo,
    ss_ext_list_price      numeric(7,2) encode lzo,
    ss_ext_tax             numeric(7,2) encode lzo,
    ss_coupon_amt          numeric(7,2) encode lzo,
    ss_net_paid            numeric(7,2) encode lzo,
    ss_net_paid_inc_tax    numeric(7,2) encode lzo,
    ss_net_profit          numeric(7,2) encode lzo
) backup no diststyle even;

copy public.stg_store_sales from :'s3loc'
credentials :'s3datareadrolevar'
delimiter '~' gzip;

delete from public.store_sales
where ss_sold_date_sk in (select d_date_sk from public.date_dim where d_date = :'dt');

insert into public.store_sales
select d.d_date_sk, t.t_time_sk, i.i_item_sk, c.c_customer_sk, cd.cd_demo_sk, hd.hd_demo_sk, ca.ca_address_sk, st.s_store_sk, p.p_promo_sk,
       s.ss_ticket_number, s.ss_quantity, s.ss_wholesale_cost, s.ss_list_price, s.ss_sales_price, s.ss_ext_discount_amt,
       s.ss_ext_sales_price, s.ss_ext_wholesale_cost, s.ss_ext_list_price, s.ss_ext_tax, s.ss_coupon_amt, s.ss_net_paid,
       s.ss_net_paid_inc_tax, s.ss_net_profit
from public.stg_store_sales s
join public.date_dim d on d.d_date = s.sold_date
left join public.time_dim t on t.t_time = s.sold_time
left join public.item i on i.i_item_id = s.i_item_id and i.i_rec_end_date is null
left join public.customer c on c.c_customer_id = s.c_customer_id
left join public.customer_demographics cd on cd.cd_demo_sk = s.cd_demo_sk
left join public.household_demographics hd
       on hd.hd_income_band_sk = s.hd_income_band_sk
      and hd.hd_buy_potential = s.hd_buy_potential
      and hd.hd_dep_count = s.hd_dep_count
      and hd.hd_vehicle_count = s.hd_vehicle_count
left join public.customer_address ca on ca.ca_address_id = s.ca_address_id
left join public.store st on st.s_store_id = s.s_store_id and st.s_rec_end_date is null
left join public.promotion p on p.p_promo_id = s.p_promo_id
where s.sold_date = :'dt';

drop table public.stg_store_sales;

end transaction;
