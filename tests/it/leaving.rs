//! Workers leave, and roles end: the cases that stay behind are found, their duties are owned
//! meanwhile, and somebody takes over.

use cusp::demo::{
    cast::{self, Persona},
    player::hidden,
};
use kernel::access::Tie;

use crate::{
    family::{Family, STORY, Story, inside, open},
    interventions::opened,
    support::*,
};

/// Does something to an account, as its page lets a manager do it.
async fn press(world: &World, whom: &Persona, place: &str, fields: &[(&str, &str)]) {
    let boss = &cast::SERVICE_MANAGER;
    let page = format!("/agencies/{}/users/{}", cast::HARBOUR, whom.id);
    let shown = world.get(boss, &page).await;
    let version = hidden(&shown.is(200).body, "version").unwrap().to_owned();
    let mut all = vec![("version", version.as_str())];
    all.extend_from_slice(fields);
    let done = world.post(boss, &format!("{page}/{place}"), &all).await;
    done.is(303);
}

/// Families of the practitioner, with the work open.
async fn families(world: &World, count: usize) -> Vec<Family> {
    let mut all = Vec::new();
    for number in 1..=count {
        let client = format!("Client Number {number}");
        let story = Story {
            number,
            client: &client,
            ..STORY
        };
        let family = open(world, story).await;
        opened(world, &family, "2026-10-05").await;
        all.push(family);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_practitioner_leaves_with_twelve_open_cases() {
    on_each_engine(|world| async move {
        let families = families(&world, 12).await;
        let (leaver, boss) = (&cast::PRACTITIONER, &cast::SERVICE_MANAGER);
        let supervisor = &cast::OTHER_PRACTITIONER;
        let mentions = |answer: &Answer| {
            (1..=12)
                .filter(|number| answer.body.contains(&format!("Client Number {number}<")))
                .count()
        };
        let on_day = world.get(leaver, "/my-day").await;
        assert_eq!(mentions(&inside(on_day)), 12);
        world
            .get(boss, "/caseload")
            .await
            .is(200)
            .hides("no practitioner any more");
        world
            .get(boss, "/caseload/left")
            .await
            .is(200)
            .shows("Every case that was allocated has a practitioner");
        press(&world, leaver, "left", &[]).await;

        // They are listed, and nobody else may look for them.
        world
            .get(boss, "/caseload")
            .await
            .shows("12 cases have no practitioner any more");
        let left = world.get(boss, "/caseload/left").await;
        left.is(200).shows("Maren Okafor: 12 cases");
        assert_eq!(mentions(&left), 12);
        for who in [
            supervisor,
            &cast::INTAKE_WORKER,
            &cast::SURVIVOR_WORKER,
            &cast::SOCIAL_WORKER,
            &cast::ADMINISTRATOR,
            &cast::OUTSIDER,
        ] {
            let got = world.get(who, "/caseload/left").await;
            assert!(
                got.status == 404 || mentions(&got) == 0,
                "{} sees what was left",
                who.name
            );
        }
        // What the survivor's side owes is not among what is due there.
        inside(left).hides(cast::SURVIVOR_WORKER.name);

        // Meanwhile the duties are the supervisor's.
        let day = world.get(supervisor, "/my-day").await;
        assert_eq!(mentions(&inside(day)), 12);
        let slips = world.get(boss, "/supervision/slips").await;
        slips.is(200).shows("Nobody yet");

        // Handing over: not as cover, not to who cannot, and all or none.
        let place = format!("/caseload/{}/handover", leaver.id);
        let taker = supervisor.id.to_string();
        world
            .get(boss, &place)
            .await
            .is(200)
            .shows("12 open cases move together")
            .shows("leave the days blank");
        let why = ("why", "Maren has left");
        world
            .post(
                boss,
                &place,
                &[
                    ("to", &taker),
                    why,
                    ("from", "2026-10-14"),
                    ("until", "2026-10-20"),
                ],
            )
            .await
            .is(200)
            .shows("hand them over for good")
            .shows("Maren has left");
        let support = cast::SURVIVOR_WORKER.id.to_string();
        world
            .post(boss, &place, &[("to", &support), why])
            .await
            .is(200)
            .shows("Choose a worker from the list");
        world
            .get(boss, "/caseload")
            .await
            .shows("12 cases have no practitioner any more");
        world
            .post(boss, &place, &[("to", &taker), why])
            .await
            .is(303);
        world
            .get(boss, "/caseload")
            .await
            .hides("no practitioner any more");
        world
            .get(boss, "/caseload/left")
            .await
            .shows("Every case that was allocated has a practitioner");
        // The new practitioner's day: the same duties, and the cases open.
        world.forget(supervisor);
        let day = inside(world.get(supervisor, "/my-day").await);
        assert_eq!(mentions(&day), 12);
        for family in &families {
            world
                .get(supervisor, &family.at("/contacts/client"))
                .await
                .is(200);
        }
        // Nobody supervises their own work: the manager does now.
        let sql = "SELECT CAST(user_id AS TEXT) AS text FROM tie \
                   WHERE kind = 'client_supervisor' AND until_at IS NULL";
        let supervise = platform::testing::texts(&world.app, sql).await.unwrap();
        assert_eq!(supervise, vec![boss.id.to_string(); 12]);
        // A second hand-over of nothing changes nothing.
        world
            .post(boss, &place, &[("to", &taker), why])
            .await
            .is(303);
        assert!(world.app.verify_audit().await.unwrap().found.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_ends_by_its_date_ends_its_ties() {
    on_each_engine(|world| async move {
        let petra = &cast::INTAKE_WORKER;
        let until = [
            ("role", "practitioner"),
            ("from", "2026-10-14"),
            ("until", "2026-10-20"),
        ];
        press(&world, petra, "roles", &until).await;
        let ties = &[
            (petra, Tie::ClientLine),
            (&cast::OTHER_PRACTITIONER, Tie::ClientSupervisor),
            (&cast::SURVIVOR_WORKER, Tie::SurvivorLine),
            (&cast::SOCIAL_WORKER, Tie::LeadWorker),
        ];
        let family = open(&world, Story { ties, ..STORY }).await;
        let kept = open(&world, Story { number: 2, ..STORY }).await;
        let form = family.at("/contacts/client");
        world.get(petra, &form).await.is(200);
        let chore = async || {
            let ending = cusp::users::rules::ties_ending;
            world.app.end_lapsed_ties(ending).await.unwrap()
        };
        // The last day counts, by the London date: 23.30 there is 22.30 here.
        world.set_clock("2026-10-20T22:30:00Z");
        assert_eq!(chore().await, 0);
        world.get(petra, &form).await.is(200);
        world.set_clock("2026-10-20T23:10:00Z");
        assert_eq!(chore().await, 1);
        assert_eq!(chore().await, 0, "once is enough");
        world.get(petra, &form).await.is(404);
        // Who holds a role without an end keeps what came by it.
        world
            .get(&cast::PRACTITIONER, &kept.at("/contacts/client"))
            .await
            .is(200);
        // It stands in the trail of the case, by the system, and the case is found.
        world
            .get(&cast::SERVICE_MANAGER, &family.at("/trail"))
            .await
            .is(200)
            .shows("Tie ended");
        world
            .get(&cast::SERVICE_MANAGER, "/caseload/left")
            .await
            .is(200)
            .shows("Petra Lindqvist: 1 case");
        assert!(world.app.verify_audit().await.unwrap().found.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_was_given_again_keeps_its_ties() {
    on_each_engine(|world| async move {
        let petra = &cast::INTAKE_WORKER;
        for (from, until) in [("2026-10-14", "2026-10-20"), ("2026-10-18", "2026-11-20")] {
            let fields = [("role", "practitioner"), ("from", from), ("until", until)];
            press(&world, petra, "roles", &fields).await;
        }
        let ties = &[(petra, Tie::ClientLine)];
        let family = open(&world, Story { ties, ..STORY }).await;
        world.set_clock("2026-10-21T09:00:00Z");
        let ending = cusp::users::rules::ties_ending;
        assert_eq!(world.app.end_lapsed_ties(ending).await.unwrap(), 0);
        world
            .get(petra, &family.at("/contacts/client"))
            .await
            .is(200);
        world.set_clock("2026-11-21T09:00:00Z");
        assert_eq!(world.app.end_lapsed_ties(ending).await.unwrap(), 1);
        world
            .get(petra, &family.at("/contacts/client"))
            .await
            .is(404);
    })
    .await;
}
