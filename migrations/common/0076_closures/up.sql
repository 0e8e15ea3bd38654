-- A case is closed by a row, and opened again by another (R025, R041, R096). What stays in place for
-- survivor and children has a table of its own label. The tally counts without any case, so that a
-- borough can read it.
CREATE TABLE closure (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  closed_on DATE NOT NULL,
  outcome TEXT NOT NULL,
  summary TEXT,
  risk TEXT,
  onward TEXT,
  lead_worker TEXT NOT NULL,
  placement_ended_on DATE,
  work_ended_on DATE,
  client_told TEXT NOT NULL,
  client_told_on DATE,
  client_untold TEXT,
  client_text TEXT,
  referrer_told TEXT NOT NULL,
  referrer_told_on DATE,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX closure_case ON closure (case_id, recorded_at);
CREATE TABLE closure_goal (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  closure_id UUID NOT NULL REFERENCES closure (id),
  place INTEGER NOT NULL,
  goal TEXT NOT NULL,
  outcome TEXT NOT NULL
);
CREATE INDEX closure_goal_case ON closure_goal (case_id, closure_id);
CREATE TABLE closure_told (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  closure_id UUID NOT NULL REFERENCES closure (id),
  place INTEGER NOT NULL,
  who TEXT NOT NULL,
  how TEXT NOT NULL,
  told_on DATE NOT NULL
);
CREATE INDEX closure_told_case ON closure_told (case_id, closure_id);
CREATE TABLE closure_reopened (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  closure_id UUID NOT NULL UNIQUE REFERENCES closure (id),
  reopened_on DATE NOT NULL,
  why TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX closure_reopened_case ON closure_reopened (case_id);
CREATE TABLE closure_apart (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  told TEXT NOT NULL,
  told_on DATE,
  untold TEXT,
  implications TEXT NOT NULL,
  survivor_keeps TEXT NOT NULL,
  children_keep TEXT,
  services TEXT,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX closure_apart_case ON closure_apart (case_id, recorded_at);
CREATE TABLE closure_earlier (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  what TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX closure_earlier_case ON closure_earlier (case_id, recorded_at);
CREATE TABLE closure_tally (
  id UUID NOT NULL PRIMARY KEY,
  programme_id UUID NOT NULL REFERENCES programme (id),
  agency_id UUID REFERENCES agency (id),
  counted_on DATE NOT NULL,
  what TEXT NOT NULL
);
CREATE INDEX closure_tally_programme ON closure_tally (programme_id, counted_on);
CREATE INDEX closure_tally_agency ON closure_tally (agency_id, counted_on);
