-- Guesses are counted for each account and device, so that a stranger's guesses lock out no worker
-- who signed in from her own machine before. The account stands here only as a keyed hash.
CREATE TABLE sign_in_try (
  bucket TEXT NOT NULL PRIMARY KEY,
  times TEXT NOT NULL,
  last_at TIMESTAMPTZ NOT NULL,
  version BIGINT NOT NULL
);
-- Links and steps that work once. The token is not here, only its hash.
CREATE TABLE one_time (
  id UUID NOT NULL PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  user_id UUID NOT NULL REFERENCES app_user (id),
  purpose TEXT NOT NULL,
  made_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  salt TEXT
);
CREATE INDEX one_time_of ON one_time (user_id, purpose);
-- Codes for whoever has lost the authenticator; each is deleted when it is used.
CREATE TABLE recovery_code (
  user_id UUID NOT NULL REFERENCES app_user (id),
  code_hash TEXT NOT NULL,
  PRIMARY KEY (user_id, code_hash)
);
