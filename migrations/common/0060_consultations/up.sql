-- Consultations: booked, held or not held (R009, R101); what of them would lead to the survivor
-- lies apart; and their number in each month and borough, without anything about a person.
CREATE TABLE consultation (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  planned_on DATE NOT NULL,
  planned_at TEXT,
  meeting TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX consultation_case ON consultation (case_id, planned_on);
CREATE TABLE consultation_held (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  consultation_id UUID NOT NULL REFERENCES consultation (id),
  revision INTEGER NOT NULL,
  reason TEXT,
  held_on DATE NOT NULL,
  meeting TEXT NOT NULL,
  took_part TEXT NOT NULL,
  presenting TEXT NOT NULL,
  risk TEXT NOT NULL,
  needs TEXT NOT NULL,
  client_goals TEXT NOT NULL,
  survivor_goals TEXT NOT NULL,
  motivation TEXT NOT NULL,
  strengths TEXT NOT NULL,
  usable TEXT NOT NULL,
  outcome TEXT NOT NULL,
  outcome_note TEXT,
  theme TEXT,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  UNIQUE (consultation_id, revision)
);
CREATE INDEX consultation_held_case ON consultation_held (case_id, recorded_at);
CREATE TABLE consultation_missed (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  consultation_id UUID NOT NULL UNIQUE REFERENCES consultation (id),
  absent TEXT NOT NULL,
  reason TEXT,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX consultation_missed_case ON consultation_missed (case_id);
CREATE TABLE consultation_apart (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  consultation_id UUID NOT NULL REFERENCES consultation (id),
  took_part TEXT,
  note TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX consultation_apart_case ON consultation_apart (case_id, consultation_id);
CREATE TABLE consultation_count (
  id UUID NOT NULL PRIMARY KEY,
  programme_id UUID NOT NULL REFERENCES programme (id),
  agency_id UUID REFERENCES agency (id),
  held_on DATE NOT NULL
);
CREATE INDEX consultation_count_programme ON consultation_count (programme_id, held_on);
CREATE INDEX consultation_count_agency ON consultation_count (agency_id, held_on);
ALTER TABLE advice ADD COLUMN consultation INTEGER NOT NULL DEFAULT 0;
