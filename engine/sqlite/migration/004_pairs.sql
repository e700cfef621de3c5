-- Pairs of key and body in numbered spaces, ordered by key: the items of tables and their indexes.
CREATE TABLE pair (
    space INTEGER NOT NULL,
    key   BLOB    NOT NULL,
    body  BLOB    NOT NULL,
    PRIMARY KEY (space, key)
) WITHOUT ROWID;
