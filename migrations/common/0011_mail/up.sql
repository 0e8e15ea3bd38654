-- Staff mail is written in the transaction of what it tells of, and sent afterwards.
CREATE TABLE outbox (
  id UUID NOT NULL PRIMARY KEY,
  to_user UUID NOT NULL REFERENCES app_user (id),
  kind TEXT NOT NULL,
  path TEXT NOT NULL,
  link_id UUID,
  reference TEXT NOT NULL,
  gathered INTEGER NOT NULL,
  made_at TIMESTAMPTZ NOT NULL,
  due_at TIMESTAMPTZ NOT NULL,
  tries INTEGER NOT NULL,
  given_up INTEGER NOT NULL
);
CREATE INDEX outbox_due ON outbox (given_up, due_at);
-- What each user wants to be told by mail, and when; no row is the kind's default.
CREATE TABLE mail_choice (
  user_id UUID NOT NULL REFERENCES app_user (id),
  kind TEXT NOT NULL,
  choice TEXT NOT NULL,
  PRIMARY KEY (user_id, kind)
);
