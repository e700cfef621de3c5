CREATE SCHEMA IF NOT EXISTS stepwell;

CREATE TABLE IF NOT EXISTS stepwell.database (name VARCHAR NOT NULL);

CREATE TABLE IF NOT EXISTS stepwell.mark (
    token VARCHAR NOT NULL, ordinal INTEGER NOT NULL, tag VARCHAR NOT NULL, row_count BIGINT NOT NULL, made TIMESTAMP NOT NULL);

CREATE TABLE IF NOT EXISTS stepwell.table_fact (
    schema_name VARCHAR NOT NULL, table_name VARCHAR NOT NULL,
    dist_style VARCHAR NOT NULL, sort_style VARCHAR NOT NULL, backup BOOLEAN NOT NULL);

CREATE TABLE IF NOT EXISTS stepwell.column_fact (
    schema_name VARCHAR NOT NULL, table_name VARCHAR NOT NULL, column_name VARCHAR NOT NULL, ordinal INTEGER NOT NULL,
    type VARCHAR NOT NULL, not_null BOOLEAN NOT NULL, default_text VARCHAR,
    identity_seed BIGINT, identity_step BIGINT, identity_by_default BOOLEAN,
    encode VARCHAR NOT NULL, dist_key BOOLEAN NOT NULL, sort_key INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS stepwell.constraint_fact (
    schema_name VARCHAR NOT NULL, table_name VARCHAR NOT NULL, constraint_name VARCHAR NOT NULL, kind VARCHAR NOT NULL,
    columns VARCHAR NOT NULL, referenced VARCHAR NOT NULL);

CREATE TABLE IF NOT EXISTS stepwell.view_reference (
    schema_name VARCHAR NOT NULL, view_name VARCHAR NOT NULL, referenced_schema VARCHAR NOT NULL, referenced_name VARCHAR NOT NULL);

CREATE TABLE IF NOT EXISTS stepwell.materialized_view (
    schema_name VARCHAR NOT NULL, view_name VARCHAR NOT NULL, query VARCHAR NOT NULL);

CREATE TABLE IF NOT EXISTS stepwell.comment (
    schema_name VARCHAR NOT NULL, object_name VARCHAR NOT NULL, column_name VARCHAR NOT NULL, text VARCHAR NOT NULL);

CREATE TABLE IF NOT EXISTS stepwell.procedure (
    schema_name VARCHAR NOT NULL, procedure_name VARCHAR NOT NULL, inputs VARCHAR NOT NULL, definition VARCHAR NOT NULL);

CREATE TABLE IF NOT EXISTS stepwell.function (
    schema_name VARCHAR NOT NULL, function_name VARCHAR NOT NULL, inputs VARCHAR NOT NULL, result VARCHAR NOT NULL, definition VARCHAR NOT NULL);

DELETE FROM stepwell.mark WHERE made < CURRENT_TIMESTAMP - INTERVAL '7' DAY;

CREATE OR REPLACE VIEW stepwell_catalog.pg_table_def AS
SELECT schema_name AS schemaname, table_name AS tablename, column_name AS "column", type,
    CASE encode WHEN '' THEN 'none' ELSE encode END AS encoding, dist_key AS distkey, sort_key AS sortkey, not_null AS "notnull"
FROM stepwell.column_fact ORDER BY schema_name, table_name, ordinal;

CREATE OR REPLACE VIEW stepwell_catalog.svv_table_info AS
SELECT coalesce((SELECT name FROM stepwell.database), 'dev') AS database, t.schema_name AS schema, t.table_name AS "table",
    CASE WHEN exists (SELECT 1 FROM stepwell.column_fact c WHERE c.schema_name = t.schema_name AND c.table_name = t.table_name AND c.encode NOT IN ('', 'raw'))
        THEN 'Y' ELSE 'N' END AS encoded,
    CASE t.dist_style WHEN 'KEY' THEN 'KEY(' || (SELECT min(c.column_name) FROM stepwell.column_fact c
        WHERE c.schema_name = t.schema_name AND c.table_name = t.table_name AND c.dist_key) || ')' ELSE t.dist_style END AS diststyle,
    (SELECT min(c.column_name) FROM stepwell.column_fact c
        WHERE c.schema_name = t.schema_name AND c.table_name = t.table_name AND c.sort_key = 1) AS sortkey1,
    (SELECT max(c.sort_key) FROM stepwell.column_fact c
        WHERE c.schema_name = t.schema_name AND c.table_name = t.table_name) AS sortkey_num
FROM stepwell.table_fact t;

CREATE OR REPLACE VIEW stepwell_catalog.pg_namespace AS
SELECT oid, schema_name AS nspname, 100 AS nspowner, CAST(NULL AS VARCHAR) AS nspacl FROM duckdb_schemas()
WHERE NOT internal AND database_name <> 'functions' AND schema_name NOT IN ('stepwell', 'stepwell_catalog', 'stepwell_information')
UNION ALL SELECT * FROM (VALUES (11, 'pg_catalog', 1, NULL), (12, 'information_schema', 1, NULL));

CREATE OR REPLACE VIEW stepwell_catalog.pg_user AS
SELECT coalesce(CAST(getvariable('rs_user') AS VARCHAR), 'awsuser') AS usename, 100 AS usesysid, true AS usecreatedb, true AS usesuper,
    false AS usecatupd, '********' AS passwd, CAST(NULL AS TIMESTAMP) AS valuntil, CAST(NULL AS VARCHAR) AS useconfig;
