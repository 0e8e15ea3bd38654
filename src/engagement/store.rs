//! Rows of engagement.

mod tables;

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    access::Tie,
    form::{Problem, Typed, Value as _, YesNo},
    ids::{AgencyId, CaseId, ProgrammeId, UserId},
    label::{Labelled, Survivor, Workers},
    plain::Plain,
    time::{Day, Instant, day_words},
};
use platform::{Error, Failed, Result, Scope, Tx, casefile};

use super::{
    model::{
        ChangeErrorId, ChangeId, Children, EngagementChildId, EngagementFormId, QUESTIONS, Reason,
        TellingId, TellingOutcome, TellingWay, What,
    },
    rules::{self, Known},
};
use crate::{cases::model::Moment, duties::model::Met, participation, people::model::PartId};
use tables::{
    changes::{self, engagement_change},
    children::{self, engagement_child},
    errors::{self, engagement_error},
    forms::{self, engagement_form},
    tallies::engagement_tally,
    tellings::{self, engagement_told},
};

/// A change in how the client takes part.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = engagement_change, check_for_backend(platform::db::Backend))]
pub struct Change {
    /// Its id.
    pub id: ChangeId,
    /// The case.
    pub case_id: CaseId,
    /// When.
    pub changed_on: Labelled<Date, Workers>,
    /// What.
    pub what: Labelled<What, Workers>,
    /// Whether concern for safety is heightened.
    pub heightened: Labelled<YesNo, Workers>,
    /// What happened.
    pub words: Labelled<String, Workers>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

impl Change {
    /// Whether concern for safety is heightened.
    pub fn is_heightened(&self) -> bool {
        *self.heightened.expose() == YesNo::Yes
    }

    /// The day.
    pub fn day(&self) -> Date {
        *self.changed_on.expose()
    }

    /// What changed.
    pub fn kind(&self) -> What {
        *self.what.expose()
    }
}

/// That a change was recorded in error.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = engagement_error, check_for_backend(platform::db::Backend))]
pub struct ChangeError {
    /// Its id.
    pub id: ChangeErrorId,
    /// The case.
    pub case_id: CaseId,
    /// The change.
    pub change_id: ChangeId,
    /// What is wrong with it.
    pub why: Labelled<String, Workers>,
    /// Who said so.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// What the survivor was told of a change, or why it is not safe.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = engagement_told, check_for_backend(platform::db::Backend), treat_none_as_default_value = false)]
pub struct Telling {
    /// Its id.
    pub id: TellingId,
    /// The case.
    pub case_id: CaseId,
    /// The change.
    pub change_id: ChangeId,
    /// Whether she was told.
    pub outcome: Labelled<TellingOutcome, Survivor>,
    /// When.
    pub told_on: Labelled<Date, Survivor>,
    /// How.
    pub how: Option<Labelled<TellingWay, Survivor>>,
    /// What she said, or why it is not safe.
    pub words: Option<Labelled<String, Survivor>>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// A form about work with the client.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = engagement_form, check_for_backend(platform::db::Backend), treat_none_as_default_value = false)]
pub struct FormRow {
    /// Its id.
    pub id: EngagementFormId,
    /// The case.
    pub case_id: CaseId,
    /// The form that it corrects.
    pub replaces: Option<EngagementFormId>,
    /// Why.
    pub because: Option<Labelled<String, Workers>>,
    /// The day.
    pub filled_on: Labelled<Date, Workers>,
    /// Spoken to about the behaviour.
    pub spoken: Labelled<YesNo, Workers>,
    /// As a choice made as a parent.
    pub parenting: Labelled<YesNo, Workers>,
    /// About what it does to the children.
    pub impact: Labelled<YesNo, Workers>,
    /// Actions are the client's.
    pub actions: Labelled<YesNo, Workers>,
    /// Why not.
    pub spoken_why: Option<Labelled<Reason, Workers>>,
    /// In words.
    pub spoken_words: Option<Labelled<String, Workers>>,
    /// Why not.
    pub parenting_why: Option<Labelled<Reason, Workers>>,
    /// In words.
    pub parenting_words: Option<Labelled<String, Workers>>,
    /// Why not.
    pub impact_why: Option<Labelled<Reason, Workers>>,
    /// In words.
    pub impact_words: Option<Labelled<String, Workers>>,
    /// Why not.
    pub actions_why: Option<Labelled<Reason, Workers>>,
    /// In words.
    pub actions_words: Option<Labelled<String, Workers>>,
    /// How the client took part.
    pub summary: Labelled<String, Workers>,
    /// Whether a programme was asked.
    pub referral: Labelled<YesNo, Workers>,
    /// Who filled it in.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// An answer with the reason of a no.
pub type Answered = (
    Labelled<YesNo, Workers>,
    Option<Labelled<Reason, Workers>>,
    Option<Labelled<String, Workers>>,
);

impl FormRow {
    /// The four answers in their order, each with its reason.
    pub fn answers(&self) -> [Answered; 4] {
        [
            (self.spoken, self.spoken_why, self.spoken_words.clone()),
            (
                self.parenting,
                self.parenting_why,
                self.parenting_words.clone(),
            ),
            (self.impact, self.impact_why, self.impact_words.clone()),
            (self.actions, self.actions_why, self.actions_words.clone()),
        ]
    }

    /// As it would be typed again, for a correction.
    pub fn typed(&self, children: &[PartId]) -> Typed {
        let mut typed = Typed::default();
        let mut put = |name: &str, text: String| {
            if !text.is_empty() {
                typed.push(name.to_owned(), text);
            }
        };
        put("filled_on", self.filled_on.expose().typed());
        put("children", Children(children.to_vec()).typed());
        for (question, (answer, why, words)) in QUESTIONS.iter().zip(self.answers()) {
            put(question.name, answer.expose().typed());
            put(
                question.why,
                why.map(|why| why.expose().typed()).unwrap_or_default(),
            );
            put(
                question.words,
                words.map(Labelled::into_exposed).unwrap_or_default(),
            );
        }
        put("summary", self.summary.expose().clone());
        put("referral", self.referral.expose().typed());
        typed
    }
}

/// A form in words, in the order of its questions.
pub fn words(
    row: &FormRow,
    children: &[Labelled<String, Workers>],
) -> Vec<(&'static str, Labelled<String, Workers>)> {
    let names: Vec<&str> = children.iter().map(|name| name.expose().as_str()).collect();
    let mut rows = vec![
        ("Date", row.filled_on.map(|day| day_words(*day))),
        (
            "Which children does this concern?",
            Labelled::new(names.join("; ")),
        ),
    ];
    let yes_no = |answer: &Labelled<YesNo, Workers>| answer.map(|answer| answer.words().clone());
    let answers = row.answers();
    for (question, (answer, _, _)) in QUESTIONS.iter().zip(&answers) {
        rows.push((question.text, yes_no(answer)));
    }
    for (question, (_, why, words)) in QUESTIONS.iter().zip(answers) {
        if let Some(why) = why {
            rows.push((question.why_text, why.map(|why| why.words().clone())));
        }
        if let Some(words) = words {
            rows.push((question.words_text, words));
        }
    }
    rows.push(("Summary of engagement", row.summary.clone()));
    rows.push((
        "Was the client referred to a behaviour change programme?",
        yes_no(&row.referral),
    ));
    rows
}

/// The changes of the case in hand, latest first.
pub fn changes(scope: &mut impl Scope) -> Result<Vec<Change>> {
    Ok(changes::of(scope)
        .order((
            engagement_change::changed_on.desc(),
            engagement_change::recorded_at.desc(),
            engagement_change::id.desc(),
        ))
        .select(Change::as_select())
        .load(scope.conn())?)
}

/// A change of the case in hand.
pub fn change(scope: &mut impl Scope, id: ChangeId) -> Result<Change> {
    changes::of(scope)
        .filter(engagement_change::id.eq(id))
        .select(Change::as_select())
        .first(scope.conn())
        .optional()?
        .ok_or(Error::NotFound)
}

/// What was recorded in error, by change.
pub fn change_errors(scope: &mut impl Scope) -> Result<HashMap<ChangeId, ChangeError>> {
    let rows: Vec<ChangeError> = errors::of(scope)
        .select(ChangeError::as_select())
        .load(scope.conn())?;
    Ok(rows.into_iter().map(|row| (row.change_id, row)).collect())
}

/// What the survivor was told, latest first.
pub fn tellings(scope: &mut impl Scope) -> Result<Vec<Telling>> {
    Ok(tellings::of(scope)
        .order((
            engagement_told::recorded_at.desc(),
            engagement_told::id.desc(),
        ))
        .select(Telling::as_select())
        .load(scope.conn())?)
}

/// The forms of the case in hand, latest first, corrected ones too.
pub fn forms(scope: &mut impl Scope) -> Result<Vec<FormRow>> {
    Ok(forms::of(scope)
        .order((
            engagement_form::recorded_at.desc(),
            engagement_form::id.desc(),
        ))
        .select(FormRow::as_select())
        .load(scope.conn())?)
}

/// A form of the case in hand with the children it concerns.
pub fn form(scope: &mut impl Scope, id: EngagementFormId) -> Result<(FormRow, Vec<PartId>)> {
    let row: FormRow = forms::of(scope)
        .filter(engagement_form::id.eq(id))
        .select(FormRow::as_select())
        .first(scope.conn())
        .optional()?
        .ok_or(Error::NotFound)?;
    let children: Vec<PartId> = children::of(scope)
        .filter(engagement_child::form_id.eq(id))
        .order(engagement_child::id)
        .select(engagement_child::part_id)
        .load(scope.conn())?;
    Ok((row, children))
}

/// The form that corrects `id`, if one does.
pub fn corrected_by(
    scope: &mut impl Scope,
    id: EngagementFormId,
) -> Result<Option<EngagementFormId>> {
    Ok(forms::of(scope)
        .filter(engagement_form::replaces.eq(Some(id)))
        .select(engagement_form::id)
        .first(scope.conn())
        .optional()?)
}

/// What is known of the case in hand.
pub fn known(scope: &mut impl Scope) -> Result<Known> {
    let wrong: HashSet<ChangeId> = change_errors(scope)?.into_keys().collect();
    let mut told: HashMap<ChangeId, Met> = HashMap::new();
    // Latest first, so the first proof of a change is the one that stays: it met the duty.
    for row in tellings(scope)? {
        let met = Met::on(*row.told_on.expose(), row.recorded_at.get());
        told.insert(row.change_id, met);
    }
    let mut changes: Vec<rules::Change> = changes(scope)?
        .into_iter()
        .filter(|row| !wrong.contains(&row.id))
        .map(|row| rules::Change {
            id: row.id,
            on: Met::on(row.day(), row.recorded_at.get()),
            what: rules::place_of(row.kind()),
            heightened: row.is_heightened(),
            told: told.get(&row.id).copied(),
        })
        .collect();
    changes.reverse();
    Ok(Known { changes })
}

/// What is said of something that was sent twice.
fn recorded_already(field: &str) -> Failed {
    Error::Refused(vec![Problem::new(
        field,
        "This has been recorded already, in these words",
    )])
    .into()
}

/// Records a change.
///
/// # Errors
/// Refused if the same was recorded in the same words: a double click owes one duty, not two.
pub fn add_change(tx: &mut Tx<'_>, row: &Change) -> Result<(), Failed> {
    let wrong = change_errors(tx)?;
    let same = |before: &Change| {
        before.changed_on == row.changed_on
            && before.what == row.what
            && before.heightened == row.heightened
            && before.words == row.words
            && !wrong.contains_key(&before.id)
    };
    if changes(tx)?.iter().any(same) {
        return Err(recorded_already("words"));
    }
    diesel::insert_into(engagement_change::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Who owns what the survivor must be told: the survivor line, else the lead worker.
pub fn owners(scope: &mut impl Scope) -> Result<Vec<UserId>> {
    let now = scope.now();
    let ties: Vec<casefile::TieRow> = casefile::ties(scope)?
        .into_iter()
        .filter(|tie| tie.holds(now))
        .collect();
    let of = |kind: Tie| -> Vec<UserId> {
        ties.iter()
            .filter(|tie| tie.tie() == Some(kind))
            .map(|tie| tie.user_id)
            .collect()
    };
    let line = of(Tie::SurvivorLine);
    Ok(if line.is_empty() {
        of(Tie::LeadWorker)
    } else {
        line
    })
}

/// Says that a change was recorded in error.
///
/// # Errors
/// Stale if somebody said so before.
pub fn add_change_error(tx: &mut Tx<'_>, row: &ChangeError) -> Result<(), Failed> {
    if change_errors(tx)?.contains_key(&row.change_id) {
        return Err(Error::Stale.into());
    }
    diesel::insert_into(engagement_error::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Records what the survivor was told. Earlier rows of the change stay.
///
/// # Errors
/// Refused if the same was recorded in the same words.
pub fn add_telling(tx: &mut Tx<'_>, row: &Telling) -> Result<(), Failed> {
    let same = |before: &Telling| {
        before.change_id == row.change_id
            && before.outcome == row.outcome
            && before.told_on == row.told_on
            && before.how == row.how
            && before.words == row.words
    };
    if tellings(tx)?.iter().any(same) {
        return Err(recorded_already("outcome"));
    }
    diesel::insert_into(engagement_told::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps a form, with the children it concerns, and counts it in place of the one it corrects.
///
/// # Errors
/// Stale if the form it corrects was corrected before; refused if the same was kept already.
pub fn add_form(tx: &mut Tx<'_>, row: &FormRow, children: &[PartId]) -> Result<(), Failed> {
    let same = |before: &FormRow| {
        before.filled_on == row.filled_on
            && before.summary == row.summary
            && before.replaces == row.replaces
            && before.recorded_by == row.recorded_by
            && before.referral == row.referral
            && before.answers() == row.answers()
    };
    if forms(tx)?.iter().any(same) {
        return Err(recorded_already("summary"));
    }
    if let Some(before) = row.replaces {
        form(tx, before)?;
        if corrected_by(tx, before)?.is_some() {
            return Err(Error::Stale.into());
        }
        diesel::delete(engagement_tally::table.find(before)).execute(tx.conn())?;
    }
    diesel::insert_into(engagement_form::table)
        .values(row)
        .execute(tx.conn())?;
    for child in children {
        diesel::insert_into(engagement_child::table)
            .values((
                engagement_child::id.eq(EngagementChildId::new()),
                engagement_child::case_id.eq(row.case_id),
                engagement_child::form_id.eq(row.id),
                engagement_child::part_id.eq(*child),
            ))
            .execute(tx.conn())?;
    }
    let left_out = participation::rules::is_left_out(&participation::store::known(tx)?.party);
    let frame = casefile::frame(tx)?;
    let code = |answer: &Labelled<YesNo, Workers>| Plain::from(answer.expose().code());
    diesel::insert_into(engagement_tally::table)
        .values((
            engagement_tally::id.eq(row.id),
            engagement_tally::programme_id.eq(frame.programme_id),
            engagement_tally::agency_id.eq(frame.referring_agency_id),
            engagement_tally::counted_on.eq(Day(*row.filled_on.expose())),
            engagement_tally::spoken.eq(code(&row.spoken)),
            engagement_tally::parenting.eq(code(&row.parenting)),
            engagement_tally::impact.eq(code(&row.impact)),
            engagement_tally::actions.eq(code(&row.actions)),
            engagement_tally::referral.eq(code(&row.referral)),
            engagement_tally::left_out.eq(i32::from(left_out)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Leaves the forms of the case in hand out of what leaves the house, or counts them there again
/// (R091).
pub fn leave_out(tx: &mut Tx<'_>, out: bool) -> Result<(), Failed> {
    let ids: Vec<_> = forms(tx)?.into_iter().map(|form| form.id).collect();
    diesel::update(engagement_tally::table.filter(engagement_tally::id.eq_any(ids)))
        .set(engagement_tally::left_out.eq(i32::from(out)))
        .execute(tx.conn())?;
    Ok(())
}

/// Whose numbers.
#[derive(Clone, Copy, Debug)]
pub enum Whose {
    /// Of a programme.
    Programme(ProgrammeId),
    /// Of the referrals of one agency.
    Agency(AgencyId),
}

/// A form as it is counted.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The agency that referred.
    pub agency: Option<AgencyId>,
    /// The day.
    pub on: Day,
    /// Whether each answer is yes: the four in their order, then the referral to a programme.
    pub yes: [bool; 5],
    /// Whether it stays in the house (R091).
    pub left_out: bool,
}

/// What was counted from a day on.
pub fn counted(office: &mut platform::Office<'_>, of: Whose, from: Day) -> Result<Vec<Counted>> {
    type Found = (
        Option<AgencyId>,
        Day,
        (Plain, Plain, Plain, Plain, Plain),
        i32,
    );
    let rows = engagement_tally::table
        .filter(engagement_tally::counted_on.ge(from))
        .into_boxed();
    let rows = match of {
        Whose::Programme(id) => rows.filter(engagement_tally::programme_id.eq(id)),
        Whose::Agency(id) => rows.filter(engagement_tally::agency_id.eq(Some(id))),
    };
    let rows: Vec<Found> = rows
        .select((
            engagement_tally::agency_id,
            engagement_tally::counted_on,
            (
                engagement_tally::spoken,
                engagement_tally::parenting,
                engagement_tally::impact,
                engagement_tally::actions,
                engagement_tally::referral,
            ),
            engagement_tally::left_out,
        ))
        .load(office.conn())?;
    Ok(rows
        .into_iter()
        .map(
            |(agency, on, (spoken, parenting, impact, actions, referral), out)| Counted {
                agency,
                on,
                yes: [spoken, parenting, impact, actions, referral]
                    .map(|code| code.as_str() == YesNo::Yes.code()),
                left_out: out == 1,
            },
        )
        .collect())
}

/// What happened, as workers of both lines may read it.
pub fn chronology(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    let wrong = change_errors(scope)?;
    let mut moments: Vec<Moment> = Vec::new();
    for row in changes(scope)? {
        let kind = if wrong.contains_key(&row.id) {
            "Change in engagement, recorded in error"
        } else if row.is_heightened() {
            "Change in engagement, concern heightened"
        } else {
            "Change in engagement"
        };
        let what = row.kind().words();
        let text = row.words.map(|words| format!("{what}: {words}"));
        moments.push(Moment {
            on: row.changed_on,
            ..Moment::entered(row.recorded_at, row.recorded_by, kind, text)
        });
    }
    let forms = forms(scope)?;
    let replaced: HashSet<EngagementFormId> = forms.iter().filter_map(|row| row.replaces).collect();
    for row in forms {
        let kind = if replaced.contains(&row.id) {
            "Engagement form, corrected since"
        } else {
            "Engagement form"
        };
        moments.push(Moment {
            on: row.filled_on,
            ..Moment::entered(row.recorded_at, row.recorded_by, kind, row.summary)
        });
    }
    Ok(moments)
}

/// What happened on the survivor's side.
pub fn survivor_chronology(scope: &mut impl Scope) -> Result<Vec<Moment<Survivor>>> {
    Ok(tellings(scope)?
        .into_iter()
        .map(|row| {
            let kind = match *row.outcome.expose() {
                TellingOutcome::Told => "Told of a change in engagement",
                TellingOutcome::NotSafe => "Not told of a change in engagement: not safe",
            };
            let text = row.words.unwrap_or_default();
            Moment {
                on: row.told_on,
                ..Moment::entered(row.recorded_at, row.recorded_by, kind, text)
            }
        })
        .collect())
}
