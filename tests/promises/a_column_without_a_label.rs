//! E0277: the column type `diesel::sql_types::Text` states no label
use kernel::{ids::CaseKind, label::Workers};
use platform::sql::{Of, SqlId};
pub mod table {
    use super::{CaseKind, Of, SqlId, Workers};
    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Of, SqlId, Workers};
        visit (case_id) {
            case_id -> SqlId<CaseKind>,
            //- note -> Text,
            //+ note -> Of<Workers, Text>,
        }
    }
    platform::casework!(visit);
}
pub type Used = Of<Workers, diesel::sql_types::Text>;
