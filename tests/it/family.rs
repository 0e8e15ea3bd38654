//! A family of the tests: a case opened as the mailbox would, with people on both sides.

use cusp::{
    demo::cast::{self, Persona},
    people::{
        model::{
            Channel, DetailId, DetailStatus, NewDetail, NewPart, NewSafeContact, PartId, PartRole,
        },
        store,
    },
};
use kernel::{
    access::{Role, Tie},
    form::{Value as _, When},
    ids::CaseId,
    label::{Label, Labelled},
    plain::Plain,
};
use platform::{Failed, NewCase, Tx, casefile::add_tie, identity::system_session};

use crate::support::{Answer, World};

platform::permission! {
    /// Opens a case for a test.
    pub OpenForTest = "test.open", own &[], any &[Role::IntakeWorker], opens;
}

/// That a test opened a case.
struct Opened;
impl platform::Event for Opened {
    fn name(&self) -> &'static str {
        "opened for a test"
    }
    fn item(&self) -> String {
        String::new()
    }
}

/// What leads to the survivor: it must not reach the client line.
pub const SURVIVOR_SECRETS: [&str; 8] = [
    "9 Quillfeather Court, ZZ99 1QQ",
    "07700 900771",
    "Ask for the library book",
    "Only when the red kite flies",
    "refuge-worker-note",
    "Sunniva Hale",
    "Survivor support worker",
    "SV-",
];
/// What leads to a child.
pub const CHILD_SECRETS: [&str; 2] = ["Larkmoor Lane School 4481", "07700 900772"];
/// What leads to the survivor's family.
pub const OTHER_SECRETS: [&str; 1] = ["07700 900773 grandmother"];

/// A case and its people.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    pub case: CaseId,
    pub client: PartId,
    pub survivor: PartId,
    pub child: PartId,
    pub other: PartId,
    pub home: DetailId,
    pub client_home: DetailId,
}

impl Family {
    /// A page of the case.
    pub fn at(&self, place: &str) -> String {
        format!("/cases/{}{place}", self.case)
    }

    /// Pages of the case.
    pub fn places(&self, places: &[&str]) -> Vec<String> {
        places.iter().map(|place| self.at(place)).collect()
    }
}

/// What differs from one family to the next.
#[derive(Clone, Copy, Debug)]
pub struct Story<'a> {
    pub number: usize,
    pub client: &'a str,
    pub client_born: &'a str,
    pub survivor: &'a str,
    pub survivor_born: &'a str,
    pub child: &'a str,
    pub ties: &'a [(&'a Persona, Tie)],
}

/// A practitioner with a supervisor on one side, a support worker and a supervisor on the other.
pub const TIED: &[(&Persona, Tie)] = &[
    (&cast::PRACTITIONER, Tie::ClientLine),
    (&cast::OTHER_PRACTITIONER, Tie::ClientSupervisor),
    (&cast::SURVIVOR_WORKER, Tie::SurvivorLine),
    (&cast::TEAM_MANAGER, Tie::SurvivorSupervisor),
    (&cast::SOCIAL_WORKER, Tie::LeadWorker),
];

/// The family of most tests.
pub const STORY: Story<'static> = Story {
    number: 1,
    client: "Bartholomew Wrigglesworth (known as Monty)",
    client_born: "30 12 1984",
    survivor: "Persephone Cholmondeley",
    survivor_born: "11 2 1987",
    child: "Peregrine Cholmondeley",
    ties: TIED,
};

fn said<L: Label>(text: &str) -> Labelled<String, L> {
    Labelled::new(text.to_owned())
}

fn part(id: PartId, role: PartRole, name: &str, born: &str, position: i32) -> NewPart {
    NewPart {
        id,
        role,
        name: said(name),
        aliases: None,
        born: (!born.is_empty()).then(|| Labelled::new(When::parse(born).unwrap())),
        relation_to_survivor: (role == PartRole::Child).then(|| said("Son")),
        relation_to_client: (role == PartRole::Child).then(|| said("Son")),
        position,
    }
}

fn detail<L: Label>(id: DetailId, part: PartId, channel: Channel, value: &str) -> NewDetail<L> {
    NewDetail {
        id,
        part,
        channel,
        value: said(value),
        note: None,
        status: DetailStatus::Current,
    }
}

/// Opens the case of a family, as the mailbox does.
pub async fn open(world: &World, story: Story<'_>) -> Family {
    let family = Family {
        case: CaseId::new(),
        client: PartId::new(),
        survivor: PartId::new(),
        child: PartId::new(),
        other: PartId::new(),
        home: DetailId::new(),
        client_home: DetailId::new(),
    };
    let new = NewCase {
        id: family.case,
        programme: cast::PROGRAMME,
        agency: Some(cast::LARKMOOR),
        team: Some(cast::SAFEGUARDING),
        client_reference: Plain::new(format!("CL-{:04}", story.number)),
        survivor_reference: Plain::new(format!("SV-{:04}", story.number)),
        referrer: None,
    };
    let texts = [
        story.client,
        story.client_born,
        story.survivor,
        story.survivor_born,
        story.child,
    ]
    .map(str::to_owned);
    let ties: Vec<_> = story.ties.iter().map(|(who, tie)| (who.id, *tie)).collect();
    let session = system_session(&world.app).await.unwrap();
    world
        .app
        .as_system::<OpenForTest>(session)
        .unwrap()
        .open(new, move |tx| {
            fill(tx, &family, &texts)?;
            for (who, tie) in &ties {
                add_tie(tx, *who, *tie, None, None)?;
            }
            Ok((Opened, ()))
        })
        .await
        .unwrap();
    family
}

fn fill(tx: &mut Tx<'_>, family: &Family, texts: &[String; 5]) -> Result<(), Failed> {
    let [client, client_born, survivor, survivor_born, child] = texts;
    for new in [
        part(family.client, PartRole::Client, client, client_born, 0),
        part(
            family.survivor,
            PartRole::Survivor,
            survivor,
            survivor_born,
            1,
        ),
        part(family.child, PartRole::Child, child, "19 6 2017", 2),
        part(family.other, PartRole::Other, "Ottoline Teasel", "", 3),
    ] {
        store::add_part(tx, &new)?;
    }
    let fresh = DetailId::new;
    store::add_client_detail(
        tx,
        &detail(
            family.client_home,
            family.client,
            Channel::Address,
            "Flat 4b, 118 Teasel Road",
        ),
    )?;
    store::add_client_detail(
        tx,
        &detail(fresh(), family.client, Channel::Telephone, "07700 900104"),
    )?;
    store::add_survivor_detail(
        tx,
        &detail(
            family.home,
            family.survivor,
            Channel::Address,
            SURVIVOR_SECRETS[0],
        ),
    )?;
    let mut phone = detail(
        fresh(),
        family.survivor,
        Channel::Telephone,
        SURVIVOR_SECRETS[1],
    );
    phone.note = Some(said(SURVIVOR_SECRETS[4]));
    store::add_survivor_detail(tx, &phone)?;
    store::add_child_detail(
        tx,
        &detail(fresh(), family.child, Channel::Other, CHILD_SECRETS[0]),
    )?;
    store::add_child_detail(
        tx,
        &detail(fresh(), family.child, Channel::Telephone, CHILD_SECRETS[1]),
    )?;
    store::add_other_detail(
        tx,
        &detail(fresh(), family.other, Channel::Telephone, OTHER_SECRETS[0]),
    )?;
    store::add_safe_contact(
        tx,
        &NewSafeContact {
            part: family.survivor,
            as_given: said(SURVIVOR_SECRETS[2]),
        },
    )?;
    store::possible_matches(tx)?;
    Ok(())
}

/// An answer without what stands around every page: the demonstration's bar names the whole cast.
pub fn inside(mut answer: Answer) -> Answer {
    if let Some((_, main)) = answer.body.split_once("<main") {
        answer.body = main.to_owned();
    }
    answer
}

/// What somebody got of a page, to be compared with what comes of it later.
#[derive(Debug, PartialEq, Eq)]
pub struct Got {
    pub who: &'static str,
    pub page: String,
    pub status: u16,
    /// The page, or where it leads. The page of an error carries a number of its own each time.
    pub body: String,
}

/// What each of `who` gets of each of `pages`, byte for byte.
pub async fn seen(world: &World, who: &[&Persona], pages: &[String]) -> Vec<Got> {
    let mut all = Vec::new();
    for who in who {
        for page in pages {
            let got = inside(world.get(who, page).await);
            all.push(Got {
                who: who.name,
                page: page.clone(),
                status: got.status,
                body: match got.status {
                    200 => got.body,
                    _ => got.location,
                },
            });
        }
    }
    all
}

/// Fails at the first page that is not the same.
#[track_caller]
pub fn same(before: &[Got], after: &[Got]) {
    for (before, after) in before.iter().zip(after) {
        assert_eq!(before, after);
    }
    assert_eq!(before.len(), after.len());
}
