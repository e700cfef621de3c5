-- Replaces the rows of customer that the staging table has, and adds the new ones.
begin;

delete from customer
using stg_customer
where customer.c_custkey = stg_customer.c_custkey;

\if :ERROR <> 0
    \remark 'The merge of customer failed:' :ERRORCODE
    \remark :LAST_ERROR_MESSAGE
    \exit 1
\endif

\remark 'rows replaced in customer:' :ACTIVITYCOUNT

insert into customer
select * from stg_customer;

\if :ERROR <> 0
    \remark 'The merge of customer failed:' :ERRORCODE
    \remark :LAST_ERROR_MESSAGE
    \exit 1
\endif

\remark 'rows merged into customer:' :ACTIVITYCOUNT

commit;
\exit 0
