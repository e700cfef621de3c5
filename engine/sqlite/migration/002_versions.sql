-- How the caller named the state machine: a version or an alias of it, and the revision that these led to.
ALTER TABLE execution ADD COLUMN version_arn TEXT NOT NULL DEFAULT '';
ALTER TABLE execution ADD COLUMN alias_arn   TEXT NOT NULL DEFAULT '';
ALTER TABLE execution ADD COLUMN revision    TEXT NOT NULL DEFAULT '';
