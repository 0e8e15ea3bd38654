//! What of a consultation would lead to the survivor.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Problems, Typed},
    ids::CaseId,
    label::{For, Labelled, SurvivorLine},
    plain::Plain,
    time::{Instant, day_words},
};
use platform::{Case, Error, Page, Posted, Result, Routes, Scope as _, see_other};

use super::{Done, Ids, areas, frame, id};
use crate::{
    cases::drawn::Drawn,
    consultations::{
        Event, ReadApart, RecordApart,
        model::{ApartId, ConsultationId, NewApart},
        store::{self, Apart, Held},
    },
    people,
    printing::text,
    shell::{Frame, Named},
};

/// What is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/apart/consultations/{consultation}", show)
        .post("/cases/{case}/apart/consultations/{consultation}", add)
        .get(
            "/cases/{case}/apart/consultations/{consultation}/copy",
            copy,
        )
        .get(
            "/cases/{case}/apart/consultations/{consultation}/copy.txt",
            copy_file,
        )
}

type Kept<T> = For<SurvivorLine, T>;

platform::rows! {
    /// An area with what was said.
    struct AreaRow for SurvivorLine {
        what: &'static str,
        text: Kept<String>,
        usable: Kept<String>,
    }
}
platform::rows! {
    /// Something that is kept apart.
    struct NoteRow for SurvivorLine {
        took_part: Option<Kept<String>>,
        note: Kept<String>,
        by: Plain,
        at: Instant,
    }
}
platform::page! {
    struct ApartPage for SurvivorLine, "consultations/apart.html" {
        frame: Frame,
        case: CaseId,
        id: ConsultationId,
        on: Kept<String>,
        areas: Vec<AreaRow>,
        held: bool,
        notes: Vec<NoteRow>,
        may_record: bool,
        drawn: Drawn,
    }
}

async fn page<P: platform::Permission>(
    case: &Case<P>,
    id: ConsultationId,
    typed: &Typed,
    problems: Problems,
    done: &Done,
) -> Result<Page<ApartPage>> {
    let (one, notes, names) = case
        .read(move |r| {
            let one = store::one(r, id)?;
            let mut notes = store::apart(r)?;
            notes.retain(|note| note.consultation_id == id);
            let names = people::store::worker_names(r, notes.iter().map(|note| note.recorded_by))?;
            Ok((one, notes, names))
        })
        .await?;
    let action = format!("/cases/{}/apart/consultations/{id}", case.id());
    let back = format!("/cases/{}/consultations/{id}", case.id());
    let on = one
        .held
        .first()
        .map_or(one.booked.planned_on, |held| held.held_on);
    Ok(Page(ApartPage {
        frame: frame(case, done),
        case: case.id(),
        id,
        on: on.map(|day| day_words(*day)).show(),
        held: !one.held.is_empty(),
        areas: one
            .held
            .first()
            .map(areas)
            .unwrap_or_default()
            .into_iter()
            .map(|(what, text, usable)| AreaRow { what, text, usable })
            .collect(),
        notes: notes
            .into_iter()
            .map(|note| NoteRow {
                took_part: note.took_part.map(Labelled::show),
                note: note.note.show(),
                by: names.get(&note.recorded_by).cloned().unwrap_or_default(),
                at: note.recorded_at,
            })
            .collect(),
        may_record: case.could::<RecordApart>(),
        drawn: Drawn::new::<NewApart>(action, back, "Save, kept apart", typed, problems),
    }))
}

async fn show(
    case: Case<ReadApart>,
    Path(path): Ids,
    Query(done): Query<Done>,
) -> Result<Page<ApartPage>> {
    let id: ConsultationId = id(&path, "consultation")?;
    page(&case, id, &Typed::default(), Problems::new(), &done).await
}

async fn add(
    case: Case<RecordApart>,
    Path(path): Ids,
    posted: Posted<NewApart>,
) -> Result<Response> {
    let id: ConsultationId = id(&path, "consultation")?;
    let (true, Some(note)) = (posted.problems.is_empty(), posted.form.note) else {
        let done = Done::default();
        return Ok(page(&case, id, &posted.typed, posted.problems, &done)
            .await?
            .into_response());
    };
    let (new, took_part) = (ApartId::new(), posted.form.took_part);
    case.change(move |tx| {
        let row = Apart {
            id: new,
            case_id: tx.case(),
            consultation_id: id,
            took_part: took_part.clone(),
            note: note.clone(),
            recorded_by: tx.actor(),
            recorded_at: tx.now(),
        };
        store::keep_apart(tx, &row)?;
        Ok((Event::Apart(new), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{}/apart/consultations/{id}?done=apart",
        case.id()
    )))
}

platform::page! {
    /// Plain text that is copied into another system.
    struct CopyPage for SurvivorLine, "consultations/copy.html" {
        frame: Frame,
        back: Plain,
        file: Plain,
        text: Kept<String>,
    }
}

async fn text_of(case: &Case<ReadApart>, path: &Named) -> Result<Kept<String>> {
    let id: ConsultationId = id(path, "consultation")?;
    let (last, notes): (Held, Vec<Apart>) = case
        .read(move |r| {
            let mut notes = store::apart(r)?;
            notes.retain(|note| note.consultation_id == id);
            let one = store::one(r, id)?;
            Ok((one.held.into_iter().next().ok_or(Error::NotFound)?, notes))
        })
        .await?;
    Ok(last.plain_text_with(&notes).show())
}

async fn copy(case: Case<ReadApart>, Path(path): Ids) -> Result<Page<CopyPage>> {
    let text = text_of(&case, &path).await?;
    let id: ConsultationId = id(&path, "consultation")?;
    let back = format!("/cases/{}/apart/consultations/{id}", case.id());
    Ok(Page(CopyPage {
        frame: frame(&case, &Done::default()),
        file: Plain::new(format!("{back}/copy.txt")),
        back: Plain::new(back),
        text,
    }))
}

async fn copy_file(case: Case<ReadApart>, Path(path): Ids) -> Result<Response> {
    Ok(text::saved(text_of(&case, &path).await?))
}
