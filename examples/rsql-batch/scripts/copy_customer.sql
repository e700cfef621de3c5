-- Loads the extract of customer into its staging table.
create table if not exists customer (
    c_custkey    bigint not null,
    c_name       varchar(25) not null,
    c_address    varchar(40) not null,
    c_nationkey  integer not null,
    c_phone      char(15) not null,
    c_acctbal    decimal(12,2) not null,
    c_mktsegment char(10) not null,
    c_comment    varchar(117) not null
)
diststyle key distkey (c_custkey)
sortkey (c_custkey);

create table if not exists stg_customer (like customer);

truncate stg_customer;

copy stg_customer
from 's3://${DATA_BUCKET_NAME}/customer/'
iam_role '${COPY_IAM_ROLE_ARN}'
lzop
delimiter '|'
compupdate preset;

\if :ERROR <> 0
    \remark 'The copy of customer failed:' :ERRORCODE
    \remark :LAST_ERROR_MESSAGE
    \exit 1
\endif

\remark 'rows copied into stg_customer:' :ACTIVITYCOUNT
\exit 0
