//! Pairs of stories that differ only in what is the survivor's.
//!
//! Every step that workers share is the same in both; what differs is recorded by her side alone.

use cusp::{
    consultations::model::ConsultationId,
    contacts::model::VisitId,
    demo::cast,
    risks::model::{AssessmentId, ConcernId, DisclosureId},
};

use crate::{
    family::{Family, STORY, Story, open},
    interventions::opened,
    opening::{asked, suits},
    support::World,
};

/// Which of the two worlds is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    One,
    Other,
}

/// What workers record for both lines to read.
#[derive(Clone, Copy, Debug)]
pub enum Shared {
    Consulted,
    HighRisk,
    Suits,
    NotSuitable,
    Planned,
    Opened,
    Missed,
    Closed,
}

/// What only the survivor's side records.
#[derive(Clone, Copy, Debug)]
pub enum Hers {
    Refused,
    Given,
    Withdrawn,
    /// Not hers: once she has said yes, the client does, and the practitioner asks to open the work.
    /// It stands in both worlds.
    Asked,
    Moved,
    Telephone,
    Safe,
    Seen(&'static str),
    Attempted(&'static str),
    Disclosed,
    Concern,
    Safety,
    Said,
    Told,
    NotTold,
    Kept,
    Noted,
    Ground,
}

/// Two stories: what is shared, and what is hers in the one and in the other.
pub struct Pair {
    shared: &'static [Shared],
    one: &'static [Hers],
    other: &'static [Hers],
}

const fn pair(shared: &'static [Shared], one: &'static [Hers], other: &'static [Hers]) -> Pair {
    Pair { shared, one, other }
}

/// The pairs.
pub const PAIRS: &[Pair] = {
    use Hers::*;
    use Shared::*;
    &[
        pair(&[], &[Moved], &[]),
        pair(&[], &[], &[Telephone]),
        pair(&[], &[Safe], &[Moved, Telephone]),
        pair(&[], &[Refused], &[]),
        pair(&[Consulted], &[Refused], &[Moved]),
        pair(&[Consulted], &[Noted], &[]),
        pair(&[Consulted, NotSuitable], &[Refused, Ground], &[]),
        pair(&[Consulted, NotSuitable], &[], &[Refused]),
        pair(&[HighRisk], &[Disclosed], &[]),
        pair(&[HighRisk], &[], &[Concern, Disclosed]),
        pair(&[Consulted, Planned], &[Safety], &[]),
        pair(&[Planned], &[Safety, Said], &[Said]),
        pair(&[Opened], &[Seen("2026-10-12")], &[]),
        pair(
            &[Opened],
            &[Seen("2026-10-12"), Attempted("2026-10-13")],
            &[Attempted("2026-10-12")],
        ),
        pair(
            &[Opened, Planned],
            &[Seen("2026-10-07")],
            &[Seen("2026-10-13")],
        ),
        pair(&[Opened], &[Given, Withdrawn], &[Given]),
        pair(&[Suits], &[Given, Asked, Withdrawn], &[Given, Asked]),
        pair(
            &[Suits, Planned],
            &[Given, Asked, Moved],
            &[Given, Asked, Withdrawn, Disclosed],
        ),
        pair(&[Opened, Missed], &[Told], &[]),
        pair(&[Opened, Missed], &[NotTold], &[Told]),
        pair(&[Closed], &[Kept], &[]),
        pair(
            &[Consulted, HighRisk, Closed],
            &[Kept, Disclosed, Moved],
            &[Refused],
        ),
        pair(
            &[Consulted, Opened, Planned, Missed],
            &[Seen("2026-10-12"), Told, Disclosed, Safe],
            &[Telephone, Safety, Concern],
        ),
    ]
};

/// Plays one side of every pair, at the same times in both worlds. Gives the cases.
pub async fn play(world: &World, which: Which) -> Vec<String> {
    let mut cases = Vec::new();
    for (number, pair) in PAIRS.iter().enumerate() {
        world.set_clock(&format!("2026-10-14T09:{number:02}:00Z"));
        let story = Story {
            number: number + 1,
            ..STORY
        };
        let family = open(world, story).await;
        for step in pair.shared {
            shared(world, &family, *step).await;
        }
        let hers = match which {
            Which::One => pair.one,
            Which::Other => pair.other,
        };
        for step in hers {
            hers_alone(world, &family, *step).await;
        }
        cases.push(family.case.to_string());
    }
    cases
}

/// A case with nothing on it.
pub async fn plain(world: &World) -> String {
    open(world, STORY).await.case.to_string()
}

async fn shared(world: &World, family: &Family, step: Shared) {
    let maren = &cast::PRACTITIONER;
    let post = async |place: String, fields: &[(&str, &str)]| {
        world.post(maren, &family.at(&place), fields).await.is(303);
    };
    match step {
        Shared::Consulted => {
            let place = format!("/consultations/{}/held", ConsultationId::new());
            let fields = [
                ("held_on", "2026-10-13"),
                ("meeting", "telephone"),
                ("took_part", "Maren Okafor, Harbour Programmes"),
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
            post(place, &fields).await;
        }
        Shared::HighRisk => {
            let place = format!("/risks/{}/record", AssessmentId::new());
            post(place, &[("level", "high"), ("marac", "yes")]).await;
        }
        Shared::NotSuitable => {
            let fields = [
                ("version", "0"),
                ("outcome", "not_suitable"),
                ("grounds", "denial"),
                ("because", "Talked through at the consultation"),
                ("decided_with", "Maren Okafor and Ines Calloway"),
                ("decided_on", "2026-10-14"),
            ];
            post("/suitability/decision".to_owned(), &fields).await;
        }
        Shared::Planned => {
            let fields = [
                ("version", "0"),
                ("form", "first"),
                ("created_on", "2026-10-14"),
                ("review_on", "2026-11-11"),
            ];
            post("/plans/new".to_owned(), &fields).await;
        }
        Shared::Suits => suits(world, family).await,
        Shared::Opened => opened(world, family, "2026-10-05").await,
        Shared::Missed => {
            let fields = [
                ("what", "missed"),
                ("changed_on", "2026-10-13"),
                ("heightened", "no"),
                ("words", "Did not come twice."),
            ];
            post("/engagement/change".to_owned(), &fields).await;
        }
        Shared::Closed => {
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
            post("/closures/new".to_owned(), &fields).await;
        }
    }
}

async fn hers_alone(world: &World, family: &Family, step: Hers) {
    let sunniva = &cast::SURVIVOR_WORKER;
    let part = family.survivor;
    let post = async |place: String, fields: &[(&str, &str)]| {
        world
            .post(sunniva, &family.at(&place), fields)
            .await
            .is(303);
    };
    match step {
        Hers::Asked => asked(world, family).await,
        Hers::Refused | Hers::Given | Hers::Withdrawn => {
            let (reply, version) = match step {
                Hers::Refused => ("refused", "0"),
                Hers::Withdrawn => ("withdrawn", "1"),
                _ => ("given", "0"),
            };
            let fields = [
                ("reply", reply),
                ("version", version),
                ("answered_on-day", "14"),
                ("answered_on-month", "10"),
                ("answered_on-year", "2026"),
                ("asked_by", "Sunniva Hale"),
                ("how", "face_to_face"),
                ("alone", "yes"),
                ("able", "yes"),
                ("explained", "yes"),
                ("sharing", "yes"),
                ("interpreter", "not_needed"),
            ];
            post(format!("/apart/{part}/participation"), &fields).await;
        }
        Hers::Moved => {
            let form = family.at(&format!("/apart/{part}/address"));
            let page = world.get(sunniva, &form).await;
            let version = cusp::demo::player::hidden(&page.is(200).body, "version")
                .unwrap_or_default()
                .to_owned();
            let fields = [
                ("version", version.as_str()),
                ("kept", "here"),
                ("value", "9 Curlew Wharf, Wexbrook, ZZ99 9CW"),
                ("because", "She asked that we can send a taxi"),
                ("status", "current"),
            ];
            world.post(sunniva, &form, &fields).await.is(303);
        }
        Hers::Telephone => {
            let fields = [
                ("channel", "telephone"),
                ("value", "07700 900771"),
                ("status", "current"),
            ];
            post(format!("/apart/{part}/contact"), &fields).await;
        }
        Hers::Safe => {
            let form = family.at(&format!("/apart/{part}/safe"));
            let page = world.get(sunniva, &form).await;
            let version = cusp::demo::player::hidden(&page.is(200).body, "version")
                .unwrap_or_default()
                .to_owned();
            let fields = [
                ("version", version.as_str()),
                ("status", "checked"),
                ("methods", "text"),
                ("code_word", "Plover"),
                ("never_message", "yes"),
                ("checked_on-day", "14"),
                ("checked_on-month", "10"),
                ("checked_on-year", "2026"),
            ];
            world.post(sunniva, &form, &fields).await.is(303);
        }
        Hers::Seen(on) | Hers::Attempted(on) => {
            let held = matches!(step, Hers::Seen(_));
            let (part, visit) = (part.to_string(), VisitId::new().to_string());
            let fields = [
                ("entry", visit.as_str()),
                ("who", part.as_str()),
                ("held_on", on),
                ("method", "face_to_face"),
                ("result", if held { "held" } else { "attempted" }),
                ("alone", "yes"),
                ("safe_place", "yes"),
                ("voice", "likes the library"),
                ("reason", if held { "" } else { "no answer at the door" }),
            ];
            post("/apart/contacts/new".to_owned(), &fields).await;
        }
        Hers::Disclosed => {
            let place = format!("/apart/risks/said/{}", DisclosureId::new());
            post(place, &[("words", "He waits at the blue gate.")]).await;
        }
        Hers::Concern => {
            let place = format!("/apart/risks/concerns/{}/raise", ConcernId::new());
            post(place, &[("words", "He found the otter book.")]).await;
        }
        Hers::Safety => {
            let fields = [
                ("version", "0"),
                ("asked_on", "2026-10-14"),
                ("text", "The key lies with the neighbour"),
                ("affirmed", "She keeps the phone charged"),
            ];
            post(format!("/apart/plan/{part}/safety"), &fields).await;
        }
        Hers::Said => {
            let fields = [
                ("heard_on", "2026-10-14"),
                ("said", "The plan forgets the handovers"),
                ("used", "Added to safety"),
            ];
            post(format!("/apart/plan/{part}/view"), &fields).await;
        }
        Hers::Told | Hers::NotTold => {
            let page = world.get(sunniva, &family.at("/apart/engagement")).await;
            let start = format!("href=\"{}", family.at("/apart/engagement/"));
            let (_, rest) = page.body.split_once(&start).unwrap();
            let place = format!("/apart/engagement/{}", rest.split_once('"').unwrap().0);
            let told: [(&str, &str); 3] = [
                ("outcome", "told"),
                ("told_on", "2026-10-14"),
                ("how", "telephone"),
            ];
            let not: [(&str, &str); 3] = [
                ("told_on", "2026-10-14"),
                ("outcome", "not_safe"),
                ("words", "He answers her telephone."),
            ];
            if matches!(step, Hers::Told) {
                post(place, &told).await;
            } else {
                post(place, &not).await;
            }
        }
        Hers::Kept => {
            let fields = [
                ("told", "not_told"),
                ("untold", "He answers her telephone."),
                ("implications", "He knows the street."),
                ("survivor_keeps", "The alarm stays until March"),
            ];
            post("/apart/closures/new".to_owned(), &fields).await;
        }
        Hers::Noted => {
            let page = world.get(sunniva, &family.at("/consultations")).await;
            let start = format!("href=\"{}", family.at("/consultations/"));
            let id = page
                .body
                .split(&start)
                .skip(1)
                .filter_map(|rest| rest.get(..36))
                .find(|id| id.split('-').count() == 5)
                .unwrap()
                .to_owned();
            let fields = [
                ("took_part", "Sunniva Hale"),
                ("note", "She moves to Otter Lane."),
            ];
            post(format!("/apart/consultations/{id}"), &fields).await;
        }
        Hers::Ground => {
            let fields = [
                ("version", "0"),
                ("ground", "no_consent"),
                ("note", "asked twice"),
                ("found_on", "2026-10-14"),
            ];
            post("/apart/suitability/ground".to_owned(), &fields).await;
        }
    }
}
