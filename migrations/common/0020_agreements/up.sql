-- Who signed as what, what took an agreement's place, and whom to ring at each agency.
ALTER TABLE agreement ADD COLUMN agency_signatory_role TEXT;
ALTER TABLE agreement ADD COLUMN programme_signatory_role TEXT;
ALTER TABLE agreement ADD COLUMN replaced_by UUID REFERENCES agreement (id);
CREATE UNIQUE INDEX agency_gss ON agency (gss);
CREATE INDEX team_of ON team (agency_id);
CREATE TABLE agency_contact (
  id UUID NOT NULL PRIMARY KEY,
  agency_id UUID NOT NULL REFERENCES agency (id),
  place TEXT NOT NULL,
  user_id UUID REFERENCES app_user (id),
  name TEXT,
  phone TEXT,
  email TEXT,
  from_day DATE NOT NULL,
  until_day DATE,
  version INTEGER NOT NULL
);
CREATE INDEX agency_contact_of ON agency_contact (agency_id);
