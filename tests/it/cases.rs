//! Lists, the page of a case, its chronology, and what lies in the wrong place.

use cusp::demo::cast;

use crate::{
    family::{
        self, CHILD_SECRETS, OTHER_SECRETS, STORY, SURVIVOR_SECRETS, Story, TIED, inside, open,
    },
    support::*,
};

/// Every page of these capabilities that the client line opens.
fn client_line_pages(family: &family::Family) -> Vec<String> {
    let mut pages: Vec<String> = [
        "",
        "/chronology",
        "/people/new",
        "/flag",
        "/access",
        "/access/excluded",
        "/access/named",
        "/access/restricted",
        "/misfiled",
    ]
    .into_iter()
    .map(|place| family.at(place))
    .collect();
    for part in [family.client, family.survivor, family.child, family.other] {
        pages.push(family.at(&format!("/people/{part}")));
    }
    pages.push(family.at(&format!("/people/{}/change", family.client)));
    pages.push(family.at(&format!("/people/{}/address", family.client)));
    pages.push(family.at(&format!("/people/{}/contact", family.client)));
    pages.push("/cases".to_owned());
    pages.push("/cases.csv".to_owned());
    pages
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_line_never_gets_what_leads_to_the_other_side() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        // A change by the survivor's side must leave no trace on the client line either.
        let safe = family.at(&format!("/apart/{}/safe", family.survivor));
        let fields = [
            ("version", "1"),
            ("status", "checked"),
            ("methods", "call"),
            ("pretext", "Ask for the library book"),
            ("code_word", SURVIVOR_SECRETS[3]),
            ("never_message", "yes"),
            ("checked_on-day", "10"),
            ("checked_on-month", "10"),
            ("checked_on-year", "2026"),
        ];
        world
            .post(&cast::SURVIVOR_WORKER, &safe, &fields)
            .await
            .is(303);
        for who in [&cast::PRACTITIONER, &cast::OTHER_PRACTITIONER] {
            let mut opened = 0;
            for page in client_line_pages(&family) {
                let answer = inside(world.get(who, &page).await);
                if answer.status == 200 {
                    opened += 1;
                }
                for secret in SURVIVOR_SECRETS
                    .iter()
                    .chain(&CHILD_SECRETS)
                    .chain(&OTHER_SECRETS)
                {
                    answer.hides(secret);
                }
                // The list of candidates for exclusion names roles of nobody.
                answer.hides("Survivor support worker");
                answer.hides(&cast::SURVIVOR_WORKER.id.to_string());
            }
            assert!(opened >= 12, "{} opened {opened} pages only", who.name);
            for place in [
                "/apart",
                "/apart/chronology",
                "/apart/misfiled",
                "/reveal",
                "/matches",
            ] {
                world.get(who, &family.at(place)).await.is(404);
            }
            for (place, fields) in [
                ("/reveal", vec![("reason", "because I would like to know")]),
                ("/apart/mark", vec![("kind", "survivor_detail")]),
            ] {
                let answer = world.post(who, &family.at(place), &fields).await;
                answer.is(404).hides(SURVIVOR_SECRETS[0]);
            }
        }
        // The control: the other side finds every one of them through its own pages.
        let kept = world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart"))
            .await;
        kept.is(200);
        for secret in SURVIVOR_SECRETS[..6]
            .iter()
            .chain(&CHILD_SECRETS)
            .chain(&OTHER_SECRETS)
        {
            kept.shows(secret);
        }
        kept.shows("SV-0001").shows("Never leave a message");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_client_line_sees_is_the_same_whether_anybody_supports_the_survivor() {
    on_each_engine(|world| async move {
        let with = open(&world, STORY).await;
        let without = open(
            &world,
            Story {
                number: 2,
                ties: &[TIED[0], TIED[1], TIED[4]],
                ..STORY
            },
        )
        .await;
        for place in ["", "/chronology", "/access", "/misfiled"] {
            let mut pages = Vec::new();
            for family in [&with, &without] {
                let page = world
                    .get(&cast::OTHER_PRACTITIONER, &family.at(place))
                    .await;
                let mut body = page.is(200).body.clone();
                for (from, to) in [
                    (family.case.to_string(), "CASE"),
                    (family.client.to_string(), "CLIENT"),
                    (family.survivor.to_string(), "SURVIVOR"),
                    (family.child.to_string(), "CHILD"),
                    (family.other.to_string(), "OTHER"),
                    (
                        format!("CL-{:04}", if family.case == with.case { 1 } else { 2 }),
                        "REF",
                    ),
                ] {
                    body = body.replace(&from, to);
                }
                pages.push(body);
            }
            assert_eq!(pages[0], pages[1], "{place}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn absent_and_forbidden_look_the_same() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let nowhere = kernel::ids::CaseId::new();
        let bare = |body: &str| {
            let (before, after) = body.split_once("cusp-reference\">").unwrap();
            format!("{before}{}", after.split_once('<').unwrap().1)
        };
        for who in [
            &cast::SPOC,
            &cast::EVALUATOR,
            &cast::ADMINISTRATOR,
            &cast::OUTSIDER,
        ] {
            for place in ["", "/chronology", "/apart", "/access", "/people/new"] {
                let absent = world.get(who, &format!("/cases/{nowhere}{place}")).await;
                let forbidden = world.get(who, &family.at(place)).await;
                absent.is(404);
                forbidden.is(404);
                assert_eq!(
                    bare(&absent.body),
                    bare(&forbidden.body),
                    "{} {place}",
                    who.name
                );
            }
        }
        let other = open(
            &world,
            Story {
                number: 2,
                ties: &[],
                ..STORY
            },
        )
        .await;
        // A person of another case is absent from this one.
        let crossed = family.at(&format!("/people/{}", other.client));
        world.get(&cast::PRACTITIONER, &crossed).await.is(404);
        world.get(&cast::PRACTITIONER, &other.at("")).await.is(404);
        world.get_as_nobody(&family.at("")).await.is(303);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_shows_own_cases_and_the_programme_to_who_has_it() {
    on_each_engine(|world| async move {
        let mine = open(&world, STORY).await;
        let other = Story {
            number: 2,
            client: "Marlon Spratley",
            survivor: "Chantelle Yarrowby",
            ties: &[],
            ..STORY
        };
        let theirs = open(&world, other).await;
        let list = world.get(&cast::PRACTITIONER, "/cases").await;
        list.is(200)
            .shows("Bartholomew Wrigglesworth")
            .shows("1 child")
            .shows("CL-0001")
            .shows("1 open")
            .hides("Marlon")
            .hides("Programme");
        // Asking for what one does not have shows what one has.
        let asked = world
            .get(&cast::PRACTITIONER, "/cases?whose=programme")
            .await;
        asked.is(200).shows("Bartholomew").hides("Marlon");
        let all = world
            .get(&cast::SERVICE_MANAGER, "/cases?whose=programme")
            .await;
        all.is(200)
            .shows("Bartholomew")
            .shows("Marlon")
            .shows("2 open");
        let none = world
            .get(
                &cast::SERVICE_MANAGER,
                "/cases?whose=programme&stage=withdrawn",
            )
            .await;
        none.is(200)
            .shows("No case stands at this stage")
            .hides("Marlon");
        world
            .get(&cast::SERVICE_MANAGER, "/cases")
            .await
            .shows("You have no case")
            .shows("Programme");
        world
            .get(&cast::SERVICE_MANAGER, &theirs.at(""))
            .await
            .is(200)
            .shows("Marlon");
        world.get(&cast::SPOC, "/cases").await.is(404);
        world
            .get(&cast::PRACTITIONER, &mine.at(""))
            .await
            .is(200)
            .shows("Case CL-0001");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn paging_goes_on_where_it_stopped_and_keeps_the_filter() {
    on_each_engine(|world| async move {
        for number in 1..=27 {
            let client = format!("Client Number{number}");
            open(
                &world,
                Story {
                    number,
                    client: &client,
                    ties: &TIED[..1],
                    ..STORY
                },
            )
            .await;
        }
        let first = world
            .get(&cast::PRACTITIONER, "/cases?stage=received")
            .await;
        let rows = |body: &str| body.matches("href=\"/cases/0").count();
        assert_eq!(rows(&first.is(200).body), 25);
        let (_, rest) = first
            .body
            .split_once("href=\"/cases?stage=received&#38;after=")
            .unwrap();
        let after = rest.split_once('"').unwrap().0;
        let next = world
            .get(
                &cast::PRACTITIONER,
                &format!("/cases?stage=received&after={after}"),
            )
            .await;
        assert_eq!(rows(&next.is(200).body), 2);
        next.shows("First page").hides("rel=\"next\"");
        // The file holds exactly the page.
        let file = world
            .get(
                &cast::PRACTITIONER,
                &format!("/cases.csv?stage=received&after={after}"),
            )
            .await;
        assert_eq!(file.is(200).body.trim_end().lines().count(), 3);
        assert!(file.headers["content-disposition"].contains("list.csv"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_holds_no_formula() {
    on_each_engine(|world| async move {
        open(
            &world,
            Story {
                client: "=HYPERLINK(\"http://x\")",
                ..STORY
            },
        )
        .await;
        let file = world.get(&cast::PRACTITIONER, "/cases.csv").await;
        file.is(200)
            .shows("\"'=HYPERLINK(\"\"http://x\"\")\"")
            .shows("Reference,Client,Survivor");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_within_ones_own_scope_and_leaves_no_name_in_an_address() {
    on_each_engine(|world| async move {
        open(&world, STORY).await;
        let other = Story {
            number: 2,
            client: "Élodie Wrigglesworth",
            ties: &[],
            ..STORY
        };
        open(&world, other).await;
        for (words, found) in [
            ("wrigglesworth", true),
            ("MONTY", true),
            ("Wrigglesworth Bartholomew", true),
            ("Cholmondeley peregrine", true),
            ("CL-0001", true),
            ("cl-0001", true),
            // The survivor's reference would join the two references for the client line.
            ("SV-0001", false),
            ("Bartholomew Peregrine", false),
            ("07700 900771", false),
            ("Quillfeather", false),
        ] {
            let answer = world
                .post(&cast::PRACTITIONER, "/cases", &[("words", words)])
                .await;
            answer.is(200).hides("lodie");
            assert_eq!(answer.body.contains("CL-0001</span>"), found, "{words}");
        }
        let hers = world
            .post(&cast::SURVIVOR_WORKER, "/cases", &[("words", "SV-0001")])
            .await;
        hers.is(200).shows("CL-0001</span>");
        let all = world
            .post(
                &cast::SERVICE_MANAGER,
                "/cases?whose=programme",
                &[("words", "elodie")],
            )
            .await;
        all.is(200).shows("Élodie").hides("Bartholomew");
        let blank = world
            .post(&cast::PRACTITIONER, "/cases", &[("words", " ")])
            .await;
        blank.is(200).shows("There is a problem");
        world
            .post(
                &cast::PRACTITIONER,
                "/cases",
                &[("words", "x"), ("more", "y")],
            )
            .await
            .is(422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_marked_is_hidden_at_once_until_a_supervisor_settles_it() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let person = family.at(&format!("/people/{}", family.client));
        world
            .get(&cast::PRACTITIONER, &person)
            .await
            .shows("118 Teasel Road");
        let form = family.at(&format!(
            "/mark?kind=client_detail&item={}",
            family.client_home
        ));
        world
            .get(&cast::PRACTITIONER, &form)
            .await
            .is(200)
            .shows("118 Teasel Road");
        let item = family.client_home.to_string();
        let mark = [
            ("kind", "client_detail"),
            ("item", item.as_str()),
            ("why", "wrong_label"),
            ("reason", "It is hers"),
        ];
        world
            .post(&cast::PRACTITIONER, &family.at("/mark"), &mark)
            .await
            .is(303);
        for place in ["", &format!("/people/{}", family.client)] {
            for who in [
                &cast::PRACTITIONER,
                &cast::SURVIVOR_WORKER,
                &cast::SERVICE_MANAGER,
            ] {
                world
                    .get(who, &family.at(place))
                    .await
                    .is(200)
                    .hides("118 Teasel Road");
            }
        }
        // Whoever knows its id does not read it through the form that marks.
        world.get(&cast::PRACTITIONER, &form).await.is(404);
        world
            .get(&cast::PRACTITIONER, &family.at("/misfiled"))
            .await
            .is(404);
        let queue = world
            .get(&cast::OTHER_PRACTITIONER, &family.at("/misfiled"))
            .await;
        queue
            .is(200)
            .shows("It is hers")
            .shows("Maren Okafor")
            .hides("118 Teasel Road");
        let (_, rest) = queue.body.split_once("/misfiled/").unwrap();
        let decide = family.at(&format!("/misfiled/{}", rest.split_once('"').unwrap().0));
        world
            .get(&cast::OTHER_PRACTITIONER, &decide)
            .await
            .is(200)
            .shows("118 Teasel Road");
        let short = [("outcome", "restored"), ("reason", "")];
        world
            .post(&cast::OTHER_PRACTITIONER, &decide, &short)
            .await
            .is(200)
            .shows("There is a problem");
        let moved = [
            ("outcome", "moved"),
            ("reason", "it is the survivor’s own address"),
        ];
        world
            .post(&cast::OTHER_PRACTITIONER, &decide, &moved)
            .await
            .is(303);
        world
            .post(&cast::OTHER_PRACTITIONER, &decide, &moved)
            .await
            .is(409);
        world
            .get(&cast::PRACTITIONER, &person)
            .await
            .hides("118 Teasel Road");
        let kept = world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart"))
            .await;
        kept.is(200).shows("118 Teasel Road");
        let past = world
            .get(&cast::PRACTITIONER, &family.at("/chronology"))
            .await;
        past.is(200)
            .shows("Entry marked as misplaced")
            .shows("Misplaced entry settled");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_marked_as_of_another_case_comes_back_when_restored() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let item = family.child.to_string();
        let mark = [
            ("kind", "part"),
            ("item", item.as_str()),
            ("why", "wrong_case"),
            ("reason", "Another family’s child"),
        ];
        world
            .post(&cast::SURVIVOR_WORKER, &family.at("/mark"), &mark)
            .await
            .is(303);
        world
            .get(&cast::PRACTITIONER, &family.at(""))
            .await
            .hides("Peregrine");
        world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart"))
            .await
            .hides("Peregrine");
        world
            .get(&cast::PRACTITIONER, "/cases")
            .await
            .hides("1 child");
        let child = family.at(&format!("/people/{}", family.child));
        world.get(&cast::PRACTITIONER, &child).await.is(404);
        let queue = inside(
            world
                .get(&cast::SERVICE_MANAGER, &family.at("/misfiled"))
                .await,
        );
        // Who marked it works with the survivor, and is not named.
        queue.is(200).shows("Another family").hides("Sunniva Hale");
        let (_, rest) = queue.body.split_once("/misfiled/").unwrap();
        let decide = family.at(&format!("/misfiled/{}", rest.split_once('"').unwrap().0));
        let moved = [("outcome", "moved"), ("reason", "to the other family")];
        world
            .post(&cast::SERVICE_MANAGER, &decide, &moved)
            .await
            .is(200)
            .shows("This cannot be moved");
        let back = [
            ("outcome", "restored"),
            ("reason", "the same child after all"),
        ];
        world
            .post(&cast::SERVICE_MANAGER, &decide, &back)
            .await
            .is(303);
        world
            .get(&cast::PRACTITIONER, &child)
            .await
            .is(200)
            .shows("Peregrine");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_marked_on_the_other_side_is_settled_without_being_seen() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let item = family.home.to_string();
        let mark = [
            ("kind", "survivor_detail"),
            ("item", item.as_str()),
            ("why", "wrong_case"),
            ("reason", "Belongs to the aunt at Quillfeather"),
        ];
        // Through the page of what workers share it is absent.
        world
            .post(&cast::SURVIVOR_WORKER, &family.at("/mark"), &mark)
            .await
            .is(404);
        world
            .post(&cast::SURVIVOR_WORKER, &family.at("/apart/mark"), &mark)
            .await
            .is(303);
        world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart"))
            .await
            .is(200)
            .hides(SURVIVOR_SECRETS[0]);
        world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart/misfiled"))
            .await
            .is(404);
        let queue = world
            .get(&cast::TEAM_MANAGER, &family.at("/apart/misfiled"))
            .await;
        queue.is(200).shows("Belongs to the aunt");
        let manager = world
            .get(&cast::SERVICE_MANAGER, &family.at("/misfiled"))
            .await;
        manager.is(200).shows("kept apart").hides("aunt");
        world
            .get(&cast::OTHER_PRACTITIONER, &family.at("/misfiled"))
            .await
            .is(200)
            .hides("kept apart");
        let (_, rest) = manager.body.split_once("/misfiled/").unwrap();
        let id = rest.split_once("/unseen").unwrap().0;
        world
            .get(
                &cast::SERVICE_MANAGER,
                &family.at(&format!("/misfiled/{id}/unseen")),
            )
            .await
            .is(200)
            .hides("Quillfeather");
        let settle = family.at(&format!("/apart/misfiled/{id}"));
        let no_reason = [("outcome", "restored"), ("reason", "short")];
        world
            .post(&cast::SERVICE_MANAGER, &settle, &no_reason)
            .await
            .is(422);
        let reason = [
            ("outcome", "restored"),
            ("reason", "her worker has left the agency"),
        ];
        world
            .post(&cast::SERVICE_MANAGER, &settle, &reason)
            .await
            .is(303);
        world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart"))
            .await
            .shows(SURVIVOR_SECRETS[0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chronology_is_filtered_and_names_nobody_of_the_other_side() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let add =
            |name: &'static str| [("role", "child"), ("name", name), ("born_kind", "unknown")];
        let new = family.at("/people/new");
        world
            .post(&cast::PRACTITIONER, &new, &add("Clementine"))
            .await
            .is(303);
        world
            .post(&cast::SURVIVOR_WORKER, &new, &add("Zion"))
            .await
            .is(303);
        let all = inside(
            world
                .get(&cast::PRACTITIONER, &family.at("/chronology"))
                .await,
        );
        all.is(200)
            .shows("Clementine")
            .shows("Zion")
            .shows("Maren Okafor")
            .shows("A worker")
            .hides("Sunniva Hale");
        let by = format!("/chronology?author={}", cast::PRACTITIONER.id);
        let hers = world.get(&cast::PRACTITIONER, &family.at(&by)).await;
        hers.is(200).shows("Clementine").hides("Zion");
        // A filter cannot ask who somebody on the other side is.
        let by = format!("/chronology?author={}", cast::SURVIVOR_WORKER.id);
        let theirs = world.get(&cast::PRACTITIONER, &family.at(&by)).await;
        theirs.is(200).hides("Zion").hides("Clementine");
        let kind = family.at("/chronology?kind=Warning%20for%20workers");
        world
            .get(&cast::PRACTITIONER, &kind)
            .await
            .is(200)
            .hides("Zion");
        let kept = world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart/chronology"))
            .await;
        kept.is(200).shows("Sunniva Hale").shows("Zion");
    })
    .await;
}
