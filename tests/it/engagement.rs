//! Engagement: changes, what the survivor is told of them, and the form about work with the client.

use cusp::demo::cast::{self, Persona};

use crate::{
    family::{self, Family, Got, STORY, same},
    opening,
    support::{World, on_each_engine},
    tying::text_of,
};

/// Who must learn nothing of what the survivor was told, nor that she was not.
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

/// Words that only the survivor's side may read.
const KEPT: &str = "She asked us not to ring on Thursdays";

async fn changed(world: &World, family: &Family, words: &str, heightened: &str) {
    world
        .post(
            &cast::PRACTITIONER,
            &family.at("/engagement/change"),
            &[
                ("what", "missed"),
                ("changed_on", "2026-10-13"),
                ("heightened", heightened),
                ("words", words),
            ],
        )
        .await
        .is(303);
}

/// The address of the page on which the first untold change is told.
async fn place_to_tell(world: &World, family: &Family) -> String {
    let page = world
        .get(&cast::SURVIVOR_WORKER, &family.at("/apart/engagement"))
        .await;
    let start = format!("href=\"{}", family.at("/apart/engagement/"));
    let (_, rest) = page.body.split_once(&start).unwrap();
    family.at(&format!(
        "/apart/engagement/{}",
        rest.split_once('"').unwrap().0
    ))
}

async fn told(world: &World, place: &str) {
    world
        .post(
            &cast::SURVIVOR_WORKER,
            place,
            &[
                ("outcome", "told"),
                ("told_on", "2026-10-14"),
                ("how", "telephone"),
                ("words", KEPT),
            ],
        )
        .await
        .is(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_she_was_told_is_her_sides_alone() {
    on_each_engine(|world| async move {
        let family = family::open(&world, STORY).await;
        changed(&world, &family, "Did not come twice.", "no").await;
        let place = place_to_tell(&world, &family).await;
        for who in OTHERS {
            let apart = family.at("/apart/engagement");
            world.get(who, &apart).await.is(404);
            world.get(who, &place).await.is(404);
            let fields = [
                ("outcome", "told"),
                ("told_on", "2026-10-14"),
                ("how", "telephone"),
            ];
            world.post(who, &place, &fields).await.is(404);
        }
        // While a specialist holds the line, the lead worker does not.
        world
            .get(&cast::SOCIAL_WORKER, &family.at("/apart/engagement"))
            .await
            .is(404);
        told(&world, &place).await;
        for who in OTHERS {
            for page in ["", "/engagement", "/chronology", "/duties", "/trail"] {
                world.get(who, &family.at(page)).await.hides(KEPT);
            }
        }
        world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart/chronology"))
            .await
            .is(200)
            .shows(KEPT);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_for_the_manager_and_for_each_borough_its_own() {
    on_each_engine(|world| async move {
        let larkmoor = format!("/agencies/{}/engagement", cast::LARKMOOR);
        let wexbrook = format!("/agencies/{}/engagement", cast::WEXBROOK);
        for who in [
            &cast::PRACTITIONER,
            &cast::SURVIVOR_WORKER,
            &cast::SOCIAL_WORKER,
            &cast::EVALUATOR,
            &cast::PROVIDER_WORKER,
            &cast::ADMINISTRATOR,
            &cast::OUTSIDER,
        ] {
            for page in ["/engagement", "/engagement/export", &larkmoor] {
                world.get(who, page).await.is(404);
            }
        }
        world.get(&cast::SPOC, "/engagement").await.is(404);
        world.get(&cast::SPOC, &wexbrook).await.is(404);
        world
            .get(&cast::SPOC, &larkmoor)
            .await
            .is(200)
            .shows("No engagement form was filled in");
        world
            .get(&cast::SERVICE_MANAGER, "/engagement")
            .await
            .is(200);
        world.get(&cast::SERVICE_MANAGER, &wexbrook).await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r023_a_change_is_recorded_told_and_proved() {
    on_each_engine(|world| async move {
        let family = family::open(&world, STORY).await;
        world
            .get(&cast::PRACTITIONER, &family.at("/engagement"))
            .await
            .is(200)
            .shows("No change is recorded");
        world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart/engagement"))
            .await
            .is(200)
            .shows("No change in engagement is recorded");
        changed(&world, &family, "Came late.", "no").await;
        changed(&world, &family, "Shouted at the group and left.", "yes").await;
        let done = world
            .get(&cast::PRACTITIONER, &family.at("/engagement?done=changed"))
            .await;
        done.shows("The change is recorded")
            .shows("Came late.")
            .shows("Concern heightened");
        // It is owed by her side, and only her side sees that it is.
        world
            .get(&cast::SURVIVOR_WORKER, "/my-day")
            .await
            .shows("Tell the survivor of a change")
            .shows("Tell the survivor at once");
        for who in [&cast::PRACTITIONER, &cast::OTHER_PRACTITIONER] {
            for page in [
                "/my-day".to_owned(),
                "/my-day/team".to_owned(),
                family.at("/duties"),
            ] {
                world.get(who, &page).await.hides("Tell the survivor");
            }
        }
        // The heightened one is first, and its owner got a mail.
        let page = world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart/engagement"))
            .await;
        let at = |text: &str| page.body.find(text).unwrap();
        assert!(at("Shouted at the group") < at("Came late."));
        page.shows("20 October 2026");

        let place = place_to_tell(&world, &family).await;
        let refused = world
            .post(
                &cast::SURVIVOR_WORKER,
                &place,
                &[("outcome", "not_safe"), ("told_on", "2026-10-14")],
            )
            .await;
        refused
            .is(200)
            .shows("Say why it is not safe")
            .shows("Shouted at the group");
        told(&world, &place).await;
        world
            .get(
                &cast::SURVIVOR_WORKER,
                &family.at("/apart/engagement?done=told"),
            )
            .await
            .shows("It is recorded")
            .shows(KEPT)
            .shows("Done on time");
        world
            .get(&cast::SURVIVOR_WORKER, "/my-day")
            .await
            .hides("Tell the survivor at once")
            .shows("Tell the survivor of a change");
        // Not safe, with its reason, is proof too.
        let place = place_to_tell(&world, &family).await;
        world
            .post(
                &cast::SURVIVOR_WORKER,
                &place,
                &[
                    ("outcome", "not_safe"),
                    ("told_on", "2026-10-14"),
                    ("words", "He reads her telephone."),
                ],
            )
            .await
            .is(303);
        world
            .get(&cast::SURVIVOR_WORKER, "/my-day")
            .await
            .hides("Tell the survivor");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r023_without_a_specialist_the_lead_worker_tells() {
    on_each_engine(|world| async move {
        use kernel::access::Tie;
        let story = family::Story {
            ties: &[
                (&cast::PRACTITIONER, Tie::ClientLine),
                (&cast::SOCIAL_WORKER, Tie::LeadWorker),
            ],
            ..STORY
        };
        let family = family::open(&world, story).await;
        changed(&world, &family, "Did not come.", "yes").await;
        world
            .get(&cast::SOCIAL_WORKER, "/my-day")
            .await
            .shows("Tell the survivor at once");
        world
            .get(&cast::SOCIAL_WORKER, &family.at("/apart/engagement"))
            .await
            .is(200);
        // Recorded in error: nothing is owed, and the entry stays readable.
        let page = world
            .get(&cast::PRACTITIONER, &family.at("/engagement"))
            .await;
        let start = family.at("/engagement/change/");
        let (_, rest) = page.body.split_once(&start).unwrap();
        let place = format!("{start}{}", rest.split_once('"').unwrap().0);
        world.get(&cast::SOCIAL_WORKER, &place).await.is(404);
        world
            .get(&cast::PRACTITIONER, &place)
            .await
            .is(200)
            .shows("Did not come.");
        world
            .post(&cast::PRACTITIONER, &place, &[])
            .await
            .is(200)
            .shows("What is wrong with it?");
        let why = [("why", "This was another client.")];
        world.post(&cast::PRACTITIONER, &place, &why).await.is(303);
        world.post(&cast::PRACTITIONER, &place, &why).await.is(409);
        world
            .get(&cast::PRACTITIONER, &family.at("/engagement"))
            .await
            .shows("This was another client.")
            .shows("Did not come.");
        world
            .get(&cast::SOCIAL_WORKER, "/my-day")
            .await
            .hides("Tell the survivor");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_worlds_told_and_untold_are_the_same_to_the_other_side() {
    on_each_engine(|world| async move {
        let family = family::open(&world, STORY).await;
        changed(&world, &family, "Did not come twice.", "yes").await;
        let place = place_to_tell(&world, &family).await;
        let before = seen(&world, &family).await;
        told(&world, &place).await;
        same(&before, &seen(&world, &family).await);
        // The breach of what is overdue is her side's too.
        changed(&world, &family, "Did not come again.", "no").await;
        let place = place_to_tell(&world, &family).await;
        world.set_clock("2026-10-28T09:00:00Z");
        let before = seen(&world, &family).await;
        assert!(world.app.note_overdue().await.unwrap() > 0);
        told(&world, &place).await;
        same(&before, &seen(&world, &family).await);
    })
    .await;
}

/// Everything that the client line, its supervisor, intake and the borough's contact person get.
async fn seen(world: &World, family: &Family) -> Vec<Got> {
    let mut pages = family.places(&["", "/engagement", "/chronology", "/duties"]);
    pages.extend(["/my-day", "/my-day/team", "/cases", "/cases.csv"].map(str::to_owned));
    pages.push(format!("/agencies/{}/engagement", cast::LARKMOOR));
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
async fn a_change_with_bad_input_keeps_what_was_typed() {
    on_each_engine(|world| async move {
        let family = family::open(&world, STORY).await;
        let place = family.at("/engagement/change");
        let long = "ä".repeat(4001);
        for (fields, said) in [
            (vec![], "What changed?"),
            (
                vec![
                    ("what", "missed"),
                    ("changed_on", "2026-10-15"),
                    ("heightened", "no"),
                    ("words", "kept words"),
                ],
                "must not be in the future",
            ),
            (
                vec![
                    ("what", "missed"),
                    ("changed_on", "31 2 2026"),
                    ("heightened", "no"),
                    ("words", "kept words"),
                ],
                "must be a real date",
            ),
            (
                vec![
                    ("what", "vanished"),
                    ("changed_on", "2026-10-14"),
                    ("heightened", "no"),
                    ("words", "kept words"),
                ],
                "is not one of the choices",
            ),
            (
                vec![
                    ("what", "missed"),
                    ("changed_on", "2026-10-14"),
                    ("heightened", "no"),
                    ("words", long.as_str()),
                ],
                "4000",
            ),
        ] {
            let answer = world.post(&cast::PRACTITIONER, &place, &fields).await;
            answer.is(200).shows("There is a problem").shows(said);
            for (_, text) in fields.iter().filter(|(name, _)| *name == "words") {
                answer.shows(text);
            }
        }
        world
            .post(
                &cast::PRACTITIONER,
                &place,
                &[("what", "missed"), ("nobody_asked", "x")],
            )
            .await
            .is(422);
        let name = "علي did not come <script>";
        changed(&world, &family, name, "no").await;
        // Sent twice: owed once.
        let again = world
            .post(
                &cast::PRACTITIONER,
                &place,
                &[
                    ("what", "missed"),
                    ("changed_on", "2026-10-13"),
                    ("heightened", "no"),
                    ("words", name),
                ],
            )
            .await;
        again.is(200).shows("recorded already").shows("علي");
        world
            .get(&cast::PRACTITIONER, &family.at("/engagement"))
            .await
            .shows("علي did not come &#60;script&#62;");
        // Who works with the survivor does not record for the other side.
        world.get(&cast::SURVIVOR_WORKER, &place).await.is(404);
    })
    .await;
}

fn answers<'a>(child: &'a str, spoken: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("filled_on", "2026-10-14"),
        ("children", child),
        ("spoken", spoken),
        ("parenting", "yes"),
        ("impact", "yes"),
        ("actions", "yes"),
        ("summary", "Came to two of three sessions."),
        ("referral", "no"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn r126_r127_r128_the_form_is_filled_printed_counted_and_corrected() {
    on_each_engine(|world| async move {
        let family = family::open(&world, STORY).await;
        let place = family.at("/engagement/form");
        for who in [
            &cast::SURVIVOR_WORKER,
            &cast::INTAKE_WORKER,
            &cast::OUTSIDER,
            &cast::SPOC,
        ] {
            world.get(who, &place).await.is(404);
            world.post(who, &place, &[]).await.is(404);
        }
        let child = family.child.to_string();
        let blank = world.get(&cast::SOCIAL_WORKER, &place).await;
        blank
            .is(200)
            .shows("Peregrine Cholmondeley")
            .hides("spoken_why");
        // A no without its reason is asked for it, and nothing is lost.
        let fields = answers(&child, "no");
        let asked = world.post(&cast::SOCIAL_WORKER, &place, &fields).await;
        asked
            .is(200)
            .shows("Why was the client not spoken to about the behaviour?")
            .shows("write a few words")
            .shows("Came to two of three sessions.")
            .hides("parenting_why");
        let mut whole = fields.clone();
        whole.push(("spoken_why", "not_safe"));
        whole.push(("spoken_words", "It would be traced to the school."));
        let saved = world.post(&cast::SOCIAL_WORKER, &place, &whole).await;
        saved.is(303);
        world
            .post(&cast::SOCIAL_WORKER, &place, &whole)
            .await
            .is(200)
            .shows("recorded already");
        let shown = saved.location.split('?').next().unwrap().to_owned();
        world
            .get(&cast::PRACTITIONER, &saved.location)
            .await
            .is(200)
            .shows("The form is saved")
            .shows("It would be traced to the school.")
            .shows("It is not safe now");
        let paper = world
            .get(&cast::PRACTITIONER, &format!("{shown}/print"))
            .await;
        paper.is(200);
        let text = text_of(&paper.bytes);
        assert!(text.contains("Peregrine"), "{text}");
        assert!(text.contains("traced to the school"), "{text}");
        for secret in family::SURVIVOR_SECRETS
            .into_iter()
            .chain(family::CHILD_SECRETS)
        {
            assert!(!text.contains(secret), "{secret}");
        }
        // Counted without a name; a correction is counted in its place.
        let borough = format!("/agencies/{}/engagement", cast::LARKMOOR);
        world
            .get(&cast::SPOC, &borough)
            .await
            .is(200)
            .shows("October 2026")
            .shows("0 yes, 1 no")
            .hides("Peregrine")
            .hides("CL-0001");
        let correct = format!("{shown}/correct");
        world
            .get(&cast::PRACTITIONER, &correct)
            .await
            .is(200)
            .shows("Came to two of three sessions.")
            .shows("traced to the school");
        let mut right = answers(&child, "yes");
        world
            .post(&cast::PRACTITIONER, &correct, &right)
            .await
            .is(200)
            .shows("Say why the earlier form is corrected");
        right.push(("because", "Spoken to on the 12th."));
        world
            .post(&cast::PRACTITIONER, &correct, &right)
            .await
            .is(303);
        world.get(&cast::PRACTITIONER, &correct).await.is(409);
        world
            .get(&cast::PRACTITIONER, &shown)
            .await
            .shows("This form was corrected");
        world.get(&cast::SPOC, &borough).await.shows("1 yes, 0 no");
        let file = world
            .get(&cast::SERVICE_MANAGER, "/engagement/export")
            .await;
        file.is(200)
            .shows("\"2026-10\",\"London Borough of Larkmoor\"")
            .shows("\"1\",\"1\",\"0\",\"1\",\"0\"");
        world
            .get(&cast::PRACTITIONER, &family.at("/engagement"))
            .await
            .shows("Corrected");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r126_a_form_with_bad_input_keeps_what_was_typed() {
    on_each_engine(|world| async move {
        let family = family::open(&world, STORY).await;
        let place = family.at("/engagement/form");
        let (child, adult) = (family.child.to_string(), family.survivor.to_string());
        for (name, text, said) in [
            ("filled_on", "2026-10-15", "must not be in the future"),
            (
                "children",
                adult.as_str(),
                "Choose from the children of this case",
            ),
            ("children", "me", "has a choice that is unknown"),
            ("spoken", "perhaps", "is not one of the choices"),
            ("summary", "", "Summary of engagement"),
        ] {
            let mut fields = answers(&child, "yes");
            fields.retain(|(known, _)| *known != name);
            fields.push((name, text));
            let answer = world.post(&cast::SOCIAL_WORKER, &place, &fields).await;
            answer.is(200).shows("There is a problem").shows(said);
            if name != "summary" {
                answer.shows("Came to two of three sessions.");
            }
        }
        // A form of another case is none of this one.
        let other = family::open(&world, family::Story { number: 2, ..STORY }).await;
        let mut fields = answers(&child, "yes");
        let saved = world.post(&cast::SOCIAL_WORKER, &place, &fields).await;
        let shown = saved.location.split('?').next().unwrap();
        let foreign = shown.replace(&family.case.to_string(), &other.case.to_string());
        world.get(&cast::SOCIAL_WORKER, shown).await.is(200);
        world.get(&cast::SOCIAL_WORKER, &foreign).await.is(404);
        fields.push(("because", "x"));
        world
            .post(&cast::SOCIAL_WORKER, &format!("{foreign}/correct"), &fields)
            .await
            .is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r091_what_the_client_said_no_to_does_not_leave_the_house() {
    on_each_engine(|world| async move {
        let family = family::open(&world, STORY).await;
        let (maren, boss) = (&cast::PRACTITIONER, &cast::SERVICE_MANAGER);
        let child = family.child.to_string();
        let form = family.at("/engagement/form");
        let yes = answers(&child, "yes");
        world.post(&cast::SOCIAL_WORKER, &form, &yes).await.is(303);
        let borough = format!("/agencies/{}/engagement", cast::LARKMOOR);
        let closures = format!("/agencies/{}/closures", cast::LARKMOOR);
        let counted = "\"London Borough of Larkmoor\",\"1\"";
        let file = "/engagement/export";
        world.get(boss, file).await.is(200).shows(counted);
        world.get(&cast::SPOC, &borough).await.shows("1 yes, 0 no");
        // He may be asked, and says no to research: what was counted before stays in the house too.
        let side = &cast::SURVIVOR_WORKER;
        opening::hers(&world, &family, side, &opening::answer("given", "0", "13")).await;
        let paper = |version: &'static str, research: &'static str| {
            [
                ("version", version),
                ("explained_on", "2026-10-14"),
                ("how", "telephone"),
                ("explained_by", "Maren Okafor"),
                ("interpreter", "not_needed"),
                ("explained", "yes"),
                ("research", research),
                ("confidential", "yes"),
                ("exceptions", "yes"),
                ("signing", "not_yet"),
            ]
        };
        let place = family.at("/participation/confidentiality");
        world.post(maren, &place, &paper("0", "no")).await.is(303);
        world.get(boss, file).await.is(200).hides(counted);
        world
            .get(&cast::SPOC, &borough)
            .await
            .is(200)
            .shows("No engagement form was filled in");
        world
            .get(&cast::SPOC, &format!("{borough}/export"))
            .await
            .is(200)
            .hides("Larkmoor");
        world
            .get(boss, "/engagement")
            .await
            .shows("1 yes, 0 no")
            .shows("1 entry stays here");
        // What is counted after it, too: the closure.
        let fields = [
            ("closed_on", "2026-10-14"),
            ("outcome", "moved"),
            ("goals.0.goal", "Leaves the room before he shouts"),
            ("goals.0.outcome", "partly"),
            ("summary", "Four meetings."),
            ("lead_worker", "yes"),
            ("client_told", "in_person"),
            ("client_told_on", "2026-10-14"),
            ("client_text", "Thank you for coming."),
            ("referrer_told", "telephone"),
            ("referrer_told_on", "2026-10-14"),
        ];
        let close = family.at("/closures/new");
        world.post(maren, &close, &fields).await.is(303);
        world
            .get(boss, "/closures")
            .await
            .shows("1 entry stays here");
        world
            .get(&cast::SPOC, &closures)
            .await
            .is(200)
            .hides("stays here");
        let left = world.get(boss, "/closures/export").await;
        // Opened once, closed in no way.
        left.is(200)
            .shows("\"London Borough of Larkmoor\",\"1\",\"0\",\"0\",\"0\",\"0\",\"0\"");
        // Her own no leaves nothing out: nothing of hers is in these numbers, and none may tell.
        let other = family::open(&world, family::Story { number: 2, ..STORY }).await;
        let child = other.child.to_string();
        let form = other.at("/engagement/form");
        let yes = answers(&child, "yes");
        world.post(&cast::SOCIAL_WORKER, &form, &yes).await.is(303);
        world.get(&cast::SPOC, &borough).await.shows("1 yes, 0 no");
        let hers = [
            ("version", "0"),
            ("explained_on", "2026-10-14"),
            ("how", "telephone"),
            ("explained_by", "Sunniva Hale"),
            ("interpreter", "not_needed"),
            ("understood", "yes"),
            ("anonymous", "no"),
            ("storage", "Six years"),
            ("storage_understood", "yes"),
            ("signing", "not_yet"),
        ];
        let place = other.at(&format!("/apart/{}/confidentiality", other.survivor));
        world.post(side, &place, &hers).await.is(303);
        world.get(&cast::SPOC, &borough).await.shows("1 yes, 0 no");
        // He says yes the next time: counted again.
        let place = family.at("/participation/confidentiality");
        world.post(maren, &place, &paper("1", "yes")).await.is(303);
        world.get(&cast::SPOC, &borough).await.shows("2 yes, 0 no");
    })
    .await;
}
