-- Contacts that workers of both lines read: with the client, between professionals, invitations
-- (R017, R018, R033, R035, R130, R131). Nothing is edited; a wrong entry is taken back.
CREATE TABLE contact (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  about TEXT NOT NULL,
  on_day DATE NOT NULL,
  method TEXT NOT NULL,
  result TEXT NOT NULL,
  reason TEXT,
  cancelled_by TEXT,
  serves TEXT,
  took_part TEXT,
  body TEXT,
  briefed TEXT,
  planned TEXT,
  key_risks TEXT,
  discuss TEXT,
  misuse_checked TEXT,
  misuse TEXT,
  invited_to TEXT,
  response TEXT,
  safety TEXT,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  back_because TEXT,
  back_by UUID REFERENCES app_user (id),
  back_at TIMESTAMPTZ
);
CREATE INDEX contact_case ON contact (case_id, on_day);
