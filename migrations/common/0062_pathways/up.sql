-- Whom to ring in a borough at each level of risk (R026, R032).
CREATE TABLE risk_pathway (
  id UUID NOT NULL PRIMARY KEY,
  agency_id UUID NOT NULL REFERENCES agency (id),
  level TEXT NOT NULL,
  service TEXT NOT NULL,
  who TEXT,
  telephone TEXT,
  checked_on DATE NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ
);
CREATE INDEX risk_pathway_agency ON risk_pathway (agency_id, level);
