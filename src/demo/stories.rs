//! The stories of the demonstration, each in another state when the curtain rises on Thursday
//! 15 October 2026.

use platform::Result;

use super::{
    cast::{
        INTAKE_WORKER, OTHER_PRACTITIONER, PRACTITIONER, SERVICE_MANAGER, SOCIAL_WORKER,
        SURVIVOR_WORKER, WEXBROOK_WORKER,
    },
    courses, families,
    player::Player,
};

/// A story.
#[derive(Clone, Copy, Debug)]
pub enum Story {
    /// Each agency names its single point of contact.
    Contacts,
    /// Six weeks of work, completed and closed.
    Closed,
    /// Months of weekly work that is still open.
    Open,
    /// The survivor said no.
    Refused,
    /// Sent, allocated and confirmed in time.
    Confirmed,
    /// Allocated, and nobody confirmed receipt in time.
    Missed,
    /// Sent while the agreement of the borough had ended.
    Held,
    /// Waits for a worker.
    Waiting,
    /// Came by telephone, with half of what one would like to know.
    Telephoned,
    /// Came yesterday, and stands at intake.
    Fresh,
    /// A draft that its writer was called away from.
    Unfinished,
}

/// Every story, in the order in which they happen.
pub const ALL: [Story; 11] = [
    Story::Contacts,
    Story::Closed,
    Story::Open,
    Story::Refused,
    Story::Confirmed,
    Story::Missed,
    Story::Held,
    Story::Waiting,
    Story::Telephoned,
    Story::Fresh,
    Story::Unfinished,
];

impl Story {
    /// What is told while it is played.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Contacts => "Each agency names its single point of contact",
            Self::Closed => "The work is completed, and the case is closed",
            Self::Open => "The work is open since June, week by week",
            Self::Refused => "The survivor says no, and version 1 stands",
            Self::Confirmed => "A referral is sent, allocated and confirmed in time",
            Self::Missed => "A deadline is missed",
            Self::Held => "A borough’s agreement has ended, and nobody is turned away",
            Self::Waiting => "A family waits for a worker",
            Self::Telephoned => "A referral comes by telephone",
            Self::Fresh => "A referral came yesterday",
            Self::Unfinished => "A draft is left unfinished",
        }
    }

    /// Plays it.
    pub async fn play(self, player: &Player) -> Result<()> {
        match self {
            Self::Contacts => courses::contacts(player).await,
            Self::Closed => courses::closed(player).await,
            Self::Open => courses::open(player).await,
            Self::Refused => courses::refused(player).await,
            Self::Confirmed => confirmed(player).await,
            Self::Missed => missed(player).await,
            Self::Held => held(player).await,
            Self::Waiting => waiting(player).await,
            Self::Telephoned => telephoned(player).await,
            Self::Fresh => fresh(player).await,
            Self::Unfinished => unfinished(player).await,
        }
    }
}

async fn allocate(player: &Player, case: &str, worker: &super::cast::Persona) -> Result<()> {
    let worker = worker.id.to_string();
    let supervisor = SERVICE_MANAGER.id.to_string();
    let fields = [
        ("worker", worker.as_str()),
        ("supervisor", supervisor.as_str()),
    ];
    player
        .post(
            &SERVICE_MANAGER,
            &format!("/cases/{case}/allocation"),
            &fields,
        )
        .await?;
    Ok(())
}

async fn confirmed(player: &Player) -> Result<()> {
    player.at("2026-09-08 11:20")?;
    let case = player.refer(&SOCIAL_WORKER, &families::ASHBY).await?;
    player.at("2026-09-09 09:40")?;
    allocate(player, &case, &PRACTITIONER).await?;
    let sunniva = SURVIVOR_WORKER.id.to_string();
    let support = format!("/cases/{case}/allocation/support");
    player
        .post(&SERVICE_MANAGER, &support, &[("support", &sunniva)])
        .await?;
    player.at("2026-09-10 15:05")?;
    let fields = [
        ("confirmed_on", "10/9/2026"),
        ("how", "here"),
        ("consultation_on", "17/9/2026"),
        ("meeting", "telephone"),
        (
            "timeline",
            "We ring you on Thursday 17 September at 10. Have the children’s ages at hand.",
        ),
    ];
    player
        .post(
            &PRACTITIONER,
            &format!("/cases/{case}/acknowledgement"),
            &fields,
        )
        .await?;
    Ok(())
}

async fn missed(player: &Player) -> Result<()> {
    player.at("2026-10-05 16:30")?;
    let case = player.refer(&SOCIAL_WORKER, &families::OKONJO).await?;
    player.at("2026-10-06 10:10")?;
    allocate(player, &case, &OTHER_PRACTITIONER).await
}

async fn held(player: &Player) -> Result<()> {
    player.at("2026-10-12 17:45")?;
    player.refer(&WEXBROOK_WORKER, &families::HARGREAVE).await?;
    Ok(())
}

async fn waiting(player: &Player) -> Result<()> {
    player.at("2026-10-13 09:15")?;
    let case = player.refer(&SOCIAL_WORKER, &families::RAHMAN).await?;
    player.at("2026-10-13 14:00")?;
    let why = "A practitioner who speaks Bengali is free from 26 October.";
    player
        .post(
            &SERVICE_MANAGER,
            &format!("/cases/{case}/waiting"),
            &[("why", why)],
        )
        .await?;
    Ok(())
}

async fn telephoned(player: &Player) -> Result<()> {
    player.at("2026-10-14 10:30")?;
    let page = player.get(&INTAKE_WORKER, "/intake/take").await?;
    let taking = super::player::hidden(&page, "taking")
        .unwrap_or_default()
        .to_owned();
    let mut fields = vec![
        ("taking", taking.as_str()),
        ("received_on-day", "13"),
        ("received_on-month", "10"),
        ("received_on-year", "2026"),
        ("received_time", "16:50"),
        ("how", "telephone"),
        ("referrer_name", "Health visitor at Brook Street surgery"),
        (
            "from_whom",
            "Health visitor, Brook Street surgery, 07700 900251",
        ),
    ];
    for (_, section) in families::PARTIAL.sections {
        fields.extend_from_slice(section);
    }
    player.post(&INTAKE_WORKER, "/intake/take", &fields).await?;
    Ok(())
}

async fn fresh(player: &Player) -> Result<()> {
    player.at("2026-10-14 16:20")?;
    let case = player.refer(&SOCIAL_WORKER, &families::TARRANT).await?;
    player.at("2026-10-14 16:45")?;
    allocate(player, &case, &PRACTITIONER).await
}

async fn unfinished(player: &Player) -> Result<()> {
    player.at("2026-10-14 17:30")?;
    player.draft(&SOCIAL_WORKER, &families::UNFINISHED).await?;
    Ok(())
}
