-- How many executions there are that are no children of map runs: by state machine, status, and the day on which they
-- ended (UTC, counted from 1970). Those that run have the day 0.
CREATE TABLE execution_count (
    day               INTEGER NOT NULL,
    state_machine_arn TEXT    NOT NULL,
    status            TEXT    NOT NULL,
    number            INTEGER NOT NULL,
    PRIMARY KEY (day, state_machine_arn, status)
) WITHOUT ROWID;

INSERT INTO execution_count
SELECT coalesce(stop_time, 0) / 86400000, state_machine_arn, status, count(*) FROM execution WHERE map_run IS NULL GROUP BY 1, 2, 3;

-- What went wrong, lately and in a state machine. There is little of it, so that these cost nothing when all goes well.
CREATE INDEX execution_failed ON execution (stop_time) WHERE status IN ('FAILED', 'TIMED_OUT') AND map_run IS NULL;
CREATE INDEX execution_by_failure ON execution (state_machine_arn, status, id) WHERE status NOT IN ('RUNNING', 'SUCCEEDED') AND map_run IS NULL;
