-- Placeholder of the referrals worktree: the people capability's own tables take its place.
CREATE TABLE part (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  born TEXT,
  to_survivor TEXT,
  to_client TEXT,
  position INTEGER NOT NULL
);
CREATE TABLE client_detail (id UUID NOT NULL PRIMARY KEY, case_id UUID NOT NULL, part_id UUID NOT NULL, channel TEXT NOT NULL, value TEXT NOT NULL);
CREATE TABLE survivor_detail (id UUID NOT NULL PRIMARY KEY, case_id UUID NOT NULL, part_id UUID NOT NULL, channel TEXT NOT NULL, value TEXT NOT NULL);
CREATE TABLE child_detail (id UUID NOT NULL PRIMARY KEY, case_id UUID NOT NULL, part_id UUID NOT NULL, channel TEXT NOT NULL, value TEXT NOT NULL);
CREATE TABLE safe_contact (id UUID NOT NULL PRIMARY KEY, case_id UUID NOT NULL, part_id UUID NOT NULL, as_given TEXT NOT NULL);
