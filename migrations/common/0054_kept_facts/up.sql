-- What is kept of a case, so that a worklist is one index scan: the facts from which its duties
-- follow, and when the next duty falls due of those that only the survivor's side sees.
ALTER TABLE casefile ADD COLUMN next_due_apart TIMESTAMPTZ NOT NULL DEFAULT '9999-01-01T00:00:00.000000Z';
ALTER TABLE casefile ADD COLUMN facts TEXT NOT NULL DEFAULT '';
UPDATE casefile SET next_due_apart = next_due;
CREATE INDEX casefile_due_apart ON casefile (programme_id, next_due_apart, id);
DROP INDEX casefile_due;
