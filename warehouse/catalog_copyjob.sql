CREATE SEQUENCE IF NOT EXISTS stepwell.copy_job_id START 100001;

CREATE TABLE IF NOT EXISTS stepwell.copy_job (
    job_id BIGINT NOT NULL, job_name VARCHAR NOT NULL, owner VARCHAR NOT NULL, schema_name VARCHAR NOT NULL,
    statement VARCHAR NOT NULL, job_text VARCHAR NOT NULL, iam_role VARCHAR NOT NULL,
    bucket VARCHAR NOT NULL, prefix VARCHAR NOT NULL, auto BOOLEAN NOT NULL);

CREATE TABLE IF NOT EXISTS stepwell.copy_job_file (
    job_id BIGINT NOT NULL, key VARCHAR NOT NULL, size BIGINT NOT NULL, etag VARCHAR NOT NULL,
    modified TIMESTAMP NOT NULL, enqueued TIMESTAMP NOT NULL, status VARCHAR NOT NULL);

CREATE TABLE IF NOT EXISTS stepwell.copy_job_message (
    job_id BIGINT NOT NULL, job_name VARCHAR NOT NULL, recorded TIMESTAMP NOT NULL, message VARCHAR NOT NULL);

CREATE OR REPLACE VIEW stepwell_catalog.sys_copy_job AS
SELECT job_id, job_name, iam_role, left(job_text, 256) AS job_text, auto::INTEGER AS is_auto, 0 AS on_error_suspend
FROM stepwell.copy_job;

CREATE OR REPLACE VIEW stepwell_catalog.sys_copy_job_detail AS
SELECT 100 AS user_id, coalesce((SELECT name FROM stepwell.database), 'dev') AS database_name, j.job_id::INTEGER AS job_id, j.job_name,
    j.bucket AS file_location, f.key AS file_name, f.size AS file_size, f.etag AS file_etag, left(j.job_text, 256) AS job_text,
    f.modified AS modification_time, f.enqueued AS enqueue_time, f.status
FROM stepwell.copy_job_file f JOIN stepwell.copy_job j USING (job_id) WHERE f.status <> 'B';

CREATE OR REPLACE VIEW stepwell_catalog.sys_copy_job_info AS
SELECT job_id, job_name, coalesce((SELECT name FROM stepwell.database), 'dev') AS database_name, recorded AS record_time,
    left(message, 512) AS message
FROM stepwell.copy_job_message;

CREATE OR REPLACE VIEW stepwell_catalog.svv_copy_job_integrations AS
SELECT 100 AS job_owner, 'arn:aws:s3:::' || bucket AS channel_arn, bucket, 'Established' AS "channel state",
    coalesce((SELECT name FROM stepwell.database), 'dev') AS db_name, job_name, 1 AS job_state
FROM stepwell.copy_job;
