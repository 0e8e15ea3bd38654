-- The orders in which the trail is read: all of it newest first, refusals about one case, and the
-- lists of the last weeks.
CREATE INDEX audit_newest ON audit (at, stream, seq);
CREATE INDEX audit_refused ON audit (item) WHERE event = 'refused';
CREATE INDEX audit_listed ON audit (at) WHERE event = 'listed';
