-- Runs of distributed Maps; their children are executions.
CREATE TABLE map_run (
    id                   INTEGER NOT NULL PRIMARY KEY,
    arn                  TEXT    NOT NULL UNIQUE,
    execution            TEXT    NOT NULL, -- ARN of the execution that has the Map
    state_machine_arn    TEXT    NOT NULL, -- of the children
    status               TEXT    NOT NULL,
    start_time           INTEGER NOT NULL,
    stop_time            INTEGER,
    max_concurrency      INTEGER NOT NULL,
    tolerated_count      INTEGER,
    tolerated_percentage REAL
);

CREATE INDEX map_run_by_execution ON map_run (execution, id);

ALTER TABLE execution ADD COLUMN map_run INTEGER REFERENCES map_run (id); -- whose child this is
ALTER TABLE execution ADD COLUMN child   INTEGER; -- its number in the run
ALTER TABLE execution ADD COLUMN items   INTEGER; -- how many items it has

CREATE INDEX execution_by_map_run ON execution (map_run, child) WHERE map_run IS NOT NULL;

-- Children of the type EXPRESS that have ended. Of those that have not nothing is kept: they are started again.
CREATE TABLE map_child (
    map_run    INTEGER NOT NULL REFERENCES map_run (id),
    child      INTEGER NOT NULL,
    items      INTEGER NOT NULL,
    arn        TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    input      TEXT    NOT NULL,
    start_time INTEGER NOT NULL,
    stop_time  INTEGER NOT NULL,
    status     TEXT    NOT NULL,
    output     TEXT,
    error      TEXT,
    cause      TEXT,
    PRIMARY KEY (map_run, child)
) WITHOUT ROWID;
