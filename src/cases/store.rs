//! What was marked as misplaced, and what happened in a case.

use std::collections::HashSet;

use kernel::{
    access::Tie,
    calendar::Calendar,
    form::Problem,
    ids::Id,
    label::{Label, Labelled, Survivor, Workers},
    time::{Day, Instant},
};
use platform::{Across, Error, Failed, NEVER, Reading, Result, Scope, Tx, casefile::Frame};

use super::{
    model::{DueRow, Misfiled, MisfiledId, Misplaced, Moment, NextRow, Outcome, Said},
    rules, way,
};
use crate::{
    acknowledgements, allocations, closures, consultations, contacts,
    duties::{
        self,
        model::{Met, Stage},
    },
    engagement, interventions, participation,
    people::{
        self,
        model::{Detail, DetailId, KeptAt, Origin, PartRole},
        store::{ChildDetails, ClientDetails, Details, OtherDetails, SurvivorDetails, save_detail},
    },
    plans, referrals, risks, suitability, supervision,
};

/// One of the two tables of marks.
pub trait Marks: 'static {
    /// The label of what is marked and why.
    type Label: Label + Clone + std::fmt::Debug;

    /// Marks a thing: it is hidden from now on.
    fn mark(
        tx: &mut Tx<'_>,
        id: MisfiledId,
        kind: &Labelled<String, Self::Label>,
        item: Id<()>,
        why: Labelled<Misplaced, Self::Label>,
        reason: &Labelled<String, Self::Label>,
    ) -> Result<(), Failed>;
    /// What was ever marked, newest first.
    fn all(scope: &mut impl Scope) -> Result<Vec<Misfiled<Self::Label>>>;
    /// Settles a mark; 0 if it was settled before.
    fn settle(
        tx: &mut Tx<'_>,
        id: MisfiledId,
        outcome: Labelled<Outcome, Self::Label>,
        because: &Labelled<String, Self::Label>,
    ) -> Result<usize, Failed>;
    /// Kind and id of what is hidden now.
    fn hidden(scope: &mut impl Scope) -> Result<Vec<(String, Id<()>)>>;
    /// The same for the cases of a list.
    fn hidden_listed(across: &mut Across<'_>) -> Result<Vec<(String, Id<()>)>>;
}

macro_rules! marks {
    ($(#[$doc:meta])* $module:ident, $table:ident, $marks:ident, $label:ident) => {
        mod $module {
            use diesel::prelude::*;
            use kernel::{
                ids::{CaseKind, Id, UserId, UserKind},
                label::{$label, Labelled},
                time::Instant,
            };
            use platform::{
                Across, Failed, Result, Scope, Tx,
                sql::{Of, SqlId, SqlInstant},
            };

            use crate::cases::model::{Misfiled, MisfiledId, MisfiledKind, Misplaced, Outcome};

            /// The kind of whatever is marked: its table is named beside it.
            type Thing = ();

            diesel::table! {
                use diesel::sql_types::*;
                use super::{CaseKind, MisfiledKind, Of, SqlId, SqlInstant, Thing, UserKind, $label};
                $table (id) {
                    id -> SqlId<MisfiledKind>,
                    case_id -> SqlId<CaseKind>,
                    kind -> Of<$label, Text>,
                    item -> SqlId<Thing>,
                    why -> Of<$label, Text>,
                    reason -> Of<$label, Text>,
                    recorded_by -> SqlId<UserKind>,
                    recorded_at -> SqlInstant,
                    outcome -> Nullable<Of<$label, Text>>,
                    settled_because -> Nullable<Of<$label, Text>>,
                    settled_by -> Nullable<SqlId<UserKind>>,
                    settled_at -> Nullable<SqlInstant>,
                }
            }
            platform::casework!($table);

            #[derive(Queryable, Selectable)]
            #[diesel(table_name = $table, check_for_backend(platform::db::Backend))]
            struct Row {
                id: MisfiledId,
                kind: Labelled<String, $label>,
                item: Id<()>,
                why: Labelled<Misplaced, $label>,
                reason: Labelled<String, $label>,
                recorded_by: UserId,
                recorded_at: Instant,
                outcome: Option<Labelled<Outcome, $label>>,
                settled_at: Option<Instant>,
                settled_by: Option<UserId>,
            }

            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub enum $marks {}

            impl super::Marks for $marks {
                type Label = $label;

                fn mark(
                    tx: &mut Tx<'_>,
                    id: MisfiledId,
                    kind: &Labelled<String, $label>,
                    item: Id<()>,
                    why: Labelled<Misplaced, $label>,
                    reason: &Labelled<String, $label>,
                ) -> Result<(), Failed> {
                    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
                    diesel::insert_into($table::table)
                        .values((
                            $table::id.eq(id),
                            $table::case_id.eq(case),
                            $table::kind.eq(kind),
                            $table::item.eq(item),
                            $table::why.eq(why),
                            $table::reason.eq(reason),
                            $table::recorded_by.eq(actor),
                            $table::recorded_at.eq(now),
                        ))
                        .execute(tx.conn())?;
                    Ok(())
                }

                fn all(scope: &mut impl Scope) -> Result<Vec<Misfiled<$label>>> {
                    let rows: Vec<Row> = of(scope)
                        .order(($table::recorded_at.desc(), $table::id.desc()))
                        .select(Row::as_select())
                        .load(scope.conn())?;
                    Ok(rows
                        .into_iter()
                        .map(|row| Misfiled {
                            id: row.id,
                            kind: row.kind,
                            item: row.item,
                            why: row.why,
                            reason: row.reason,
                            recorded_by: row.recorded_by,
                            recorded_at: row.recorded_at,
                            outcome: row.outcome,
                            settled_at: row.settled_at,
                            settled_by: row.settled_by,
                        })
                        .collect())
                }

                fn settle(
                    tx: &mut Tx<'_>,
                    id: MisfiledId,
                    outcome: Labelled<Outcome, $label>,
                    because: &Labelled<String, $label>,
                ) -> Result<usize, Failed> {
                    let (actor, now) = (tx.actor(), tx.now());
                    let done = diesel::update(
                        of(tx).filter($table::id.eq(id)).filter($table::settled_at.is_null()),
                    )
                    .set((
                        $table::outcome.eq(Some(outcome)),
                        $table::settled_because.eq(Some(because)),
                        $table::settled_by.eq(Some(actor)),
                        $table::settled_at.eq(Some(now)),
                    ))
                    .execute(tx.conn())?;
                    Ok(done)
                }

                fn hidden(scope: &mut impl Scope) -> Result<Vec<(String, Id<()>)>> {
                    let restored = Labelled::<_, $label>::new(Outcome::Restored);
                    let rows: Vec<(Labelled<String, $label>, Id<()>)> = of(scope)
                        .filter($table::outcome.is_null().or($table::outcome.ne(Some(restored))))
                        .select(($table::kind, $table::item))
                        .load(scope.conn())?;
                    Ok(rows.into_iter().map(|(kind, item)| (kind.into_exposed(), item)).collect())
                }

                fn hidden_listed(across: &mut Across<'_>) -> Result<Vec<(String, Id<()>)>> {
                    let restored = Labelled::<_, $label>::new(Outcome::Restored);
                    let rows: Vec<(Labelled<String, $label>, Id<()>)> = of_listed(across)
                        .filter($table::outcome.is_null().or($table::outcome.ne(Some(restored))))
                        .select(($table::kind, $table::item))
                        .load(across.conn())?;
                    Ok(rows.into_iter().map(|(kind, item)| (kind.into_exposed(), item)).collect())
                }
            }
        }
        pub use $module::$marks;
    };
}

marks! {
    /// Marks on what workers of both lines read.
    shared, misfiled, SharedMarks, Workers
}
marks! {
    /// Marks on what only the survivor's side reads.
    kept, misfiled_kept, KeptMarks, Survivor
}

/// What of the case in hand is hidden because it was marked as misplaced, as `kind:id`.
///
/// Every capability that shows entries of its own leaves these out: `design.md` 5, "hidden at
/// once".
pub fn hidden_items(scope: &mut impl Scope) -> Result<HashSet<String>> {
    let mut all = SharedMarks::hidden(scope)?;
    all.extend(KeptMarks::hidden(scope)?);
    Ok(keys(all))
}

/// The same for the cases that a list shows. Ids are unique, so one set serves all of them.
pub fn hidden_listed(across: &mut Across<'_>) -> Result<HashSet<String>> {
    Ok(keys(SharedMarks::hidden_listed(across)?))
}

fn keys(all: Vec<(String, Id<()>)>) -> HashSet<String> {
    all.into_iter()
        .map(|(kind, item)| format!("{kind}:{item}"))
        .collect()
}

/// What happened in the case in hand, as workers of both lines may read it: the moments of every
/// capability, latest first. A capability that has dated rows adds a line.
pub fn moments(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    let mut all = people::store::chronology(scope)?;
    all.extend(chronology(scope)?);
    all.extend(of_referral(scope)?);
    all.extend(of_work(scope)?);
    all.extend(consultations::store::chronology(scope)?);
    all.extend(risks::store::chronology(scope)?);
    all.extend(suitability::store::chronology(scope)?);
    all.extend(participation::store::chronology(scope)?);
    all.extend(plans::store::chronology(scope)?);
    all.extend(interventions::store::chronology(scope)?);
    all.extend(contacts::store::chronology(scope)?);
    all.extend(engagement::store::chronology(scope)?);
    all.extend(supervision::store::chronology(scope)?);
    all.extend(closures::store::chronology(scope)?);
    rules::latest_first(&mut all);
    Ok(all)
}

/// What happened on the survivor's side of the case in hand, latest first.
pub fn kept_moments(scope: &mut impl Scope) -> Result<Vec<Moment<Survivor>>> {
    let mut all = people::store::survivor_chronology(scope)?;
    all.extend(consultations::store::survivor_chronology(scope)?);
    all.extend(risks::store::survivor_chronology(scope)?);
    all.extend(suitability::store::survivor_chronology(scope)?);
    all.extend(participation::store::survivor_chronology(scope)?);
    all.extend(plans::store::survivor_chronology(scope)?);
    all.extend(interventions::store::survivor_chronology(scope)?);
    all.extend(contacts::store::survivor_chronology(scope)?);
    all.extend(engagement::store::survivor_chronology(scope)?);
    all.extend(supervision::store::survivor_chronology(scope)?);
    all.extend(closures::store::survivor_chronology(scope)?);
    rules::latest_first(&mut all);
    Ok(all)
}

/// What happened to the referral: receipt by the day on which it was received.
fn of_referral(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    let received = referrals::store::received(scope)?;
    let mut moments = Vec::new();
    for revision in referrals::store::revisions(scope)? {
        let (at, by) = (revision.entered_at, revision.author);
        moments.push(match (&received, revision.reason) {
            (Some(received), None) => Moment {
                on: received.received_at.map(|at| at.day()),
                ..Moment::entered(at, by, "Referral received", "")
            },
            (_, Some(reason)) => Moment::entered(at, by, "Referral corrected", reason),
            (None, None) => Moment::entered(at, by, "Referral received", ""),
        });
    }
    if let Some(taken) = referrals::store::held_taking(scope)? {
        let kind = "Held referral taken";
        moments.push(Moment::entered(taken.at, taken.author, kind, taken.reason));
    }
    if let Some(done) = referrals::store::withdrawal(scope)? {
        let kind = "Referral withdrawn";
        moments.push(Moment::entered(done.at, done.author, kind, done.reason));
    }
    Ok(moments)
}

/// Who was allocated to the client line, and when receipt was confirmed.
fn of_work(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    let allocated = allocations::store::of_case(scope)?;
    let mut moments: Vec<Moment> = allocated
        .into_iter()
        .map(|row| {
            let said: Said = row.note.map_or(Said::Ours(""), Said::Written);
            Moment::entered(row.recorded_at, row.recorded_by, "Allocated", said)
        })
        .collect();
    if let Some(row) = acknowledgements::store::of_case(scope)? {
        moments.push(Moment {
            on: row.confirmed_on,
            ..Moment::entered(
                row.recorded_at,
                row.recorded_by,
                "Receipt confirmed to the referrer",
                row.timeline.map_or(Said::Ours(""), Said::Written),
            )
        });
    }
    Ok(moments)
}

/// What was marked and settled, as workers of both lines may read it: that it was, never what.
fn chronology(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    let mut moments = Vec::new();
    for mark in SharedMarks::all(scope)? {
        moments.push(Moment::entered(
            mark.recorded_at,
            mark.recorded_by,
            "Entry marked as misplaced",
            "",
        ));
        if let (Some(at), Some(by), Some(outcome)) =
            (mark.settled_at, mark.settled_by, &mark.outcome)
        {
            moments.push(Moment::entered(
                at,
                by,
                "Misplaced entry settled",
                (*outcome.expose()).words(),
            ));
        }
    }
    Ok(moments)
}

/// Where the case in hand stands and what is due.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Since when it stands where it stands, if that is known.
    pub since: Option<Instant>,
    /// What is due, most pressing first.
    pub due: Vec<DueRow>,
    /// What comes next without a day, as far as who asks may see it.
    pub next: Vec<NextRow>,
    /// Where each part of the case stands.
    pub parts: Vec<way::Part>,
    /// Whether a concern about risk waits that who asks may take up (R021).
    pub concern: bool,
}

/// Where the case in hand stands and what is due, from the same facts as its duties.
pub fn standing(reading: &mut Reading<'_>, frame: &Frame, ties: &[Tie]) -> Result<Standing> {
    let facts = duties::facts::of_case(reading)?;
    let settings = duties::store::settings(reading.conn())?;
    let now = reading.now();
    let stands = duties::rules::stage(&facts, now.get());
    let owed: Vec<_> = duties::rules::duties(&facts, &settings, &Calendar::default(), now.get())
        .into_iter()
        .filter(|duty| {
            duties::rules::is_listed(duty, stands) && duties::rules::seen_by(duty, ties, &facts)
        })
        .collect();
    let next = way::seen(way::next(&facts, now.get()), ties, &facts)
        .into_iter()
        .filter(|step| !owed.iter().any(|duty| way::asks_for(duty, *step)))
        .map(|step| NextRow {
            what: step.what,
            place: step.is_for(ties, &facts).then_some(step.place),
            whose: step.owner.words(),
        })
        .collect();
    let due = owed
        .into_iter()
        .map(|duty| DueRow {
            page: ties
                .contains(&duties::rules::owner(&duty, &facts.ties))
                .then(|| duty.page().into_owned()),
            what: duty.what,
            about: duty.about,
            when: Day(duty.due.last_day()),
            urgency: duty.state(now.get()).urgency(),
        })
        .collect();
    let day = |at: Option<Met>| at.map(|met| met.at);
    let since = match stands {
        stage if stage.code() != frame.stage.as_str() => None,
        Stage::Held | Stage::Received => facts.received,
        Stage::Waiting => allocations::store::current_wait(reading)?.map(|(at, _)| at.get()),
        Stage::Allocated => facts.allocated,
        Stage::Acknowledged => day(facts.acknowledged),
        Stage::Consulted => day(facts.consultation.held),
        Stage::Suitable | Stage::Unsuitable => {
            // Since the decision in force, not since the first.
            day(facts.suitability.decisions.last().map(|last| last.met))
        }
        Stage::Open => day(facts.intervention.opened),
        Stage::Paused => None,
        Stage::Ended => day(facts.intervention.ended),
        Stage::Closed => day(facts.closure.closed),
        Stage::Withdrawn => referrals::store::withdrawal(reading)?.map(|done| done.at.get()),
    };
    Ok(Standing {
        since: since.map(Instant::new),
        due,
        next,
        parts: way::parts(&facts, now.get()),
        concern: risks::rules::waits(&facts.risk, ties),
    })
}

/// The instant at which something falls due, unless the case owes nothing.
pub fn owed(next_due: Instant) -> Option<Instant> {
    (next_due < NEVER).then_some(next_due)
}

/// What an entry says, for those who settle where it belongs. `None` if the case in hand has no
/// such entry. Nothing but the case in hand is looked at.
fn find_item(scope: &mut impl Scope, kind: &str, item: Id<()>) -> Result<Option<String>> {
    fn said<D: Details>(scope: &mut impl Scope, item: Id<()>) -> Result<Option<String>> {
        let id = DetailId::from_uuid(item.uuid());
        Ok(D::load(scope)?
            .into_iter()
            .find(|detail| detail.id == id)
            .map(|detail| detail.value.into_exposed()))
    }
    match kind {
        "part" => people::store::any_part_name(scope, item),
        "safety_flag" => people::store::any_flag_words(scope, item),
        "safe_contact" => people::store::any_safe_contact(scope, item),
        consultations::store::ITEM => consultations::store::any_words(scope, item),
        risks::store::ASSESSMENT | risks::store::CONCERN => {
            risks::store::any_words(scope, kind, item)
        }
        "client_detail" => said::<ClientDetails>(scope, item),
        "survivor_detail" => said::<SurvivorDetails>(scope, item),
        "child_detail" => said::<ChildDetails>(scope, item),
        "other_detail" => said::<OtherDetails>(scope, item),
        _ => Ok(None),
    }
}

/// Refuses an entry that is hidden already: who marks another must not read what was marked.
///
/// # Errors
/// [`Error::NotFound`] for a hidden entry.
pub fn must_show<L: Label>(
    scope: &mut impl Scope,
    kind: &Labelled<String, L>,
    item: Id<()>,
) -> Result<()> {
    if hidden_items(scope)?.contains(&format!("{}:{item}", kind.expose())) {
        return Err(Error::NotFound);
    }
    Ok(())
}

/// What an entry that workers share says, hidden or not.
///
/// # Errors
/// [`Error::NotFound`] if there is none, or if it is of the survivor's side.
pub fn shared_item(
    scope: &mut impl Scope,
    kind: &Labelled<String, Workers>,
    item: Id<()>,
) -> Result<Labelled<String, Workers>> {
    match rules::markable(kind.expose()) {
        Some(known) if !known.kept => find_item(scope, known.kind, item)?
            .map(Labelled::new)
            .ok_or(Error::NotFound),
        _ => Err(Error::NotFound),
    }
}

/// What an entry of the survivor's side says, hidden or not.
///
/// # Errors
/// [`Error::NotFound`] if there is none.
pub fn kept_item(
    scope: &mut impl Scope,
    kind: &Labelled<String, Survivor>,
    item: Id<()>,
) -> Result<Labelled<String, Survivor>> {
    match rules::markable(kind.expose()) {
        Some(known) if known.kept => find_item(scope, known.kind, item)?
            .map(Labelled::new)
            .ok_or(Error::NotFound),
        _ => Err(Error::NotFound),
    }
}

/// The words for the kind of an entry.
pub fn kind_words<L: Label>(kind: &Labelled<String, L>) -> &'static str {
    rules::markable(kind.expose()).map_or("Entry", |known| known.words)
}

/// Settles what was marked among what workers share, and moves it if that was decided.
///
/// # Errors
/// [`Error::Refused`] if such an entry cannot be moved; [`Error::Stale`] if it was settled before.
pub fn settle_shared(
    tx: &mut Tx<'_>,
    id: MisfiledId,
    outcome: Labelled<Outcome, Workers>,
    because: &Labelled<String, Workers>,
) -> Result<(), Failed> {
    let mark = SharedMarks::all(tx)?
        .into_iter()
        .find(|mark| mark.id == id)
        .ok_or(Error::NotFound)?;
    may_settle(mark.kind.expose(), *outcome.expose())?;
    if SharedMarks::settle(tx, id, outcome, because)? == 0 {
        return Err(Error::Stale.into());
    }
    if *outcome.expose() == Outcome::Moved {
        move_to_survivor(tx, mark.item)?;
    }
    Ok(())
}

/// Settles what was marked on the survivor's side.
///
/// # Errors
/// As [`settle_shared`].
pub fn settle_kept(
    tx: &mut Tx<'_>,
    id: MisfiledId,
    outcome: Labelled<Outcome, Survivor>,
    because: &Labelled<String, Survivor>,
) -> Result<(), Failed> {
    let mark = KeptMarks::all(tx)?
        .into_iter()
        .find(|mark| mark.id == id)
        .ok_or(Error::NotFound)?;
    may_settle(mark.kind.expose(), *outcome.expose())?;
    if KeptMarks::settle(tx, id, outcome, because)? == 0 {
        return Err(Error::Stale.into());
    }
    Ok(())
}

fn may_settle(kind: &str, outcome: Outcome) -> Result<()> {
    if rules::may_settle(kind, outcome) {
        return Ok(());
    }
    Err(Error::Refused(vec![Problem::new(
        "outcome",
        "This cannot be moved: take it off here and record it anew where it belongs",
    )]))
}

/// Writes a detail that was recorded for the client among those of the first survivor. The old row
/// stays hidden, and is the history.
fn move_to_survivor(tx: &mut Tx<'_>, item: Id<()>) -> Result<(), Failed> {
    let id = DetailId::from_uuid(item.uuid());
    let survivor = people::store::parts(tx)?
        .into_iter()
        .find(|part| part.role == PartRole::Survivor);
    let old = ClientDetails::load(tx)?
        .into_iter()
        .find(|detail| detail.id == id);
    let (Some(survivor), Some(old)) = (survivor, old) else {
        return Err(Error::Refused(vec![Problem::new(
            "outcome",
            "There is nobody on this case to whom it could be moved",
        )])
        .into());
    };
    let moved = Detail::<Survivor> {
        id: DetailId::new(),
        part: survivor.id,
        channel: old.channel,
        value: Labelled::new(old.value.into_exposed()),
        note: old.note.map(|note| Labelled::new(note.into_exposed())),
        status: Labelled::new(old.status.into_exposed()),
        kept: Labelled::new(KeptAt::Here),
        because: None,
        at_address: None,
        origin: Origin::Page,
        recorded_by: tx.actor(),
        recorded_at: tx.now(),
    };
    save_detail::<SurvivorDetails>(tx, &moved, None)
}
