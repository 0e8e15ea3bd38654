//! Consultations: booked, held, not held, corrected, counted; and what of them lies apart.

use cusp::{consultations::model::ConsultationId, demo::cast};

use crate::{
    family::{Family, Got, STORY, inside, open, same, seen},
    support::{referral::MONTY, *},
};

/// A consultation with everything that must be said of it.
const HELD: [(&str, &str); 13] = [
    ("held_on", "2026-10-13"),
    ("meeting", "telephone"),
    ("took_part", "Maren Okafor, Harbour Programmes"),
    ("presenting", "He blocks doors."),
    ("risk", "He follows the car."),
    ("needs", "Somewhere to calm down."),
    ("client_goals", "To stop shouting."),
    ("survivor_goals", "Quiet evenings."),
    ("motivation", "He asked for help."),
    ("strengths", "Keeps a plan with a neighbour."),
    ("outcome", "suitability"),
    ("outcome_note", "Version 1 on Friday."),
    ("theme", "pattern"),
];

/// What the client line opens of a case, byte for byte.
async fn client_line(world: &World, family: &Family, places: &[String]) -> Vec<Got> {
    let mut pages: Vec<_> = places.iter().map(|place| family.at(place)).collect();
    pages.extend(family.places(&["", "/chronology", "/duties", "/consultations"]));
    let line = [&cast::PRACTITIONER, &cast::OTHER_PRACTITIONER];
    let all = seen(world, &line, &pages).await;
    for got in &all {
        assert_eq!(got.status, 200, "{}", got.page);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_apart_leaves_no_trace_on_the_other_line() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let id = ConsultationId::new();
        let at = |rest: &str| format!("/consultations/{id}{rest}");
        // The support worker records what both lines read: her name is not on it.
        world
            .post(&cast::SURVIVOR_WORKER, &family.at(&at("/held")), &HELD)
            .await
            .is(303);
        let places = [at(""), at("/copy"), at("/copy.txt")];
        let before = client_line(&world, &family, &places).await;
        let fields = [
            ("took_part", "Sunniva Hale"),
            ("note", "She moves to Otter Lane."),
        ];
        let apart = family.at(&format!("/apart{}", at("")));
        world
            .post(&cast::SURVIVOR_WORKER, &apart, &fields)
            .await
            .is(303);
        let after = client_line(&world, &family, &places).await;
        same(&before, &after);
        for page in &after {
            for secret in ["Sunniva Hale", "Otter Lane", "Survivor support"] {
                assert!(!page.body.contains(secret), "{secret}: {page:?}");
            }
        }
        for who in [
            &cast::PRACTITIONER,
            &cast::OTHER_PRACTITIONER,
            &cast::SERVICE_MANAGER,
        ] {
            for place in [
                apart.clone(),
                format!("{apart}/copy"),
                format!("{apart}/copy.txt"),
            ] {
                world.get(who, &place).await.is(404);
            }
            world.post(who, &apart, &fields).await.is(404);
        }
        for place in [apart.clone(), format!("{apart}/copy.txt")] {
            let page = world.get(&cast::SURVIVOR_WORKER, &place).await;
            page.is(200).shows("Otter Lane").shows("Quiet evenings.");
        }
        for who in [
            &cast::EVALUATOR,
            &cast::SPOC,
            &cast::PROVIDER_WORKER,
            &cast::ADMINISTRATOR,
        ] {
            world.get(who, &family.at("/consultations")).await.is(404);
            world.get(who, &family.at(&at("/copy.txt"))).await.is(404);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn booked_missed_held_and_corrected_by_its_forms() {
    on_each_engine(|world| async move {
        let maren = &cast::PRACTITIONER;
        let family = open(&world, STORY).await;
        world
            .get(maren, &family.at("/consultations"))
            .await
            .is(200)
            .shows("None has been booked or held");
        world
            .get(maren, &family.at("/consultations/new"))
            .await
            .is(200);
        let first = ConsultationId::new();
        let at = |rest: &str| family.at(&format!("/consultations/{first}{rest}"));
        let booking = [
            ("planned_on", "2026-10-16"),
            ("planned_at", "2pm"),
            ("meeting", "video"),
        ];
        for _ in 0..2 {
            let answer = world.post(maren, &at("/book"), &booking).await;
            answer.is(303);
            assert!(answer.location.ends_with("done=booked"));
        }
        let list = world.get(maren, &family.at("/consultations")).await;
        list.shows("16 October 2026").shows("2pm").shows("Booked");
        assert_eq!(list.body.matches("It was not held").count(), 1);

        // Nobody came; the new day is booked with the same form.
        world.set_clock("2026-10-19T09:00:00Z");
        world.forget(maren);
        world.get(maren, &at("/missed")).await.is(200);
        let missed = [
            ("absent", "social_worker"),
            ("why", "In court."),
            ("planned_on", "2026-10-21"),
            ("meeting", "telephone"),
        ];
        world.post(maren, &at("/missed"), &missed).await.is(303);
        let list = world.get(maren, &family.at("/consultations")).await;
        list.shows("Not held")
            .shows("Social worker or lead worker")
            .shows("21 October 2026");
        let again = list
            .body
            .split("/consultations/")
            .filter_map(|rest| rest.split("/held").next())
            .find_map(|id| id.parse::<ConsultationId>().ok())
            .unwrap();
        let at = |rest: &str| family.at(&format!("/consultations/{again}{rest}"));

        // Held: the form knows the day, the way and who most likely came, never who supports her.
        world.set_clock("2026-10-22T09:00:00Z");
        world.forget(maren);
        let form = inside(world.get(maren, &at("/held")).await);
        form.is(200)
            .shows("Maren Okafor, Harbour Programmes")
            .shows("Ines Calloway, London Borough of Larkmoor")
            .hides("Sunniva Hale");
        world.post(maren, &at("/held"), &HELD).await.is(303);
        world.post(maren, &at("/held"), &HELD).await.is(303);
        let page = world.get(maren, &at("")).await;
        page.is(200)
            .shows("Keeps a plan with a neighbour.")
            .shows("Maren Okafor")
            .hides("May be used with the client");

        // Corrected: both stand, and a page that is older than the correction saves nothing.
        let form = world.get(maren, &at("/correct")).await;
        form.is(200).shows("He blocks doors.");
        let mut revised = HELD.to_vec();
        revised[3].1 = "He stands in doors.";
        revised.extend([
            ("usable", "client_goals"),
            ("because", "Misheard."),
            ("version", "1"),
        ]);
        world.post(maren, &at("/correct"), &revised).await.is(303);
        world.post(maren, &at("/correct"), &revised).await.is(409);
        let page = world.get(maren, &at("")).await;
        page.shows("He stands in doors.")
            .shows("He blocks doors.")
            .shows("Misheard.")
            .shows("May be used with the client");
        let copy = world.get(maren, &at("/copy.txt")).await;
        copy.is(200)
            .shows("He stands in doors.")
            .shows("Survivor’s strengths")
            .hides("Bartholomew")
            .hides("<");
        assert!(copy.headers["content-disposition"].contains("entry.txt"));
        world
            .get(maren, &family.at("/chronology"))
            .await
            .shows("Consultation corrected")
            .shows("Consultation not held");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_typed_is_lost_of_a_bad_consultation() {
    on_each_engine(|world| async move {
        let maren = &cast::PRACTITIONER;
        let family = open(&world, STORY).await;
        let id = ConsultationId::new();
        let held = family.at(&format!("/consultations/{id}/held"));
        let long = "x".repeat(20_001);
        for (field, text, said) in [
            ("strengths", "", "Strengths of the survivor"),
            ("held_on", "2026-10-15", "must not be in the future"),
            ("held_on", "31 2 2026", "must be a real date"),
            ("meeting", "pigeon", "is not one of the choices"),
            ("needs", long.as_str(), "must be"),
        ] {
            let fields: Vec<_> = HELD
                .iter()
                .map(|(name, known)| (*name, if *name == field { text } else { known }))
                .collect();
            let page = world.post(maren, &held, &fields).await;
            page.is(200)
                .shows("There is a problem")
                .shows(said)
                .shows("He follows the car.");
        }
        let book = family.at(&format!("/consultations/{id}/book"));
        let fields = [
            ("planned_on", "2026-10-13"),
            ("planned_at", "half past two"),
        ];
        let page = world.post(maren, &book, &fields).await;
        page.is(200)
            .shows("must not be over")
            .shows("half past two");
        world.post(maren, &book, &[("secret", "x")]).await.is(422);
        world
            .get(maren, &family.at(&format!("/consultations/{id}")))
            .await
            .is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn owed_from_the_day_that_was_promised() {
    on_each_engine(|world| async move {
        let case = referral::send(&world, &cast::SOCIAL_WORKER, &MONTY).await;
        let confirmed = [
            ("confirmed_on", "2026-10-14"),
            ("how", "here"),
            ("consultation_on", "2026-10-20"),
            ("meeting", "telephone"),
        ];
        let manager = &cast::SERVICE_MANAGER;
        let at = |rest: &str| format!("/cases/{case}{rest}");
        world
            .post(manager, &at("/acknowledgement"), &confirmed)
            .await
            .is(303);
        world
            .get(manager, &at("/duties"))
            .await
            .shows("Hold the consultation")
            .shows("20 October 2026");
        let id = ConsultationId::new();
        world
            .post(manager, &at(&format!("/consultations/{id}/held")), &HELD)
            .await
            .is(303);
        world.get(manager, &at("")).await.is(200).shows("Consulted");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counted_by_month_and_borough_without_a_person() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let id = ConsultationId::new();
        let held = family.at(&format!("/consultations/{id}/held"));
        world.post(&cast::PRACTITIONER, &held, &HELD).await.is(303);
        let advice = [
            ("on", "2026-10-14"),
            ("agency", &cast::LARKMOOR.to_string()),
            ("topics", "risk"),
            ("outcome", "advice_only"),
            ("consultation", "yes"),
        ];
        world
            .post(&cast::SERVICE_MANAGER, "/advice/new", &advice)
            .await
            .is(303);
        let own = format!("/agencies/{}/consultations", cast::LARKMOOR);
        for (who, place) in [
            (&cast::SERVICE_MANAGER, "/consultations"),
            (&cast::SERVICE_MANAGER, own.as_str()),
            (&cast::SPOC, own.as_str()),
        ] {
            let page = inside(world.get(who, place).await);
            page.is(200)
                .shows("October 2026")
                .shows("1 with a case and 1 as advice")
                .hides("Bartholomew")
                .hides(&family.case.to_string());
            let file = world.get(who, &format!("{place}/export?year=2026")).await;
            file.is(200)
                .shows("\"October 2026\",\"London Borough of Larkmoor\",\"1\",\"1\",\"2\"");
        }
        inside(world.get(&cast::SPOC, &format!("{own}?year=2025")).await)
            .is(200)
            .shows("None was held in this year");
        let other = format!("/agencies/{}/consultations", cast::WEXBROOK);
        for (who, place) in [
            (&cast::SPOC, other.as_str()),
            (&cast::SPOC, "/consultations"),
            (&cast::PRACTITIONER, "/consultations"),
            (&cast::EVALUATOR, own.as_str()),
        ] {
            world.get(who, place).await.is(404);
        }
    })
    .await;
}
