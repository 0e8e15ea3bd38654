//! Opening the intensive work takes two: the client's side asks, and the survivor's side says that it
//! may begin. While her answer does not stand nothing begins, and the other side cannot tell why.

use cusp::demo::cast::{self, Persona};
use kernel::access::Tie;

use crate::{
    family::{self, Family, Got, STORY, Story, inside, open, same},
    support::*,
};

/// Whom her answer must not reach. The lead worker is none of her side while a specialist is.
const BLIND: [&Persona; 6] = [
    &cast::PRACTITIONER,
    &cast::OTHER_PRACTITIONER,
    &cast::SOCIAL_WORKER,
    &cast::INTAKE_WORKER,
    &cast::SPOC,
    &cast::EVALUATOR,
];

/// The form of an answer, filled as it most often is.
pub fn answer<'a>(reply: &'a str, version: &'a str, day: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("reply", reply),
        ("version", version),
        ("answered_on-day", day),
        ("answered_on-month", "10"),
        ("answered_on-year", "2026"),
        ("asked_by", "Ines Calloway"),
        ("how", "face_to_face"),
        ("alone", "yes"),
        ("able", "yes"),
        ("explained", "yes"),
        ("sharing", "yes"),
        ("interpreter", "not_needed"),
    ]
}

/// Records what the survivor answers, on her side.
pub async fn hers(world: &World, family: &Family, who: &Persona, fields: &[(&str, &str)]) {
    let place = family.at(&format!("/apart/{}/participation", family.survivor));
    world.post(who, &place, fields).await.is(303);
}

/// Finds the work suitable, and has the lead worker say that the statutory case stays open.
pub async fn suits(world: &World, family: &Family) {
    let maren = &cast::PRACTITIONER;
    let stage = [
        ("version", "0"),
        ("stage", "contemplation"),
        ("evidence", "Says that the door should not have been broken"),
        ("assessed_on", "2026-10-12"),
    ];
    let decision = [
        ("version", "0"),
        ("outcome", "suitable"),
        ("because", "Talked through at the consultation"),
        ("decided_with", "Maren Okafor and Ines Calloway"),
        ("decided_on", "2026-10-12"),
    ];
    let stays = [("said_on", "2026-10-12"), ("said_by", "Ines Calloway")];
    for (who, place, fields) in [
        (maren, "/suitability/stage", &stage[..]),
        (maren, "/suitability/decision", &decision),
        (&cast::SOCIAL_WORKER, "/interventions/stays-open", &stays),
    ] {
        world.post(who, &family.at(place), fields).await.is(303);
    }
}

/// Once the client may be asked: the client takes part, and the practitioner asks to open the work.
pub async fn asked(world: &World, family: &Family) {
    let maren = &cast::PRACTITIONER;
    let yes = answer("given", "0", "13");
    let place = family.at("/participation");
    world.post(maren, &place, &yes).await.is(303);
    let place = family.at("/interventions/new");
    let fields = [("opened_on", "2026-10-14")];
    world.post(maren, &place, &fields).await.is(303);
}

/// Everything before the work is asked for: it suits, both take part, the statutory case stays open.
pub async fn ready(world: &World, family: &Family, her_side: &Persona) {
    suits(world, family).await;
    hers(world, family, her_side, &answer("given", "0", "12")).await;
    world
        .post(
            &cast::PRACTITIONER,
            &family.at("/participation"),
            &answer("given", "0", "13"),
        )
        .await
        .is(303);
}

/// Asks that the work be opened from `day` on.
async fn ask(world: &World, family: &Family, day: &str) -> Answer {
    let fields = [("opened_on", day), ("words", "Mondays at ten")];
    let place = family.at("/interventions/new");
    world.post(&cast::PRACTITIONER, &place, &fields).await
}

/// Her side says that it may begin.
async fn begin(world: &World, family: &Family, who: &Persona, day: &str) -> Answer {
    let place = family.at("/apart/interventions");
    world.post(who, &place, &[("ready_on", day)]).await
}

/// What they get on pages which could tell.
async fn seen(world: &World, family: &Family) -> Vec<Got> {
    let mut pages = family.places(&[
        "",
        "/interventions",
        "/interventions/new",
        "/apart/interventions",
        "/participation",
        "/suitability",
        "/duties",
        "/chronology",
        "/contacts",
        "/plans",
    ]);
    let lists = ["/my-day", "/cases", "/cases.csv", "/supervision/slips"];
    pages.extend(lists.map(str::to_owned));
    family::seen(world, &BLIND, &pages).await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_her_side_says_that_it_may_begin() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        ready(&world, &family, &cast::SURVIVOR_WORKER).await;
        ask(&world, &family, "2026-10-13").await.is(303);
        // Her side is told by mail, with a link and nothing else.
        let sql = "SELECT CAST(to_user AS TEXT) AS text FROM outbox \
                   WHERE path LIKE '%/apart/interventions'";
        let told = platform::testing::texts(&world.app, sql).await.unwrap();
        assert_eq!(told, [cast::SURVIVOR_WORKER.id.to_string()]);
        for who in [
            &cast::PRACTITIONER,
            &cast::OTHER_PRACTITIONER,
            &cast::SOCIAL_WORKER,
            &cast::SERVICE_MANAGER,
            &cast::INTAKE_WORKER,
            &cast::SPOC,
            &cast::ADMINISTRATOR,
            &cast::OUTSIDER,
        ] {
            world
                .get(who, &family.at("/apart/interventions"))
                .await
                .is(404);
            begin(&world, &family, who, "2026-10-14").await.is(404);
            let aside = family.at("/apart/interventions/aside");
            world.post(who, &aside, &[]).await.is(404);
        }
        world
            .get(&cast::PRACTITIONER, &family.at("/interventions"))
            .await
            .is(200)
            .shows("Asked to open")
            .shows("until then nothing begins")
            .hides("/apart/interventions");
        world
            .get(&cast::PRACTITIONER, &family.at("/duties"))
            .await
            .is(200)
            .hides("Weekly");
        // Her side says it, and the other side reads the day and not who said it.
        world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart/participation"))
            .await
            .shows("has asked to open the work");
        world
            .get(&cast::SURVIVOR_WORKER, &family.at("/apart/interventions"))
            .await
            .is(200)
            .shows("Every answer that the programme needs stands");
        for (day, wrong) in [
            ("", "Answer “On which day"),
            ("2026-10-15", "must not be in the future"),
            ("2026-10-11", "must not be before"),
        ] {
            begin(&world, &family, &cast::SURVIVOR_WORKER, day)
                .await
                .is(200)
                .shows("There is a problem")
                .shows(wrong);
        }
        begin(&world, &family, &cast::SURVIVOR_WORKER, "2026-10-14")
            .await
            .is(303);
        // Twice is once.
        begin(&world, &family, &cast::SURVIVOR_WORKER, "2026-10-14")
            .await
            .is(200)
            .shows("opened already");
        inside(
            world
                .get(&cast::PRACTITIONER, &family.at("/interventions"))
                .await,
        )
        .shows("14 October 2026")
        .shows("Intervention opened")
        .shows("Mondays at ten")
        .hides(cast::SURVIVOR_WORKER.name);
        world
            .get(&cast::PRACTITIONER, &family.at(""))
            .await
            .shows("Intervention open");
        // What was asked cannot be taken back while the work stands on it.
        ask(&world, &family, "2026-10-14")
            .await
            .is(200)
            .shows("opened already");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn she_withdraws_before_it_opens_and_nothing_opens_and_nothing_shows() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let sunniva = &cast::SURVIVOR_WORKER;
        ready(&world, &family, sunniva).await;
        let before = seen(&world, &family).await;
        hers(&world, &family, sunniva, &answer("withdrawn", "1", "14")).await;
        same(&before, &seen(&world, &family).await);
        // The other side asks as before: the answer is the same as if she had not withdrawn.
        ask(&world, &family, "2026-10-14").await.is(303);
        let asked = seen(&world, &family).await;
        world
            .get(sunniva, &family.at("/apart/interventions"))
            .await
            .is(200)
            .shows("The work cannot begin")
            .hides("Every answer that the programme needs stands");
        begin(&world, &family, sunniva, "2026-10-14")
            .await
            .is(200)
            .shows("does not stand: the work cannot begin");
        same(&asked, &seen(&world, &family).await);
        world
            .get(&cast::PRACTITIONER, &family.at("/interventions"))
            .await
            .shows("Asked to open")
            .hides("Intervention opened");
        // What was agreed shows from its day on; the request still opens nothing.
        let kept = world.get(sunniva, &family.at("/apart/participation")).await;
        let start = format!("/cases/{}/apart/{}/agreed/", family.case, family.survivor);
        let (_, rest) = kept.body.split_once(&start).unwrap();
        let place = format!("{start}{}", rest.split_once('"').unwrap().0);
        let agreed = [
            ("agreed_on", "2026-10-14"),
            ("agreed_with", "Tobias Renwick"),
            ("what", "The first appointment is moved by the office"),
            ("stops_on", "2026-10-16"),
        ];
        world.post(sunniva, &place, &agreed).await.is(303);
        same(&asked, &seen(&world, &family).await);
        // Her side sets the request aside: a recorded decision, which both read, without a reason.
        let aside = family.at("/apart/interventions/aside");
        world.post(sunniva, &aside, &[]).await.is(303);
        inside(
            world
                .get(&cast::PRACTITIONER, &family.at("/interventions"))
                .await,
        )
        .shows("Set aside by the other side. No reason is kept")
        .hides("ithdr")
        .hides(sunniva.name);
        world
            .post(sunniva, &aside, &[])
            .await
            .is(200)
            .shows("Nobody is waiting for this any more");
        begin(&world, &family, sunniva, "2026-10-14")
            .await
            .is(200)
            .shows("Nobody has asked to open the work");
        world.set_clock("2026-10-16T09:00:00Z");
        ask(&world, &family, "2026-10-16")
            .await
            .is(200)
            .shows("The answers the programme needs are not complete");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_request_opens_nothing_after_a_no_and_opens_on_the_later_day() {
    on_each_engine(|world| async move {
        let family = open(&world, STORY).await;
        let sunniva = &cast::SURVIVOR_WORKER;
        ready(&world, &family, sunniva).await;
        ask(&world, &family, "2026-10-13").await.is(303);
        ask(&world, &family, "2026-10-14")
            .await
            .is(200)
            .shows("It was asked before")
            .shows("Mondays at ten");
        world.set_clock("2026-10-19T09:00:00Z");
        let before = seen(&world, &family).await;
        hers(&world, &family, sunniva, &answer("withdrawn", "1", "17")).await;
        same(&before, &seen(&world, &family).await);
        begin(&world, &family, sunniva, "2026-10-16")
            .await
            .is(200)
            .shows("does not stand");
        // She comes back to it unasked: what was asked stands, and opens not before her new yes.
        let mut again = answer("given", "2", "18");
        again.push(("own_accord", "yes"));
        hers(&world, &family, sunniva, &again).await;
        begin(&world, &family, sunniva, "2026-10-17")
            .await
            .is(200)
            .shows("before the answer on which it stands");
        begin(&world, &family, sunniva, "2026-10-19").await.is(303);
        world
            .get(&cast::PRACTITIONER, &family.at("/interventions"))
            .await
            .shows("Open")
            .shows("19 October 2026");
        // Weekly duties run from then.
        world
            .get(&cast::PRACTITIONER, &family.at("/duties"))
            .await
            .shows("liaison");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lead_worker_says_it_where_no_specialist_does() {
    on_each_engine(|world| async move {
        let ties = &[
            (&cast::PRACTITIONER, Tie::ClientLine),
            (&cast::SOCIAL_WORKER, Tie::LeadWorker),
        ];
        let family = open(&world, Story { ties, ..STORY }).await;
        ready(&world, &family, &cast::SOCIAL_WORKER).await;
        begin(&world, &family, &cast::SOCIAL_WORKER, "2026-10-14")
            .await
            .is(200)
            .shows("Nobody has asked to open the work");
        ask(&world, &family, "2026-10-14").await.is(303);
        world
            .get(&cast::SOCIAL_WORKER, &family.at("/interventions"))
            .await
            .shows("Say whether it may begin");
        begin(&world, &family, &cast::SOCIAL_WORKER, "2026-10-14")
            .await
            .is(303);
        world
            .get(&cast::PRACTITIONER, &family.at("/interventions"))
            .await
            .shows("14 October 2026");
    })
    .await;
}
