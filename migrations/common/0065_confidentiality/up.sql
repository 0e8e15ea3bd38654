-- How confidentiality was explained to each party and signed for, each in its own version (R068-R070,
-- R090-R092). What was gone through again is another row; the latest counts.
CREATE TABLE participation_confidentiality_client (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID NOT NULL REFERENCES part (id),
  explained_on DATE NOT NULL,
  how TEXT NOT NULL,
  understood TEXT NOT NULL,
  research TEXT NOT NULL,
  signing TEXT NOT NULL,
  signed_on DATE,
  answers TEXT NOT NULL,
  words TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX participation_confidentiality_client_case ON participation_confidentiality_client (case_id, recorded_at);
CREATE TABLE participation_confidentiality_survivor (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID NOT NULL REFERENCES part (id),
  explained_on DATE NOT NULL,
  how TEXT NOT NULL,
  understood TEXT NOT NULL,
  research TEXT NOT NULL,
  signing TEXT NOT NULL,
  signed_on DATE,
  answers TEXT NOT NULL,
  words TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX participation_confidentiality_survivor_case ON participation_confidentiality_survivor (case_id, recorded_at);
