-- Drafts of forms, and what was sent or taken.
CREATE TABLE referral_draft (
  id UUID NOT NULL PRIMARY KEY,
  user_id UUID NOT NULL REFERENCES app_user (id),
  programme_id UUID NOT NULL REFERENCES programme (id),
  created_at TIMESTAMPTZ NOT NULL,
  changed_at TIMESTAMPTZ NOT NULL,
  sent_at TIMESTAMPTZ
);
CREATE INDEX referral_draft_of ON referral_draft (user_id, changed_at);
-- One row for each section, so that two tabs on two sections never meet.
CREATE TABLE referral_draft_section (
  draft_id UUID NOT NULL REFERENCES referral_draft (id),
  slug TEXT NOT NULL,
  typed TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (draft_id, slug)
);
CREATE TABLE referral (
  case_id UUID NOT NULL PRIMARY KEY REFERENCES casefile (id),
  received_at TIMESTAMPTZ NOT NULL,
  entered_at TIMESTAMPTZ NOT NULL,
  entered_by UUID NOT NULL REFERENCES app_user (id),
  origin TEXT NOT NULL,
  taken_from TEXT,
  held TEXT,
  client_aware TEXT,
  survivor_aware TEXT,
  revision INTEGER NOT NULL
);
-- What was answered, as it was worded, apart by label; never changed afterwards.
CREATE TABLE referral_revision (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  number INTEGER NOT NULL,
  entered_at TIMESTAMPTZ NOT NULL,
  author UUID NOT NULL REFERENCES app_user (id),
  reason TEXT,
  unplaced INTEGER NOT NULL,
  words_client TEXT NOT NULL,
  words_workers TEXT NOT NULL,
  words_survivor TEXT NOT NULL,
  words_child TEXT NOT NULL,
  typed_client TEXT NOT NULL,
  typed_workers TEXT NOT NULL,
  typed_survivor TEXT NOT NULL,
  typed_child TEXT NOT NULL,
  UNIQUE (case_id, number)
);
CREATE TABLE referral_withdrawal (
  case_id UUID NOT NULL PRIMARY KEY REFERENCES casefile (id),
  at TIMESTAMPTZ NOT NULL,
  author UUID NOT NULL REFERENCES app_user (id),
  reason TEXT NOT NULL
);
-- A held referral that was taken all the same.
CREATE TABLE referral_held_taking (
  case_id UUID NOT NULL PRIMARY KEY REFERENCES casefile (id),
  at TIMESTAMPTZ NOT NULL,
  author UUID NOT NULL REFERENCES app_user (id),
  reason TEXT NOT NULL
);
-- Why somebody who receives or answers for all referrals looked at one side's details.
CREATE TABLE referral_look (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  at TIMESTAMPTZ NOT NULL,
  author UUID NOT NULL REFERENCES app_user (id),
  reason TEXT NOT NULL
);
CREATE INDEX referral_look_of ON referral_look (case_id, at);
-- Files that were taken, so that the same file is not taken twice.
CREATE TABLE referral_file (
  hash TEXT NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  reference TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL
);
