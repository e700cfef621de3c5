-- Loads the extract of nation into its staging table.
create table if not exists nation (
    n_nationkey integer not null,
    n_name      char(25) not null,
    n_regionkey integer not null,
    n_comment   varchar(152) not null
)
diststyle all
sortkey (n_nationkey);

create table if not exists stg_nation (like nation);

truncate stg_nation;

copy stg_nation
from 's3://${DATA_BUCKET_NAME}/nation/'
iam_role '${COPY_IAM_ROLE_ARN}'
lzop
delimiter '|'
compupdate preset;

\if :ERROR <> 0
    \remark 'The copy of nation failed:' :ERRORCODE
    \remark :LAST_ERROR_MESSAGE
    \exit 1
\endif

\remark 'rows copied into stg_nation:' :ACTIVITYCOUNT
\exit 0
