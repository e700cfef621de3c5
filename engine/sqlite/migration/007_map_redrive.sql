-- How often a map run was redriven, and when last (milliseconds since 1970).
ALTER TABLE map_run ADD COLUMN redrive_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE map_run ADD COLUMN redrive_time  INTEGER;
