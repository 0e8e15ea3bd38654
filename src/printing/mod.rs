//! Printing: a form on paper, in the version of one named audience, and lists as files.
//!
//! What an audience may not see is not in its document at all: the rows come from the sheets of
//! its labels. Each paper that leaves is on the record with a commitment to its bytes.

pub mod csv;
pub mod months;
pub mod paper;
pub mod rules;
pub mod text;
pub mod web;

use kernel::{
    access::{Sees, Tie},
    ids::CaseId,
};

platform::permission! {
    /// Print a referral as it was sent.
    pub PrintSent = "printing.sent", Survivor, ties &[Tie::Referrer, Tie::TeamManager], changes;
    /// Print what workers of both lines share of a referral.
    pub PrintRead = "printing.read", Workers, ties Tie::WORKING, changes;
    /// Print all of a referral, on the survivor's side.
    pub PrintFull = "printing.full", Survivor, ties Tie::SURVIVOR_SIDE, changes;
}

/// That a paper was made.
#[derive(Clone, Debug)]
pub struct Printed {
    /// About which case.
    pub case: CaseId,
    /// For whom.
    pub audience: &'static str,
    /// The most protected label in it.
    pub label: Sees,
    /// SHA-256 of its bytes.
    pub hash: String,
}

impl platform::Event for Printed {
    fn name(&self) -> &'static str {
        "referral printed"
    }
    fn item(&self) -> String {
        self.case.to_string()
    }
    fn label(&self) -> Sees {
        self.label
    }
    fn fields(&self) -> Vec<&'static str> {
        vec![self.audience]
    }
    fn content(&self) -> Option<String> {
        Some(self.hash.clone())
    }
}
