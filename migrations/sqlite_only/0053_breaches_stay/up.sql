-- That a duty passed its time stays on the record.
CREATE TRIGGER duty_breach_no_update BEFORE UPDATE ON duty_breach BEGIN SELECT RAISE(ABORT, 'breaches are append-only'); END;
CREATE TRIGGER duty_breach_no_delete BEFORE DELETE ON duty_breach BEGIN SELECT RAISE(ABORT, 'breaches are append-only'); END;
