-- What only the survivor's side reads about the plan: her own safety plan, actions she set herself,
-- what she and the children say about it, and what she says to an exercise.
CREATE TABLE plan_safety (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID NOT NULL REFERENCES part (id),
  version INTEGER NOT NULL,
  asked_on DATE NOT NULL,
  text TEXT NOT NULL,
  affirmed TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX plan_safety_version ON plan_safety (case_id, part_id, version);
CREATE TABLE plan_own_action (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  action_id UUID NOT NULL,
  part_id UUID NOT NULL REFERENCES part (id),
  version INTEGER NOT NULL,
  what TEXT NOT NULL,
  proposed_on DATE,
  outcome TEXT NOT NULL,
  done_on DATE,
  notes TEXT,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX plan_own_action_version ON plan_own_action (case_id, action_id, version);
CREATE TABLE plan_survivor_view (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID NOT NULL REFERENCES part (id),
  heard_on DATE NOT NULL,
  said TEXT NOT NULL,
  used TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX plan_survivor_view_case ON plan_survivor_view (case_id, heard_on);
CREATE TABLE plan_child_view (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID NOT NULL REFERENCES part (id),
  heard_on DATE NOT NULL,
  said TEXT NOT NULL,
  used TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX plan_child_view_case ON plan_child_view (case_id, heard_on);
CREATE TABLE plan_exercise (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  action_id UUID NOT NULL,
  asked_on DATE NOT NULL,
  informed TEXT NOT NULL,
  consulted TEXT NOT NULL,
  consents TEXT NOT NULL,
  understands TEXT NOT NULL,
  note TEXT,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX plan_exercise_case ON plan_exercise (case_id, action_id);
