-- Duties are computed; only waivers and breaches are kept.
CREATE TABLE duty_waiver (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  duty TEXT NOT NULL,
  reason TEXT NOT NULL,
  asked_by UUID NOT NULL REFERENCES app_user (id),
  asked_at TIMESTAMPTZ NOT NULL,
  decision TEXT,
  note TEXT,
  decided_by UUID REFERENCES app_user (id),
  decided_at TIMESTAMPTZ
);
CREATE INDEX duty_waiver_case ON duty_waiver (case_id, duty);
CREATE TABLE duty_breach (
  case_id UUID NOT NULL REFERENCES casefile (id),
  duty TEXT NOT NULL,
  rule_version INTEGER NOT NULL,
  due_at TIMESTAMPTZ NOT NULL,
  seen_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (case_id, duty)
);
