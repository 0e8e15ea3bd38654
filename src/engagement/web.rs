//! Pages of engagement: changes and forms for both lines, and what the survivor was told, apart.

mod counts;
mod form;

use std::collections::HashMap;

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    calendar::Calendar,
    form::{Problems, Typed},
    ids::{CaseId, UserId},
    label::{ClientLine, For, Labelled, SurvivorLine},
    plain::Plain,
    time::{Day, day_words},
};
use platform::{
    Case, Error, Page, Permission, Posted, Result, Routes, Scope as _, casefile, see_other,
};
use serde::Deserialize;

use super::{
    Event, Fill, Record, Tell, View, ViewTold,
    model::{
        ChangeErrorId, ChangeId, EngagementFormId, NewChange, NewChangeError, NewTelling, TellingId,
    },
    rules,
    store::{self, Change, ChangeError, Telling},
};
use crate::{
    cases::{
        self,
        drawn::{Drawn, Picks},
    },
    duties::{
        self,
        model::{Duty, said},
    },
    mail::{self, model::MailKind},
    people,
    shell::{Frame, Ids, NavItem, id},
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/engagement", show)
        .get("/cases/{case}/engagement/change", new_change)
        .post("/cases/{case}/engagement/change", record)
        .get("/cases/{case}/engagement/change/{change}/error", new_error)
        .post("/cases/{case}/engagement/change/{change}/error", say_error)
        .get("/cases/{case}/apart/engagement", show_told)
        .get("/cases/{case}/apart/engagement/{change}", new_telling)
        .post("/cases/{case}/apart/engagement/{change}", tell)
        .and(form::routes())
        .and(counts::routes())
}

/// What the user may do next on a case.
pub fn next(case: &Case<cases::View>) -> Vec<NavItem> {
    let at = |may: bool, place: &str, text: &'static str| {
        may.then(|| NavItem {
            href: format!("/cases/{}{place}", case.id()),
            text,
            current: false,
        })
    };
    [
        at(case.could::<View>(), "/engagement", "Engagement"),
        at(
            case.could::<Record>(),
            "/engagement/change",
            "Record a change in engagement",
        ),
        at(
            case.could::<ViewTold>(),
            "/apart/engagement",
            "Changes to tell the survivor of",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) type Out<T> = For<ClientLine, T>;
type Kept<T> = For<SurvivorLine, T>;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

impl Asked {
    /// The frame with what was just done.
    pub(super) fn frame<P: Permission>(&self, case: &Case<P>) -> Frame {
        let frame = frame(case);
        let text = match self.done.as_str() {
            "changed" => "The change is recorded",
            "wrong" => "The entry is marked as recorded in error",
            "told" => "It is recorded",
            "filled" => "The form is saved",
            "corrected" => "The correction is saved",
            _ => return frame,
        };
        frame.with_success(text)
    }
}

pub(super) fn frame<P: Permission>(case: &Case<P>) -> Frame {
    Frame::new(case.session(), case.app(), "/cases")
}

/// Who recorded something, unless the name would tell who works with the survivor.
pub(super) fn author(
    user: UserId,
    kept: &std::collections::HashSet<UserId>,
    names: &HashMap<UserId, Plain>,
) -> Option<Plain> {
    cases::rules::author_shown(user, kept).and_then(|user| names.get(&user).cloned())
}

// ---- Changes ----

platform::rows! {
    /// A change in how the client takes part.
    struct ChangeRow for ClientLine {
        id: ChangeId,
        what: Out<String>,
        on: Out<String>,
        words: Out<String>,
        heightened: bool,
        by: Option<Plain>,
        entered: Day,
        wrong: Option<Out<String>>,
    }
}
platform::rows! {
    /// A form about work with the client.
    struct FormLine for ClientLine {
        id: EngagementFormId,
        on: Out<String>,
        answers: Vec<Out<String>>,
        referral: Out<String>,
        by: Option<Plain>,
        corrected: bool,
    }
}
platform::page! {
    /// How the client takes part.
    struct ShowPage for ClientLine, "engagement/show.html" {
        frame: Frame,
        case: CaseId,
        changes: Vec<ChangeRow>,
        forms: Vec<FormLine>,
        heads: Vec<&'static str>,
        may_record: bool,
        may_fill: bool,
    }
}

async fn show(case: Case<View>, Query(asked): Query<Asked>) -> Result<Page<ShowPage>> {
    let (changes, wrong, forms, kept, names) = case
        .read(|r| {
            let changes = store::changes(r)?;
            let forms = store::forms(r)?;
            let names = people::store::worker_names(
                r,
                changes
                    .iter()
                    .map(|row| row.recorded_by)
                    .chain(forms.iter().map(|row| row.recorded_by)),
            )?;
            let wrong = store::change_errors(r)?;
            let kept = people::store::survivor_side(r)?;
            Ok((changes, wrong, forms, kept, names))
        })
        .await?;
    let replaced: Vec<EngagementFormId> = forms.iter().filter_map(|row| row.replaces).collect();
    Ok(Page(ShowPage {
        frame: asked.frame(&case),
        case: case.id(),
        changes: changes
            .into_iter()
            .map(|row| ChangeRow {
                id: row.id,
                what: row.what.map(|what| what.words().to_owned()).show(),
                on: row.changed_on.map(|day| day_words(*day)).show(),
                heightened: row.is_heightened(),
                by: author(row.recorded_by, &kept, &names),
                entered: Day(row.recorded_at.day()),
                wrong: wrong.get(&row.id).map(|error| error.why.clone().show()),
                words: row.words.show(),
            })
            .collect(),
        forms: forms
            .into_iter()
            .map(|row| FormLine {
                id: row.id,
                on: row.filled_on.map(|day| day_words(*day)).show(),
                answers: row
                    .answers()
                    .into_iter()
                    .map(|(answer, _, _)| answer.map(|a| a.words().to_owned()).show())
                    .collect(),
                referral: row.referral.map(|a| a.words().to_owned()).show(),
                by: author(row.recorded_by, &kept, &names),
                corrected: replaced.contains(&row.id),
            })
            .collect(),
        heads: [
            "Date",
            "Spoken to",
            "As a parent",
            "Children",
            "Actions",
            "Referred",
            "Filled in by",
        ]
        .to_vec(),
        may_record: case.could::<Record>(),
        may_fill: case.could::<Fill>(),
    }))
}

platform::page! {
    /// A form whose values workers of both lines may read.
    struct FormPage for ClientLine, "cases/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        about: Option<Out<String>>,
        quoted_as: &'static str,
        quoted: Option<Out<String>>,
        picks: Vec<Picks<ClientLine>>,
        drawn: Drawn,
    }
}

fn change_page(case: &Case<Record>, typed: &Typed, problems: Problems) -> Page<FormPage> {
    let place = format!("/cases/{}/engagement/change", case.id());
    let back = format!("/cases/{}/engagement", case.id());
    Page(FormPage {
        frame: frame(case),
        title: "Record a change",
        explain: "A change in how the client attends or takes part. The other side is asked to pass \
                  it on, in time and where it is safe.",
        about: None,
        quoted_as: "",
        quoted: None,
        picks: Vec::new(),
        drawn: Drawn::new::<NewChange>(place, back, "Record the change", typed, problems),
    })
}

async fn new_change(case: Case<Record>) -> Page<FormPage> {
    let mut typed = Typed::default();
    typed.push("changed_on".to_owned(), case.now().day().to_string());
    change_page(&case, &typed, Problems::new())
}

async fn record(case: Case<Record>, posted: Posted<NewChange>) -> Result<Response> {
    let mut problems = posted.problems;
    problems.extend(rules::change_problems(&posted.form, case.now().day()));
    let form = posted.form;
    let (Some(what), Some(changed_on), Some(heightened), Some(words), true) = (
        form.what,
        form.changed_on,
        form.heightened,
        form.words,
        problems.is_empty(),
    ) else {
        return Ok(change_page(&case, &posted.typed, problems).into_response());
    };
    let (id, case_id) = (ChangeId::new(), case.id());
    let done = case
        .change(move |tx| {
            let row = Change {
                id,
                case_id: tx.case(),
                changed_on,
                what,
                heightened,
                words: words.clone(),
                recorded_by: tx.actor(),
                recorded_at: tx.now(),
            };
            store::add_change(tx, &row)?;
            if row.is_heightened() {
                // Whoever owns the duty is told at once; who that is, is told to nobody else.
                let now = tx.now();
                let path = format!("/cases/{case_id}/apart/engagement");
                for user in store::owners(tx)? {
                    mail::queue(tx.conn(), user, MailKind::DueSoon, &path, now)?;
                }
            }
            Ok((Event::Changed(id), ()))
        })
        .await;
    match done {
        Err(Error::Refused(problems)) => {
            Ok(change_page(&case, &posted.typed, problems).into_response())
        }
        Err(other) => Err(other),
        Ok(()) => Ok(see_other(&format!(
            "/cases/{case_id}/engagement?done=changed"
        ))),
    }
}

fn error_page(
    case: &Case<Record>,
    change: Change,
    typed: &Typed,
    problems: Problems,
) -> Page<FormPage> {
    let place = format!("/cases/{}/engagement/change/{}/error", case.id(), change.id);
    let back = format!("/cases/{}/engagement", case.id());
    Page(FormPage {
        frame: frame(case),
        title: "Recorded in error",
        explain: "The entry stays readable. Nothing is owed for it any more.",
        about: None,
        quoted_as: "The entry:",
        quoted: Some(change.words.show()),
        picks: Vec::new(),
        drawn: Drawn::new::<NewChangeError>(place, back, "Mark it", typed, problems),
    })
}

async fn new_error(case: Case<Record>, Path(path): Ids) -> Result<Page<FormPage>> {
    let id: ChangeId = id(&path, "change")?;
    let change = case.read(move |r| store::change(r, id)).await?;
    Ok(error_page(
        &case,
        change,
        &Typed::default(),
        Problems::new(),
    ))
}

async fn say_error(
    case: Case<Record>,
    Path(path): Ids,
    posted: Posted<NewChangeError>,
) -> Result<Response> {
    let change_id: ChangeId = id(&path, "change")?;
    let change = case.read(move |r| store::change(r, change_id)).await?;
    let (Some(why), true) = (posted.form.why, posted.problems.is_empty()) else {
        return Ok(error_page(&case, change, &posted.typed, posted.problems).into_response());
    };
    let id = ChangeErrorId::new();
    case.change(move |tx| {
        let row = ChangeError {
            id,
            case_id: tx.case(),
            change_id,
            why: why.clone(),
            recorded_by: tx.actor(),
            recorded_at: tx.now(),
        };
        store::add_change_error(tx, &row)?;
        Ok((Event::Wrong(id), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{}/engagement?done=wrong",
        case.id()
    )))
}

// ---- What the survivor was told ----

platform::rows! {
    /// What she was told of a change.
    struct ToldRow for SurvivorLine {
        outcome: Kept<String>,
        on: Kept<String>,
        how: Option<Kept<String>>,
        words: Option<Kept<String>>,
        by: Plain,
    }
}
platform::rows! {
    /// A change, with what she was told of it.
    struct KeptChange for SurvivorLine {
        id: ChangeId,
        what: Kept<String>,
        on: Kept<String>,
        words: Kept<String>,
        heightened: bool,
        wrong: bool,
        due: Option<Kept<String>>,
        state: &'static str,
        urgency: &'static str,
        told: Vec<ToldRow>,
    }
}
platform::page! {
    /// Changes in engagement, and what the survivor was told of them.
    struct ToldPage for SurvivorLine, "engagement/told.html" {
        frame: Frame,
        case: CaseId,
        rows: Vec<KeptChange>,
        may_tell: bool,
    }
}

async fn show_told(case: Case<ViewTold>, Query(asked): Query<Asked>) -> Result<Page<ToldPage>> {
    let now = case.now().get();
    let (changes, wrong, tellings, names, owed) = case
        .read(move |r| {
            let tellings = store::tellings(r)?;
            let names = people::store::worker_names(r, tellings.iter().map(|t| t.recorded_by))?;
            let facts = duties::facts::of_case(r)?;
            let settings = duties::store::settings(r.conn())?;
            let owed: HashMap<String, Duty> =
                duties::rules::duties(&facts, &settings, &Calendar::default(), now)
                    .into_iter()
                    .map(|duty| (duty.key.to_string(), duty))
                    .collect();
            Ok((
                store::changes(r)?,
                store::change_errors(r)?,
                tellings,
                names,
                owed,
            ))
        })
        .await?;
    let mut rows: Vec<KeptChange> = changes
        .into_iter()
        .map(|row| {
            let duty = owed.get(&rules::key(row.id));
            let state = duty.map(|duty| duty.state(now));
            KeptChange {
                id: row.id,
                what: row.what.map(|what| what.words().to_owned()).show(),
                on: row.changed_on.map(|day| day_words(*day)).show(),
                heightened: row.is_heightened(),
                wrong: wrong.contains_key(&row.id),
                due: duty
                    .filter(|duty| duty.is_owed())
                    .map(|duty| said(day_words(duty.due.last_day()))),
                state: state.map_or("", duties::model::State::words),
                urgency: state.map_or("", duties::model::State::urgency),
                told: tellings
                    .iter()
                    .filter(|told| told.change_id == row.id)
                    .map(|told| ToldRow {
                        outcome: told.outcome.map(|o| o.words().to_owned()).show(),
                        on: told.told_on.map(|day| day_words(*day)).show(),
                        how: told.how.map(|how| how.map(|h| h.words().to_owned()).show()),
                        words: told.words.clone().map(Labelled::show),
                        by: names.get(&told.recorded_by).cloned().unwrap_or_default(),
                    })
                    .collect(),
                words: row.words.show(),
            }
        })
        .collect();
    // What is still to be told comes first, and of that what is feared most.
    rows.sort_by_key(|row| (row.due.is_none(), row.due.is_some() && !row.heightened));
    Ok(Page(ToldPage {
        frame: asked.frame(&case),
        case: case.id(),
        rows,
        may_tell: case.could::<Tell>(),
    }))
}

platform::page! {
    /// A form of the survivor's side.
    struct KeptFormPage for SurvivorLine, "cases/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        about: Option<Kept<String>>,
        quoted_as: &'static str,
        quoted: Option<Kept<String>>,
        picks: Vec<Picks<SurvivorLine>>,
        drawn: Drawn,
    }
}

fn telling_page(
    case: &Case<Tell>,
    change: Change,
    typed: &Typed,
    problems: Problems,
) -> Page<KeptFormPage> {
    let place = format!("/cases/{}/apart/engagement/{}", case.id(), change.id);
    let back = format!("/cases/{}/apart/engagement", case.id());
    Page(KeptFormPage {
        frame: frame(case),
        title: "Was it passed on?",
        explain: "Check the safe contact before you ring or write. Do not repeat what \
                  was said in confidence on either side.",
        about: Some(
            change
                .changed_on
                .map(|day| format!("Change of {}", day_words(*day)))
                .show(),
        ),
        quoted_as: "What the other side recorded:",
        quoted: Some(change.words.show()),
        picks: Vec::new(),
        drawn: Drawn::new::<NewTelling>(place, back, "Save", typed, problems),
    })
}

async fn new_telling(case: Case<Tell>, Path(path): Ids) -> Result<Page<KeptFormPage>> {
    let id: ChangeId = id(&path, "change")?;
    let change = case.read(move |r| store::change(r, id)).await?;
    let mut typed = Typed::default();
    typed.push("told_on".to_owned(), case.now().day().to_string());
    Ok(telling_page(&case, change, &typed, Problems::new()))
}

async fn tell(case: Case<Tell>, Path(path): Ids, posted: Posted<NewTelling>) -> Result<Response> {
    let change_id: ChangeId = id(&path, "change")?;
    let change = case.read(move |r| store::change(r, change_id)).await?;
    let mut problems = posted.problems;
    problems.extend(rules::telling_problems(
        &posted.form,
        change.day(),
        case.now().day(),
    ));
    let form = posted.form;
    let (Some(outcome), Some(told_on), true) = (form.outcome, form.told_on, problems.is_empty())
    else {
        return Ok(telling_page(&case, change, &posted.typed, problems).into_response());
    };
    let (id, how, words) = (TellingId::new(), form.how, form.words);
    let done = case
        .change(move |tx| {
            let row = Telling {
                id,
                case_id: tx.case(),
                change_id,
                outcome,
                told_on,
                how,
                words: words.clone(),
                recorded_by: tx.actor(),
                recorded_at: tx.now(),
            };
            store::add_telling(tx, &row)?;
            Ok((Event::Told(id), ()))
        })
        .await;
    match done {
        Err(Error::Refused(problems)) => {
            Ok(telling_page(&case, change, &posted.typed, problems).into_response())
        }
        Err(other) => Err(other),
        Ok(()) => Ok(see_other(&format!(
            "/cases/{}/apart/engagement?done=told",
            case.id()
        ))),
    }
}

/// The reference of papers about the client.
pub(super) fn reference(scope: &mut impl platform::Scope) -> Result<Plain> {
    Ok(casefile::frame(scope)?.client_reference)
}
