-- Loads the extract of region into its staging table.
create table if not exists region (
    r_regionkey integer not null,
    r_name      char(25) not null,
    r_comment   varchar(152) not null
)
diststyle all
sortkey (r_regionkey);

create table if not exists stg_region (like region);

truncate stg_region;

copy stg_region
from 's3://${DATA_BUCKET_NAME}/region/'
iam_role '${COPY_IAM_ROLE_ARN}'
lzop
delimiter '|'
compupdate preset;

\if :ERROR <> 0
    \remark 'The copy of region failed:' :ERRORCODE
    \remark :LAST_ERROR_MESSAGE
    \exit 1
\endif

\remark 'rows copied into stg_region:' :ACTIVITYCOUNT
\exit 0
