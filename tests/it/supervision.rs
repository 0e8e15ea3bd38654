//! Supervision: decisions by side, signing off, and what slips.

use cusp::{
    consultations::model::ConsultationId, demo::cast, risks::model::AssessmentId,
    supervision::model::NoteId,
};

use crate::{
    family::{STORY, Story, inside, open, same, seen},
    interventions::opened,
    support::{referral::MONTY, *},
};

#[tokio::test(flavor = "multi_thread")]
async fn what_the_other_side_decided_leaves_no_trace() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let id = NoteId::new();
        let apart = family.at(&format!("/apart/supervision/notes/{id}"));
        let fields = [
            ("noted_on", "2026-10-14"),
            ("decision", "Ring her on Otter Lane."),
        ];
        let pages = family.places(&["", "/supervision", "/chronology", "/duties"]);
        let line = [&cast::PRACTITIONER, &cast::OTHER_PRACTITIONER];
        let look = async || seen(&world, &line, &pages).await;
        let before = look().await;
        for who in [
            &cast::OTHER_PRACTITIONER,
            &cast::SURVIVOR_WORKER,
            &cast::SERVICE_MANAGER,
        ] {
            world.post(who, &apart, &fields).await.is(404);
        }
        world
            .post(&cast::TEAM_MANAGER, &apart, &fields)
            .await
            .is(303);
        same(&before, &look().await);
        let page = family.at("/apart/supervision");
        world
            .get(&cast::SURVIVOR_WORKER, &page)
            .await
            .is(200)
            .shows("Otter Lane");
        for who in [
            &cast::PRACTITIONER,
            &cast::OTHER_PRACTITIONER,
            &cast::SERVICE_MANAGER,
        ] {
            world.get(who, &page).await.is(404);
        }
        // The survivor's supervisor does not write where the other line reads.
        let shared = family.at(&format!("/supervision/notes/{}", NoteId::new()));
        world
            .post(&cast::TEAM_MANAGER, &shared, &fields)
            .await
            .is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn decided_and_signed_off_by_its_forms() {
    on_each_engine(|world| async move {
        let (maren, joss) = (&cast::PRACTITIONER, &cast::OTHER_PRACTITIONER);
        let family = open(&world, STORY).await;
        let page = family.at("/supervision");
        world
            .get(joss, &page)
            .await
            .is(200)
            .shows("Nothing was decided yet");
        world
            .get(joss, &family.at("/supervision/new"))
            .await
            .is(200);
        let add = family.at(&format!("/supervision/notes/{}", NoteId::new()));
        for (field, text, said) in [
            ("decision", "", "What did you decide?"),
            ("noted_on", "2026-10-15", "must not be in the future"),
        ] {
            let mut fields = vec![
                ("note", "Talked about Fridays."),
                ("noted_on", "2026-10-14"),
                ("decision", "No session."),
            ];
            fields.retain(|(name, _)| *name != field);
            fields.push((field, text));
            let answer = world.post(joss, &add, &fields).await;
            answer
                .is(200)
                .shows("There is a problem")
                .shows(said)
                .shows("Talked about Fridays.");
        }
        let fields = [
            ("noted_on", "2026-10-12"),
            ("decision", "No session on Fridays."),
        ];
        world.post(maren, &add, &fields).await.is(404);
        for _ in 0..2 {
            world.post(joss, &add, &fields).await.is(303);
        }
        let shown = world.get(maren, &page).await;
        shown.shows("Joss Whitlow").hides("Record a decision");
        assert_eq!(shown.body.matches("No session on Fridays.").count(), 1);

        // The supervisor signs off what the practitioner recorded, not what she recorded herself.
        for who in [maren, joss] {
            let id = ConsultationId::new();
            let held = family.at(&format!("/consultations/{id}/held"));
            let texts = [
                "took_part",
                "presenting",
                "risk",
                "needs",
                "client_goals",
                "survivor_goals",
                "motivation",
                "strengths",
            ];
            let mut fields: Vec<_> = texts.iter().map(|name| (*name, "Said.")).collect();
            fields.extend([
                ("held_on", "2026-10-13"),
                ("meeting", "video"),
                ("outcome", "plan"),
            ]);
            world.post(who, &held, &fields).await.is(303);
        }
        let shown = world.get(joss, &page).await;
        shown.shows("You made it");
        let (_, link) = shown.body.split_once("sign-off?what=consultation").unwrap();
        let (_, link) = link.split_once("item=").unwrap();
        let item = link.split('"').next().unwrap().to_owned();
        world
            .get(
                joss,
                &family.at(&format!(
                    "/supervision/sign-off?what=consultation&item={item}"
                )),
            )
            .await
            .is(200)
            .shows("Sign off a consultation");
        let sign = family.at("/supervision/sign-off");
        let fields = [("what", "consultation"), ("item", &item), ("note", "Good.")];
        world.post(maren, &sign, &fields).await.is(404);
        for _ in 0..2 {
            world.post(joss, &sign, &fields).await.is(303);
        }
        world.get(maren, &page).await.shows("Good.");
        let other = AssessmentId::new().to_string();
        let fields = [("what", "consultation"), ("item", other.as_str())];
        world.post(joss, &sign, &fields).await.is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_slips_is_listed_filtered_and_taken_away() {
    on_each_engine(|world| async move {
        let manager = &cast::SERVICE_MANAGER;
        let slips = "/supervision/slips";
        world
            .get(manager, slips)
            .await
            .is(200)
            .shows("Nothing slips");
        referral::send(&world, &cast::SOCIAL_WORKER, &MONTY).await;
        let family = open(&world, STORY).await;
        world.set_clock("2026-10-16T15:00:00Z");
        world.forget(&cast::PRACTITIONER);
        let high = family.at(&format!("/risks/{}/record", AssessmentId::new()));
        world
            .post(&cast::PRACTITIONER, &high, &[("level", "high")])
            .await
            .is(303);
        world.set_clock("2026-10-26T09:00:00Z");
        for who in &cast::CAST {
            world.forget(who);
        }
        let page = inside(world.get(manager, slips).await);
        page.shows("Monty Wrigg")
            .shows("Confirm receipt to the referrer")
            .shows("Refer to the IDVA service")
            .shows("2 cases");
        let file = world.get(manager, "/supervision/slips.csv").await;
        file.is(200).shows("Monty Wrigg").shows("\"overdue now\"");
        let by = format!("{slips}?worker={}&sort=waivers", cast::PRACTITIONER.id);
        inside(world.get(manager, &by).await)
            .shows("Bartholomew")
            .hides("Monty Wrigg")
            .shows("1 case");
        // Each supervisor sees what her side may know, and of no other case.
        inside(world.get(&cast::TEAM_MANAGER, slips).await)
            .shows("Refer to the IDVA service")
            .hides("Monty Wrigg");
        inside(world.get(&cast::OTHER_PRACTITIONER, slips).await)
            .is(200)
            .shows("Nothing slips")
            .hides("IDVA");
        inside(world.get(&cast::PRACTITIONER, slips).await).shows("Nothing slips");
        for who in [&cast::SPOC, &cast::EVALUATOR, &cast::ADMINISTRATOR] {
            world.get(who, slips).await.is(404);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_lists_what_is_due_first_whichever_case_it_is_of() {
    on_each_engine(|world| async move {
        let maren = &cast::PRACTITIONER;
        for (number, review) in [(1, "2026-11-11"), (2, "2026-10-30")] {
            let family = open(&world, Story { number, ..STORY }).await;
            if number == 1 {
                opened(&world, &family, "2026-10-05").await;
            }
            let plan = [
                ("version", "0"),
                ("form", "first"),
                ("created_on", "2026-10-14"),
                ("review_on", review),
            ];
            let place = family.at("/plans/new");
            world.post(maren, &place, &plan).await.is(303);
        }
        let page = world.get(maren, "/my-day").await.is(200).body.clone();
        let at = ["18 October 2026", "30 October 2026", "11 November 2026"]
            .map(|day| page.find(day).expect(day));
        assert!(at.is_sorted(), "{at:?}");
    })
    .await;
}
