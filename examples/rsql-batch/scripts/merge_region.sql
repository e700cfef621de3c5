-- Replaces the rows of region that the staging table has, and adds the new ones.
begin;

delete from region
using stg_region
where region.r_regionkey = stg_region.r_regionkey;

\if :ERROR <> 0
    \remark 'The merge of region failed:' :ERRORCODE
    \remark :LAST_ERROR_MESSAGE
    \exit 1
\endif

\remark 'rows replaced in region:' :ACTIVITYCOUNT

insert into region
select * from stg_region;

\if :ERROR <> 0
    \remark 'The merge of region failed:' :ERRORCODE
    \remark :LAST_ERROR_MESSAGE
    \exit 1
\endif

\remark 'rows merged into region:' :ACTIVITYCOUNT

commit;
\exit 0
