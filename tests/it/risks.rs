//! Risk: what both lines read, what lies apart, and what high risk sets in motion.

use cusp::{
    demo::cast,
    risks::model::{AssessmentId, ConcernId, DisclosureId, ReferralId},
};

use crate::{
    family::{Family, Got, STORY, SURVIVOR_SECRETS, inside, open, same, seen},
    support::*,
};

/// What everybody but the survivor's side can open of a case, byte for byte.
async fn the_others(world: &World, family: &Family) -> Vec<Got> {
    let line = [&cast::PRACTITIONER, &cast::OTHER_PRACTITIONER];
    let pages = family.places(&["", "/chronology", "/duties", "/risks", "/supervision"]);
    let mut all = seen(world, &line, &pages).await;
    for got in &all {
        assert_eq!(got.status, 200, "{}", got.page);
    }
    let lists = [
        "/my-day",
        "/supervision/slips",
        "/supervision/slips.csv",
        "/cases.csv",
    ];
    all.extend(seen(world, &line, &lists.map(str::to_owned)).await);
    let further = [
        &cast::SPOC,
        &cast::EVALUATOR,
        &cast::PROVIDER_WORKER,
        &cast::ADMINISTRATOR,
    ];
    let pathways = format!("/agencies/{}/pathways", cast::LARKMOOR);
    all.extend(seen(world, &further, &[family.at("/risks"), pathways]).await);
    all
}

/// Records high risk as the practitioner, and gives the assessment.
async fn high(world: &World, family: &Family) -> AssessmentId {
    let id = AssessmentId::new();
    let place = family.at(&format!("/risks/{id}/record"));
    let answer = world
        .post(
            &cast::PRACTITIONER,
            &place,
            &[("level", "high"), ("marac", "yes")],
        )
        .await;
    answer.is(303);
    assert!(answer.location.ends_with("done=high"));
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn what_she_said_and_to_whom_she_was_referred_leaves_no_trace() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        high(&world, &family).await;
        let before = the_others(&world, &family).await;
        let (said, concern) = (DisclosureId::new(), ConcernId::new());
        let apart = |rest: &str| family.at(&format!("/apart/risks{rest}"));
        for (place, fields) in [
            (
                apart(&format!("/said/{said}")),
                vec![("words", "He waits at the blue gate.")],
            ),
            (
                apart(&format!("/concerns/{concern}/raise")),
                vec![("words", "He found the otter book.")],
            ),
            (
                apart(&format!("/concerns/{concern}")),
                vec![("done", "New code word.")],
            ),
            (
                family.at(&format!("/risks/referred/{}", ReferralId::new())),
                vec![
                    ("target", "idva"),
                    ("service", "Kestrel advisers"),
                    ("made", "referred"),
                    ("made_on", "2026-10-14"),
                ],
            ),
        ] {
            let answer = world.post(&cast::SURVIVOR_WORKER, &place, &fields).await;
            answer.is(303);
        }
        let after = the_others(&world, &family).await;
        same(&before, &after);
        for page in &after {
            for secret in [
                "blue gate",
                "otter book",
                "code word",
                "Kestrel",
                "IDVA service: risk",
            ] {
                assert!(!page.body.contains(secret), "{secret}: {page:?}");
            }
        }
        for who in [
            &cast::PRACTITIONER,
            &cast::OTHER_PRACTITIONER,
            &cast::SERVICE_MANAGER,
        ] {
            for rest in ["", "/said", "/concern"] {
                world.get(who, &apart(rest)).await.is(404);
            }
            let place = apart(&format!("/said/{}", DisclosureId::new()));
            world.post(who, &place, &[("words", "x")]).await.is(404);
        }
        for secret in [
            "blue gate",
            "otter book",
            "New code word.",
            "Kestrel advisers",
        ] {
            world
                .get(&cast::SURVIVOR_WORKER, &apart(""))
                .await
                .is(200)
                .shows(secret);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn high_risk_is_due_at_once_and_reaches_the_supervisor() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        // Friday at four; nobody works until Monday.
        world.set_clock("2026-10-16T15:00:00Z");
        world.forget(&cast::PRACTITIONER);
        high(&world, &family).await;
        let due = "Refer to the IDVA service";
        let day = async |who| {
            world.forget(who);
            world.get(who, "/my-day").await
        };
        day(&cast::SURVIVOR_WORKER)
            .await
            .shows(due)
            .shows("Refer to MARAC");
        day(&cast::PRACTITIONER).await.hides(due);
        world.set_clock("2026-10-17T14:00:00Z");
        day(&cast::TEAM_MANAGER).await.hides(due);
        world.set_clock("2026-10-17T15:01:00Z");
        day(&cast::TEAM_MANAGER).await.shows(due);
        // Whoever made it records it, the practitioner too.
        world.forget(&cast::PRACTITIONER);
        let fields = |target| {
            [
                ("target", target),
                ("made", "referred"),
                ("made_on", "2026-10-16"),
            ]
        };
        let place = || family.at(&format!("/risks/referred/{}", ReferralId::new()));
        world
            .get(&cast::PRACTITIONER, &family.at("/risks/referred"))
            .await
            .is(200);
        for target in ["idva", "marac"] {
            world
                .post(&cast::PRACTITIONER, &place(), &fields(target))
                .await
                .is(303);
        }
        day(&cast::TEAM_MANAGER).await.hides(due);
        world.forget(&cast::SURVIVOR_WORKER);
        world
            .get(&cast::SURVIVOR_WORKER, &family.at("/duties"))
            .await
            .shows(due)
            .shows("Done on time, recorded late");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn danger_is_recorded_with_a_level_alone() {
    on_each_engine(|world| async move {
        let maren = &cast::PRACTITIONER;
        let family = open(&world, STORY).await;
        world
            .get(maren, &family.at("/risks"))
            .await
            .shows("No risk is recorded yet");
        world
            .get(maren, &family.at("/risks/new"))
            .await
            .is(200)
            .shows("Persephone");
        let record = |id: AssessmentId| family.at(&format!("/risks/{id}/record"));
        let (first, second) = (AssessmentId::new(), AssessmentId::new());
        for _ in 0..2 {
            world
                .post(maren, &record(first), &[("level", "medium")])
                .await
                .is(303);
        }
        let page = world.get(maren, &family.at("/risks")).await;
        page.shows("Persephone")
            .shows("Medium")
            .hides("Risk is high");
        assert_eq!(page.body.matches("Correct it").count(), 1);
        // Judgement raises, also without its reason, and never lowers.
        for (judgement, reason, shown) in [
            ("high", "", "No reason was given"),
            ("standard", "", "It never lowers the level"),
        ] {
            let fields = [
                ("level", "medium"),
                ("judgement", judgement),
                ("judgement_reason", reason),
            ];
            let id = AssessmentId::new();
            world.post(maren, &record(id), &fields).await.is(303);
            world.get(maren, &family.at("/risks")).await.shows(shown);
        }
        // A re-check carries forward what was yes.
        let dash = [
            ("level", "high"),
            ("tool", "dash"),
            ("extent", "full"),
            ("score", "15"),
        ];
        world.post(maren, &record(second), &dash).await.is(303);
        let again = world
            .get(maren, &family.at("/risks/new?extent=recheck"))
            .await;
        again.is(200).shows("value=\"15\"");
        let recheck = [
            ("level", "standard"),
            ("tool", "dash"),
            ("extent", "recheck"),
            ("score", "2"),
        ];
        world
            .post(maren, &record(AssessmentId::new()), &recheck)
            .await
            .is(303);
        world
            .get(maren, &family.at("/risks"))
            .await
            .shows("15, with what was yes before")
            .shows("Risk is high")
            .shows("need nobody");
        // Corrected: the earlier entry stays and counts no longer.
        let correct = family.at(&format!("/risks/{second}/correct"));
        world
            .get(maren, &correct)
            .await
            .is(200)
            .shows("value=\"15\"");
        let fields = [("level", "standard"), ("because", "Another family.")];
        world.post(maren, &correct, &fields).await.is(303);
        world.post(maren, &correct, &fields).await.is(409);
        world
            .get(maren, &family.at("/risks"))
            .await
            .shows("Corrected")
            .shows("Another family.")
            .hides("Risk is high");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_typed_is_lost_of_a_bad_assessment() {
    on_each_engine(|world| async move {
        let maren = &cast::PRACTITIONER;
        let family = open(&world, STORY).await;
        let other = open(&world, crate::family::Story { number: 2, ..STORY }).await;
        let place = family.at(&format!("/risks/{}/record", AssessmentId::new()));
        let stranger = other.survivor.to_string();
        let long = "x".repeat(20_001);
        for (field, text, said) in [
            ("level", "", "What level does the tool"),
            ("level", "purple", "is not one of the choices"),
            ("assessed_on", "2026-10-15", "must not be in the future"),
            ("assessed_on", "30 2 2026", "must be a real date"),
            ("score", "ten", "must be a whole number"),
            ("held_at", long.as_str(), "must be"),
            ("part", stranger.as_str(), "Choose somebody of this case"),
        ] {
            let mut fields = vec![("summary", "Chokes."), ("level", "high")];
            fields.retain(|(name, _)| *name != field);
            fields.push((field, text));
            let page = world.post(maren, &place, &fields).await;
            page.is(200)
                .shows("There is a problem")
                .shows(said)
                .shows("Chokes.");
        }
        world
            .post(maren, &place, &[("level", "high"), ("x", "y")])
            .await
            .is(422);
        world
            .get(maren, &family.at("/risks"))
            .await
            .shows("No risk is recorded yet");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_concern_is_taken_up_by_the_line_it_is_for() {
    on_each_engine(|world| async move {
        let (maren, sunniva) = (&cast::PRACTITIONER, &cast::SURVIVOR_WORKER);
        let family = open(&world, STORY).await;
        let id = ConcernId::new();
        let raise = family.at(&format!("/risks/concerns/{id}/raise"));
        let take = family.at(&format!("/risks/concerns/{id}"));
        // Words that would lead to her stay with who knows her.
        let leak = format!("He must not learn of {}", SURVIVOR_SECRETS[0]);
        let page = world
            .post(sunniva, &raise, &[("line", "client"), ("words", &leak)])
            .await;
        page.is(200)
            .shows("cannot be passed on as it is")
            .shows("Quillfeather");
        // Whoever does not know gets no answer from the same words: a refusal would tell.
        let guess = family.at(&format!("/risks/concerns/{}/raise", ConcernId::new()));
        world
            .post(maren, &guess, &[("line", "survivor"), ("words", &leak)])
            .await
            .is(303);
        let fields = [("line", "client"), ("words", "Be careful on Fridays.")];
        for _ in 0..2 {
            world.post(sunniva, &raise, &fields).await.is(303);
        }
        let page = inside(world.get(maren, &family.at("/risks")).await);
        page.shows("nobody has taken up yet")
            .shows("Be careful on Fridays.")
            .hides("Sunniva Hale");
        world.get(sunniva, &take).await.is(404);
        world.post(sunniva, &take, &[("done", "x")]).await.is(404);
        let page = world.post(maren, &take, &[("done", "")]).await;
        page.is(200)
            .shows("There is a problem")
            .shows("Be careful on Fridays.");
        world
            .post(maren, &take, &[("done", "No session on Friday.")])
            .await
            .is(303);
        world
            .post(maren, &take, &[("done", "Again.")])
            .await
            .is(409);
        world
            .get(sunniva, &family.at("/risks"))
            .await
            .shows("No session on Friday.")
            .shows("Maren Okafor");
        world
            .get(maren, &family.at("/chronology"))
            .await
            .shows("Concern taken up");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_to_ring_stands_beside_the_level() {
    on_each_engine(|world| async move {
        let rohan = &cast::SPOC;
        let family = open(&world, STORY).await;
        let place = format!("/agencies/{}/pathways", cast::LARKMOOR);
        world
            .get(rohan, &place)
            .await
            .is(200)
            .shows("Nobody is named for this level yet");
        let fields = [
            ("level", "high"),
            ("service", "Kestrel advisers"),
            ("who", "Duty adviser"),
            ("telephone", "07700 900555"),
        ];
        world.post(rohan, &place, &fields).await.is(303);
        let page = world
            .post(rohan, &place, &[("who", "Nobody in particular")])
            .await;
        page.is(200)
            .shows("There is a problem")
            .shows("Nobody in particular");
        world
            .get(&cast::PRACTITIONER, &family.at("/risks"))
            .await
            .hides("Kestrel");
        high(&world, &family).await;
        world
            .get(&cast::PRACTITIONER, &family.at("/risks"))
            .await
            .shows("Kestrel advisers")
            .shows("07700 900555");
        let page = world.get(rohan, &place).await;
        let end = page
            .body
            .split("action=\"")
            .filter_map(|rest| rest.split('"').next())
            .find(|action| action.ends_with("/ended"))
            .unwrap()
            .to_owned();
        world.set_clock("2026-11-02T09:00:00Z");
        world.forget(rohan);
        let check = end.replace("/ended", "/checked");
        world.post(rohan, &check, &[]).await.is(303);
        world.get(rohan, &place).await.shows("2 November 2026");
        world.post(rohan, &end, &[]).await.is(303);
        world.post(rohan, &end, &[]).await.is(409);
        world.get(rohan, &place).await.hides("Kestrel");
        let other = format!("/agencies/{}/pathways", cast::WEXBROOK);
        world.get(rohan, &other).await.is(404);
        for who in [&cast::PRACTITIONER, &cast::SOCIAL_WORKER, &cast::EVALUATOR] {
            world.forget(who);
            world.get(who, &place).await.is(404);
        }
    })
    .await;
}
