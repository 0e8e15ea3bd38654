//! People, how they can be reached, safe contact, looks with a reason, and who may open a case.

use cusp::demo::cast;
use kernel::access::Tie;

use crate::{
    family::{CHILD_SECRETS, STORY, SURVIVOR_SECRETS, Story, TIED, inside, open},
    support::{referral, *},
};

#[tokio::test(flavor = "multi_thread")]
async fn the_lead_worker_opens_the_other_side_where_no_specialist_holds_it() {
    on_each_engine(|world| async move {
        let with = open(&world, STORY).await;
        let ties = &[(&cast::SOCIAL_WORKER, Tie::LeadWorker)];
        let without = open(
            &world,
            Story {
                number: 2,
                ties,
                ..STORY
            },
        )
        .await;
        let who = &cast::SOCIAL_WORKER;
        world.get(who, &with.at("/apart")).await.is(404);
        // Only what works is offered.
        world.get(who, &with.at("")).await.is(200).hides("/apart");
        world
            .get(who, &without.at(""))
            .await
            .is(200)
            .shows("/apart");
        world
            .get(who, &without.at("/apart"))
            .await
            .is(200)
            .shows(SURVIVOR_SECRETS[0])
            .shows(CHILD_SECRETS[0]);
    })
    .await;
}

/// The address that follows `start` on a page.
fn link(answer: &Answer, start: &str) -> String {
    let (_, rest) = answer.body.split_once(&format!("href=\"{start}")).unwrap();
    format!("{start}{}", rest.split_once('"').unwrap().0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_needs_a_reason_is_given_once_and_stays_on_the_record() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let page = family.at("/reveal");
        for who in [&cast::SERVICE_MANAGER, &cast::INTAKE_WORKER] {
            world.get(who, &family.at("/apart")).await.is(404);
            world
                .get(who, &page)
                .await
                .is(200)
                .shows("Why do you need it?")
                .hides("Quillfeather");
            for reason in ["", "because", "         x         "] {
                let answer = world.post(who, &page, &[("reason", reason)]).await;
                answer
                    .is(422)
                    .shows("at least 10 characters")
                    .hides(SURVIVOR_SECRETS[0]);
            }
            let answer = world
                .post(who, &page, &[("reason", "police ask for her address")])
                .await;
            answer
                .is(200)
                .shows(SURVIVOR_SECRETS[0])
                .shows(SURVIVOR_SECRETS[1])
                .shows(SURVIVOR_SECRETS[2])
                .hides(CHILD_SECRETS[0])
                .hides(CHILD_SECRETS[1]);
            assert_eq!(answer.headers["cache-control"], "no-store");
            // Once: the page itself still asks.
            world
                .get(who, &page)
                .await
                .is(200)
                .hides(SURVIVOR_SECRETS[0]);
        }
        for who in [
            &cast::PRACTITIONER,
            &cast::OTHER_PRACTITIONER,
            &cast::SPOC,
            &cast::EVALUATOR,
        ] {
            let answer = world
                .post(who, &page, &[("reason", "police ask for her address")])
                .await;
            answer.is(404).hides(SURVIVOR_SECRETS[0]);
        }
        let kept = world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart"))
            .await;
        kept.is(200)
            .shows("police ask for her address")
            .shows("Adaeze Thornbury");
        let long = "x".repeat(2001);
        let answer = world
            .post(&cast::SERVICE_MANAGER, &page, &[("reason", &long)])
            .await;
        answer
            .is(200)
            .shows("2000 characters or fewer")
            .hides(SURVIVOR_SECRETS[0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_added_and_changed_and_a_stale_save_is_refused() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let new = family.at("/people/new");
        let empty = world
            .post(&cast::PRACTITIONER, &new, &[("name", "Zion")])
            .await;
        empty
            .is(200)
            .shows("There is a problem")
            .shows("value=\"Zion\"");
        let ahead = [
            ("role", "child"),
            ("name", "Zion"),
            ("born_kind", "exact"),
            ("born_day-day", "1"),
            ("born_day-month", "1"),
            ("born_day-year", "2027"),
        ];
        world
            .post(&cast::PRACTITIONER, &new, &ahead)
            .await
            .is(200)
            .shows("lies ahead");
        let unborn = [
            ("role", "child"),
            ("name", "Not named yet"),
            ("born_kind", "expected"),
            ("born_words", "due in the spring"),
        ];
        world.post(&cast::PRACTITIONER, &new, &unborn).await.is(303);
        world
            .get(&cast::PRACTITIONER, &family.at(""))
            .await
            .shows("Not named yet")
            .shows("Not born yet: due in the spring");
        let change = family.at(&format!("/people/{}/change", family.client));
        let page = world.get(&cast::PRACTITIONER, &change).await;
        page.is(200)
            .shows("name=\"version\" value=\"1\"")
            .shows("value=\"1984\"");
        let fields = |name: &'static str, version: &'static str| {
            [
                ("version", version),
                ("name", name),
                ("aliases", "Barty"),
                ("born_kind", "approximate"),
                ("born_words", "about 40"),
                ("occupation", "Police officer"),
            ]
        };
        world
            .post(&cast::PRACTITIONER, &change, &fields("B. Wry", "1"))
            .await
            .is(303);
        world
            .post(&cast::PRACTITIONER, &change, &fields("Late", "1"))
            .await
            .is(409)
            .shows("Late");
        let person = world
            .get(
                &cast::PRACTITIONER,
                &family.at(&format!("/people/{}", family.client)),
            )
            .await;
        person
            .is(200)
            .shows("B. Wry")
            .shows("Barty")
            .shows("about 40");
        // Found under the new names, no longer under the old one.
        let found = world
            .post(&cast::PRACTITIONER, "/cases", &[("words", "barty wry")])
            .await;
        found.is(200).shows("CL-0001</span>");
        let gone = world
            .post(&cast::PRACTITIONER, "/cases", &[("words", "Wrigglesworth")])
            .await;
        gone.is(200).hides("CL-0001</span>");
        world
            .get(&cast::OTHER_PRACTITIONER, &family.at("/access"))
            .await
            .is(200)
            .shows("Somebody at the police may know the client");
        // The client line does not rewrite what is known of the other side.
        let hers = family.at(&format!("/people/{}/change", family.survivor));
        world.get(&cast::PRACTITIONER, &hers).await.is(404);
        world
            .get(&cast::SURVIVOR_WORKER, &hers)
            .await
            .is(200)
            .hides("Occupation");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_any_length_and_script_are_kept_whole() {
    on_each_engine(|world| async move {
        let long = "Wolfeschlegelsteinhausenbergerdorff ".repeat(9);
        let long: String = long.chars().take(300).collect();
        let names = [
            long.trim(),
            "فاطمة الزهراء بنت أحمد",
            "আমিনা খাতুন চৌধুরী",
            "አበበ ቢቂላ ወልደማርያም",
            "<b>Ann</b>",
        ];
        for (number, name) in names.into_iter().enumerate() {
            let story = Story {
                number,
                client: name,
                survivor: name,
                child: name,
                ..STORY
            };
            let family = open(&world, story).await;
            let shown = name.replace('<', "&#60;").replace('>', "&#62;");
            for page in ["/cases".to_owned(), family.at(""), family.at("/apart")] {
                world
                    .get(&cast::SURVIVOR_WORKER, &page)
                    .await
                    .is(200)
                    .shows(&shown);
            }
            let found = world
                .post(&cast::PRACTITIONER, "/cases", &[("words", name)])
                .await;
            found.is(200).shows(&format!("CL-{number:04}</span>"));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telephone_follows_the_address_that_was_left() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let who = &cast::SURVIVOR_WORKER;
        let part = format!("/apart/{}", family.survivor);
        let home = family.home.to_string();
        let landline = |at: &'static str| {
            [
                ("channel", "telephone"),
                ("status", "current"),
                ("value", at),
            ]
        };
        let mut at_home = landline("020 7946 0111").to_vec();
        at_home.push(("at_address", home.as_str()));
        let contact = family.at(&format!("{part}/contact"));
        world
            .get(who, &contact)
            .await
            .is(200)
            .shows("Quillfeather")
            .shows("At none of these");
        world.post(who, &contact, &at_home).await.is(303);
        world
            .post(who, &contact, &landline("020 7946 0222"))
            .await
            .is(303);
        world
            .post(who, &contact, &landline("07700 900775"))
            .await
            .is(303);
        let address = family.at(&format!("{part}/address?of={home}"));
        world
            .get(who, &address)
            .await
            .is(200)
            .shows("Quillfeather")
            .shows("Nothing is sent by post");
        let left = [
            ("kept", "here"),
            ("value", SURVIVOR_SECRETS[0]),
            ("because", "she still gets post there"),
            ("status", "left"),
        ];
        world.post(who, &address, &left).await.is(303);
        let page = world.get(who, &family.at("/apart")).await;
        let tag_of = |value: &str| {
            let at = page.is(200).body.find(value).unwrap();
            let title = page.body[..at]
                .rfind("govuk-summary-card__title\"")
                .unwrap();
            let tag = page.body[title..]
                .split("<strong class=\"govuk-tag")
                .nth(1)
                .unwrap()
                .to_owned();
            tag.split('>')
                .nth(1)
                .unwrap()
                .split('<')
                .next()
                .unwrap()
                .to_owned()
        };
        assert_eq!(tag_of("020 7946 0111</p>"), "Unsafe");
        assert_eq!(tag_of("020 7946 0222</p>"), "Check first");
        assert_eq!(tag_of("07700 900775</p>"), "Current");
        assert_eq!(tag_of("9 Quillfeather Court, ZZ99 1QQ</p>"), "Left");
        // The row that was replaced cannot be replaced again.
        world.post(who, &address, &left).await.is(409);
        // The client's own side is untouched by it.
        let client = family.at(&format!("/people/{}", family.client));
        world
            .get(&cast::PRACTITIONER, &client)
            .await
            .is(200)
            .hides("Unsafe")
            .hides("Left");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_the_other_side_says_where_it_is_kept() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let who = &cast::SURVIVOR_WORKER;
        for (part, place) in [
            (family.survivor, "her"),
            (family.child, "child"),
            (family.other, "other"),
        ] {
            let form = family.at(&format!("/apart/{part}/address"));
            let answer = world
                .post(who, &form, &[("kept", "here"), ("status", "current")])
                .await;
            answer.is(200).shows("Enter the address").shows("Say why");
            let answer = world
                .post(who, &form, &[("kept", "agency"), ("status", "current")])
                .await;
            answer.is(200).shows("Say which agency");
            let held = [("kept", "agency"), ("agency", place), ("status", "current")];
            world.post(who, &form, &held).await.is(303);
            world
                .get(who, &family.at("/apart"))
                .await
                .shows(&format!("Held by {place}"));
        }
        let form = family.at(&format!("/apart/{}/address", family.survivor));
        world
            .post(who, &form, &[("kept", "as_client"), ("status", "current")])
            .await
            .is(303);
        world
            .get(who, &family.at("/apart"))
            .await
            .shows("Same as the client’s: Flat 4b, 118 Teasel Road");
        let client = family.at(&format!("/apart/{}/address", family.client));
        world.get(who, &client).await.is(404);
        world.get(&cast::PRACTITIONER, &form).await.is(404);
        world
            .post(
                who,
                &form,
                &[("kept", "as_client"), ("status", "current"), ("more", "x")],
            )
            .await
            .is(422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r008_safe_contact_is_read_before_anybody_rings() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let who = &cast::SURVIVOR_WORKER;
        let page = world.get(who, &family.at("/apart")).await;
        page.is(200)
            .shows(SURVIVOR_SECRETS[2])
            .shows("Never checked with the person");
        let form = family.at(&format!("/apart/{}/safe", family.survivor));
        world
            .get(who, &form)
            .await
            .is(200)
            .shows("The referral says:")
            .shows(SURVIVOR_SECRETS[2])
            .shows("name=\"version\" value=\"1\"");
        let fields = |version: &'static str, day: &'static str, pretext: &'static str| {
            [
                ("version", version),
                ("status", "checked"),
                ("methods", "call"),
                ("methods", "text"),
                ("times", "weekdays 10am to 2.30pm"),
                ("pretext", pretext),
                ("code_word", "red kite"),
                ("never_message", "yes"),
                ("checked_on-day", day),
                ("checked_on-month", "10"),
                ("checked_on-year", "2026"),
            ]
        };
        let ahead = world.post(who, &form, &fields("1", "15", "a survey")).await;
        ahead.is(200).shows("cannot lie ahead").shows("a survey");
        world
            .post(who, &form, &fields("1", "10", "a survey"))
            .await
            .is(303);
        let page = world.get(who, &family.at("/apart")).await;
        page.is(200)
            .shows("Never leave a message")
            .shows("red kite")
            .shows("a survey")
            .shows("Phone call; Text message")
            // The words of the referral stay.
            .shows(SURVIVOR_SECRETS[2])
            .hides("Never checked");
        world
            .post(who, &form, &fields("1", "10", "late"))
            .await
            .is(409);
        // How old is old is the partnership's to say.
        let set = [
            ("value", "30"),
            ("from-day", "15"),
            ("from-month", "10"),
            ("from-year", "2026"),
        ];
        world
            .post(
                &cast::ADMINISTRATOR,
                "/settings/value/safe_contact_old_days",
                &set,
            )
            .await
            .is(303);
        world.set_clock("2026-11-20T09:00:00Z");
        world
            .get(who, &family.at("/apart"))
            .await
            .shows("Not checked for 41 days");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_excluded_finds_nothing_anywhere() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let form = family.at("/access/excluded");
        let worker = cast::PRACTITIONER.id.to_string();
        let who = &cast::OTHER_PRACTITIONER;
        world.get(&cast::PRACTITIONER, &form).await.is(404);
        let page = inside(world.get(who, &form).await);
        // A practitioner's supervisor chooses among her own agency only.
        page.is(200).shows("Maren Okafor").hides("Sunniva Hale");
        let answer = world
            .post(who, &form, &[("worker", &worker), ("reason", "")])
            .await;
        answer.is(200).shows("There is a problem");
        let me = who.id.to_string();
        let own = [("worker", me.as_str()), ("reason", "I know him")];
        world
            .post(who, &form, &own)
            .await
            .is(200)
            .shows("You cannot exclude yourself");
        let outside = cast::SURVIVOR_WORKER.id.to_string();
        let other = [("worker", outside.as_str()), ("reason", "I know him")];
        world
            .post(who, &form, &other)
            .await
            .is(200)
            .shows("Choose a worker");
        // The only supervisor stays, whoever asks.
        let only = [("worker", me.as_str()), ("reason", "He is a neighbour")];
        world
            .post(&cast::SERVICE_MANAGER, &form, &only)
            .await
            .is(200)
            .shows("the only supervisor");
        world.get(&cast::PRACTITIONER, &family.at("")).await.is(200);
        let fields = [("worker", worker.as_str()), ("reason", "She is his cousin")];
        world.post(who, &form, &fields).await.is(303);
        for place in [
            "",
            "/chronology",
            "/people/new",
            &format!("/people/{}", family.client),
        ] {
            world
                .get(&cast::PRACTITIONER, &family.at(place))
                .await
                .is(404);
        }
        let new = family.at("/people/new");
        let add = [("role", "child"), ("name", "X"), ("born_kind", "unknown")];
        world.post(&cast::PRACTITIONER, &new, &add).await.is(404);
        world
            .get(&cast::PRACTITIONER, "/cases")
            .await
            .is(200)
            .hides("CL-0001")
            .shows("0 open");
        world
            .post(&cast::PRACTITIONER, "/cases", &[("words", "wrigglesworth")])
            .await
            .hides("CL-0001");
        world
            .get(&cast::PRACTITIONER, "/cases.csv")
            .await
            .hides("CL-0001");
        // The service manager who is excluded has the role still, and not the case.
        let manager = cast::SERVICE_MANAGER.id.to_string();
        let fields = [
            ("worker", manager.as_str()),
            ("reason", "She is a friend of hers"),
        ];
        world.post(who, &form, &fields).await.is(303);
        world
            .get(&cast::SERVICE_MANAGER, &family.at(""))
            .await
            .is(404);
        world
            .get(&cast::SERVICE_MANAGER, "/cases?whose=programme")
            .await
            .is(200)
            .hides("CL-0001");
        let page = world.get(who, &family.at("/access")).await;
        page.is(200)
            .shows("Must not open it")
            .shows("She is his cousin");
        let off = family.at("/access/taken_off");
        let fields = [
            ("worker", manager.as_str()),
            ("reason", "It was another person"),
        ];
        world.post(who, &off, &fields).await.is(303);
        world
            .get(&cast::SERVICE_MANAGER, &family.at(""))
            .await
            .is(200);
        // Her part in the case does not come back by itself.
        let fields = [
            ("worker", worker.as_str()),
            ("reason", "It was another person"),
        ];
        world.post(who, &off, &fields).await.is(303);
        world.get(&cast::PRACTITIONER, &family.at("")).await.is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restricted_case_is_there_for_those_named_alone() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let who = &cast::OTHER_PRACTITIONER;
        let restrict = family.at("/access/restricted");
        world
            .post(who, &restrict, &[("reason", "The client works here")])
            .await
            .is(303);
        // Everybody tied to it goes on, on both sides; nobody by role alone.
        for tied in [
            &cast::PRACTITIONER,
            &cast::SURVIVOR_WORKER,
            &cast::SOCIAL_WORKER,
            who,
        ] {
            world
                .get(tied, &family.at(""))
                .await
                .is(200)
                .shows("Restricted");
        }
        for role in [&cast::SERVICE_MANAGER, &cast::INTAKE_WORKER] {
            world.get(role, &family.at("")).await.is(404);
            world
                .get(role, "/cases?whose=programme")
                .await
                .is(200)
                .hides("CL-0001");
            let look = [("reason", "police ask for her address")];
            world.post(role, &family.at("/reveal"), &look).await.is(404);
        }
        let page = inside(world.get(who, &family.at("/access")).await);
        page.is(200)
            .shows("Maren Okafor")
            .shows("Ines Calloway")
            .hides("Sunniva Hale");
        let manager = cast::SERVICE_MANAGER.id.to_string();
        let named = [
            ("worker", manager.as_str()),
            ("reason", "She answers for it"),
        ];
        world
            .post(who, &family.at("/access/named"), &named)
            .await
            .is(303);
        world
            .get(&cast::SERVICE_MANAGER, &family.at(""))
            .await
            .is(200);
        let me = who.id.to_string();
        let off = [("worker", me.as_str()), ("reason", "no longer")];
        world
            .post(who, &family.at("/access/taken_off"), &off)
            .await
            .is(200)
            .shows("You cannot take yourself off");
        world
            .post(
                who,
                &family.at("/access/opened"),
                &[("reason", "He has left")],
            )
            .await
            .is(303);
        world
            .get(&cast::INTAKE_WORKER, &family.at(""))
            .await
            .is(200);
        world.get(who, &family.at("/access/nothing")).await.is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warning_stands_on_top_until_a_supervisor_lifts_it() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let fields = [
            ("words", "Two dogs; go in pairs"),
            ("review_on-day", "1"),
            ("review_on-month", "11"),
            ("review_on-year", "2026"),
        ];
        world
            .post(&cast::PRACTITIONER, &family.at("/flag"), &fields[..1])
            .await
            .is(200);
        world
            .post(&cast::PRACTITIONER, &family.at("/flag"), &fields)
            .await
            .is(303);
        let page = world.get(&cast::SURVIVOR_WORKER, &family.at("")).await;
        page.is(200)
            .shows("Two dogs")
            .shows("1 November 2026")
            .hides("review is overdue");
        page.hides("Lift the warning");
        let page = world.get(&cast::OTHER_PRACTITIONER, &family.at("")).await;
        let lift = link(page.is(200), &family.at("/flag/"));
        world.set_clock("2026-11-02T09:00:00Z");
        world.forget(&cast::OTHER_PRACTITIONER);
        world.forget(&cast::PRACTITIONER);
        world
            .get(&cast::OTHER_PRACTITIONER, &family.at(""))
            .await
            .shows("The review is overdue");
        world.get(&cast::PRACTITIONER, &lift).await.is(404);
        let why = [("reason", "The dogs are gone")];
        world
            .post(&cast::OTHER_PRACTITIONER, &lift, &why)
            .await
            .is(303);
        world
            .post(&cast::OTHER_PRACTITIONER, &lift, &why)
            .await
            .is(404);
        world
            .get(&cast::PRACTITIONER, &family.at(""))
            .await
            .hides("Two dogs");
        world
            .get(&cast::PRACTITIONER, &family.at("/chronology"))
            .await
            .shows("Two dogs")
            .shows("Warning lifted");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_led_to_a_match_they_may_not_see() {
    on_each_engine(|world| async move {
        let first = open(&world, STORY).await;
        let one = world.get(&cast::INTAKE_WORKER, &first.at("")).await;
        one.is(200).hides("known in another case");
        // The client of the first is the survivor of the second, written otherwise.
        let again = Story {
            number: 2,
            client: "Somebody Else",
            client_born: "1 1 1980",
            survivor: "WRIGGLESWORTH, Bartholomew",
            survivor_born: "about 40",
            child: "Nobody",
            ties: &[(&cast::PRACTITIONER, Tie::ClientLine)],
        };
        let second = open(&world, again).await;
        for who in [&cast::INTAKE_WORKER, &cast::SERVICE_MANAGER] {
            world
                .get(who, &second.at(""))
                .await
                .is(200)
                .shows("known in another case");
        }
        world
            .get(&cast::PRACTITIONER, &second.at(""))
            .await
            .is(200)
            .hides("another case");
        world
            .get(&cast::PRACTITIONER, &second.at("/matches"))
            .await
            .is(404);
        let other = first.case.to_string();
        let intake = world
            .get(&cast::INTAKE_WORKER, &second.at("/matches"))
            .await;
        intake
            .is(200)
            .shows("Ask the service manager")
            .hides(&other);
        let manager = world
            .get(&cast::SERVICE_MANAGER, &second.at("/matches"))
            .await;
        manager.is(200).shows(&other);
        // Once the first is restricted, nobody is led to it.
        let restrict = first.at("/access/restricted");
        let why = [("reason", "The client works here")];
        world
            .post(&cast::OTHER_PRACTITIONER, &restrict, &why)
            .await
            .is(303);
        let manager = world
            .get(&cast::SERVICE_MANAGER, &second.at("/matches"))
            .await;
        manager
            .is(200)
            .shows("Ask the service manager")
            .hides(&other);
        let opened = first.at("/access/opened");
        world
            .post(&cast::OTHER_PRACTITIONER, &opened, &why)
            .await
            .is(303);
        // Another date of birth is another person.
        let twin = Story {
            number: 3,
            client_born: "30 12 1985",
            survivor: "Another Name",
            ties: TIED,
            ..STORY
        };
        let third = open(
            &world,
            Story {
                survivor_born: "",
                ..twin
            },
        )
        .await;
        let page = world
            .get(&cast::SERVICE_MANAGER, &third.at("/matches"))
            .await;
        // Of the two cases before, only the one without a certain date may be the same person.
        page.is(200).shows(&second.case.to_string()).hides(&other);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clients_details_are_changed_by_whoever_works_on_the_case() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let person = family.at(&format!("/people/{}", family.client));
        let page = world.get(&cast::PRACTITIONER, &person).await;
        let edit = link(page.is(200), &format!("{person}/address?of="));
        world
            .get(&cast::PRACTITIONER, &edit)
            .await
            .is(200)
            .shows("118 Teasel Road");
        let fields = [
            ("value", "2 Harbour Steps"),
            ("status", "current"),
            ("note", "Side door"),
        ];
        world
            .post(&cast::SURVIVOR_WORKER, &edit, &fields)
            .await
            .is(303);
        world
            .get(&cast::PRACTITIONER, &person)
            .await
            .shows("2 Harbour Steps")
            .shows("Side door")
            .hides("118 Teasel");
        world
            .post(&cast::PRACTITIONER, &edit, &fields)
            .await
            .is(409);
        let past = inside(
            world
                .get(&cast::PRACTITIONER, &family.at("/chronology"))
                .await,
        );
        past.is(200)
            .shows("Contact details changed")
            .hides("Sunniva Hale");
        // The survivor has no details on the page of what workers share.
        for form in ["address", "contact"] {
            let hers = family.at(&format!("/people/{}/{form}", family.survivor));
            world.get(&cast::PRACTITIONER, &hers).await.is(404);
            world
                .post(&cast::PRACTITIONER, &hers, &fields)
                .await
                .is(404);
        }
        let child = world
            .get(
                &cast::PRACTITIONER,
                &family.at(&format!("/people/{}", family.child)),
            )
            .await;
        child
            .is(200)
            .hides(CHILD_SECRETS[0])
            .hides("Contact details");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_referral_does_not_undo_what_workers_wrote_about_people() {
    on_each_engine(|world| async move {
        let who = &cast::SOCIAL_WORKER;
        let case = referral::send(&world, who, &referral::MONTY).await;
        let correct = async |version: &str, name: &str, reason: &str| {
            let fields = [
                ("version", version),
                ("referrer_name", "Ines Calloway"),
                ("survivor_name", "Persis Wrigg"),
                ("client_name", name),
                ("acts", "Takes the car keys."),
                ("reason", reason),
            ];
            let path = format!("/cases/{case}/referral/amend");
            world.post(who, &path, &fields).await.is(303);
        };
        let manager = &cast::SERVICE_MANAGER;
        let page = format!("/cases/{case}");
        // While nobody else wrote, the correction is what the case says.
        correct("1", "Montague Wrigg", "It is Montague").await;
        world
            .get(manager, &page)
            .await
            .is(200)
            .shows("Montague Wrigg")
            .hides("Peregrine");
        let add = [
            ("role", "child"),
            ("name", "Clementine"),
            ("born_kind", "unknown"),
        ];
        world
            .post(manager, &format!("{page}/people/new"), &add)
            .await
            .is(303);
        correct("2", "Montgomery Wrigg", "It is Montgomery").await;
        world
            .get(manager, &page)
            .await
            .is(200)
            .shows("Clementine")
            .shows("Montague Wrigg");
        world
            .get(manager, &format!("{page}/referral/read"))
            .await
            .shows("Montgomery Wrigg");
        world
            .get(manager, &format!("{page}/chronology"))
            .await
            .shows("Referral received")
            .shows("It is Montgomery");
    })
    .await;
}
