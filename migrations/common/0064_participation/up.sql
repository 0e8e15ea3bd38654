-- What each party answers to taking part, apart by side; what was agreed after the adult harmed
-- withdrew; what the client heard of the service from elsewhere.
CREATE TABLE participation_client (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID NOT NULL REFERENCES part (id),
  reply TEXT NOT NULL,
  answered_on DATE NOT NULL,
  how TEXT NOT NULL,
  explained TEXT NOT NULL,
  sharing TEXT NOT NULL,
  words TEXT NOT NULL,
  struck_because TEXT,
  struck_by UUID REFERENCES app_user (id),
  struck_at TIMESTAMPTZ,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX participation_client_case ON participation_client (case_id, recorded_at);
CREATE TABLE participation_survivor (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID NOT NULL REFERENCES part (id),
  reply TEXT NOT NULL,
  answered_on DATE NOT NULL,
  how TEXT NOT NULL,
  explained TEXT NOT NULL,
  sharing TEXT NOT NULL,
  words TEXT NOT NULL,
  struck_because TEXT,
  struck_by UUID REFERENCES app_user (id),
  struck_at TIMESTAMPTZ,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX participation_survivor_case ON participation_survivor (case_id, recorded_at);
CREATE TABLE participation_agreed (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  reply_id UUID NOT NULL UNIQUE REFERENCES participation_survivor (id),
  agreed_on DATE NOT NULL,
  stops_on DATE NOT NULL,
  words TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX participation_agreed_case ON participation_agreed (case_id, recorded_at);
CREATE TABLE participation_heard (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  heard_on DATE NOT NULL,
  words TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX participation_heard_case ON participation_heard (case_id, recorded_at);
