//! What of risk only the survivor's side reads: what was said, to whom she was referred, and the
//! concerns within her line.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Problems, Typed},
    ids::{CaseId, UserId},
    label::{For, Labelled, SurvivorLine},
    plain::Plain,
    time::{Day, Instant, day_words},
};
use platform::{Case, Error, Page, Posted, Result, Routes, Scope as _, see_other};

use super::{Asked, Ids, frame, id, in_danger, once, roles, who};
use crate::{
    cases::drawn::{Drawn, Picks},
    people::{self, model::PartId},
    risks::{
        Event, ReadApart, RecordApart,
        model::{ConcernId, DisclosureId, Level, NewConcernApart, NewDisclosure, TakenUpApart},
        rules,
        store::{self, Disclosure, PassedApart},
    },
    shell::{Frame, Named},
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/apart/risks", show)
        .get("/cases/{case}/apart/risks/said", new_disclosure)
        .post("/cases/{case}/apart/risks/said/{disclosure}", disclose)
        .get("/cases/{case}/apart/risks/concern", new_concern)
        .post("/cases/{case}/apart/risks/concerns/{concern}/raise", raise)
        .get(
            "/cases/{case}/apart/risks/concerns/{concern}",
            new_taking_up,
        )
        .post("/cases/{case}/apart/risks/concerns/{concern}", take_up)
}

type Kept<T> = For<SurvivorLine, T>;

platform::rows! {
    /// What somebody said.
    struct SaidRow for SurvivorLine {
        who: Option<Kept<String>>,
        on: Kept<String>,
        words: Kept<String>,
        by: Plain,
        at: Instant,
    }
}
platform::rows! {
    /// A referral because of risk.
    struct ReferralRow for SurvivorLine {
        who: Option<Kept<String>>,
        target: Kept<String>,
        made: Kept<String>,
        service: Option<Kept<String>>,
        on: Kept<String>,
        note: Option<Kept<String>>,
        by: Plain,
    }
}
platform::rows! {
    /// An assessment after which nobody was referred yet.
    struct LacksRow for SurvivorLine { who: Option<Kept<String>>, level: Level, on: Day }
}
platform::rows! {
    /// A concern within the survivor's line.
    struct ConcernRow for SurvivorLine {
        id: ConcernId,
        on: Kept<String>,
        words: Kept<String>,
        by: Plain,
        done: Option<Kept<String>>,
        taken_by: Option<Plain>,
    }
}
platform::page! {
    struct ApartPage for SurvivorLine, "risks/apart.html" {
        frame: Frame,
        case: CaseId,
        open: Vec<ConcernRow>,
        taken: Vec<ConcernRow>,
        lacks: Vec<LacksRow>,
        referrals: Vec<ReferralRow>,
        said: Vec<SaidRow>,
        may_record: bool,
    }
}
platform::page! {
    /// A form of the survivor's side.
    struct FormPage for SurvivorLine, "risks/form.html" {
        frame: Frame,
        title: &'static str,
        explain: &'static str,
        quoted: Option<Kept<String>>,
        picks: Vec<Picks<SurvivorLine>>,
        drawn: Drawn,
    }
}

async fn show(case: Case<ReadApart>, Query(asked): Query<Asked>) -> Result<Page<ApartPage>> {
    let (parts, concerns, referrals, said, known, names) = case
        .read(|r| {
            let concerns = store::concerns_apart(r)?;
            let referrals = store::referrals(r)?;
            let said = store::disclosures(r)?;
            let who = concerns
                .iter()
                .flat_map(|row| [Some(row.recorded_by), row.acknowledged_by])
                .flatten()
                .chain(referrals.iter().map(|row| row.recorded_by))
                .chain(said.iter().map(|row| row.recorded_by));
            let names = people::store::worker_names(r, who)?;
            let parts = people::store::parts(r)?;
            Ok((parts, concerns, referrals, said, store::known(r)?, names))
        })
        .await?;
    let name = |user: UserId| names.get(&user).cloned().unwrap_or_default();
    let part = |id: Option<PartId>| -> Option<Kept<String>> {
        parts
            .iter()
            .find(|part| Some(part.id) == id)
            .map(|part| part.name.clone().show())
    };
    let (open, taken): (Vec<_>, Vec<_>) = concerns
        .into_iter()
        .partition(|row| row.acknowledged_at.is_none());
    let rows = |all: Vec<PassedApart>| -> Vec<ConcernRow> {
        all.into_iter()
            .map(|row| ConcernRow {
                id: row.id,
                on: row.raised_on.map(|day| day_words(*day)).show(),
                words: row.words.show(),
                by: name(row.recorded_by),
                done: row.done.map(Labelled::show),
                taken_by: row.acknowledged_by.map(name),
            })
            .collect()
    };
    Ok(Page(ApartPage {
        frame: frame(&case, &asked),
        case: case.id(),
        open: rows(open),
        taken: rows(taken),
        lacks: rules::unreferred(&known)
            .map(|one| LacksRow {
                who: part(one.part),
                level: one.level,
                on: Day(one.met.day()),
            })
            .collect(),
        referrals: referrals
            .into_iter()
            .map(|row| ReferralRow {
                who: part(row.part_id),
                target: row.target.map(|target| target.words().to_owned()).show(),
                made: row.answer.map(|made| made.words().to_owned()).show(),
                service: row.service.map(Labelled::show),
                on: row.made_on.map(|day| day_words(*day)).show(),
                note: row.note.map(Labelled::show),
                by: name(row.recorded_by),
            })
            .collect(),
        said: said
            .into_iter()
            .map(|row| SaidRow {
                who: part(row.part_id),
                on: row.said_on.map(|day| day_words(*day)).show(),
                words: row.words.show(),
                by: name(row.recorded_by),
                at: row.recorded_at,
            })
            .collect(),
        may_record: case.could::<RecordApart>(),
    }))
}

fn form_page(
    case: &Case<RecordApart>,
    title: &'static str,
    quoted: Option<Kept<String>>,
    picks: Vec<Picks<SurvivorLine>>,
    drawn: Drawn,
) -> Page<FormPage> {
    Page(FormPage {
        frame: frame(case, &Asked::default()),
        title,
        explain: "Only workers for the survivor and the children read it.",
        quoted,
        picks,
        drawn,
    })
}

fn back(case: &Case<RecordApart>) -> String {
    format!("/cases/{}/apart/risks", case.id())
}

// ---- What was said ----

async fn disclosure_form(
    case: &Case<RecordApart>,
    id: DisclosureId,
    typed: &Typed,
    problems: Problems,
) -> Result<Page<FormPage>> {
    let parts = case.read(|r| in_danger(r)).await?;
    let picks = who("Who said it?", parts, typed, &problems);
    let action = format!("/cases/{}/apart/risks/said/{id}", case.id());
    let drawn = Drawn::new::<NewDisclosure>(action, back(case), "Save", typed, problems);
    Ok(form_page(
        case,
        "Write down what was said",
        None,
        picks,
        drawn,
    ))
}

async fn new_disclosure(case: Case<RecordApart>) -> Result<Page<FormPage>> {
    let mut typed = Typed::default();
    typed.push("said_on".to_owned(), case.now().day().to_string());
    disclosure_form(&case, DisclosureId::new(), &typed, Problems::new()).await
}

async fn disclose(
    case: Case<RecordApart>,
    Path(path): Ids,
    posted: Posted<NewDisclosure>,
) -> Result<Response> {
    let id: DisclosureId = id(&path, "disclosure")?;
    let today = case.now().day();
    let (mut problems, form) = (posted.problems, posted.form);
    problems.extend(rules::check_day("said_on", &form.said_on, today));
    let parts = case.read(|r| in_danger(r)).await?;
    let part = rules::chosen_part(&form.part, &roles(&parts)).unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    let (true, Some(words)) = (problems.is_empty(), form.words) else {
        let page = disclosure_form(&case, id, &posted.typed, problems).await?;
        return Ok(page.into_response());
    };
    let said_on = rules::day_or_today(&form.said_on, today);
    once(
        case.change(move |tx| {
            let row = Disclosure {
                id,
                case_id: tx.case(),
                part_id: part,
                said_on,
                words: words.clone(),
                recorded_by: tx.actor(),
                recorded_at: tx.now(),
            };
            store::disclose(tx, &row)?;
            Ok((Event::Disclosed(id), ()))
        })
        .await,
    )?;
    Ok(see_other(&format!("{}?done=said", back(&case))))
}

// ---- Concerns within the line ----

fn concern_form(
    case: &Case<RecordApart>,
    id: ConcernId,
    typed: &Typed,
    problems: Problems,
) -> Page<FormPage> {
    let action = format!("/cases/{}/apart/risks/concerns/{id}/raise", case.id());
    let drawn = Drawn::new::<NewConcernApart>(action, back(case), "Pass it on", typed, problems);
    form_page(
        case,
        "Pass on a concern, kept apart",
        None,
        Vec::new(),
        drawn,
    )
}

async fn new_concern(case: Case<RecordApart>) -> Page<FormPage> {
    let mut typed = Typed::default();
    typed.push("raised_on".to_owned(), case.now().day().to_string());
    concern_form(&case, ConcernId::new(), &typed, Problems::new())
}

async fn raise(
    case: Case<RecordApart>,
    Path(path): Ids,
    posted: Posted<NewConcernApart>,
) -> Result<Response> {
    let id: ConcernId = id(&path, "concern")?;
    let today = case.now().day();
    let (mut problems, form) = (posted.problems, posted.form);
    problems.extend(rules::check_day("raised_on", &form.raised_on, today));
    let (true, Some(words)) = (problems.is_empty(), form.words) else {
        return Ok(concern_form(&case, id, &posted.typed, problems).into_response());
    };
    let raised_on = rules::day_or_today(&form.raised_on, today);
    once(
        case.change(move |tx| {
            let row = PassedApart {
                id,
                case_id: tx.case(),
                raised_on,
                words: words.clone(),
                recorded_by: tx.actor(),
                recorded_at: tx.now(),
                done: None,
                acknowledged_by: None,
                acknowledged_at: None,
            };
            store::raise_apart(tx, &row)?;
            Ok((Event::RaisedApart(id), ()))
        })
        .await,
    )?;
    Ok(see_other(&format!("{}?done=raised", back(&case))))
}

async fn to_take_up(case: &Case<RecordApart>, path: &Named) -> Result<PassedApart> {
    let id: ConcernId = id(path, "concern")?;
    case.read(move |r| {
        let mut all = store::concerns_apart(r)?.into_iter();
        all.find(|row| row.id == id).ok_or(Error::NotFound)
    })
    .await
}

fn taking_up_form(
    case: &Case<RecordApart>,
    row: PassedApart,
    typed: &Typed,
    problems: Problems,
) -> Page<FormPage> {
    let action = format!("/cases/{}/apart/risks/concerns/{}", case.id(), row.id);
    let drawn = Drawn::new::<TakenUpApart>(action, back(case), "Take it up", typed, problems);
    let quoted = Some(row.words.show());
    form_page(case, "Take up a concern", quoted, Vec::new(), drawn)
}

async fn new_taking_up(case: Case<RecordApart>, Path(path): Ids) -> Result<Page<FormPage>> {
    let row = to_take_up(&case, &path).await?;
    Ok(taking_up_form(
        &case,
        row,
        &Typed::default(),
        Problems::new(),
    ))
}

async fn take_up(
    case: Case<RecordApart>,
    Path(path): Ids,
    posted: Posted<TakenUpApart>,
) -> Result<Response> {
    let row = to_take_up(&case, &path).await?;
    let (true, Some(done)) = (posted.problems.is_empty(), posted.form.done) else {
        return Ok(taking_up_form(&case, row, &posted.typed, posted.problems).into_response());
    };
    let id = row.id;
    case.change(move |tx| {
        store::take_up_apart(tx, id, &done)?;
        Ok((Event::TakenUpApart(id), ()))
    })
    .await?;
    Ok(see_other(&format!("{}?done=taken", back(&case))))
}
