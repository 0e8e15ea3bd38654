//! Pages of risk.

mod apart;
mod pathways;

use std::collections::{HashMap, HashSet};

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Problem, Problems, Typed},
    ids::{CaseId, UserId},
    label::{Audience, ClientLine, For, Labelled, VisibleTo, Workers},
    plain::Plain,
    time::{Day, Instant, day_words},
};
use platform::{Case, Error, Page, Permission, Posted, Result, Routes, Scope, casefile, see_other};
use serde::Deserialize;

use super::{
    Event, Read, ReadApart, Record,
    model::{
        AssessmentId, ConcernId, Corrected, Level, NewAssessment, NewConcern, NewReferral,
        ReferralId, TakenUp,
    },
    rules,
    store::{self, Assessment, Passed, Pathway, Referral},
};
use crate::{
    cases::{
        View,
        drawn::{Drawn, Pick, Picks, Says},
        rules::author_shown,
    },
    people::{
        self,
        model::{Part, PartId, PartRole},
    },
    shell::{Frame, Ids, Named, NavItem, id},
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/risks", show)
        .get("/cases/{case}/risks/new", new)
        .post("/cases/{case}/risks/{assessment}/record", assess)
        .get("/cases/{case}/risks/{assessment}/correct", new_correction)
        .post("/cases/{case}/risks/{assessment}/correct", correct)
        .get("/cases/{case}/risks/concern", new_concern)
        .post("/cases/{case}/risks/concerns/{concern}/raise", raise)
        .get("/cases/{case}/risks/concerns/{concern}", new_taking_up)
        .post("/cases/{case}/risks/concerns/{concern}", take_up)
        .get("/cases/{case}/risks/referred", new_referral)
        .post("/cases/{case}/risks/referred/{referral}", refer)
        .and(apart::routes())
        .and(pathways::routes())
}

/// What the user may do next on a case.
pub fn next(case: &Case<View>) -> Vec<NavItem> {
    if !case.could::<Read>() {
        return Vec::new();
    }
    vec![NavItem {
        href: format!("/cases/{}/risks", case.id()),
        text: "Risk",
        current: false,
    }]
}

type Out<T> = For<ClientLine, T>;

/// What an address asks for: what has just been done, or a short re-check.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
    #[serde(default)]
    extent: String,
}

impl Asked {
    fn words(&self) -> Option<&'static str> {
        Some(match self.done.as_str() {
            "assessed" => "The assessment is recorded",
            "high" => "High risk is recorded. Ring now: do not wait for the record",
            "corrected" => "The correction is saved",
            "raised" => "The concern is passed on",
            "taken" => "It is recorded that you took it up",
            "referred" => "The referral is recorded, kept apart",
            "said" => "Saved, and kept apart",
            _ => return None,
        })
    }
}

fn frame<P: Permission>(case: &Case<P>, asked: &Asked) -> Frame {
    let frame = Frame::new(case.session(), case.app(), "/cases");
    match asked.words() {
        Some(words) if asked.done == "high" => frame.with_important(words),
        Some(words) => frame.with_success(words),
        None => frame,
    }
}

/// A form that was sent twice did its work the first time: Back and a double click do no harm.
fn once<T>(saved: Result<T>) -> Result<()> {
    match saved {
        Ok(_) | Err(Error::Stale) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Who of a case may be in danger: adults harmed and children.
fn in_danger(r: &mut impl Scope) -> Result<Vec<Part>> {
    let mut parts = people::store::parts(r)?;
    parts.retain(|part| matches!(part.role, PartRole::Survivor | PartRole::Child));
    Ok(parts)
}

fn roles(parts: &[Part]) -> Vec<(PartId, PartRole)> {
    parts.iter().map(|part| (part.id, part.role)).collect()
}

/// The question who, whose choices are the people of the case.
fn who<A: Audience>(
    text: &'static str,
    parts: Vec<Part>,
    typed: &Typed,
    problems: &Problems,
) -> Vec<Picks<A>>
where
    Workers: VisibleTo<A>,
{
    let typed = typed.get("part").to_owned();
    let first = parts
        .iter()
        .find(|part| part.role == PartRole::Survivor)
        .map(|part| part.id);
    if parts.is_empty() {
        return Vec::new();
    }
    vec![Picks {
        name: "part",
        text,
        hint: "",
        after: "",
        none: "Not known",
        choices: parts
            .into_iter()
            .map(|part| Pick {
                code: part.id.to_string(),
                chosen: if typed.is_empty() {
                    Some(part.id) == first
                } else {
                    part.id.to_string() == typed
                },
                text: Says::Value(part.name.show()),
            })
            .collect(),
        problem: problems
            .iter()
            .find(|problem| problem.field == "part")
            .map(|problem| problem.message.clone()),
    }]
}

platform::page! {
    /// A form about risk.
    struct FormPage for ClientLine, "risks/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        quoted: Option<Out<String>>,
        picks: Vec<Picks<ClientLine>>,
        drawn: Drawn,
    }
}

// ---- The page of risk ----

platform::rows! {
    /// A question with its answer.
    struct AnswerRow for ClientLine { what: &'static str, text: Out<String> }
}
platform::rows! {
    /// An assessment.
    struct AssessmentRow for ClientLine {
        id: AssessmentId,
        who: Option<Out<String>>,
        on: Out<String>,
        level: Level,
        colour: &'static str,
        answers: Vec<AnswerRow>,
        holds: bool,
        by: Option<Plain>,
        at: Instant,
    }
}
platform::rows! {
    /// A concern.
    struct ConcernRow for ClientLine {
        id: ConcernId,
        line: Out<String>,
        on: Out<String>,
        words: Out<String>,
        by: Option<Plain>,
        done: Option<Out<String>>,
        taken_by: Option<Plain>,
        mine: bool,
    }
}
platform::rows! {
    /// Whom to ring.
    struct PathwayRow for ClientLine {
        level: Level,
        service: Plain,
        who: Option<Plain>,
        telephone: Option<Plain>,
        checked: Day,
    }
}
platform::rows! {
    /// How great somebody's danger is now.
    struct NowRow for ClientLine {
        who: Option<Out<String>>,
        level: Level,
        colour: &'static str,
        on: Day,
    }
}
platform::page! {
    struct RiskPage for ClientLine, "risks/show.html" {
        frame: Frame,
        case: CaseId,
        open: Vec<ConcernRow>,
        taken: Vec<ConcernRow>,
        now: Vec<NowRow>,
        high: bool,
        raised: bool,
        without_consent: bool,
        pathways: Vec<PathwayRow>,
        assessments: Vec<AssessmentRow>,
        may_record: bool,
        has_apart: bool,
    }
}

/// What the page of risk is made of, read at once.
struct Seen {
    parts: Vec<Part>,
    assessments: Vec<Assessment>,
    concerns: Vec<Passed>,
    pathways: Vec<Pathway>,
    known: rules::Known,
    names: HashMap<UserId, Plain>,
    kept: HashSet<UserId>,
}

fn see(r: &mut impl Scope) -> Result<Seen> {
    let assessments = store::assessments(r)?;
    let concerns = store::concerns(r)?;
    let borough = casefile::frame(r)?.referring_agency_id;
    let authors = assessments
        .iter()
        .map(|row| row.recorded_by)
        .chain(concerns.iter().map(|row| row.recorded_by))
        .chain(concerns.iter().filter_map(|row| row.acknowledged_by));
    Ok(Seen {
        names: people::store::worker_names(r, authors)?,
        kept: people::store::survivor_side(r)?,
        parts: people::store::parts(r)?,
        known: store::known(r)?,
        pathways: match borough {
            Some(agency) => store::pathways(r.conn(), agency)?,
            None => Vec::new(),
        },
        assessments,
        concerns,
    })
}

impl Seen {
    fn name(&self, part: Option<PartId>) -> Option<Out<String>> {
        let part = part?;
        self.parts
            .iter()
            .find(|known| known.id == part)
            .map(|known| known.name.clone().show())
    }

    /// The author, unless the name would tell who works with the survivor.
    fn author(&self, user: UserId) -> Option<Plain> {
        author_shown(user, &self.kept).and_then(|id| self.names.get(&id).cloned())
    }

    fn assessments(&self) -> Vec<AssessmentRow> {
        let weighed = store::weighed(&self.assessments);
        self.assessments
            .iter()
            .map(|row| {
                let held = weighed.iter().find(|(one, _)| one.id == row.id);
                let level = held.map_or_else(|| row.own_level(), |(one, _)| one.level);
                AssessmentRow {
                    id: row.id,
                    who: self.name(row.part_id),
                    on: row.assessed_on.map(|day| day_words(*day)).show(),
                    level,
                    colour: level.colour(),
                    answers: row
                        .answers(held.and_then(|(_, score)| *score))
                        .into_iter()
                        .map(|(what, text)| AnswerRow {
                            what,
                            text: text.show(),
                        })
                        .collect(),
                    holds: held.is_some(),
                    by: self.author(row.recorded_by),
                    at: row.recorded_at,
                }
            })
            .collect()
    }

    /// What was assessed last of each person.
    fn now(&self) -> Vec<NowRow> {
        let mut last: Vec<rules::Assessed> = Vec::new();
        for one in &self.known.assessed {
            last.retain(|other| other.part != one.part);
            last.push(*one);
        }
        last.sort_by_key(|one| std::cmp::Reverse(one.level));
        last.into_iter()
            .map(|one| NowRow {
                who: self.name(one.part),
                level: one.level,
                colour: one.level.colour(),
                on: Day(one.met.day()),
            })
            .collect()
    }

    fn concerns(&self, case: &Case<Read>, open: bool) -> Vec<ConcernRow> {
        let may = case.could::<Record>();
        self.concerns
            .iter()
            .filter(|row| row.acknowledged_at.is_none() == open)
            .map(|row| ConcernRow {
                id: row.id,
                line: row.line.map(|line| line.words().to_owned()).show(),
                on: row.raised_on.map(|day| day_words(*day)).show(),
                words: row.words.clone().show(),
                by: self.author(row.recorded_by),
                done: row.done.clone().map(Labelled::show),
                taken_by: row.acknowledged_by.and_then(|by| self.author(by)),
                mine: may && row.is_for(case.ties()),
            })
            .collect()
    }
}

async fn show(case: Case<Read>, Query(asked): Query<Asked>) -> Result<Page<RiskPage>> {
    let seen = case.read(|r| see(r)).await?;
    let now = seen.now();
    let highest = now.first().map(|row| row.level);
    Ok(Page(RiskPage {
        frame: frame(&case, &asked),
        case: case.id(),
        open: seen.concerns(&case, true),
        taken: seen.concerns(&case, false),
        high: highest == Some(Level::High),
        raised: highest.is_some_and(|level| level >= Level::Medium),
        without_consent: rules::may_share_without_consent(&seen.known),
        pathways: seen
            .pathways
            .iter()
            .filter(|row| Some(row.level()) == highest)
            .map(|row| PathwayRow {
                level: row.level(),
                service: row.service.clone(),
                who: row.who.clone(),
                telephone: row.telephone.clone(),
                checked: row.checked_on,
            })
            .collect(),
        assessments: seen.assessments(),
        now,
        may_record: case.could::<Record>(),
        has_apart: case.could::<ReadApart>(),
    }))
}

// ---- Assessing ----

const ASSESS: &str = "Record risk";
const ASSESS_EXPLAIN: &str = "If somebody is in danger now, ring 999 first. A level is enough: everything else can be added later.";

async fn assessment_form(
    case: &Case<Record>,
    action: String,
    typed: &Typed,
    problems: Problems,
) -> Result<Page<FormPage>> {
    let parts = case.read(|r| in_danger(r)).await?;
    let picks = who("Who is in danger?", parts, typed, &problems);
    let back = format!("/cases/{}/risks", case.id());
    let drawn = Drawn::new::<NewAssessment>(action, back, "Record it", typed, problems);
    Ok(Page(FormPage {
        frame: frame(case, &Asked::default()),
        title: ASSESS,
        explain: ASSESS_EXPLAIN,
        quoted: None,
        picks,
        drawn,
    }))
}

async fn new(case: Case<Record>, Query(asked): Query<Asked>) -> Result<Page<FormPage>> {
    let today = case.now().day();
    let last = case
        .read(|r| Ok(store::assessments(r)?.into_iter().next()))
        .await?;
    let typed = match last {
        Some(last) if asked.extent == "recheck" => last.typed_recheck(today),
        _ => {
            let mut typed = Typed::default();
            typed.push("assessed_on".to_owned(), today.to_string());
            typed.push("extent".to_owned(), "full".to_owned());
            typed.push("usable".to_owned(), "no".to_owned());
            typed
        }
    };
    let action = format!("/cases/{}/risks/{}/record", case.id(), AssessmentId::new());
    assessment_form(&case, action, &typed, Problems::new()).await
}

/// The problems of an assessment beside those of single answers, and who is in danger.
async fn about(
    case: &Case<Record>,
    form: &NewAssessment,
    problems: &mut Problems,
) -> Result<Option<PartId>> {
    let today = case.now().day();
    problems.extend(rules::check_day("assessed_on", &form.assessed_on, today));
    let parts = case.read(|r| in_danger(r)).await?;
    Ok(match rules::chosen_part(&form.part, &roles(&parts)) {
        Ok(part) => part,
        Err(problem) => {
            problems.push(problem);
            None
        }
    })
}

async fn assess(
    case: Case<Record>,
    Path(path): Ids,
    posted: Posted<NewAssessment>,
) -> Result<Response> {
    let id: AssessmentId = id(&path, "assessment")?;
    let (mut problems, form) = (posted.problems, posted.form);
    let part = about(&case, &form, &mut problems).await?;
    if !problems.is_empty() {
        let action = format!("/cases/{}/risks/{id}/record", case.id());
        let page = assessment_form(&case, action, &posted.typed, problems).await?;
        return Ok(page.into_response());
    }
    once(
        case.change(move |tx| {
            let row = Assessment::of(&form, id, part, None, tx).ok_or(Error::Stale)?;
            store::assess(tx, &row)?;
            Ok((Event::Assessed(id), ()))
        })
        .await,
    )?;
    let high = case.read(|r| Ok(store::known(r)?.high.is_some())).await?;
    let done = if high { "high" } else { "assessed" };
    Ok(see_other(&format!(
        "/cases/{}/risks?done={done}",
        case.id()
    )))
}

async fn correction_form(
    case: &Case<Record>,
    wrong: AssessmentId,
    typed: &Typed,
    problems: Problems,
) -> Result<Page<FormPage>> {
    let parts = case.read(|r| in_danger(r)).await?;
    let picks = who("Who is in danger?", parts, typed, &problems);
    let action = format!("/cases/{}/risks/{wrong}/correct", case.id());
    let back = format!("/cases/{}/risks", case.id());
    let drawn = Drawn::new::<Corrected>(action, back, "Save the correction", typed, problems);
    Ok(Page(FormPage {
        frame: frame(case, &Asked::default()),
        title: "Correct an assessment",
        explain: "The earlier entry stays on the record, and counts no longer.",
        quoted: None,
        picks,
        drawn,
    }))
}

async fn new_correction(case: Case<Record>, Path(path): Ids) -> Result<Page<FormPage>> {
    let wrong: AssessmentId = id(&path, "assessment")?;
    let row = case
        .read(move |r| {
            let mut all = store::assessments(r)?.into_iter();
            all.find(|row| row.id == wrong).ok_or(Error::NotFound)
        })
        .await?;
    correction_form(&case, wrong, &row.typed(), Problems::new()).await
}

async fn correct(
    case: Case<Record>,
    Path(path): Ids,
    posted: Posted<Corrected>,
) -> Result<Response> {
    let wrong: AssessmentId = id(&path, "assessment")?;
    let (mut problems, form) = (posted.problems, posted.form);
    let part = about(&case, &form.assessment, &mut problems).await?;
    if !problems.is_empty() {
        let page = correction_form(&case, wrong, &posted.typed, problems).await?;
        return Ok(page.into_response());
    }
    let new = AssessmentId::new();
    case.change(move |tx| {
        let because = Some((wrong, form.because.clone()));
        let row = Assessment::of(&form.assessment, new, part, because, tx).ok_or(Error::Stale)?;
        store::assess(tx, &row)?;
        Ok((Event::Corrected(new), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{}/risks?done=corrected",
        case.id()
    )))
}

// ---- Concerns ----

fn concern_form(
    case: &Case<Record>,
    id: ConcernId,
    typed: &Typed,
    problems: Problems,
) -> Page<FormPage> {
    let action = format!("/cases/{}/risks/concerns/{id}/raise", case.id());
    let back = format!("/cases/{}/risks", case.id());
    let drawn = Drawn::new::<NewConcern>(action, back, "Pass it on", typed, problems);
    Page(FormPage {
        frame: frame(case, &Asked::default()),
        title: "Pass on a concern",
        explain: "If somebody is in danger now, ring. This stays open until the other side takes it up.",
        quoted: None,
        picks: Vec::new(),
        drawn,
    })
}

async fn new_concern(case: Case<Record>) -> Page<FormPage> {
    let mut typed = Typed::default();
    typed.push("raised_on".to_owned(), case.now().day().to_string());
    let other = if rules::writes_from_survivor_side(case.ties()) {
        "client"
    } else {
        "survivor"
    };
    typed.push("line".to_owned(), other.to_owned());
    concern_form(&case, ConcernId::new(), &typed, Problems::new())
}

async fn raise(
    case: Case<Record>,
    Path(path): Ids,
    posted: Posted<NewConcern>,
) -> Result<Response> {
    let id: ConcernId = id(&path, "concern")?;
    let today = case.now().day();
    let (mut problems, form) = (posted.problems, posted.form);
    problems.extend(rules::check_day("raised_on", &form.raised_on, today));
    let (true, Some(line), Some(words)) = (problems.is_empty(), form.line, form.words) else {
        return Ok(concern_form(&case, id, &posted.typed, problems).into_response());
    };
    let raised_on = rules::day_or_today(&form.raised_on, today);
    let knows = rules::writes_from_survivor_side(case.ties());
    let saved = case
        .change(move |tx| {
            let row = Passed {
                id,
                case_id: tx.case(),
                line,
                raised_on,
                words: words.clone(),
                recorded_by: tx.actor(),
                recorded_at: tx.now(),
                done: None,
                acknowledged_by: None,
                acknowledged_at: None,
            };
            let problems = if knows {
                store::leads_to_her(tx, &row.words)?
            } else {
                Problems::new()
            };
            if !problems.is_empty() {
                return Err(Error::Refused(problems).into());
            }
            store::raise(tx, &row)?;
            Ok((Event::Raised(id), ()))
        })
        .await;
    if let Err(Error::Refused(problems)) = saved {
        return Ok(concern_form(&case, id, &posted.typed, problems).into_response());
    }
    once(saved)?;
    Ok(see_other(&format!(
        "/cases/{}/risks?done=raised",
        case.id()
    )))
}

/// The open concern of the path, if it is for the line of who asks.
async fn to_take_up(case: &Case<Record>, path: &Named) -> Result<Passed> {
    let id: ConcernId = id(path, "concern")?;
    let row = case
        .read(move |r| {
            let mut all = store::concerns(r)?.into_iter();
            all.find(|row| row.id == id).ok_or(Error::NotFound)
        })
        .await?;
    if row.is_for(case.ties()) {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

fn taking_up_form(
    case: &Case<Record>,
    row: Passed,
    typed: &Typed,
    problems: Problems,
) -> Page<FormPage> {
    let action = format!("/cases/{}/risks/concerns/{}", case.id(), row.id);
    let back = format!("/cases/{}/risks", case.id());
    let drawn = Drawn::new::<TakenUp>(action, back, "Take it up", typed, problems);
    Page(FormPage {
        frame: frame(case, &Asked::default()),
        title: "Take up a concern",
        explain: "",
        quoted: Some(row.words.show()),
        picks: Vec::new(),
        drawn,
    })
}

async fn new_taking_up(case: Case<Record>, Path(path): Ids) -> Result<Page<FormPage>> {
    let row = to_take_up(&case, &path).await?;
    Ok(taking_up_form(
        &case,
        row,
        &Typed::default(),
        Problems::new(),
    ))
}

async fn take_up(case: Case<Record>, Path(path): Ids, posted: Posted<TakenUp>) -> Result<Response> {
    let row = to_take_up(&case, &path).await?;
    let (true, Some(done)) = (posted.problems.is_empty(), posted.form.done) else {
        return Ok(taking_up_form(&case, row, &posted.typed, posted.problems).into_response());
    };
    let id = row.id;
    case.change(move |tx| {
        store::take_up(tx, id, &done)?;
        Ok((Event::TakenUp(id), ()))
    })
    .await?;
    Ok(see_other(&format!("/cases/{}/risks?done=taken", case.id())))
}

// ---- Referrals because of risk ----

async fn referral_form(
    case: &Case<Record>,
    id: ReferralId,
    typed: &Typed,
    problems: Problems,
) -> Result<Page<FormPage>> {
    let parts = case.read(|r| in_danger(r)).await?;
    let picks = who("Who was referred?", parts, typed, &problems);
    let action = format!("/cases/{}/risks/referred/{id}", case.id());
    let back = format!("/cases/{}/risks", case.id());
    let drawn = Drawn::new::<NewReferral>(action, back, "Record it", typed, problems);
    Ok(Page(FormPage {
        frame: frame(case, &Asked::default()),
        title: "Record a referral because of risk",
        explain: "Whoever made it records it. After that only workers for the survivor and the children read it.",
        quoted: None,
        picks,
        drawn,
    }))
}

async fn new_referral(case: Case<Record>) -> Result<Page<FormPage>> {
    let mut typed = Typed::default();
    typed.push("made_on".to_owned(), case.now().day().to_string());
    typed.push("made".to_owned(), "referred".to_owned());
    referral_form(&case, ReferralId::new(), &typed, Problems::new()).await
}

async fn refer(
    case: Case<Record>,
    Path(path): Ids,
    posted: Posted<NewReferral>,
) -> Result<Response> {
    let id: ReferralId = id(&path, "referral")?;
    let (mut problems, form) = (posted.problems, posted.form);
    problems.extend(rules::check_day("made_on", &form.made_on, case.now().day()));
    let parts = case.read(|r| in_danger(r)).await?;
    let part = rules::chosen_part(&form.part, &roles(&parts)).unwrap_or_else(|problem: Problem| {
        problems.push(problem);
        None
    });
    let (true, Some(target), Some(answer), Some(made_on)) =
        (problems.is_empty(), form.target, form.made, form.made_on)
    else {
        let page = referral_form(&case, id, &posted.typed, problems).await?;
        return Ok(page.into_response());
    };
    let (service, note) = (form.service, form.note);
    once(
        case.change(move |tx| {
            let row = Referral {
                id,
                case_id: tx.case(),
                part_id: part,
                target,
                service: service.clone(),
                answer,
                made_on,
                note: note.clone(),
                recorded_by: tx.actor(),
                recorded_at: tx.now(),
            };
            store::refer(tx, &row)?;
            Ok((Event::Referred(id), ()))
        })
        .await,
    )?;
    Ok(see_other(&format!(
        "/cases/{}/risks?done=referred",
        case.id()
    )))
}
