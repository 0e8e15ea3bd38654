//! The plan: who reads it, two people writing at once, versions, the client's own page.

use cusp::demo::cast::{self, Persona};

use crate::{
    family::{
        CHILD_SECRETS, Family, OTHER_SECRETS, STORY, SURVIVOR_SECRETS, Story, TIED, inside, open,
    },
    support::*,
    tying::{dense, text_of},
};

/// What only the survivor's side may read about the plan.
const APART: [&str; 6] = [
    "The key lies with the neighbour in the green house",
    "She keeps the phone charged under the stairs",
    "Wants to open an account of her own",
    "She says the plan forgets the handovers",
    "He hides in the wardrobe on Fridays",
    "Fears that time-out becomes a way to leave her with the bill",
];

/// Starts version 1 and says where it is.
async fn started(world: &World, family: &Family) -> String {
    let fields = [
        ("version", "0"),
        ("form", "first"),
        ("created_on", "2026-10-14"),
        ("review_on", "2026-11-11"),
    ];
    let answer = world
        .post(&cast::PRACTITIONER, &family.at("/plans/new"), &fields)
        .await;
    answer.is(303);
    answer.location.split('?').next().unwrap().to_owned()
}

/// The value of the hidden field that says which texts a page showed.
fn seen(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"seen\" value=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// Where the form of a new action goes.
fn action_place(page: &str) -> String {
    let (_, rest) = page.split_once("action=\"/cases/").unwrap();
    let mut rest = rest;
    loop {
        let (place, after) = rest.split_once('"').unwrap();
        if place.contains("/actions/") {
            return format!("/cases/{place}");
        }
        rest = after.split_once("action=\"/cases/").unwrap().1;
    }
}

async fn new_action(world: &World, who: &Persona, plan: &str, fields: &[(&str, &str)]) -> String {
    let page = world.get(who, &format!("{plan}/actions/new")).await;
    let place = action_place(&page.is(200).body);
    let mut all = vec![
        ("version", "0"),
        ("agreed_on", "2026-10-14"),
        ("proposed_on", "2026-11-02"),
        ("outcome", "open"),
    ];
    all.extend_from_slice(fields);
    world.post(who, &place, &all).await.is(303);
    place
}

/// Everything of the plan that the client line opens.
fn pages(plan: &str, family: &Family) -> Vec<String> {
    let mut pages: Vec<String> = [
        "",
        "/read",
        "/first",
        "/first?part=risk",
        "/actions/new",
        "/agree",
        "/review",
        "/client",
        "/copy",
    ]
    .into_iter()
    .map(|place| format!("{plan}{place}"))
    .collect();
    for place in [
        "",
        "/chronology",
        "/duties",
        "/plans/new",
        "/plans/assessments",
        "/trail",
    ] {
        pages.push(family.at(place));
    }
    pages.push("/my-day".to_owned());
    pages.push("/cases".to_owned());
    pages
}

/// What the survivor's side records about a plan.
async fn recorded_apart(world: &World, family: &Family) {
    let who = &cast::SURVIVOR_WORKER;
    let at = |place: &str| family.at(&format!("/apart/plan/{place}"));
    let post = async |place: String, fields: &[(&str, &str)]| {
        world.post(who, &place, fields).await.is(303);
    };
    post(
        at(&format!("{}/safety", family.survivor)),
        &[
            ("version", "0"),
            ("asked_on", "2026-10-14"),
            ("text", APART[0]),
            ("affirmed", APART[1]),
        ],
    )
    .await;
    let page = world
        .get(who, &at(&format!("{}/new", family.survivor)))
        .await;
    post(
        action_place(&page.is(200).body),
        &[
            ("version", "0"),
            ("what", APART[2]),
            ("proposed_on", "2026-10-20"),
        ],
    )
    .await;
    post(
        at(&format!("{}/view", family.survivor)),
        &[
            ("heard_on", "2026-10-14"),
            ("said", APART[3]),
            ("used", "Added to safety"),
        ],
    )
    .await;
    post(
        at(&format!("{}/said", family.child)),
        &[
            ("heard_on", "2026-10-14"),
            ("said", APART[4]),
            ("used", "Added to safety"),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_survivors_side_records_leaves_the_client_line_as_it_was() {
    on_each_engine(|world| async move {
        let mut worlds = Vec::new();
        for number in [1, 2] {
            let family = open(&world, Story { number, ..STORY }).await;
            let plan = started(&world, &family).await;
            let exercise = new_action(
                &world,
                &cast::PRACTITIONER,
                &plan,
                &[
                    ("what", "Time-out"),
                    ("owner", "client"),
                    ("exercise", "yes"),
                    ("client_words", "Leave the room and walk for an hour"),
                ],
            )
            .await;
            if number == 1 {
                recorded_apart(&world, &family).await;
                // She was asked, and said no: to the other line that is the same as not asked.
                let id = exercise.rsplit('/').next().unwrap().to_owned();
                let fields = [
                    ("asked_on", "2026-10-14"),
                    ("informed", "yes"),
                    ("consulted", "yes"),
                    ("consents", "no"),
                    ("understands", "yes"),
                    ("note", APART[5]),
                ];
                world
                    .post(
                        &cast::SURVIVOR_WORKER,
                        &family.at(&format!("/apart/exercises/{id}")),
                        &fields,
                    )
                    .await
                    .is(303);
            }
            worlds.push((family, plan, exercise, number));
        }
        for who in [&cast::PRACTITIONER, &cast::OTHER_PRACTITIONER] {
            let mut both: Vec<Vec<String>> = Vec::new();
            for (family, plan, exercise, number) in &worlds {
                let mut bodies = Vec::new();
                let mut all = pages(plan, family);
                all.push(exercise.clone());
                // Lists of several cases hold both worlds, so they are compared once each.
                all.retain(|page| page.starts_with("/cases/"));
                for page in all {
                    let answer = inside(world.get(who, &page).await);
                    for secret in APART
                        .iter()
                        .chain(&SURVIVOR_SECRETS)
                        .chain(&CHILD_SECRETS)
                        .chain(&OTHER_SECRETS)
                    {
                        answer.hides(secret);
                    }
                    // A page that is not there says so under a reference of its own.
                    let mut body = match answer.status {
                        200 => answer.body,
                        other => other.to_string(),
                    };
                    let ids = [
                        plan.rsplit('/').next().unwrap().to_owned(),
                        exercise.rsplit('/').next().unwrap().to_owned(),
                        family.case.to_string(),
                        family.client.to_string(),
                        family.survivor.to_string(),
                        family.child.to_string(),
                        family.other.to_string(),
                        format!("CL-{number:04}"),
                    ];
                    for id in ids {
                        body = body.replace(&id, "ID");
                    }
                    bodies.push(without_fresh_ids(&body));
                }
                both.push(bodies);
            }
            for (number, (one, other)) in both[0].iter().zip(&both[1]).enumerate() {
                assert_eq!(one, other, "{} page {number}", who.name);
            }
            for place in ["/apart/plan", "/apart/chronology"] {
                world.get(who, &worlds[0].0.at(place)).await.is(404);
            }
            let forbidden = worlds[0]
                .0
                .at(&format!("/apart/plan/{}/safety", worlds[0].0.survivor));
            let answer = world.post(who, &forbidden, &[("text", "x")]).await;
            answer.is(404);
        }
        // The control: her side reads every word.
        let kept = world
            .get(&cast::SURVIVOR_WORKER, &worlds[0].0.at("/apart/plan"))
            .await;
        kept.is(200);
        for secret in APART {
            kept.shows(secret);
        }
        kept.shows("Not to be used");
    })
    .await;
}

/// A page without the ids that are made anew each time it is drawn.
fn without_fresh_ids(body: &str) -> String {
    let mut out = String::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("/actions/") {
        out.push_str(before);
        out.push_str("/actions/");
        rest = after.trim_start_matches(|c: char| c.is_ascii_hexdigit() || c == '-');
    }
    out.push_str(rest);
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_part_in_it_finds_nothing() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let plan = started(&world, &family).await;
        for who in [
            &cast::SPOC,
            &cast::EVALUATOR,
            &cast::ADMINISTRATOR,
            &cast::OUTSIDER,
        ] {
            for page in pages(&plan, &family)
                .into_iter()
                .filter(|page| page.contains("/plans"))
            {
                world.get(who, &page).await.is(404);
            }
            world
                .post(who, &family.at("/plans/new"), &[("version", "0")])
                .await
                .is(404);
        }
        let other = open(&world, Story { number: 2, ..STORY }).await;
        let id = plan.rsplit('/').next().unwrap();
        world
            .get(&cast::PRACTITIONER, &other.at(&format!("/plans/{id}")))
            .await
            .is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_write_one_text_and_nothing_is_lost() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let plan = started(&world, &family).await;
        let place = format!("{plan}/first");
        let (one, other) = (&cast::PRACTITIONER, &cast::SOCIAL_WORKER);
        let mine = seen(&world.get(one, &place).await.is(200).body);
        let theirs = seen(&world.get(other, &place).await.is(200).body);
        assert_eq!(mine, theirs);
        // Two texts never meet.
        world
            .post(
                one,
                &place,
                &[("seen", &mine), ("risk", "Choked her in May")],
            )
            .await
            .is(303);
        world
            .post(
                other,
                &place,
                &[("seen", &theirs), ("needs", "Housing"), ("risk", "")],
            )
            .await
            .is(303);
        let read = format!("{plan}/read");
        world
            .get(one, &read)
            .await
            .shows("Choked her in May")
            .shows("Housing");
        // One text does: both are shown, and the page still holds all that was typed.
        let answer = world
            .post(
                other,
                &place,
                &[
                    ("seen", &theirs),
                    ("risk", "Breathes hard & <b>shouts</b>"),
                    ("safety", "Ring before a visit"),
                ],
            )
            .await;
        answer
            .is(409)
            .shows("Choked her in May")
            .shows(cast::PRACTITIONER.name)
            .shows("Breathes hard &#38; &#60;b&#62;shouts&#60;/b&#62;")
            .shows("Ring before a visit")
            .shows("Housing");
        world.get(one, &read).await.hides("Ring before a visit");
        // Saved again from that page, it stands; the other text stays in the record.
        let now = seen(&answer.body);
        world
            .post(
                other,
                &place,
                &[
                    ("seen", &now),
                    ("risk", "Choked her in May; shouts"),
                    ("safety", "Ring before a visit"),
                    ("needs", "Housing"),
                ],
            )
            .await
            .is(303);
        world
            .get(one, &read)
            .await
            .shows("Choked her in May; shouts")
            .shows("Ring before a visit");
        // A second click changes nothing.
        world
            .post(
                one,
                &place,
                &[("seen", &mine), ("risk", "Choked her in May; shouts")],
            )
            .await
            .is(303);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_save_one_action_and_nothing_is_lost() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let plan = started(&world, &family).await;
        let place = new_action(
            &world,
            &cast::PRACTITIONER,
            &plan,
            &[("what", "Move to his brother’s"), ("owner", "client")],
        )
        .await;
        let fields = |notes: &'static str, version: &'static str| {
            vec![
                ("version", version),
                ("what", "Move to his brother’s"),
                ("owner", "client"),
                ("agreed_on", "2026-10-14"),
                ("proposed_on", "2026-11-02"),
                ("outcome", "open"),
                ("notes", notes),
            ]
        };
        world
            .post(
                &cast::SOCIAL_WORKER,
                &place,
                &fields("Rang him, no answer", "1"),
            )
            .await
            .is(303);
        let answer = world
            .post(
                &cast::PRACTITIONER,
                &place,
                &fields("He has a key now", "1"),
            )
            .await;
        answer
            .is(409)
            .shows("Rang him, no answer")
            .shows("He has a key now")
            .shows("name=\"version\" value=\"2\"");
        world
            .post(
                &cast::PRACTITIONER,
                &place,
                &fields("Rang him; has a key", "2"),
            )
            .await
            .is(303);
        // The same again, from the page before: a second click.
        world
            .post(
                &cast::PRACTITIONER,
                &place,
                &fields("Rang him; has a key", "2"),
            )
            .await
            .is(303);
        world
            .get(&cast::PRACTITIONER, &plan)
            .await
            .shows("Rang him; has a key");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_carries_everything_on_and_the_old_one_stays() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let plan = started(&world, &family).await;
        let who = &cast::PRACTITIONER;
        let shown = seen(&world.get(who, &format!("{plan}/first")).await.body);
        let texts = [
            ("seen", shown.as_str()),
            ("risk", "Was followed to work"),
            ("goals", "Be a calm father"),
            ("motivation", "Wants to see the children"),
            ("stage", "contemplation"),
            ("work", "emotions"),
            ("work", "denial"),
        ];
        world
            .post(who, &format!("{plan}/first"), &texts)
            .await
            .is(303);
        new_action(
            &world,
            who,
            &plan,
            &[("what", "Keep a diary"), ("owner", "client")],
        )
        .await;
        // Version 2 is not open, and the refusal says the same whatever the reason.
        let second = |form: &'static str| {
            [
                ("version", "1"),
                ("form", form),
                ("created_on", "2026-10-14"),
                ("review_on", "2026-12-01"),
            ]
        };
        let refused = world
            .post(who, &family.at("/plans/new"), &second("second"))
            .await;
        refused.is(200).shows(cusp::plans::rules::NOT_YET);
        let answer = world
            .post(who, &family.at("/plans/new"), &second("first"))
            .await;
        answer.is(303);
        let next = answer.location.split('?').next().unwrap().to_owned();
        assert_ne!(next, plan);
        // A second click starts no third version.
        let again = world
            .post(who, &family.at("/plans/new"), &second("first"))
            .await;
        again.is(303);
        assert_eq!(again.location, family.at("/plans"));
        for text in [
            "Was followed to work",
            "Be a calm father",
            "Work on denial",
            "Keep a diary",
        ] {
            world.get(who, &format!("{next}/read")).await.shows(text);
        }
        let shown = seen(&world.get(who, &format!("{next}/first")).await.body);
        world
            .post(
                who,
                &format!("{next}/first?part=risk"),
                &[("seen", "risk.1"), ("risk", "Was followed home")],
            )
            .await
            .is(303);
        assert!(shown.contains("risk.1"));
        world
            .get(who, &format!("{plan}/read"))
            .await
            .shows("Was followed to work")
            .hides("Was followed home");
        let old = plan.rsplit('/').next().unwrap();
        world
            .get(who, &format!("{next}/beside/{old}"))
            .await
            .is(200)
            .shows("Was followed to work")
            .shows("Was followed home")
            .shows("Changed")
            .shows("1 entry differs");
        // The old one is only read.
        world
            .post(
                who,
                &format!("{plan}/first"),
                &[("seen", "risk.1"), ("risk", "x")],
            )
            .await
            .is(409);
        // Its review is held by making the next; the next review is owed.
        world
            .get(who, &format!("{plan}/read"))
            .await
            .shows("Version 1 was made anew.");
        let kept = world.get(who, &family.at("/duties")).await;
        kept.is(200)
            .shows("Review the plan")
            .shows("1 December 2026");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clients_paper_holds_what_was_written_for_the_client_and_nothing_else() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let plan = started(&world, &family).await;
        let who = &cast::PRACTITIONER;
        let shown = seen(&world.get(who, &format!("{plan}/first")).await.body);
        let texts = [
            ("seen", shown.as_str()),
            ("presenting", "Workers only: presenting"),
            ("risk", "Workers only: risk"),
            ("needs", "Workers only: needs"),
            ("goals", "Be a calm father"),
            ("motivation", "Workers only: motivation"),
            ("strengths", "Workers only: strengths"),
            ("safety", "Workers only: safety"),
            ("follow_up", "Workers only: follow-up"),
        ];
        world
            .post(who, &format!("{plan}/first"), &texts)
            .await
            .is(303);
        // No action of the client: the plan says so, and is saved all the same.
        world
            .get(who, &plan)
            .await
            .shows("This plan has no concrete action that the client owns.");
        new_action(
            &world,
            who,
            &plan,
            &[
                ("what", "Workers only: action"),
                ("owner", "client"),
                ("measure", "Workers only: measure"),
                ("notes", "Workers only: notes"),
                ("client_words", "Come to the first session"),
                ("sources", "workers"),
                ("may_use", "yes"),
            ],
        )
        .await;
        new_action(
            &world,
            who,
            &plan,
            &[
                ("what", "Workers only: of the lead worker"),
                ("owner", "lead_worker"),
            ],
        )
        .await;
        let exercise = new_action(
            &world,
            who,
            &plan,
            &[
                ("what", "Workers only: time-out"),
                ("owner", "client"),
                ("exercise", "yes"),
                ("client_words", "Walk away for an hour"),
            ],
        )
        .await;
        world
            .get(who, &plan)
            .await
            .hides("This plan has no concrete");
        let page = inside(world.get(who, &format!("{plan}/client")).await);
        page.is(200)
            .shows("Be a calm father")
            .shows("Come to the first session")
            .shows("2 November 2026")
            .shows("11 November 2026")
            .hides("Workers only")
            .hides("Walk away")
            .hides(STORY.client)
            .hides(STORY.survivor);
        let paper = world.get(who, &format!("{plan}/client.pdf")).await;
        paper.is(200);
        let text = dense(&text_of(&paper.bytes));
        for shown in [
            "Be a calm father",
            "Come to the first session",
            "CL-0001",
            cast::PRACTITIONER.name,
        ] {
            assert!(text.contains(&dense(shown)), "{shown}: {text}");
        }
        for hidden in [
            "Workers only",
            "Walk away",
            STORY.client,
            STORY.survivor,
            STORY.child,
            "Practitioner",
            &family.case.to_string(),
        ] {
            assert!(!text.contains(&dense(hidden)), "{hidden}: {text}");
        }
        // Once the other side says that it may be used, the exercise stands on the page.
        let id = exercise.rsplit('/').next().unwrap();
        let place = family.at(&format!("/apart/exercises/{id}"));
        let yes = [
            ("asked_on", "2026-10-14"),
            ("informed", "yes"),
            ("consulted", "yes"),
            ("consents", "yes"),
            ("understands", "yes"),
        ];
        world
            .post(&cast::SURVIVOR_WORKER, &place, &yes)
            .await
            .is(303);
        world
            .get(who, &format!("{plan}/client"))
            .await
            .shows("Walk away for an hour");
        // Who works with the survivor has no part in the client's page.
        world
            .get(&cast::SURVIVOR_WORKER, &format!("{plan}/client.pdf"))
            .await
            .is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_for_the_client_that_gives_something_away_is_not_saved() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let plan = started(&world, &family).await;
        let who = &cast::PRACTITIONER;
        let fields = [
            ("seen", "goals.0"),
            ("goals", "Post cards to 9 Quillfeather Court, zz99 1qq"),
        ];
        world
            .post(who, &format!("{plan}/first?part=goals"), &fields)
            .await
            .is(200)
            .shows("cannot be saved, because the client may read it")
            .shows("Post cards to 9 Quillfeather");
        let page = world.get(who, &format!("{plan}/actions/new")).await;
        let place = action_place(&page.body);
        let action = [
            ("version", "0"),
            ("what", "Write a letter"),
            ("owner", "client"),
            ("agreed_on", "2026-10-14"),
            ("proposed_on", "2026-11-02"),
            ("client_words", "Ring 07700900771 on Friday"),
        ];
        world
            .post(who, &place, &action)
            .await
            .is(200)
            .shows("cannot be saved, because the client may read it")
            .shows("Ring 07700900771 on Friday");
        world
            .get(who, &format!("{plan}/read"))
            .await
            .hides("Quillfeather");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_plan_by_its_forms() {
    on_each_engine(|world| async move {
        let family = open(
            &world,
            Story {
                ties: TIED,
                ..STORY
            },
        )
        .await;
        let who = &cast::PRACTITIONER;
        // Nobody started one: the page is the form that starts it.
        let empty = world.get(who, &family.at("/plans")).await;
        empty.is(303);
        assert_eq!(empty.location, family.at("/plans/new"));
        let plan = started(&world, &family).await;
        // One heading: where it comes from, and whether it may be used.
        world
            .post(
                who,
                &format!("{plan}/first?part=strengths"),
                &[
                    ("seen", "strengths.0"),
                    ("strengths", "Takes them to school every day"),
                    ("sources", "survivor"),
                    ("may_use", "yes"),
                ],
            )
            .await
            .is(200)
            .shows("is not used with the client: answer no")
            .shows("Takes them to school every day");
        world
            .post(
                who,
                &format!("{plan}/first?part=strengths"),
                &[
                    ("seen", "strengths.0"),
                    ("strengths", "Takes them to school every day"),
                    ("sources", "survivor"),
                    ("may_use", "no"),
                ],
            )
            .await
            .is(303);
        // Assessments.
        let input = [
            ("kind", "needs"),
            ("tool", "Needs analysis 3"),
            ("made_on", "2026-10-14"),
            ("author", "N. Body"),
            ("summary", "Debts and drink"),
        ];
        let assessments = family.at("/plans/assessments");
        world.post(who, &assessments, &input).await.is(303);
        world.post(who, &assessments, &input).await.is(303);
        let page = world.get(who, &assessments).await;
        assert_eq!(page.body.matches("Debts and drink").count(), 1);
        // Agreed by both; each once.
        let agree = |side: &'static str| {
            [
                ("side", side),
                ("name", "Somebody"),
                ("agreed_on", "2026-10-14"),
            ]
        };
        let place = format!("{plan}/agree");
        world
            .post(who, &place, &agree("practitioner"))
            .await
            .is(303);
        world.post(who, &place, &agree("lead_worker")).await.is(303);
        world
            .post(who, &place, &agree("lead_worker"))
            .await
            .is(200)
            .shows("has agreed to this version already");
        // A text saved after that says so.
        world.set_clock("2026-10-14T09:05:00Z");
        world
            .post(
                who,
                &format!("{plan}/first?part=risk"),
                &[("seen", "risk.0"), ("risk", "Higher")],
            )
            .await
            .is(303);
        world
            .get(who, &plan)
            .await
            .shows("Changed since it was agreed");
        // Reviewed in time, the next date set; a page drawn before that is stale.
        let review = |changed: &'static str| {
            [
                ("version", "0"),
                ("held_on", "2026-10-14"),
                ("changed", changed),
                ("next_on", "2026-11-20"),
            ]
        };
        let place = format!("{plan}/review");
        world
            .post(who, &place, &review("Risk is higher"))
            .await
            .is(303);
        world
            .post(&cast::SOCIAL_WORKER, &place, &review("Nothing new"))
            .await
            .is(409)
            .shows("Somebody else recorded a review")
            .shows("Nothing new");
        world
            .get(who, &plan)
            .await
            .shows("20 November 2026")
            .shows("Risk is higher");
        // No copy before a permission is recorded.
        let copies = format!("{plan}/copy");
        world
            .get(who, &copies)
            .await
            .shows("No copy of this version is permitted yet");
        let nobody = kernel::ids::CaseId::new();
        for place in ["", "/plan.pdf", "/plan.csv"] {
            world
                .get(who, &format!("{copies}/{nobody}{place}"))
                .await
                .is(404);
        }
        let permission = [
            ("system", "Case system"),
            ("given_by", "Programme lead"),
            ("given_on", "2026-10-14"),
        ];
        world.post(who, &copies, &permission).await.is(303);
        let page = world.get(who, &copies).await;
        let (_, rest) = page.body.split_once(&format!("{copies}/")).unwrap();
        let id = rest.split_once('"').unwrap().0.to_owned();
        world
            .get(who, &format!("{copies}/{id}"))
            .await
            .is(200)
            .shows("Takes them to school every day")
            .shows("This plan has no concrete action");
        let paper = world.get(who, &format!("{copies}/{id}/plan.pdf")).await;
        let text = dense(&text_of(&paper.is(200).bytes));
        assert!(text.contains(&dense(
            "This plan has no concrete action that the client owns"
        )));
        world
            .get(who, &format!("{copies}/{id}/plan.csv"))
            .await
            .is(200)
            .shows("Proposed date for completion");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_keeps_what_was_typed() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let who = &cast::PRACTITIONER;
        let new = family.at("/plans/new");
        for (created, review, said) in [
            ("2026-10-15", "2026-11-11", "must not be in the future"),
            (
                "2026-10-14",
                "2026-10-14",
                "must be after the day it was made",
            ),
            ("2026-02-31", "2026-11-11", "must be a real date"),
            ("2026-10-14", "", "Answer “Review date”"),
        ] {
            let fields = [
                ("version", "0"),
                ("form", "first"),
                ("created_on", created),
                ("review_on", review),
            ];
            world.post(who, &new, &fields).await.is(200).shows(said);
        }
        world.post(who, &new, &[("form", "third")]).await.is(200);
        world.post(who, &new, &[("nobody", "asked")]).await.is(422);
        let plan = started(&world, &family).await;
        let texts = format!("{plan}/first");
        let long = "ب".repeat(8001);
        world
            .post(who, &texts, &[("seen", "risk.0"), ("risk", &long)])
            .await
            .is(200)
            .shows("take out 1")
            .shows(&long);
        world
            .post(
                who,
                &texts,
                &[
                    ("seen", "stage.0 work.0 risk.0"),
                    ("work", "parenting"),
                    ("risk", "Kept"),
                ],
            )
            .await
            .is(200)
            .shows("Say at which stage of change")
            .shows("Kept");
        // A form of the other version is no page of this one.
        world.get(who, &format!("{plan}/second")).await.is(404);
        let place = action_place(&world.get(who, &format!("{plan}/actions/new")).await.body);
        for (field, value, said) in [
            ("owner", "survivor", "is not one of the choices"),
            (
                "proposed_on",
                "2026-10-01",
                "must not be before the day it was agreed",
            ),
            ("outcome", "done", "Say when it was done"),
            ("outcome", "dropped", "Say why it is no longer needed"),
            ("owner", "agency", "Name the worker or the agency"),
        ] {
            let mut fields = vec![
                ("version", "0"),
                ("what", "Kept <i>as typed</i>"),
                ("agreed_on", "2026-10-14"),
            ];
            for (name, usual) in [
                ("owner", "client"),
                ("proposed_on", "2026-11-02"),
                ("outcome", "open"),
            ] {
                fields.push((name, if name == field { value } else { usual }));
            }
            world
                .post(who, &place, &fields)
                .await
                .is(200)
                .shows(said)
                .shows("Kept &#60;i&#62;as typed&#60;/i&#62;");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exercise_is_not_recorded_as_used_before_it_may_be() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let plan = started(&world, &family).await;
        let who = &cast::PRACTITIONER;
        let place = new_action(
            &world,
            who,
            &plan,
            &[
                ("what", "Time-out"),
                ("owner", "client"),
                ("exercise", "yes"),
            ],
        )
        .await;
        let done = [
            ("version", "1"),
            ("what", "Time-out"),
            ("owner", "client"),
            ("exercise", "yes"),
            ("agreed_on", "2026-10-14"),
            ("proposed_on", "2026-11-02"),
            ("outcome", "done"),
            ("done_on", "2026-10-14"),
        ];
        world
            .post(who, &place, &done)
            .await
            .is(200)
            .shows(cusp::plans::rules::NOT_OPEN);
        let id = place.rsplit('/').next().unwrap();
        let asked = family.at(&format!("/apart/exercises/{id}"));
        let yes = [
            ("asked_on", "2026-10-14"),
            ("informed", "yes"),
            ("consulted", "yes"),
            ("consents", "yes"),
            ("understands", "yes"),
        ];
        world
            .post(&cast::SURVIVOR_WORKER, &asked, &yes)
            .await
            .is(303);
        world.post(who, &place, &done).await.is(303);
    })
    .await;
}
