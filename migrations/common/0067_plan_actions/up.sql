-- Actions of the plan: a row for each time one was saved. They belong to the case, so that they go
-- on from one version of the plan to the next.
CREATE TABLE plan_action (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  action_id UUID NOT NULL,
  plan_number INTEGER NOT NULL,
  version INTEGER NOT NULL,
  agreed_on DATE NOT NULL,
  area TEXT,
  what TEXT NOT NULL,
  owner TEXT NOT NULL,
  who TEXT,
  proposed_on DATE NOT NULL,
  measure TEXT,
  exercise INTEGER NOT NULL,
  sources TEXT NOT NULL,
  may_use INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  done_on DATE,
  notes TEXT,
  client_words TEXT,
  client_by DATE,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX plan_action_version ON plan_action (case_id, action_id, version);
-- That an exercise may be used: a decision of the other side, without what it rests on (R022).
CREATE TABLE plan_exercise_gate (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  action_id UUID NOT NULL,
  open INTEGER NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX plan_exercise_gate_case ON plan_exercise_gate (case_id, action_id);
