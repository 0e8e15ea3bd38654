-- The dates of a plan as they were corrected: the last row of a plan says what stands, and why. What
-- was recorded first stays in the row of the plan.
CREATE TABLE plan_dates (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  plan_id UUID NOT NULL REFERENCES plan (id),
  created_on DATE NOT NULL,
  review_on DATE NOT NULL,
  because TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX plan_dates_case ON plan_dates (case_id, recorded_at);
