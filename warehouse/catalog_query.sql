CREATE TABLE IF NOT EXISTS stepwell.query (
    id BIGINT NOT NULL, parent BIGINT, text VARCHAR, length BIGINT, kind VARCHAR, tag VARCHAR, user_name VARCHAR, database VARCHAR, pid BIGINT, xid BIGINT,
    label VARCHAR, started TIMESTAMP, ended TIMESTAMP, waited BIGINT, status VARCHAR, row_count BIGINT, error VARCHAR, code VARCHAR, line BIGINT, col BIGINT,
    notices BIGINT, notice VARCHAR, reads VARCHAR, writes VARCHAR, source VARCHAR, target VARCHAR, files BIGINT, bytes BIGINT, rejected BIGINT,
    execution VARCHAR, state VARCHAR, task BIGINT, job VARCHAR, request VARCHAR, statement VARCHAR, origin VARCHAR);

CREATE TABLE IF NOT EXISTS stepwell.query_number (next BIGINT NOT NULL);

CREATE TABLE IF NOT EXISTS stepwell.table_writer (
    table_name VARCHAR NOT NULL, query BIGINT, kind VARCHAR, row_count BIGINT, written TIMESTAMP, origin VARCHAR);

CREATE TABLE IF NOT EXISTS stepwell.table_edge (
    source VARCHAR NOT NULL, target VARCHAR NOT NULL, query BIGINT, row_count BIGINT, written TIMESTAMP, origin VARCHAR);

-- Redshift logs queries, definitions and the rest in tables of their own.
CREATE OR REPLACE VIEW stepwell.query_typed AS
SELECT *, CASE WHEN kind IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY', 'UNLOAD') THEN kind WHEN kind = 'CREATE TABLE AS' THEN 'CTAS'
        WHEN kind SIMILAR TO '(CREATE|ALTER|DROP|TRUNCATE|COMMENT|REFRESH)( .*)?' THEN 'DDL' ELSE 'UTILITY' END AS type,
    CASE status WHEN 'aborted' THEN 'canceled' ELSE status END AS shown_status, regexp_replace(text, '[\n\r]', '\\n', 'g') AS line_text,
    date_diff('microsecond', started, coalesce(ended, CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP))) AS elapsed
FROM stepwell.query;

CREATE OR REPLACE VIEW stepwell_catalog.sys_query_history AS
SELECT 100 AS user_id, id AS query_id, label AS query_label, xid AS transaction_id, CAST(pid AS INTEGER) AS session_id, database AS database_name, type AS query_type,
    shown_status AS status, false AS result_cache_hit, started AS start_time, ended AS end_time, elapsed AS elapsed_time, CAST(0 AS BIGINT) AS queue_time,
    elapsed AS execution_time, left(error, 512) AS error_message, CASE WHEN kind = 'SELECT' THEN greatest(row_count, 0) ELSE 0 END AS returned_rows,
    CAST(0 AS BIGINT) AS returned_bytes, left(line_text, 4000) AS query_text, CAST('Redshift 8.0.2' AS VARCHAR) AS redshift_version, CAST(NULL AS VARCHAR) AS usage_limit,
    'primary' AS compute_type, CAST(0 AS BIGINT) AS compile_time, CAST(0 AS BIGINT) AS planning_time, waited AS lock_wait_time, 100 AS service_class_id,
    'Default queue' AS service_class_name, 'NORMAL' AS query_priority, 'false' AS short_query_accelerated, md5(text) AS user_query_hash, md5(lower(text)) AS generic_query_hash,
    1 AS query_hash_version, CAST(NULL AS BIGINT) AS result_cache_query_id
FROM stepwell.query_typed WHERE parent = 0;

CREATE OR REPLACE VIEW stepwell.query_piece AS
SELECT q.*, CAST(p.n AS INTEGER) AS sequence, substr(line_text, CAST(p.n * 200 + 1 AS BIGINT), 200) AS piece
FROM stepwell.query_typed q, LATERAL (SELECT unnest(range(greatest((length(q.line_text) + 199) // 200, 1))) AS n) p;

CREATE OR REPLACE VIEW stepwell_catalog.sys_query_text AS
SELECT 100 AS user_id, id AS query_id, xid AS transaction_id, CAST(pid AS INTEGER) AS session_id, started AS start_time, CAST(p.n AS INTEGER) AS sequence,
    substr(line_text, CAST(p.n * 4000 + 1 AS BIGINT), 4000) AS text
FROM stepwell.query_typed q, LATERAL (SELECT unnest(range(greatest((length(q.line_text) + 3999) // 4000, 1))) AS n) p WHERE q.parent = 0;

CREATE OR REPLACE VIEW stepwell_catalog.stl_query AS
SELECT 100 AS userid, CAST(id AS INTEGER) AS query, label, xid, CAST(pid AS INTEGER) AS pid, database, left(line_text, 4000) AS querytxt, started AS starttime, ended AS endtime,
    CASE WHEN status = 'success' THEN 0 ELSE 1 END AS aborted, 0 AS insert_pristine, 0 AS concurrency_scaling_status
FROM stepwell.query_typed WHERE type NOT IN ('DDL', 'UTILITY') AND status <> 'running';

CREATE OR REPLACE VIEW stepwell_catalog.stl_querytext AS
SELECT 100 AS userid, xid, CAST(pid AS INTEGER) AS pid, CAST(id AS INTEGER) AS query, sequence, piece AS text
FROM stepwell.query_piece WHERE type NOT IN ('DDL', 'UTILITY');

CREATE OR REPLACE VIEW stepwell_catalog.svl_statementtext AS
SELECT 100 AS userid, xid, CAST(pid AS INTEGER) AS pid, label, started AS starttime, ended AS endtime, sequence,
    CASE WHEN type IN ('DDL', 'UTILITY') THEN type ELSE 'QUERY' END AS type, piece AS text
FROM stepwell.query_piece;

CREATE OR REPLACE VIEW stepwell_catalog.stl_ddltext AS
SELECT userid, xid, pid, label, starttime, endtime, sequence, text FROM stepwell_catalog.svl_statementtext WHERE type = 'DDL';

CREATE OR REPLACE VIEW stepwell_catalog.stl_utilitytext AS
SELECT userid, xid, pid, label, starttime, endtime, sequence, text FROM stepwell_catalog.svl_statementtext WHERE type = 'UTILITY';

CREATE OR REPLACE VIEW stepwell_catalog.stv_recents AS
SELECT 100 AS userid, CASE status WHEN 'running' THEN 'Running' ELSE 'Done' END AS status, started AS starttime, elapsed AS duration, user_name, database AS db_name,
    left(line_text, 600) AS query, CASE status WHEN 'running' THEN CAST(pid AS INTEGER) ELSE -1 END AS pid
FROM (SELECT * FROM stepwell.query_typed WHERE parent = 0 ORDER BY id DESC LIMIT 100);

CREATE OR REPLACE VIEW stepwell_catalog.stv_inflight AS
SELECT 100 AS userid, 0 AS slice, CAST(id AS INTEGER) AS query, label, xid, CAST(pid AS INTEGER) AS pid, started AS starttime, left(line_text, 100) AS text,
    0 AS suspended, 0 AS insert_pristine, 0 AS concurrency_scaling_status
FROM stepwell.query_typed WHERE status = 'running';
