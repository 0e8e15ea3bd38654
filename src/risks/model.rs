//! Assessments, concerns, referrals because of risk, and their forms.

use jiff::civil::Date;
use kernel::{
    access::Line,
    form::{Answer, ControlKind, Form, Reader, YesNo, YesNoUnknown, ask},
    label::{Client, Survivor, Workers},
};

kernel::ids! {
    /// What a tool and a professional say about danger on a day.
    AssessmentKind => AssessmentId,
    /// A concern about risk, passed to a line.
    ConcernKind => ConcernId,
    /// What somebody said about what was done to them.
    DisclosureKind => DisclosureId,
    /// A referral because of risk.
    ReferralKind => ReferralId,
    /// Whom to ring in a borough at a level of risk.
    PathwayKind => PathwayId,
}

kernel::text_enum! {
    /// How great the danger is.
    #[derive(serde::Serialize, serde::Deserialize)]
    pub enum Level {
        /// Standard.
        Standard = "standard": "Standard",
        /// Medium.
        Medium = "medium": "Medium",
        /// High.
        High = "high": "High",
    }
}

impl Level {
    /// The colour of its tag; it never stands alone.
    pub const fn colour(self) -> &'static str {
        match self {
            Self::Standard => "grey",
            Self::Medium => "yellow",
            Self::High => "red",
        }
    }
}

kernel::text_enum! {
    /// With what danger was looked at.
    pub enum Tool {
        /// SafeLives DASH.
        Dash = "dash": "SafeLives DASH",
        /// Another, which is named.
        Other = "other": "Another tool",
    }
}

kernel::text_enum! {
    /// Whether every question was asked.
    pub enum Extent {
        /// Every one.
        Full = "full": "All of it",
        /// Only those answered no or don't know before (R030).
        Recheck = "recheck": "A short re-check: only what was no or not known before",
    }
}

kernel::text_enum! {
    /// How much of it is in this record.
    pub enum Source {
        /// It was copied here.
        Here = "here": "Written out below",
        /// Its gist is here.
        Summary = "summary": "Summarised below",
        /// Another agency holds it.
        Elsewhere = "elsewhere": "Held by another agency, named below",
    }
}

kernel::text_enum! {
    /// To whom somebody is referred because of risk.
    pub enum Target {
        /// Independent domestic violence advisers, for high risk.
        Idva = "idva": "IDVA",
        /// The multi-agency conference about high risk.
        Marac = "marac": "MARAC",
        /// A support service.
        Support = "support": "Support service",
    }
}

kernel::text_enum! {
    /// What was done.
    pub enum Made {
        /// A referral was made.
        Referred = "referred": "Referred",
        /// They work with the person already, and know of the new risk.
        Already = "already": "Already with them, and told of the new risk",
    }
}

kernel::text_enum! {
    /// The line that a concern is for.
    pub enum ForLine {
        /// Who works with the client.
        Client = "client": "Workers for the client",
        /// Who works with the survivor and the children.
        Survivor = "survivor": "Workers for the survivor and the children",
    }
}

impl ForLine {
    /// The line.
    pub const fn line(self) -> Line {
        match self {
            Self::Client => Line::Client,
            Self::Survivor => Line::Survivor,
        }
    }
}

/// Records an assessment. Nothing but the level is needed.
#[derive(Debug, Default)]
pub struct NewAssessment {
    /// Who is in danger: the id of a part. The first survivor, if nobody is chosen.
    pub part: Answer<String, Workers>,
    /// The level.
    pub level: Answer<Level, Workers>,
    /// What the professional says, if more.
    pub judgement: Answer<Level, Workers>,
    /// Why.
    pub judgement_reason: Answer<String, Workers>,
    /// Whether the threshold of the conference is met.
    pub marac: Answer<YesNoUnknown, Workers>,
    /// When. Today, if nothing is said.
    pub assessed_on: Answer<Date, Workers>,
    /// With what.
    pub tool: Answer<Tool, Workers>,
    /// Its name.
    pub tool_name: Answer<String, Workers>,
    /// Whether every question was asked.
    pub extent: Answer<Extent, Workers>,
    /// How many answers were yes.
    pub score: Answer<u16, Workers>,
    /// Who assessed, with the agency.
    pub assessor: Answer<String, Workers>,
    /// How much of it is here.
    pub source: Answer<Source, Workers>,
    /// Which agency holds it.
    pub held_at: Answer<String, Workers>,
    /// What it says.
    pub summary: Answer<String, Workers>,
    /// Whether it may be used with the client.
    pub usable: Answer<YesNo, Workers>,
}

impl Form for NewAssessment {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("risk", "Risk");
        r.field(
            ask("part", "Who is in danger?").kind(ControlKind::Hidden),
            &mut self.part,
        );
        r.field(
            ask("level", "What level does the tool, or do you, give?")
                .required()
                .hint("This is all you must answer. Everything else can follow."),
            &mut self.level,
        );
        r.field(
            ask("judgement", "Your professional judgement, if it is higher")
                .hint("It raises the level and never lowers it."),
            &mut self.judgement,
        );
        r.field(
            ask("judgement_reason", "Why is it higher?")
                .area()
                .max(4000),
            &mut self.judgement_reason,
        );
        r.field(
            ask("marac", "Is the threshold for MARAC met?"),
            &mut self.marac,
        );
        r.field(
            ask("assessed_on", "When was it assessed?").hint("Today, if you leave it blank."),
            &mut self.assessed_on,
        );
        r.field(ask("tool", "With which tool?"), &mut self.tool);
        r.field(
            ask("tool_name", "Name of another tool").max(200),
            &mut self.tool_name,
        );
        r.field(ask("extent", "How much of it was asked?"), &mut self.extent);
        r.field(
            ask("score", "Score")
                .max(3)
                .hint("How many answers were yes. A re-check counts what was yes before."),
            &mut self.score,
        );
        r.field(
            ask("assessor", "Who assessed?")
                .max(300)
                .hint("Name and agency. Leave it blank if that would tell who supports the person in danger."),
            &mut self.assessor,
        );
        r.field(ask("source", "Where is it?"), &mut self.source);
        r.field(
            ask("held_at", "Which agency holds it?").max(300),
            &mut self.held_at,
        );
        r.field(
            ask("summary", "What does it say?")
                .area()
                .hint("The answers or their gist, for workers of both lines. What she or he told in confidence has a place of its own that is kept apart."),
            &mut self.summary,
        );
        r.field(
            ask("usable", "May it be used with the client?")
                .hint("No, unless it was agreed with the person in danger."),
            &mut self.usable,
        );
    }
}

/// Corrects an assessment. The earlier one stays on the record.
#[derive(Debug, Default)]
pub struct Corrected {
    /// What holds now.
    pub assessment: NewAssessment,
    /// Why.
    pub because: Answer<String, Workers>,
}

impl Form for Corrected {
    fn describe(&mut self, r: &mut impl Reader) {
        self.assessment.describe(r);
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

/// Passes a concern to a line.
#[derive(Debug, Default)]
pub struct NewConcern {
    /// Whom it is for.
    pub line: Answer<ForLine, Workers>,
    /// The day on which it arose.
    pub raised_on: Answer<Date, Workers>,
    /// The concern, in words fit for whom it is for.
    pub words: Answer<String, Workers>,
}

impl Form for NewConcern {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("concern", "Concern");
        r.field(ask("line", "Whom is it for?").required(), &mut self.line);
        r.field(
            ask("raised_on", "When did it arise?").hint("Today, if you leave it blank."),
            &mut self.raised_on,
        );
        r.field(
            ask("words", "What is the concern?")
                .area()
                .required()
                .max(4000)
                .hint("Workers of both lines can read it. Say what to be careful of, not who said so, where or when."),
            &mut self.words,
        );
    }
}

/// Takes up a concern.
#[derive(Debug, Default)]
pub struct TakenUp {
    /// What is done about it.
    pub done: Answer<String, Workers>,
}

impl Form for TakenUp {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("taken_up", "Take up");
        r.field(
            ask("done", "What will you do about it?")
                .area()
                .required()
                .max(2000)
                .hint("Workers of both lines can read it."),
            &mut self.done,
        );
    }
}

/// Passes a concern within the survivor's line.
#[derive(Debug, Default)]
pub struct NewConcernApart {
    /// The day on which it arose.
    pub raised_on: Answer<Date, Survivor>,
    /// The concern.
    pub words: Answer<String, Survivor>,
}

impl Form for NewConcernApart {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("concern", "Concern");
        r.field(
            ask("raised_on", "When did it arise?").hint("Today, if you leave it blank."),
            &mut self.raised_on,
        );
        r.field(
            ask("words", "What is the concern?")
                .area()
                .required()
                .max(4000),
            &mut self.words,
        );
    }
}

/// Takes up a concern kept apart.
#[derive(Debug, Default)]
pub struct TakenUpApart {
    /// What is done about it.
    pub done: Answer<String, Survivor>,
}

impl Form for TakenUpApart {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("taken_up", "Take up");
        r.field(
            ask("done", "What will you do about it?")
                .area()
                .required()
                .max(2000),
            &mut self.done,
        );
    }
}

/// Records a referral because of risk. Whoever made it records it; only the survivor's side reads
/// it.
#[derive(Debug, Default)]
pub struct NewReferral {
    /// Who is referred: the id of a part. The first survivor, if nobody is chosen.
    pub part: Answer<String, Survivor>,
    /// To whom.
    pub target: Answer<Target, Survivor>,
    /// The service.
    pub service: Answer<String, Survivor>,
    /// What was done.
    pub made: Answer<Made, Survivor>,
    /// When.
    pub made_on: Answer<Date, Survivor>,
    /// What the service said.
    pub note: Answer<String, Survivor>,
}

impl Form for NewReferral {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("referral", "Referral");
        r.field(
            ask("part", "Who was referred?").kind(ControlKind::Hidden),
            &mut self.part,
        );
        r.field(ask("target", "To whom?").required(), &mut self.target);
        r.field(ask("service", "Which service?").max(300), &mut self.service);
        r.field(ask("made", "What was done?").required(), &mut self.made);
        r.field(ask("made_on", "When?").required(), &mut self.made_on);
        r.field(
            ask("note", "What did they say?").area().max(2000),
            &mut self.note,
        );
    }
}

/// Records what somebody said about what was done to them.
#[derive(Debug, Default)]
pub struct NewDisclosure {
    /// Who said it: the id of a part. The first survivor, if nobody is chosen.
    pub part: Answer<String, Survivor>,
    /// When.
    pub said_on: Answer<Date, Survivor>,
    /// What.
    pub words: Answer<String, Survivor>,
}

impl Form for NewDisclosure {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("disclosure", "What was said");
        r.field(
            ask("part", "Who said it?").kind(ControlKind::Hidden),
            &mut self.part,
        );
        r.field(
            ask("said_on", "When?").hint("Today, if you leave it blank."),
            &mut self.said_on,
        );
        r.field(
            ask("words", "What was said?")
                .area()
                .required()
                .hint("In her, his or their own words. Only workers for the survivor and the children read it."),
            &mut self.words,
        );
    }
}

/// Names whom to ring in a borough at a level of risk. It is about no family.
#[derive(Debug, Default)]
pub struct NewPathway {
    /// The level.
    pub level: Answer<Level, Client>,
    /// The service.
    pub service: Answer<String, Client>,
    /// Whom to ask for.
    pub who: Answer<String, Client>,
    /// The number.
    pub telephone: Answer<String, Client>,
}

impl Form for NewPathway {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("pathway", "Whom to ring");
        r.field(
            ask("level", "For which level of risk?").required(),
            &mut self.level,
        );
        r.field(
            ask("service", "Which service?").required().max(200),
            &mut self.service,
        );
        r.field(ask("who", "Whom to ask for").max(200), &mut self.who);
        r.field(
            ask("telephone", "Telephone")
                .kind(ControlKind::Telephone)
                .max(40),
            &mut self.telephone,
        );
    }
}
