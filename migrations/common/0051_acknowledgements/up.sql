-- Receipt of a referral is confirmed once (R001).
CREATE TABLE acknowledgement (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL UNIQUE REFERENCES casefile (id),
  confirmed_on DATE NOT NULL,
  how TEXT NOT NULL,
  consultation_on DATE NOT NULL,
  meeting TEXT NOT NULL,
  timeline TEXT,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
