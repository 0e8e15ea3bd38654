//! Allocations and the forms that make them.

use jiff::civil::Date;
use kernel::{
    form::{Answer, Form, Reader, ask},
    label::Workers,
};

kernel::ids! {
    /// A decision about who works on a case.
    AllocationKind => AllocationId,
    /// A time on the waiting list.
    WaitKind => WaitId,
}

/// Who is to work on a case. Workers are chosen from a list, so the answers are ids.
#[derive(Debug, Default)]
pub struct NewAllocation {
    /// The practitioner.
    pub worker: Answer<String, Workers>,
    /// Who supervises the practitioner.
    pub supervisor: Answer<String, Workers>,
    /// What they should know.
    pub note: Answer<String, Workers>,
}

impl Form for NewAllocation {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("allocation", "Allocate");
        r.field(ask("worker", "Practitioner").required(), &mut self.worker);
        r.field(
            ask("supervisor", "Supervisor").required(),
            &mut self.supervisor,
        );
        r.field(
            ask("note", "What should they know?").area().max(2000),
            &mut self.note,
        );
    }
}

/// Why a case waits.
#[derive(Debug, Default)]
pub struct NewWait {
    /// Why.
    pub why: Answer<String, Workers>,
}

impl Form for NewWait {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("waiting", "Waiting list");
        r.field(
            ask("why", "Why does it wait?")
                .area()
                .required()
                .max(2000)
                .hint("Confirming receipt to the referrer stays due while a case waits."),
            &mut self.why,
        );
    }
}

/// To whom cases go, for good or for a time.
#[derive(Debug, Default)]
pub struct NewHandover {
    /// The worker who takes them.
    pub to: Answer<String, Workers>,
    /// The first day of cover; blank for good.
    pub from: Answer<Date, Workers>,
    /// The last day of cover; blank for good.
    pub until: Answer<Date, Workers>,
    /// Why.
    pub why: Answer<String, Workers>,
}

impl Form for NewHandover {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("handover", "Hand over");
        r.field(ask("to", "Who takes over?").required(), &mut self.to);
        r.field(
            ask("from", "First day of cover").hint("Leave both days blank to hand over for good."),
            &mut self.from,
        );
        r.field(ask("until", "Last day of cover"), &mut self.until);
        r.field(ask("why", "Why?").required().max(500), &mut self.why);
    }
}
