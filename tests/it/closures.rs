//! Closures: closing, what stays in place apart, opening again, a family referred before, numbers.

use cusp::demo::cast::{self, Persona};

use crate::{
    family::{self, Family, Got, STORY, Story, same},
    support::{World, on_each_engine},
    tying::text_of,
};

/// Words that only the survivor's side may read.
const KEPT: &str = "The alarm stays in her flat until March";

/// Who must learn nothing of what stays in place.
const OTHERS: [&Persona; 9] = [
    &cast::PRACTITIONER,
    &cast::OTHER_PRACTITIONER,
    &cast::INTAKE_WORKER,
    &cast::SERVICE_MANAGER,
    &cast::SPOC,
    &cast::EVALUATOR,
    &cast::PROVIDER_WORKER,
    &cast::ADMINISTRATOR,
    &cast::OUTSIDER,
];

const APART: [(&str, &str); 4] = [
    ("told", "not_told"),
    ("untold", "He answers her telephone."),
    ("implications", "He knows the street."),
    ("survivor_keeps", KEPT),
];

fn closing<'a>() -> Vec<(&'a str, &'a str)> {
    vec![
        ("closed_on", "2026-10-14"),
        ("outcome", "moved"),
        ("goals.0.goal", "Leaves the room before he shouts"),
        ("goals.0.outcome", "partly"),
        ("goals.1.goal", "Pays the rent"),
        ("goals.1.outcome", "met"),
        ("summary", "Four meetings."),
        ("lead_worker", "yes"),
        ("client_told", "in_person"),
        ("client_told_on", "2026-10-14"),
        (
            "client_text",
            "Thank you for coming. Ring us if you want to go on.",
        ),
        ("referrer_told", "telephone"),
        ("referrer_told_on", "2026-10-14"),
        ("told.0.who", "Housing office"),
        ("told.0.how", "writing"),
        ("told.0.on", "2026-10-13"),
    ]
}

async fn closed(world: &World, family: &Family) {
    world
        .post(&cast::PRACTITIONER, &family.at("/closures/new"), &closing())
        .await
        .is(303);
}

async fn kept(world: &World, family: &Family) {
    world
        .post(
            &cast::SURVIVOR_WORKER,
            &family.at("/apart/closures/new"),
            &APART,
        )
        .await
        .is(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_in_place_is_her_sides_alone() {
    on_each_engine(|world| async move {
        let family = family::open(&world, STORY).await;
        let (page, form) = (
            family.at("/apart/closures"),
            family.at("/apart/closures/new"),
        );
        kept(&world, &family).await;
        for who in OTHERS {
            world.get(who, &page).await.is(404);
            world.get(who, &form).await.is(404);
            world.post(who, &form, &APART).await.is(404);
            for place in ["", "/closures", "/chronology", "/duties", "/trail"] {
                world.get(who, &family.at(place)).await.hides(KEPT);
            }
        }
        // While a specialist holds the line, the lead worker does not.
        world.get(&cast::SOCIAL_WORKER, &page).await.is(404);
        world
            .get(&cast::SURVIVOR_WORKER, &page)
            .await
            .is(200)
            .shows(KEPT)
            .shows("He answers her telephone.");
        world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart/chronology"))
            .await
            .shows(KEPT);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r025_two_worlds_with_and_without_things_staying_in_place() {
    on_each_engine(|world| async move {
        let family = family::open(&world, STORY).await;
        let open = seen(&world, &family).await;
        kept(&world, &family).await;
        same(&open, &seen(&world, &family).await);
        closed(&world, &family).await;
        let before = seen(&world, &family).await;
        assert_ne!(before, open, "the closure itself is seen");
        world
            .post(
                &cast::SURVIVOR_WORKER,
                &family.at("/apart/closures/new"),
                &[
                    ("told", "telephone"),
                    ("told_on", "2026-10-14"),
                    ("implications", "She is relieved."),
                    ("survivor_keeps", KEPT),
                    ("children_keep", "A mentor at school"),
                ],
            )
            .await
            .is(303);
        same(&before, &seen(&world, &family).await);
    })
    .await;
}

/// Everything that the other side, intake and the borough's contact person get.
async fn seen(world: &World, family: &Family) -> Vec<Got> {
    let mut pages = family.places(&["", "/closures", "/closures/new", "/chronology", "/duties"]);
    pages.extend(["/my-day", "/my-day/team", "/cases", "/cases.csv"].map(str::to_owned));
    pages.extend(
        ["closures", "borough"].map(|place| format!("/agencies/{}/{place}", cast::LARKMOOR)),
    );
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
async fn a_case_is_closed_printed_opened_again_and_counted() {
    on_each_engine(|world| async move {
        let family = family::open(&world, STORY).await;
        let new = family.at("/closures/new");
        for who in [
            &cast::SURVIVOR_WORKER,
            &cast::SOCIAL_WORKER,
            &cast::SPOC,
            &cast::OUTSIDER,
        ] {
            world.get(who, &new).await.is(404);
            world.post(who, &new, &closing()).await.is(404);
        }
        world
            .get(&cast::PRACTITIONER, &family.at("/closures"))
            .await
            .is(200)
            .shows("The case has not been closed");
        world
            .get(&cast::PRACTITIONER, &new)
            .await
            .is(200)
            .shows("Goal 1");
        closed(&world, &family).await;
        world
            .post(&cast::PRACTITIONER, &new, &closing())
            .await
            .is(200)
            .shows("closed already")
            .shows("Leaves the room");
        world.get(&cast::PRACTITIONER, &new).await.is(303);
        let page = world
            .get(&cast::PRACTITIONER, &family.at("/closures?done=closed"))
            .await;
        page.is(200)
            .shows("The case is closed")
            .shows("Moved away")
            .shows("Partly met")
            .shows("Housing office")
            .shows("Thank you for coming");
        world
            .get(&cast::PRACTITIONER, &family.at(""))
            .await
            .is(200)
            .shows("Closed");
        // It owes nothing any more, stands last on their list, and its readers read it still.
        for page in ["/my-day", "/my-day/team"] {
            world
                .get(&cast::PRACTITIONER, page)
                .await
                .hides("Wrigglesworth");
        }
        world
            .get(&cast::PRACTITIONER, "/cases")
            .await
            .shows("govuk-tag--grey\">Closed");
        world
            .get(&cast::SURVIVOR_WORKER, &family.at(""))
            .await
            .is(200);

        let start = family.at("/closures/");
        let (_, rest) = page.body.split_once(&format!("{start}0")).unwrap();
        let closure = format!("{start}0{}", rest.split_once('/').unwrap().0);
        let paper = world
            .get(&cast::PRACTITIONER, &format!("{closure}/print"))
            .await;
        let text = text_of(&paper.is(200).bytes);
        assert!(
            text.contains("Four meetings") && text.contains("Housing office"),
            "{text}"
        );
        let paper = world
            .get(&cast::PRACTITIONER, &format!("{closure}/letter"))
            .await;
        let text = text_of(&paper.is(200).bytes);
        assert!(text.contains("Thank you for coming"), "{text}");
        for kept in [
            "Four meetings",
            "Housing",
            "Moved",
            "Wrigglesworth",
            "Okafor",
            "Practitioner",
        ] {
            assert!(!text.contains(kept), "{kept}: {text}");
        }

        let borough = format!("/agencies/{}/closures", cast::LARKMOOR);
        world
            .get(&cast::SPOC, &borough)
            .await
            .is(200)
            .shows("October 2026")
            .hides("Wrigglesworth");
        let moved =
            "\"2026-10\",\"London Borough of Larkmoor\",\"1\",\"0\",\"0\",\"0\",\"0\",\"1\"";
        world
            .get(&cast::SERVICE_MANAGER, "/closures/export")
            .await
            .is(200)
            .shows(moved);
        world
            .get(
                &cast::SPOC,
                &format!("/agencies/{}/closures", cast::WEXBROOK),
            )
            .await
            .is(404);
        for who in [&cast::PRACTITIONER, &cast::EVALUATOR, &cast::ADMINISTRATOR] {
            world.get(who, "/closures").await.is(404);
        }

        let again = family.at("/closures/reopening");
        world.get(&cast::PRACTITIONER, &again).await.is(404);
        world.get(&cast::SURVIVOR_WORKER, &again).await.is(404);
        world
            .get(&cast::OTHER_PRACTITIONER, &again)
            .await
            .is(200)
            .shows("Moved away");
        world
            .post(
                &cast::OTHER_PRACTITIONER,
                &again,
                &[("reopened_on", "2026-10-13"), ("why", "He came back.")],
            )
            .await
            .is(200)
            .shows("before the case was closed")
            .shows("He came back.");
        let why = [("reopened_on", "2026-10-14"), ("why", "He came back.")];
        world
            .post(&cast::OTHER_PRACTITIONER, &again, &why)
            .await
            .is(303);
        world
            .post(&cast::OTHER_PRACTITIONER, &again, &why)
            .await
            .is(409);
        world
            .get(&cast::PRACTITIONER, &family.at("/closures"))
            .await
            .shows("He came back.")
            .shows("Close the case");
        world
            .get(&cast::PRACTITIONER, "/cases")
            .await
            .hides("govuk-tag--grey\">Closed");
        // What was counted of the closure is counted no more.
        world
            .get(&cast::SERVICE_MANAGER, "/closures/export")
            .await
            .hides(moved);
        closed(&world, &family).await;
        world
            .get(&cast::SERVICE_MANAGER, "/closures/export")
            .await
            .shows(moved);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closure_with_bad_input_keeps_what_was_typed() {
    on_each_engine(|world| async move {
        let family = family::open(&world, STORY).await;
        let new = family.at("/closures/new");
        let long = "ä".repeat(4001);
        for (name, text, said) in [
            ("closed_on", "2026-10-15", "must not be in the future"),
            ("closed_on", "30 2 2026", "must be a real date"),
            ("outcome", "vanished", "is not one of the choices"),
            ("outcome", "completed", "was never opened"),
            ("client_told_on", "", "Say when the client was told"),
            ("summary", long.as_str(), "4000"),
            ("goals.1.outcome", "", "Was it met?"),
            ("told.0.on", "2026-10-20", "must not be in the future"),
            // The other side's postcode, and its worker's name.
            (
                "client_text",
                "We will write to ZZ99 1QQ.",
                "cannot be saved",
            ),
            ("client_text", "Sunniva Hale rings you.", "cannot be saved"),
        ] {
            let mut fields = closing();
            fields.retain(|(known, _)| *known != name);
            fields.push((name, text));
            let answer = world.post(&cast::PRACTITIONER, &new, &fields).await;
            answer
                .is(200)
                .shows("There is a problem")
                .shows(said)
                .shows("Leaves the room");
            if !text.is_empty() && name != "outcome" && !name.ends_with("on") {
                answer.shows(text);
            }
        }
        let mut fields = closing();
        fields.push(("nobody_asked", "x"));
        world.post(&cast::PRACTITIONER, &new, &fields).await.is(422);
        // Another goal can be added without losing anything.
        let mut fields = closing();
        fields.push(("add", "goals"));
        world
            .post(&cast::PRACTITIONER, &new, &fields)
            .await
            .is(200)
            .hides("There is a problem")
            .shows("Goal 3")
            .shows("Pays the rent");
        // Nothing was saved by any of these.
        world
            .get(&cast::PRACTITIONER, &family.at("/closures"))
            .await
            .shows("The case has not been closed");
        world
            .post(
                &cast::SURVIVOR_WORKER,
                &family.at("/apart/closures/new"),
                &[("told", "not_told")],
            )
            .await
            .is(200)
            .shows("Say why it was not safe");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_referred_before_is_counted_without_the_other_case() {
    on_each_engine(|world| async move {
        let first = family::open(&world, STORY).await;
        closed(&world, &first).await;
        let second = family::open(&world, Story { number: 2, ..STORY }).await;
        let place = second.at("/closures/earlier");
        for who in [
            &cast::PRACTITIONER,
            &cast::SURVIVOR_WORKER,
            &cast::SOCIAL_WORKER,
            &cast::SPOC,
        ] {
            world.get(who, &place).await.is(404);
            world.post(who, &place, &[("what", "repeat")]).await.is(404);
            world
                .get(who, &second.at("/closures"))
                .await
                .hides("referred before");
        }
        world
            .get(&cast::INTAKE_WORKER, &second.at("/closures"))
            .await
            .is(200)
            .shows("Was this family referred before?")
            .hides(&first.case.to_string());
        world
            .post(&cast::INTAKE_WORKER, &place, &[])
            .await
            .is(200)
            .shows("There is a problem");
        let repeat = "\"1\",\"0\"\r\n";
        world
            .get(&cast::SERVICE_MANAGER, "/closures/export")
            .await
            .hides(repeat);
        world
            .post(&cast::INTAKE_WORKER, &place, &[("what", "repeat")])
            .await
            .is(303);
        world
            .get(&cast::SERVICE_MANAGER, "/closures/export")
            .await
            .shows(repeat);
        // Changed, it is counted once.
        world
            .post(&cast::INTAKE_WORKER, &place, &[("what", "redirected")])
            .await
            .is(303);
        let file = world.get(&cast::SERVICE_MANAGER, "/closures/export").await;
        file.hides(repeat).shows("\"0\",\"1\"\r\n");
        world
            .post(&cast::INTAKE_WORKER, &place, &[("what", "not_same")])
            .await
            .is(303);
        world
            .get(&cast::SERVICE_MANAGER, "/closures/export")
            .await
            .hides("\"0\",\"1\"\r\n");
        world
            .get(&cast::PRACTITIONER, &second.at("/closures"))
            .await
            .hides("known in another case");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r023_what_she_must_be_told_outlives_the_closure() {
    on_each_engine(|world| async move {
        let family = family::open(&world, STORY).await;
        world
            .post(
                &cast::PRACTITIONER,
                &family.at("/engagement/change"),
                &[
                    ("what", "stopped"),
                    ("changed_on", "2026-10-13"),
                    ("heightened", "yes"),
                    ("words", "Said he will not come again."),
                ],
            )
            .await
            .is(303);
        closed(&world, &family).await;
        world
            .get(&cast::SURVIVOR_WORKER, "/my-day")
            .await
            .shows("Tell the survivor at once");
        for who in [&cast::PRACTITIONER, &cast::OTHER_PRACTITIONER] {
            world.get(who, "/my-day").await.hides("Wrigglesworth");
        }
    })
    .await;
}
