-- What was seen and done, chained.
CREATE TABLE audit (
  stream UUID NOT NULL,
  seq BIGINT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  actor UUID NOT NULL,
  permission TEXT NOT NULL,
  event TEXT NOT NULL,
  item TEXT NOT NULL,
  fields TEXT NOT NULL,
  label TEXT NOT NULL,
  commitment TEXT NOT NULL,
  prev TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (stream, seq)
);
CREATE INDEX audit_actor ON audit (actor, at);
CREATE TABLE chain (
  stream UUID NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL
);
