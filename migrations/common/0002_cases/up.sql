-- The frame of a case: what the access decision and the lists read.
CREATE TABLE casefile (
  id UUID NOT NULL PRIMARY KEY,
  programme_id UUID NOT NULL REFERENCES programme (id),
  referring_agency_id UUID REFERENCES agency (id),
  team_id UUID REFERENCES team (id),
  client_reference TEXT NOT NULL UNIQUE,
  survivor_reference TEXT NOT NULL UNIQUE,
  opened_at TIMESTAMPTZ NOT NULL,
  stage TEXT NOT NULL,
  open INTEGER NOT NULL,
  next_due TIMESTAMPTZ NOT NULL,
  restricted INTEGER NOT NULL,
  version INTEGER NOT NULL
);
-- One for each order of a list: paging reads an index and never sorts.
CREATE INDEX casefile_due ON casefile (programme_id, next_due, id);
CREATE INDEX casefile_newest ON casefile (programme_id, opened_at, id);
CREATE INDEX casefile_stage ON casefile (programme_id, stage, opened_at, id);
CREATE INDEX casefile_stages ON casefile (programme_id, open, stage);
CREATE INDEX casefile_team ON casefile (team_id, opened_at, id);
CREATE INDEX casefile_agency ON casefile (referring_agency_id, stage);
CREATE TABLE tie (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  user_id UUID NOT NULL REFERENCES app_user (id),
  kind TEXT NOT NULL,
  covers UUID REFERENCES app_user (id),
  from_at TIMESTAMPTZ NOT NULL,
  until_at TIMESTAMPTZ,
  next_due TIMESTAMPTZ NOT NULL
);
CREATE INDEX tie_user ON tie (user_id, next_due, case_id);
CREATE INDEX tie_case ON tie (case_id, user_id);
CREATE TABLE case_list (
  case_id UUID NOT NULL REFERENCES casefile (id),
  user_id UUID NOT NULL REFERENCES app_user (id),
  allowed INTEGER NOT NULL,
  since TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (case_id, user_id)
);
CREATE INDEX case_list_user ON case_list (user_id);
