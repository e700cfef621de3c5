CREATE OR REPLACE VIEW stepwell_catalog.pg_class AS
SELECT c.oid, c.relname, c.relnamespace, 0 AS reltype, 0 AS reloftype, 100 AS relowner, 0 AS relam, 0 AS relfilenode, 0 AS reltablespace, 0 AS relpages,
    c.reltuples, 0 AS reltoastrelid, 0 AS reltoastidxid, false AS relhasindex, false AS relisshared, c.relkind, c.relnatts,
    CAST(0 AS SMALLINT) AS relchecks, 0 AS reltriggers, false AS relhasoids, false AS relhaspkey, false AS relhasrules,
    false AS relhastriggers, false AS relhassubclass, 'p' AS relpersistence, false AS relispartition, CAST(NULL AS VARCHAR) AS relacl
FROM pg_catalog.pg_class c JOIN stepwell_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v');

-- What a macro reads has names that no argument has, because an argument is put into its text as it stands.
CREATE OR REPLACE VIEW stepwell_catalog.pg_table_place AS
SELECT c.oid AS place_oid, n.nspname AS place_schema FROM stepwell_catalog.pg_class c JOIN stepwell_catalog.pg_namespace n ON n.oid = c.relnamespace;

CREATE OR REPLACE MACRO stepwell_catalog.pg_table_is_visible(o) AS exists (SELECT 1 FROM stepwell_catalog.pg_table_place
    WHERE place_oid = o AND contains(',' || replace(current_setting('search_path'), '"', '') || ',', ',' || place_schema || ','));

CREATE OR REPLACE VIEW stepwell_catalog.pg_type AS
SELECT t.oid, t.typname, 11 AS typnamespace, 1 AS typowner, t.typlen, 'b' AS typtype, t.typcategory, true AS typisdefined, ',' AS typdelim, 0 AS typrelid,
    0 AS typelem, 0 AS typarray, t.typname || 'in' AS typinput, t.typname || 'out' AS typoutput, false AS typnotnull, 0 AS typbasetype, -1 AS typtypmod, 0 AS typcollation, t.spelled
FROM (VALUES (16, 'bool', 1, 'B', 'boolean'), (17, 'bytea', -1, 'U', 'bytea'), (19, 'name', 64, 'S', 'name'), (20, 'int8', 8, 'N', 'bigint'), (21, 'int2', 2, 'N', 'smallint'),
    (23, 'int4', 4, 'N', 'integer'), (25, 'text', -1, 'S', 'text'), (26, 'oid', 4, 'N', 'oid'), (700, 'float4', 4, 'N', 'real'), (701, 'float8', 8, 'N', 'double precision'),
    (1042, 'bpchar', -1, 'S', 'character'), (1043, 'varchar', -1, 'S', 'character varying'), (1082, 'date', 4, 'D', 'date'),
    (1083, 'time', 8, 'D', 'time without time zone'), (1114, 'timestamp', 8, 'D', 'timestamp without time zone'),
    (1184, 'timestamptz', 8, 'D', 'timestamp with time zone'), (1186, 'interval', 16, 'T', 'interval'), (1266, 'timetz', 12, 'D', 'time with time zone'),
    (1700, 'numeric', -1, 'N', 'numeric'), (4000, 'super', -1, 'U', 'super'), (6551, 'varbyte', -1, 'U', 'binary varying')) t (oid, typname, typlen, typcategory, spelled);

CREATE OR REPLACE VIEW stepwell_catalog.pg_attribute AS
SELECT a.attrelid, a.attname, coalesce(t.oid, 1043) AS atttypid, -1 AS attstattarget, coalesce(t.typlen, -1) AS attlen, a.attnum, 0 AS attndims, -1 AS attcacheoff,
    CASE WHEN t.oid IN (1042, 1043) THEN coalesce(CAST(nullif(regexp_extract(x.declared, '\((\d+)\)', 1), '') AS INTEGER) + 4, -1)
        WHEN t.oid = 1700 THEN coalesce(CAST(nullif(regexp_extract(x.declared, '\((\d+)', 1), '') AS INTEGER) * 65536
            + coalesce(CAST(nullif(regexp_extract(x.declared, ',(\d+)', 1), '') AS INTEGER), 0) + 4, -1)
        ELSE -1 END AS atttypmod,
    coalesce(f.not_null, a.attnotnull) AS attnotnull, f.default_text IS NOT NULL AS atthasdef, '' AS attidentity, '' AS attgenerated,
    false AS attisdropped, true AS attislocal, 0 AS attinhcount, 0 AS attcollation, coalesce(f.dist_key, false) AS attisdistkey,
    coalesce(f.sort_key, 0) AS attsortkeyord, f.default_text
FROM pg_catalog.pg_attribute a JOIN stepwell_catalog.pg_class c ON c.oid = a.attrelid JOIN stepwell_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN stepwell.column_fact f ON f.schema_name = n.nspname AND f.table_name = c.relname AND f.column_name = a.attname
    LEFT JOIN duckdb_columns() k ON k.table_oid = a.attrelid AND k.column_name = a.attname AND k.schema_name = n.nspname
    CROSS JOIN LATERAL (SELECT coalesce(f.type, CASE k.data_type WHEN 'VARCHAR' THEN 'character varying' WHEN 'DOUBLE' THEN 'double precision' WHEN 'FLOAT' THEN 'real'
        WHEN 'BLOB' THEN 'binary varying' WHEN 'JSON' THEN 'super' ELSE lower(replace(k.data_type, 'DECIMAL', 'numeric')) END) AS declared) x
    LEFT JOIN stepwell_catalog.pg_type t ON t.spelled = regexp_replace(x.declared, '\(.*\)', '')
        OR t.spelled = regexp_replace(x.declared, '\(.*\)', '') || ' without time zone';

CREATE OR REPLACE VIEW stepwell_catalog.pg_attrdef AS
SELECT 0 AS oid, attrelid AS adrelid, attnum AS adnum, default_text AS adbin, default_text AS adsrc FROM stepwell_catalog.pg_attribute WHERE atthasdef;

CREATE OR REPLACE MACRO stepwell_catalog.pg_get_expr(expression, relation) AS expression, (expression, relation, pretty) AS expression;

CREATE OR REPLACE VIEW stepwell_catalog.pg_collation AS SELECT 0 AS oid, 'default' AS collname WHERE false;

CREATE OR REPLACE VIEW stepwell_catalog.pg_inherits AS SELECT 0 AS inhrelid, 0 AS inhparent, 0 AS inhseqno, false AS inhdetachpending WHERE false;

CREATE OR REPLACE VIEW stepwell_catalog.pg_database AS
SELECT 1 AS oid, coalesce((SELECT name FROM stepwell.database), 'dev') AS datname, 100 AS datdba, 6 AS encoding, 'C' AS datcollate, 'C' AS datctype,
    false AS datistemplate, true AS datallowconn, CAST(NULL AS VARCHAR[]) AS datacl;

CREATE OR REPLACE VIEW stepwell_catalog.pg_roles AS
SELECT usename AS rolname, true AS rolsuper, true AS rolinherit, true AS rolcreaterole, true AS rolcreatedb, true AS rolcanlogin, -1 AS rolconnlimit,
    CAST(NULL AS TIMESTAMP) AS rolvaliduntil, false AS rolreplication, usesysid AS oid FROM stepwell_catalog.pg_user;

CREATE OR REPLACE VIEW stepwell_catalog.pg_proc AS
SELECT 200000 + p.rowid AS oid, p.procedure_name AS proname, n.oid AS pronamespace, 100 AS proowner, false AS proisagg, false AS proiswindow, 'p' AS prokind,
    false AS proretset, 'void' AS prorettype, p.inputs, p.definition AS prosrc
FROM stepwell.procedure p JOIN stepwell_catalog.pg_namespace n ON n.nspname = p.schema_name;

CREATE OR REPLACE MACRO stepwell_catalog.pg_get_userbyid(o) AS CASE o WHEN 100 THEN coalesce(CAST(getvariable('rs_user') AS VARCHAR), 'awsuser') ELSE 'rdsdb' END;

CREATE OR REPLACE MACRO stepwell_catalog.pg_encoding_to_char(n) AS 'UNICODE';

CREATE OR REPLACE MACRO stepwell_catalog.pg_get_function_result(o) AS 'void';

CREATE OR REPLACE MACRO stepwell_catalog.pg_get_function_arguments(o) AS (SELECT place_inputs FROM (SELECT oid AS place_oid, inputs AS place_inputs FROM stepwell_catalog.pg_proc) WHERE place_oid = o);

CREATE OR REPLACE MACRO stepwell_catalog.pg_function_is_visible(o) AS true;

CREATE OR REPLACE MACRO stepwell_catalog.format_type(o, modifier) AS (SELECT place_type FROM (SELECT oid AS place_oid, spelled AS place_type FROM stepwell_catalog.pg_type)
    WHERE place_oid = o) || CASE WHEN coalesce(modifier, -1) < 4 THEN '' WHEN o = 1700
    THEN '(' || (modifier - 4) // 65536 || ',' || (modifier - 4) % 65536 || ')' ELSE '(' || (modifier - 4) || ')' END
