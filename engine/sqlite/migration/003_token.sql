-- What names the request that started the execution, so that its repetition after a crash is known; empty for none.
ALTER TABLE execution ADD COLUMN token TEXT NOT NULL DEFAULT '';
