-- Gives the space of replaced rows back and renews the statistics. VACUUM runs outside of transactions.
vacuum customer;
\if :ERROR <> 0
    \goto FAILED
\endif
analyze customer;
\if :ERROR <> 0
    \goto FAILED
\endif

vacuum region;
analyze region;
vacuum nation;
analyze nation;
\if :ERROR <> 0
    \goto FAILED
\endif

select 'customer' as "table", count(*) as "rows" from customer
union all select 'nation', count(*) from nation
union all select 'region', count(*) from region
order by 1;

\exit 0

\label FAILED
\remark 'Vacuum and analyze failed:' :ERRORCODE
\remark :LAST_ERROR_MESSAGE
\exit 1
