//! Versions of the plan and their texts.

use std::collections::BTreeMap;

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    form::{Answer, Problem, Typed, YesNo},
    ids::{CaseId, CaseKind, UserId, UserKind},
    label::{Client, Label, Labelled, Workers},
    time::Instant,
};
use platform::{
    Error, Failed, Result, Scope, Tx,
    sql::{Of, SqlDay, SqlId, SqlInstant},
};

use super::super::{
    model::{
        DatesForm, DatesId, DatesKind, GOALS, Part, Parts, Plan, PlanId, PlanKind, STAGE, TextForm,
        TextId, TextKind, UNWRITTEN, Version, WORK,
    },
    rules::{self, Change, Meeting},
};
use crate::{cases::model::Moment, people::told};

mod plan_table {
    use super::{CaseKind, Client, Of, PlanKind, SqlDay, SqlId, SqlInstant, UserKind, Workers};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Client, Of, PlanKind, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// A version of the plan.
        plan (id) {
            /// Its id.
            id -> SqlId<PlanKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// Its place among the versions, from 1.
            number -> Of<Workers, Integer>,
            /// Which form.
            kind -> Of<Workers, Text>,
            /// When it was made.
            created_on -> Of<Workers, SqlDay>,
            /// When it is to be reviewed first; the client's page names it.
            review_on -> Of<Client, SqlDay>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(plan);
}
use plan_table::plan;

mod dates_table {
    use super::{
        CaseKind, Client, DatesKind, Of, PlanKind, SqlDay, SqlId, SqlInstant, UserKind, Workers,
    };

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Client, DatesKind, Of, PlanKind, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// The dates of a plan as they were corrected.
        plan_dates (id) {
            /// Its id.
            id -> SqlId<DatesKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The plan.
            plan_id -> SqlId<PlanKind>,
            /// When it was made.
            created_on -> Of<Workers, SqlDay>,
            /// When it is to be reviewed first.
            review_on -> Of<Client, SqlDay>,
            /// What was wrong.
            because -> Of<Workers, Text>,
            /// Who corrected it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(plan_dates);
}
use dates_table::plan_dates;

mod text_table {
    use super::{CaseKind, Client, Of, PlanKind, SqlId, SqlInstant, TextKind, UserKind, Workers};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Client, Of, PlanKind, SqlId, SqlInstant, TextKind, UserKind, Workers};
        /// A text of a plan as it was saved once.
        plan_text (id) {
            /// Its id.
            id -> SqlId<TextKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The plan.
            plan_id -> SqlId<PlanKind>,
            /// Which text.
            part -> Of<Workers, Text>,
            /// Counts its saves.
            version -> Of<Workers, Integer>,
            /// The text, unless it is written for the client.
            text -> Nullable<Of<Workers, Text>>,
            /// The text that is written for the client.
            for_client -> Nullable<Of<Client, Text>>,
            /// From whom it comes.
            sources -> Of<Workers, Text>,
            /// Whether it may be used with the client.
            may_use -> Of<Workers, Integer>,
            /// Who saved it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(plan_text);
}
use text_table::plan_text;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = plan, check_for_backend(platform::db::Backend))]
struct PlanRow {
    id: PlanId,
    case_id: CaseId,
    number: Labelled<i32, Workers>,
    kind: Labelled<Version, Workers>,
    created_on: Labelled<Date, Workers>,
    review_on: Labelled<Date, Client>,
    recorded_by: UserId,
    recorded_at: Instant,
}

/// A correction of the dates of a plan.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_dates, check_for_backend(platform::db::Backend))]
pub struct Redated {
    /// Its id.
    pub id: DatesId,
    /// The case.
    pub case_id: CaseId,
    /// The plan.
    pub plan_id: PlanId,
    /// When it was made.
    pub created_on: Labelled<Date, Workers>,
    /// When it is to be reviewed first.
    pub review_on: Labelled<Date, Client>,
    /// What was wrong.
    pub because: Labelled<String, Workers>,
    /// Who corrected it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// The corrections of the dates of the plans of the case in hand, oldest first.
pub fn redated(scope: &mut impl Scope) -> Result<Vec<Redated>> {
    Ok(dates_table::of(scope)
        .order((plan_dates::recorded_at, plan_dates::id))
        .select(Redated::as_select())
        .load(scope.conn())?)
}

/// Corrects the dates of the version in force.
///
/// # Errors
/// [`Error::Refused`] with what stands against it ([`rules::dates_problems`]); [`Error::Stale`] for
/// an older version, or if there are other than `after` corrections: somebody else saved one.
pub fn redate(tx: &mut Tx<'_>, id: PlanId, form: &DatesForm, after: usize) -> Result<(), Failed> {
    let plan = in_force(tx, id)?;
    if corrections(tx, id)? != after {
        return Err(Error::Stale.into());
    }
    let held: Vec<Date> = super::reviews(tx)?
        .iter()
        .filter(|review| review.plan_id == id)
        .map(|review| *review.held_on.expose())
        .collect();
    let lived = super::agreements(tx)?
        .iter()
        .filter(|agreed| agreed.plan_id == id)
        .map(|agreed| *agreed.agreed_on.expose())
        .chain(held.iter().copied())
        .min();
    let review = (!held.is_empty()).then(|| *plan.review_on.expose());
    let today = tx.now().day();
    let problems = rules::dates_problems(form, today, lived, review);
    if !problems.is_empty() {
        return Err(Error::Refused(problems).into());
    }
    if let (Some(created_on), Some(review_on), Some(because)) =
        (form.created_on, form.review_on, form.because.clone())
    {
        let row = Redated {
            id: DatesId::new(),
            case_id: tx.case(),
            plan_id: id,
            created_on,
            review_on,
            because,
            recorded_by: tx.actor(),
            recorded_at: tx.now(),
        };
        diesel::insert_into(plan_dates::table)
            .values(&row)
            .execute(tx.conn())?;
    }
    Ok(())
}

/// The dates of a version as they are typed again.
pub fn typed_dates(plan: &Plan) -> Typed {
    let mut typed = Typed::default();
    let (created, review) = (plan.created_on.expose(), plan.review_on.expose());
    typed.push("created_on".to_owned(), created.to_string());
    typed.push("review_on".to_owned(), review.to_string());
    typed
}

/// How often the dates of a version were corrected.
pub fn corrections(scope: &mut impl Scope, id: PlanId) -> Result<usize> {
    Ok(redated(scope)?
        .iter()
        .filter(|row| row.plan_id == id)
        .count())
}

/// Who made a version: who started it, and who wrote a text or an action that stands in it, carried
/// on from an earlier one or not.
pub fn authors(scope: &mut impl Scope, plan: &Plan) -> Result<Vec<UserId>> {
    let mut all: Vec<UserId> = plan_table::of(scope)
        .filter(plan::id.eq(plan.id))
        .select(plan::recorded_by)
        .load(scope.conn())?;
    let written: Vec<UserId> = text_table::of(scope)
        .filter(plan_text::plan_id.eq(plan.id))
        .select(plan_text::recorded_by)
        .load(scope.conn())?;
    all.extend(written);
    let actions = super::actions(scope, plan.number)?;
    all.extend(actions.iter().map(|action| action.recorded_by));
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

impl From<PlanRow> for Plan {
    fn from(row: PlanRow) -> Self {
        Self {
            id: row.id,
            number: row.number.into_exposed(),
            version: row.kind.into_exposed(),
            created_on: row.created_on,
            review_on: row.review_on,
        }
    }
}

/// A text of a plan as it was saved once.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan_text, check_for_backend(platform::db::Backend), treat_none_as_default_value = false)]
pub struct Text {
    /// Its id.
    pub id: TextId,
    /// The case.
    pub case_id: CaseId,
    /// The plan.
    pub plan_id: PlanId,
    /// Which text.
    pub part: Labelled<String, Workers>,
    /// Counts its saves, from 1.
    pub version: Labelled<i32, Workers>,
    /// The text, unless it is written for the client.
    pub text: Option<Labelled<String, Workers>>,
    /// The text that is written for the client.
    pub for_client: Option<Labelled<String, Client>>,
    /// From whom it comes.
    pub sources: Labelled<String, Workers>,
    /// Whether it may be used with the client: 1 or 0.
    pub may_use: Labelled<i32, Workers>,
    /// Who saved it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

impl Text {
    /// As it is stored, for workers: what is written for the client is theirs to read too.
    pub fn stored(&self) -> Option<Labelled<String, Workers>> {
        self.text.clone().or_else(|| {
            self.for_client
                .as_ref()
                .map(|text| Labelled::new(text.expose().clone()))
        })
    }

    /// In words.
    pub fn words(&self) -> Option<Labelled<String, Workers>> {
        let code = self.part.expose();
        self.stored()
            .map(|text| text.map(|text| rules::text_words(code, text)))
    }

    /// Whether it may be used with the client.
    pub fn is_usable(&self) -> bool {
        *self.may_use.expose() == 1
    }

    /// Whether anything stands in it.
    pub fn is_written(&self) -> bool {
        !self.raw().is_empty()
    }

    fn raw(&self) -> &str {
        self.text
            .as_ref()
            .map(Labelled::expose)
            .or(self.for_client.as_ref().map(Labelled::expose))
            .map_or("", String::as_str)
    }
}

/// The texts of one version that stand now, by code.
pub type Texts = BTreeMap<String, Text>;

/// The versions of the case in hand, oldest first.
pub fn plans(scope: &mut impl Scope) -> Result<Vec<Plan>> {
    let rows: Vec<PlanRow> = plan_table::of(scope)
        .order(plan::number)
        .select(PlanRow::as_select())
        .load(scope.conn())?;
    let mut plans: Vec<Plan> = rows.into_iter().map(Plan::from).collect();
    for row in redated(scope)? {
        if let Some(plan) = plans.iter_mut().find(|plan| plan.id == row.plan_id) {
            plan.created_on = row.created_on;
            plan.review_on = row.review_on;
        }
    }
    Ok(plans)
}

/// One version of the case in hand.
///
/// # Errors
/// [`Error::NotFound`] for one of another case.
pub fn plan_of(scope: &mut impl Scope, id: PlanId) -> Result<Plan> {
    plans(scope)?
        .into_iter()
        .find(|plan| plan.id == id)
        .ok_or(Error::NotFound)
}

/// The version in force, if it is this one.
///
/// # Errors
/// [`Error::NotFound`] for one of another case, [`Error::Stale`] for an older one, which is only read.
pub fn in_force(scope: &mut impl Scope, id: PlanId) -> Result<Plan> {
    let plan = plan_of(scope, id)?;
    match plans(scope)?.pop() {
        Some(last) if last.id == id => Ok(plan),
        _ => Err(Error::Stale),
    }
}

fn rows(scope: &mut impl Scope, plan: PlanId) -> Result<Vec<Text>> {
    Ok(text_table::of(scope)
        .filter(plan_text::plan_id.eq(plan))
        .order((plan_text::part, plan_text::version))
        .select(Text::as_select())
        .load(scope.conn())?)
}

/// The texts of a version as they stand.
pub fn texts(scope: &mut impl Scope, plan: PlanId) -> Result<Texts> {
    Ok(rows(scope, plan)?
        .into_iter()
        .map(|text| (text.part.expose().clone(), text))
        .collect())
}

/// When something was first written in each version.
pub(super) fn first_written(scope: &mut impl Scope) -> Result<Vec<(PlanId, Instant)>> {
    let mut all: Vec<(PlanId, Instant)> = text_table::of(scope)
        .select((plan_text::plan_id, plan_text::recorded_at))
        .load(scope.conn())?;
    all.sort_by_key(|(_, at)| *at);
    Ok(all)
}

/// Starts a version, with everything that stands in the one before. Its review is that of the one
/// before: they looked at it and made another.
///
/// # Errors
/// [`Error::Stale`] if there are other than `after` versions; [`Error::Refused`] while version 2
/// cannot be started (R063).
pub fn start(tx: &mut Tx<'_>, new: &Plan, after: usize) -> Result<(), Failed> {
    let before = plans(tx)?;
    if before.len() != after {
        return Err(Error::Stale.into());
    }
    if new.version == Version::Second {
        let facts = crate::duties::facts::of_rows(tx)?;
        if !rules::may_second(&facts) {
            return Err(Error::Refused(vec![Problem::new("form", rules::NOT_YET)]).into());
        }
    }
    let row = PlanRow {
        id: new.id,
        case_id: tx.case(),
        number: Labelled::new(new.number),
        kind: Labelled::new(new.version),
        created_on: new.created_on,
        review_on: new.review_on,
        recorded_by: tx.actor(),
        recorded_at: tx.now(),
    };
    diesel::insert_into(plan::table)
        .values(&row)
        .execute(tx.conn())?;
    let Some(last) = before.last() else {
        return Ok(());
    };
    super::renewed(tx, last, new)?;
    for text in texts(tx, last.id)?.into_values() {
        let copy = Text {
            id: TextId::new(),
            plan_id: new.id,
            version: Labelled::new(1),
            ..text
        };
        insert(tx, &copy)?;
    }
    Ok(())
}

fn insert(tx: &mut Tx<'_>, text: &Text) -> Result<(), Failed> {
    diesel::insert_into(plan_text::table)
        .values(text)
        .execute(tx.conn())?;
    Ok(())
}

/// What is wrong with the texts of a plan: work that does not fit the stage, a use that is not
/// allowed.
pub fn text_problems<P: Parts>(form: &TextForm<P>) -> Vec<Problem> {
    let mut problems = rules::work_problems(&form.stage, &form.work);
    problems.extend(rules::use_problems(&form.sources, &form.may_use));
    problems
}

/// What was typed into one text.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which text.
    pub part: Part,
    /// The version that the page showed; 0 for none.
    pub seen: i32,
    /// What was typed, unless it is written for the client.
    pub text: Option<Labelled<String, Workers>>,
    /// What was typed for the client.
    pub for_client: Option<Labelled<String, Client>>,
    /// From whom it comes and whether it may be used, where the page asked.
    pub using: Option<(Labelled<String, Workers>, Labelled<i32, Workers>)>,
}

impl Entry {
    fn raw(&self) -> &str {
        self.text
            .as_ref()
            .map(Labelled::expose)
            .or(self.for_client.as_ref().map(Labelled::expose))
            .map_or("", String::as_str)
    }
}

fn answered<T: kernel::form::Value, L: Label>(
    answer: &Answer<T, L>,
) -> Option<Labelled<String, L>> {
    answer
        .as_ref()
        .map(|value| value.map(kernel::form::Value::typed))
        .filter(|text| !text.expose().is_empty())
}

/// What was posted: the texts that the page showed. `asked` says whether it asked for their use.
pub fn entries<P: Parts>(form: &TextForm<P>, asked: bool) -> Vec<Entry> {
    let shown = form
        .seen
        .as_ref()
        .map(|seen| seen.expose().clone())
        .unwrap_or_default();
    let using = asked.then(|| {
        let sources = answered(&form.sources).unwrap_or_default();
        let may_use = form
            .may_use
            .as_ref()
            .is_some_and(|yes| *yes.expose() == YesNo::Yes);
        (sources, Labelled::new(i32::from(may_use)))
    });
    rules::seen(&shown)
        .into_iter()
        .filter_map(|(code, seen)| {
            let part = P::VERSION.parts().iter().find(|part| part.code == code)?;
            let (text, for_client) = match part.code {
                GOALS => (None, answered(&form.goals)),
                STAGE => (answered(&form.stage), None),
                WORK => (answered(&form.work), None),
                code => (form.texts.get(code).and_then(answered), None),
            };
            Some(Entry {
                part: *part,
                seen,
                text,
                for_client,
                using: using.clone(),
            })
        })
        .collect()
}

/// A text that two people wrote at once: what stands now, beside what was typed.
#[derive(Clone, Debug)]
pub struct Crossed {
    /// Which text.
    pub part: Part,
    /// What stands; nothing if somebody took it out.
    pub now: Option<Text>,
}

/// A text that was typed, what stands, whether it can be saved, and whether what is said of its use
/// changed.
type Compared<'a> = (&'a Entry, Option<Text>, Meeting, bool);

/// What meets what: for each text that was typed, whether it can be saved.
fn compare<'a>(
    scope: &mut impl Scope,
    plan: PlanId,
    entries: &'a [Entry],
) -> Result<Vec<Compared<'a>>> {
    let rows = rows(scope, plan)?;
    let standing = texts(scope, plan)?;
    Ok(entries
        .iter()
        .map(|entry| {
            let now = standing.get(entry.part.code).cloned();
            let before = rows
                .iter()
                .find(|row| {
                    row.part.expose() == entry.part.code && *row.version.expose() == entry.seen
                })
                .map_or("", Text::raw);
            let met = rules::meeting(before, now.as_ref().map_or("", Text::raw), entry.raw());
            let uses = entry.using.as_ref().is_some_and(|(sources, may_use)| {
                now.as_ref().map_or_else(
                    || !sources.expose().is_empty() || *may_use.expose() == 1,
                    |now| now.sources != *sources || now.may_use != *may_use,
                )
            });
            (entry, now, met, uses)
        })
        .collect())
}

/// Which of the texts typed meet what somebody else saved since.
pub fn met(scope: &mut impl Scope, plan: PlanId, entries: &[Entry]) -> Result<Vec<Crossed>> {
    Ok(compare(scope, plan, entries)?
        .into_iter()
        .filter(|(_, _, met, _)| *met == Meeting::Stale)
        .map(|(entry, now, _, _)| Crossed {
            part: entry.part,
            now,
        })
        .collect())
}

/// Saves what changed of the texts typed; which they were.
///
/// # Errors
/// [`Error::Stale`] if any of them meets what somebody else saved since, and then nothing is saved;
/// [`Error::Refused`] if the text for the client gives something away.
pub fn write(
    tx: &mut Tx<'_>,
    plan: PlanId,
    entries: &[Entry],
) -> Result<Vec<&'static str>, Failed> {
    in_force(tx, plan)?;
    let (case, actor, now_at) = (tx.case(), tx.actor(), tx.now());
    let mut saved = Vec::new();
    let mut rows = Vec::new();
    for (entry, now, met, uses) in compare(tx, plan, entries)? {
        let changed = match met {
            Meeting::Stale => return Err(Error::Stale.into()),
            Meeting::Save => true,
            Meeting::Untouched => false,
        };
        // What may be used with the client is said of a text that stands.
        let uses = uses && !(entry.raw().is_empty() && now.is_none());
        if !changed && !uses {
            continue;
        }
        let (text, for_client) = if changed {
            (entry.text.clone(), entry.for_client.clone())
        } else {
            (
                now.as_ref().and_then(|now| now.text.clone()),
                now.as_ref().and_then(|now| now.for_client.clone()),
            )
        };
        let version = now.as_ref().map_or(UNWRITTEN, |now| *now.version.expose());
        let kept = now.as_ref().map(|now| (now.sources.clone(), now.may_use));
        let (sources, may_use) = entry
            .using
            .clone()
            .or(kept)
            .unwrap_or_else(|| (Labelled::new(String::new()), Labelled::new(0)));
        rows.push(Text {
            id: TextId::new(),
            case_id: case,
            plan_id: plan,
            part: Labelled::new(entry.part.code.to_owned()),
            version: Labelled::new(version.saturating_add(1)),
            text,
            for_client,
            sources,
            may_use,
            recorded_by: actor,
            recorded_at: now_at,
        });
        saved.push(entry.part.code);
    }
    let mut problems = Vec::new();
    for text in rows.iter().filter_map(|row| row.for_client.as_ref()) {
        problems.extend(told::problems(tx, GOALS, text)?);
    }
    if !problems.is_empty() {
        return Err(Error::Refused(problems).into());
    }
    for row in &rows {
        insert(tx, row)?;
    }
    Ok(saved)
}

/// What stands, as it is typed again, for the texts of one heading or of all; with the versions that
/// the page shows.
pub fn typed(texts: &Texts, version: Version, group: Option<&str>) -> Typed {
    let mut typed = Typed::default();
    let mut seen = Vec::new();
    for part in version.parts() {
        if group.is_some_and(|group| group != part.group) {
            continue;
        }
        let text = texts.get(part.code);
        let number = text.map_or(UNWRITTEN, |text| *text.version.expose());
        seen.push(format!("{}.{number}", part.code));
        let Some(text) = text else { continue };
        typed.push(part.code.to_owned(), text.raw().to_owned());
        if group.is_some() && !typed.0.contains_key("may_use") {
            typed.push("sources".to_owned(), text.sources.expose().clone());
            let may_use = if text.is_usable() { "yes" } else { "no" };
            typed.push("may_use".to_owned(), may_use.to_owned());
        }
    }
    typed.push("seen".to_owned(), seen.join(" "));
    typed
}

/// What was typed, over what stands now: what nobody typed is shown as it is, and the page shows
/// the versions of now.
pub fn over(typed: &Typed, texts: &Texts, entries: &[Entry], met: &[Crossed]) -> Typed {
    let mut shown = typed.clone();
    let mut seen = Vec::new();
    for entry in entries {
        let now = texts.get(entry.part.code);
        seen.push(format!(
            "{}.{}",
            entry.part.code,
            now.map_or(UNWRITTEN, |now| *now.version.expose())
        ));
        let is_old = now.is_some_and(|now| *now.version.expose() != entry.seen);
        let meets = met.iter().any(|met| met.part == entry.part);
        if is_old && !meets {
            let text = now.map_or("", Text::raw).to_owned();
            shown.0.insert(entry.part.code.to_owned(), text);
        }
    }
    shown.0.insert("seen".to_owned(), seen.join(" "));
    shown
}

pub(super) fn plan_moments(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    let rows: Vec<PlanRow> = plan_table::of(scope)
        .order(plan::number)
        .select(PlanRow::as_select())
        .load(scope.conn())?;
    let mut moments: Vec<Moment> = redated(scope)?
        .into_iter()
        .map(|row| {
            let (kind, because) = ("Dates of the plan corrected", row.because);
            Moment::entered(row.recorded_at, row.recorded_by, kind, because)
        })
        .collect();
    moments.extend(rows.into_iter().map(|row| {
        Moment {
            on: row.created_on,
            entered_at: row.recorded_at,
            author: row.recorded_by,
            kind: "Plan",
            text: match row.kind.expose() {
                Version::First => "Version 1 started",
                Version::Second => "Version 2 started",
            }
            .into(),
        }
    }));
    Ok(moments)
}

/// The version that a form starts after `after` others, if it says what it must.
pub fn new_plan(form: &super::super::model::StartForm, after: usize) -> Option<Plan> {
    Some(Plan {
        id: PlanId::new(),
        number: i32::try_from(after).ok()?.checked_add(1)?,
        version: form.version?.into_exposed(),
        created_on: form.created_on?,
        review_on: form.review_on?,
    })
}

/// Whether a text or an action was saved after somebody agreed to the version.
pub fn is_changed_since(
    texts: &Texts,
    actions: &[super::Action],
    agreements: &[super::Agreement],
) -> bool {
    let saved = texts
        .values()
        .map(|text| text.recorded_at)
        .chain(actions.iter().map(|action| action.recorded_at))
        .max();
    agreements
        .iter()
        .any(|agreed| saved.is_some_and(|saved| saved > agreed.recorded_at))
}

/// A text or an action in two versions.
#[derive(Clone, Debug)]
pub struct Beside {
    /// The question, or that it is an action.
    pub question: &'static str,
    /// As the earlier version has it.
    pub earlier: Option<Labelled<String, Workers>>,
    /// As the later has it.
    pub later: Option<Labelled<String, Workers>>,
    /// How it changed.
    pub change: Change,
}

/// What is written in a version under a heading of the other form: what version 1 said of motivation
/// has no box in version 2, and goes on into it all the same.
pub fn carried(version: Version, texts: &Texts) -> Vec<(&'static str, &Text)> {
    let other = match version {
        Version::First => Version::Second,
        Version::Second => Version::First,
    };
    let has = |code: &str| version.parts().iter().any(|part| part.code == code);
    other
        .parts()
        .iter()
        .filter(|part| !has(part.code))
        .filter_map(|part| Some((part.question, texts.get(part.code)?)))
        .filter(|(_, text)| text.is_written())
        .collect()
}

/// What stands above such texts.
pub const CARRIED: &str = "Carried on from another version";

/// Two versions side by side: every text of either form in the order of version 2, then the actions.
pub fn beside(
    earlier: (&Texts, &[super::Action]),
    later: (&Texts, &[super::Action]),
) -> Vec<Beside> {
    let line = |question,
                earlier: Option<Labelled<String, Workers>>,
                later: Option<Labelled<String, Workers>>| {
        let raw = |text: &Option<Labelled<String, Workers>>| {
            text.as_ref().map(|text| text.expose().clone())
        };
        let change = Change::between(raw(&earlier).as_deref(), raw(&later).as_deref());
        Beside {
            question,
            earlier,
            later,
            change,
        }
    };
    let mut codes: Vec<&str> = Vec::new();
    let mut parts: Vec<Part> = Vec::new();
    for version in [Version::Second, Version::First] {
        for part in version.parts() {
            if !codes.contains(&part.code) {
                codes.push(part.code);
                parts.push(*part);
            }
        }
    }
    let words = |texts: &Texts, code: &str| {
        texts
            .get(code)
            .filter(|text| text.is_written())
            .and_then(Text::words)
    };
    let mut lines: Vec<Beside> = parts
        .iter()
        .map(|part| {
            line(
                part.question,
                words(earlier.0, part.code),
                words(later.0, part.code),
            )
        })
        .filter(|line| line.change != Change::Blank)
        .collect();
    for action in later.1 {
        let before = earlier
            .1
            .iter()
            .find(|before| before.action_id == action.action_id);
        lines.push(line(
            "Action",
            before.map(super::Action::in_short),
            Some(action.in_short()),
        ));
    }
    lines
}

/// What the client wants to reach, as it was written for the client.
pub fn goals(scope: &mut impl Scope, plan: PlanId) -> Result<Option<Labelled<String, Client>>> {
    Ok(texts(scope, plan)?
        .remove(GOALS)
        .and_then(|text| text.for_client))
}
