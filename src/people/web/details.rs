//! How the client and others can be reached, for workers of both lines.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Problems, Typed},
    label::{Audience, Label, VisibleTo, Workers},
};
use platform::{Case, Error, Page, Permission, Posted, Result, Routes, see_other};

use super::{Asked, FormPage, by, shared_form};
use crate::{
    cases::drawn::{Drawn, Pick, Picks, Says},
    people::{
        ChangeDetails, Event,
        model::{AddressForm, Detail, DetailId, Part, PartId, PartRole, ReachForm},
        rules,
        store::{self, ClientDetails, Details},
    },
    shell::{Ids, Named, id},
};

/// What is mounted.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/people/{part}/address", edit_address)
        .post("/cases/{case}/people/{part}/address", save_address)
        .get("/cases/{case}/people/{part}/contact", edit_contact)
        .post("/cases/{case}/people/{part}/contact", save_contact)
}

/// The client of the path with the client's details, and the one that is to be replaced.
async fn client_of<P: Permission>(
    case: &Case<P>,
    path: &Named,
    asked: &Asked,
) -> Result<(Part, Vec<Detail<Workers>>, Option<Detail<Workers>>)> {
    let (id, of) = (id(path, "part")?, asked.detail()?);
    case.read(move |r| {
        let part = store::person(r, id)?;
        if part.role != PartRole::Client {
            return Err(Error::NotFound);
        }
        let all = store::details::<ClientDetails>(r)?;
        let old = chosen(&all, of, id)?;
        Ok((part, all, old))
    })
    .await
}

/// The detail that a form takes the place of: one of this person.
pub(super) fn chosen<L: Label + Clone>(
    all: &[Detail<L>],
    of: Option<DetailId>,
    part: PartId,
) -> Result<Option<Detail<L>>> {
    let Some(of) = of else { return Ok(None) };
    all.iter()
        .find(|detail| detail.id == of && detail.part == part)
        .cloned()
        .map(Some)
        .ok_or(Error::Stale)
}

/// The place of a form, with the row whose place it takes.
pub(super) fn place<P: Permission>(
    case: &Case<P>,
    side: &str,
    part: PartId,
    form: &str,
    of: &Asked,
) -> String {
    let of = of.of.as_deref().map(|of| format!("?of={of}"));
    format!(
        "/cases/{}/{side}/{part}/{form}{}",
        case.id(),
        of.unwrap_or_default()
    )
}

pub(super) const ADDRESS: &str = "Address";
pub(super) const ADDRESS_EXPLAIN: &str = "If the person has left, or the address is unsafe, telephones at it become unsafe too. Nothing is sent by post about a change.";
pub(super) const CONTACT: &str = "Contact details";
pub(super) const CONTACT_EXPLAIN: &str =
    "A number or address that is not known to be safe is checked first.";

fn address_form(
    case: &Case<ChangeDetails>,
    part: &Part,
    asked: &Asked,
    typed: &Typed,
    problems: Problems,
) -> FormPage {
    let place = place(case, "people", part.id, "address", asked);
    let back = format!("/cases/{}/people/{}", case.id(), part.id);
    let drawn = Drawn::new::<AddressForm>(place, back, "Save", typed, problems);
    shared_form(
        case,
        ADDRESS,
        ADDRESS_EXPLAIN,
        Some(part.name.clone()),
        drawn,
    )
}

async fn edit_address(
    case: Case<ChangeDetails>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
) -> Result<Page<FormPage>> {
    let (part, _, old) = client_of(&case, &path, &asked).await?;
    let typed = old.map(|old| old.typed()).unwrap_or_default();
    Ok(Page(address_form(
        &case,
        &part,
        &asked,
        &typed,
        Problems::new(),
    )))
}

async fn save_address(
    case: Case<ChangeDetails>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
    posted: Posted<AddressForm>,
) -> Result<Response> {
    let (part, _, old) = client_of(&case, &path, &asked).await?;
    let new = rules::address(&posted.form, part.id, by(&case));
    let (true, Some(new)) = (posted.problems.is_empty(), new) else {
        let page = address_form(&case, &part, &asked, &posted.typed, posted.problems);
        return Ok(Page(page).into_response());
    };
    save::<ClientDetails, _>(&case, new, old).await?;
    Ok(see_other(&format!(
        "/cases/{}/people/{}",
        case.id(),
        part.id
    )))
}

/// The question at which address a telephone stands.
pub(super) fn at_address<A: Audience, L: VisibleTo<A>>(
    all: &[Detail<L>],
    part: PartId,
    typed: &Typed,
) -> Vec<Picks<A>> {
    let choices: Vec<Pick<A>> = rules::addresses(all)
        .into_iter()
        .filter(|address| address.part == part)
        .map(|address| Pick {
            code: address.id.to_string(),
            text: Says::Value(address.value.clone().show()),
            chosen: typed.get("at_address") == address.id.to_string(),
        })
        .collect();
    if choices.is_empty() {
        return Vec::new();
    }
    vec![Picks {
        name: "at_address",
        text: "If it is a telephone: at which address is it?",
        hint: "If the address is left or becomes unsafe, so does the telephone.",
        after: "value",
        none: "At none of these, or not known",
        choices,
        problem: None,
    }]
}

fn contact_form(
    case: &Case<ChangeDetails>,
    part: &Part,
    all: &[Detail<Workers>],
    asked: &Asked,
    typed: &Typed,
    problems: Problems,
) -> FormPage {
    let place = place(case, "people", part.id, "contact", asked);
    let back = format!("/cases/{}/people/{}", case.id(), part.id);
    let drawn = Drawn::new::<ReachForm<Workers>>(place, back, "Save", typed, problems);
    FormPage {
        picks: at_address(all, part.id, typed),
        ..shared_form(
            case,
            CONTACT,
            CONTACT_EXPLAIN,
            Some(part.name.clone()),
            drawn,
        )
    }
}

async fn edit_contact(
    case: Case<ChangeDetails>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
) -> Result<Page<FormPage>> {
    let (part, all, old) = client_of(&case, &path, &asked).await?;
    let typed = old.map(|old| old.typed()).unwrap_or_default();
    Ok(Page(contact_form(
        &case,
        &part,
        &all,
        &asked,
        &typed,
        Problems::new(),
    )))
}

async fn save_contact(
    case: Case<ChangeDetails>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
    posted: Posted<ReachForm<Workers>>,
) -> Result<Response> {
    let (part, all, old) = client_of(&case, &path, &asked).await?;
    let new = rules::reach(&posted.form, part.id, &address_ids(&all), by(&case));
    let (true, Some(new)) = (posted.problems.is_empty(), new) else {
        let page = contact_form(&case, &part, &all, &asked, &posted.typed, posted.problems);
        return Ok(Page(page).into_response());
    };
    save::<ClientDetails, _>(&case, new, old).await?;
    Ok(see_other(&format!(
        "/cases/{}/people/{}",
        case.id(),
        part.id
    )))
}

pub(super) fn address_ids<L: Label>(all: &[Detail<L>]) -> Vec<DetailId> {
    rules::addresses(all)
        .into_iter()
        .map(|address| address.id)
        .collect()
}

pub(super) async fn save<D: Details, P: platform::Changes>(
    case: &Case<P>,
    new: Detail<D::Label>,
    old: Option<Detail<D::Label>>,
) -> Result<()> {
    let old = old.map(|old| old.id);
    case.change(move |tx| {
        store::save_detail::<D>(tx, &new, old)?;
        Ok((Event::Reached(new.id, D::Label::SEES), ()))
    })
    .await
}
