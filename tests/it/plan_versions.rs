//! A plan over its life: version 1, version 2, renewed; its dates corrected; signed off by somebody
//! else; and the client's page, compared again whenever it is shown.

use cusp::demo::{cast, player::hidden};

use crate::{
    family::{Family, STORY, inside, open},
    opening::{answer, hers, ready},
    support::*,
};

const VERSION: [(&str, &str); 2] = [("created_on", "2026-10-14"), ("review_on", "2026-11-11")];

/// Starts a version after `before` others, and says where it is.
async fn started(world: &World, family: &Family, form: &str, before: &str) -> String {
    let fields = [("version", before), ("form", form), VERSION[0], VERSION[1]];
    let new = family.at("/plans/new");
    let answer = world.post(&cast::PRACTITIONER, &new, &fields).await;
    answer.is(303);
    answer.location.split('?').next().unwrap().to_owned()
}

/// Writes texts of a version in one go.
async fn written(world: &World, plan: &str, form: &str, texts: &[(&str, &str)]) {
    let page = format!("{plan}/{form}");
    let shown = world.get(&cast::PRACTITIONER, &page).await;
    let seen = hidden(&shown.is(200).body, "seen").unwrap().to_owned();
    // What is on the page and not typed anew is posted as it stands: only these are asked for.
    let mine: Vec<String> = seen
        .split(' ')
        .filter(|code| {
            texts
                .iter()
                .any(|(name, _)| code.starts_with(&format!("{name}.")))
        })
        .map(str::to_owned)
        .collect();
    let mine = mine.join(" ");
    let mut fields = vec![("seen", mine.as_str())];
    fields.extend_from_slice(texts);
    world
        .post(&cast::PRACTITIONER, &page, &fields)
        .await
        .is(303);
}

/// Adds an action of the client.
async fn action(world: &World, plan: &str, fields: &[(&str, &str)]) -> String {
    let who = &cast::PRACTITIONER;
    let page = world.get(who, &format!("{plan}/actions/new")).await;
    let (_, rest) = page
        .is(200)
        .body
        .split_once(&format!("{plan}/actions/"))
        .unwrap();
    let place = format!("{plan}/actions/{}", rest.split_once('"').unwrap().0);
    let mut all = vec![
        ("version", "0"),
        ("owner", "client"),
        ("agreed_on", "2026-10-14"),
        ("proposed_on", "2026-11-02"),
        ("outcome", "open"),
    ];
    all.extend_from_slice(fields);
    world.post(who, &place, &all).await.is(303);
    place
}

const FORMULATION: [(&str, &str); 8] = [
    ("drivers", "Wants to be in charge"),
    ("disinhibitors", "Drink"),
    ("destabilisers", "Losing work"),
    ("nature", "Threats"),
    ("severity", "Not known"),
    ("imminence", "Weekends"),
    ("frequency", "Weekly"),
    ("likelihood", "Likely when he drinks"),
];

#[tokio::test(flavor = "multi_thread")]
async fn version_one_becomes_two_and_two_is_renewed_with_nothing_lost() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let who = &cast::PRACTITIONER;
        let first = started(&world, &family, "first", "0").await;
        let texts = [
            ("risk", "Was followed to work"),
            ("goals", "Be a calm father"),
            ("motivation", "Wants to see the children"),
            ("strengths", "Keeps the clubs going"),
            ("safety", "Handovers at the library"),
        ];
        written(&world, &first, "first", &texts).await;
        action(&world, &first, &[("what", "Keep a diary")]).await;

        // Not before the gates are open; then once.
        let second = [("version", "1"), ("form", "second"), VERSION[0], VERSION[1]];
        let new = family.at("/plans/new");
        world
            .post(who, &new, &second)
            .await
            .is(200)
            .shows(cusp::plans::rules::NOT_YET);
        ready(&world, &family, &cast::SURVIVOR_WORKER).await;
        let two = started(&world, &family, "second", "1").await;
        world.post(who, &new, &second).await.is(303);

        // Everything of version 1 stands in version 2, under its heading or beside it.
        let whole = world.get(who, &format!("{two}/read")).await;
        for (_, text) in &texts {
            whole.shows(text);
        }
        whole.shows("Keep a diary");
        // Formulation and scenario come before it is agreed (R064).
        let agree = |side: &'static str| {
            [
                ("side", side),
                ("name", "Somebody"),
                ("agreed_on", "2026-10-14"),
            ]
        };
        let place = format!("{two}/agree");
        world
            .post(who, &place, &agree("practitioner"))
            .await
            .is(200)
            .shows("Version 2 cannot be agreed before this is written");
        written(&world, &two, "second", &FORMULATION).await;
        for side in ["practitioner", "lead_worker"] {
            world.post(who, &place, &agree(side)).await.is(303);
        }
        // Version 1 is read as it was.
        world
            .get(who, &format!("{first}/read"))
            .await
            .is(200)
            .shows("Was followed to work")
            .hides("Wants to be in charge");

        // Renewed: version 2 again, with everything of it; what is changed there changes there only.
        let three = started(&world, &family, "second", "2").await;
        let renewed = world.get(who, &format!("{three}/read")).await;
        for (_, text) in texts.iter().chain(&FORMULATION) {
            renewed.shows(text);
        }
        renewed.shows("Keep a diary");
        written(
            &world,
            &three,
            "second",
            &[("nature", "Threats, and now a push")],
        )
        .await;
        let id = |plan: &str| plan.rsplit('/').next().unwrap().to_owned();
        for (later, earlier, differ) in [
            (&three, &two, "1 entry differs"),
            (&two, &first, "8 entries differ"),
            (&three, &first, "8 entries differ"),
        ] {
            world
                .get(who, &format!("{later}/beside/{}", id(earlier)))
                .await
                .is(200)
                .shows(differ);
        }
        world
            .get(who, &format!("{two}/read"))
            .await
            .shows("Threats")
            .hides("and now a push");
        // Nothing of an older version can be changed any more.
        let old = [("seen", "risk.1"), ("risk", "x")];
        for (plan, form) in [(&first, "first"), (&two, "second")] {
            world
                .post(who, &format!("{plan}/{form}"), &old)
                .await
                .is(409);
        }
        world
            .get(who, &three)
            .await
            .shows("Keep a diary")
            .hides("Changed since it was agreed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dates_of_a_plan_are_corrected_with_a_reason() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let who = &cast::PRACTITIONER;
        let plan = started(&world, &family, "first", "0").await;
        let place = format!("{plan}/dates");
        for nobody in [&cast::SPOC, &cast::EVALUATOR, &cast::INTAKE_WORKER] {
            world.get(nobody, &place).await.is(404);
        }
        let page = world.get(who, &place).await;
        page.is(200).shows("Correct the dates");
        let dates = |version, created, review| {
            [
                ("version", version),
                ("created_on", created),
                ("review_on", review),
                ("because", "Typed the wrong month"),
            ]
        };
        for (created, review, wrong) in [
            ("2026-10-15", "2026-11-25", "must not be in the future"),
            ("2026-10-13", "2026-10-13", "must be after"),
            ("31/2/2026", "2026-11-25", "Created on"),
            ("", "2026-11-25", "Created on"),
        ] {
            world
                .post(who, &place, &dates("0", created, review))
                .await
                .is(200)
                .shows("There is a problem")
                .shows(wrong)
                .shows("Typed the wrong month");
        }
        let mut silent = dates("0", "2026-10-13", "2026-11-25");
        silent[3].1 = "";
        world
            .post(who, &place, &silent)
            .await
            .is(200)
            .shows("What was wrong?");
        let good = dates("0", "2026-10-13", "2026-11-25");
        world.post(who, &place, &good).await.is(303);
        // Another window, or a second click, is told.
        world
            .post(who, &place, &good)
            .await
            .is(200)
            .shows("Somebody else corrected the dates")
            .shows("Typed the wrong month");
        world
            .get(who, &plan)
            .await
            .shows("13 October 2026")
            .shows("25 November 2026")
            .hides("11 November 2026");
        // What is due follows, and so does the client's page.
        let duties = world.get(who, &family.at("/duties")).await;
        duties.shows("25 November 2026").hides("11 November 2026");
        inside(world.get(who, &format!("{plan}/client")).await).shows("25 November 2026");
        world
            .get(who, &family.at("/chronology"))
            .await
            .shows("Dates of the plan corrected")
            .shows("Typed the wrong month");
        // After a review its next date stands; nobody moves what was agreed before the plan.
        let review = [
            ("version", "0"),
            ("held_on", "2026-10-14"),
            ("changed", "Nothing"),
            ("next_on", "2026-12-20"),
        ];
        world
            .post(who, &format!("{plan}/review"), &review)
            .await
            .is(303);
        world
            .post(who, &place, &dates("1", "2026-10-13", "2026-11-26"))
            .await
            .is(200)
            .shows("the next date is set with a review");
        world
            .post(who, &place, &dates("1", "2026-10-12", "2026-11-25"))
            .await
            .is(303);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signs_off_a_plan_with_own_work_in_it() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let (maren, joss) = (&cast::PRACTITIONER, &cast::OTHER_PRACTITIONER);
        let plan = started(&world, &family, "first", "0").await;
        let item = plan.rsplit('/').next().unwrap().to_owned();
        let sign = family.at("/supervision/sign-off");
        let fields = [("what", "plan"), ("item", item.as_str()), ("note", "Good.")];
        // The supervisor wrote one text of it, as anybody who works on it may.
        let text = [("seen", "risk.0"), ("risk", "Higher than it looks")];
        world
            .post(joss, &format!("{plan}/first?part=risk"), &text)
            .await
            .is(303);
        world
            .get(joss, &family.at("/supervision"))
            .await
            .is(200)
            .shows("You made it");
        let refused = world.post(joss, &sign, &fields).await;
        assert_ne!(refused.status, 303);
        refused.shows("You made this yourself, or part of it");
        // Carried on into the next version it is still the supervisor's.
        let next = started(&world, &family, "first", "1").await;
        let carried = next.rsplit('/').next().unwrap().to_owned();
        let again = [
            ("what", "plan"),
            ("item", carried.as_str()),
            ("note", "Good."),
        ];
        assert_ne!(world.post(joss, &sign, &again).await.status, 303);
        world.post(maren, &sign, &again).await.is(404);
        // Who had no hand in it signs.
        world
            .post(&cast::SERVICE_MANAGER, &sign, &again)
            .await
            .is(303);
        world
            .get(maren, &family.at("/supervision"))
            .await
            .shows("Good.");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn her_new_postcode_is_kept_off_a_page_that_was_written_before() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let (maren, sunniva) = (&cast::PRACTITIONER, &cast::SURVIVOR_WORKER);
        let plan = started(&world, &family, "first", "0").await;
        let goals = [("goals", "Walk past ZZ99 9CW no more")];
        written(&world, &plan, "first", &goals).await;
        let step = [
            ("what", "Letters"),
            ("client_words", "Post the letters at 9 Curlew Wharf"),
            ("sources", "workers"),
            ("may_use", "yes"),
        ];
        action(&world, &plan, &step).await;
        let step = [("what", "Sessions"), ("client_words", "Come on Monday")];
        action(&world, &plan, &step).await;
        let page = format!("{plan}/client");
        let paper = format!("{plan}/client.pdf");
        world.get(maren, &paper).await.is(200);
        inside(world.get(maren, &page).await)
            .shows("ZZ99 9CW")
            .shows("Print it");
        // A paper of the client's names the street too.
        hers(&world, &family, sunniva, &answer("given", "0", "13")).await;
        let agreement = [
            ("version", "0"),
            ("explained_on", "2026-10-14"),
            ("how", "telephone"),
            ("explained_by", "Maren Okafor"),
            ("interpreter", "not_needed"),
            ("explained", "yes"),
            ("research", "no"),
            ("confidential", "yes"),
            ("exceptions", "yes"),
            ("signing", "not_yet"),
            ("sharing.0.agency", "The shop at 9 Curlew Wharf"),
            ("sharing.0.information", "Which days suit"),
            ("sharing.0.permission", "yes"),
            ("sharing.0.on", "2026-10-14"),
        ];
        let place = family.at("/participation/confidentiality");
        world.post(maren, &place, &agreement).await.is(303);
        world.get(maren, &format!("{place}.pdf")).await.is(200);
        // She moves there.
        let form = family.at(&format!("/apart/{}/address", family.survivor));
        let shown = world.get(sunniva, &form).await;
        let version = hidden(&shown.is(200).body, "version").unwrap_or("");
        let fields = [
            ("version", version),
            ("kept", "here"),
            ("value", "9 Curlew Wharf, Wexbrook, ZZ99 9CW"),
            ("because", "She asked that we can send a taxi"),
            ("status", "current"),
        ];
        world.post(sunniva, &form, &fields).await.is(303);
        inside(world.get(maren, &page).await)
            .is(200)
            .shows("Part of this page is not shown")
            .shows("Come on Monday")
            .hides("ZZ99 9CW")
            .hides("Curlew")
            .hides("Print it");
        let got = world.get(maren, &paper).await;
        got.is(303);
        assert_eq!(got.location, page);
        let got = world.get(maren, &format!("{place}.pdf")).await;
        got.is(422).hides("Curlew");
        // Written anew, it is shown and printed.
        let goals = [("goals", "Walk past the old street no more")];
        written(&world, &plan, "first", &goals).await;
        inside(world.get(maren, &page).await).shows("the old street");
    })
    .await;
}
