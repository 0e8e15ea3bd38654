//! The intensive work: opened after its gates, paused, ended, taken back.

use axum::{body::Body, http::Request};
use cusp::{
    demo::cast::{self, Persona},
    interventions::{
        model::{StepId, StepKind},
        store::intervention_step,
    },
};
use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    access::Tie,
    label::{Labelled, Workers},
};
use platform::{Case, Result, Routes, Scope as _};
use tower::ServiceExt as _;

use crate::{
    family::{Family, STORY, inside, open},
    support::*,
};

platform::permission! {
    /// Opens the work without its gates, for tests of what follows.
    pub OpenAnyhow = "test.open_work", Workers, ties Tie::WORKING, changes;
}

#[derive(Debug)]
struct Opened;
impl platform::Event for Opened {
    fn name(&self) -> &'static str {
        "opened by a test"
    }
    fn item(&self) -> String {
        String::new()
    }
}

async fn opens(
    case: Case<OpenAnyhow>,
    axum::extract::Path((_, day)): axum::extract::Path<(String, Date)>,
) -> Result<&'static str> {
    case.change(move |tx| {
        for kind in [StepKind::StaysOpen, StepKind::Opened] {
            let (case, by, at) = (tx.case(), tx.actor(), tx.now());
            diesel::insert_into(intervention_step::table)
                .values((
                    intervention_step::id.eq(StepId::new()),
                    intervention_step::case_id.eq(case),
                    intervention_step::kind.eq(Labelled::<_, Workers>::new(kind)),
                    intervention_step::on_day.eq(Labelled::<_, Workers>::new(day)),
                    intervention_step::recorded_by.eq(by),
                    intervention_step::recorded_at.eq(at),
                ))
                .execute(tx.conn())?;
        }
        Ok((Opened, ()))
    })
    .await?;
    Ok("opened")
}

/// Opens the work of a family on `day`, whatever its gates.
pub async fn opened(world: &World, family: &Family, day: &str) {
    let router = Routes::new()
        .get("/cases/{case}/open-work/{day}", opens)
        .serve(world.app.clone());
    let token = platform::identity::sessions::become_persona(&world.app, cast::PRACTITIONER.id)
        .await
        .unwrap();
    let request = Request::get(family.at(&format!("/open-work/{day}")))
        .header(
            axum::http::header::COOKIE,
            format!("{}={token}", world.app.cookie_name()),
        )
        .body(Body::empty())
        .unwrap();
    assert_eq!(router.oneshot(request).await.unwrap().status(), 200);
}

/// A date as its three boxes post it.
pub fn day<'a>(name: &'a str, text: &'a str) -> (&'a str, &'a str) {
    (name, text)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_must_not_open_it_cannot() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        for (who, place) in [
            (&cast::SURVIVOR_WORKER, "/interventions/new"),
            (&cast::SOCIAL_WORKER, "/interventions/new"),
            (&cast::INTAKE_WORKER, "/interventions/new"),
            (&cast::PRACTITIONER, "/apart/interventions"),
            (&cast::INTAKE_WORKER, "/interventions/pause"),
            (&cast::SURVIVOR_WORKER, "/interventions/end"),
            (&cast::OUTSIDER, "/interventions"),
        ] {
            world.get(who, &family.at(place)).await.is(404);
            world.post(who, &family.at(place), &[]).await;
        }
        world
            .get(&cast::SURVIVOR_WORKER, &family.at("/interventions"))
            .await
            .is(200)
            .hides("/interventions/new");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_opens_only_after_its_gates_and_what_is_typed_is_kept() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let who = &cast::PRACTITIONER;
        world
            .get(who, &family.at("/interventions"))
            .await
            .is(200)
            .shows("Whether the intensive work suits has not been decided")
            .shows("The answers the programme needs are not complete")
            .shows("has not said that the statutory case stays open")
            .shows("Risk is not recorded as high")
            .hides("href=\"/cases/x/interventions/new\"");
        let fields = [
            day("opened_on", "2026-10-13"),
            ("words", "Keys are with the <b>front</b> desk, رائع"),
        ];
        world
            .post(who, &family.at("/interventions/new"), &fields)
            .await
            .is(200)
            .shows("There is a problem")
            .shows("The answers the programme needs are not complete")
            .shows("رائع")
            .shows("&#60;b&#62;front");
        for (fields, says) in [
            (vec![], "Answer “On which day"),
            (vec![day("opened_on", "31/2/2026")], "On which day"),
            (
                vec![day("opened_on", "2026-10-15")],
                "must not be in the future",
            ),
        ] {
            world
                .post(who, &family.at("/interventions/new"), &fields)
                .await
                .is(200)
                .shows(says);
        }
        world
            .post(who, &family.at("/interventions/new"), &[("sneaked", "in")])
            .await
            .is(422);
        let long = "x".repeat(2001);
        world
            .post(
                who,
                &family.at("/interventions/new"),
                &[day("opened_on", "2026-10-13"), ("words", &long)],
            )
            .await
            .is(200)
            .shows("must be 2000 characters or fewer")
            .shows(&long);
    })
    .await;
}

async fn save(world: &World, who: &Persona, path: &str, fields: &[(&str, &str)]) {
    let answer = world.post(who, path, fields).await;
    answer.is(303);
    world.get(who, &answer.location).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lead_worker_says_that_the_statutory_case_stays_open() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let path = family.at("/interventions/stays-open");
        let who = &cast::SOCIAL_WORKER;
        world.get(who, &path).await.is(200).shows(who.name);
        let fields = [day("said_on", "2026-10-12"), ("said_by", who.name)];
        save(&world, who, &path, &fields).await;
        world
            .get(&cast::PRACTITIONER, &family.at("/interventions"))
            .await
            .shows("says that the statutory case stays open")
            .shows("12 October 2026");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_pauses_goes_on_ends_and_an_error_is_taken_back() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        opened(&world, &family, "2026-10-05").await;
        let who = &cast::PRACTITIONER;
        let at = |place: &str| family.at(&format!("/interventions{place}"));
        // A second opening is refused, from another window too.
        world
            .post(who, &at("/new"), &[day("opened_on", "2026-10-13")])
            .await
            .is(200)
            .shows("has been opened already");
        // Another reason says which.
        world
            .post(
                who,
                &at("/pause"),
                &[day("from", "2026-10-12"), ("why", "other")],
            )
            .await
            .is(200)
            .shows("Write down the other reason");
        let fields = [day("from", "2026-10-12"), ("why", "hospital")];
        save(&world, who, &at("/pause"), &fields).await;
        world
            .get(who, &at(""))
            .await
            .shows("Paused")
            .shows("In hospital");
        world
            .get(who, &family.at(""))
            .await
            .shows("Intervention paused");
        world
            .post(who, &at("/pause"), &fields)
            .await
            .is(200)
            .shows("is paused on some of these days already");
        save(
            &world,
            who,
            &at("/resume"),
            &[day("resumed_on", "2026-10-14")],
        )
        .await;
        world
            .get(who, &family.at(""))
            .await
            .shows("Intervention open");
        let fields = [
            day("ended_on", "2026-10-14"),
            ("how", "dropped_out"),
            ("words", "No answer to calls"),
        ];
        save(&world, who, &at("/end"), &fields).await;
        let page = world.get(who, &at("")).await;
        page.shows("Dropped out").shows("No answer to calls");
        // Ended in error: the last entry comes first, and is taken back.
        let link = page
            .body
            .split("href=\"")
            .filter_map(|rest| rest.split_once('"'))
            .map(|(link, _)| link.to_owned())
            .find(|link| link.ends_with("/back"))
            .unwrap();
        world
            .post(who, &link, &[("because", "")])
            .await
            .is(200)
            .shows("What is wrong with it?");
        save(&world, who, &link, &[("because", "Another family")]).await;
        world
            .get(who, &at(""))
            .await
            .shows("Taken back")
            .shows("Another family");
        world
            .get(who, &family.at(""))
            .await
            .shows("Intervention open");
        // Twice is once: the second is told that it was done.
        let again = world
            .post(who, &link, &[("because", "Another family")])
            .await;
        assert_ne!(again.status, 303);
        world
            .get(who, &family.at("/chronology"))
            .await
            .shows("Intervention paused")
            .shows("Taken back: entered in error");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_page_reads_the_same_whoever_supports_the_survivor() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        opened(&world, &family, "2026-10-05").await;
        let fields = [
            day("from", "2026-10-12"),
            day("until", "2026-10-13"),
            ("why", "leave"),
        ];
        let place = family.at("/interventions/pause");
        save(&world, &cast::SURVIVOR_WORKER, &place, &fields).await;
        let page = inside(
            world
                .get(&cast::PRACTITIONER, &family.at("/interventions"))
                .await,
        );
        page.shows("Leave").hides(cast::SURVIVOR_WORKER.name);
    })
    .await;
}
