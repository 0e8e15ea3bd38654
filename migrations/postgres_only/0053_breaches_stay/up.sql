-- That a duty passed its time stays on the record.
CREATE FUNCTION duty_breach_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'breaches are append-only'; END $$;
CREATE TRIGGER duty_breach_no_change BEFORE UPDATE OR DELETE ON duty_breach FOR EACH ROW EXECUTE FUNCTION duty_breach_refuse();
