//! Risk: what a tool and a professional say about danger, and what high risk sets in motion
//! (R014, R021, R026-R032).
//!
//! Level, score and judgement are shared by both lines. What she said, and to whom she was
//! referred, lies apart: that somebody supports her is the survivor's. A concern for the other line
//! is written in words fit for it. A record of danger is never stopped: a level is enough.

pub mod model;
pub mod rules;
pub mod store;
pub mod web;

use kernel::{
    access::{Role, Sees, Tie},
    form::{Dictionary, Entry},
};

use model::{AssessmentId, ConcernId, DisclosureId, PathwayId, ReferralId};

platform::permission! {
    /// Read assessments and the concerns passed between the lines.
    pub Read = "risks.read", Workers, ties Tie::WORKING;
    /// Record an assessment, a concern, that one was taken up, or that a referral was made.
    pub Record = "risks.record", Workers, ties Tie::WORKING, changes;
    /// Read what was said, and to whom the survivor was referred.
    pub ReadApart = "risks.read_survivor", Survivor, ties Tie::SURVIVOR_SIDE;
    /// Record what was said, and a concern for the survivor's own line.
    pub RecordApart = "risks.record_survivor", Survivor, ties Tie::SURVIVOR_SIDE, changes;
}

platform::permission! {
    /// Keep whom to ring at each level of risk.
    pub Pathways = "risks.pathways", own &[Role::Spoc], any &[Role::ServiceManager], changes;
}

/// Every form of this capability with its fields, for the data dictionary.
pub fn each_form(tell: &mut dyn FnMut(&'static str, Vec<Entry>)) {
    use model::{
        Corrected, NewAssessment, NewConcern, NewConcernApart, NewDisclosure, NewPathway,
        NewReferral, TakenUp, TakenUpApart,
    };
    tell("Risk assessment", Dictionary::of::<NewAssessment>());
    tell("Correct a risk assessment", Dictionary::of::<Corrected>());
    tell("Concern about risk", Dictionary::of::<NewConcern>());
    tell("Take up a concern", Dictionary::of::<TakenUp>());
    tell("Referral because of risk", Dictionary::of::<NewReferral>());
    tell("What was said", Dictionary::of::<NewDisclosure>());
    tell(
        "Concern about risk, kept apart",
        Dictionary::of::<NewConcernApart>(),
    );
    tell(
        "Take up a concern kept apart",
        Dictionary::of::<TakenUpApart>(),
    );
    tell("Whom to ring", Dictionary::of::<NewPathway>());
}

/// What happens around risk.
#[derive(Debug)]
pub enum Event {
    /// An assessment was recorded.
    Assessed(AssessmentId),
    /// One took the place of another that was wrong.
    Corrected(AssessmentId),
    /// A concern was passed to a line.
    Raised(ConcernId),
    /// It was taken up.
    TakenUp(ConcernId),
    /// A concern was passed within the survivor's line.
    RaisedApart(ConcernId),
    /// It was taken up.
    TakenUpApart(ConcernId),
    /// A referral was made because of risk.
    Referred(ReferralId),
    /// What was said was recorded.
    Disclosed(DisclosureId),
    /// Whom to ring was recorded.
    PathwayAdded(PathwayId),
    /// It was looked at again, and holds.
    PathwayChecked(PathwayId),
    /// It no longer holds.
    PathwayEnded(PathwayId),
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Assessed(_) => "risk assessed",
            Self::Corrected(_) => "risk assessment corrected",
            Self::Raised(_) | Self::RaisedApart(_) => "concern raised",
            Self::TakenUp(_) | Self::TakenUpApart(_) => "concern taken up",
            Self::Referred(_) => "referred because of risk",
            Self::Disclosed(_) => "disclosure recorded",
            Self::PathwayAdded(_) => "pathway added",
            Self::PathwayChecked(_) => "pathway checked",
            Self::PathwayEnded(_) => "pathway ended",
        }
    }

    fn item(&self) -> String {
        match self {
            Self::Assessed(id) | Self::Corrected(id) => id.to_string(),
            Self::Raised(id)
            | Self::TakenUp(id)
            | Self::RaisedApart(id)
            | Self::TakenUpApart(id) => id.to_string(),
            Self::Referred(id) => id.to_string(),
            Self::Disclosed(id) => id.to_string(),
            Self::PathwayAdded(id) | Self::PathwayChecked(id) | Self::PathwayEnded(id) => {
                id.to_string()
            }
        }
    }

    fn label(&self) -> Sees {
        match self {
            Self::RaisedApart(_)
            | Self::TakenUpApart(_)
            | Self::Referred(_)
            | Self::Disclosed(_) => Sees::Survivor,
            Self::PathwayAdded(_) | Self::PathwayChecked(_) | Self::PathwayEnded(_) => Sees::Client,
            _ => Sees::Workers,
        }
    }
}
