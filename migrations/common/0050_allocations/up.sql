-- Who works with the client, and what waits for a worker.
CREATE TABLE allocation (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  worker_id UUID NOT NULL REFERENCES app_user (id),
  supervisor_id UUID NOT NULL REFERENCES app_user (id),
  note TEXT,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX allocation_case ON allocation (case_id, recorded_at);
CREATE TABLE wait (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  reason TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ
);
CREATE INDEX wait_case ON wait (case_id, ended_at);
