//! Rows of supervision.

use std::collections::HashMap;

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    access::Tie,
    ids::{CaseId, CaseKind, Id, UserId, UserKind},
    label::{Labelled, Survivor, Workers},
    plain::Plain,
    time::Instant,
};
use platform::{
    Across, Error, Failed, Result, Scope, Tx,
    db::Backend,
    schema::{app_user, tie},
    sql::{Of, SqlDay, SqlId, SqlInstant},
};

use super::{
    model::{NoteId, NoteKind, SignOffId, SignOffKind, What},
    rules::{self, Known},
};
use crate::{
    cases::model::{Moment, Said},
    closures, consultations, plans,
};

mod notes {
    use super::{CaseKind, NoteKind, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, NoteKind, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// What was talked about and decided in supervision.
        supervision_note (id) {
            /// Its id.
            id -> SqlId<NoteKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The day.
            noted_on -> Of<Workers, SqlDay>,
            /// What was talked about.
            note -> Nullable<Of<Workers, Text>>,
            /// What was decided.
            decision -> Of<Workers, Text>,
            /// Who decided.
            recorded_by -> SqlId<UserKind>,
            /// When that was entered.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(supervision_note);
}
use notes::supervision_note;

mod notes_apart {
    use super::{CaseKind, NoteKind, Of, SqlDay, SqlId, SqlInstant, Survivor, UserKind};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, NoteKind, Of, SqlDay, SqlId, SqlInstant, Survivor, UserKind};
        /// What the survivor's side talked about and decided.
        supervision_note_apart (id) {
            /// Its id.
            id -> SqlId<NoteKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The day.
            noted_on -> Of<Survivor, SqlDay>,
            /// What was talked about.
            note -> Nullable<Of<Survivor, Text>>,
            /// What was decided.
            decision -> Of<Survivor, Text>,
            /// Who decided.
            recorded_by -> SqlId<UserKind>,
            /// When that was entered.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(supervision_note_apart);
}
use notes_apart::supervision_note_apart;

mod sign_offs {
    use super::{CaseKind, Of, SignOffKind, SqlId, SqlInstant, Thing, UserKind, Workers};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Of, SignOffKind, SqlId, SqlInstant, Thing, UserKind, Workers};
        /// That something was signed off.
        supervision_sign_off (id) {
            /// Its id.
            id -> SqlId<SignOffKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// What kind of thing.
            what -> Of<Workers, Text>,
            /// The thing.
            item -> SqlId<Thing>,
            /// What is to be minded.
            note -> Nullable<Of<Workers, Text>>,
            /// Who signed it off.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(supervision_sign_off);
}
use sign_offs::supervision_sign_off;

/// The kind of whatever is signed off: its table follows from [`What`].
type Thing = ();

/// What was talked about and decided.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = supervision_note, check_for_backend(Backend), treat_none_as_default_value = false)]
pub struct Noted {
    /// Its id.
    pub id: NoteId,
    /// The case.
    pub case_id: CaseId,
    /// The day.
    pub noted_on: Labelled<Date, Workers>,
    /// What was talked about.
    pub note: Option<Labelled<String, Workers>>,
    /// What was decided.
    pub decision: Labelled<String, Workers>,
    /// Who decided.
    pub recorded_by: UserId,
    /// When that was entered.
    pub recorded_at: Instant,
}

/// What the survivor's side talked about and decided.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = supervision_note_apart, check_for_backend(Backend), treat_none_as_default_value = false)]
pub struct NotedApart {
    /// Its id.
    pub id: NoteId,
    /// The case.
    pub case_id: CaseId,
    /// The day.
    pub noted_on: Labelled<Date, Survivor>,
    /// What was talked about.
    pub note: Option<Labelled<String, Survivor>>,
    /// What was decided.
    pub decision: Labelled<String, Survivor>,
    /// Who decided.
    pub recorded_by: UserId,
    /// When that was entered.
    pub recorded_at: Instant,
}

/// That something was signed off.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = supervision_sign_off, check_for_backend(Backend), treat_none_as_default_value = false)]
pub struct SignedOff {
    /// Its id.
    pub id: SignOffId,
    /// The case.
    pub case_id: CaseId,
    /// What kind of thing.
    pub what: Labelled<What, Workers>,
    /// The thing.
    pub item: Id<Thing>,
    /// What is to be minded.
    pub note: Option<Labelled<String, Workers>>,
    /// Who signed it off.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// The notes that workers of both lines read, the latest first.
pub fn notes(scope: &mut impl Scope) -> Result<Vec<Noted>> {
    Ok(notes::of(scope)
        .order((
            supervision_note::noted_on.desc(),
            supervision_note::recorded_at.desc(),
        ))
        .select(Noted::as_select())
        .load(scope.conn())?)
}

/// Records what was decided.
///
/// # Errors
/// [`Error::Stale`] if it was recorded before.
pub fn add_note(tx: &mut Tx<'_>, row: &Noted) -> Result<(), Failed> {
    if notes(tx)?.iter().any(|known| known.id == row.id) {
        return Err(Error::Stale.into());
    }
    diesel::insert_into(supervision_note::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// The notes of the survivor's side, the latest first.
pub fn notes_apart(scope: &mut impl Scope) -> Result<Vec<NotedApart>> {
    Ok(notes_apart::of(scope)
        .order((
            supervision_note_apart::noted_on.desc(),
            supervision_note_apart::recorded_at.desc(),
        ))
        .select(NotedApart::as_select())
        .load(scope.conn())?)
}

/// Records what the survivor's side decided.
///
/// # Errors
/// [`Error::Stale`] if it was recorded before.
pub fn add_note_apart(tx: &mut Tx<'_>, row: &NotedApart) -> Result<(), Failed> {
    if notes_apart(tx)?.iter().any(|known| known.id == row.id) {
        return Err(Error::Stale.into());
    }
    diesel::insert_into(supervision_note_apart::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Something that can be signed off.
#[derive(Clone, Debug)]
pub struct Item {
    /// What kind of thing.
    pub what: What,
    /// The thing.
    pub id: Id<Thing>,
    /// Its day.
    pub on: Labelled<Date, Workers>,
    /// Who made it, or had a hand in it.
    pub authors: Vec<UserId>,
}

/// What of the case in hand can be signed off, the latest of each kind first.
pub fn items(scope: &mut impl Scope) -> Result<Vec<Item>> {
    let mut all = Vec::new();
    for one in consultations::store::of_case(scope)? {
        if let Some(held) = one.held.first() {
            all.push(Item {
                what: What::Consultation,
                id: Id::from_uuid(held.id.uuid()),
                on: held.held_on,
                authors: vec![held.recorded_by],
            });
        }
    }
    for plan in plans::store::plans(scope)?.into_iter().rev() {
        all.push(Item {
            what: What::Plan,
            id: Id::from_uuid(plan.id.uuid()),
            on: plan.created_on,
            authors: plans::store::authors(scope, &plan)?,
        });
    }
    for closure in closures::store::of_case(scope)? {
        all.push(Item {
            what: What::Closure,
            id: Id::from_uuid(closure.id.uuid()),
            on: closure.closed_on,
            authors: vec![closure.recorded_by],
        });
    }
    Ok(all)
}

/// What was signed off in the case in hand, the latest first.
pub fn signed_off(scope: &mut impl Scope) -> Result<Vec<SignedOff>> {
    Ok(sign_offs::of(scope)
        .order(supervision_sign_off::recorded_at.desc())
        .select(SignedOff::as_select())
        .load(scope.conn())?)
}

/// Signs something off.
///
/// # Errors
/// [`Error::NotFound`] if there is no such thing; [`Error::Refused`] for one's own;
/// [`Error::Stale`] if it was signed off before.
pub fn sign_off(tx: &mut Tx<'_>, row: &SignedOff) -> Result<(), Failed> {
    let what = *row.what.expose();
    let item = items(tx)?
        .into_iter()
        .find(|item| item.what == what && item.id == row.item)
        .ok_or(Error::NotFound)?;
    if !rules::may_sign_off(&row.recorded_by, &item.authors) {
        return Err(Error::Refused(vec![kernel::form::Problem::new(
            "note",
            "You made this yourself, or part of it: another supervisor signs it off",
        )])
        .into());
    }
    if signed_off(tx)?.iter().any(|known| known.item == row.item) {
        return Err(Error::Stale.into());
    }
    diesel::insert_into(supervision_sign_off::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// What is known of the case in hand.
pub fn known(_: &mut impl Scope) -> Result<Known> {
    Ok(Known::default())
}

/// Who works with the clients of the cases of a list.
pub fn practitioners_listed(across: &mut Across<'_>) -> Result<HashMap<CaseId, (UserId, Plain)>> {
    let (cases, now) = (across.cases(), across.now());
    let rows: Vec<(CaseId, UserId, Plain)> = tie::table
        .inner_join(app_user::table.on(app_user::id.eq(tie::user_id)))
        .filter(tie::case_id.eq_any(cases))
        .filter(tie::kind.eq_any([Plain::from(Tie::ClientLine.code())]))
        .filter(tie::covers.is_null())
        .filter(tie::from_at.le(now))
        .filter(tie::until_at.is_null().or(tie::until_at.gt(Some(now))))
        .select((tie::case_id, tie::user_id, app_user::name))
        .load(across.conn())?;
    Ok(rows
        .into_iter()
        .map(|(case, user, name)| (case, (user, name)))
        .collect())
}

/// What happened, as workers of both lines may read it.
pub fn chronology(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    let mut moments: Vec<Moment> = notes(scope)?
        .into_iter()
        .map(|row| Moment {
            on: row.noted_on,
            ..Moment::entered(
                row.recorded_at,
                row.recorded_by,
                "Decided in supervision",
                row.decision,
            )
        })
        .collect();
    for row in signed_off(scope)? {
        let said: Said = Said::Written(row.what.map(|what| what.words().to_owned()));
        moments.push(Moment::entered(
            row.recorded_at,
            row.recorded_by,
            "Signed off",
            said,
        ));
    }
    Ok(moments)
}

/// What happened on the survivor's side.
pub fn survivor_chronology(scope: &mut impl Scope) -> Result<Vec<Moment<Survivor>>> {
    Ok(notes_apart(scope)?
        .into_iter()
        .map(|row| Moment {
            on: row.noted_on,
            ..Moment::entered(
                row.recorded_at,
                row.recorded_by,
                "Decided in supervision",
                row.decision,
            )
        })
        .collect())
}
