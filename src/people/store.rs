//! Placeholder of the referrals worktree: the people capability takes its place.

use std::collections::HashMap;

use diesel::prelude::*;
use kernel::{
    form::Value as _,
    ids::CaseId,
    label::{Child, Labelled, Survivor, Workers},
};
use platform::{Across, Failed, Result, Scope, Tx};

use super::model::{NewDetail, NewPart, NewSafeContact, PartRole, SafeContactId};

mod parts {
    use kernel::{ids::CaseKind, label::Workers};
    use platform::sql::{Of, SqlId};

    use crate::people::model::PartKind;
    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Of, PartKind, SqlId, Workers};
        part (id) {
            id -> SqlId<PartKind>,
            case_id -> SqlId<CaseKind>,
            role -> Of<Workers, Text>,
            name -> Of<Workers, Text>,
            born -> Nullable<Of<Workers, Text>>,
            to_survivor -> Nullable<Of<Workers, Text>>,
            to_client -> Nullable<Of<Workers, Text>>,
            position -> Of<Workers, Integer>,
        }
    }
    platform::casework!(part);
}
macro_rules! details {
    ($module:ident, $table:ident, $label:ident) => {
        mod $module {
            use kernel::{ids::CaseKind, label::$label};
            use platform::sql::{Of, SqlId};

            use crate::people::model::{DetailKind, PartKind};
            diesel::table! {
                use diesel::sql_types::*;
                use super::{CaseKind, DetailKind, Of, PartKind, SqlId, $label};
                $table (id) {
                    id -> SqlId<DetailKind>,
                    case_id -> SqlId<CaseKind>,
                    part_id -> SqlId<PartKind>,
                    channel -> Of<$label, Text>,
                    value -> Of<$label, Text>,
                }
            }
            platform::casework!($table);
        }
    };
}
details!(client, client_detail, Workers);
details!(survivor, survivor_detail, Survivor);
details!(child, child_detail, Child);
mod safe {
    use kernel::{ids::CaseKind, label::Survivor};
    use platform::sql::{Of, SqlId};

    use crate::people::model::{PartKind, SafeContactKind};
    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Of, PartKind, SafeContactKind, SqlId, Survivor};
        safe_contact (id) {
            id -> SqlId<SafeContactKind>,
            case_id -> SqlId<CaseKind>,
            part_id -> SqlId<PartKind>,
            as_given -> Of<Survivor, Text>,
        }
    }
    platform::casework!(safe_contact);
}
use child::child_detail;
use client::client_detail;
use parts::part;
use safe::safe_contact;
use survivor::survivor_detail;

/// Adds a part.
pub fn add_part(tx: &mut Tx<'_>, new: &NewPart) -> Result<(), Failed> {
    let case = tx.case();
    diesel::insert_into(part::table)
        .values((
            part::id.eq(new.id),
            part::case_id.eq(case),
            part::role.eq(Labelled::<_, Workers>::new(new.role)),
            part::name.eq(&new.name),
            part::born.eq(new.born.as_ref().map(|born| born.map(|when| when.typed()))),
            part::to_survivor.eq(new.relation_to_survivor.as_ref()),
            part::to_client.eq(new.relation_to_client.as_ref()),
            part::position.eq(Labelled::<_, Workers>::new(new.position)),
        ))
        .execute(tx.conn())?;
    Ok(())
}
macro_rules! add {
    ($($name:ident $table:ident $label:ident;)*) => { $(
        /// Adds a detail.
        pub fn $name(tx: &mut Tx<'_>, new: &NewDetail<$label>) -> Result<(), Failed> {
            let case = tx.case();
            diesel::insert_into($table::table)
                .values((
                    $table::id.eq(new.id),
                    $table::case_id.eq(case),
                    $table::part_id.eq(new.part),
                    $table::channel.eq(Labelled::<_, $label>::new(new.channel)),
                    $table::value.eq(&new.value),
                ))
                .execute(tx.conn())?;
            Ok(())
        }
    )* };
}
add! {
    add_client_detail client_detail Workers;
    add_survivor_detail survivor_detail Survivor;
    add_child_detail child_detail Child;
}
/// Adds what was said about safe contact.
pub fn add_safe_contact(tx: &mut Tx<'_>, new: &NewSafeContact) -> Result<(), Failed> {
    let case = tx.case();
    diesel::insert_into(safe_contact::table)
        .values((
            safe_contact::id.eq(SafeContactId::new()),
            safe_contact::case_id.eq(case),
            safe_contact::part_id.eq(new.part),
            safe_contact::as_given.eq(&new.as_given),
        ))
        .execute(tx.conn())?;
    Ok(())
}
/// Clears what the referral wrote.
pub fn clear_parts(tx: &mut Tx<'_>) -> Result<(), Failed> {
    diesel::delete(safe::of(tx)).execute(tx.conn())?;
    diesel::delete(client::of(tx)).execute(tx.conn())?;
    diesel::delete(survivor::of(tx)).execute(tx.conn())?;
    diesel::delete(child::of(tx)).execute(tx.conn())?;
    diesel::delete(parts::of(tx)).execute(tx.conn())?;
    Ok(())
}
/// The names of a case.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The client's.
    pub client: Option<Labelled<String, Workers>>,
    /// The survivor's.
    pub survivor: Option<Labelled<String, Workers>>,
    /// How many children.
    pub children: usize,
}
type Row = (CaseId, Labelled<PartRole, Workers>, Labelled<String, Workers>);
fn collect(rows: Vec<Row>) -> HashMap<CaseId, Names> {
    let mut all: HashMap<CaseId, Names> = HashMap::new();
    for (case, role, name) in rows {
        let names = all.entry(case).or_default();
        match role.expose() {
            PartRole::Client => names.client = Some(name),
            PartRole::Survivor => names.survivor = Some(name),
            PartRole::Child => names.children += 1,
            PartRole::Other => {}
        }
    }
    all
}
/// The names of the case in hand.
pub fn names(scope: &mut impl Scope) -> Result<Names> {
    let rows: Vec<Row> = parts::of(scope)
        .order(part::position)
        .select((part::case_id, part::role, part::name))
        .load(scope.conn())?;
    Ok(collect(rows).remove(&scope.case()).unwrap_or_default())
}
/// The names of listed cases.
pub fn names_listed(across: &mut Across<'_>) -> Result<HashMap<CaseId, Names>> {
    let rows: Vec<Row> = parts::of_listed(across)
        .order(part::position)
        .select((part::case_id, part::role, part::name))
        .load(across.conn())?;
    Ok(collect(rows))
}
