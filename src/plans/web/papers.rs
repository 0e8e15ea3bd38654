//! Copies of a plan that leave: text for the case system, paper, a list of actions. None is made
//! before the programme's permission is recorded (R067).

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Problems, Typed},
    ids::CaseId,
    label::{Audience as _, ClientLine},
    time::day_words,
};
use pdf::{Document, Row, Section};
use platform::{Case, Error, Page, Posted, Result, Scope as _, see_other};

use super::{
    super::{
        Copy, Event,
        model::{PermissionForm, PermissionId, PlanId},
        rules,
        store::{self, Permitted},
    },
    Done, Ids, Out, Seen, frame, id, see,
};
use crate::{
    cases::drawn::Drawn,
    printing::{csv::Csv, paper},
    shell::{Frame, Named},
};

platform::rows! {
    /// A permission that was given.
    pub(super) struct PermittedLine for ClientLine {
        id: PermissionId,
        system: Out<String>,
        by: Out<String>,
        on: Out<String>,
    }
}
platform::page! {
    /// What was permitted, with a form for another permission.
    pub(super) struct CopyPage for ClientLine, "plans/copy.html" {
        frame: Frame,
        case: CaseId,
        plan: PlanId,
        permitted: Vec<PermittedLine>,
        drawn: Drawn,
    }
}

async fn page(
    case: &Case<Copy>,
    plan: PlanId,
    typed: Option<&Typed>,
    problems: Problems,
    done: &Done,
) -> Result<CopyPage> {
    let permitted = case
        .read(move |r| {
            store::plan_of(r, plan)?;
            store::permissions(r, plan)
        })
        .await?;
    let mut prefilled = Typed::default();
    prefilled.push("given_on".to_owned(), case.now().day().to_string());
    Ok(CopyPage {
        frame: done.on(frame(case)),
        case: case.id(),
        plan,
        permitted: permitted
            .into_iter()
            .map(|row| PermittedLine {
                id: row.id,
                system: row.system.show(),
                by: row.given_by.show(),
                on: row.given_on.map(|day| day_words(*day)).show(),
            })
            .collect(),
        drawn: Drawn::new::<PermissionForm>(
            format!("/cases/{}/plans/{plan}/copy", case.id()),
            String::new(),
            "Record the permission",
            typed.unwrap_or(&prefilled),
            problems,
        ),
    })
}

pub(super) async fn ask(
    case: Case<Copy>,
    Path(path): Ids,
    Query(done): Query<Done>,
) -> Result<Page<CopyPage>> {
    let plan = id(&path, "plan")?;
    let page = page(&case, plan, None, Problems::new(), &done).await?;
    Ok(Page(page))
}

pub(super) async fn permit(
    case: Case<Copy>,
    Path(path): Ids,
    posted: Posted<PermissionForm>,
) -> Result<Response> {
    let plan = id(&path, "plan")?;
    let form = posted.form;
    let mut problems = posted.problems;
    problems.extend(rules::permission_problems(&form, case.now().day()));
    let (true, Some(system), Some(given_by), Some(given_on)) = (
        problems.is_empty(),
        form.system,
        form.given_by,
        form.given_on,
    ) else {
        let page = page(&case, plan, Some(&posted.typed), problems, &Done::default()).await?;
        return Ok(Page(page).into_response());
    };
    let id = PermissionId::new();
    case.change(move |tx| {
        let row = Permitted {
            id,
            case_id: tx.case(),
            plan_id: plan,
            system: system.clone(),
            given_by: given_by.clone(),
            given_on,
            recorded_by: tx.actor(),
            recorded_at: tx.now(),
        };
        store::permit(tx, &row)?;
        Ok((Event::Permitted(id), ()))
    })
    .await?;
    Ok(see_other(&format!(
        "/cases/{}/plans/{plan}/copy?done=permitted",
        case.id()
    )))
}

/// The plan of a permission that was recorded.
///
/// R067: without one there is no copy.
async fn permitted(case: &Case<Copy>, path: &Named) -> Result<(PlanId, PermissionId, Seen)> {
    let (plan, permission): (PlanId, PermissionId) = (id(path, "plan")?, id(path, "permission")?);
    let seen = case
        .read(move |r| {
            let given = store::permissions(r, plan)?;
            if given.iter().all(|given| given.id != permission) {
                return Err(Error::NotFound);
            }
            see(r, plan)
        })
        .await?;
    Ok((plan, permission, seen))
}

async fn note(case: &Case<Copy>, plan: PlanId, hash: String) -> Result<()> {
    case.change(move |_| Ok((Event::Copied(plan, hash.clone()), ())))
        .await
}

/// Questions with their answers.
type Answers = Vec<(&'static str, Out<String>)>;

/// The plan as workers of both lines read it, as headings with their answers. It names no address.
fn sections(seen: &Seen) -> Vec<(&'static str, Answers)> {
    let version = seen.plan.version;
    let mut all = Vec::new();
    let mut head: Answers = vec![(
        "Created on",
        seen.plan.created_on.map(|day| day_words(*day)).show(),
    )];
    if let Some(review) = seen.next_review {
        head.push(("Review date", review.map(|day| day_words(*day)).show()));
    }
    if let Some(client) = seen.client.clone() {
        head.insert(0, ("Client", client.show()));
    }
    for agreed in &seen.agreements {
        head.push((
            "Agreed by",
            agreed
                .name
                .map(|name| format!("{name}, {}, {}", agreed.side_words(), agreed.day_words()))
                .show(),
        ));
    }
    all.push((version.words(), head));
    for group in version.groups() {
        let of = || {
            version
                .parts()
                .iter()
                .filter(move |part| part.group == group)
        };
        let rows = of()
            .filter_map(|part| {
                let text = seen.texts.get(part.code)?.words()?;
                Some((part.question, text.show()))
            })
            .collect();
        all.push((of().next().map_or("", |part| part.heading), rows));
    }
    let carried = store::carried(version, &seen.texts)
        .into_iter()
        .filter_map(|(question, text)| Some((question, text.words()?.show())))
        .collect();
    all.push((store::CARRIED, carried));
    for action in &seen.actions {
        let rows = action
            .lines()
            .into_iter()
            .map(|(label, text)| (label, text.show::<ClientLine>()))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        all.push(("Action", rows));
    }
    all.retain(|(_, rows): &(_, Answers)| !rows.is_empty());
    all
}

/// The plan as lines of text.
fn plain_text(seen: &Seen) -> Out<String> {
    let mut whole: Option<Out<String>> = None;
    let mut add = |piece: Out<String>| {
        whole = Some(match whole.take() {
            Some(before) => before.map(|before| format!("{before}\n{}", piece.into_inner())),
            None => piece,
        });
    };
    for (heading, rows) in sections(seen) {
        for (number, (label, answer)) in rows.into_iter().enumerate() {
            let heading = if number == 0 {
                format!("\n{}\n", heading.to_uppercase())
            } else {
                String::new()
            };
            add(answer.map(|answer| format!("{heading}{label}: {answer}")));
        }
    }
    let said = seen.warning().unwrap_or_default();
    let head = format!("Reference {}\n{said}", seen.reference);
    crate::duties::model::said::<ClientLine>(head)
        .map(|head| format!("{head}{}", whole.map(Out::into_inner).unwrap_or_default()))
}

platform::page! {
    /// The plan as plain text, to be copied.
    pub(super) struct TextPage for ClientLine, "plans/text.html" {
        frame: Frame,
        case: CaseId,
        plan: PlanId,
        permission: PermissionId,
        text: Out<String>,
    }
}

pub(super) async fn text(case: Case<Copy>, Path(path): Ids) -> Result<Page<TextPage>> {
    let (plan, permission, seen) = permitted(&case, &path).await?;
    let text = plain_text(&seen);
    note(&case, plan, paper::hash(text.to_string().as_bytes())).await?;
    Ok(Page(TextPage {
        frame: frame(&case),
        case: case.id(),
        plan,
        permission,
        text,
    }))
}

pub(super) async fn pdf(case: Case<Copy>, Path(path): Ids) -> Result<Response> {
    let (plan, _, seen) = permitted(&case, &path).await?;
    let document = Document {
        title: "Plan".to_owned(),
        reference: seen.reference.to_string(),
        audience: format!("Printed for: {}", ClientLine::NAME),
        // No name of who prints it: both lines do, and one of them is not to be known.
        printed: day_words(case.now().day()),
        notice: seen.warning().map(str::to_owned),
        sections: sections(&seen)
            .into_iter()
            .map(|(heading, rows)| Section {
                heading: heading.to_owned(),
                rows: rows
                    .into_iter()
                    .map(|(label, answer)| Row {
                        label: label.to_owned(),
                        answer: answer.into_inner(),
                    })
                    .collect(),
            })
            .collect(),
        closing: vec![
            "The client does not read this paper: the client has a page of his or her own."
                .to_owned(),
        ],
    };
    let paper = paper::set(document).await?;
    note(&case, plan, paper.hash.clone()).await?;
    Ok(paper.into_answer(&seen.reference))
}

/// The actions as a list, one row for each.
pub(super) async fn csv(case: Case<Copy>, Path(path): Ids) -> Result<Response> {
    let (plan, _, seen) = permitted(&case, &path).await?;
    let mut file = Csv::new(&[
        "Area of support",
        "Agreed on",
        "Action agreed",
        "Owner",
        "Proposed date for completion",
        "Completed",
        "Action taken, notes",
        "How a change is seen",
        "Comes from",
        "May be used with the client",
        "Needs the other side first",
        "In words for the client",
    ]);
    for action in &seen.actions {
        file.row(
            action
                .lines()
                .into_iter()
                .map(|(_, text)| text.show::<ClientLine>().into_inner()),
        );
    }
    note(&case, plan, paper::hash(file.text().as_bytes())).await?;
    Ok(file.into_answer("list"))
}
