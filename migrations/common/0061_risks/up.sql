-- What a tool and a professional say about danger, and concerns passed to the other line (R021,
-- R027-R032). What she said, and to whom she was referred, lies apart.
CREATE TABLE risk_assessment (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID REFERENCES part (id),
  assessed_on DATE NOT NULL,
  level TEXT NOT NULL,
  judgement TEXT,
  judgement_reason TEXT,
  tool TEXT,
  tool_name TEXT,
  scope TEXT NOT NULL,
  score INTEGER,
  assessor TEXT,
  marac TEXT,
  source TEXT,
  held_at TEXT,
  summary TEXT,
  usable TEXT NOT NULL,
  replaces UUID REFERENCES risk_assessment (id),
  because TEXT,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX risk_assessment_case ON risk_assessment (case_id, assessed_on);
CREATE TABLE risk_concern (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  line TEXT NOT NULL,
  raised_on DATE NOT NULL,
  words TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  done TEXT,
  acknowledged_by UUID REFERENCES app_user (id),
  acknowledged_at TIMESTAMPTZ
);
CREATE INDEX risk_concern_case ON risk_concern (case_id, recorded_at);
CREATE TABLE risk_concern_apart (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  raised_on DATE NOT NULL,
  words TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  done TEXT,
  acknowledged_by UUID REFERENCES app_user (id),
  acknowledged_at TIMESTAMPTZ
);
CREATE INDEX risk_concern_apart_case ON risk_concern_apart (case_id, recorded_at);
CREATE TABLE risk_disclosure (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID REFERENCES part (id),
  said_on DATE NOT NULL,
  words TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX risk_disclosure_case ON risk_disclosure (case_id, said_on);
CREATE TABLE risk_referral (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID REFERENCES part (id),
  target TEXT NOT NULL,
  service TEXT,
  answer TEXT NOT NULL,
  made_on DATE NOT NULL,
  note TEXT,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX risk_referral_case ON risk_referral (case_id, made_on);
