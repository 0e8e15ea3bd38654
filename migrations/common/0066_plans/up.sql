-- The plan of a case in its versions, and what is recorded about them. Nothing is overwritten: a
-- text that changes is another row, so that what was read before can still be read.
CREATE TABLE plan (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  created_on DATE NOT NULL,
  review_on DATE NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX plan_case ON plan (case_id, number);
CREATE TABLE plan_text (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  plan_id UUID NOT NULL REFERENCES plan (id),
  part TEXT NOT NULL,
  version INTEGER NOT NULL,
  text TEXT,
  for_client TEXT,
  sources TEXT NOT NULL,
  may_use INTEGER NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX plan_text_version ON plan_text (plan_id, part, version);
CREATE INDEX plan_text_case ON plan_text (case_id, plan_id);
CREATE TABLE plan_agreement (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  plan_id UUID NOT NULL REFERENCES plan (id),
  side TEXT NOT NULL,
  name TEXT NOT NULL,
  agreed_on DATE NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX plan_agreement_side ON plan_agreement (plan_id, side);
CREATE INDEX plan_agreement_case ON plan_agreement (case_id);
CREATE TABLE plan_review (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  plan_id UUID NOT NULL REFERENCES plan (id),
  number INTEGER NOT NULL,
  due_on DATE NOT NULL,
  held_on DATE NOT NULL,
  changed TEXT NOT NULL,
  next_on DATE,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX plan_review_number ON plan_review (plan_id, number);
CREATE INDEX plan_review_case ON plan_review (case_id);
CREATE TABLE plan_input (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  kind TEXT NOT NULL,
  tool TEXT NOT NULL,
  made_on DATE NOT NULL,
  author TEXT NOT NULL,
  summary TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX plan_input_case ON plan_input (case_id, kind);
CREATE TABLE plan_permission (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  plan_id UUID NOT NULL REFERENCES plan (id),
  system TEXT NOT NULL,
  given_by TEXT NOT NULL,
  given_on DATE NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX plan_permission_case ON plan_permission (case_id, plan_id);
