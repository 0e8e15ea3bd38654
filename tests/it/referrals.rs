//! Referrals: drafts, sending, correcting, holding, taking.

use crate::support::*;
use cusp::demo::cast::{self, Persona};

/// Begins a draft and gives its address.
async fn begun(world: &World, who: &Persona) -> String {
    let answer = world.post(who, "/referrals/new", &[]).await;
    answer.is(303);
    assert!(
        answer.location.starts_with("/referrals/drafts/"),
        "{}",
        answer.location
    );
    answer.location
}

async fn saved(world: &World, who: &Persona, draft: &str, section: &str, fields: &[(&str, &str)]) {
    let version = version_of(world, who, &format!("{draft}/{section}")).await;
    let mut all = vec![("version", version.as_str()), ("section", "tasks")];
    all.extend_from_slice(fields);
    let answer = world.post(who, &format!("{draft}/{section}"), &all).await;
    answer.is(303);
    assert_eq!(answer.location, draft);
}

/// The hidden version on a page.
async fn version_of(world: &World, who: &Persona, page: &str) -> String {
    let page = world.get(who, page).await;
    page.is(200);
    hidden(&page.body, "version")
}

fn hidden(body: &str, name: &str) -> String {
    let (_, rest) = body
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

async fn sent(world: &World, who: &Persona, draft: &str) -> Answer {
    let page = format!("{draft}/check");
    let version = version_of(world, who, &page).await;
    world.post(who, &page, &[("version", &version)]).await
}

/// The case that a draft opens.
fn case_of(draft: &str) -> String {
    draft.replace("/referrals/drafts/", "/cases/")
}

const SURVIVOR: &[(&str, &str)] = &[
    ("survivor_name", "Ottoline Marchbanks"),
    ("survivor_born", "about 30"),
    ("survivor_address", "4 Sedge Close, ZZ99 4SC"),
    ("survivor_telephone", "07700 900401"),
    (
        "survivor_safe_contact",
        "Only through the library, Tuesdays",
    ),
];
const CLIENT: &[(&str, &str)] = &[
    ("client_name", "Rufus Marchbanks"),
    ("client_born", "1 2 1985"),
    ("client_address", "11 Bittern Road, ZZ99 1BR"),
    ("client_occupation", "Bus driver"),
];
const REASON: &[(&str, &str)] = &[
    ("background", "Since the summer he shouts every evening."),
    ("acts", "Rufus took the car keys."),
    ("impact", "Wren counts the stairs."),
    ("strengths", "She keeps a diary at her sister’s."),
];

/// A referral sent by the social worker, as the address of its case.
async fn a_referral(world: &World) -> String {
    let who = &cast::SOCIAL_WORKER;
    let draft = begun(world, who).await;
    saved(world, who, &draft, "survivor", SURVIVOR).await;
    saved(world, who, &draft, "client", CLIENT).await;
    saved(world, who, &draft, "circumstances", REASON).await;
    saved(
        world,
        who,
        &draft,
        "children",
        &[
            ("children.0.name", "Wren Marchbanks"),
            ("children.0.to_client", "None"),
            ("children.0.address", "With her aunt, ZZ99 9AU"),
        ],
    )
    .await;
    saved(
        world,
        who,
        &draft,
        "awareness",
        &[
            ("survivor_aware", "yes"),
            ("client_aware", "no"),
            ("client_reason", "Not safe yet"),
        ],
    )
    .await;
    let answer = sent(world, who, &draft).await;
    answer.is(303);
    assert_eq!(
        answer.location,
        format!("{}/referral?done=sent", case_of(&draft))
    );
    case_of(&draft)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_is_referred_and_seen_by_the_service() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let draft = begun(&world, who).await;
        let tasks = world.get(who, &draft).await;
        tasks
            .is(200)
            .shows("Who is referring")
            .shows("1 of 11 sections are done");
        world
            .get(who, &format!("{draft}/referrer"))
            .await
            .shows("value=\"Ines Calloway\"")
            .shows("value=\"Family Safeguarding Team 3, London Borough of Larkmoor\"")
            .shows("value=\"14 10 2026\"");
        let case = a_referral(&world).await;
        let page = world.get(who, &format!("{case}/referral")).await;
        page.is(200)
            .shows("4 Sedge Close")
            .shows("Only through the library")
            .shows("Wren counts the stairs")
            .shows("With her aunt");
        // The service sees it at once, without what leads to the survivor or a child.
        for reader in [&cast::SERVICE_MANAGER, &cast::INTAKE_WORKER] {
            let page = world.get(reader, &format!("{case}/referral/read")).await;
            page.is(200)
                .shows("Ottoline Marchbanks")
                .shows("11 Bittern Road")
                .shows("Rufus took the car keys.")
                .shows("Do not contact the client")
                .hides("4 Sedge Close")
                .hides("07700 900401")
                .hides("library, Tuesdays")
                .hides("With her aunt")
                .hides("counts the stairs")
                .hides("keeps a diary");
        }
        // The draft is gone, and its address leads to what became of it.
        let draft = case.replace("/cases/", "/referrals/drafts/");
        for page in ["", "/survivor", "/check", "/delete"] {
            let back = world.get(who, &format!("{draft}{page}")).await;
            back.is(303);
            assert_eq!(back.location, format!("{case}/referral"));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_open_a_referral() {
    on_each_engine(|world| async move {
        let case = a_referral(&world).await;
        let pages = [
            "referral",
            "referral/read",
            "referral/full",
            "referral/amend",
            "referral/withdraw",
        ];
        for (who, expected) in [
            (&cast::SOCIAL_WORKER, [200, 404, 404, 200, 200]),
            (&cast::TEAM_MANAGER, [200, 404, 404, 200, 200]),
            (&cast::SERVICE_MANAGER, [404, 200, 404, 404, 200]),
            (&cast::INTAKE_WORKER, [404, 200, 404, 404, 200]),
            (&cast::PRACTITIONER, [404; 5]),
            (&cast::SURVIVOR_WORKER, [404; 5]),
            (&cast::SPOC, [404; 5]),
            (&cast::PROVIDER_WORKER, [404; 5]),
            (&cast::EVALUATOR, [404; 5]),
            (&cast::GOVERNANCE_OFFICER, [404; 5]),
            (&cast::ADMINISTRATOR, [404; 5]),
            (&cast::OUTSIDER, [404; 5]),
            (&cast::WEXBROOK_WORKER, [404; 5]),
        ] {
            for (page, status) in pages.iter().zip(expected) {
                let got = world.get(who, &format!("{case}/{page}")).await.status;
                assert_eq!(got, status, "{} {page}", who.name);
            }
        }
        // A draft is its author's alone, even for her manager.
        let draft = begun(&world, &cast::SOCIAL_WORKER).await;
        world.get(&cast::TEAM_MANAGER, &draft).await.is(404);
        world.get(&cast::SERVICE_MANAGER, &draft).await.is(404);
        let path = format!("{draft}/survivor");
        world
            .post(&cast::TEAM_MANAGER, &path, &[("survivor_name", "x")])
            .await
            .is(404);
        world
            .post(&cast::TEAM_MANAGER, &format!("{draft}/delete"), &[])
            .await
            .is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_survivors_side_is_shown_only_for_a_reason() {
    on_each_engine(|world| async move {
        let case = a_referral(&world).await;
        let path = format!("{case}/referral/reveal");
        let manager = &cast::SERVICE_MANAGER;
        world.get(manager, &path).await.is(405);
        world
            .post(manager, &path, &[])
            .await
            .is(422)
            .hides("4 Sedge Close");
        world
            .post(manager, &path, &[("reason", "short")])
            .await
            .is(422);
        let page = world
            .post(
                manager,
                &path,
                &[("reason", "To ring her before the weekend")],
            )
            .await;
        page.is(200)
            .shows("4 Sedge Close")
            .shows("library, Tuesdays")
            .shows("With her aunt");
        // Once: the next look asks again.
        world
            .get(manager, &format!("{case}/referral/full"))
            .await
            .is(404);
        let practitioner = &cast::PRACTITIONER;
        world
            .post(practitioner, &path, &[("reason", "I would like to know")])
            .await
            .is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_typed_is_lost_and_nothing_wrong_is_sent() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let draft = begun(&world, who).await;
        let section = format!("{draft}/survivor");
        let long = "n".repeat(501);
        for (field, text, said) in [
            ("survivor_born", "31 2 1990", "must be a real date"),
            ("survivor_born", "1 1 2031", "must not be in the future"),
            (
                "survivor_name",
                long.as_str(),
                "must be 500 characters or fewer: take out 1",
            ),
        ] {
            let version = version_of(&world, who, &section).await;
            let fields = [
                ("version", version.as_str()),
                ("section", "next"),
                (field, text),
            ];
            let page = world.post(who, &section, &fields).await;
            page.is(200)
                .shows(said)
                .shows("There is a problem")
                .shows(text);
            // It is kept as it is, and said in the list and before sending.
            world.get(who, &section).await.shows(text);
            world.get(who, &draft).await.shows("Has problems");
            let check = world.get(who, &format!("{draft}/check")).await;
            check.shows("Mend this before you send").shows(said);
            let answer = sent(&world, who, &draft).await;
            answer.is(200).shows("Mend this before you send");
        }
        world
            .get(who, &format!("{}/referral", case_of(&draft)))
            .await
            .is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_asked_is_refused_by_name() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let draft = begun(&world, who).await;
        let section = format!("{draft}/pregnancy");
        for field in ["postcode", "survivor_name", "children.0.name", "csrf2"] {
            let answer = world
                .post(who, &section, &[("version", "0"), (field, "x")])
                .await;
            answer.is(422).shows(field).shows("not asked");
        }
        let unknown = [("version", "0"), ("section", "next"), ("pregnant", "maybe")];
        world
            .post(who, &section, &unknown)
            .await
            .is(200)
            .shows("is not one of the choices");
        world
            .post_raw(who, &section, &[("version", "1"), ("due", "x")])
            .await
            .is(403);
        world.get(who, &format!("{draft}/nothing")).await.is(404);
        world.get(who, "/referrals/drafts/no-id").await.is(404);
        world.get(who, "/cases/no-id/referral").await.is(404);
        let body = "d".repeat(2 << 20);
        let answer = world
            .post(who, &section, &[("version", "1"), ("due", &body)])
            .await;
        answer.is(413).shows("too long to send");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_texts_come_back_as_they_are() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let name = "Ng".repeat(150);
        let draft = begun(&world, who).await;
        saved(
            &world,
            who,
            &draft,
            "survivor",
            &[
                ("survivor_name", &name),
                ("survivor_address", "شارع ١٢\nক, ঢাকা"),
            ],
        )
        .await;
        saved(
            &world,
            who,
            &draft,
            "client",
            &[
                ("client_name", "<script>alert(1)</script>"),
                ("client_occupation", "=HYPERLINK(1)"),
            ],
        )
        .await;
        saved(
            &world,
            who,
            &draft,
            "children",
            &[
                ("children.0.name", "ፍቅርተ"),
                ("children.1.name", " "),
                ("children.2.name", "রহিমা"),
                ("children.2.to_client", "None"),
            ],
        )
        .await;
        // The blank row in the middle is closed up.
        let page = world.get(who, &format!("{draft}/children")).await;
        page.shows("Child 2").hides("Child 3").shows("রহিমা");
        let check = world.get(who, &format!("{draft}/check")).await;
        check
            .shows(&name)
            .shows("&#60;script&#62;")
            .shows("ፍቅርተ")
            .shows("Child 2: Name");
        check.hides("<script>alert");
        sent(&world, who, &draft).await.is(303);
        let case = case_of(&draft);
        let page = world.get(who, &format!("{case}/referral")).await;
        page.shows(&name)
            .shows("&#60;script&#62;")
            .shows("شارع")
            .shows("None")
            .hides("<script>alert");
        let list = world.get(who, "/referrals").await;
        list.shows(&name).hides("<script>alert");
        let csv = world.get(who, "/referrals/export").await;
        csv.is(200)
            .shows(&name)
            .shows("\"<script>alert(1)</script>\"");
        assert_eq!(
            csv.headers["content-disposition"],
            "attachment; filename=\"list.csv\""
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_child_needs_no_script() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let draft = begun(&world, who).await;
        let section = format!("{draft}/children");
        let fields = [
            ("version", "0"),
            ("add", "children"),
            ("children.0.name", "Wren"),
        ];
        let answer = world.post(who, &section, &fields).await;
        answer.is(303);
        assert_eq!(answer.location, format!("{section}?add=1#children.1.name"));
        let page = world.get(who, &format!("{section}?add=1")).await;
        page.shows("value=\"Wren\"")
            .shows("children.1.name")
            .hides("children.2.name");
        // Twenty-one are said, not dropped.
        let many: Vec<(String, String)> = (0..21)
            .map(|n| (format!("children.{n}.name"), format!("Child {n}")))
            .collect();
        let mut fields = vec![("version", "1"), ("section", "next")];
        fields.extend(many.iter().map(|(n, t)| (n.as_str(), t.as_str())));
        world
            .post(who, &section, &fields)
            .await
            .is(200)
            .shows("Only 20 can be recorded here");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_needs_a_reason_or_the_answer_that_none_is_known() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let draft = begun(&world, who).await;
        saved(&world, who, &draft, "client", CLIENT).await;
        saved(
            &world,
            who,
            &draft,
            "awareness",
            &[("survivor_aware", "no")],
        )
        .await;
        sent(&world, who, &draft)
            .await
            .is(200)
            .shows("Say why the survivor does not know");
        let fields = [
            ("survivor_aware", "no"),
            ("survivor_reason_pending", "not_known_yet"),
        ];
        saved(&world, who, &draft, "awareness", &fields).await;
        sent(&world, who, &draft).await.is(303);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_and_who_refers_is_enough() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let draft = begun(&world, who).await;
        let answer = sent(&world, who, &draft).await;
        answer
            .is(200)
            .shows("Give the survivor’s or the client’s name");
        saved(
            &world,
            who,
            &draft,
            "client",
            &[("client_name", "a man called Jez")],
        )
        .await;
        let check = world.get(who, &format!("{draft}/check")).await;
        check
            .hides("Mend this")
            .shows("Not answered yet")
            .shows("No early sign is ticked");
        sent(&world, who, &draft).await.is(303);
        world
            .get(who, "/referrals")
            .await
            .shows("a man called Jez")
            .shows("No name given");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_referral_sent_twice_is_one() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let draft = begun(&world, who).await;
        saved(&world, who, &draft, "client", CLIENT).await;
        let page = format!("{draft}/check");
        let version = version_of(&world, who, &page).await;
        let fields = [("version", version.as_str())];
        let (one, two) = tokio::join!(
            world.post(who, &page, &fields),
            world.post(who, &page, &fields)
        );
        for answer in [one, two] {
            answer.is(303);
            // Whichever lost is led from the draft to what became of it.
            let next = world.get(who, &answer.location).await;
            let end = if next.status == 303 {
                world.get(who, &next.location).await
            } else {
                next
            };
            end.is(200).shows("Rufus Marchbanks");
        }
        // Back, and again.
        let again = world.post(who, &page, &fields).await;
        again.is(303);
        assert_eq!(again.location, format!("{}/referral", case_of(&draft)));
        let list = world.get(who, "/referrals").await;
        list.shows("1 in all").hides("Your drafts");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_see_both_texts() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let draft = begun(&world, who).await;
        let path = format!("{draft}/survivor");
        let first = [
            ("version", "0"),
            ("section", "next"),
            ("survivor_name", "From the first tab"),
        ];
        world.post(who, &path, &first).await.is(303);
        let second = [
            ("version", "0"),
            ("section", "next"),
            ("survivor_name", "From the second"),
        ];
        let page = world.post(who, &path, &second).await;
        page.is(200)
            .shows("This was saved in another tab")
            .shows("From the first tab")
            .shows("value=\"From the second\"");
        world.get(who, &path).await.shows("From the first tab");
        // Saved again, knowing both.
        let version = hidden(&page.body, "version");
        let third = [
            ("version", version.as_str()),
            ("section", "next"),
            ("survivor_name", "From the second"),
        ];
        world.post(who, &path, &third).await.is(303);
        world
            .get(who, &path)
            .await
            .shows("From the second")
            .hides("From the first tab");
        // The same again is a double click, not a conflict.
        world.post(who, &path, &third).await.is(303);
        // Two tabs on two sections, or on two drafts, never meet.
        world
            .post(
                who,
                &format!("{draft}/dash"),
                &[("version", "0"), ("dash_attached", "no")],
            )
            .await
            .is(303);
        let other = begun(&world, who).await;
        let fields = [
            ("version", "0"),
            ("section", "next"),
            ("survivor_name", "Somebody else"),
        ];
        world
            .post(who, &format!("{other}/survivor"), &fields)
            .await
            .is(303);
        world
            .get(who, &path)
            .await
            .shows("From the second")
            .hides("Somebody else");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_checked_is_what_is_sent() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let draft = begun(&world, who).await;
        saved(&world, who, &draft, "client", CLIENT).await;
        let page = format!("{draft}/check");
        let version = version_of(&world, who, &page).await;
        saved(
            &world,
            who,
            &draft,
            "client",
            &[("client_name", "Somebody else")],
        )
        .await;
        let answer = world.post(who, &page, &[("version", &version)]).await;
        answer
            .is(200)
            .shows("was changed in another tab")
            .shows("Somebody else");
        world
            .get(who, &format!("{}/referral", case_of(&draft)))
            .await
            .is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_draft_is_gone() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let draft = begun(&world, who).await;
        saved(&world, who, &draft, "client", CLIENT).await;
        world.get(who, "/referrals").await.shows("Rufus Marchbanks");
        world
            .get(who, &format!("{draft}/delete"))
            .await
            .is(200)
            .shows("gone for good");
        world
            .post(who, &format!("{draft}/delete"), &[])
            .await
            .is(303);
        world.get(who, &draft).await.is(404);
        world.get(who, "/referrals").await.hides("Rufus Marchbanks");
        world
            .post(who, &format!("{draft}/client"), &[("version", "1")])
            .await
            .is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_that_ended_holds_a_referral_and_refuses_none() {
    on_each_engine(|world| async move {
        let who = &cast::WEXBROOK_WORKER;
        let draft = begun(&world, who).await;
        saved(&world, who, &draft, "client", CLIENT).await;
        let check = world.get(who, &format!("{draft}/check")).await;
        check
            .shows("it will be held")
            .shows("07700 900001")
            .shows("07700 900020");
        sent(&world, who, &draft).await.is(303);
        let case = case_of(&draft);
        let page = world.get(who, &format!("{case}/referral")).await;
        page.is(200)
            .shows("Held: agreement ended")
            .shows("ring now")
            .shows("07700 900001");
        // Intake sees it and cannot take it; the manager can, with a reason.
        let read = format!("{case}/referral/read");
        world
            .get(&cast::INTAKE_WORKER, &read)
            .await
            .is(200)
            .hides("Take this held referral");
        let take = format!("{case}/held");
        world
            .post(
                &cast::INTAKE_WORKER,
                &take,
                &[("reason", "I think we should")],
            )
            .await
            .is(404);
        world
            .get(&cast::SERVICE_MANAGER, &read)
            .await
            .is(200)
            .shows("Take this held referral");
        world.post(&cast::SERVICE_MANAGER, &take, &[]).await.is(422);
        let reason = [("reason", "Rang Wexbrook: a new agreement is being signed")];
        world
            .post(&cast::SERVICE_MANAGER, &take, &reason)
            .await
            .is(303);
        world
            .post(&cast::SERVICE_MANAGER, &take, &reason)
            .await
            .is(409);
        let page = world.get(who, &format!("{case}/referral")).await;
        page.hides("ring now")
            .shows("a new agreement is being signed");
        // An agency that never signed is held too, under another name.
        let draft = begun(&world, &cast::OUTSIDER).await;
        saved(&world, &cast::OUTSIDER, &draft, "client", CLIENT).await;
        sent(&world, &cast::OUTSIDER, &draft).await.is(303);
        let page = world
            .get(&cast::OUTSIDER, &format!("{}/referral", case_of(&draft)))
            .await;
        page.shows("Held: no agreement");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_that_ends_during_a_draft_lets_it_through() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        world.set_clock("2027-03-31T22:30:00Z");
        let before = begun(&world, who).await;
        saved(&world, who, &before, "client", CLIENT).await;
        // Midnight in London: the last day is over.
        world.set_clock("2027-03-31T23:30:00Z");
        world.forget(who);
        let after = begun(&world, who).await;
        saved(&world, who, &after, "client", CLIENT).await;
        for (draft, held) in [(before, false), (after, true)] {
            sent(&world, who, &draft).await.is(303);
            let page = world
                .get(who, &format!("{}/referral", case_of(&draft)))
                .await;
            page.is(200);
            assert_eq!(page.body.contains("Held: agreement ended"), held, "{draft}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_a_new_version_with_its_reason() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let case = a_referral(&world).await;
        let path = format!("{case}/referral/amend");
        let page = world.get(who, &path).await;
        page.is(200)
            .shows("value=\"Ottoline Marchbanks\"")
            .shows("4 Sedge Close");
        let fields = [
            ("version", "1"),
            ("referrer_name", "Ines Calloway"),
            ("survivor_name", "Ottoline Marchbanks"),
            ("survivor_address", "Moved: 9 Rush Lane, ZZ99 9RL"),
            ("client_name", "Rufus Marchbanks"),
            ("acts", "Rufus took the car keys."),
        ];
        world
            .post(who, &path, &fields)
            .await
            .is(200)
            .shows("Why do you change the referral?");
        let mut with_reason = fields.to_vec();
        with_reason.push(("reason", "She moved on Monday"));
        world.post(who, &path, &with_reason).await.is(303);
        let page = world.get(who, &format!("{case}/referral")).await;
        page.shows("9 Rush Lane")
            .hides("4 Sedge Close")
            .shows("She moved on Monday");
        let first = world.get(who, &format!("{case}/referral?revision=1")).await;
        first.is(200).shows("4 Sedge Close").hides("9 Rush Lane");
        world
            .get(who, &format!("{case}/referral?revision=7"))
            .await
            .is(404);
        world
            .get(&cast::INTAKE_WORKER, &format!("{case}/referral/read"))
            .await
            .shows("She moved on Monday")
            .hides("9 Rush Lane");
        // A page opened before: both texts.
        let mut stale = with_reason.clone();
        stale[3] = ("survivor_address", "Elsewhere, ZZ99 0EL");
        let page = world.post(who, &path, &stale).await;
        page.is(200)
            .shows("This was saved in another tab")
            .shows("9 Rush Lane")
            .shows("ZZ99 0EL");
        // A double click is no conflict.
        world.post(who, &path, &with_reason).await.is(303);
        world
            .get(who, &format!("{case}/referral?revision=3"))
            .await
            .is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_referral_stays_readable_and_cannot_be_changed() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let case = a_referral(&world).await;
        let path = format!("{case}/referral/withdraw");
        world
            .post(who, &path, &[])
            .await
            .is(200)
            .shows("There is a problem");
        let reason = [("reason", "The family moved to another city")];
        world.post(who, &path, &reason).await.is(303);
        world.post(who, &path, &reason).await.is(303);
        let page = world.get(who, &format!("{case}/referral")).await;
        page.is(200)
            .shows("Withdrawn")
            .shows("another city")
            .shows("4 Sedge Close")
            .hides("Correct it");
        world
            .get(who, &format!("{case}/referral/amend"))
            .await
            .is(404);
        world
            .get(who, "/referrals?stage=withdrawn")
            .await
            .shows("Ottoline");
        world
            .get(who, "/referrals?stage=held")
            .await
            .hides("Ottoline")
            .shows("No referral matches");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_searched_sorted_and_exported_as_shown() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        a_referral(&world).await;
        for name in ["Zadie Quill", "Abel Stone"] {
            world.set_clock(if name.starts_with('Z') {
                "2026-10-15T09:00:00Z"
            } else {
                "2026-10-16T09:00:00Z"
            });
            world.forget(who);
            let draft = begun(&world, who).await;
            saved(&world, who, &draft, "survivor", &[("survivor_name", name)]).await;
            sent(&world, who, &draft).await.is(303);
        }
        let order = |body: &str| {
            let mut names = ["Ottoline Marchbanks", "Zadie Quill", "Abel Stone"];
            names.sort_by_key(|name| body.find(name).unwrap());
            names
                .map(|name| name.chars().next().unwrap())
                .into_iter()
                .collect::<String>()
        };
        for (query, expected) in [("", "AZO"), ("?sort=oldest", "OZA"), ("?sort=name", "AOZ")] {
            let page = world.get(who, &format!("/referrals{query}")).await;
            assert_eq!(order(&page.body), expected, "{query}");
            let csv = world.get(who, &format!("/referrals/export{query}")).await;
            assert_eq!(order(&csv.body), expected, "csv {query}");
        }
        let page = world.get(who, "/referrals?q=quill").await;
        page.shows("1 in all")
            .shows("Zadie")
            .hides("Abel")
            .shows("q=quill&");
        let csv = world.get(who, "/referrals/export?q=quill").await;
        csv.shows("Zadie").hides("Abel");
        // The team's: all of it for the manager, nothing for who manages none.
        let page = world.get(&cast::TEAM_MANAGER, "/referrals").await;
        page.is(200).hides("Zadie").shows("My team");
        world
            .get(&cast::TEAM_MANAGER, "/referrals?whose=team")
            .await
            .shows("3 in all");
        world.get(who, "/referrals?whose=team").await.is(404);
        world
            .get(&cast::WEXBROOK_WORKER, "/referrals")
            .await
            .is(200)
            .hides("Zadie");
        for other in [
            &cast::PRACTITIONER,
            &cast::SERVICE_MANAGER,
            &cast::EVALUATOR,
        ] {
            world.get(other, "/referrals").await.is(404);
        }
    })
    .await;
}

/// The fields of the page on which a referral is taken, as it was drawn.
async fn taking(world: &World, who: &Persona) -> Vec<(String, String)> {
    let page = world.get(who, "/intake/take").await;
    page.is(200);
    [
        "taking",
        "received_on-day",
        "received_on-month",
        "received_on-year",
        "received_time",
    ]
    .iter()
    .map(|name| {
        let (_, rest) = page.body.split_once(&format!("name=\"{name}\"")).unwrap();
        let (_, rest) = rest.split_once("value=\"").unwrap();
        (
            (*name).to_owned(),
            rest.split_once('"').unwrap().0.to_owned(),
        )
    })
    .collect()
}

fn with<'a>(drawn: &'a [(String, String)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    drawn
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .filter(|(name, _)| !more.iter().any(|(other, _)| other == name))
        .chain(more.iter().copied())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_takes_a_referral_by_telephone() {
    on_each_engine(|world| async move {
        let who = &cast::INTAKE_WORKER;
        let drawn = taking(&world, who).await;
        let fields = with(
            &drawn,
            &[
                ("received_on-day", "12"),
                ("received_time", "16:45"),
                ("how", "telephone"),
                ("from_whom", "Nurse Pim, Larkmoor hospital"),
                ("referrer_team", "Accident and emergency"),
                ("survivor_name", "Ottoline"),
                ("survivor_address", "4 Sedge Close"),
            ],
        );
        let answer = world.post(who, "/intake/take", &fields).await;
        answer.is(303);
        let page = world.get(who, &answer.location).await;
        page.is(200)
            .shows("12 October 2026, 4:45pm")
            .shows("entered 14 October 2026, 10:00am")
            .shows("Nurse Pim")
            .shows("By telephone")
            .hides("4 Sedge Close");
        // A double click, or Back and again, opens no second case.
        let again = world.post(who, "/intake/take", &fields).await;
        again.is(303);
        assert_eq!(again.location, answer.location);
        // A practitioner who takes one can read what she wrote; nobody else on her line can.
        let who = &cast::PRACTITIONER;
        let drawn = taking(&world, who).await;
        let fields = with(
            &drawn,
            &[
                ("how", "email"),
                ("referrer_name", "Dr Ash"),
                ("client_name", "Rufus"),
            ],
        );
        let answer = world.post(who, "/intake/take", &fields).await;
        answer.is(303);
        world
            .get(who, &answer.location)
            .await
            .is(200)
            .shows("Rufus")
            .shows("If that was not secure e-mail")
            .shows("Dr Ash");
        world
            .get(&cast::OTHER_PRACTITIONER, &answer.location)
            .await
            .is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_wrongly_is_said_and_kept() {
    on_each_engine(|world| async move {
        let who = &cast::INTAKE_WORKER;
        let drawn = taking(&world, who).await;
        let good = [
            ("how", "telephone"),
            ("referrer_name", "Ann"),
            ("client_name", "Jez"),
        ];
        for (wrong, said) in [
            (
                &[("received_on-day", "15")][..],
                "must not be in the future",
            ),
            (&[("received_time", "10:01")], "must not be in the future"),
            (&[("received_time", "half past nine")], "must be a time"),
            (&[("received_on-month", "13")], "must be a real date"),
            (
                &[
                    ("received_on-day", ""),
                    ("received_on-month", ""),
                    ("received_on-year", ""),
                ],
                "When did it come?”",
            ),
            (&[("how", "pigeon")], "is not one of the choices"),
            (
                &[("client_name", "")],
                "Give the survivor’s or the client’s name",
            ),
            (&[("referrer_name", "")], "Say who refers"),
        ] {
            let mut fields: Vec<_> = good.to_vec();
            fields.retain(|(name, _)| !wrong.iter().any(|(other, _)| other == name));
            fields.extend_from_slice(wrong);
            fields.push(("survivor_address", "Kept on the page"));
            let page = world
                .post(who, "/intake/take", &with(&drawn, &fields))
                .await;
            page.is(200)
                .shows("There is a problem")
                .shows(said)
                .shows("Kept on the page");
        }
        let page = world
            .post(
                who,
                "/intake/take",
                &with(&drawn, &[("add", "children"), ("children.0.name", "Wren")]),
            )
            .await;
        page.is(200)
            .shows("value=\"Wren\"")
            .shows("children.1.name")
            .hides("There is a problem");
        world
            .post(who, "/intake/take", &with(&drawn, &[("other", "x")]))
            .await
            .is(422);
        // Others take nothing; nor does a practitioner of an agency that runs no programme.
        for other in [
            &cast::SOCIAL_WORKER,
            &cast::SURVIVOR_WORKER,
            &cast::OUTSIDER,
            &cast::ADMINISTRATOR,
        ] {
            world.get(other, "/intake/take").await.is(404);
            world
                .post(other, "/intake/take", &with(&drawn, &good))
                .await
                .is(404);
            world.get(other, "/intake/upload").await.is(404);
        }
        // An agency whose agreement has ended is held here too.
        let wexbrook = cast::WEXBROOK.to_string();
        let mut fields = good.to_vec();
        fields.push(("agency", &wexbrook));
        let answer = world
            .post(who, "/intake/take", &with(&drawn, &fields))
            .await;
        world
            .get(who, &answer.location)
            .await
            .is(200)
            .shows("Held: agreement ended");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn advice_is_counted_without_a_word_about_a_person() {
    on_each_engine(|world| async move {
        let who = &cast::INTAKE_WORKER;
        let larkmoor = cast::LARKMOOR.to_string();
        world.get(who, "/advice/new").await.is(200);
        let fields = [
            ("on-day", "13"),
            ("on-month", "10"),
            ("on-year", "2026"),
            ("agency", larkmoor.as_str()),
            ("topics", "suitability"),
            ("topics", "consent"),
            ("outcome", "will_refer"),
            ("minutes", "15"),
        ];
        let answer = world.post(who, "/advice/new", &fields).await;
        answer.is(303);
        let page = world.get(&cast::PRACTITIONER, &answer.location).await;
        page.is(200)
            .shows("October 2026")
            .shows("London Borough of Larkmoor")
            .shows("Whether the service fits; Asking for agreement")
            .shows("1 in all, 15 minutes");
        let csv = world.get(who, "/advice/export?month=2026-10").await;
        csv.shows("\"2026-10-13\",\"London Borough of Larkmoor\"");
        world
            .get(who, "/advice?month=2026-09")
            .await
            .shows("No advice was counted");
        for (field, text, said) in [
            ("on-day", "15", "must not be in the future"),
            ("on-month", "2", "must not"),
            ("topics", "gossip", "is not one of the choices"),
            ("outcome", "", "Answer “What came of it?”"),
            ("minutes", "many", "must be a whole number"),
        ] {
            let mut wrong: Vec<_> = fields
                .iter()
                .copied()
                .filter(|(name, _)| *name != field)
                .collect();
            if field == "on-month" {
                wrong.retain(|(name, _)| *name != "on-year");
                wrong.push(("on-year", "2027"));
            }
            wrong.push((field, text));
            world
                .post(who, "/advice/new", &wrong)
                .await
                .is(200)
                .shows(said);
        }
        world
            .post(who, "/advice/new", &[("note", "about Mrs X")])
            .await
            .is(422);
        for other in [&cast::SOCIAL_WORKER, &cast::OUTSIDER, &cast::EVALUATOR] {
            world.get(other, "/advice").await.is(404);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_kept_beside_what_others_wrote_since() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let case = a_referral(&world).await;
        let child = [
            ("role", "child"),
            ("name", "Isolde"),
            ("born_kind", "unknown"),
        ];
        world
            .post(
                &cast::SERVICE_MANAGER,
                &format!("{case}/people/new"),
                &child,
            )
            .await
            .is(303);
        let fields = [
            ("version", "1"),
            ("referrer_name", "Ines Calloway"),
            ("survivor_name", "Ottoline March"),
            ("reason", "Spelled wrongly"),
        ];
        let answer = world
            .post(who, &format!("{case}/referral/amend"), &fields)
            .await;
        answer.is(303);
        let page = world.get(who, &answer.location).await;
        page.is(200)
            .shows("takes yours over by hand")
            .shows("Ottoline March");
        // Neither text is lost: the people of the case are as the service left them.
        let people = world.get(&cast::SERVICE_MANAGER, &case).await;
        people.is(200).shows("Isolde").shows("Ottoline Marchbanks");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn managers_of_the_service_are_told_by_a_link_and_nothing_else() {
    on_each_engine(|world| async move {
        let case = a_referral(&world).await;
        cusp::mail::deliver(&world.app).await.unwrap();
        let mails: Vec<String> = std::fs::read_dir(world.folder().join("mail"))
            .unwrap()
            .map(|mail| {
                std::fs::read_to_string(mail.unwrap().path())
                    .unwrap()
                    .replace("=\r\n", "")
            })
            .filter(|mail| mail.contains("adaeze.thornbury@example.org"))
            .collect();
        assert_eq!(mails.len(), 1);
        assert!(
            mails[0].contains(&format!("{case}/referral/read")),
            "{}",
            mails[0]
        );
        for secret in ["Marchbanks", "Ottoline", "Rufus", "Sedge"] {
            assert!(!mails[0].contains(secret), "{secret}");
        }
    })
    .await;
}
