//! What each party answers: alone and apart, and what the other line gets to see of it.

use cusp::{
    contacts::model::{ContactId, VisitId},
    demo::cast::{self, Persona},
};
use kernel::access::Tie;

use crate::{
    family::{self, Family, Got, STORY, Story, open, same},
    support::*,
};

/// Everybody who must not learn what the survivor answered.
const OTHERS: [&Persona; 8] = [
    &cast::PRACTITIONER,
    &cast::OTHER_PRACTITIONER,
    &cast::INTAKE_WORKER,
    &cast::SERVICE_MANAGER,
    &cast::SPOC,
    &cast::PROVIDER_WORKER,
    &cast::EVALUATOR,
    &cast::ADMINISTRATOR,
];

/// The form of an answer, filled as it most often is.
fn answer<'a>(reply: &'a str, version: &'a str, day: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("reply", reply),
        ("version", version),
        ("answered_on-day", day),
        ("answered_on-month", "10"),
        ("answered_on-year", "2026"),
        ("asked_by", "Sunniva Hale"),
        ("how", "face_to_face"),
        ("alone", "yes"),
        ("able", "yes"),
        ("explained", "yes"),
        ("sharing", "yes"),
        ("interpreter", "not_needed"),
        ("note", "quiet-note-of-hers"),
    ]
}

/// The same with one field otherwise.
fn with<'a>(
    mut fields: Vec<(&'a str, &'a str)>,
    name: &'a str,
    text: &'a str,
) -> Vec<(&'a str, &'a str)> {
    fields.retain(|(known, _)| *known != name);
    fields.push((name, text));
    fields
}

async fn hers(world: &World, family: &Family, fields: &[(&str, &str)]) -> Answer {
    let place = family.at(&format!("/apart/{}/participation", family.survivor));
    world.post(&cast::SURVIVOR_WORKER, &place, fields).await
}

/// Whom the survivor's answer must not reach in any byte.
const BLIND: [&Persona; 7] = [
    &cast::PRACTITIONER,
    &cast::OTHER_PRACTITIONER,
    &cast::INTAKE_WORKER,
    &cast::SPOC,
    &cast::PROVIDER_WORKER,
    &cast::EVALUATOR,
    &cast::ADMINISTRATOR,
];

/// Every byte that they get on pages which could tell.
async fn seen(world: &World, family: &Family) -> Vec<Got> {
    let mut pages = family.places(&[
        "",
        "/participation",
        "/participation/new",
        "/participation/heard",
        "/apart/participation",
        "/suitability",
        "/suitability/decision",
        "/apart/suitability",
        "/interventions",
        "/duties",
        "/chronology",
        "/people/new",
    ]);
    pages.extend(["/my-day", "/cases", "/cases.csv"].map(str::to_owned));
    family::seen(world, &BLIND, &pages).await
}

#[tokio::test(flavor = "multi_thread")]
async fn her_side_is_closed_to_everybody_else() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        hers(&world, &family, &answer("refused", "0", "13"))
            .await
            .is(303);
        let places = [
            "/apart/participation".to_owned(),
            format!("/apart/{}/participation", family.survivor),
            format!("/apart/{}/confidentiality", family.survivor),
            format!("/apart/{}/confidentiality.pdf", family.survivor),
        ];
        for who in OTHERS {
            for place in &places {
                world.get(who, &family.at(place)).await.is(404);
            }
            let place = family.at(&places[1]);
            let fields = answer("given", "1", "14");
            world.post(who, &place, &fields).await.is(404);
        }
        // With a specialist the lead worker does not hold her line.
        world
            .get(&cast::SOCIAL_WORKER, &family.at("/apart/participation"))
            .await
            .is(404);
        world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart/participation"))
            .await
            .is(200)
            .shows("Nobody asks again")
            .shows("quiet-note-of-hers");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_worlds_not_asked_told_and_no_are_one_to_the_other_line() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let never = seen(&world, &family).await;
        hers(&world, &family, &answer("told", "0", "12"))
            .await
            .is(303);
        same(&never, &seen(&world, &family).await);
        hers(&world, &family, &answer("refused", "1", "13"))
            .await
            .is(303);
        same(&never, &seen(&world, &family).await);
        // Nobody asks again; who comes back to it unasked is heard.
        hers(&world, &family, &answer("given", "2", "14"))
            .await
            .is(200)
            .shows("nobody asks again")
            .shows("quiet-note-of-hers");
        let unasked = with(answer("given", "2", "14"), "own_accord", "yes");
        hers(&world, &family, &unasked).await.is(303);
        world
            .get(&cast::PRACTITIONER, &family.at("/participation"))
            .await
            .is(200)
            .shows("The client may be asked")
            .hides("quiet-note-of-hers");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn she_withdraws_the_day_before_an_appointment() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let page = family.at("/participation");
        hers(&world, &family, &answer("given", "0", "12"))
            .await
            .is(303);
        world
            .post(&cast::PRACTITIONER, &page, &answer("given", "0", "13"))
            .await
            .is(303);
        let open_to_all = seen(&world, &family).await;
        world
            .get(&cast::PRACTITIONER, &page)
            .await
            .shows("Answers complete");
        hers(&world, &family, &answer("withdrawn", "1", "14"))
            .await
            .is(303);
        same(&open_to_all, &seen(&world, &family).await);
        // The duty of the same day is on her side, on the page that leads to the form.
        let kept = world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart/participation"))
            .await;
        kept.is(200).shows("Somebody withdrew");
        world
            .get(&cast::SURVIVOR_WORKER, &family.at("/duties"))
            .await
            .is(200)
            .shows("Agree with the supervisor what happens now");
        let start = format!("/cases/{}/apart/{}/agreed/", family.case, family.survivor);
        let (_, rest) = kept.body.split_once(&start).unwrap();
        let place = format!("{start}{}", rest.split_once('"').unwrap().0);
        let agreed = |stops: &'static str| {
            [
                ("agreed_on", "2026-10-14"),
                ("agreed_with", "Tobias Renwick"),
                ("what", "The appointment is moved by the office"),
                ("stops_on", stops),
            ]
        };
        world
            .post(&cast::SURVIVOR_WORKER, &place, &agreed("2026-10-13"))
            .await
            .is(200)
            .shows("before it was agreed")
            .shows("moved by the office");
        world
            .post(&cast::PRACTITIONER, &place, &agreed("2026-10-15"))
            .await
            .is(404);
        world
            .post(&cast::SURVIVOR_WORKER, &place, &agreed("2026-10-15"))
            .await
            .is(303);
        same(&open_to_all, &seen(&world, &family).await);
        world
            .post(&cast::SURVIVOR_WORKER, &place, &agreed("2026-10-15"))
            .await
            .is(404);
        world.set_clock("2026-10-15T09:00:00Z");
        world.forget(&cast::PRACTITIONER);
        world
            .get(&cast::PRACTITIONER, &page)
            .await
            .is(200)
            .shows("Not yet")
            .hides("ithdr");
        world
            .post(&cast::PRACTITIONER, &page, &answer("withdrawn", "1", "15"))
            .await
            .is(200)
            .shows("Nobody may ask the client yet");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_after_the_client_heard_of_it_from_somebody_else() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let heard = [
            ("heard_on", "2026-10-12"),
            ("from_whom", "A neighbour"),
            ("said", "That there is a place"),
            ("version", "0"),
        ];
        let place = family.at("/participation/heard");
        world.post(&cast::SPOC, &place, &heard).await.is(404);
        world
            .post(&cast::PRACTITIONER, &place, &heard)
            .await
            .is(303);
        world
            .post(&cast::PRACTITIONER, &place, &heard)
            .await
            .is(409)
            .shows("A neighbour");
        let before = seen(&world, &family).await;
        hers(&world, &family, &answer("refused", "0", "13"))
            .await
            .is(303);
        same(&before, &seen(&world, &family).await);
        world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart/participation"))
            .await
            .shows("The client has heard of the service from somebody else");
        // What comes too early is refused in the same words whatever she said.
        let early = answer("given", "0", "14");
        world
            .post(&cast::PRACTITIONER, &family.at("/participation"), &early)
            .await
            .is(200)
            .shows("Nobody may ask the client yet")
            .shows("quiet-note-of-hers");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_two_survivors_answers_for_herself_and_other_cases_are_untouched() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        // The same two people the other way round in another case.
        let mirrored = Story {
            number: 2,
            client: STORY.survivor,
            client_born: STORY.survivor_born,
            survivor: STORY.client,
            survivor_born: STORY.client_born,
            ..STORY
        };
        let other = open(&world, mirrored).await;
        hers(&world, &family, &answer("given", "0", "13"))
            .await
            .is(303);
        let page = |family: &Family| family.at("/participation");
        let who = &cast::PRACTITIONER;
        world
            .get(who, &page(&family))
            .await
            .shows("The client may be asked");
        world.get(who, &page(&other)).await.shows("Not yet");
        let second = [
            ("role", "survivor"),
            ("name", "Araminta Voss"),
            ("born_kind", "unknown"),
        ];
        world
            .post(&cast::SURVIVOR_WORKER, &family.at("/people/new"), &second)
            .await
            .is(303);
        world.get(who, &page(&family)).await.shows("Not yet");
        world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart/participation"))
            .await
            .shows("Araminta Voss")
            .shows("Persephone Cholmondeley");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_never_lost_and_nothing_counts_twice() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let good = answer("given", "0", "13");
        let long = "x".repeat(2001);
        for (fields, words) in [
            (
                with(good.clone(), "reply", ""),
                "Answer “What was the answer?”",
            ),
            (
                with(good.clone(), "reply", "perhaps"),
                "not one of the choices",
            ),
            (
                with(good.clone(), "answered_on-day", "15"),
                "must not be in the future",
            ),
            (
                with(good.clone(), "answered_on-day", "31"),
                "quiet-note-of-hers",
            ),
            (with(good.clone(), "alone", "no"), "ask again alone"),
            (
                with(good.clone(), "explained", "no"),
                "after the service was explained",
            ),
            (
                with(good.clone(), "interpreter", "missing"),
                "interpreter who was needed",
            ),
            (with(good.clone(), "explained_how", &long), "take out 1"),
        ] {
            hers(&world, &family, &fields)
                .await
                .is(200)
                .shows("There is a problem")
                .shows(words)
                .shows("quiet-note-of-hers");
        }
        let unknown = with(good.clone(), "postcode", "ZZ99 1QQ");
        hers(&world, &family, &unknown).await.is(422);
        hers(&world, &family, &good).await.is(303);
        hers(&world, &family, &good)
            .await
            .is(409)
            .shows("quiet-note-of-hers");
        // Not of the client, not of a child.
        for part in [family.client, family.child] {
            let place = family.at(&format!("/apart/{part}/participation"));
            world
                .post(&cast::SURVIVOR_WORKER, &place, &answer("given", "0", "13"))
                .await
                .is(404);
        }
        // Entered in error: struck out, and no longer counted.
        let kept = family.at("/apart/participation");
        let shown = world.get(&cast::SURVIVOR_WORKER, &kept).await;
        let start = format!("/cases/{}/apart/{}/replies/", family.case, family.survivor);
        let (_, rest) = shown.body.split_once(&start).unwrap();
        let place = format!("{start}{}", rest.split_once('"').unwrap().0);
        world
            .post(&cast::SURVIVOR_WORKER, &place, &[("why", "")])
            .await
            .is(200)
            .shows("There is a problem");
        let why = [("why", "It was another family")];
        world.post(&cast::PRACTITIONER, &place, &why).await.is(404);
        world
            .post(&cast::SURVIVOR_WORKER, &place, &why)
            .await
            .is(303);
        world
            .post(&cast::SURVIVOR_WORKER, &place, &why)
            .await
            .is(404);
        world
            .get(&cast::SURVIVOR_WORKER, &kept)
            .await
            .shows("It was another family")
            .shows("Not asked yet");
        world
            .get(&cast::PRACTITIONER, &family.at("/participation"))
            .await
            .shows("Not yet");
    })
    .await;
}

/// Appendix B, filled.
fn paper<'a>(how: &'a str, signing: &'a str, version: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("version", version),
        ("explained_on", "2026-10-14"),
        ("how", how),
        ("explained_by", "Maren Okafor"),
        ("interpreter", "not_needed"),
        ("explained", "yes"),
        ("research", "no"),
        ("confidential", "yes"),
        ("exceptions", "yes"),
        ("signing", signing),
        ("sharing.0.agency", "Harbour Housing Desk"),
        ("sharing.0.information", "Which days suit"),
        ("sharing.0.permission", "yes"),
        ("sharing.0.on", "2026-10-14"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clients_paper_is_explained_by_telephone_and_signed_at_a_meeting() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        hers(&world, &family, &answer("given", "0", "13"))
            .await
            .is(303);
        let place = family.at("/participation/confidentiality");
        let pdf = family.at("/participation/confidentiality.pdf");
        for who in [&cast::SURVIVOR_WORKER, &cast::SPOC, &cast::EVALUATOR] {
            world.get(who, &place).await.is(404);
        }
        let who = &cast::PRACTITIONER;
        world.get(who, &pdf).await.is(404);
        world
            .get(who, &place)
            .await
            .is(200)
            .shows("This agreement was explained to me")
            .hides("Bartholomew");
        let by_telephone = paper("telephone", "not_yet", "0");
        // Each statement is answered (R070).
        for name in ["explained", "research", "confidential", "exceptions"] {
            world
                .post(who, &place, &with(by_telephone.clone(), name, ""))
                .await
                .is(200)
                .shows("There is a problem")
                .shows("Harbour Housing Desk");
        }
        world
            .post(who, &place, &paper("telephone", "typed", "0"))
            .await
            .is(200)
            .shows("By telephone nobody signs");
        // Her postcode, her number and her worker's name stay out of a paper of the client's.
        for text in [
            "ZZ99 1QQ",
            "ring 07700900771",
            "Sunniva Hale",
            "z z 9 9 1 q q",
        ] {
            let fields = with(by_telephone.clone(), "sharing.0.contact", text);
            world
                .post(who, &place, &fields)
                .await
                .is(200)
                .shows("This text cannot be saved")
                .shows(text);
        }
        world.post(who, &place, &by_telephone).await.is(303);
        world
            .post(who, &place, &by_telephone)
            .await
            .is(409)
            .shows("Harbour Housing Desk");
        world
            .get(who, &family.at("/participation"))
            .await
            .shows("Not yet signed")
            .shows("it is left out of what is handed on");
        // What may be shared stands when it is gone through again; the answers are asked anew.
        world
            .get(who, &place)
            .await
            .is(200)
            .shows("Harbour Housing Desk");
        let mut signed = paper("face_to_face", "paper", "1");
        world
            .post(who, &place, &signed)
            .await
            .is(200)
            .shows("Say who holds the paper");
        signed.extend([
            ("signed_on", "2026-10-14"),
            ("signed_name", "B. Wrigglesworth"),
            ("held_by", "Maren Okafor"),
        ]);
        world.post(who, &place, &signed).await.is(303);
        world
            .get(who, &family.at("/participation"))
            .await
            .shows("Signed: On paper");
        let printed = world.get(who, &pdf).await;
        printed.is(200);
        assert!(printed.bytes.starts_with(b"%PDF"));
        assert_eq!(
            printed.headers["content-disposition"],
            "inline; filename=\"form-CL-0001.pdf\""
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_contact_face_to_face_makes_a_signature_due() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        hers(&world, &family, &answer("given", "0", "13"))
            .await
            .is(303);
        let who = &cast::PRACTITIONER;
        let duties = family.at("/duties");
        let sign = "Have the agreement on confidentiality signed";
        let place = family.at("/participation/confidentiality");
        let fields = paper("telephone", "not_yet", "0");
        world.post(who, &place, &fields).await.is(303);
        world.get(who, &duties).await.is(200).hides(sign);
        world.set_clock("2026-10-16T16:00:00Z");
        let contact = |method: &'static str, result: &'static str| {
            [
                ("entry", ContactId::new().to_string()),
                ("held_on", "2026-10-16".to_owned()),
                ("method", method.to_owned()),
                ("result", result.to_owned()),
                ("reason", "He was not there".to_owned()),
            ]
        };
        // Rung, and not met: nothing is due yet.
        for (method, result) in [("telephone", "held"), ("face_to_face", "attempted")] {
            let fields = contact(method, result);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            let place = family.at("/contacts/client");
            world.post(who, &place, &fields).await.is(303);
            world.get(who, &duties).await.is(200).hides(sign);
        }
        let fields = contact("face_to_face", "held");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let place = family.at("/contacts/client");
        world.post(who, &place, &fields).await.is(303);
        world
            .get(who, &duties)
            .await
            .shows(sign)
            .shows("16 October 2026");
        // Hers is her side's: a contact with her makes hers due, and the other side sees nothing.
        let mut hers_by_telephone = vec![
            ("version", "0"),
            ("explained_on", "2026-10-15"),
            ("how", "telephone"),
            ("explained_by", "Sunniva Hale"),
            ("interpreter", "not_needed"),
            ("understood", "yes"),
            ("anonymous", "no"),
            ("storage", "Six years"),
            ("storage_understood", "yes"),
        ];
        hers_by_telephone.push(("signing", "not_yet"));
        let side = &cast::SURVIVOR_WORKER;
        let place = family.at(&format!("/apart/{}/confidentiality", family.survivor));
        world.post(side, &place, &hers_by_telephone).await.is(303);
        let before = seen(&world, &family).await;
        // Of the client's paper and of hers: the client's is on the page already.
        let count = async || {
            let page = world.get(side, &duties).await;
            page.body.matches(sign).count()
        };
        let first = count().await;
        let (part, visit) = (family.survivor.to_string(), VisitId::new().to_string());
        let visited = [
            ("entry", visit.as_str()),
            ("who", part.as_str()),
            ("held_on", "2026-10-16"),
            ("method", "face_to_face"),
            ("result", "held"),
            ("alone", "yes"),
            ("safe_place", "yes"),
        ];
        let place = family.at("/apart/contacts/new");
        world.post(side, &place, &visited).await.is(303);
        assert!(count().await > first);
        same(&before, &seen(&world, &family).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn her_paper_is_a_version_of_its_own() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let place = family.at(&format!("/apart/{}/confidentiality", family.survivor));
        let before = seen(&world, &family).await;
        let fields = vec![
            ("version", "0"),
            ("explained_on", "2026-10-14"),
            ("how", "face_to_face"),
            ("explained_by", "Sunniva Hale"),
            ("needs", "language"),
            ("needs_met", "Interpreted into Amharic"),
            ("interpreter", "professional"),
            ("understood", "yes"),
            ("requests.0.information", "That she is safe"),
            ("requests.0.agency", "The school"),
            ("requests.0.purpose", "Who may fetch the child"),
            ("requests.0.consented", "yes"),
            ("requests.0.on", "2026-10-14"),
            ("anonymous", "no"),
            ("storage", "Six years, as the law asks of this service"),
            ("storage_understood", "no"),
            ("signing", "typed"),
            ("signed_on", "2026-10-14"),
            ("signed_name", "P. Cholmondeley"),
            ("witness", "Sunniva Hale"),
        ];
        let who = &cast::SURVIVOR_WORKER;
        world
            .post(&cast::PRACTITIONER, &place, &fields)
            .await
            .is(404);
        world
            .post(who, &place, &with(fields.clone(), "storage", ""))
            .await
            .is(200)
            .shows("There is a problem")
            .shows("Who may fetch the child");
        world.post(who, &place, &fields).await.is(303);
        same(&before, &seen(&world, &family).await);
        world
            .get(who, &family.at("/apart/participation"))
            .await
            .shows("Explain it again")
            .shows("Interpreted into Amharic");
        let pdf = family.at(&format!("/apart/{}/confidentiality.pdf", family.survivor));
        let printed = world.get(who, &pdf).await;
        printed.is(200);
        assert_eq!(
            printed.headers["content-disposition"],
            "inline; filename=\"form-SV-0001.pdf\""
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lead_worker_holds_her_line_where_no_specialist_does() {
    on_each_engine(|world| async move {
        let ties = &[
            (&cast::PRACTITIONER, Tie::ClientLine),
            (&cast::SOCIAL_WORKER, Tie::LeadWorker),
        ];
        let family = open(&world, Story { ties, ..STORY }).await;
        let who = &cast::SOCIAL_WORKER;
        let place = family.at(&format!("/apart/{}/participation", family.survivor));
        world
            .post(who, &place, &answer("given", "0", "13"))
            .await
            .is(303);
        world
            .post(
                who,
                &family.at("/participation"),
                &answer("given", "0", "13"),
            )
            .await
            .is(303);
        world
            .get(&cast::PRACTITIONER, &family.at("/participation"))
            .await
            .shows("Answers complete");
    })
    .await;
}
