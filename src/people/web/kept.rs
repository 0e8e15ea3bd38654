//! What only the survivor's side reads and changes, and what is revealed with a reason.

use axum::{
    extract::{Path, Query},
    response::{IntoResponse as _, Response},
};
use kernel::{
    form::{Parse, Problems, Typed},
    ids::CaseId,
    label::{Label, Labelled, SurvivorLine, VisibleTo, Workers},
    plain::Plain,
    time::{Day, Instant},
};
use platform::{Case, Error, Page, Permission, Posted, Result, Routes, Scope, casefile, see_other};

use super::{
    Asked, FormPage, Kept, KeptFormPage, by,
    details::{
        ADDRESS, ADDRESS_EXPLAIN, CONTACT, CONTACT_EXPLAIN, address_ids, at_address, chosen, place,
        save,
    },
    form_of, frame, kept_form, place_of, shared_form,
};
use crate::{
    cases::{self, drawn::Drawn},
    duties,
    people::{
        AskReveal, ChangeKept, Event, Reveal, ViewKept,
        model::{
            Detail, DetailId, KeptAddressForm, Part, PartId, PartRole, ReachForm, ReasonForm,
            RevealId, SafeContact, SafeContactForm, SafeContactId,
        },
        rules,
        store::{self, ChildDetails, ClientDetails, Details, OtherDetails, SurvivorDetails},
    },
    shell::{Frame, Ids, Named, id},
};

/// What is mounted.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/cases/{case}/apart", show_kept)
        .get("/cases/{case}/apart/{part}/address", edit_kept_address)
        .post("/cases/{case}/apart/{part}/address", save_kept_address)
        .get("/cases/{case}/apart/{part}/contact", edit_kept_contact)
        .post("/cases/{case}/apart/{part}/contact", save_kept_contact)
        .get("/cases/{case}/apart/{part}/safe", edit_safe)
        .post("/cases/{case}/apart/{part}/safe", save_safe)
        .get("/cases/{case}/reveal", ask_reveal)
        .post("/cases/{case}/reveal", reveal)
}

platform::rows! {
    /// A way to reach somebody of the survivor's side.
    struct KeptRow for SurvivorLine {
        id: DetailId,
        item: &'static str,
        what: &'static str,
        form: &'static str,
        value: Kept<String>,
        note: Option<Kept<String>>,
        because: Option<Kept<String>>,
        tag: Kept<String>,
        colour: Kept<String>,
        place: Option<Kept<String>>,
    }
}
platform::rows! {
    /// What is agreed about reaching somebody safely.
    struct SafeCard for SurvivorLine {
        id: SafeContactId,
        status: Kept<String>,
        never: Kept<String>,
        old: Option<Kept<String>>,
        methods: Option<Kept<String>>,
        times: Option<Kept<String>>,
        who_may_answer: Option<Kept<String>>,
        pretext: Option<Kept<String>>,
        code_word: Option<Kept<String>>,
        checked_on: Option<Kept<String>>,
        as_given: Option<Kept<String>>,
    }
}
platform::rows! {
    /// Somebody of the survivor's side.
    struct KeptPerson for SurvivorLine {
        id: PartId,
        role: &'static str,
        name: Kept<String>,
        age: Kept<String>,
        asks_safe: bool,
        safe: Option<SafeCard>,
        details: Vec<KeptRow>,
    }
}
platform::rows! {
    /// Somebody who works with the survivor.
    struct KeptTie for SurvivorLine {
        name: Plain,
        what: &'static str,
        since: Day,
    }
}
platform::rows! {
    /// A look with a reason.
    struct LookRow for SurvivorLine {
        by: Plain,
        at: Instant,
        reason: Kept<String>,
    }
}
platform::page! {
    /// What only the survivor's side reads.
    struct KeptPage for SurvivorLine, "people/kept.html" {
        frame: Frame,
        case: CaseId,
        reference: Plain,
        people: Vec<KeptPerson>,
        ties: Vec<KeptTie>,
        looks: Vec<LookRow>,
        may_change: bool,
        may_sort: bool,
    }
}
platform::page! {
    /// What was asked for with a reason, shown once.
    struct RevealedPage for SurvivorLine, "people/revealed.html" {
        frame: Frame,
        case: CaseId,
        people: Vec<KeptPerson>,
        may_change: bool,
    }
}

fn kept_rows<D: Details>(
    all: &[Detail<D::Label>],
    part: PartId,
    client: &[Detail<Workers>],
) -> Vec<KeptRow>
where
    D::Label: VisibleTo<SurvivorLine>,
{
    all.iter()
        .filter(|detail| detail.part == part)
        .map(|detail| KeptRow {
            id: detail.id,
            item: D::ITEM,
            what: detail.channel.words(),
            form: form_of(detail.channel),
            value: rules::detail_text(detail, client).show(),
            note: detail.note.clone().map(Labelled::show),
            because: detail.because.clone().map(Labelled::show),
            tag: detail.status.map(|status| status.tag().0.to_owned()).show(),
            colour: detail.status.map(|status| status.tag().1.to_owned()).show(),
            place: place_of(detail, all).map(Labelled::show),
        })
        .collect()
}

fn safe_card(safe: &SafeContact, today: jiff::civil::Date, old_days: Option<u16>) -> SafeCard {
    SafeCard {
        id: safe.id,
        status: safe
            .status
            .map(|status| (*status).words().to_owned())
            .show(),
        never: safe
            .never_message
            .map(|never| if *never { "Never leave a message" } else { "" }.to_owned())
            .show(),
        old: rules::check_is_old(safe, today, old_days).map(Labelled::show),
        methods: safe
            .methods
            .as_ref()
            .map(|methods| methods.map(kernel::form::Value::words).show()),
        times: safe.times.clone().map(Labelled::show),
        who_may_answer: safe.who_may_answer.clone().map(Labelled::show),
        pretext: safe.pretext.clone().map(Labelled::show),
        code_word: safe.code_word.clone().map(Labelled::show),
        checked_on: safe
            .checked_on
            .map(|day| day.map(|day| kernel::time::day_words(*day)).show()),
        as_given: safe.as_given.clone().map(Labelled::show),
    }
}

/// Everybody but the client, with how they can be reached.
fn kept_people(scope: &mut impl Scope) -> Result<Vec<KeptPerson>> {
    let (now, client) = (scope.now(), store::details::<ClientDetails>(scope)?);
    let survivor = store::details::<SurvivorDetails>(scope)?;
    let child = store::details::<ChildDetails>(scope)?;
    let other = store::details::<OtherDetails>(scope)?;
    let safe = store::safe_contacts(scope)?;
    let settings = duties::store::settings(scope.conn())?;
    let old_days = rules::SAFE_CONTACT_OLD.number(&settings, now.day());
    let people = store::parts(scope)?;
    Ok(people
        .into_iter()
        .filter_map(|part| {
            let details = match part.role {
                PartRole::Client => return None,
                PartRole::Survivor => kept_rows::<SurvivorDetails>(&survivor, part.id, &client),
                PartRole::Child => kept_rows::<ChildDetails>(&child, part.id, &client),
                PartRole::Other => kept_rows::<OtherDetails>(&other, part.id, &client),
            };
            Some(KeptPerson {
                id: part.id,
                role: part.role.words(),
                age: part
                    .born
                    .map(|born| rules::age_words(born, now.day()))
                    .show(),
                name: part.name.show(),
                asks_safe: part.role == PartRole::Survivor,
                safe: safe
                    .iter()
                    .find(|safe| safe.part == part.id)
                    .map(|safe| safe_card(safe, now.day(), old_days)),
                details,
            })
        })
        .collect())
}

/// The survivors alone: what a reason opens.
fn revealed_people(scope: &mut impl Scope) -> Result<Vec<KeptPerson>> {
    let mut people = kept_people(scope)?;
    people.retain(|person| person.role == PartRole::Survivor.words());
    Ok(people)
}

async fn show_kept(case: Case<ViewKept>) -> Result<Page<KeptPage>> {
    let (reference, people, ties, looks) = case
        .read(|r| {
            let frame = casefile::frame(r)?;
            let now = r.now();
            let ties = casefile::ties(r)?;
            let looks = store::reveals(r)?;
            let names = store::worker_names(
                r,
                ties.iter()
                    .map(|tie| tie.user_id)
                    .chain(looks.iter().map(|look| look.by)),
            )?;
            let name = |id| names.get(&id).cloned().unwrap_or_default();
            let ties = ties
                .into_iter()
                .filter(|tie| tie.holds(now))
                .filter_map(|row| {
                    let tie = row
                        .tie()
                        .filter(|tie| rules::tells_of_survivor_line(*tie))?;
                    Some(KeptTie {
                        name: name(row.user_id),
                        what: tie.words(),
                        since: Day(row.from_at.day()),
                    })
                })
                .collect();
            let looks = looks
                .into_iter()
                .map(|look| LookRow {
                    by: name(look.by),
                    at: look.at,
                    reason: look.reason.show(),
                })
                .collect();
            Ok((frame.survivor_reference, kept_people(r)?, ties, looks))
        })
        .await?;
    Ok(Page(KeptPage {
        frame: frame(&case),
        case: case.id(),
        reference,
        people,
        ties,
        looks,
        may_change: case.could::<ChangeKept>(),
        may_sort: case.could::<cases::KeptQueue>(),
    }))
}

/// Somebody of the survivor's side whom the path names.
async fn kept_person(case: &Case<ChangeKept>, path: &Named) -> Result<Part> {
    let id = id(path, "part")?;
    let part = case.read(move |r| store::person(r, id)).await?;
    if part.role == PartRole::Client {
        return Err(Error::NotFound);
    }
    Ok(part)
}

fn kept_back(case: &Case<ChangeKept>) -> String {
    format!("/cases/{}/apart", case.id())
}

/// What a form about somebody of the survivor's side is sent with.
struct Asking<'a> {
    case: &'a Case<ChangeKept>,
    part: &'a Part,
    asked: &'a Asked,
}

impl Asking<'_> {
    async fn details<D: Details>(
        &self,
    ) -> Result<(Vec<Detail<D::Label>>, Option<Detail<D::Label>>)> {
        let (of, id) = (self.asked.detail()?, self.part.id);
        self.case
            .read(move |r| {
                let all = store::details::<D>(r)?;
                let old = chosen(&all, of, id)?;
                Ok((all, old))
            })
            .await
    }

    fn address_page<L: Label>(&self, typed: &Typed, problems: Problems) -> KeptFormPage {
        let place = place(self.case, "apart", self.part.id, "address", self.asked);
        let back = kept_back(self.case);
        let drawn = Drawn::new::<KeptAddressForm<L>>(place, back, "Save", typed, problems);
        kept_form(self.case, ADDRESS, ADDRESS_EXPLAIN, self.part, drawn)
    }

    async fn edit_address<D: Details>(&self) -> Result<KeptFormPage> {
        let (_, old) = self.details::<D>().await?;
        let typed = old.map(|old| old.typed()).unwrap_or_default();
        Ok(self.address_page::<D::Label>(&typed, Problems::new()))
    }

    async fn save_address<D: Details>(&self, typed: &Typed) -> Result<Response> {
        let (_, old) = self.details::<D>().await?;
        let (form, mut problems) = Parse::form::<KeptAddressForm<D::Label>>(typed);
        let new = match rules::address_kept(&form, self.part.id, by(self.case)) {
            Ok(new) => new,
            Err(more) => {
                problems.extend(more);
                None
            }
        };
        let (true, Some(new)) = (problems.is_empty(), new) else {
            return Ok(Page(self.address_page::<D::Label>(typed, problems)).into_response());
        };
        save::<D, _>(self.case, new, old).await?;
        Ok(see_other(&kept_back(self.case)))
    }

    fn contact_page<L: VisibleTo<SurvivorLine>>(
        &self,
        all: &[Detail<L>],
        typed: &Typed,
        problems: Problems,
    ) -> KeptFormPage {
        let place = place(self.case, "apart", self.part.id, "contact", self.asked);
        let back = kept_back(self.case);
        let drawn = Drawn::new::<ReachForm<L>>(place, back, "Save", typed, problems);
        KeptFormPage {
            picks: at_address(all, self.part.id, typed),
            ..kept_form(self.case, CONTACT, CONTACT_EXPLAIN, self.part, drawn)
        }
    }

    async fn edit_contact<D: Details>(&self) -> Result<KeptFormPage>
    where
        D::Label: VisibleTo<SurvivorLine>,
    {
        let (all, old) = self.details::<D>().await?;
        let typed = old.map(|old| old.typed()).unwrap_or_default();
        Ok(self.contact_page(&all, &typed, Problems::new()))
    }

    async fn save_contact<D: Details>(&self, typed: &Typed) -> Result<Response>
    where
        D::Label: VisibleTo<SurvivorLine>,
    {
        let (all, old) = self.details::<D>().await?;
        let (form, problems) = Parse::form::<ReachForm<D::Label>>(typed);
        let new = rules::reach(&form, self.part.id, &address_ids(&all), by(self.case));
        let (true, Some(new)) = (problems.is_empty(), new) else {
            return Ok(Page(self.contact_page(&all, typed, problems)).into_response());
        };
        save::<D, _>(self.case, new, old).await?;
        Ok(see_other(&kept_back(self.case)))
    }
}

async fn edit_kept_address(
    case: Case<ChangeKept>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
) -> Result<Page<KeptFormPage>> {
    let part = &kept_person(&case, &path).await?;
    let (case, asked) = (&case, &asked);
    let asking = Asking { case, part, asked };
    let page = match part.role {
        PartRole::Survivor => asking.edit_address::<SurvivorDetails>().await?,
        PartRole::Child => asking.edit_address::<ChildDetails>().await?,
        PartRole::Other => asking.edit_address::<OtherDetails>().await?,
        PartRole::Client => return Err(Error::NotFound),
    };
    Ok(Page(page))
}

/// The names of the form are checked for one label; whose it is, is read from the path.
async fn save_kept_address(
    case: Case<ChangeKept>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
    posted: Posted<KeptAddressForm<kernel::label::Child>>,
) -> Result<Response> {
    let part = &kept_person(&case, &path).await?;
    let (case, asked) = (&case, &asked);
    let asking = Asking { case, part, asked };
    match part.role {
        PartRole::Survivor => asking.save_address::<SurvivorDetails>(&posted.typed).await,
        PartRole::Child => asking.save_address::<ChildDetails>(&posted.typed).await,
        PartRole::Other => asking.save_address::<OtherDetails>(&posted.typed).await,
        PartRole::Client => Err(Error::NotFound),
    }
}

async fn edit_kept_contact(
    case: Case<ChangeKept>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
) -> Result<Page<KeptFormPage>> {
    let part = &kept_person(&case, &path).await?;
    let (case, asked) = (&case, &asked);
    let asking = Asking { case, part, asked };
    let page = match part.role {
        PartRole::Survivor => asking.edit_contact::<SurvivorDetails>().await?,
        PartRole::Child => asking.edit_contact::<ChildDetails>().await?,
        PartRole::Other => asking.edit_contact::<OtherDetails>().await?,
        PartRole::Client => return Err(Error::NotFound),
    };
    Ok(Page(page))
}

/// The names of the form are checked for one label; whose it is, is read from the path.
async fn save_kept_contact(
    case: Case<ChangeKept>,
    Path(path): Ids,
    Query(asked): Query<Asked>,
    posted: Posted<ReachForm<kernel::label::Child>>,
) -> Result<Response> {
    let part = &kept_person(&case, &path).await?;
    let (case, asked) = (&case, &asked);
    let asking = Asking { case, part, asked };
    match part.role {
        PartRole::Survivor => asking.save_contact::<SurvivorDetails>(&posted.typed).await,
        PartRole::Child => asking.save_contact::<ChildDetails>(&posted.typed).await,
        PartRole::Other => asking.save_contact::<OtherDetails>(&posted.typed).await,
        PartRole::Client => Err(Error::NotFound),
    }
}

const SAFE: &str = "Safe contact";
const SAFE_EXPLAIN: &str = "It is read before anybody rings, writes or calls.";

fn safe_form(
    case: &Case<ChangeKept>,
    part: &Part,
    before: Option<&SafeContact>,
    version: i32,
    typed: &Typed,
    problems: Problems,
) -> KeptFormPage {
    let place = format!("/cases/{}/apart/{}/safe", case.id(), part.id);
    let drawn = Drawn::new::<SafeContactForm>(place, kept_back(case), "Save", typed, problems)
        .version(version);
    KeptFormPage {
        quoted_as: "The referral says:",
        quoted: before
            .and_then(|safe| safe.as_given.clone())
            .map(Labelled::show),
        ..kept_form(case, SAFE, SAFE_EXPLAIN, part, drawn)
    }
}

async fn safe_of(case: &Case<ChangeKept>, part: PartId) -> Result<Option<SafeContact>> {
    let all = case.read(|r| store::safe_contacts(r)).await?;
    Ok(all.into_iter().find(|safe| safe.part == part))
}

async fn edit_safe(case: Case<ChangeKept>, Path(path): Ids) -> Result<Page<KeptFormPage>> {
    let part = kept_person(&case, &path).await?;
    let before = safe_of(&case, part.id).await?;
    let (typed, version) = before
        .as_ref()
        .map_or((Typed::default(), 0), |safe| (safe.typed(), safe.version));
    let none = Problems::new();
    Ok(Page(safe_form(
        &case,
        &part,
        before.as_ref(),
        version,
        &typed,
        none,
    )))
}

async fn save_safe(
    case: Case<ChangeKept>,
    Path(path): Ids,
    posted: Posted<SafeContactForm>,
) -> Result<Response> {
    let part = kept_person(&case, &path).await?;
    let version = posted.version().unwrap_or(0);
    let mut problems = posted.problems;
    problems.extend(rules::safe_contact_problems(&posted.form, case.now().day()));
    let new = rules::safe_contact(&posted.form, part.id, by(&case));
    let (true, Some(new)) = (problems.is_empty(), new) else {
        let before = safe_of(&case, part.id).await?;
        let page = safe_form(
            &case,
            &part,
            before.as_ref(),
            version,
            &posted.typed,
            problems,
        );
        return Ok(Page(page).into_response());
    };
    case.change(move |tx| {
        store::save_safe_contact(tx, &new, version)?;
        Ok((Event::SafeContact(new.id), ()))
    })
    .await?;
    Ok(see_other(&kept_back(&case)))
}

// ---- With a reason ----

const REVEAL: &str = "See contact details that are kept apart";
const REVEAL_EXPLAIN: &str =
    "They are shown once. Your name, the time and your reason stay on the record.";

fn reveal_form<P: Permission>(case: &Case<P>, typed: &Typed, problems: Problems) -> FormPage {
    let place = format!("/cases/{}/reveal", case.id());
    let back = format!("/cases/{}", case.id());
    let drawn = Drawn::new::<ReasonForm>(place, back, "Show them once", typed, problems);
    shared_form(case, REVEAL, REVEAL_EXPLAIN, None, drawn)
}

async fn ask_reveal(case: Case<AskReveal>) -> Page<FormPage> {
    Page(reveal_form(&case, &Typed::default(), Problems::new()))
}

async fn reveal(case: Case<Reveal>, posted: Posted<ReasonForm>) -> Result<Response> {
    let (true, Some(reason)) = (posted.problems.is_empty(), posted.form.reason) else {
        return Ok(Page(reveal_form(&case, &posted.typed, posted.problems)).into_response());
    };
    let id = RevealId::new();
    let people = case
        .change(move |tx| {
            store::add_reveal(tx, id, &reason)?;
            Ok((Event::Revealed(id), revealed_people(tx)?))
        })
        .await?;
    Ok(Page(RevealedPage {
        frame: frame(&case),
        case: case.id(),
        people,
        may_change: false,
    })
    .into_response())
}
