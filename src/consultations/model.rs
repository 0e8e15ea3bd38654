//! A consultation and its forms.

use jiff::civil::Date;
use kernel::{
    form::{Answer, Form, Many, Reader, ask},
    label::{Survivor, Workers},
};

use crate::acknowledgements::model::Meeting;

kernel::ids! {
    /// A consultation, booked or not.
    ConsultationKind => ConsultationId,
    /// What was recorded when it was held: one revision.
    HeldKind => HeldId,
    /// That it was not held.
    MissedKind => MissedId,
    /// What of it would lead to the survivor.
    ApartKind => ApartId,
}

kernel::text_enum! {
    /// One of the areas that are talked through: guidance-pack-2020.md 139-146, where the goals of
    /// client and survivor are one area with two answers.
    pub enum Area {
        /// What brought the family here.
        Presenting = "presenting": "Presenting issues",
        /// Risk.
        Risk = "risk": "Risk",
        /// Needs.
        Needs = "needs": "Needs",
        /// What the client wants.
        ClientGoals = "client_goals": "Client’s goals",
        /// What the survivor wants.
        SurvivorGoals = "survivor_goals": "Survivor’s goals",
        /// Motivation for change.
        Motivation = "motivation": "Motivation for change",
        /// What the survivor does and has.
        Strengths = "strengths": "Survivor’s strengths",
    }
}

kernel::text_enum! {
    /// What came of a consultation.
    pub enum Outcome {
        /// Version 1 of the plan is made now.
        Plan = "plan": "Make version 1 of the plan",
        /// The same, and whether the intensive work suits is looked into.
        PlanAndSuitability = "suitability": "Make version 1 of the plan, and look into the intensive work",
        /// Risk is higher than the service is for.
        Escalate = "escalate": "Risk is too high for this service: refer on now",
        /// Another consultation is needed.
        Again = "again": "Talk again when more is known",
        /// Another service fits better.
        Elsewhere = "elsewhere": "Another service fits better",
    }
}

kernel::text_enum! {
    /// What others can learn from it, counted and never quoted.
    pub enum Theme {
        /// Seeing a pattern of behaviour, not single incidents.
        Pattern = "pattern": "Seeing the pattern, not single incidents",
        /// What the person causing harm does as a parent.
        Parenting = "parenting": "The client as a parent",
        /// Talking about harm with who causes it.
        Talking = "talking": "Talking with the client about harm",
        /// What the survivor already does to keep everybody safe.
        Strengths = "strengths": "Seeing what the survivor already does",
        /// Asking about risk.
        Risk = "risk": "Asking about risk",
        /// Drink, drugs, health of the mind.
        Overlap = "overlap": "Drink, drugs or mental health beside it",
        /// Culture, faith, identity.
        Identity = "identity": "Culture, faith and identity",
        /// Working together with other services.
        Together = "together": "Working with other services",
    }
}

kernel::text_enum! {
    /// Who did not come.
    pub enum Absent {
        /// The practitioner.
        Practitioner = "practitioner": "Practitioner",
        /// The social worker.
        SocialWorker = "social_worker": "Social worker or lead worker",
        /// Somebody else who was asked.
        Other = "other": "Somebody else who was asked",
        /// Everybody came; something else stood in the way.
        Nobody = "nobody": "Nobody was missing: something else stood in the way",
    }
}

/// Books a consultation.
#[derive(Debug, Default)]
pub struct NewBooking {
    /// The day.
    pub planned_on: Answer<Date, Workers>,
    /// The time, as people say it.
    pub planned_at: Answer<String, Workers>,
    /// How it will be held.
    pub meeting: Answer<Meeting, Workers>,
}

impl NewBooking {
    fn questions(&mut self, r: &mut impl Reader, required: bool) {
        let mut day = ask("planned_on", "On which day?");
        let mut how = ask("meeting", "How will it be held?");
        if required {
            (day, how) = (day.required(), how.required());
        }
        r.field(day, &mut self.planned_on);
        r.field(
            ask("planned_at", "At what time?")
                .max(20)
                .hint("Such as 2pm."),
            &mut self.planned_at,
        );
        r.field(how, &mut self.meeting);
    }
}

impl Form for NewBooking {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("booking", "Book");
        self.questions(r, true);
    }
}

/// Records a consultation that was held.
#[derive(Debug, Default)]
pub struct NewHeld {
    /// The day on which it was held.
    pub held_on: Answer<Date, Workers>,
    /// How.
    pub meeting: Answer<Meeting, Workers>,
    /// Who took part, with their agencies.
    pub took_part: Answer<String, Workers>,
    /// What brought the family here.
    pub presenting: Answer<String, Workers>,
    /// Risk.
    pub risk: Answer<String, Workers>,
    /// Needs.
    pub needs: Answer<String, Workers>,
    /// What the client wants.
    pub client_goals: Answer<String, Workers>,
    /// What the survivor wants.
    pub survivor_goals: Answer<String, Workers>,
    /// Motivation for change.
    pub motivation: Answer<String, Workers>,
    /// What the survivor does and has.
    pub strengths: Answer<String, Workers>,
    /// Which of these may be used with the client.
    pub usable: Answer<Many<Area>, Workers>,
    /// What came of it.
    pub outcome: Answer<Outcome, Workers>,
    /// More about that.
    pub outcome_note: Answer<String, Workers>,
    /// What others can learn from it.
    pub theme: Answer<Theme, Workers>,
}

/// What is said under an area that was not talked about: R009 wants each on the record.
const NOTHING: &str = "If this was not talked about or is not known, say so.";

impl Form for NewHeld {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("consultation", "Consultation");
        r.field(
            ask("held_on", "When was it held?").required(),
            &mut self.held_on,
        );
        r.field(
            ask("meeting", "How was it held?").required(),
            &mut self.meeting,
        );
        r.field(
            ask("took_part", "Who took part?")
                .area()
                .required()
                .max(2000)
                .hint("One on a line, with the agency. Leave out who supports the survivor: there is a place for that which is kept apart."),
            &mut self.took_part,
        );
        r.field(
            ask("presenting", "Presenting issues")
                .area()
                .required()
                .hint(NOTHING),
            &mut self.presenting,
        );
        r.field(
            ask("risk", "Risk").area().required().hint(NOTHING),
            &mut self.risk,
        );
        r.field(
            ask("needs", "Needs").area().required().hint(NOTHING),
            &mut self.needs,
        );
        r.field(
            ask("client_goals", "Goals of the client")
                .area()
                .required()
                .hint(NOTHING),
            &mut self.client_goals,
        );
        r.field(
            ask("survivor_goals", "Goals of the survivor")
                .area()
                .required()
                .hint("Nothing that would lead to her or him: no address, number, school or workplace."),
            &mut self.survivor_goals,
        );
        r.field(
            ask("motivation", "Motivation for change")
                .area()
                .required()
                .hint(NOTHING),
            &mut self.motivation,
        );
        r.field(
            ask("strengths", "Strengths of the survivor")
                .area()
                .required()
                .hint("What this person already does to keep everybody safe. Nothing that would lead to her or him."),
            &mut self.strengths,
        );
        r.field(
            ask("usable", "Which of these may be used with the client?").hint(
                "None, unless you tick it. Never tick what came from the survivor, a child or somebody else, unless it was agreed with them.",
            ),
            &mut self.usable,
        );
        r.field(
            ask("outcome", "What was decided?").required(),
            &mut self.outcome,
        );
        r.field(
            ask("outcome_note", "More about the decision")
                .area()
                .max(4000),
            &mut self.outcome_note,
        );
        r.field(
            ask("theme", "What can others learn from it?")
                .hint("Only this choice is counted, never what you wrote."),
            &mut self.theme,
        );
    }
}

/// Corrects what was recorded. The earlier revision stays.
#[derive(Debug, Default)]
pub struct Revised {
    /// What holds now.
    pub held: NewHeld,
    /// Why.
    pub because: Answer<String, Workers>,
}

impl Form for Revised {
    fn describe(&mut self, r: &mut impl Reader) {
        self.held.describe(r);
        r.field(
            ask("because", "Why do you correct it?")
                .area()
                .required()
                .max(1000)
                .hint("What was written before stays on the record."),
            &mut self.because,
        );
    }
}

/// Records that a consultation was not held, and books it anew if a day is known.
#[derive(Debug, Default)]
pub struct NewMissed {
    /// Who did not come.
    pub absent: Answer<Many<Absent>, Workers>,
    /// Why.
    pub why: Answer<String, Workers>,
    /// The new day.
    pub again: NewBooking,
}

impl Form for NewMissed {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("missed", "Not held");
        r.field(
            ask("absent", "Who did not come?").required(),
            &mut self.absent,
        );
        r.field(ask("why", "Why?").area().max(2000), &mut self.why);
        r.section("again", "The new day");
        self.again.questions(r, false);
    }
}

/// What of a consultation would lead to the survivor.
#[derive(Debug, Default)]
pub struct NewApart {
    /// Who took part for the survivor.
    pub took_part: Answer<String, Survivor>,
    /// What was said.
    pub note: Answer<String, Survivor>,
}

impl Form for NewApart {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("apart", "Kept apart");
        r.field(
            ask("took_part", "Who took part for the survivor?").max(1000),
            &mut self.took_part,
        );
        r.field(
            ask("note", "What was said that the other line must not read?")
                .area()
                .required(),
            &mut self.note,
        );
    }
}
