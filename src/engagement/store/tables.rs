//! The tables of engagement. Every column of a case states its label; the tally holds no case.

pub(super) mod changes {
    use kernel::{
        ids::{CaseKind, UserKind},
        label::Workers,
    };
    use platform::sql::{Of, SqlDay, SqlId, SqlInstant};

    use crate::engagement::model::ChangeKind;

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, ChangeKind, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// A change in how the client takes part.
        engagement_change (id) {
            id -> SqlId<ChangeKind>,
            case_id -> SqlId<CaseKind>,
            changed_on -> Of<Workers, SqlDay>,
            what -> Of<Workers, Text>,
            heightened -> Of<Workers, Text>,
            words -> Of<Workers, Text>,
            recorded_by -> SqlId<UserKind>,
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(engagement_change);
}

pub(super) mod errors {
    use kernel::{
        ids::{CaseKind, UserKind},
        label::Workers,
    };
    use platform::sql::{Of, SqlId, SqlInstant};

    use crate::engagement::model::{ChangeErrorKind, ChangeKind};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, ChangeErrorKind, ChangeKind, Of, SqlId, SqlInstant, UserKind, Workers};
        /// That a change was recorded in error.
        engagement_error (id) {
            id -> SqlId<ChangeErrorKind>,
            case_id -> SqlId<CaseKind>,
            change_id -> SqlId<ChangeKind>,
            why -> Of<Workers, Text>,
            recorded_by -> SqlId<UserKind>,
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(engagement_error);
}

pub(super) mod tellings {
    use kernel::{
        ids::{CaseKind, UserKind},
        label::Survivor,
    };
    use platform::sql::{Of, SqlDay, SqlId, SqlInstant};

    use crate::engagement::model::{ChangeKind, TellingKind};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, ChangeKind, Of, SqlDay, SqlId, SqlInstant, Survivor, TellingKind, UserKind};
        /// What the survivor was told of a change, or why it is not safe.
        engagement_told (id) {
            id -> SqlId<TellingKind>,
            case_id -> SqlId<CaseKind>,
            change_id -> SqlId<ChangeKind>,
            outcome -> Of<Survivor, Text>,
            told_on -> Of<Survivor, SqlDay>,
            how -> Nullable<Of<Survivor, Text>>,
            words -> Nullable<Of<Survivor, Text>>,
            recorded_by -> SqlId<UserKind>,
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(engagement_told);
}

pub(super) mod forms {
    use kernel::{
        ids::{CaseKind, UserKind},
        label::Workers,
    };
    use platform::sql::{Of, SqlDay, SqlId, SqlInstant};

    use crate::engagement::model::EngagementFormKind;

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, EngagementFormKind, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// A form about work with the client.
        engagement_form (id) {
            id -> SqlId<EngagementFormKind>,
            case_id -> SqlId<CaseKind>,
            replaces -> Nullable<SqlId<EngagementFormKind>>,
            because -> Nullable<Of<Workers, Text>>,
            filled_on -> Of<Workers, SqlDay>,
            spoken -> Of<Workers, Text>,
            parenting -> Of<Workers, Text>,
            impact -> Of<Workers, Text>,
            actions -> Of<Workers, Text>,
            spoken_why -> Nullable<Of<Workers, Text>>,
            spoken_words -> Nullable<Of<Workers, Text>>,
            parenting_why -> Nullable<Of<Workers, Text>>,
            parenting_words -> Nullable<Of<Workers, Text>>,
            impact_why -> Nullable<Of<Workers, Text>>,
            impact_words -> Nullable<Of<Workers, Text>>,
            actions_why -> Nullable<Of<Workers, Text>>,
            actions_words -> Nullable<Of<Workers, Text>>,
            summary -> Of<Workers, Text>,
            referral -> Of<Workers, Text>,
            recorded_by -> SqlId<UserKind>,
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(engagement_form);
}

pub(super) mod children {
    use kernel::ids::CaseKind;
    use platform::sql::SqlId;

    use crate::{
        engagement::model::{EngagementChildKind, EngagementFormKind},
        people::model::PartKind,
    };

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, EngagementChildKind, EngagementFormKind, PartKind, SqlId};
        /// A child whom a form concerns.
        engagement_child (id) {
            id -> SqlId<EngagementChildKind>,
            case_id -> SqlId<CaseKind>,
            form_id -> SqlId<EngagementFormKind>,
            part_id -> SqlId<PartKind>,
        }
    }
    platform::casework!(engagement_child);
}

pub(super) mod tallies {
    use kernel::ids::{AgencyKind, ProgrammeKind};
    use platform::sql::{SqlDay, SqlId, SqlPlain};

    use crate::engagement::model::EngagementFormKind;

    diesel::table! {
        use diesel::sql_types::*;
        use super::{AgencyKind, EngagementFormKind, ProgrammeKind, SqlDay, SqlId, SqlPlain};
        /// The answers of a form, without any case.
        engagement_tally (id) {
            id -> SqlId<EngagementFormKind>,
            programme_id -> SqlId<ProgrammeKind>,
            agency_id -> Nullable<SqlId<AgencyKind>>,
            counted_on -> SqlDay,
            spoken -> SqlPlain,
            parenting -> SqlPlain,
            impact -> SqlPlain,
            actions -> SqlPlain,
            referral -> SqlPlain,
            left_out -> Integer,
        }
    }
}
