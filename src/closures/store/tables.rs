//! The tables of closures. Every column of a case states its label; the tally holds no case.

pub(super) mod closures {
    use kernel::{
        ids::{CaseKind, UserKind},
        label::{Client, Workers},
    };
    use platform::sql::{Of, SqlDay, SqlId, SqlInstant};

    use crate::closures::model::ClosureKind;

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Client, ClosureKind, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// A case that was closed. What the client may read has a column of its own.
        closure (id) {
            id -> SqlId<ClosureKind>,
            case_id -> SqlId<CaseKind>,
            closed_on -> Of<Workers, SqlDay>,
            outcome -> Of<Workers, Text>,
            summary -> Nullable<Of<Workers, Text>>,
            risk -> Nullable<Of<Workers, Text>>,
            onward -> Nullable<Of<Workers, Text>>,
            lead_worker -> Of<Workers, Text>,
            placement_ended_on -> Nullable<Of<Workers, SqlDay>>,
            work_ended_on -> Nullable<Of<Workers, SqlDay>>,
            client_told -> Of<Workers, Text>,
            client_told_on -> Nullable<Of<Workers, SqlDay>>,
            client_untold -> Nullable<Of<Workers, Text>>,
            client_text -> Nullable<Of<Client, Text>>,
            referrer_told -> Of<Workers, Text>,
            referrer_told_on -> Nullable<Of<Workers, SqlDay>>,
            recorded_by -> SqlId<UserKind>,
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(closure);
}

pub(super) mod goals {
    use kernel::{ids::CaseKind, label::Workers};
    use platform::sql::{Of, SqlId};

    use crate::closures::model::{ClosureGoalKind, ClosureKind};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, ClosureGoalKind, ClosureKind, Of, SqlId, Workers};
        /// A goal with what came of it.
        closure_goal (id) {
            id -> SqlId<ClosureGoalKind>,
            case_id -> SqlId<CaseKind>,
            closure_id -> SqlId<ClosureKind>,
            place -> Of<Workers, Integer>,
            goal -> Of<Workers, Text>,
            outcome -> Of<Workers, Text>,
        }
    }
    platform::casework!(closure_goal);
}

pub(super) mod tellings {
    use kernel::{ids::CaseKind, label::Workers};
    use platform::sql::{Of, SqlDay, SqlId};

    use crate::closures::model::{ClosureKind, ClosureToldKind};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, ClosureKind, ClosureToldKind, Of, SqlDay, SqlId, Workers};
        /// An agency that was told.
        closure_told (id) {
            id -> SqlId<ClosureToldKind>,
            case_id -> SqlId<CaseKind>,
            closure_id -> SqlId<ClosureKind>,
            place -> Of<Workers, Integer>,
            who -> Of<Workers, Text>,
            how -> Of<Workers, Text>,
            told_on -> Of<Workers, SqlDay>,
        }
    }
    platform::casework!(closure_told);
}

pub(super) mod reopenings {
    use kernel::{
        ids::{CaseKind, UserKind},
        label::Workers,
    };
    use platform::sql::{Of, SqlDay, SqlId, SqlInstant};

    use crate::closures::model::{ClosureKind, ReopeningKind};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, ClosureKind, Of, ReopeningKind, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// A closed case that was opened again.
        closure_reopened (id) {
            id -> SqlId<ReopeningKind>,
            case_id -> SqlId<CaseKind>,
            closure_id -> SqlId<ClosureKind>,
            reopened_on -> Of<Workers, SqlDay>,
            why -> Of<Workers, Text>,
            recorded_by -> SqlId<UserKind>,
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(closure_reopened);
}

pub(super) mod apart {
    use kernel::{
        ids::{CaseKind, UserKind},
        label::Survivor,
    };
    use platform::sql::{Of, SqlDay, SqlId, SqlInstant};

    use crate::closures::model::ClosureApartKind;

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, ClosureApartKind, Of, SqlDay, SqlId, SqlInstant, Survivor, UserKind};
        /// What stays in place for survivor and children.
        closure_apart (id) {
            id -> SqlId<ClosureApartKind>,
            case_id -> SqlId<CaseKind>,
            told -> Of<Survivor, Text>,
            told_on -> Nullable<Of<Survivor, SqlDay>>,
            untold -> Nullable<Of<Survivor, Text>>,
            implications -> Of<Survivor, Text>,
            survivor_keeps -> Of<Survivor, Text>,
            children_keep -> Nullable<Of<Survivor, Text>>,
            services -> Nullable<Of<Survivor, Text>>,
            recorded_by -> SqlId<UserKind>,
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(closure_apart);
}

pub(super) mod earlier {
    use kernel::{
        ids::{CaseKind, UserKind},
        label::Workers,
    };
    use platform::sql::{Of, SqlId, SqlInstant};

    use crate::closures::model::EarlierKind;

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, EarlierKind, Of, SqlId, SqlInstant, UserKind, Workers};
        /// Whether the family was referred before.
        closure_earlier (id) {
            id -> SqlId<EarlierKind>,
            case_id -> SqlId<CaseKind>,
            what -> Of<Workers, Text>,
            recorded_by -> SqlId<UserKind>,
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(closure_earlier);
}

pub(super) mod tallies {
    use kernel::ids::{AgencyKind, ProgrammeKind};
    use platform::sql::{SqlDay, SqlId, SqlPlain};

    /// What is counted: a closure or what was said of an earlier referral. Its id tells which, to
    /// whom may open that case.
    pub type Counted = ();

    diesel::table! {
        use diesel::sql_types::*;
        use super::{AgencyKind, Counted, ProgrammeKind, SqlDay, SqlId, SqlPlain};
        /// What is counted, without any case.
        closure_tally (id) {
            id -> SqlId<Counted>,
            programme_id -> SqlId<ProgrammeKind>,
            agency_id -> Nullable<SqlId<AgencyKind>>,
            counted_on -> SqlDay,
            what -> SqlPlain,
            left_out -> Integer,
        }
    }
}
