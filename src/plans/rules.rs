//! What follows from the facts. Pure.

use jiff::{Timestamp, civil::Date};
use kernel::{
    access::Tie,
    calendar::Calendar,
    deadline::{Due, london_date},
    form::{Answer, Many, Problem, Problems, Value as _, YesNo},
    label::{Client, Labelled, Workers},
};
use serde::{Deserialize, Serialize};

use super::model::{
    ActionForm, AgreementForm, ChangeStage, ExerciseForm, InputForm, Outcome, OwnActionForm, Owner,
    Part, PermissionForm, ReviewForm, STAGE, SafetyForm, Source, StartForm, Version, ViewForm,
    WORK, Work,
};
use crate::{
    duties::{
        facts::Facts,
        model::{Duty, Met},
        settings::{Dated, Kind, Setting},
    },
    suitability,
};

/// A review date with what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The number of the version, and of the review in it: `2.1`. It makes the key of the duty.
    pub key: String,
    /// The day that was set.
    pub due: Date,
    /// When it was held.
    pub held: Option<Met>,
}

/// What is known of a case, as far as duties depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    /// When version 1 was made: it has its dates, and something is written in it.
    pub first: Option<Met>,
    /// When version 2 was agreed, by both.
    pub second: Option<Met>,
    /// The day on which the plan in force is to be reviewed.
    pub review: Option<Date>,
    /// Every review date, oldest first.
    pub reviews: Vec<Review>,
    /// The earliest proposed date of an action that is still to be done.
    pub action: Option<Date>,
    /// When the survivor or a child was last heard about the plan in force. Only their side may
    /// know.
    pub heard: Option<Met>,
}

/// Within what version 1 follows the consultation (R010, R061).
const FIRST: Setting = Setting {
    name: "plan_first",
    what: "Within what version 1 of the plan follows the consultation; no duty while it is not set (R010)",
    kind: Kind::Within,
    default: None,
};

/// Within what version 2 is agreed once the work suits and its gates are open (R063).
const SECOND: Setting = Setting {
    name: "plan_second",
    what: "Within what version 2 of the plan is agreed once the intervention is open; no duty while it is not set (R063)",
    kind: Kind::Within,
    default: None,
};

/// What a partnership may set. No source gives a number.
pub const SETTINGS: &[Setting] = &[FIRST, SECOND];

/// What is owed.
///
/// R010, R061: a plan exists after every consultation, whether or not the work suits.
/// R063: version 2 once it does and its gates are open.
/// R066: each review date. R065: one duty for the action that is longest past its date, so that a
/// plan with twelve late actions does not fill a worklist.
/// R020: the survivor's and the children's views before each review; only their side sees it.
///
/// Source: guidance-pack-2020.md 95, 150, 294-296, 1041, 1055, 1075, 1111.
pub fn duties(facts: &Facts, settings: &[Dated], calendar: &Calendar, _: Timestamp) -> Vec<Duty> {
    let known = &facts.plan;
    let mut duties = Vec::new();
    let duty = |key: String, what, rule, due, met| Duty {
        key: key.into(),
        what,
        about: None,
        apart: false,
        rule,
        place: "/plans",
        owner: Tie::ClientLine,
        due,
        reaches: None,
        met,
        waived: false,
    };
    if let Some(held) = facts.consultation.held
        && let Some(within) = FIRST.within(settings, held.day())
    {
        duties.push(duty(
            "plan-first".to_owned(),
            "Make version 1 of the plan with the lead worker",
            "R010",
            within.due(held.at, calendar),
            known.first.or(known.second),
        ));
    }
    if may_second(facts)
        && let Some(opened) = facts.intervention.opened
        && let Some(within) = SECOND.within(settings, opened.day())
    {
        duties.push(duty(
            "plan-second".to_owned(),
            "Agree version 2 of the plan",
            "R063",
            within.due(opened.at, calendar),
            known.second,
        ));
    }
    let closed = facts.closure.closed.is_some() || facts.withdrawn;
    for review in &known.reviews {
        if review.held.is_some() || !closed {
            duties.push(duty(
                format!("plan-review.{}", review.key),
                "Review the plan and set the next date",
                "R066",
                Due::EndOf(review.due),
                review.held,
            ));
        }
    }
    if let Some(by) = known.action.filter(|_| !closed) {
        duties.push(duty(
            format!("plan-actions.{by}"),
            "Record what became of the actions that are due",
            "R065",
            Due::EndOf(by),
            None,
        ));
    }
    if let Some(by) = known.review.filter(|_| !closed) {
        duties.push(Duty {
            apart: true,
            owner: Tie::SurvivorLine,
            place: "/apart/plan",
            ..duty(
                format!("plan-views.{by}"),
                "Ask what the adult harmed and the children say about the plan",
                "R020",
                Due::EndOf(by),
                known.heard,
            )
        });
    }
    duties
}

/// R063: version 2 is made once the intensive work suits and the gates of the programme are open.
/// Which of them is not, is not said: the answer would tell what the survivor said.
///
/// Source: guidance-pack-2020.md 296; `design.md` 5.
pub fn may_second(facts: &Facts) -> bool {
    facts.participation.open
        && facts.suitability.outcome == Some(suitability::rules::Outcome::Suitable)
}

/// What is said while [`may_second`] says no, always the same.
pub const NOT_YET: &str = "Version 2 cannot be started yet. It follows once the intensive work is found suitable and \
     everything that the programme asks for is in place. Version 1 stands until then";

/// The work of a stage (R036).
///
/// Source: guidance-pack-2020.md 336-359.
pub const fn work_of(stage: ChangeStage) -> &'static [Work] {
    use Work::{
        Awareness, Balance, Cognitive, Communication, Denial, Emotions, Externalising, Grounding,
        JointPlanning, Motivation, Parenting,
    };
    match stage {
        ChangeStage::Precontemplation => &[Emotions, Grounding, Externalising, JointPlanning],
        ChangeStage::Contemplation => &[Emotions, Awareness, Motivation, Denial, Balance],
        ChangeStage::Action => &[Emotions, Parenting, Communication, Cognitive],
    }
}

/// R036: work is chosen from the list of the stage at which the client is.
///
/// Source: guidance-pack-2020.md 308, 336-359.
pub fn work_problems(
    stage: &Answer<ChangeStage, Workers>,
    work: &Answer<Many<Work>, Workers>,
) -> Problems {
    let Some(chosen) = work.as_ref().filter(|work| !work.expose().0.is_empty()) else {
        return Problems::new();
    };
    let Some(stage) = stage.as_ref().map(|stage| *stage.expose()) else {
        return vec![Problem::new(
            STAGE,
            "Say at which stage of change the client is before you choose the work",
        )];
    };
    let wrong: Vec<String> = chosen
        .expose()
        .0
        .iter()
        .filter(|work| !work_of(stage).contains(work))
        .map(|work| format!("“{}”", work.words()))
        .collect();
    if wrong.is_empty() {
        return Problems::new();
    }
    let fits: Vec<String> = work_of(stage)
        .iter()
        .map(|work| (*work).words().to_owned())
        .collect();
    vec![Problem::new(
        WORK,
        format!(
            "{} does not fit this stage. What fits: {}",
            wrong.join(", "),
            fits.join("; ")
        ),
    )]
}

/// Whether something may be used with the client: never what the survivor, a child or somebody else
/// said, and only what somebody said where it comes from.
///
/// Source: `design.md` 5.
pub fn use_problems(
    sources: &Answer<Many<Source>, Workers>,
    may_use: &Answer<YesNo, Workers>,
) -> Problems {
    if may_use.as_ref().map(|yes| *yes.expose()) != Some(YesNo::Yes) {
        return Problems::new();
    }
    let sources = sources
        .as_ref()
        .map(|sources| sources.expose().0.as_slice());
    let message = match sources {
        None | Some([]) => "Say where it comes from before it is used with the client",
        Some(sources) if sources.iter().any(|source| source.is_kept_from_client()) => {
            "What the adult harmed, a child or somebody else said is not used with the client: answer no"
        }
        Some(_) => return Problems::new(),
    };
    vec![Problem::new("may_use", message)]
}

fn day<L: kernel::label::Label>(answer: &Answer<Date, L>) -> Option<Date> {
    answer.as_ref().map(|day| *day.expose())
}

fn not_ahead(field: &str, what: &str, day: Option<Date>, today: Date) -> Option<Problem> {
    day.filter(|day| *day > today)
        .map(|_| Problem::new(field, format!("{what} must not be in the future")))
}

/// Whether a version can start so: made by today, reviewed after it was made.
pub fn start_problems(form: &StartForm, today: Date) -> Problems {
    let (created, review) = (day(&form.created_on), day(&form.review_on));
    let mut problems = Problems::new();
    problems.extend(not_ahead(
        "created_on",
        "The day it was made",
        created,
        today,
    ));
    if let (Some(created), Some(review)) = (created, review)
        && review <= created
    {
        problems.push(Problem::new(
            "review_on",
            "The review date must be after the day it was made",
        ));
    }
    problems
}

/// What is wrong with an action. `gate` says whether an exercise may be used, if it is one (R022).
///
/// Source: guidance-pack-2020.md 365, 410, 1055-1056, 1111-1112.
pub fn action_problems(form: &ActionForm, gate: bool, today: Date) -> Problems {
    let owner = form.owner.as_ref().map(|owner| *owner.expose());
    let outcome = form.outcome.as_ref().map(|outcome| *outcome.expose());
    let is_exercise = form
        .exercise
        .as_ref()
        .is_some_and(|yes| *yes.expose() == YesNo::Yes);
    let mut problems = Problems::new();
    if matches!(owner, Some(Owner::Worker | Owner::Agency)) && form.who.is_none() {
        problems.push(Problem::missing("who", "Name the worker or the agency"));
    }
    problems.extend(not_ahead(
        "agreed_on",
        "The day it was agreed",
        day(&form.agreed_on),
        today,
    ));
    if let (Some(agreed), Some(proposed)) = (day(&form.agreed_on), day(&form.proposed_on))
        && proposed < agreed
    {
        problems.push(Problem::new(
            "proposed_on",
            "The proposed date must not be before the day it was agreed",
        ));
    }
    if form.client_words.is_some() {
        if owner.is_some_and(|owner| owner != Owner::Client) {
            problems.push(Problem::new(
                "client_words",
                "Only the client’s own actions stand on the client’s page: take these words out",
            ));
        }
        if kept_from_client(&form.sources) {
            problems.push(Problem::new(
                "client_words",
                "What the adult harmed, a child or somebody else said does not go to the client: take these words out",
            ));
        }
    }
    problems.extend(use_problems(&form.sources, &form.may_use));
    problems.extend(result_problems(outcome, day(&form.done_on), today));
    if outcome == Some(Outcome::Dropped) && form.notes.is_none() {
        problems.push(Problem::missing("notes", "Say why it is no longer needed"));
    }
    if outcome == Some(Outcome::Done) && is_exercise && !gate {
        problems.push(Problem::new("outcome", NOT_OPEN));
    }
    problems
}

/// What is said of an exercise that may not be used yet, for whatever reason (R022).
pub const NOT_OPEN: &str =
    "This exercise may not be used yet. It stays to be done until the other side says that it may";

fn kept_from_client(sources: &Answer<Many<Source>, Workers>) -> bool {
    sources.as_ref().is_some_and(|sources| {
        sources
            .expose()
            .0
            .iter()
            .any(|source| source.is_kept_from_client())
    })
}

fn result_problems(outcome: Option<Outcome>, done: Option<Date>, today: Date) -> Problems {
    let mut problems = Problems::new();
    match (outcome, done) {
        (Some(Outcome::Done), None) => {
            problems.push(Problem::missing("done_on", "Say when it was done"));
        }
        (Some(Outcome::Open | Outcome::Dropped) | None, Some(_)) => problems.push(Problem::new(
            "outcome",
            "A day on which it was done stands below: choose “Done”, or take the day out",
        )),
        _ => {}
    }
    problems.extend(not_ahead("done_on", "The day it was done", done, today));
    problems
}

/// What is wrong with an action that the survivor set herself.
pub fn own_action_problems(form: &OwnActionForm, today: Date) -> Problems {
    let outcome = form.outcome.as_ref().map(|outcome| *outcome.expose());
    result_problems(outcome, day(&form.done_on), today)
}

/// What of a client's own action stands on the client's page: its words and its day, which are
/// agreed with the client.
pub fn for_client(
    form: &ActionForm,
) -> (
    Option<Labelled<String, Client>>,
    Option<Labelled<Date, Client>>,
) {
    let is_own = form
        .owner
        .as_ref()
        .is_some_and(|owner| *owner.expose() == Owner::Client);
    let words = form.client_words.clone().filter(|_| is_own);
    let by = day(&form.proposed_on)
        .filter(|_| words.is_some())
        .map(Labelled::new);
    (words, by)
}

/// R064: what version 2 must say before anybody agrees to it. Version 1 needs nothing.
///
/// Source: guidance-pack-2020.md 1067, 1089-1107.
pub const MUST_SAY: &[&str] = &[
    "drivers",
    "disinhibitors",
    "destabilisers",
    "nature",
    "severity",
    "imminence",
    "frequency",
    "likelihood",
];

/// What is wrong with an agreement. `written` says which texts are.
pub fn agreement_problems(
    form: &AgreementForm,
    version: Version,
    written: &[&str],
    created: Date,
    today: Date,
) -> Problems {
    let agreed = day(&form.agreed_on);
    let mut problems = Problems::new();
    problems.extend(not_ahead(
        "agreed_on",
        "The day of the agreement",
        agreed,
        today,
    ));
    if agreed.is_some_and(|agreed| agreed < created) {
        problems.push(Problem::new(
            "agreed_on",
            "The agreement must not be before the plan was made",
        ));
    }
    if version == Version::Second {
        let missing: Vec<&str> = version
            .parts()
            .iter()
            .filter(|part| MUST_SAY.contains(&part.code) && !written.contains(&part.code))
            .map(|part| part.question.split(':').next().unwrap_or(part.question))
            .collect();
        if !missing.is_empty() {
            problems.push(Problem::new(
                "side",
                format!(
                    "Version 2 cannot be agreed before this is written: {}. “Not known” is an answer",
                    missing.join(", ")
                ),
            ));
        }
    }
    problems
}

/// What is wrong with a review.
pub fn review_problems(form: &ReviewForm, created: Date, today: Date) -> Problems {
    let (held, next) = (day(&form.held_on), day(&form.next_on));
    let mut problems = Problems::new();
    problems.extend(not_ahead("held_on", "The day of the review", held, today));
    if held.is_some_and(|held| held < created) {
        problems.push(Problem::new(
            "held_on",
            "The review must not be before the plan was made",
        ));
    }
    if let (Some(held), Some(next)) = (held, next)
        && next <= held
    {
        problems.push(Problem::new(
            "next_on",
            "The next review must be after this one",
        ));
    }
    problems
}

/// What is wrong with an assessment.
pub fn input_problems(form: &InputForm, today: Date) -> Problems {
    not_ahead("made_on", "The day it was made", day(&form.made_on), today)
        .into_iter()
        .collect()
}

/// What is wrong with a permission.
pub fn permission_problems(form: &PermissionForm, today: Date) -> Problems {
    not_ahead(
        "given_on",
        "The day of the permission",
        day(&form.given_on),
        today,
    )
    .into_iter()
    .collect()
}

/// What is wrong with a safety plan.
pub fn safety_problems(form: &SafetyForm, today: Date) -> Problems {
    not_ahead("asked_on", "The day", day(&form.asked_on), today)
        .into_iter()
        .collect()
}

/// What is wrong with a view.
pub fn view_problems<L: kernel::label::Label>(form: &ViewForm<L>, today: Date) -> Problems {
    not_ahead("heard_on", "The day", day(&form.heard_on), today)
        .into_iter()
        .collect()
}

/// What is wrong with what was said to an exercise.
pub fn exercise_problems(form: &ExerciseForm, today: Date) -> Problems {
    not_ahead("asked_on", "The day", day(&form.asked_on), today)
        .into_iter()
        .collect()
}

/// R022: an exercise may be used once the survivor knows of it, was asked how it becomes safer,
/// agrees, and understands its rules. Anything else leaves it closed, and does not say which.
///
/// Source: guidance-pack-2020.md 97, 365, 410.
pub fn opens(form: &ExerciseForm) -> bool {
    [
        &form.informed,
        &form.consulted,
        &form.consents,
        &form.understands,
    ]
    .into_iter()
    .all(|answer| answer.as_ref().map(|yes| *yes.expose()) == Some(YesNo::Yes))
}

/// R129: what a plan says about itself when the client owns nothing concrete in it. A warning, not
/// a block. Each action is its owner, its outcome, and whether it says how a change would be seen.
///
/// Source: safe-together-london-2023.md 196, 825, 837, 843, 1132.
pub fn client_warning(actions: &[(Owner, Outcome, bool)]) -> Option<&'static str> {
    let mut own = actions
        .iter()
        .filter(|(owner, outcome, _)| *owner == Owner::Client && *outcome != Outcome::Dropped)
        .peekable();
    if own.peek().is_none() {
        Some("This plan has no concrete action that the client owns.")
    } else if own.any(|(_, _, measured)| *measured) {
        None
    } else {
        Some("No action of the client says how one would see a change.")
    }
}

/// One text, as one version of the plan has it beside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing stands in either.
    Blank,
    /// It is the same.
    Same,
    /// Only the later has it.
    New,
    /// Only the earlier has it.
    Gone,
    /// They differ.
    Changed,
}

impl Change {
    /// How a text changed from an earlier version to a later.
    pub fn between(earlier: Option<&str>, later: Option<&str>) -> Self {
        match (earlier, later) {
            (None, None) => Self::Blank,
            (Some(earlier), Some(later)) if earlier == later => Self::Same,
            (Some(_), Some(_)) => Self::Changed,
            (None, Some(_)) => Self::New,
            (Some(_), None) => Self::Gone,
        }
    }

    /// In words: colour never stands alone.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Blank => "Not written",
            Self::Same => "The same",
            Self::New => "New",
            Self::Gone => "Taken out",
            Self::Changed => "Changed",
        }
    }

    /// The colour of its tag.
    pub const fn colour(self) -> &'static str {
        match self {
            Self::Blank | Self::Same => "grey",
            Self::New => "green",
            Self::Gone => "orange",
            Self::Changed => "yellow",
        }
    }
}

/// What somebody saved of one text while another was writing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// Nothing new was typed: whatever stands, stays.
    Untouched,
    /// What was typed can be saved.
    Save,
    /// Somebody else saved another text since the page was drawn.
    Stale,
}

/// Whether a text can be saved: `before` is what the page showed, `now` what stands, `typed` what
/// came back. Two people who type the same have not met.
pub fn meeting(before: &str, now: &str, typed: &str) -> Meeting {
    if typed == now || typed == before {
        Meeting::Untouched
    } else if before == now {
        Meeting::Save
    } else {
        Meeting::Stale
    }
}

/// Which version of each text a page showed: `risk.2 needs.0`.
pub fn seen(text: &str) -> Vec<(&str, i32)> {
    text.split_whitespace()
        .filter_map(|piece| {
            let (code, version) = piece.rsplit_once('.')?;
            Some((code, version.parse().ok()?))
        })
        .collect()
}

/// What is stored of a text, in words for people.
pub fn text_words(code: &str, text: &str) -> String {
    match code {
        STAGE => ChangeStage::from_code(text).map_or_else(String::new, |s| s.words().to_owned()),
        WORK => Many::<Work>::parse(text).map_or_else(|_| String::new(), |work| work.words()),
        _ => text.to_owned(),
    }
}

/// Where something comes from, in words.
pub fn source_words(sources: &str) -> String {
    Many::<Source>::parse(sources).map_or_else(|_| String::new(), |sources| sources.words())
}

/// The part stored under `code`, of whichever form knows it.
pub fn part(code: &str) -> Option<Part> {
    Version::ALL
        .iter()
        .flat_map(|version| version.parts())
        .find(|part| part.code == code)
        .copied()
}

/// The London day of an instant, for what is compared with days.
pub fn day_of(at: Timestamp) -> Date {
    london_date(at)
}
