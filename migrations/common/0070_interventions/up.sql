-- The intensive work of a case, one row for each thing that happened to it: opened, paused, resumed,
-- ended, and the statement that the statutory case stays open (R012, R016). What is true now follows
-- from the rows that were not taken back.
CREATE TABLE intervention_step (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  kind TEXT NOT NULL,
  on_day DATE NOT NULL,
  until_day DATE,
  code TEXT,
  said_by TEXT,
  words TEXT,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  back_because TEXT,
  back_by UUID REFERENCES app_user (id),
  back_at TIMESTAMPTZ
);
CREATE INDEX intervention_step_case ON intervention_step (case_id, on_day);
