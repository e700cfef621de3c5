CREATE TABLE IF NOT EXISTS stepwell.load (
    query BIGINT NOT NULL, session INTEGER, status VARCHAR, table_name VARCHAR, start_time TIMESTAMP, end_time TIMESTAMP, data_source VARCHAR,
    file_format VARCHAR, loaded_rows BIGINT, loaded_bytes BIGINT, source_file_count INTEGER, source_file_bytes BIGINT,
    file_count_scanned INTEGER, file_bytes_scanned BIGINT, error_count BIGINT, copy_job_id BIGINT);

CREATE TABLE IF NOT EXISTS stepwell.load_file (
    query BIGINT NOT NULL, file_name VARCHAR, bytes_scanned BIGINT, lines_scanned BIGINT, start_time TIMESTAMP, end_time TIMESTAMP,
    file_etag VARCHAR, file_last_modified TIMESTAMP);

CREATE TABLE IF NOT EXISTS stepwell_catalog.stl_load_errors (
    userid INTEGER, slice INTEGER, tbl INTEGER, starttime TIMESTAMP, session INTEGER, query INTEGER, filename VARCHAR,
    line_number BIGINT, colname VARCHAR, type VARCHAR, col_length VARCHAR, position INTEGER, raw_line VARCHAR,
    raw_field_value VARCHAR, err_code INTEGER, err_reason VARCHAR, is_partial INTEGER, start_offset BIGINT);

ALTER TABLE stepwell_catalog.stl_load_errors ADD COLUMN IF NOT EXISTS copy_job_id BIGINT DEFAULT 0;

CREATE TABLE IF NOT EXISTS stepwell_catalog.stl_loaderror_detail (
    userid INTEGER, slice INTEGER, session INTEGER, query INTEGER, filename VARCHAR, line_number BIGINT, field INTEGER, colname VARCHAR,
    value VARCHAR, is_null INTEGER, type VARCHAR, col_length VARCHAR);

CREATE TABLE IF NOT EXISTS stepwell_catalog.stl_load_commits (
    userid INTEGER, query INTEGER, slice INTEGER, name VARCHAR, filename VARCHAR, byte_offset INTEGER, lines_scanned INTEGER,
    errors INTEGER, curtime TIMESTAMP, status INTEGER, file_format VARCHAR, is_partial INTEGER, start_offset BIGINT);

ALTER TABLE stepwell_catalog.stl_load_commits ADD COLUMN IF NOT EXISTS copy_job_id BIGINT DEFAULT 0;

CREATE TABLE IF NOT EXISTS stepwell_catalog.stl_replacements (
    userid INTEGER, query INTEGER, slice INTEGER, tbl INTEGER, starttime TIMESTAMP, session INTEGER, filename VARCHAR,
    line_number BIGINT, colname VARCHAR, raw_line VARCHAR);

CREATE OR REPLACE VIEW stepwell_catalog.sys_load_error_detail AS
SELECT userid AS user_id, CAST(query AS BIGINT) AS query_id, CAST(query AS BIGINT) AS transaction_id, session AS session_id,
    coalesce((SELECT name FROM stepwell.database), 'dev') AS database_name, tbl AS table_id, starttime AS start_time, filename AS file_name,
    line_number, colname AS column_name, type AS column_type, col_length AS column_length, position, err_code AS error_code,
    err_reason AS error_message
FROM stepwell_catalog.stl_load_errors;

CREATE OR REPLACE VIEW stepwell_catalog.sys_load_detail AS
SELECT 100 AS user_id, CAST(query AS INTEGER) AS query_id, file_name, CAST(bytes_scanned AS INTEGER) AS bytes_scanned,
    CAST(lines_scanned AS INTEGER) AS lines_scanned, end_time AS record_time, 1 AS splits_scanned, start_time, end_time, file_etag,
    file_last_modified
FROM stepwell.load_file;

CREATE OR REPLACE VIEW stepwell.load_running AS
SELECT unnest(from_json(CAST(coalesce(CAST(getvariable('rs_loads') AS VARCHAR), '[]') AS JSON), '[{"query":"BIGINT","session":"INTEGER","recordtime":"TIMESTAMP","started":"TIMESTAMP",
    "size":"BIGINT","plain":"BIGINT","bytes_read":"BIGINT","lines":"BIGINT","loaded":"BIGINT","files":"INTEGER","files_done":"INTEGER","current_file":"VARCHAR",
    "table_name":"VARCHAR","source":"VARCHAR","format":"VARCHAR","copy_job":"BIGINT"}]'), max_depth := 2);

CREATE OR REPLACE VIEW stepwell_catalog.stv_load_state AS
SELECT 100 AS userid, session, CAST(query AS INTEGER) AS query, 0 AS slice, session AS pid, recordtime, size AS bytes_to_load, plain AS bytes_loaded,
    size AS bytes_to_load_compressed, bytes_read AS bytes_loaded_compressed, CAST(lines AS INTEGER) AS lines, files AS num_files,
    files_done AS num_files_complete, current_file,
    CASE WHEN size <= 0 THEN 0 WHEN bytes_read >= size THEN 100 ELSE CAST(floor(100.0 * bytes_read / size) AS INTEGER) END AS pct_complete
FROM stepwell.load_running;

CREATE OR REPLACE VIEW stepwell_catalog.sys_load_history AS
SELECT 100 AS user_id, query AS query_id, query AS transaction_id, session AS session_id, coalesce((SELECT name FROM stepwell.database), 'dev') AS database_name,
    status, table_name, start_time, end_time, date_diff('microsecond', start_time, end_time) AS duration, data_source, file_format,
    loaded_rows, loaded_bytes, source_file_count, source_file_bytes, file_count_scanned, file_bytes_scanned, error_count, copy_job_id
FROM (SELECT * FROM stepwell.load
    UNION ALL SELECT query, session, 'running', table_name, started, recordtime, source, format, loaded, plain, files, size, files_done, bytes_read, 0, copy_job
    FROM stepwell.load_running);

DELETE FROM stepwell_catalog.stl_load_errors WHERE starttime < CURRENT_TIMESTAMP - INTERVAL '7' DAY;

DELETE FROM stepwell_catalog.stl_loaderror_detail WHERE query NOT IN (SELECT query FROM stepwell_catalog.stl_load_errors WHERE query IS NOT NULL);

DELETE FROM stepwell_catalog.stl_replacements WHERE starttime < CURRENT_TIMESTAMP - INTERVAL '7' DAY;

DELETE FROM stepwell_catalog.stl_load_commits WHERE curtime < CURRENT_TIMESTAMP - INTERVAL '7' DAY;

DELETE FROM stepwell.load_file WHERE end_time < CURRENT_TIMESTAMP - INTERVAL '7' DAY;

DELETE FROM stepwell.load WHERE end_time < CURRENT_TIMESTAMP - INTERVAL '7' DAY;
