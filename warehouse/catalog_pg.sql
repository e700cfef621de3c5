CREATE OR REPLACE VIEW stepwell_catalog.pg_class AS
SELECT c.oid, c.relname, c.relnamespace, 0 AS reltype, 0 AS reloftype, 100 AS relowner, 0 AS relam, 0 AS relfilenode, 0 AS reltablespace, 0 AS relpages,
    c.reltuples, 0 AS reltoastrelid, 0 AS reltoastidxid, k.table_oid IS NOT NULL AS relhasindex, false AS relisshared, c.relkind, c.relnatts,
    CAST(0 AS SMALLINT) AS relchecks, 0 AS reltriggers, false AS relhasoids, k.table_oid IS NOT NULL AS relhaspkey, false AS relhasrules,
    false AS relhastriggers, false AS relhassubclass, 'p' AS relpersistence, false AS relispartition, CAST(NULL AS VARCHAR) AS relacl,
    CAST(NULL AS VARCHAR[]) AS reloptions
FROM pg_catalog.pg_class c JOIN stepwell_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN (SELECT DISTINCT table_oid FROM stepwell_catalog.constraint_place WHERE kind <> 'FOREIGN KEY') k ON k.table_oid = c.oid
WHERE c.relkind IN ('r', 'v')
UNION ALL
SELECT 300000 + p.id, p.constraint_name, p.schema_oid, 0, 0, 100, 403, 0, 0, 0, 0, 0, 0, false, false, 'i', len(p.attnums), 0, 0, false, false, false, false, false,
    'p', false, NULL, NULL
FROM stepwell_catalog.constraint_place p WHERE p.kind <> 'FOREIGN KEY';

-- The settings are told to the connection when a statement asks for them.
CREATE OR REPLACE VIEW stepwell_catalog.pg_settings AS
SELECT key AS name, value ->> '$' AS setting, CAST(NULL AS VARCHAR) AS unit, 'session' AS category, CAST(NULL AS VARCHAR) AS short_desc, 'user' AS context, 'string' AS vartype,
    'session' AS source FROM json_each(coalesce(CAST(getvariable('rs_settings') AS VARCHAR), '{}'))
UNION ALL SELECT name, setting, NULL, 'preset', NULL, 'internal', 'integer', 'default' FROM (VALUES ('max_index_keys', '32'), ('max_identifier_length', '127'),
    ('server_version', '8.0.2'), ('server_encoding', 'UTF8'), ('block_size', '8192')) preset (name, setting);

CREATE OR REPLACE MACRO stepwell_catalog.current_setting(n) AS coalesce((SELECT min(setting_text) FROM (SELECT name AS setting_name, setting AS setting_text
    FROM stepwell_catalog.pg_settings) WHERE setting_name = lower(n)), error('unrecognized configuration parameter "' || n || '"')),
    (n, missing_ok) AS (SELECT min(setting_text) FROM (SELECT name AS setting_name, setting AS setting_text FROM stepwell_catalog.pg_settings) WHERE setting_name = lower(n));

CREATE OR REPLACE MACRO stepwell_catalog.set_config(n, v, is_local) AS CASE WHEN n IS NULL THEN CAST(v AS VARCHAR)
    ELSE error('set_config is supported only alone, as in SELECT set_config(''name'', ''value'', false)') END;

CREATE OR REPLACE MACRO stepwell_catalog.rs_on_path(s) AS contains(',' || replace(system.main.current_setting('search_path'), '"', '') || ',', ',' || s || ',');

-- What a macro reads has names that no argument has, because an argument is put into its text as it stands.
CREATE OR REPLACE MACRO stepwell_catalog.pg_table_is_visible(o) AS exists (SELECT 1 FROM (SELECT oid AS place_oid, schema_name AS place_schema FROM stepwell_catalog.relation)
    WHERE place_oid = o AND rs_on_path(place_schema)) OR exists (SELECT 1 FROM (SELECT 300000 + rowid AS place_oid, schema_name AS place_schema FROM stepwell.constraint_fact)
    WHERE place_oid = o AND rs_on_path(place_schema));

-- Sizes are not known table by table.
CREATE OR REPLACE MACRO stepwell_catalog.pg_table_size(o) AS CAST(NULL AS BIGINT);
CREATE OR REPLACE MACRO stepwell_catalog.pg_relation_size(o) AS CAST(NULL AS BIGINT);
CREATE OR REPLACE MACRO stepwell_catalog.pg_total_relation_size(o) AS CAST(NULL AS BIGINT);

CREATE OR REPLACE MACRO stepwell_catalog.pg_get_viewdef(o, pretty := true) AS (SELECT min(place_text) FROM (SELECT view_oid AS place_oid, sql AS place_text FROM duckdb_views()
    WHERE database_name = system.main.current_database()) WHERE place_oid = o);

CREATE OR REPLACE VIEW stepwell_catalog.pg_type AS
SELECT t.oid, t.typname, 11 AS typnamespace, 1 AS typowner, t.typlen, if(t.oid = 2278, 'p', 'b') AS typtype, t.typcategory, true AS typisdefined, ',' AS typdelim, 0 AS typrelid,
    0 AS typelem, 0 AS typarray, t.typname || 'in' AS typinput, t.typname || 'out' AS typoutput, false AS typnotnull, 0 AS typbasetype, -1 AS typtypmod, 0 AS typcollation, CAST(NULL AS VARCHAR) AS typdefault,
    CAST(NULL AS VARCHAR) AS typacl, t.spelled
FROM (VALUES (16, 'bool', 1, 'B', 'boolean'), (17, 'bytea', -1, 'U', 'bytea'), (19, 'name', 64, 'S', 'name'), (20, 'int8', 8, 'N', 'bigint'), (21, 'int2', 2, 'N', 'smallint'),
    (23, 'int4', 4, 'N', 'integer'), (25, 'text', -1, 'S', 'text'), (26, 'oid', 4, 'N', 'oid'), (700, 'float4', 4, 'N', 'real'), (701, 'float8', 8, 'N', 'double precision'),
    (1042, 'bpchar', -1, 'S', 'character'), (1043, 'varchar', -1, 'S', 'character varying'), (1082, 'date', 4, 'D', 'date'),
    (1083, 'time', 8, 'D', 'time without time zone'), (1114, 'timestamp', 8, 'D', 'timestamp without time zone'),
    (1184, 'timestamptz', 8, 'D', 'timestamp with time zone'), (1186, 'interval', 16, 'T', 'interval'), (1266, 'timetz', 12, 'D', 'time with time zone'),
    (1700, 'numeric', -1, 'N', 'numeric'), (2278, 'void', 4, 'P', 'void'), (4000, 'super', -1, 'U', 'super'), (6551, 'varbyte', -1, 'U', 'binary varying')) t (oid, typname, typlen, typcategory, spelled);

-- The type of a column as Redshift spells it: the declared one, else the backend's.
CREATE OR REPLACE MACRO stepwell_catalog.declared_type(fact, backend) AS coalesce(fact, CASE backend WHEN 'VARCHAR' THEN 'character varying' WHEN 'DOUBLE' THEN 'double precision'
    WHEN 'FLOAT' THEN 'real' WHEN 'BLOB' THEN 'binary varying' WHEN 'JSON' THEN 'super' WHEN 'TIMESTAMP' THEN 'timestamp without time zone'
    WHEN 'TIME' THEN 'time without time zone' ELSE lower(replace(backend, 'DECIMAL', 'numeric')) END);

CREATE OR REPLACE VIEW stepwell_catalog.pg_attribute AS
SELECT a.attrelid, a.attname, coalesce(t.oid, 1043) AS atttypid, -1 AS attstattarget, coalesce(t.typlen, -1) AS attlen, a.attnum, 0 AS attndims, -1 AS attcacheoff,
    CASE WHEN t.oid IN (1042, 1043) THEN coalesce(CAST(nullif(regexp_extract(x.declared, '\((\d+)\)', 1), '') AS INTEGER) + 4, -1)
        WHEN t.oid = 1700 THEN coalesce(CAST(nullif(regexp_extract(x.declared, '\((\d+)', 1), '') AS INTEGER) * 65536
            + coalesce(CAST(nullif(regexp_extract(x.declared, ',(\d+)', 1), '') AS INTEGER), 0) + 4, -1)
        ELSE -1 END AS atttypmod,
    coalesce(f.not_null, a.attnotnull) AS attnotnull, f.default_text IS NOT NULL AS atthasdef, '' AS attidentity, '' AS attgenerated,
    false AS attisdropped, true AS attislocal, 0 AS attinhcount, 0 AS attcollation, coalesce(f.dist_key, false) AS attisdistkey,
    CAST(NULL AS VARCHAR[]) AS attacl, 'x' AS attstorage, '' AS attcompression, coalesce(f.sort_key, 0) AS attsortkeyord, f.default_text
FROM pg_catalog.pg_attribute a JOIN stepwell_catalog.pg_class c ON c.oid = a.attrelid JOIN stepwell_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN stepwell.column_fact f ON f.schema_name = n.nspname AND f.table_name = c.relname AND f.column_name = a.attname
    LEFT JOIN duckdb_columns() k ON k.table_oid = a.attrelid AND k.column_name = a.attname AND k.schema_name = n.nspname
    CROSS JOIN LATERAL (SELECT stepwell_catalog.declared_type(f.type, k.data_type) AS declared) x
    LEFT JOIN stepwell_catalog.pg_type t ON t.spelled = regexp_replace(x.declared, '\(.*\)', '')
        OR t.spelled = regexp_replace(x.declared, '\(.*\)', '') || ' without time zone';

CREATE OR REPLACE VIEW stepwell_catalog.pg_attrdef AS
SELECT 0 AS oid, attrelid AS adrelid, attnum AS adnum, default_text AS adbin, default_text AS adsrc FROM stepwell_catalog.pg_attribute WHERE atthasdef;

CREATE OR REPLACE MACRO stepwell_catalog.pg_get_expr(expression, relation) AS expression, (expression, relation, pretty) AS expression;

CREATE OR REPLACE VIEW stepwell_catalog.pg_collation AS SELECT 0 AS oid, 'default' AS collname WHERE false;

CREATE OR REPLACE VIEW stepwell_catalog.pg_inherits AS SELECT 0 AS inhrelid, 0 AS inhparent, 0 AS inhseqno, false AS inhdetachpending WHERE false;

CREATE OR REPLACE VIEW stepwell_catalog.pg_database AS
SELECT 1 AS oid, coalesce((SELECT name FROM stepwell.database), 'dev') AS datname, 100 AS datdba, 6 AS encoding, 'C' AS datcollate, 'C' AS datctype,
    false AS datistemplate, true AS datallowconn, CAST(NULL AS VARCHAR[]) AS datacl, 1663 AS dattablespace;

CREATE OR REPLACE VIEW stepwell_catalog.pg_tablespace AS SELECT 1663 AS oid, 'pg_default' AS spcname, 100 AS spcowner;

CREATE OR REPLACE MACRO stepwell_catalog.pg_database_size(o) AS CAST(NULL AS BIGINT);

CREATE OR REPLACE MACRO stepwell_catalog.pg_tablespace_location(o) AS '';

CREATE OR REPLACE VIEW stepwell_catalog.pg_auth_members AS SELECT 0 AS roleid, 0 AS member, 0 AS grantor, false AS admin_option WHERE false;

CREATE OR REPLACE VIEW stepwell_catalog.pg_group AS SELECT CAST(NULL AS VARCHAR) AS groname, 0 AS grosysid, CAST(NULL AS VARCHAR) AS grolist WHERE false;

CREATE OR REPLACE MACRO stepwell_catalog.shobj_description(o, class) AS CAST(NULL AS VARCHAR);

CREATE OR REPLACE VIEW stepwell_catalog.pg_roles AS
SELECT usename AS rolname, true AS rolsuper, true AS rolinherit, true AS rolcreaterole, true AS rolcreatedb, true AS rolcanlogin, -1 AS rolconnlimit,
    CAST(NULL AS TIMESTAMP) AS rolvaliduntil, false AS rolreplication, false AS rolbypassrls, usesysid AS oid FROM stepwell_catalog.pg_user;

CREATE OR REPLACE VIEW stepwell_catalog.routine AS
SELECT 200000 + rowid AS oid, schema_name, procedure_name AS name, 'p' AS kind, inputs, 'void' AS result, definition FROM stepwell.procedure
UNION ALL SELECT 250000 + rowid, schema_name, function_name, 'f', inputs, result, definition FROM stepwell.function;

CREATE OR REPLACE VIEW stepwell_catalog.pg_proc AS
SELECT p.oid, p.name AS proname, n.oid AS pronamespace, 100 AS proowner, p.kind AS prolang, false AS proisagg, false AS proiswindow, p.kind AS prokind,
    false AS prosecdef, false AS proisstrict, false AS proretset, 'v' AS provolatile, len(string_split(nullif(p.inputs, ''), ', ')) AS pronargs,
    coalesce(t.oid, 1043) AS prorettype, coalesce(a.oids, '') AS proargtypes,
    CAST(NULL AS VARCHAR[]) AS proargnames, CAST(NULL AS VARCHAR[]) AS proargmodes, CAST(NULL AS VARCHAR[]) AS proallargtypes,
    CAST(NULL AS VARCHAR) AS proacl, p.inputs, p.result, p.definition AS prosrc
FROM stepwell_catalog.routine p JOIN stepwell_catalog.pg_namespace n ON n.nspname = p.schema_name LEFT JOIN stepwell_catalog.pg_type t ON t.spelled = p.result
    LEFT JOIN (SELECT i.oid, string_agg(CAST(coalesce(t.oid, 1043) AS VARCHAR), ' ' ORDER BY i.position) AS oids
        FROM (SELECT oid, unnest(string_split(inputs, ', ')) AS spelled, generate_subscripts(string_split(inputs, ', '), 1) AS position
            FROM stepwell_catalog.routine WHERE inputs <> '') i LEFT JOIN stepwell_catalog.pg_type t ON t.spelled = i.spelled GROUP BY i.oid) a ON a.oid = p.oid;

CREATE OR REPLACE MACRO stepwell_catalog.rs_regtype(given) AS coalesce((SELECT min(place_oid) FROM (SELECT oid AS place_oid, typname AS place_name, spelled AS place_spelled
    FROM stepwell_catalog.pg_type) WHERE replace(lower(given), 'pg_catalog.', '') IN (place_name, place_spelled)), 0);

CREATE OR REPLACE MACRO stepwell_catalog.rs_relation_name(o) AS (SELECT min(place_name) FROM (SELECT oid AS place_oid, name AS place_name FROM stepwell_catalog.relation)
    WHERE place_oid = CAST(o AS BIGINT));

CREATE OR REPLACE VIEW stepwell_catalog.pg_language AS
SELECT oid, lanname, lanispl, true AS lanpltrusted, 0 AS lanplcallfoid, 0 AS lanvalidator, CAST(NULL AS VARCHAR) AS lanacl
FROM (VALUES ('f', 'sql', false), ('p', 'plpgsql', true)) t (oid, lanname, lanispl);

-- The backend has its casts built in and lists none.
CREATE OR REPLACE VIEW stepwell_catalog.pg_cast AS SELECT 0 AS oid, 0 AS castsource, 0 AS casttarget, 0 AS castfunc, 'e' AS castcontext WHERE false;

-- There are no external schemas.
CREATE OR REPLACE VIEW stepwell_catalog.svv_external_tables AS
SELECT n AS schemaname, n AS tablename, n AS tabletype, n AS location, n AS input_format, n AS output_format, n AS serialization_lib, n AS serde_parameters,
    0 AS compressed, n AS parameters FROM (SELECT CAST('' AS VARCHAR) AS n) t WHERE false;

CREATE OR REPLACE VIEW stepwell_catalog.svv_external_columns AS
SELECT n AS schemaname, n AS tablename, n AS columnname, n AS external_type, 0 AS columnnum, 0 AS part_key, n AS is_nullable
FROM (SELECT CAST('' AS VARCHAR) AS n) t WHERE false;

CREATE OR REPLACE VIEW stepwell_catalog.pg_description AS
SELECT c.oid AS objoid, 1259 AS classoid, coalesce(a.column_index, 0) AS objsubid, k.text AS description
FROM stepwell.comment k JOIN stepwell_catalog.relation c ON c.schema_name = k.schema_name AND c.name = k.object_name
    LEFT JOIN duckdb_columns() a ON a.table_oid = c.oid AND a.schema_oid = c.schema_oid AND a.column_name = k.column_name
WHERE k.column_name = '' OR a.column_index IS NOT NULL;

CREATE OR REPLACE MACRO stepwell_catalog.col_description(o, n) AS (SELECT max(place_text) FROM (SELECT objoid AS place_oid, objsubid AS place_column, description AS place_text
    FROM stepwell_catalog.pg_description) WHERE place_oid = o AND place_column = n);

CREATE OR REPLACE MACRO stepwell_catalog.obj_description(o, class := '') AS (SELECT max(place_text) FROM (SELECT objoid AS place_oid, objsubid AS place_column, description AS place_text
    FROM stepwell_catalog.pg_description) WHERE place_oid = o AND place_column = 0);

CREATE OR REPLACE MACRO stepwell_catalog.rs_regclass(given) AS coalesce(
    CASE given WHEN 'pg_class' THEN 1259 WHEN 'pg_proc' THEN 1255 WHEN 'pg_constraint' THEN 2606 WHEN 'pg_type' THEN 1247 WHEN 'pg_namespace' THEN 2615 END,
    (SELECT min(place_oid) FROM (SELECT oid AS place_oid, name AS place_name, schema_name AS place_schema FROM stepwell_catalog.relation)
        WHERE place_schema || '.' || place_name = lower(given) OR place_name = lower(given) AND rs_on_path(place_schema)),
    error('relation "' || given || '" does not exist'));

CREATE OR REPLACE MACRO stepwell_catalog.pg_get_userbyid(o) AS CASE o WHEN 100 THEN coalesce(CAST(getvariable('rs_user') AS VARCHAR), 'awsuser') ELSE 'rdsdb' END;

CREATE OR REPLACE MACRO stepwell_catalog.pg_encoding_to_char(n) AS 'UNICODE';

CREATE OR REPLACE MACRO stepwell_catalog.pg_get_function_result(o) AS (SELECT place_result FROM (SELECT oid AS place_oid, result AS place_result FROM stepwell_catalog.pg_proc) WHERE place_oid = o);

CREATE OR REPLACE MACRO stepwell_catalog.pg_get_function_arguments(o) AS (SELECT place_inputs FROM (SELECT oid AS place_oid, inputs AS place_inputs FROM stepwell_catalog.pg_proc) WHERE place_oid = o);

CREATE OR REPLACE MACRO stepwell_catalog.pg_function_is_visible(o) AS true;

CREATE OR REPLACE MACRO stepwell_catalog.format_type(o, modifier) AS (SELECT place_type FROM (SELECT oid AS place_oid, spelled AS place_type FROM stepwell_catalog.pg_type)
    WHERE place_oid = o) || CASE WHEN coalesce(modifier, -1) < 4 THEN '' WHEN o = 1700
    THEN '(' || (modifier - 4) // 65536 || ',' || (modifier - 4) % 65536 || ')' ELSE '(' || (modifier - 4) || ')' END
