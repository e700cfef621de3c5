-- Type 1: the addresses of a day replace those that are known, and new ones are added.
\set s3datareadrolevar 'aws_iam_role=' :s3datareadrole
\set s3loc 's3://' :databucket '/customer_address/date=' :dt '/'

begin transaction;

drop table if exists public.stg_customer_address;
create table public.stg_customer_address (
    ca_address_id     char(16) encode lzo,
    ca_street_number  varchar(10) encode lzo,
    ca_street_name    varchar(60) encode lzo,
    ca_city           varchar(60) encode lzo,
    ca_state          char(2) encode lzo,
    ca_zip            char(10) encode lzo
) backup no diststyle even;

copy public.stg_customer_address from :'s3loc'
credentials :'s3datareadrolevar'
delimiter '~' gzip;

update public.customer_address
set ca_street_number = s.ca_street_number,
    ca_street_name = s.ca_street_name,
    ca_city = s.ca_city,
    ca_state = s.ca_state,
    ca_zip = s.ca_zip
from public.stg_customer_address s
where public.customer_address.ca_address_id = s.ca_address_id;

insert into public.customer_address
select known.last_sk + row_number() over (order by s.ca_address_id),
       s.ca_address_id, s.ca_street_number, s.ca_street_name, s.ca_city, s.ca_state, s.ca_zip
from public.stg_customer_address s
cross join (select max(ca_address_sk) as last_sk from public.customer_address) known
left join public.customer_address t on t.ca_address_id = s.ca_address_id
where t.ca_address_id is null;

drop table public.stg_customer_address;

end transaction;
