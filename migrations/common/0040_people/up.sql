-- The people of a case: their place in it, and how they can be reached. A detail is never
-- overwritten: a new row takes its place, and the old one says when.
CREATE TABLE part (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  role TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  aliases TEXT,
  born_kind TEXT NOT NULL,
  born_day DATE,
  born_words TEXT,
  to_survivor TEXT,
  to_client TEXT,
  occupation TEXT,
  position INTEGER NOT NULL,
  origin TEXT NOT NULL,
  version INTEGER NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX part_case ON part (case_id, position);
-- Somebody known in another case is found by this, and by nothing else.
CREATE INDEX part_key ON part (name_key);
-- The words of names and aliases, for the search of lists.
CREATE TABLE name_word (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID NOT NULL REFERENCES part (id),
  word TEXT NOT NULL
);
CREATE INDEX name_word_word ON name_word (word, case_id);
CREATE INDEX name_word_part ON name_word (case_id, part_id);
CREATE TABLE part_change (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID NOT NULL REFERENCES part (id),
  what TEXT NOT NULL,
  was TEXT,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX part_change_case ON part_change (case_id, recorded_at);
CREATE TABLE client_detail (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID NOT NULL REFERENCES part (id),
  channel TEXT NOT NULL,
  value TEXT NOT NULL,
  note TEXT,
  status TEXT NOT NULL,
  kept TEXT NOT NULL,
  because TEXT,
  at_address UUID,
  origin TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  replaced_at TIMESTAMPTZ
);
CREATE INDEX client_detail_case ON client_detail (case_id, part_id);
CREATE TABLE survivor_detail (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID NOT NULL REFERENCES part (id),
  channel TEXT NOT NULL,
  value TEXT NOT NULL,
  note TEXT,
  status TEXT NOT NULL,
  kept TEXT NOT NULL,
  because TEXT,
  at_address UUID,
  origin TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  replaced_at TIMESTAMPTZ
);
CREATE INDEX survivor_detail_case ON survivor_detail (case_id, part_id);
CREATE TABLE child_detail (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID NOT NULL REFERENCES part (id),
  channel TEXT NOT NULL,
  value TEXT NOT NULL,
  note TEXT,
  status TEXT NOT NULL,
  kept TEXT NOT NULL,
  because TEXT,
  at_address UUID,
  origin TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  replaced_at TIMESTAMPTZ
);
CREATE INDEX child_detail_case ON child_detail (case_id, part_id);
CREATE TABLE other_detail (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID NOT NULL REFERENCES part (id),
  channel TEXT NOT NULL,
  value TEXT NOT NULL,
  note TEXT,
  status TEXT NOT NULL,
  kept TEXT NOT NULL,
  because TEXT,
  at_address UUID,
  origin TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  replaced_at TIMESTAMPTZ
);
CREATE INDEX other_detail_case ON other_detail (case_id, part_id);
CREATE TABLE safe_contact (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  part_id UUID NOT NULL REFERENCES part (id),
  as_given TEXT,
  methods TEXT,
  times TEXT,
  who_may_answer TEXT,
  pretext TEXT,
  code_word TEXT,
  never_message INTEGER NOT NULL,
  checked_on DATE,
  status TEXT NOT NULL,
  origin TEXT NOT NULL,
  version INTEGER NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  replaced_at TIMESTAMPTZ
);
CREATE INDEX safe_contact_case ON safe_contact (case_id, part_id);
-- Who looked at what is kept from the service, and why.
CREATE TABLE reveal (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  reason TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX reveal_case ON reveal (case_id, recorded_at);
CREATE TABLE safety_flag (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  words TEXT NOT NULL,
  review_on DATE NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL,
  lifted_because TEXT,
  lifted_by UUID REFERENCES app_user (id),
  lifted_at TIMESTAMPTZ
);
CREATE INDEX safety_flag_case ON safety_flag (case_id, recorded_at);
-- Why somebody was excluded, named, or a case restricted. What holds now is in case_list.
CREATE TABLE access_change (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  what TEXT NOT NULL,
  worker UUID REFERENCES app_user (id),
  reason TEXT NOT NULL,
  recorded_by UUID NOT NULL REFERENCES app_user (id),
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX access_change_case ON access_change (case_id, recorded_at);
-- That somebody of this case is known in another one; never in which.
CREATE TABLE match_hint (
  id UUID NOT NULL PRIMARY KEY,
  case_id UUID NOT NULL REFERENCES casefile (id),
  known INTEGER NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX match_hint_case ON match_hint (case_id);
