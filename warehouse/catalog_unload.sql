CREATE TABLE IF NOT EXISTS stepwell.unload (
    query BIGINT NOT NULL, session INTEGER, status VARCHAR, start_time TIMESTAMP, end_time TIMESTAMP, file_format VARCHAR, compression_type VARCHAR,
    location VARCHAR, unloaded_rows BIGINT, files BIGINT, bytes BIGINT, error_message VARCHAR);

CREATE TABLE IF NOT EXISTS stepwell_catalog.stl_unload_log (
    userid INTEGER, query INTEGER, slice INTEGER, pid INTEGER, path VARCHAR, start_time TIMESTAMP, end_time TIMESTAMP,
    line_count BIGINT, transfer_size BIGINT, file_format VARCHAR);

CREATE OR REPLACE VIEW stepwell_catalog.sys_unload_history AS
SELECT 100 AS user_id, query AS query_id, query AS transaction_id, session AS session_id, coalesce((SELECT name FROM stepwell.database), 'dev') AS database_name,
    status, start_time, end_time, date_diff('microsecond', start_time, end_time) AS duration, file_format, compression_type,
    location AS unloaded_location, unloaded_rows, files AS unloaded_files_count, bytes AS unloaded_files_size, error_message
FROM stepwell.unload;

CREATE OR REPLACE VIEW stepwell_catalog.sys_unload_detail AS
SELECT userid AS user_id, CAST(query AS BIGINT) AS query_id, pid AS session_id, CAST(query AS BIGINT) AS transaction_id, path AS file_name,
    start_time, end_time, line_count, transfer_size, file_format
FROM stepwell_catalog.stl_unload_log;
