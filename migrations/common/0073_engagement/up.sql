-- How the client takes part (R126-R128), changes of it, and what the survivor was told of them
-- (R023): what she was told lies in a table of its own label. The tally counts without any case.
CREATE TABLE engagement_change (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  changed_on DATE NOT NULL,
  what TEXT NOT NULL,
  heightened TEXT NOT NULL,
  words TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX engagement_change_case ON engagement_change (case_id, recorded_at);
CREATE TABLE engagement_error (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  change_id UUID NOT NULL UNIQUE REFERENCES engagement_change (id),
  why TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX engagement_error_case ON engagement_error (case_id);
CREATE TABLE engagement_told (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  change_id UUID NOT NULL REFERENCES engagement_change (id),
  outcome TEXT NOT NULL,
  told_on DATE NOT NULL,
  how TEXT,
  words TEXT,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX engagement_told_case ON engagement_told (case_id, recorded_at);
CREATE TABLE engagement_form (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  replaces UUID UNIQUE REFERENCES engagement_form (id),
  because TEXT,
  filled_on DATE NOT NULL,
  spoken TEXT NOT NULL,
  parenting TEXT NOT NULL,
  impact TEXT NOT NULL,
  actions TEXT NOT NULL,
  spoken_why TEXT,
  spoken_words TEXT,
  parenting_why TEXT,
  parenting_words TEXT,
  impact_why TEXT,
  impact_words TEXT,
  actions_why TEXT,
  actions_words TEXT,
  summary TEXT NOT NULL,
  referral TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX engagement_form_case ON engagement_form (case_id, recorded_at);
CREATE TABLE engagement_child (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  form_id UUID NOT NULL REFERENCES engagement_form (id),
  part_id UUID NOT NULL REFERENCES part (id)
);
CREATE INDEX engagement_child_case ON engagement_child (case_id, form_id);
CREATE TABLE engagement_tally (
  id UUID NOT NULL PRIMARY KEY,
  programme_id UUID NOT NULL REFERENCES programme (id),
  agency_id UUID REFERENCES agency (id),
  counted_on DATE NOT NULL,
  spoken TEXT NOT NULL,
  parenting TEXT NOT NULL,
  impact TEXT NOT NULL,
  actions TEXT NOT NULL,
  referral TEXT NOT NULL
);
CREATE INDEX engagement_tally_programme ON engagement_tally (programme_id, counted_on);
CREATE INDEX engagement_tally_agency ON engagement_tally (agency_id, counted_on);
