//! Versions of a plan, their parts, actions, and the forms.

use std::{collections::BTreeMap, marker::PhantomData};

use jiff::civil::Date;
use kernel::{
    form::{Answer, ControlKind, Form, Many, Reader, YesNo, ask},
    label::{Client, Label, Labelled, Survivor, Workers},
};

kernel::ids! {
    /// A version of a plan.
    PlanKind => PlanId,
    /// A correction of the dates of a plan.
    DatesKind => DatesId,
    /// A text of a plan as it was saved once.
    TextKind => TextId,
    /// An agreement to a plan.
    AgreementKind => AgreementId,
    /// A review of a plan.
    ReviewKind => ReviewId,
    /// Something that a plan rests on.
    InputKind => InputId,
    /// A permission for a copy of a plan.
    PermissionKind => PermissionId,
    /// An action, whatever versions of the plan it goes through.
    ActionKind => ActionId,
    /// An action as it was saved once.
    ActionRowKind => ActionRowId,
    /// A decision whether an exercise may be used.
    GateKind => GateId,
    /// A safety plan as it was saved once.
    SafetyKind => SafetyId,
    /// An action that the survivor set herself, as it was saved once.
    OwnRowKind => OwnRowId,
    /// What somebody said about the plan.
    ViewKind => ViewId,
    /// That the survivor was asked about an exercise.
    ExerciseKind => ExerciseId,
}

kernel::text_enum! {
    /// Which of the two forms of the plan.
    pub enum Version {
        /// For every consulted family; needs no consent.
        First = "first": "Version 1",
        /// For the intensive work, once it suits and its gates are open.
        Second = "second": "Version 2",
    }
}

kernel::text_enum! {
    /// How ready for change the client is. guidance-pack-2020.md 308-334.
    pub enum ChangeStage {
        /// Does not mean to change, and may not see a problem.
        Precontemplation = "precontemplation": "Precontemplation: sees no need to change",
        /// Sees a problem and has not committed to change.
        Contemplation = "contemplation": "Contemplation: sees a problem, has not decided to change",
        /// Is changing.
        Action = "action": "Action: is working on change",
    }
}

kernel::text_enum! {
    /// Work that a stage of change allows. guidance-pack-2020.md 336-359.
    pub enum Work {
        /// At every stage.
        Emotions = "emotions": "Handling strong feelings",
        /// Before anything else.
        Grounding = "grounding": "Grounding",
        /// Before anything else.
        Externalising = "externalising": "Externalising: the behaviour seen apart from the person",
        /// Before anything else.
        JointPlanning = "joint_planning": "Planning risk and intervention with the lead worker",
        /// When a problem is seen.
        Awareness = "awareness": "What abuse is and what it does",
        /// When a problem is seen.
        Motivation = "motivation": "Motivational conversations about the abuse",
        /// When a problem is seen.
        Denial = "denial": "Work on denial",
        /// When a problem is seen.
        Balance = "balance": "Weighing up: what change costs and brings",
        /// When change is under way.
        Parenting = "parenting": "What it does to the children; goals as a parent",
        /// When change is under way.
        Communication = "communication": "Talking without abuse; resolving conflict",
        /// When change is under way.
        Cognitive = "cognitive": "Thoughts and feelings (CBT): emotional intelligence, empathy",
    }
}

kernel::text_enum! {
    /// Where something comes from.
    pub enum Source {
        /// The client said it.
        Client = "client": "The client",
        /// The survivor said it.
        Survivor = "survivor": "The survivor",
        /// A child said it.
        Child = "child": "A child",
        /// Family, neighbours, police, anybody else.
        Other = "other": "Somebody else, or another agency",
        /// What the workers of the case saw or concluded.
        Workers = "workers": "Our own work",
    }
}

impl Source {
    /// Whether what comes from here stays from the client: whoever said it could be found out.
    pub const fn is_kept_from_client(self) -> bool {
        matches!(self, Self::Survivor | Self::Child | Self::Other)
    }
}

kernel::text_enum! {
    /// Whose an action is. An action that the survivor set herself lies apart.
    pub enum Owner {
        /// The client's own.
        Client = "client": "The client",
        /// The practitioner's.
        Practitioner = "practitioner": "The practitioner",
        /// The lead worker's.
        LeadWorker = "lead_worker": "The lead worker",
        /// Another worker's.
        Worker = "worker": "Another worker (name below)",
        /// An agency's.
        Agency = "agency": "An agency (name below)",
    }
}

kernel::text_enum! {
    /// What became of an action.
    pub enum Outcome {
        /// Nothing yet.
        Open = "open": "Still to be done",
        /// It was done.
        Done = "done": "Done",
        /// It was given up.
        Dropped = "dropped": "No longer needed, or cannot be done",
    }
}

kernel::text_enum! {
    /// Who agrees to a plan.
    pub enum Side {
        /// Who works with the client.
        Practitioner = "practitioner": "Practitioner",
        /// Who holds the family's statutory case.
        LeadWorker = "lead_worker": "Lead worker",
    }
}

kernel::text_enum! {
    /// What a plan rests on. Their tools are not in the sources, so a summary is recorded.
    pub enum InputWhat {
        /// guidance-pack-2020.md 1067: the significant concerns of the needs analysis.
        Needs = "needs": "Needs analysis",
        /// The most concerning elements of attitudes and treatment viability.
        Attitudes = "attitudes": "Attitudes and treatment viability",
    }
}

/// A text of the plan: a box of the source's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Under which heading, and on which page, it is written.
    pub group: &'static str,
    /// The heading.
    pub heading: &'static str,
    /// As it is stored, and the name of its field.
    pub code: &'static str,
    /// The question.
    pub question: &'static str,
    /// What helps to answer it.
    pub hint: &'static str,
}

const fn part(
    group: &'static str,
    heading: &'static str,
    code: &'static str,
    question: &'static str,
    hint: &'static str,
) -> Part {
    Part {
        group,
        heading,
        code,
        question,
        hint,
    }
}

/// The text that is written for the client.
pub const GOALS: &str = "goals";
/// The stage of change.
pub const STAGE: &str = "stage";
/// The work chosen for it.
pub const WORK: &str = "work";

const PRESENTING: Part = part(
    "presenting",
    "Presenting issues",
    "presenting",
    "Summary of presenting issues",
    "What brought the family here, in terms of what the client does.",
);
const RISK: Part = part(
    "risk",
    "Risk",
    "risk",
    "Summary of risk",
    "From risk tools, chronologies and reports: to whom, from what.",
);
const NEEDS: Part = part(
    "needs",
    "Needs",
    "needs",
    "Needs",
    "Of the client: health, housing, drink or drugs, money, work, language.",
);
const NEEDS_ASSESSMENT: Part = part(
    "needs",
    "Needs assessment",
    "needs",
    "Needs assessment",
    "The significant concerns of the needs analysis.",
);
const CLIENT_GOALS: Part = part(
    GOALS,
    "Goals of the client",
    GOALS,
    "What the client wants to reach, if known",
    "In the client’s own words. The client reads this: leave out everything that others said.",
);
const MOTIVATION: Part = part(
    "motivation",
    "Motivation for change",
    "motivation",
    "Motivation for change",
    "What speaks for change, what against it, and how you know.",
);
const ATTITUDES: Part = part(
    "attitudes",
    "Attitudes and treatment viability",
    "attitudes",
    "Summary of the attitudes and treatment viability assessment",
    "The most concerning elements.",
);
const STRENGTHS: Part = part(
    "strengths",
    "Strengths of the survivor",
    "strengths",
    "Strengths, and efforts to keep the children safe and well",
    "What is done every day: routines, school, meals, health, asking for help, keeping the peace.",
);
const STAGE_PART: Part = part(
    WORK,
    "Stage of change and work",
    STAGE,
    "At which stage of change is the client?",
    "",
);
const WORK_PART: Part = part(
    WORK,
    "Stage of change and work",
    WORK,
    "Which work fits the stage?",
    "Choose from the work of that stage.",
);
const FORECAST: Part = part(
    WORK,
    "Stage of change and work",
    "forecast",
    "What is planned, in which order?",
    "The forecast of the change work: sessions, exercises, what must be in place before.",
);
const DRIVERS: Part = part(
    "formulation",
    "Formulation",
    "drivers",
    "Drivers: what pushes towards the behaviour?",
    "What is gained by it: control, status, relief.",
);
const DISINHIBITORS: Part = part(
    "formulation",
    "Formulation",
    "disinhibitors",
    "Disinhibitors: what takes away restraint?",
    "Drink, drugs, beliefs that excuse it, friends who approve.",
);
const DESTABILISERS: Part = part(
    "formulation",
    "Formulation",
    "destabilisers",
    "Destabilisers: what upsets balance and judgement?",
    "Separation, court dates, job loss, illness.",
);
const SCENARIO: &str = "scenario";
const SCENARIOS: &str = "Scenario planning";
const NATURE: Part = part(
    SCENARIO,
    SCENARIOS,
    "nature",
    "Nature: what kind of abuse, against whom, and why?",
    "Who are the likely victims, and what would the goal be?",
);
const SEVERITY: Part = part(
    SCENARIO,
    SCENARIOS,
    "severity",
    "Severity: how much harm could it do?",
    "Could it escalate and threaten life?",
);
const IMMINENCE: Part = part(
    SCENARIO,
    SCENARIOS,
    "imminence",
    "Imminence: how soon, with which warning signs?",
    "",
);
const FREQUENCY: Part = part(
    SCENARIO,
    SCENARIOS,
    "frequency",
    "Frequency and duration: how often might it happen?",
    "Is the risk recurring or acute?",
);
const LIKELIHOOD: Part = part(
    SCENARIO,
    SCENARIOS,
    "likelihood",
    "Likelihood: how likely is it?",
    "How common is this kind, and is the risk rising, falling or stable?",
);
const SAFETY: Part = part(
    "safety",
    "Safety considerations",
    "safety",
    "Safety considerations",
    "What must be minded by everybody who acts on this plan. No addresses or numbers.",
);
const SUMMARY: Part = part(
    "summary",
    "Formulation summary",
    "summary",
    "Formulation notes and summary",
    "",
);
const FOLLOW_UP: Part = part(
    "follow_up",
    "Follow-up",
    "follow_up",
    "Follow-up plan, if there is one",
    "",
);

/// Version 1: the boxes of guidance-pack-2020.md 1036-1061, in their order. Stage of change and
/// work stand beside motivation, since R036 asks for them at planning (308-359).
pub const FIRST: &[Part] = &[
    PRESENTING,
    RISK,
    NEEDS,
    CLIENT_GOALS,
    MOTIVATION,
    STAGE_PART,
    WORK_PART,
    STRENGTHS,
    SAFETY,
    FOLLOW_UP,
];

/// Version 2: the boxes of guidance-pack-2020.md 1065-1121, in their order. The forecast of the
/// change work (296) stands with its stage.
pub const SECOND: &[Part] = &[
    PRESENTING,
    RISK,
    NEEDS_ASSESSMENT,
    CLIENT_GOALS,
    ATTITUDES,
    STAGE_PART,
    WORK_PART,
    FORECAST,
    STRENGTHS,
    DRIVERS,
    DISINHIBITORS,
    DESTABILISERS,
    NATURE,
    SEVERITY,
    IMMINENCE,
    FREQUENCY,
    LIKELIHOOD,
    SAFETY,
    SUMMARY,
    FOLLOW_UP,
];

impl Version {
    /// The texts of this form, in the order of the source.
    pub const fn parts(self) -> &'static [Part] {
        match self {
            Self::First => FIRST,
            Self::Second => SECOND,
        }
    }

    /// The headings, in order, each once.
    pub fn groups(self) -> Vec<&'static str> {
        let mut groups: Vec<&'static str> = Vec::new();
        for part in self.parts() {
            if groups.last() != Some(&part.group) {
                groups.push(part.group);
            }
        }
        groups
    }
}

/// Which form of the plan a [`TextForm`] is.
pub trait Parts: 'static {
    /// The version.
    const VERSION: Version;
}
/// The form of version 1.
#[derive(Clone, Copy, Debug)]
pub enum OfFirst {}
impl Parts for OfFirst {
    const VERSION: Version = Version::First;
}
/// The form of version 2.
#[derive(Clone, Copy, Debug)]
pub enum OfSecond {}
impl Parts for OfSecond {
    const VERSION: Version = Version::Second;
}

/// The texts of a plan, all on one page or those of one heading.
#[derive(Debug)]
pub struct TextForm<P> {
    /// What the client wants to reach: the client reads it.
    pub goals: Answer<String, Client>,
    /// The stage of change.
    pub stage: Answer<ChangeStage, Workers>,
    /// The work chosen for it.
    pub work: Answer<Many<Work>, Workers>,
    /// The other texts, by code.
    pub texts: BTreeMap<&'static str, Answer<String, Workers>>,
    /// From whom the texts of one heading come.
    pub sources: Answer<Many<Source>, Workers>,
    /// Whether they may be used with the client.
    pub may_use: Answer<YesNo, Workers>,
    /// Which texts the page showed, and in which version: `risk.2 needs.0`.
    pub seen: Answer<String, Workers>,
    of: PhantomData<fn() -> P>,
}

impl<P> Default for TextForm<P> {
    fn default() -> Self {
        Self {
            goals: None,
            stage: None,
            work: None,
            texts: BTreeMap::new(),
            sources: None,
            may_use: None,
            seen: None,
            of: PhantomData,
        }
    }
}

/// The longest text of a box, in characters: some three pages.
const LONGEST: usize = 8000;

impl<P: Parts> Form for TextForm<P> {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("page", "Page");
        r.field(
            ask("seen", "What the page showed")
                .max(2000)
                .kind(ControlKind::Hidden),
            &mut self.seen,
        );
        for part in P::VERSION.parts() {
            r.section(part.group, part.heading);
            let asked = ask(part.code, part.question).hint(part.hint);
            match part.code {
                GOALS => r.field(asked.area().max(LONGEST), &mut self.goals),
                STAGE => r.field(asked, &mut self.stage),
                WORK => r.field(asked, &mut self.work),
                code => r.field(
                    asked.area().max(LONGEST),
                    self.texts.entry(code).or_default(),
                ),
            }
        }
        r.section("use", "Use with the client");
        r.field(
            ask("sources", "Where does this come from?").hint("Tick all that apply."),
            &mut self.sources,
        );
        r.field(
            ask("may_use", "May this be used with the client?").hint(
                "No, unless you say so. What the survivor, a child or somebody else said is never used.",
            ),
            &mut self.may_use,
        );
    }
}

/// The texts of version 1.
pub type FirstForm = TextForm<OfFirst>;
/// The texts of version 2.
pub type SecondForm = TextForm<OfSecond>;

/// Starts a version.
#[derive(Debug, Default)]
pub struct StartForm {
    /// Which form.
    pub version: Answer<Version, Workers>,
    /// The day on which it was made.
    pub created_on: Answer<Date, Workers>,
    /// The day on which it is to be reviewed: the client's page names it.
    pub review_on: Answer<Date, Client>,
}

impl Form for StartForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("start", "Start");
        r.field(
            ask("form", "Which version of the plan?").required(),
            &mut self.version,
        );
        r.field(
            ask("created_on", "Created on")
                .required()
                .hint("Today, or the day you made it together if you record it later."),
            &mut self.created_on,
        );
        r.field(
            ask("review_on", "Review date")
                .required()
                .hint("The day on which you will look at it again together."),
            &mut self.review_on,
        );
    }
}

/// Corrects the dates of the version in force.
#[derive(Clone, Debug, Default)]
pub struct DatesForm {
    /// The day on which it was made.
    pub created_on: Answer<Date, Workers>,
    /// The review date that was set with it.
    pub review_on: Answer<Date, Client>,
    /// What was wrong.
    pub because: Answer<String, Workers>,
}

impl Form for DatesForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("dates", "Correct the dates");
        r.field(
            ask("created_on", "Created on").required(),
            &mut self.created_on,
        );
        r.field(
            ask("review_on", "Review date")
                .required()
                .hint("The one that was set with this version. Later ones are set with a review."),
            &mut self.review_on,
        );
        r.field(
            ask("because", "What was wrong?")
                .area()
                .required()
                .max(1000)
                .hint("The dates of before stay readable, with this reason."),
            &mut self.because,
        );
    }
}

/// Saves an action.
#[derive(Clone, Debug, Default)]
pub struct ActionForm {
    /// What is agreed.
    pub what: Answer<String, Workers>,
    /// The area of support.
    pub area: Answer<String, Workers>,
    /// Whose it is.
    pub owner: Answer<Owner, Workers>,
    /// Which worker or agency.
    pub who: Answer<String, Workers>,
    /// When it was agreed.
    pub agreed_on: Answer<Date, Workers>,
    /// By when it should be done.
    pub proposed_on: Answer<Date, Workers>,
    /// How one will see that something changed.
    pub measure: Answer<String, Workers>,
    /// Whether it is an exercise that needs the survivor.
    pub exercise: Answer<YesNo, Workers>,
    /// The action in words for the client.
    pub client_words: Answer<String, Client>,
    /// From whom it comes.
    pub sources: Answer<Many<Source>, Workers>,
    /// Whether it may be used with the client.
    pub may_use: Answer<YesNo, Workers>,
    /// What became of it.
    pub outcome: Answer<Outcome, Workers>,
    /// When it was done.
    pub done_on: Answer<Date, Workers>,
    /// What was done, with what result.
    pub notes: Answer<String, Workers>,
}

impl Form for ActionForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("action", "Action");
        r.field(
            ask("what", "Action agreed")
                .required()
                .area()
                .max(2000)
                .hint("One thing that somebody does, so that others can see whether it was done."),
            &mut self.what,
        );
        r.field(
            ask("owner", "Whose action is it?").required(),
            &mut self.owner,
        );
        r.field(
            ask("who", "Which worker or agency?").max(200).hint(
                "Only where it is another worker or an agency. Not who supports the survivor.",
            ),
            &mut self.who,
        );
        r.field(
            ask("proposed_on", "Proposed date for completion").required(),
            &mut self.proposed_on,
        );
        r.field(ask("area", "Area of support").max(200), &mut self.area);
        r.field(
            ask("measure", "How will you see a change?")
                .area()
                .max(2000)
                .hint("The behaviour that should stop or begin, and who would notice."),
            &mut self.measure,
        );
        r.field(
            ask("agreed_on", "Agreed on").required(),
            &mut self.agreed_on,
        );
        r.section("client", "For the client");
        r.field(
            ask("client_words", "The action in words for the client")
                .area()
                .max(2000)
                .hint("Only for the client’s own actions. It stands on the client’s page with its date."),
            &mut self.client_words,
        );
        r.field(
            ask(
                "exercise",
                "Does it need the survivor to know and agree before it is used?",
            )
            .hint("Such as time-out. It then waits until it may be used."),
            &mut self.exercise,
        );
        r.field(
            ask("sources", "Where does this come from?").hint("Tick all that apply."),
            &mut self.sources,
        );
        r.field(
            ask("may_use", "May this be used with the client?").hint("No, unless you say so."),
            &mut self.may_use,
        );
        r.section("result", "Result");
        r.field(ask("outcome", "Completed?"), &mut self.outcome);
        r.field(ask("done_on", "Done on"), &mut self.done_on);
        r.field(
            ask("notes", "Action taken, result, notes").area().max(4000),
            &mut self.notes,
        );
    }
}

/// Says that one of the two agrees to the plan.
#[derive(Debug, Default)]
pub struct AgreementForm {
    /// Who agrees.
    pub side: Answer<Side, Workers>,
    /// The name.
    pub name: Answer<String, Workers>,
    /// When.
    pub agreed_on: Answer<Date, Workers>,
}

impl Form for AgreementForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("agreement", "Agreed");
        r.field(ask("side", "Who agrees?").required(), &mut self.side);
        r.field(ask("name", "Name").required().max(200), &mut self.name);
        r.field(
            ask("agreed_on", "Agreed on").required(),
            &mut self.agreed_on,
        );
    }
}

/// Says that the plan was reviewed (R066).
#[derive(Debug, Default)]
pub struct ReviewForm {
    /// When it was held.
    pub held_on: Answer<Date, Workers>,
    /// What changed.
    pub changed: Answer<String, Workers>,
    /// When the next is: the client's page names it.
    pub next_on: Answer<Date, Client>,
}

impl Form for ReviewForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("review", "Review");
        r.field(
            ask("held_on", "When was it reviewed?").required(),
            &mut self.held_on,
        );
        r.field(
            ask("changed", "What changed?")
                .required()
                .area()
                .max(4000)
                .hint("“Nothing” is an answer. Change texts and actions on their own pages."),
            &mut self.changed,
        );
        r.field(
            ask("next_on", "Next review date").required(),
            &mut self.next_on,
        );
    }
}

/// Records what the plan rests on.
#[derive(Debug, Default)]
pub struct InputForm {
    /// Which of the two.
    pub kind: Answer<InputWhat, Workers>,
    /// The name of the tool.
    pub tool: Answer<String, Workers>,
    /// When it was made.
    pub made_on: Answer<Date, Workers>,
    /// By whom.
    pub author: Answer<String, Workers>,
    /// What it says.
    pub summary: Answer<String, Workers>,
}

impl Form for InputForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("input", "Assessment");
        r.field(ask("kind", "Which assessment?").required(), &mut self.kind);
        r.field(
            ask("tool", "Name of the tool").required().max(200),
            &mut self.tool,
        );
        r.field(ask("made_on", "Made on").required(), &mut self.made_on);
        r.field(
            ask("author", "Made by").required().max(200),
            &mut self.author,
        );
        r.field(
            ask("summary", "Summary").required().area().max(LONGEST),
            &mut self.summary,
        );
    }
}

/// Records that the programme permits a copy of the plan in another system (R067).
#[derive(Debug, Default)]
pub struct PermissionForm {
    /// Into which system.
    pub system: Answer<String, Workers>,
    /// Who permitted it.
    pub given_by: Answer<String, Workers>,
    /// When.
    pub given_on: Answer<Date, Workers>,
}

impl Form for PermissionForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("permission", "Permission");
        r.field(
            ask("system", "Where does the copy go?").required().max(200),
            &mut self.system,
        );
        r.field(
            ask("given_by", "Who in the programme permitted it?")
                .required()
                .max(200),
            &mut self.given_by,
        );
        r.field(
            ask("given_on", "Permitted on").required(),
            &mut self.given_on,
        );
    }
}

/// Records the survivor's own safety plan (R133).
#[derive(Debug, Default)]
pub struct SafetyForm {
    /// When she was asked.
    pub asked_on: Answer<Date, Survivor>,
    /// Her plan, in her words.
    pub text: Answer<String, Survivor>,
    /// What was said back to her.
    pub affirmed: Answer<String, Survivor>,
}

impl Form for SafetyForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("safety", "Safety plan");
        r.field(
            ask("asked_on", "When did you talk about it?").required(),
            &mut self.asked_on,
        );
        r.field(
            ask("text", "The plan, in the words it was told")
                .required()
                .area()
                .max(LONGEST)
                .hint("“What do you do already? What do you want on the plan?”"),
            &mut self.text,
        );
        r.field(
            ask("affirmed", "What did you say back?")
                .required()
                .area()
                .max(2000)
                .hint("Which efforts you named and affirmed."),
            &mut self.affirmed,
        );
    }
}

/// Saves an action that the survivor set herself.
#[derive(Debug, Default)]
pub struct OwnActionForm {
    /// What she wants to do.
    pub what: Answer<String, Survivor>,
    /// By when.
    pub proposed_on: Answer<Date, Survivor>,
    /// What became of it.
    pub outcome: Answer<Outcome, Survivor>,
    /// When it was done.
    pub done_on: Answer<Date, Survivor>,
    /// Notes.
    pub notes: Answer<String, Survivor>,
}

impl Form for OwnActionForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("action", "Action");
        r.field(
            ask("what", "The action, as it was put")
                .required()
                .area()
                .max(2000)
                .hint("Only what was asked for: the plan gives the survivor no tasks."),
            &mut self.what,
        );
        r.field(
            ask("proposed_on", "By when, if there is a date"),
            &mut self.proposed_on,
        );
        r.section("result", "Result");
        r.field(ask("outcome", "Completed?"), &mut self.outcome);
        r.field(ask("done_on", "Done on"), &mut self.done_on);
        r.field(ask("notes", "Notes").area().max(4000), &mut self.notes);
    }
}

/// Records what the survivor or a child says about the plan, and how it was used (R020).
#[derive(Debug)]
pub struct ViewForm<L: Label> {
    /// When it was said.
    pub heard_on: Answer<Date, L>,
    /// What was said.
    pub said: Answer<String, L>,
    /// How the plan takes it up.
    pub used: Answer<String, L>,
}

impl<L: Label> Default for ViewForm<L> {
    fn default() -> Self {
        Self {
            heard_on: None,
            said: None,
            used: None,
        }
    }
}

impl<L: Label> Form for ViewForm<L> {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("view", "View");
        r.field(
            ask("heard_on", "When was it said?").required(),
            &mut self.heard_on,
        );
        r.field(
            ask("said", "What was said about the plan?")
                .required()
                .area()
                .max(4000),
            &mut self.said,
        );
        r.field(
            ask("used", "How does the plan take it up?")
                .required()
                .area()
                .max(2000)
                .hint("Or why it cannot, without saying so to the other side."),
            &mut self.used,
        );
    }
}

/// Records that the survivor was asked about an exercise before it is used (R022).
#[derive(Debug, Default)]
pub struct ExerciseForm {
    /// When.
    pub asked_on: Answer<Date, Survivor>,
    /// Whether she knows of the exercise.
    pub informed: Answer<YesNo, Survivor>,
    /// Whether she was asked how it becomes safer.
    pub consulted: Answer<YesNo, Survivor>,
    /// Whether she agrees.
    pub consents: Answer<YesNo, Survivor>,
    /// Whether she understands its rules.
    pub understands: Answer<YesNo, Survivor>,
    /// What she said.
    pub note: Answer<String, Survivor>,
}

impl Form for ExerciseForm {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("exercise", "Exercise");
        r.field(
            ask("asked_on", "When did you talk about it?").required(),
            &mut self.asked_on,
        );
        r.field(
            ask("informed", "Was the exercise explained?").required(),
            &mut self.informed,
        );
        r.field(
            ask("consulted", "Was advice sought on how it becomes safer?").required(),
            &mut self.consulted,
        );
        r.field(
            ask("consents", "Is it agreed to?").required(),
            &mut self.consents,
        );
        r.field(
            ask("understands", "Are its rules understood?").required(),
            &mut self.understands,
        );
        r.field(
            ask("note", "What was said").area().max(4000),
            &mut self.note,
        );
    }
}

/// A version of the plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// Its place among the versions of the case, from 1.
    pub number: i32,
    /// Which form.
    pub version: Version,
    /// The day on which it was made.
    pub created_on: Labelled<Date, Workers>,
    /// The review date that was set with it.
    pub review_on: Labelled<Date, Client>,
}

/// What stands for a text that was never written.
pub const UNWRITTEN: i32 = 0;
