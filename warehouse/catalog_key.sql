-- Keys in the shape of PostgreSQL's catalog. None of them is enforced, and no index stands behind them.
ALTER TABLE stepwell.constraint_fact ADD COLUMN IF NOT EXISTS referenced_columns VARCHAR;

-- The tables and views of users. Most of the catalog stands on it, because binding views inside views takes long.
CREATE OR REPLACE VIEW stepwell_catalog.relation AS
SELECT table_oid AS oid, schema_oid, schema_name, table_name AS name FROM duckdb_tables()
WHERE database_name = system.main.current_database() AND NOT internal AND schema_name NOT IN ('stepwell', 'stepwell_catalog', 'stepwell_information')
UNION ALL SELECT view_oid, schema_oid, schema_name, view_name FROM duckdb_views()
WHERE database_name = system.main.current_database() AND NOT internal AND schema_name NOT IN ('stepwell', 'stepwell_catalog', 'stepwell_information');

CREATE OR REPLACE VIEW stepwell_catalog.constraint_key AS
SELECT f.id, list(k.column_index ORDER BY f.position) AS attnums
FROM (SELECT rowid AS id, schema_name, table_name, unnest(string_split(columns, ', ')) AS column_name,
        generate_subscripts(string_split(columns, ', '), 1) AS position FROM stepwell.constraint_fact) f
    JOIN duckdb_columns() k ON k.database_name = system.main.current_database() AND k.schema_name = f.schema_name AND k.table_name = f.table_name AND k.column_name = f.column_name
GROUP BY f.id;

CREATE OR REPLACE VIEW stepwell_catalog.constraint_place AS
SELECT f.rowid AS id, f.schema_name, f.table_name, f.constraint_name, f.kind, f.columns, f.referenced, f.referenced_columns, c.schema_oid, c.oid AS table_oid, k.attnums,
    if(contains(f.referenced, '.'), split_part(f.referenced, '.', 1), f.schema_name) AS referenced_schema,
    if(contains(f.referenced, '.'), split_part(f.referenced, '.', 2), f.referenced) AS referenced_table
FROM stepwell.constraint_fact f JOIN stepwell_catalog.relation c ON c.schema_name = f.schema_name AND c.name = f.table_name
    LEFT JOIN stepwell_catalog.constraint_key k ON k.id = f.rowid;

CREATE OR REPLACE VIEW stepwell_catalog.pg_constraint AS
SELECT 100000 + p.id AS oid, p.constraint_name AS conname, p.schema_oid AS connamespace,
    CASE p.kind WHEN 'FOREIGN KEY' THEN 'f' WHEN 'UNIQUE' THEN 'u' ELSE 'p' END AS contype, false AS condeferrable, false AS condeferred, false AS convalidated,
    p.table_oid AS conrelid, 0 AS contypid, CASE WHEN p.kind = 'FOREIGN KEY' THEN coalesce(r.id, -1) ELSE p.id END + 300000 AS conindid, 0 AS conparentid,
    coalesce(r.table_oid, 0) AS confrelid, 'a' AS confupdtype, 'a' AS confdeltype, 's' AS confmatchtype, p.attnums AS conkey, r.attnums AS confkey,
    p.kind || ' (' || p.columns || ')' || CASE p.referenced WHEN '' THEN '' ELSE ' REFERENCES ' || p.referenced
        || coalesce('(' || coalesce(nullif(p.referenced_columns, ''), r.columns) || ')', '') END AS definition
FROM stepwell_catalog.constraint_place p LEFT JOIN stepwell_catalog.constraint_place r ON p.kind = 'FOREIGN KEY' AND r.kind IN ('PRIMARY KEY', 'UNIQUE')
    AND r.schema_name = p.referenced_schema AND r.table_name = p.referenced_table
    AND (coalesce(p.referenced_columns, '') = '' AND r.kind = 'PRIMARY KEY' OR r.columns = p.referenced_columns);

CREATE OR REPLACE MACRO stepwell_catalog.pg_get_constraintdef(o, pretty := true) AS (SELECT place_text FROM (SELECT oid AS place_oid, definition AS place_text
    FROM stepwell_catalog.pg_constraint) WHERE place_oid = o);

CREATE OR REPLACE VIEW stepwell_catalog.pg_index AS
SELECT 300000 + p.id AS indexrelid, p.table_oid AS indrelid, len(p.attnums) AS indnatts, true AS indisunique, p.kind = 'PRIMARY KEY' AS indisprimary,
    false AS indisclustered, true AS indisvalid, true AS indimmediate, false AS indisreplident, p.attnums AS indkey, CAST(NULL AS VARCHAR) AS indexprs, CAST(NULL AS VARCHAR) AS indpred,
    'CREATE UNIQUE INDEX ' || p.constraint_name || ' ON ' || p.constraint_name || ' USING btree (' || p.columns || ')' AS definition, p.columns
FROM stepwell_catalog.constraint_place p WHERE p.kind IN ('PRIMARY KEY', 'UNIQUE');

CREATE OR REPLACE MACRO stepwell_catalog.pg_get_indexdef(o, place := 0, pretty := true) AS (SELECT CASE place WHEN 0 THEN place_text ELSE string_split(place_columns, ', ')[place] END
    FROM (SELECT indexrelid AS place_oid, definition AS place_text, columns AS place_columns FROM stepwell_catalog.pg_index) WHERE place_oid = o);

CREATE OR REPLACE VIEW stepwell_catalog.pg_am AS SELECT 403 AS oid, 'btree' AS amname, 'i' AS amtype;

CREATE OR REPLACE VIEW stepwell_catalog.pg_depend AS
SELECT 2606 AS classid, oid AS objid, 0 AS objsubid, 1259 AS refclassid, conindid AS refobjid, 0 AS refobjsubid, 'n' AS deptype
FROM stepwell_catalog.pg_constraint;

-- What JDBC's driver asks of arrays.
CREATE OR REPLACE MACRO stepwell_catalog.rs_schemas(implicit) AS list_filter(if(implicit, ['pg_catalog'], []) || string_split(replace(system.main.current_setting('search_path'), '"', ''), ','),
    lambda s: s NOT IN ('stepwell_catalog', 'functions.redshift'));

CREATE OR REPLACE MACRO stepwell_catalog.array_upper(a, dimension) AS len(a);

CREATE OR REPLACE MACRO stepwell_catalog._pg_expandarray(a) AS unnest(list_transform(a, lambda v, i: {'x': v, 'n': i}))
