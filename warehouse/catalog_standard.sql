-- The information schema as Redshift has it, and the SVV views over it. Users reach it by its own name: see ownCatalog in redshift/translate.
CREATE SCHEMA IF NOT EXISTS stepwell_information;

CREATE OR REPLACE VIEW stepwell_information.schemata AS
SELECT current_database_name AS catalog_name, nspname AS schema_name, pg_get_userbyid(nspowner) AS schema_owner
FROM stepwell_catalog.pg_namespace CROSS JOIN (SELECT coalesce((SELECT name FROM stepwell.database), 'dev') AS current_database_name);

CREATE OR REPLACE VIEW stepwell_information.tables AS
SELECT coalesce((SELECT name FROM stepwell.database), 'dev') AS table_catalog, t.table_schema, t.table_name,
    CASE WHEN m.view_name IS NULL THEN t.table_type ELSE 'VIEW' END AS table_type
FROM information_schema.tables t LEFT JOIN stepwell.materialized_view m ON m.schema_name = t.table_schema AND m.view_name = t.table_name
WHERE t.table_catalog = system.main.current_database() AND t.table_schema NOT IN ('stepwell', 'stepwell_catalog', 'stepwell_information');

CREATE OR REPLACE VIEW stepwell_information.views AS
SELECT coalesce((SELECT name FROM stepwell.database), 'dev') AS table_catalog, schema_name AS table_schema, view_name AS table_name,
    sql AS view_definition, 'NONE' AS check_option, 'NO' AS is_updatable, 'NO' AS is_insertable_into
FROM duckdb_views() WHERE NOT internal AND database_name = system.main.current_database() AND schema_name NOT IN ('stepwell', 'stepwell_catalog', 'stepwell_information');

CREATE OR REPLACE VIEW stepwell_information.columns AS
SELECT coalesce((SELECT name FROM stepwell.database), 'dev') AS table_catalog, c.table_schema, c.table_name, c.column_name, c.ordinal_position,
    CASE WHEN f.identity_seed IS NOT NULL THEN if(f.identity_by_default, 'default_identity(0, 0, ''', '"identity"(0, 0, ''') || f.identity_seed || ',' || f.identity_step || '''::text)'
        ELSE coalesce(f.default_text, CASE WHEN f.column_name IS NULL THEN c.column_default END) END AS column_default,
    CASE WHEN coalesce(f.not_null, c.is_nullable = 'NO') THEN 'NO' ELSE 'YES' END AS is_nullable, regexp_replace(x.declared, '\(.*\)', '') AS data_type,
    CASE WHEN starts_with(x.declared, 'character') THEN CAST(nullif(regexp_extract(x.declared, '\((\d+)\)', 1), '') AS INTEGER) END AS character_maximum_length,
    CAST(NULL AS INTEGER) AS character_octet_length,
    CASE WHEN starts_with(x.declared, 'numeric') THEN coalesce(CAST(nullif(regexp_extract(x.declared, '\((\d+)', 1), '') AS INTEGER), 18)
        ELSE CASE x.declared WHEN 'smallint' THEN 16 WHEN 'integer' THEN 32 WHEN 'bigint' THEN 64 WHEN 'real' THEN 24 WHEN 'double precision' THEN 53 END END AS numeric_precision,
    CASE WHEN x.declared IN ('smallint', 'integer', 'bigint', 'real', 'double precision') THEN 2 WHEN starts_with(x.declared, 'numeric') THEN 10 END AS numeric_precision_radix,
    CASE WHEN starts_with(x.declared, 'numeric') THEN coalesce(CAST(nullif(regexp_extract(x.declared, ',\s*(\d+)', 1), '') AS INTEGER), 0)
        WHEN x.declared IN ('smallint', 'integer', 'bigint') THEN 0 END AS numeric_scale,
    CASE WHEN starts_with(x.declared, 'time') THEN 6 END AS datetime_precision, CAST(NULL AS VARCHAR) AS interval_type, CAST(NULL AS VARCHAR) AS interval_precision,
    CAST(NULL AS VARCHAR) AS character_set_catalog, CAST(NULL AS VARCHAR) AS character_set_schema, CAST(NULL AS VARCHAR) AS character_set_name,
    CAST(NULL AS VARCHAR) AS collation_catalog, CAST(NULL AS VARCHAR) AS collation_schema, CAST(NULL AS VARCHAR) AS collation_name,
    CAST(NULL AS VARCHAR) AS domain_name, k.text AS remarks
FROM information_schema.columns c LEFT JOIN stepwell.column_fact f
    ON f.schema_name = c.table_schema AND f.table_name = c.table_name AND f.column_name = c.column_name
    LEFT JOIN stepwell.comment k ON k.schema_name = c.table_schema AND k.object_name = c.table_name AND k.column_name = c.column_name
    CROSS JOIN LATERAL (SELECT stepwell_catalog.declared_type(f.type, c.data_type) AS declared) x
WHERE c.table_catalog = system.main.current_database() AND c.table_schema NOT IN ('stepwell', 'stepwell_catalog', 'stepwell_information');

CREATE OR REPLACE VIEW stepwell_information.table_constraints AS
SELECT d.name AS constraint_catalog, f.schema_name AS constraint_schema, f.constraint_name, d.name AS table_catalog, f.schema_name AS table_schema, f.table_name,
    f.kind AS constraint_type, 'NO' AS is_deferrable, 'NO' AS initially_deferred
FROM stepwell.constraint_fact f CROSS JOIN (SELECT coalesce((SELECT name FROM stepwell.database), 'dev') AS name) d;

CREATE OR REPLACE VIEW stepwell_information.key_column_usage AS
SELECT d.name AS constraint_catalog, f.schema_name AS constraint_schema, f.constraint_name, d.name AS table_catalog, f.schema_name AS table_schema, f.table_name,
    unnest(string_split(f.columns, ', ')) AS column_name, generate_subscripts(string_split(f.columns, ', '), 1) AS ordinal_position
FROM stepwell.constraint_fact f CROSS JOIN (SELECT coalesce((SELECT name FROM stepwell.database), 'dev') AS name) d;

CREATE OR REPLACE VIEW stepwell_catalog.svv_tables AS
SELECT t.*, k.text AS remarks FROM stepwell_information.tables t
    LEFT JOIN stepwell.comment k ON k.schema_name = t.table_schema AND k.object_name = t.table_name AND k.column_name = '';

CREATE OR REPLACE VIEW stepwell_catalog.svv_columns AS SELECT * FROM stepwell_information.columns;

CREATE OR REPLACE VIEW stepwell_catalog.svv_all_tables AS
SELECT table_catalog AS database_name, table_schema AS schema_name, table_name, CASE table_type WHEN 'BASE TABLE' THEN 'TABLE' ELSE table_type END AS table_type,
    CAST(NULL AS VARCHAR) AS table_acl, remarks FROM stepwell_catalog.svv_tables;

CREATE OR REPLACE VIEW stepwell_catalog.svv_redshift_tables AS SELECT * FROM stepwell_catalog.svv_all_tables;

CREATE OR REPLACE VIEW stepwell_catalog.svv_all_columns AS
SELECT table_catalog AS database_name, table_schema AS schema_name, table_name, column_name, ordinal_position, column_default, is_nullable, data_type,
    character_maximum_length, numeric_precision, numeric_scale, remarks FROM stepwell_information.columns;

CREATE OR REPLACE VIEW stepwell_catalog.svv_redshift_columns AS SELECT * FROM stepwell_catalog.svv_all_columns;

CREATE OR REPLACE VIEW stepwell_catalog.svv_all_schemas AS
SELECT catalog_name AS database_name, schema_name, 100 AS schema_owner, 'local' AS schema_type, CAST(NULL AS VARCHAR) AS schema_acl,
    CAST(NULL AS VARCHAR) AS source_database, CAST(NULL AS VARCHAR) AS schema_option FROM stepwell_information.schemata;

CREATE OR REPLACE VIEW stepwell_catalog.svv_redshift_schemas AS SELECT * FROM stepwell_catalog.svv_all_schemas;

CREATE OR REPLACE VIEW stepwell_catalog.svv_redshift_databases AS
SELECT datname AS database_name, datdba AS database_owner, 'local' AS database_type, CAST(NULL AS VARCHAR) AS database_acl,
    CAST(NULL AS VARCHAR) AS database_options, 'Serializable' AS database_isolation_level FROM stepwell_catalog.pg_database;

CREATE OR REPLACE VIEW stepwell_catalog.svv_redshift_functions AS
SELECT coalesce((SELECT name FROM stepwell.database), 'dev') AS database_name, n.nspname AS schema_name, p.proname AS function_name,
    CASE p.prokind WHEN 'p' THEN 'STORED PROCEDURE' ELSE 'REGULAR FUNCTION' END AS function_type, p.inputs AS argument_type, p.result AS result_type
FROM stepwell_catalog.pg_proc p JOIN stepwell_catalog.pg_namespace n ON n.oid = p.pronamespace
