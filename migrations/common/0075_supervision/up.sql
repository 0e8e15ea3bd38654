-- What was decided in supervision, apart by side, and what was signed off.
CREATE TABLE supervision_note (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  noted_on DATE NOT NULL,
  note TEXT,
  decision TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX supervision_note_case ON supervision_note (case_id, noted_on);
CREATE TABLE supervision_note_apart (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  noted_on DATE NOT NULL,
  note TEXT,
  decision TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX supervision_note_apart_case ON supervision_note_apart (case_id, noted_on);
CREATE TABLE supervision_sign_off (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  what TEXT NOT NULL,
  item UUID NOT NULL,
  note TEXT,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX supervision_sign_off_case ON supervision_sign_off (case_id, item);
