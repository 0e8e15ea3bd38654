//! Rows of contacts with the survivor and with each child, in a table for each label.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use kernel::label::{Child, Label, Labelled, Survivor};
use platform::{Error, Failed, Result, Scope, Tx};

use super::super::{
    model::{KeptContact, KeptContactId, Method, Outcome, Visit, VisitId},
    rules::{Held, Week},
};
use super::EVER;
use crate::{
    cases::model::{Moment, Said},
    people::model::PartId,
};

/// One of the two tables.
pub trait KeptContacts: 'static {
    /// The label of its columns.
    type Label: Label + Clone + std::fmt::Debug;

    /// Adds a row.
    fn insert(tx: &mut Tx<'_>, new: &KeptContact<Self::Label>) -> Result<(), Failed>;
    /// The rows on the days from `from` to `until`, latest first.
    fn between(
        scope: &mut impl Scope,
        from: Date,
        until: Date,
    ) -> Result<Vec<KeptContact<Self::Label>>>;
    /// The rows of one visit.
    fn of_visit(scope: &mut impl Scope, id: VisitId) -> Result<Vec<KeptContact<Self::Label>>>;
    /// With whom, when, with what result and entered when, of what was not taken back.
    fn seen(scope: &mut impl Scope) -> Result<Vec<(PartId, Date, Outcome, Date)>>;
    /// With whom and on which day somebody met face to face, of what was not taken back.
    fn met(scope: &mut impl Scope) -> Result<Vec<(PartId, Date)>>;
    /// How somebody was last met.
    fn method(scope: &mut impl Scope, part: PartId) -> Result<Option<Method>>;
    /// Takes the rows of a visit back; how many there were.
    fn take_back(
        tx: &mut Tx<'_>,
        id: VisitId,
        because: &Labelled<String, Self::Label>,
    ) -> Result<usize, Failed>;
}

macro_rules! kept_contacts {
    ($(#[$doc:meta])* $module:ident, $table:ident, $kept:ident, $label:ident) => {
        mod $module {
            use diesel::prelude::*;
            use jiff::civil::Date;
            use kernel::{
                form::{Value as _, YesNo},
                ids::{CaseId, CaseKind, UserId, UserKind},
                label::{$label, Labelled},
                time::Instant,
            };
            use platform::{
                Failed, Result, Scope, Tx,
                db::Backend,
                sql::{Of, SqlDay, SqlId, SqlInstant},
            };

            use crate::{
                contacts::{
                    model::{
                        Consulted, KeptCancelledBy, KeptContact, KeptContactId, KeptContactKind,
                        Method, Outcome, VisitId, VisitKind,
                    },
                    store::many,
                },
                people::model::{PartId, PartKind},
            };

            diesel::table! {
                use diesel::sql_types::*;
                use super::{
                    $label, CaseKind, KeptContactKind, Of, PartKind, SqlDay, SqlId, SqlInstant,
                    UserKind, VisitKind,
                };
                $table (id) {
                    id -> SqlId<KeptContactKind>,
                    case_id -> SqlId<CaseKind>,
                    visit_id -> SqlId<VisitKind>,
                    part_id -> SqlId<PartKind>,
                    on_day -> Of<$label, SqlDay>,
                    method -> Nullable<Of<$label, Text>>,
                    result -> Of<$label, Text>,
                    reason -> Nullable<Of<$label, Text>>,
                    cancelled_by -> Nullable<Of<$label, Text>>,
                    alone -> Nullable<Of<$label, Text>>,
                    safe_place -> Nullable<Of<$label, Text>>,
                    place -> Nullable<Of<$label, Text>>,
                    voice -> Nullable<Of<$label, Text>>,
                    body -> Nullable<Of<$label, Text>>,
                    expectations -> Nullable<Of<$label, Text>>,
                    misuse_checked -> Nullable<Of<$label, Text>>,
                    misuse -> Nullable<Of<$label, Text>>,
                    exercise -> Nullable<Of<$label, Text>>,
                    consulted -> Nullable<Of<$label, Text>>,
                    confirmed_by -> Nullable<Of<$label, Text>>,
                    recorded_by -> SqlId<UserKind>,
                    recorded_at -> SqlInstant,
                    back_because -> Nullable<Of<$label, Text>>,
                    back_by -> Nullable<SqlId<UserKind>>,
                    back_at -> Nullable<SqlInstant>,
                }
            }
            platform::casework!($table);

            type Kept<T> = Labelled<T, $label>;

            #[derive(Clone, Debug, Queryable, Selectable, Insertable)]
            #[diesel(
                table_name = $table,
                check_for_backend(Backend),
                treat_none_as_default_value = false
            )]
            struct Row {
                id: KeptContactId,
                case_id: CaseId,
                visit_id: VisitId,
                part_id: PartId,
                on_day: Kept<Date>,
                method: Option<Kept<Method>>,
                result: Kept<Outcome>,
                reason: Option<Kept<String>>,
                cancelled_by: Option<Kept<KeptCancelledBy>>,
                alone: Option<Kept<YesNo>>,
                safe_place: Option<Kept<YesNo>>,
                place: Option<Kept<String>>,
                voice: Option<Kept<String>>,
                body: Option<Kept<String>>,
                expectations: Option<Kept<YesNo>>,
                misuse_checked: Option<Kept<YesNo>>,
                misuse: Option<Kept<String>>,
                exercise: Option<Kept<String>>,
                consulted: Option<Kept<Consulted>>,
                confirmed_by: Option<Kept<String>>,
                recorded_by: UserId,
                recorded_at: Instant,
                back_because: Option<Kept<String>>,
                back_by: Option<UserId>,
                back_at: Option<Instant>,
            }

            impl From<Row> for KeptContact<$label> {
                fn from(row: Row) -> Self {
                    Self {
                        id: row.id,
                        visit: row.visit_id,
                        part: row.part_id,
                        on: row.on_day,
                        method: row.method,
                        result: row.result,
                        reason: row.reason,
                        cancelled_by: row.cancelled_by,
                        alone: row.alone,
                        safe_place: row.safe_place,
                        place: row.place,
                        voice: row.voice,
                        body: row.body,
                        expectations: row.expectations,
                        misuse_checked: row.misuse_checked,
                        misuse: row.misuse.map(|codes| codes.map(|codes| many(codes))),
                        exercise: row.exercise,
                        consulted: row.consulted,
                        confirmed_by: row.confirmed_by,
                        recorded_by: row.recorded_by,
                        recorded_at: row.recorded_at,
                        back: row.back_because,
                    }
                }
            }

            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub enum $kept {}

            impl super::KeptContacts for $kept {
                type Label = $label;

                fn insert(tx: &mut Tx<'_>, new: &KeptContact<$label>) -> Result<(), Failed> {
                    let row = Row {
                        id: new.id,
                        case_id: tx.case(),
                        visit_id: new.visit,
                        part_id: new.part,
                        on_day: new.on,
                        method: new.method,
                        result: new.result,
                        reason: new.reason.clone(),
                        cancelled_by: new.cancelled_by,
                        alone: new.alone,
                        safe_place: new.safe_place,
                        place: new.place.clone(),
                        voice: new.voice.clone(),
                        body: new.body.clone(),
                        expectations: new.expectations,
                        misuse_checked: new.misuse_checked,
                        misuse: new.misuse.as_ref().map(|some| some.map(|some| some.typed())),
                        exercise: new.exercise.clone(),
                        consulted: new.consulted,
                        confirmed_by: new.confirmed_by.clone(),
                        recorded_by: new.recorded_by,
                        recorded_at: new.recorded_at,
                        back_because: None,
                        back_by: None,
                        back_at: None,
                    };
                    diesel::insert_into($table::table).values(&row).execute(tx.conn())?;
                    Ok(())
                }

                fn between(
                    scope: &mut impl Scope,
                    from: Date,
                    until: Date,
                ) -> Result<Vec<KeptContact<$label>>> {
                    let rows: Vec<Row> = of(scope)
                        .filter($table::on_day.ge(Kept::new(from)))
                        .filter($table::on_day.le(Kept::new(until)))
                        .order(($table::on_day.desc(), $table::recorded_at.desc(), $table::id.desc()))
                        .select(Row::as_select())
                        .load(scope.conn())?;
                    Ok(rows.into_iter().map(Into::into).collect())
                }

                fn of_visit(
                    scope: &mut impl Scope,
                    id: VisitId,
                ) -> Result<Vec<KeptContact<$label>>> {
                    let rows: Vec<Row> = of(scope)
                        .filter($table::visit_id.eq(id))
                        .order($table::id.asc())
                        .select(Row::as_select())
                        .load(scope.conn())?;
                    Ok(rows.into_iter().map(Into::into).collect())
                }

                fn seen(scope: &mut impl Scope) -> Result<Vec<(PartId, Date, Outcome, Date)>> {
                    let rows: Vec<(PartId, Kept<Date>, Kept<Outcome>, Instant)> = of(scope)
                        .filter($table::back_at.is_null())
                        .select(($table::part_id, $table::on_day, $table::result, $table::recorded_at))
                        .load(scope.conn())?;
                    Ok(rows
                        .into_iter()
                        .map(|(part, on, result, at)| {
                            (part, on.into_exposed(), result.into_exposed(), at.day())
                        })
                        .collect())
                }

                fn met(scope: &mut impl Scope) -> Result<Vec<(PartId, Date)>> {
                    let rows: Vec<(PartId, Kept<Date>)> = of(scope)
                        .filter($table::method.eq(Some(Kept::new(Method::FaceToFace))))
                        .filter($table::result.eq(Kept::new(Outcome::Held)))
                        .filter($table::back_at.is_null())
                        .select(($table::part_id, $table::on_day))
                        .load(scope.conn())?;
                    Ok(rows.into_iter().map(|(part, on)| (part, on.into_exposed())).collect())
                }

                fn method(scope: &mut impl Scope, part: PartId) -> Result<Option<Method>> {
                    let found: Option<Option<Kept<Method>>> = of(scope)
                        .filter($table::part_id.eq(part))
                        .filter($table::method.is_not_null())
                        .filter($table::back_at.is_null())
                        .order(($table::on_day.desc(), $table::id.desc()))
                        .select($table::method)
                        .first(scope.conn())
                        .optional()?;
                    Ok(found.flatten().map(Labelled::into_exposed))
                }

                fn take_back(
                    tx: &mut Tx<'_>,
                    id: VisitId,
                    because: &Kept<String>,
                ) -> Result<usize, Failed> {
                    let (actor, now) = (tx.actor(), tx.now());
                    let done = diesel::update(
                        of(tx).filter($table::visit_id.eq(id)).filter($table::back_at.is_null()),
                    )
                    .set((
                        $table::back_because.eq(Some(because)),
                        $table::back_by.eq(Some(actor)),
                        $table::back_at.eq(Some(now)),
                    ))
                    .execute(tx.conn())?;
                    Ok(done)
                }
            }
        }
        pub use $module::$kept;
    };
}

kept_contacts! {
    /// Contacts with the survivor.
    survivor, survivor_contact, SurvivorContacts, Survivor
}
kept_contacts! {
    /// Contacts with a child.
    child, child_contact, ChildContacts, Child
}

/// The same value under the child's label: it was said of the child too.
fn of_child<T: Clone>(value: Option<&Labelled<T, Survivor>>) -> Option<Labelled<T, Child>> {
    value.map(|value| Labelled::new(value.expose().clone()))
}

/// Records a visit: a row for each person met. What happened is kept with the survivor where one was
/// met, so that it is not copied to the child's record.
///
/// # Errors
/// [`Error::Stale`] if it is recorded already.
pub fn add_visit(tx: &mut Tx<'_>, new: &Visit) -> Result<(), Failed> {
    if !visit(tx, new.id)?.is_empty() {
        return Err(Error::Stale.into());
    }
    let (by, at) = (tx.actor(), tx.now());
    for part in &new.survivors {
        let row = KeptContact {
            id: KeptContactId::new(),
            visit: new.id,
            part: *part,
            on: new.on,
            method: new.method,
            result: new.result,
            reason: new.reason.clone(),
            cancelled_by: new.cancelled_by,
            alone: new.alone,
            safe_place: new.safe_place,
            place: new.place.clone(),
            voice: new.voice.clone(),
            body: new.body.clone(),
            expectations: new.expectations,
            misuse_checked: new.misuse_checked,
            misuse: new.misuse.clone(),
            exercise: new.exercise.clone(),
            consulted: new.consulted,
            confirmed_by: new.confirmed_by.clone(),
            recorded_by: by,
            recorded_at: at,
            back: None,
        };
        SurvivorContacts::insert(tx, &row)?;
    }
    let alone = new.survivors.is_empty();
    for part in &new.children {
        let row = KeptContact {
            id: KeptContactId::new(),
            visit: new.id,
            part: *part,
            on: Labelled::new(*new.on.expose()),
            method: of_child(new.method.as_ref()),
            result: Labelled::new(*new.result.expose()),
            reason: of_child(new.reason.as_ref()),
            cancelled_by: of_child(new.cancelled_by.as_ref()),
            alone: of_child(new.alone.as_ref()),
            safe_place: of_child(new.safe_place.as_ref()),
            place: of_child(new.place.as_ref()),
            voice: new.child_voice.clone(),
            body: of_child(new.body.as_ref().filter(|_| alone)),
            expectations: of_child(new.expectations.as_ref().filter(|_| alone)),
            misuse_checked: of_child(new.misuse_checked.as_ref().filter(|_| alone)),
            misuse: of_child(new.misuse.as_ref().filter(|_| alone)),
            exercise: None,
            consulted: None,
            confirmed_by: of_child(new.confirmed_by.as_ref()),
            recorded_by: by,
            recorded_at: at,
            back: None,
        };
        ChildContacts::insert(tx, &row)?;
    }
    Ok(())
}

/// A row of either table.
#[derive(Clone, Debug)]
pub enum AnyKept {
    /// About the survivor.
    Survivor(KeptContact<Survivor>),
    /// About a child.
    Child(KeptContact<Child>),
}

impl AnyKept {
    /// What the entries are put in order by.
    fn place(&self) -> (Date, kernel::time::Instant, KeptContactId) {
        match self {
            Self::Survivor(row) => (*row.on.expose(), row.recorded_at, row.id),
            Self::Child(row) => (*row.on.expose(), row.recorded_at, row.id),
        }
    }
}

fn together(survivor: Vec<KeptContact<Survivor>>, child: Vec<KeptContact<Child>>) -> Vec<AnyKept> {
    let mut all: Vec<AnyKept> = survivor.into_iter().map(AnyKept::Survivor).collect();
    all.extend(child.into_iter().map(AnyKept::Child));
    all.sort_by_key(|row| std::cmp::Reverse(row.place()));
    all
}

/// The rows of one visit.
pub fn visit(scope: &mut impl Scope, id: VisitId) -> Result<Vec<AnyKept>> {
    let survivor = SurvivorContacts::of_visit(scope, id)?;
    let child = ChildContacts::of_visit(scope, id)?;
    Ok(together(survivor, child))
}

/// The rows of the case in hand on the days from `from` to `until`, latest first.
pub fn kept_between(scope: &mut impl Scope, from: Date, until: Date) -> Result<Vec<AnyKept>> {
    let survivor = SurvivorContacts::between(scope, from, until)?;
    let child = ChildContacts::between(scope, from, until)?;
    Ok(together(survivor, child))
}

fn seen(scope: &mut impl Scope) -> Result<Vec<(PartId, Date, Outcome, Date)>> {
    let mut all = SurvivorContacts::seen(scope)?;
    all.extend(ChildContacts::seen(scope)?);
    Ok(all)
}

/// What was held, by person.
pub(super) fn held(scope: &mut impl Scope) -> Result<HashMap<PartId, Vec<Held>>> {
    let mut all: HashMap<PartId, Vec<Held>> = HashMap::new();
    for (part, on, result, entered) in seen(scope)? {
        if result == Outcome::Held {
            all.entry(part).or_default().push(Held { entered, on });
        }
    }
    Ok(all)
}

/// The weeks in which a contact was tried or cancelled, by person.
pub fn kept_tried(scope: &mut impl Scope) -> Result<HashMap<PartId, BTreeSet<Week>>> {
    let mut all: HashMap<PartId, BTreeSet<Week>> = HashMap::new();
    for (part, on, result, _) in seen(scope)? {
        if result != Outcome::Held {
            all.entry(part).or_default().insert(Week::of(on));
        }
    }
    Ok(all)
}

/// The first day with an entry.
pub fn kept_first_day(scope: &mut impl Scope) -> Result<Option<Date>> {
    Ok(seen(scope)?.into_iter().map(|(_, on, ..)| on).min())
}

/// How somebody was last met.
pub fn last_method(scope: &mut impl Scope, part: PartId) -> Result<Option<Method>> {
    Ok(match SurvivorContacts::method(scope, part)? {
        Some(method) => Some(method),
        None => ChildContacts::method(scope, part)?,
    })
}

/// Takes a visit back, with every row of it.
///
/// # Errors
/// [`Error::NotFound`] without such a visit, [`Error::Stale`] if it was taken back before.
pub fn take_back_visit(
    tx: &mut Tx<'_>,
    id: VisitId,
    because: &Labelled<String, Survivor>,
) -> Result<(), Failed> {
    if visit(tx, id)?.is_empty() {
        return Err(Error::NotFound.into());
    }
    let child = Labelled::<_, Child>::new(because.expose().clone());
    let done = SurvivorContacts::take_back(tx, id, because)?
        .saturating_add(ChildContacts::take_back(tx, id, &child)?);
    if done == 0 {
        return Err(Error::Stale.into());
    }
    Ok(())
}

/// What happened on the survivor's side. What was taken back stays, and says so. What is a child's
/// is told without its words: they lie under the child's label.
pub fn kept_chronology(scope: &mut impl Scope) -> Result<Vec<Moment<Survivor>>> {
    let survivor = SurvivorContacts::between(scope, EVER.0, EVER.1)?;
    let child = ChildContacts::between(scope, EVER.0, EVER.1)?;
    let mut moments = Vec::new();
    for row in survivor {
        let text: Said<Survivor> = match (row.back, row.body.or(row.voice).or(row.reason)) {
            (Some(_), _) => Said::Ours("Taken back: entered in error"),
            (None, Some(words)) => Said::Written(words),
            (None, None) if row.confirmed_by.is_some() => Said::Ours("Confirmed at liaison"),
            (None, None) => Said::Ours((*row.result.expose()).short()),
        };
        moments.push(Moment {
            on: row.on,
            ..Moment::entered(
                row.recorded_at,
                row.recorded_by,
                "Contact with the survivor",
                text,
            )
        });
    }
    for row in child {
        let said = if row.back.is_some() {
            "Taken back: entered in error"
        } else {
            (*row.result.expose()).short()
        };
        moments.push(Moment {
            on: Labelled::new(row.on.into_exposed()),
            ..Moment::entered(
                row.recorded_at,
                row.recorded_by,
                "Contact with a child",
                Said::Ours(said),
            )
        });
    }
    Ok(moments)
}
