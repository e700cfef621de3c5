-- Replaces the rows of nation that the staging table has, and adds the new ones.
begin;

delete from nation
using stg_nation
where nation.n_nationkey = stg_nation.n_nationkey;

\if :ERROR <> 0
    \remark 'The merge of nation failed:' :ERRORCODE
    \remark :LAST_ERROR_MESSAGE
    \exit 1
\endif

\remark 'rows replaced in nation:' :ACTIVITYCOUNT

insert into nation
select * from stg_nation;

\if :ERROR <> 0
    \remark 'The merge of nation failed:' :ERRORCODE
    \remark :LAST_ERROR_MESSAGE
    \exit 1
\endif

\remark 'rows merged into nation:' :ACTIVITYCOUNT

commit;
\exit 0
