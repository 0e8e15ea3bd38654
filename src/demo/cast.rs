//! The cast: invented agencies and people who recur in the demo, the tests and the documents.
//!
//! Their boroughs do not exist; the GSS codes are of the real form and belong to no borough.

use kernel::{
    access::Role,
    ids::{AgencyId, Id, ProgrammeId, TeamId, UserId},
    plain::Plain,
    time::Day,
};
use platform::{
    Failed,
    bootstrap::{Bootstrap, NewUser, SYSTEM},
};

const fn id<K>(number: u128) -> Id<K> {
    // A fixed pattern in the space of version 4, so that the demo is the same every time.
    Id::from_uuid(uuid::Uuid::from_u128(
        0x0000_0000_0000_4000_8000_0000_0000_0000 + number,
    ))
}

/// The programme of the demo.
pub const PROGRAMME: ProgrammeId = id(0x10);
/// The charity that runs the programme.
pub const HARBOUR: AgencyId = id(0x20);
/// A borough that refers.
pub const LARKMOOR: AgencyId = id(0x21);
/// A borough whose agreement has ended.
pub const WEXBROOK: AgencyId = id(0x22);
/// A charity that supports survivors.
pub const LANTERN: AgencyId = id(0x23);
/// A provider of courses.
pub const TURNING: AgencyId = id(0x24);
/// The evaluator.
pub const MERIDIAN: AgencyId = id(0x25);
/// A police force outside the partnership.
pub const OUTSIDE: AgencyId = id(0x26);
/// The team that refers.
pub const SAFEGUARDING: TeamId = id(0x30);
/// Another team of the same borough.
pub const ASSESSMENT: TeamId = id(0x31);
/// A team of the borough whose agreement has ended.
pub const WEXBROOK_FAMILIES: TeamId = id(0x32);

/// One of the cast.
#[derive(Clone, Copy, Debug)]
pub struct Persona {
    /// The user.
    pub id: UserId,
    /// The name.
    pub name: &'static str,
    /// What they are, in words for the sign-in page.
    pub what: &'static str,
    /// The agency.
    pub agency: AgencyId,
    /// The team.
    pub team: Option<TeamId>,
    /// The roles.
    pub roles: &'static [Role],
}

impl Persona {
    /// The address that signs in.
    pub fn email(&self) -> String {
        let mut address = self.name.to_lowercase().replace(' ', ".").replace('\'', "");
        address.push_str("@example.org");
        address
    }
}

/// The cast, in the order of the sign-in page.
pub const CAST: [Persona; 14] = [
    SOCIAL_WORKER,
    TEAM_MANAGER,
    PRACTITIONER,
    OTHER_PRACTITIONER,
    SERVICE_MANAGER,
    INTAKE_WORKER,
    SPOC,
    SURVIVOR_WORKER,
    PROVIDER_WORKER,
    EVALUATOR,
    GOVERNANCE_OFFICER,
    ADMINISTRATOR,
    OUTSIDER,
    WEXBROOK_WORKER,
];

/// Refers families from Larkmoor.
pub const SOCIAL_WORKER: Persona = Persona {
    id: id(0x100),
    name: "Ines Calloway",
    what: "Social worker who refers, Larkmoor",
    agency: LARKMOOR,
    team: Some(SAFEGUARDING),
    roles: &[Role::SocialWorker],
};
/// Manages her team.
pub const TEAM_MANAGER: Persona = Persona {
    id: id(0x101),
    name: "Tobias Renwick",
    what: "Her team manager, Larkmoor",
    agency: LARKMOOR,
    team: Some(SAFEGUARDING),
    roles: &[Role::TeamManager, Role::AgencyManager],
};
/// Works with clients.
pub const PRACTITIONER: Persona = Persona {
    id: id(0x102),
    name: "Maren Okafor",
    what: "Practitioner, Harbour",
    agency: HARBOUR,
    team: None,
    roles: &[Role::Practitioner],
};
/// Works with other clients.
pub const OTHER_PRACTITIONER: Persona = Persona {
    id: id(0x103),
    name: "Joss Whitlow",
    what: "Another practitioner, Harbour",
    agency: HARBOUR,
    team: None,
    roles: &[Role::Practitioner],
};
/// Answers for the service.
pub const SERVICE_MANAGER: Persona = Persona {
    id: id(0x104),
    name: "Adaeze Thornbury",
    what: "Service manager, Harbour",
    agency: HARBOUR,
    team: None,
    roles: &[Role::ServiceManager, Role::AgencyManager],
};
/// Receives referrals.
pub const INTAKE_WORKER: Persona = Persona {
    id: id(0x10c),
    name: "Petra Lindqvist",
    what: "Intake worker, Harbour",
    agency: HARBOUR,
    team: None,
    roles: &[Role::IntakeWorker],
};
/// Single point of contact of Larkmoor.
pub const SPOC: Persona = Persona {
    id: id(0x105),
    name: "Rohan Beckett",
    what: "Single point of contact, Larkmoor",
    agency: LARKMOOR,
    team: None,
    roles: &[Role::Spoc],
};
/// Supports survivors.
pub const SURVIVOR_WORKER: Persona = Persona {
    id: id(0x106),
    name: "Sunniva Hale",
    what: "Survivor support worker, Lantern",
    agency: LANTERN,
    team: None,
    roles: &[Role::SurvivorWorker],
};
/// Delivers courses.
pub const PROVIDER_WORKER: Persona = Persona {
    id: id(0x107),
    name: "Dorian Pell",
    what: "Provider worker, Turning Point Courses",
    agency: TURNING,
    team: None,
    roles: &[Role::ProviderWorker],
};
/// Evaluates the programme.
pub const EVALUATOR: Persona = Persona {
    id: id(0x108),
    name: "Yusra Fenwick",
    what: "Evaluator, Meridian Research",
    agency: MERIDIAN,
    team: None,
    roles: &[Role::Evaluator],
};
/// Answers for information governance.
pub const GOVERNANCE_OFFICER: Persona = Persona {
    id: id(0x109),
    name: "Alban Sorley",
    what: "Information governance officer, Harbour",
    agency: HARBOUR,
    team: None,
    roles: &[Role::GovernanceOfficer],
};
/// Keeps agencies and settings.
pub const ADMINISTRATOR: Persona = Persona {
    id: id(0x10a),
    name: "Greer Lovatt",
    what: "Administrator, Harbour",
    agency: HARBOUR,
    team: None,
    roles: &[Role::Administrator],
};
/// Works for an agency outside the partnership.
pub const OUTSIDER: Persona = Persona {
    id: id(0x10b),
    name: "Callum Dray",
    what: "Worker of an agency outside the partnership",
    agency: OUTSIDE,
    team: None,
    roles: &[Role::SocialWorker, Role::Practitioner],
};
/// Refers from a borough whose agreement has ended.
pub const WEXBROOK_WORKER: Persona = Persona {
    id: id(0x10d),
    name: "Noor Ashdown",
    what: "Social worker, Wexbrook (agreement ended)",
    agency: WEXBROOK,
    team: Some(WEXBROOK_FAMILIES),
    roles: &[Role::SocialWorker],
};

/// The partnership as it stands when the stories begin: in force from spring 2026.
pub fn found(b: &mut Bootstrap<'_>, password: &Plain) -> Result<(), Failed> {
    let day = |y, m, d| Day(jiff::civil::date(y, m, d));
    b.agency(
        HARBOUR,
        "Harbour Programmes",
        "charity",
        None,
        Some("07700 900001"),
    )?;
    b.agency(
        LARKMOOR,
        "London Borough of Larkmoor",
        "borough",
        Some("E09000901"),
        Some("07700 900010"),
    )?;
    b.agency(
        WEXBROOK,
        "London Borough of Wexbrook",
        "borough",
        Some("E09000902"),
        Some("07700 900020"),
    )?;
    b.agency(LANTERN, "Lantern", "charity", None, Some("07700 900030"))?;
    b.agency(TURNING, "Turning Point Courses", "provider", None, None)?;
    b.agency(MERIDIAN, "Meridian Research", "evaluator", None, None)?;
    b.agency(OUTSIDE, "Penhallow Constabulary", "police", None, None)?;
    b.team(SAFEGUARDING, LARKMOOR, "Family Safeguarding Team 3")?;
    b.team(ASSESSMENT, LARKMOOR, "Assessment Team 1")?;
    b.team(WEXBROOK_FAMILIES, WEXBROOK, "Families First")?;
    b.programme(
        PROGRAMME,
        "Early intervention",
        HARBOUR,
        ("client", "survivor"),
    )?;
    for agency in [LARKMOOR, LANTERN, TURNING, MERIDIAN] {
        b.agreement(
            agency,
            PROGRAMME,
            "mou",
            "Memorandum of understanding 2026",
            (day(2026, 4, 1), day(2027, 3, 31)),
        )?;
    }
    b.agreement(
        WEXBROOK,
        PROGRAMME,
        "mou",
        "Memorandum of understanding 2025",
        (day(2025, 10, 1), day(2026, 9, 30)),
    )?;
    b.agreement(
        LARKMOOR,
        PROGRAMME,
        "mash",
        "MASH information sharing protocol",
        (day(2026, 4, 1), day(2027, 3, 31)),
    )?;
    b.user(&NewUser {
        id: SYSTEM,
        agency: HARBOUR,
        team: None,
        name: Plain::new("Mailbox"),
        email: Plain::new("mailbox@system.invalid"),
        phone: None,
        password: None,
        roles: vec![Role::IntakeWorker],
    })?;
    for persona in CAST {
        b.user(&NewUser {
            id: persona.id,
            agency: persona.agency,
            team: persona.team,
            name: Plain::new(persona.name),
            email: Plain::new(persona.email()),
            phone: None,
            password: Some(password.clone()),
            roles: persona.roles.to_vec(),
        })?;
    }
    Ok(())
}
