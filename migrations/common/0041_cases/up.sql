-- What was marked as wrong label or wrong case: hidden at once, settled by a supervisor, kept. What
-- is marked on the survivor's side lies apart, because its reason may say what the client line must
-- not read.
CREATE TABLE misfiled (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  kind TEXT NOT NULL,
  item UUID NOT NULL,
  why TEXT NOT NULL,
  reason TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  outcome TEXT,
  settled_because TEXT,
  settled_by UUID REFERENCES app_user (id),
  settled_at TIMESTAMPTZ
);
CREATE INDEX misfiled_case ON misfiled (case_id, recorded_at);
CREATE TABLE misfiled_kept (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  kind TEXT NOT NULL,
  item UUID NOT NULL,
  why TEXT NOT NULL,
  reason TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  outcome TEXT,
  settled_because TEXT,
  settled_by UUID REFERENCES app_user (id),
  settled_at TIMESTAMPTZ
);
CREATE INDEX misfiled_kept_case ON misfiled_kept (case_id, recorded_at);
