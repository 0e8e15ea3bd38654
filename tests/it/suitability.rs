//! Whether the intensive work suits: what both lines read, and what is kept apart.

use cusp::demo::cast;

use crate::{
    family::{self, Family, Got, STORY, open, same},
    support::*,
};

fn decision<'a>(outcome: &'a str, grounds: &'a str, version: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("version", version),
        ("outcome", outcome),
        ("grounds", grounds),
        ("because", "Talked through at the consultation"),
        ("decided_with", "Maren Okafor and Ines Calloway"),
        ("decided_on", "2026-10-14"),
    ]
}

const STAGE: [(&str, &str); 4] = [
    ("version", "0"),
    ("stage", "contemplation"),
    ("evidence", "Says that the door should not have been broken"),
    ("assessed_on", "2026-10-13"),
];

/// Every byte that the client line and those further off get.
async fn seen(world: &World, family: &Family) -> Vec<Got> {
    let mut pages = family.places(&[
        "",
        "/suitability",
        "/apart/suitability",
        "/duties",
        "/chronology",
    ]);
    pages.extend(["/my-day", "/cases", "/cases.csv"].map(str::to_owned));
    let who = [
        &cast::PRACTITIONER,
        &cast::OTHER_PRACTITIONER,
        &cast::INTAKE_WORKER,
        &cast::SPOC,
        &cast::EVALUATOR,
        &cast::ADMINISTRATOR,
    ];
    family::seen(world, &who, &pages).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_part_in_the_case_decides_nothing_and_reads_nothing() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let place = family.at("/suitability/decision");
        for who in [
            &cast::SPOC,
            &cast::PROVIDER_WORKER,
            &cast::EVALUATOR,
            &cast::ADMINISTRATOR,
        ] {
            world.get(who, &family.at("/suitability")).await.is(404);
            world
                .post(who, &place, &decision("not_suitable", "denial", "0"))
                .await
                .is(404);
        }
        for who in [&cast::SURVIVOR_WORKER, &cast::SERVICE_MANAGER] {
            world.get(who, &family.at("/suitability")).await.is(200);
            world.get(who, &place).await.is(404);
        }
        for place in [
            "/apart/suitability".to_owned(),
            "/apart/suitability/ground".to_owned(),
            "/apart/suitability/safety".to_owned(),
            format!("/apart/{}/told", family.survivor),
        ] {
            for who in [
                &cast::PRACTITIONER,
                &cast::OTHER_PRACTITIONER,
                &cast::SERVICE_MANAGER,
            ] {
                world.get(who, &family.at(&place)).await.is(404);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_made_and_made_again() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let who = &cast::PRACTITIONER;
        let page = family.at("/suitability");
        let place = family.at("/suitability/decision");
        world
            .get(who, &page)
            .await
            .is(200)
            .shows("Nothing is decided yet");
        world
            .post(who, &place, &decision("suitable", "", "0"))
            .await
            .is(200)
            .shows("no stage of change is recorded")
            .shows("Talked through at the consultation");
        world
            .post(who, &family.at("/suitability/stage"), &STAGE)
            .await
            .is(303);
        world
            .post(who, &family.at("/suitability/stage"), &STAGE)
            .await
            .is(409)
            .shows("door should not have been broken");
        for (fields, words) in [
            (decision("not_suitable", "", "0"), "at least one ground"),
            (
                decision("suitable", "denial", "0"),
                "Grounds are for what does not suit",
            ),
            (
                decision("not_suitable", "other", "0"),
                "Say what the other ground is",
            ),
            (decision("perhaps", "", "0"), "not one of the choices"),
            (
                decision("not_suitable", "no_consent", "0"),
                "not one of the choices",
            ),
            (decision("", "denial", "0"), "Does the intensive work suit?"),
        ] {
            world
                .post(who, &place, &fields)
                .await
                .is(200)
                .shows("There is a problem")
                .shows(words)
                .shows("Talked through at the consultation");
        }
        let mut ahead = decision("suitable", "", "0");
        ahead.retain(|(name, _)| *name != "decided_on");
        ahead.push(("decided_on", "2026-10-15"));
        world
            .post(who, &place, &ahead)
            .await
            .is(200)
            .shows("must not be in the future");
        let mut asked = decision("suitable", "", "0");
        asked.push(("gossip", "x"));
        world.post(who, &place, &asked).await.is(422);
        let good = decision("suitable", "", "0");
        world.post(who, &place, &good).await.is(303);
        world
            .post(who, &place, &good)
            .await
            .is(409)
            .shows("Talked through at the consultation");
        world.get(who, &page).await.shows("subject to the answers");
        // A new stage asks for a new decision; the history stays.
        world.set_clock("2026-10-15T09:00:00Z");
        world.forget(who);
        let mut back = STAGE.to_vec();
        back.retain(|(name, _)| !matches!(*name, "version" | "stage"));
        back.extend([("version", "1"), ("stage", "precontemplation")]);
        world
            .post(who, &family.at("/suitability/stage"), &back)
            .await
            .is(303);
        world.get(who, &page).await.shows("decide again");
        let mut again = decision("not_suitable", "denial,complex_needs", "1");
        again.push(("review_offered", "yes"));
        world.post(who, &place, &again).await.is(303);
        world
            .get(who, &page)
            .await
            .hides("decide again")
            .shows("Version 1 of the plan stands")
            .shows("The client denies the behaviour; Multiple and complex needs")
            .shows("Before");
        let onward = [
            ("version", "0"),
            ("to_whom", "A course for long-standing harm"),
            ("what_for", "More intense work"),
            ("higher", "yes"),
            ("referred_on", "2026-10-15"),
        ];
        world
            .post(who, &family.at("/suitability/onward"), &onward)
            .await
            .is(303);
        world
            .get(who, &family.at("/chronology"))
            .await
            .is(200)
            .shows("Suitability decided")
            .shows("Client referred on");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_worlds_what_is_kept_apart_moves_nothing_for_the_other_line() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let who = &cast::SURVIVOR_WORKER;
        let told = family.at(&format!("/apart/{}/told", family.survivor));
        let telling = [
            ("version", "0"),
            ("telling", "not_safe"),
            ("note", "plover-note: the telephone is shared"),
            ("told_on", "2026-10-14"),
        ];
        // There is nothing to tell before it is decided.
        world.post(who, &told, &telling).await.is(404);
        world
            .post(
                &cast::PRACTITIONER,
                &family.at("/suitability/decision"),
                &decision("not_suitable", "not_now", "0"),
            )
            .await
            .is(303);
        let before = seen(&world, &family).await;
        let ground = [
            ("version", "0"),
            ("ground", "no_consent"),
            ("note", "plover-note: asked twice by others"),
            ("found_on", "2026-10-14"),
        ];
        let safety = [
            ("version", "0"),
            ("implications", "plover-note: blame may follow"),
            ("services", "The refuge line"),
            ("explored_with", "Tobias Renwick"),
            ("explored_on", "2026-10-14"),
        ];
        let places = [
            (family.at("/apart/suitability/ground"), &ground[..]),
            (told, &telling[..]),
            (family.at("/apart/suitability/safety"), &safety[..]),
        ];
        for (place, fields) in &places {
            world.post(&cast::PRACTITIONER, place, fields).await.is(404);
            world.post(who, place, &[("version", "0")]).await.is(200);
            world.post(who, place, fields).await.is(303);
            world
                .post(who, place, fields)
                .await
                .is(409)
                .shows("plover-note");
        }
        let after = seen(&world, &family).await;
        same(&before, &after);
        for page in &after {
            assert!(!page.body.contains("plover-note"));
        }
        world
            .get(who, &family.at("/apart/suitability"))
            .await
            .is(200)
            .shows("One party does not consent")
            .shows("blame may follow")
            .shows("the telephone is shared")
            .hides("Not told of the latest decision");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_client_may_be_told_gives_nobody_away() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let place = family.at("/suitability/words");
        let who = &cast::PRACTITIONER;
        for text in [
            "She now lives at ZZ99 1QQ",
            "Ring 07700 900-771 and ask",
            "Sunniva Hale decided",
            "Meet at Larkmoor Lane School 4481",
        ] {
            world
                .post(who, &place, &[("version", "0"), ("text", text)])
                .await
                .is(200)
                .shows("This text cannot be saved")
                .shows(text);
        }
        let neutral = "Another service will write to you within two weeks.";
        world
            .post(who, &place, &[("version", "0"), ("text", neutral)])
            .await
            .is(303);
        world
            .get(who, &family.at("/suitability"))
            .await
            .shows(neutral);
    })
    .await;
}
