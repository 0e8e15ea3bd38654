//! Contacts: apart by side, by form from the worklist, late, copied, taken back; the weekly rhythm.

use cusp::{
    contacts::model::{ContactId, VisitId},
    demo::cast::{self, Persona},
};

use crate::{
    family::{Family, STORY, inside, open},
    interventions::opened,
    support::*,
};

const SECRET: &str = "wants to move to the coast with the children";

/// A contact with the survivor and the child, as the survivor's side records it.
async fn visited(world: &World, family: &Family, on: &str, result: &str) {
    let (survivor, child) = (family.survivor.to_string(), family.child.to_string());
    let answer = world
        .post(
            &cast::SURVIVOR_WORKER,
            &family.at("/apart/contacts/new"),
            &[
                ("entry", &VisitId::new().to_string()),
                ("who", &survivor),
                ("who", &child),
                ("held_on", on),
                ("method", "face_to_face"),
                ("result", result),
                ("alone", "yes"),
                ("safe_place", "yes"),
                ("place", "The library"),
                ("voice", SECRET),
                ("child_voice", "likes the new bicycle"),
                (
                    "reason",
                    if result == "held" {
                        ""
                    } else {
                        "no answer at the door"
                    },
                ),
                ("expectations", "yes"),
                ("exercise", "Time out"),
                ("consulted", "disagrees"),
                ("misuse_checked", "yes"),
                ("misuse", "cured"),
                ("misuse", "jargon"),
            ],
        )
        .await;
    answer.is(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_line_finds_nothing_of_the_other_side() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        opened(&world, &family, "2026-10-05").await;
        let all: &[(&Persona, &[&str])] = &[
            (
                &cast::PRACTITIONER,
                &["", "/contacts", "/chronology", "/duties", "/interventions"],
            ),
            (
                &cast::OTHER_PRACTITIONER,
                &["", "/contacts", "/chronology", "/duties"],
            ),
        ];
        let mut before = Vec::new();
        for (who, places) in all {
            for place in *places {
                before.push(world.get(who, &family.at(place)).await.body);
            }
            before.push(world.get(who, "/my-day").await.body);
        }
        visited(&world, &family, "2026-10-12", "held").await;
        visited(&world, &family, "2026-10-13", "attempted").await;
        let mut after = Vec::new();
        for (who, places) in all {
            for place in *places {
                after.push(world.get(who, &family.at(place)).await.body);
            }
            after.push(world.get(who, "/my-day").await.body);
        }
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before, after);
            assert!(!after.contains(SECRET));
        }
        for (who, place) in [
            (&cast::PRACTITIONER, "/apart/contacts"),
            (&cast::PRACTITIONER, "/apart/contacts/new"),
            (&cast::PRACTITIONER, "/apart/contacts/confirm"),
            (&cast::OTHER_PRACTITIONER, "/apart/contacts"),
            (&cast::INTAKE_WORKER, "/apart/contacts"),
            (&cast::SERVICE_MANAGER, "/apart/contacts"),
            // The lead worker does not hold the line while a specialist does.
            (&cast::SOCIAL_WORKER, "/apart/contacts"),
        ] {
            world.get(who, &family.at(place)).await.is(404);
        }
        world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart/contacts"))
            .await
            .is(200)
            .shows(SECRET)
            .shows("likes the new bicycle")
            .shows("Does not agree: it is not used")
            .shows("no answer at the door");
    })
    .await;
}

/// The links of a page.
fn links(answer: &Answer) -> Vec<String> {
    answer
        .body
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(link, _)| link.replace("&#38;", "&"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_worklist_by_record_and_save() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        opened(&world, &family, "2026-10-05").await;
        let who = &cast::SURVIVOR_WORKER;
        let day = world.get(who, "/my-day").await;
        day.shows("Weekly contact").shows("Persephone Cholmondeley").shows("Peregrine Cholmondeley");
        // Two people, two weeks.
        let form = format!("/apart/contacts/new?for=contact.{}.2026-10-12", family.survivor);
        assert!(links(&day).contains(&family.at(&form)), "{:?}", links(&day));
        let page = world.get(who, &family.at(&form)).await;
        page.is(200)
            .shows(&format!("value=\"{}\" checked", family.survivor))
            .hides(&format!("value=\"{}\" checked", family.child))
            .shows("value=\"face_to_face\" checked")
            .shows("name=\"held_on-day\" type=\"text\" inputmode=\"numeric\" autocomplete=\"off\" value=\"14\"");
        // For a week that has passed the day is asked.
        let past = format!("/apart/contacts/new?for=contact.{}.2026-10-05", family.survivor);
        world
            .get(who, &family.at(&past))
            .await
            .hides("autocomplete=\"off\" value=\"14\"");
        visited(&world, &family, "2026-10-14", "held").await;
        let day = world.get(who, "/my-day").await;
        assert!(!links(&day).contains(&family.at(&form)));
        assert!(links(&day).contains(&family.at(&past)));

        let who = &cast::PRACTITIONER;
        let form = family.at("/contacts/liaison?for=meeting.2026-10-12");
        let day = world.get(who, "/my-day").await;
        assert!(links(&day).contains(&form), "{:?}", links(&day));
        world
            .get(who, &form)
            .await
            .is(200)
            .shows("value=\"meeting\" checked")
            .hides("value=\"liaison\" checked");
        // One meeting recorded as both serves both.
        let saved = world
            .post(
                who,
                &family.at("/contacts/liaison"),
                &[
                    ("held_on", "2026-10-14"),
                    ("method", "video"),
                    ("result", "held"),
                    ("serves", "liaison"),
                    ("serves", "meeting"),
                    ("took_part", "Ines Calloway"),
                    ("body", "Goals for the next two weeks"),
                    ("briefed", "yes"),
                    ("planned", "Signals before it gets worse"),
                    ("key_risks", "Blames the other"),
                    ("discuss", "By telephone first"),
                    ("misuse_checked", "yes"),
                    ("misuse", "blames"),
                ],
            )
            .await;
        saved.is(303);
        world
            .get(who, &saved.location)
            .await
            .is(200)
            .shows("The contact is recorded")
            .shows("Goals for the next two weeks")
            .shows("Signals before it gets worse")
            .shows("Says that everybody sees the problem in the partner");
        let day = links(&world.get(who, "/my-day").await);
        assert!(!day.contains(&form));
        assert!(!day.contains(&family.at("/contacts/liaison?for=liaison.2026-10-12")));
        // The next form is filled in as the last was.
        world
            .get(who, &family.at("/contacts/liaison"))
            .await
            .shows("value=\"video\" checked")
            .shows("Ines Calloway");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_typed_is_lost_and_twice_is_once() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let (who, kept) = (&cast::PRACTITIONER, &cast::SURVIVOR_WORKER);
        let liaison = family.at("/contacts/liaison");
        for (fields, says) in [
            (vec![("body", "Kept words")], "What came of it?"),
            (
                vec![
                    ("body", "Kept words"),
                    ("held_on", "2026-10-15"),
                    ("method", "video"),
                    ("result", "held"),
                    ("serves", "liaison"),
                ],
                "must not be in the future",
            ),
            (
                vec![
                    ("body", "Kept words"),
                    ("held_on", "2026-10-14"),
                    ("method", "video"),
                    ("result", "held"),
                ],
                "Say as what it counts",
            ),
            (
                vec![
                    ("body", "Kept words"),
                    ("held_on", "2026-10-14"),
                    ("method", "pigeon"),
                    ("result", "held"),
                    ("serves", "liaison"),
                ],
                "is not one of the choices",
            ),
            (
                vec![
                    ("body", "Kept words"),
                    ("held_on", "2026-10-14"),
                    ("method", "video"),
                    ("result", "cancelled"),
                ],
                "Say who cancelled",
            ),
        ] {
            world
                .post(who, &liaison, &fields)
                .await
                .is(200)
                .shows("There is a problem")
                .shows(says)
                .shows("Kept words");
        }
        let long = "ا".repeat(4001);
        world
            .post(who, &liaison, &[("body", &long)])
            .await
            .is(200)
            .shows("must be 4000 characters or fewer")
            .shows(&long);
        world
            .post(who, &liaison, &[("sneaked", "in")])
            .await
            .is(422);
        world
            .get(who, &family.at("/contacts"))
            .await
            .shows("Nothing was recorded in these weeks");

        let entry = ContactId::new().to_string();
        let fields = [
            ("entry", entry.as_str()),
            ("held_on", "2026-10-13"),
            ("method", "telephone"),
            ("result", "attempted"),
            ("reason", "Rang out twice"),
        ];
        for _ in 0..2 {
            world
                .post(who, &family.at("/contacts/client"), &fields)
                .await
                .is(303);
        }
        let page = world.get(who, &family.at("/contacts")).await;
        assert_eq!(page.body.matches("Rang out twice").count(), 1);

        let visit = family.at("/apart/contacts/new");
        let other = family.other.to_string();
        let survivor = family.survivor.to_string();
        for (fields, says) in [
            (
                vec![("body", "Kept words")],
                "Choose with whom the contact was",
            ),
            (
                vec![("body", "Kept words"), ("who", other.as_str())],
                "not of this household",
            ),
            (
                vec![("body", "Kept words"), ("who", "x")],
                "Choose with whom the contact was",
            ),
            (
                vec![
                    ("body", "Kept words"),
                    ("who", survivor.as_str()),
                    ("held_on", "2026-10-14"),
                    ("method", "face_to_face"),
                    ("result", "held"),
                ],
                "Say whether the place was safe",
            ),
        ] {
            world
                .post(kept, &visit, &fields)
                .await
                .is(200)
                .shows(says)
                .shows("Kept words");
        }
        let entry = VisitId::new().to_string();
        let fields = [
            ("entry", entry.as_str()),
            ("who", survivor.as_str()),
            ("held_on", "2026-10-13"),
            ("method", "telephone"),
            ("result", "held"),
            ("body", "All is quiet this week"),
        ];
        for _ in 0..2 {
            world.post(kept, &visit, &fields).await.is(303);
        }
        let page = world.get(kept, &family.at("/apart/contacts")).await;
        assert_eq!(page.body.matches("All is quiet this week").count(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_weeks_late_is_on_time_recorded_late_and_stays_visible() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        opened(&world, &family, "2026-10-05").await;
        world.set_clock("2026-10-28T09:00:00Z");
        let who = &cast::PRACTITIONER;
        let duties = family.at("/duties");
        world.get(who, &duties).await.shows("Overdue");
        world
            .get(who, &family.at("/contacts"))
            .await
            .shows("Missed");
        let saved = world
            .post(
                who,
                &family.at("/contacts/liaison"),
                &[
                    ("held_on", "2026-10-07"),
                    ("method", "telephone"),
                    ("result", "held"),
                    ("serves", "liaison"),
                ],
            )
            .await;
        saved.is(303);
        world
            .get(who, &duties)
            .await
            .shows("Done on time, recorded late");
        let page = world.get(who, &family.at("/contacts")).await;
        page.shows("Held, recorded late: 1")
            .shows("7 October 2026")
            .shows("Entered later")
            .shows("28 October 2026")
            .shows("cusp-rhythm__cell--late");
        // In the earlier quarter there is nothing, and a way back.
        let earlier = world
            .get(who, &family.at("/contacts?until=2026-07-05"))
            .await;
        earlier.is(200).shows("Later weeks");
        world
            .get(who, &family.at("/contacts?until=nonsense"))
            .await
            .is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn confirmed_at_liaison_without_content_copied_and_taken_back() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        opened(&world, &family, "2026-10-05").await;
        let who = &cast::SURVIVOR_WORKER;
        let survivor = family.survivor.to_string();
        let saved = world
            .post(
                who,
                &family.at("/apart/contacts/confirm"),
                &[
                    ("who", &survivor),
                    ("held_on", "2026-10-13"),
                    ("confirmed_by", "Ines Calloway"),
                ],
            )
            .await;
        saved.is(303);
        let page = world.get(who, &family.at("/apart/contacts")).await;
        page.shows("Confirmed at liaison by").shows("Ines Calloway");
        let this_week = family.at(&format!(
            "/apart/contacts/new?for=contact.{survivor}.2026-10-12"
        ));
        assert!(!links(&world.get(who, "/my-day").await).contains(&this_week));
        let find = |end: &str| {
            links(&page)
                .into_iter()
                .find(|link| link.ends_with(end))
                .unwrap()
        };
        let copy = world.get(who, &find("/copy")).await;
        copy.is(200)
            .shows("13 October 2026: contact with Persephone Cholmondeley, Held")
            .shows("Confirmed at liaison by: Ines Calloway");
        assert!(copy.headers["content-type"].starts_with("text/plain"));
        world.get(&cast::PRACTITIONER, &find("/copy")).await.is(404);
        // Taken back, the week is owed again.
        world.get(who, &find("/back")).await.is(200);
        world
            .post(who, &find("/back"), &[("because", "It was another family")])
            .await
            .is(303);
        assert!(links(&world.get(who, "/my-day").await).contains(&this_week));
        world
            .get(who, &family.at("/apart/contacts"))
            .await
            .shows("It was another family");
        world
            .get(who, &family.at("/apart/chronology"))
            .await
            .shows("Taken back: entered in error");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_and_its_answer() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let who = &cast::SOCIAL_WORKER;
        let path = family.at("/contacts/invitation");
        let mut fields = vec![
            ("held_on", "2026-10-12"),
            ("method", "telephone"),
            ("invited_to", "Core group of 20 October"),
            ("response", "no_answer"),
            ("safety", "Separate arrival times"),
        ];
        world
            .post(who, &path, &fields)
            .await
            .is(200)
            .shows("Say why there is no answer")
            .shows("Core group of 20 October");
        fields.push(("reason", "Rang out; letter sent"));
        world.post(who, &path, &fields).await.is(303);
        inside(
            world
                .get(&cast::PRACTITIONER, &family.at("/contacts"))
                .await,
        )
        .shows("Core group of 20 October")
        .shows("Separate arrival times")
        .shows("Rang out; letter sent");
    })
    .await;
}
