-- Agencies, their agreements, and the people who sign in.
CREATE TABLE agency (
  id UUID NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  gss TEXT,
  phone TEXT,
  version INTEGER NOT NULL
);
CREATE TABLE team (
  id UUID NOT NULL PRIMARY KEY,
  agency_id UUID NOT NULL REFERENCES agency (id),
  name TEXT NOT NULL
);
CREATE TABLE programme (
  id UUID NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  agency_id UUID NOT NULL REFERENCES agency (id),
  word_client TEXT NOT NULL,
  word_survivor TEXT NOT NULL
);
CREATE TABLE agreement (
  id UUID NOT NULL PRIMARY KEY,
  agency_id UUID NOT NULL REFERENCES agency (id),
  programme_id UUID NOT NULL REFERENCES programme (id),
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  agency_signatory TEXT,
  agency_signed_on DATE,
  programme_signatory TEXT,
  programme_signed_on DATE,
  starts_on DATE,
  ends_on DATE NOT NULL,
  ended_on DATE,
  ended_because TEXT,
  ended_by TEXT,
  version INTEGER NOT NULL
);
CREATE INDEX agreement_of ON agreement (agency_id, programme_id, kind);
CREATE TABLE app_user (
  id UUID NOT NULL PRIMARY KEY,
  agency_id UUID NOT NULL REFERENCES agency (id),
  team_id UUID REFERENCES team (id),
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  phone TEXT,
  standing TEXT NOT NULL,
  password TEXT,
  totp_salt TEXT,
  totp_step BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  version INTEGER NOT NULL
);
CREATE TABLE user_role (
  id UUID NOT NULL PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES app_user (id),
  role TEXT NOT NULL,
  from_day DATE NOT NULL,
  until_day DATE
);
CREATE INDEX user_role_of ON user_role (user_id);
CREATE TABLE session (
  token_hash TEXT NOT NULL PRIMARY KEY,
  id UUID NOT NULL UNIQUE,
  user_id UUID NOT NULL REFERENCES app_user (id),
  csrf TEXT NOT NULL,
  started_at TIMESTAMPTZ NOT NULL,
  seen_at TIMESTAMPTZ NOT NULL,
  locked INTEGER NOT NULL,
  shared INTEGER NOT NULL,
  device TEXT NOT NULL
);
CREATE INDEX session_of ON session (user_id);
CREATE TABLE held_post (
  id UUID NOT NULL PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES app_user (id),
  path TEXT NOT NULL,
  typed TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL
);
CREATE TABLE setting (
  name TEXT NOT NULL,
  from_day DATE NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (name, from_day)
);
