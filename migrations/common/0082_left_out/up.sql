-- What of the numbers stays in the house, because the client said no to use without a name (R091):
-- 1 for a row that is left out of what leaves it.
ALTER TABLE engagement_tally ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;
ALTER TABLE closure_tally ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;
