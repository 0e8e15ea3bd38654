//! Rows of suitability. What only the survivor's side may know lies in tables of its own.

use kernel::{
    form::{Line, Problems, Sheet},
    label::{Client, Label, Labelled, Survivor, Workers},
};
use platform::{Error, Failed, Result, Scope, Tx};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    model::{
        ChangeStage, Decided, Entry, EntryId, NewDecision, NewKeptGround, NewOnward, NewSafety,
        NewStage, NewTold, NewWords, OneEntry,
    },
    rules::{Decision, Known, Outcome},
};
use crate::{
    cases::model::{Moment, Said},
    duties::model::Met,
    people::{model::PartId, told as told_client},
    referrals,
};

fn broken(error: serde_json::Error) -> Error {
    Error::Broken(format!("suitability: {error}"))
}

fn written<T: Serialize, L: Label>(value: &Labelled<T, L>) -> Result<Labelled<String, L>> {
    serde_json::to_string(value.expose())
        .map(Labelled::new)
        .map_err(broken)
}

fn read<T: DeserializeOwned, L: Label>(text: &Labelled<String, L>) -> Result<Labelled<T, L>> {
    serde_json::from_str(text.expose())
        .map(Labelled::new)
        .map_err(broken)
}

/// The entries of one kind.
pub trait Entries: OneEntry {
    /// Those of the case in hand, in the order in which they were entered.
    fn all(scope: &mut impl Scope) -> Result<Vec<Entry<Self::Label>>>;
    /// Adds one.
    fn add(tx: &mut Tx<'_>, new: &Entry<Self::Label>) -> Result<(), Failed>;
    /// What speaks against it, as only the rows of the case can tell.
    fn problems(_: &mut Tx<'_>, _: &Entry<Self::Label>) -> Result<Problems> {
        Ok(Problems::new())
    }
}

/// Declares a table of entries. They differ in nothing but name, label and the form they come from.
macro_rules! entries {
    ($(#[$doc:meta])* $module:ident, $table:ident, $label:ident) => {
        $(#[$doc])*
        mod $module {
            use diesel::prelude::*;
            use jiff::civil::Date;
            use kernel::{
                ids::{CaseId, CaseKind, UserId, UserKind},
                label::{$label, Labelled},
                time::Instant,
            };
            use platform::{
                Failed, Result, Scope, Tx,
                sql::{Of, SqlDay, SqlId, SqlInstant},
            };

            use crate::{
                people::model::{PartId, PartKind},
                suitability::model::{Entry, EntryId, EntryKind},
            };

            diesel::table! {
                use diesel::sql_types::*;
                use super::{CaseKind, EntryKind, Of, PartKind, SqlDay, SqlId, SqlInstant, UserKind, $label};
                $table (id) {
                    id -> SqlId<EntryKind>,
                    case_id -> SqlId<CaseKind>,
                    on_day -> Of<$label, SqlDay>,
                    code -> Of<$label, Text>,
                    part_id -> Nullable<SqlId<PartKind>>,
                    decision_id -> Nullable<SqlId<EntryKind>>,
                    words -> Of<$label, Text>,
                    recorded_by -> SqlId<UserKind>,
                    recorded_at -> SqlInstant,
                }
            }
            platform::casework!($table);

            #[derive(Queryable, Selectable, Insertable)]
            #[diesel(table_name = $table, check_for_backend(platform::db::Backend), treat_none_as_default_value = false)]
            struct Row {
                id: EntryId,
                case_id: CaseId,
                on_day: Labelled<Date, $label>,
                code: Labelled<String, $label>,
                part_id: Option<PartId>,
                decision_id: Option<EntryId>,
                words: Labelled<String, $label>,
                recorded_by: UserId,
                recorded_at: Instant,
            }

            pub(super) fn all(scope: &mut impl Scope) -> Result<Vec<Entry<$label>>> {
                let rows: Vec<Row> = of(scope)
                    .order(($table::recorded_at, $table::id))
                    .select(Row::as_select())
                    .load(scope.conn())?;
                rows.into_iter()
                    .map(|row| {
                        Ok(Entry {
                            id: row.id,
                            on: row.on_day,
                            code: row.code,
                            part: row.part_id,
                            decision: row.decision_id,
                            words: super::read(&row.words)?,
                            recorded_by: row.recorded_by,
                            recorded_at: row.recorded_at,
                        })
                    })
                    .collect()
            }

            pub(super) fn add(tx: &mut Tx<'_>, new: &Entry<$label>) -> Result<(), Failed> {
                let row = Row {
                    id: new.id,
                    case_id: tx.case(),
                    on_day: new.on,
                    code: new.code.clone(),
                    part_id: new.part,
                    decision_id: new.decision,
                    words: super::written(&new.words)?,
                    recorded_by: new.recorded_by,
                    recorded_at: new.recorded_at,
                };
                diesel::insert_into($table::table).values(&row).execute(tx.conn())?;
                Ok(())
            }
        }
    };
    ($(#[$doc:meta])* $module:ident, $table:ident, $label:ident, $form:ident) => {
        entries! { $(#[$doc])* $module, $table, $label }
        impl Entries for $form {
            fn all(scope: &mut impl Scope) -> Result<Vec<Entry<Self::Label>>> {
                $module::all(scope)
            }
            fn add(tx: &mut Tx<'_>, new: &Entry<Self::Label>) -> Result<(), Failed> {
                $module::add(tx, new)
            }
        }
    };
}

entries! {
    /// Stages of change.
    stage, suitability_stage, Workers, NewStage
}
entries! {
    /// Decisions.
    decision, suitability_decision, Workers, NewDecision
}
entries! {
    /// Grounds of decisions, one row each.
    ground, suitability_ground, Workers
}
entries! {
    /// Referrals to other services.
    onward, suitability_onward, Workers, NewOnward
}
entries! {
    /// Texts for the client.
    words, suitability_words, Client
}
impl Entries for NewWords {
    fn all(scope: &mut impl Scope) -> Result<Vec<Entry<Client>>> {
        words::all(scope)
    }
    fn add(tx: &mut Tx<'_>, new: &Entry<Client>) -> Result<(), Failed> {
        words::add(tx, new)
    }
    fn problems(tx: &mut Tx<'_>, new: &Entry<Client>) -> Result<Problems> {
        told_client::problems(tx, "text", &new.words.map(|lines| answers(lines)))
    }
}

fn answers(lines: &[Line]) -> String {
    let all: Vec<&str> = lines.iter().map(|line| line.answer.as_str()).collect();
    all.join("\n")
}
entries! {
    /// Grounds that only the survivor's side may know.
    ground_kept, suitability_ground_kept, Survivor, NewKeptGround
}
entries! {
    /// Who was told of the outcome.
    told, suitability_told, Survivor, NewTold
}
entries! {
    /// Safety work when the client does not start.
    safety, suitability_safety, Survivor, NewSafety
}

/// Adds a row for each ground of a decision (R062).
pub fn add_grounds(
    tx: &mut Tx<'_>,
    decision: EntryId,
    grounds: &[Labelled<String, Workers>],
) -> Result<(), Failed> {
    let Some(of) = NewDecision::all(tx)?
        .into_iter()
        .find(|row| row.id == decision)
    else {
        return Ok(());
    };
    for code in grounds {
        let row = Entry {
            id: EntryId::new(),
            code: code.clone(),
            decision: Some(decision),
            words: Labelled::new(Sheet::new()),
            ..of.clone()
        };
        ground::add(tx, &row)?;
    }
    Ok(())
}

/// The decision in force.
pub fn latest_decision(scope: &mut impl Scope) -> Result<Option<EntryId>> {
    Ok(NewDecision::all(scope)?.last().map(|row| row.id))
}

/// The grounds of every decision (R062), as data: the decision, and the ground.
pub fn grounds(scope: &mut impl Scope) -> Result<Vec<(EntryId, Labelled<String, Workers>)>> {
    Ok(ground::all(scope)?
        .into_iter()
        .filter_map(|row| Some((row.decision?, row.code)))
        .collect())
}

/// The codes of the grounds of a decision.
pub fn grounds_of(form: &NewDecision) -> Vec<Labelled<String, Workers>> {
    form.grounds.as_ref().map_or_else(Vec::new, |grounds| {
        grounds
            .expose()
            .0
            .iter()
            .map(|ground| Labelled::new(ground.code().to_owned()))
            .collect()
    })
}

fn met<L: Label>(entry: &Entry<L>) -> Met {
    Met::on(*entry.on.expose(), entry.recorded_at.get())
}

/// The stage of change in force.
pub fn stage_now(scope: &mut impl Scope) -> Result<Option<ChangeStage>> {
    Ok(NewStage::all(scope)?
        .last()
        .and_then(|entry| ChangeStage::from_code(entry.code.expose())))
}

/// What is known of the case in hand.
pub fn known(scope: &mut impl Scope) -> Result<Known> {
    let decisions: Vec<Decision> = NewDecision::all(scope)?
        .iter()
        .filter_map(|entry| {
            Some(Decision {
                id: entry.id,
                outcome: Outcome::from(Decided::from_code(entry.code.expose())?),
                met: met(entry),
            })
        })
        .collect();
    let stages = NewStage::all(scope)?;
    let mut changes = Vec::new();
    let mut before: Option<&str> = None;
    for entry in &stages {
        let code = entry.code.expose().as_str();
        if before != Some(code) {
            changes.push(met(entry));
        }
        before = Some(code);
    }
    let in_force = decisions.last().copied();
    Ok(Known {
        outcome: in_force.map(|decision| decision.outcome),
        decided: decisions.first().map(|decision| decision.met),
        suitable: in_force
            .filter(|decision| decision.outcome == Outcome::Suitable)
            .map(|decision| decision.met),
        decisions,
        stages: changes,
        onward: NewOnward::all(scope)?
            .iter()
            .map(|entry| (met(entry), entry.code.expose() == "yes"))
            .collect(),
        told: NewTold::all(scope)?
            .iter()
            .filter_map(|entry| Some((entry.decision?, entry.part?, met(entry))))
            .collect::<Vec<(EntryId, PartId, Met)>>(),
        safety: NewSafety::all(scope)?.iter().map(met).collect(),
    })
}

/// The early signs that the referral names (R005), as they were worded.
pub fn markers(scope: &mut impl Scope) -> Result<Labelled<Sheet, Workers>> {
    let Some(latest) = referrals::store::revisions(scope)?
        .iter()
        .map(|revision| revision.number)
        .max()
    else {
        return Ok(Labelled::default());
    };
    let words = referrals::store::shared_words(scope, latest)?.workers;
    Ok(words.map(|lines| {
        lines
            .iter()
            .filter(|line| matches!(line.name.as_str(), "markers" | "markers_other"))
            .cloned()
            .collect::<Vec<Line>>()
    }))
}

fn moments<F: Entries>(
    scope: &mut impl Scope,
    kind: &'static str,
    said: fn(&str) -> &'static str,
) -> Result<Vec<Moment<F::Label>>> {
    Ok(F::all(scope)?
        .into_iter()
        .map(|entry| {
            let text: Said<F::Label> = Said::Ours(said(entry.code.expose()));
            Moment {
                on: entry.on,
                ..Moment::entered(entry.recorded_at, entry.recorded_by, kind, text)
            }
        })
        .collect())
}

const fn nothing(_: &str) -> &'static str {
    ""
}

/// What happened, as workers of both lines may read it.
pub fn chronology(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    let mut all = moments::<NewStage>(scope, "Stage of change assessed", |code| {
        ChangeStage::from_code(code).map_or("", ChangeStage::words)
    })?;
    all.extend(moments::<NewDecision>(
        scope,
        "Suitability decided",
        |code| Decided::from_code(code).map_or("", Decided::words),
    )?);
    all.extend(moments::<NewOnward>(scope, "Client referred on", nothing)?);
    Ok(all)
}

/// What happened on the survivor's side.
pub fn survivor_chronology(scope: &mut impl Scope) -> Result<Vec<Moment<Survivor>>> {
    let mut all = moments::<NewKeptGround>(scope, "Ground kept apart", nothing)?;
    all.extend(moments::<NewTold>(
        scope,
        "Outcome told, or why not",
        nothing,
    )?);
    all.extend(moments::<NewSafety>(
        scope,
        "Safety thought through: the client does not start",
        nothing,
    )?);
    Ok(all)
}
