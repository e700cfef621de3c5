-- How often an execution was redriven, when last (milliseconds since 1970) and by which request (empty when it was not named).
ALTER TABLE execution ADD COLUMN redrive_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE execution ADD COLUMN redrive_time  INTEGER;
ALTER TABLE execution ADD COLUMN redrive_token TEXT    NOT NULL DEFAULT '';
