-- The text of a state machine, once for all executions that run it.
CREATE TABLE definition (
    hash TEXT NOT NULL PRIMARY KEY, -- SHA-256 in hexadecimal
    text TEXT NOT NULL
) WITHOUT ROWID;

-- One row for each execution; times are milliseconds since 1970, payloads are JSON.
CREATE TABLE execution (
    id                 INTEGER NOT NULL PRIMARY KEY,
    arn                TEXT    NOT NULL UNIQUE,
    name               TEXT    NOT NULL,
    state_machine_arn  TEXT    NOT NULL,
    state_machine_name TEXT    NOT NULL,
    role_arn           TEXT    NOT NULL,
    region             TEXT    NOT NULL,
    definition         TEXT    NOT NULL REFERENCES definition (hash),
    input              TEXT    NOT NULL,
    start_time         INTEGER NOT NULL,
    status             TEXT    NOT NULL,
    stop_time          INTEGER,
    output             TEXT,
    error              TEXT,
    cause              TEXT
);

CREATE INDEX execution_by_machine ON execution (state_machine_arn, id);
CREATE INDEX execution_open ON execution (id) WHERE status = 'RUNNING';

-- What one commit wrote about one execution: the events that were applied and the history that they led to, JSON arrays.
-- A long array is a BLOB, compressed with S2.
CREATE TABLE chunk (
    execution INTEGER NOT NULL REFERENCES execution (id),
    number    INTEGER NOT NULL, -- 1, 2, 3 ... within the execution
    first_id  INTEGER NOT NULL, -- ids of history events
    last_id   INTEGER NOT NULL,
    events    ANY     NOT NULL,
    history   ANY     NOT NULL  -- empty when the events led to none
);

CREATE UNIQUE INDEX chunk_by_id ON chunk (execution, last_id, number);

-- Things that services keep.
CREATE TABLE record (
    kind    TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    body    BLOB    NOT NULL,
    updated INTEGER NOT NULL -- milliseconds since 1970
);

CREATE UNIQUE INDEX record_by_id ON record (kind, id);
