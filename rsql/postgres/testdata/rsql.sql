create table item (id int not null, name varchar(10) default 'x');
\d item
create view svv_external_tables as select 'ext'::text as schemaname, 'sales'::text as tablename, 's3://b/sales'::text as location, 'text'::text as input_format,
'text'::text as output_format, 'lib'::text as serialization_lib, '{}'::text as serde_parameters, '{"a":1}'::text as parameters;
create view svv_external_columns as select 'ext'::text as schemaname, 'sales'::text as tablename, 'id'::text as columnname, 'int'::text as external_type,
1 as columnnum, 0 as part_key, 'true'::text as is_nullable;
\de
\de ext.sales
\de ext.nothing
\dC+ circle
\dL plpgsql
\dtS pg_cast
\dfp
\set QUIET on
create role loader login;
\set QUIET off
\logon - loader
select current_user, :'USER' as user_variable;
copy item from stdin;
do $$ begin raise notice 'told'; end $$;
select no_such(1);
\remark :ERRORCODE
\conninfo
select pg_terminate_backend(pg_backend_pid());
\remark never
