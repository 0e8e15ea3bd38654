//! Allocation: who works with a referred family, the waiting list, cover and handing over.
//!
//! A referral is received by the service's intake, allocated to a practitioner with a supervisor,
//! and, apart from that, to a survivor support worker. Nobody holds both lines on one case.

pub mod model;
pub mod rules;
pub mod store;
pub mod web;

use kernel::access::{Role, Sees, Tie};

use model::{AllocationId, WaitId};

/// Ties that decide who works on a case.
const ALLOCATES: &[Tie] = &[Tie::Intake, Tie::Oversight];

platform::permission! {
    /// See what has come in.
    pub Intake = "allocations.intake", Workers, ties ALLOCATES;
    /// Allocate a case to the client line, or put it on the waiting list.
    pub Allocate = "allocations.allocate", Workers, ties ALLOCATES, changes;
    /// Hand cases over, and cover for leave.
    pub HandOver = "allocations.hand_over", Workers, ties &[Tie::Oversight], changes;
}

platform::permission! {
    /// See how many cases each worker has.
    pub Load = "allocations.load", own &[], any &[Role::ServiceManager];
}

/// What happens to allocations.
#[derive(Debug)]
pub enum Event {
    /// A practitioner and a supervisor were allocated.
    Allocated(AllocationId),
    /// A survivor support worker was tied. That there is one is itself the survivor's.
    Supported(AllocationId),
    /// The lead worker was named.
    Led(AllocationId),
    /// Put on the waiting list.
    Waits(WaitId),
    /// Taken off it.
    WaitsNoMore,
    /// Handed over to another worker.
    HandedOver(AllocationId),
    /// Covered for a time by another worker.
    Covered,
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Allocated(_) => "allocated",
            Self::Supported(_) => "survivor line allocated",
            Self::Led(_) => "lead worker named",
            Self::Waits(_) => "put on the waiting list",
            Self::WaitsNoMore => "taken off the waiting list",
            Self::HandedOver(_) => "handed over",
            Self::Covered => "cover arranged",
        }
    }
    fn item(&self) -> String {
        match self {
            Self::Allocated(id) | Self::Supported(id) | Self::Led(id) | Self::HandedOver(id) => {
                id.to_string()
            }
            Self::Waits(id) => id.to_string(),
            Self::WaitsNoMore | Self::Covered => String::new(),
        }
    }
    fn label(&self) -> Sees {
        match self {
            Self::Supported(_) => Sees::Survivor,
            _ => Sees::Workers,
        }
    }
}
