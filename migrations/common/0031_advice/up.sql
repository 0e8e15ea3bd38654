-- Advice given before anybody is referred: counted, without anything about a person.
CREATE TABLE advice (
  id UUID NOT NULL PRIMARY KEY,
  programme_id UUID NOT NULL REFERENCES programme (id),
  given_on DATE NOT NULL,
  agency_id UUID REFERENCES agency (id),
  topics TEXT NOT NULL,
  outcome TEXT NOT NULL,
  minutes INTEGER,
  entered_at TIMESTAMPTZ NOT NULL,
  entered_by UUID NOT NULL REFERENCES app_user (id)
);
CREATE INDEX advice_on ON advice (programme_id, given_on, id);
