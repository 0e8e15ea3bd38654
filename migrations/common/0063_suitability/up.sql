-- Whether the intensive work suits, on what grounds, and who is told. What only the survivor's side may
-- know lies in tables of its own. All have one shape: a day, a code that rules read, the form as worded.
-- The stage of change of the client with its evidence.
CREATE TABLE suitability_stage (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  on_day DATE NOT NULL,
  code TEXT NOT NULL,
  part_id UUID REFERENCES part (id),
  decision_id UUID,
  words TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX suitability_stage_case ON suitability_stage (case_id, recorded_at);
-- Decisions whether the intensive work suits; the latest is in force.
CREATE TABLE suitability_decision (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  on_day DATE NOT NULL,
  code TEXT NOT NULL,
  part_id UUID REFERENCES part (id),
  decision_id UUID,
  words TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX suitability_decision_case ON suitability_decision (case_id, recorded_at);
-- The grounds of a decision that both lines may read.
CREATE TABLE suitability_ground (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  on_day DATE NOT NULL,
  code TEXT NOT NULL,
  part_id UUID REFERENCES part (id),
  decision_id UUID REFERENCES suitability_decision (id),
  words TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX suitability_ground_case ON suitability_ground (case_id, recorded_at);
-- Referrals to other services.
CREATE TABLE suitability_onward (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  on_day DATE NOT NULL,
  code TEXT NOT NULL,
  part_id UUID REFERENCES part (id),
  decision_id UUID REFERENCES suitability_decision (id),
  words TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX suitability_onward_case ON suitability_onward (case_id, recorded_at);
-- What the client may be told, in words written for the client.
CREATE TABLE suitability_words (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  on_day DATE NOT NULL,
  code TEXT NOT NULL,
  part_id UUID REFERENCES part (id),
  decision_id UUID REFERENCES suitability_decision (id),
  words TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX suitability_words_case ON suitability_words (case_id, recorded_at);
-- Grounds that only the survivor's side may know.
CREATE TABLE suitability_ground_kept (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  on_day DATE NOT NULL,
  code TEXT NOT NULL,
  part_id UUID REFERENCES part (id),
  decision_id UUID REFERENCES suitability_decision (id),
  words TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX suitability_ground_kept_case ON suitability_ground_kept (case_id, recorded_at);
-- How an adult who was harmed was told of the outcome, or why not.
CREATE TABLE suitability_told (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  on_day DATE NOT NULL,
  code TEXT NOT NULL,
  part_id UUID REFERENCES part (id),
  decision_id UUID REFERENCES suitability_decision (id),
  words TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX suitability_told_case ON suitability_told (case_id, recorded_at);
-- Safety work when the client does not start.
CREATE TABLE suitability_safety (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  on_day DATE NOT NULL,
  code TEXT NOT NULL,
  part_id UUID REFERENCES part (id),
  decision_id UUID REFERENCES suitability_decision (id),
  words TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX suitability_safety_case ON suitability_safety (case_id, recorded_at);
