//! A case that has run for eighteen months, and a team of such cases.

use std::time::Instant as Stopwatch;

use cusp::{
    demo::{
        cast::{self, Persona},
        families,
        player::Player,
    },
    duties::{facts::Facts, rules},
};
use kernel::calendar::Calendar;
use platform::{App, Config};

use crate::Bench;

const TEAM: usize = 2_000;

/// Who works with the client, who leads, and who supports the survivor.
const WORKERS: (&Persona, &Persona, &Persona) = (
    &cast::PRACTITIONER,
    &cast::SOCIAL_WORKER,
    &cast::SURVIVOR_WORKER,
);

/// Plays the case and measures its page, a contact more, and the duties of a team.
pub async fn measure(bench: &Bench, engine: &str, player: &Player, careless: Config) {
    let case = suits(player).await.unwrap();
    let people = open(player, &case).await.unwrap();
    weeks(player, &case, &people).await.unwrap();
    let practitioner = bench.sign_in(cast::PRACTITIONER.id).await;
    let page = format!("/cases/{case}");
    bench
        .reads(engine, "case page, 18 months", &practitioner, |_| {
            page.clone()
        })
        .await;
    let requests = (0..200).map(|_| contact(&case, "21/4/2028")).collect();
    bench
        .writes(engine, "add contact, 18 months", &practitioner, requests)
        .await;
    // What was kept is looked up by itself; the service's own application runs no raw SQL.
    let app = App::open(careless, cusp::hooks()).unwrap();
    app.clock.set(bench.app.clock.now());
    team(&app, &case).await;
}

/// A contact with the client, as it is posted.
pub fn contact(case: &str, on: &str) -> (String, Vec<(&'static str, String)>) {
    let fields = vec![
        ("held_on", on.to_owned()),
        ("method", "telephone".to_owned()),
        ("result", "held".to_owned()),
        ("entry", uuid::Uuid::new_v4().to_string()),
    ];
    (format!("/cases/{case}/contacts/client"), fields)
}

/// From the referral to the day before the work is asked for.
async fn suits(player: &Player) -> platform::Result<String> {
    let (maren, ines, sunniva) = WORKERS;
    player.at("2026-10-19 09:00")?;
    let case = player.refer(ines, &families::ASHBY).await?;
    let at = |place: &str| format!("/cases/{case}{place}");
    let manager = &cast::SERVICE_MANAGER;
    let (worker, supervisor) = (maren.id.to_string(), manager.id.to_string());
    let (support, lead) = (sunniva.id.to_string(), ines.id.to_string());
    let allocated = [("worker", worker.as_str()), ("supervisor", &supervisor)];
    let confirmed = [
        ("confirmed_on", "2026-10-19"),
        ("how", "here"),
        ("consultation_on", "2026-10-21"),
        ("meeting", "telephone"),
    ];
    let held = [
        ("held_on", "2026-10-19"),
        ("meeting", "telephone"),
        ("took_part", "Maren Okafor and Ines Calloway"),
        ("presenting", "He blocks doors."),
        ("risk", "He follows the car."),
        ("needs", "Somewhere to calm down."),
        ("client_goals", "To stop shouting."),
        ("survivor_goals", "Quiet evenings."),
        ("motivation", "He asked for help."),
        ("strengths", "Keeps a plan with a neighbour."),
        ("outcome", "suitability"),
        ("outcome_note", "Version 1 on Friday."),
        ("theme", "pattern"),
    ];
    let stage = [
        ("version", "0"),
        ("stage", "contemplation"),
        ("evidence", "Says that the door should not have been broken"),
        ("assessed_on", "2026-10-19"),
    ];
    let suits = [
        ("version", "0"),
        ("outcome", "suitable"),
        ("because", "Talked through at the consultation"),
        ("decided_with", "Maren Okafor and Ines Calloway"),
        ("decided_on", "2026-10-19"),
    ];
    let stays = [("said_on", "2026-10-19"), ("said_by", ines.name)];
    let consultation = format!("/consultations/{}/held", uuid::Uuid::new_v4());
    for (who, place, fields) in [
        (manager, "/allocation", &allocated[..]),
        (manager, "/allocation/support", &[("support", &support)]),
        (manager, "/allocation/lead", &[("lead", &lead)]),
        (maren, "/acknowledgement", &confirmed),
        (maren, &consultation, &held),
        (maren, "/suitability/stage", &stage),
        (maren, "/suitability/decision", &suits),
        (ines, "/interventions/stays-open", &stays),
    ] {
        player.post(who, &at(place), fields).await?;
    }
    Ok(case)
}

/// Both take part, and the work opens. Gives the people whom the survivor's side sees each week.
async fn open(player: &Player, case: &str) -> platform::Result<Vec<String>> {
    let (maren, ines, sunniva) = WORKERS;
    let at = |place: &str| format!("/cases/{case}{place}");
    let yes = [
        ("reply", "given"),
        ("version", "0"),
        ("answered_on", "2026-10-19"),
        ("asked_by", ines.name),
        ("how", "face_to_face"),
        ("alone", "yes"),
        ("able", "yes"),
        ("explained", "yes"),
        ("sharing", "yes"),
        ("interpreter", "not_needed"),
    ];
    let page = player.get(sunniva, &at("/apart/contacts/new")).await?;
    let people: Vec<String> = page
        .split("name=\"who\"")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once("value=\"")?.1.get(..36)?.to_owned()))
        .collect();
    let survivor = people.first().cloned().unwrap_or_default();
    let hers = at(&format!("/apart/{survivor}/participation"));
    player.post(sunniva, &hers, &yes).await?;
    player.post(maren, &at("/participation"), &yes).await?;
    let opened = [("opened_on", "2026-10-19")];
    player
        .post(maren, &at("/interventions/new"), &opened)
        .await?;
    let ready = [("ready_on", "2026-10-19")];
    player
        .post(sunniva, &at("/apart/interventions"), &ready)
        .await?;
    Ok(people)
}

/// Week by week: contacts with the survivor and the child, with the client, and a meeting of the
/// professionals.
async fn weeks(player: &Player, case: &str, people: &[String]) -> platform::Result<()> {
    let (maren, ines, sunniva) = WORKERS;
    let at = |place: &str| format!("/cases/{case}{place}");
    let form = at("/apart/contacts/new");
    let mut week = jiff::civil::date(2026, 10, 21);
    while week < jiff::civil::date(2028, 4, 20) {
        player.at(&format!("{week} 10:00"))?;
        let (on, entry) = (week.to_string(), uuid::Uuid::new_v4().to_string());
        let mut visit: Vec<(&str, &str)> = people.iter().map(|who| ("who", who.as_str())).collect();
        visit.extend([
            ("entry", entry.as_str()),
            ("held_on", on.as_str()),
            ("method", "face_to_face"),
            ("result", "held"),
            ("alone", "yes"),
            ("safe_place", "yes"),
            ("voice", "The week was quiet."),
        ]);
        player.post(sunniva, &form, &visit).await?;
        let met = [
            ("held_on", on.as_str()),
            ("method", "face_to_face"),
            ("result", "held"),
            ("body", "Worked through the signals before it gets worse."),
        ];
        player.post(maren, &at("/contacts/client"), &met).await?;
        let spoke = [
            ("held_on", on.as_str()),
            ("method", "video"),
            ("result", "held"),
            ("serves", "liaison"),
            ("serves", "meeting"),
            ("took_part", ines.name),
            ("body", "Goals for the next two weeks"),
        ];
        player.post(maren, &at("/contacts/liaison"), &spoke).await?;
        week = week.saturating_add(jiff::Span::new().days(7));
    }
    player.at("2028-04-21 09:00")?;
    Ok(())
}

/// The duties of a team of 2,000 open cases, each of them as long as `case`; rows in memory.
async fn team(app: &App, case: &str) {
    let now = app.clock.now();
    let sql = format!("SELECT facts AS text FROM casefile WHERE id = '{case}'");
    let texts = platform::testing::texts(app, &sql).await.unwrap();
    let mut facts: Facts = serde_json::from_str(&texts[0]).unwrap();
    facts.participation = facts.participation.standing_on(now.day());
    let team = vec![facts; TEAM];
    let calendar = Calendar::default();
    let began = Stopwatch::now();
    let owed: usize = team
        .iter()
        .map(|facts| {
            rules::duties(facts, &[], &calendar, now.get())
                .iter()
                .filter(|duty| duty.is_owed())
                .count()
        })
        .sum();
    let took = began.elapsed().as_secs_f64() * 1000.0;
    println!(
        "\nduties of {TEAM} open cases of 18 months from kept facts, rows in memory: {took:.1} ms ({owed} owed)\n"
    );
}
