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
    ActionForm, AgreementForm, ChangeStage, DatesForm, ExerciseForm, InputForm, Outcome,
    OwnActionForm, Owner, Part, PermissionForm, ReviewForm, STAGE, SafetyForm, Source, StartForm,
    Version, ViewForm, WORK, Work,
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
    what: "How soon version 1 of the plan follows the consultation; no duty while it is not set (R010)",
    kind: Kind::Within,
    default: None,
};

/// Within what version 2 is agreed once the work suits and its gates are open (R063).
const SECOND: Setting = Setting {
    name: "plan_second",
    what: "How soon version 2 of the plan is agreed once the intervention is open; no duty while it is not set (R063)",
    kind: Kind::Within,
    default: None,
};

/// How long a time-out lasts (R037).
const TIME_OUT: Setting = Setting {
    name: "time_out",
    what: "How many minutes a time-out lasts, shown where an exercise is agreed (R037): 20 to 60; nothing is shown while it is not set",
    kind: Kind::Number(20, 60),
    default: None,
};

/// R037: how many minutes a time-out lasts, where the partnership has decided.
///
/// Source: guidance-pack-2020.md 424 (20 minutes up to one hour) and 459-472 (the handout: 30
/// minutes). The two differ, so neither is assumed; a number outside the first is not accepted.
pub fn time_out(settings: &[Dated], day: Date) -> Option<u16> {
    TIME_OUT.number(settings, day)
}

/// What a partnership may set. No source gives a number but for the time-out, which has two.
pub const SETTINGS: &[Setting] = &[FIRST, SECOND, TIME_OUT];

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
                "Ask what the survivor and the children say about the plan",
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
            "What the survivor, a child or somebody else said is not used with the client: answer no"
        }
        Some(_) => return Problems::new(),
    };
    vec![Problem::new("may_use", message)]
}

fn day<L: kernel::label::Label>(answer: Option<&Labelled<Date, L>>) -> Option<Date> {
    answer.map(|day| *day.expose())
}

fn not_ahead(field: &str, what: &str, day: Option<Date>, today: Date) -> Option<Problem> {
    day.filter(|day| *day > today)
        .map(|_| Problem::new(field, format!("{what} must not be in the future")))
}

/// Whether a version can start so: made by today, reviewed after it was made.
pub fn start_problems(form: &StartForm, today: Date) -> Problems {
    let (created, review) = (day(form.created_on.as_ref()), day(form.review_on.as_ref()));
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

/// What is wrong with a correction of the dates of a plan: the days of a new one, and those that were
/// lived since. `lived` is the first day on which somebody agreed to it or reviewed it, `review` the
/// review date as it stands, which is a review's once one was held.
pub fn dates_problems(
    form: &DatesForm,
    today: Date,
    lived: Option<Date>,
    review: Option<Date>,
) -> Problems {
    let start = StartForm {
        version: None,
        created_on: form.created_on,
        review_on: form.review_on,
    };
    let mut problems = start_problems(&start, today);
    let created = day(form.created_on.as_ref());
    if let (Some(created), Some(lived)) = (created, lived)
        && created > lived
    {
        problems.push(Problem::new(
            "created_on",
            "It was agreed to or reviewed before that day",
        ));
    }
    if let (Some(set), Some(held)) = (day(form.review_on.as_ref()), review)
        && set != held
    {
        problems.push(Problem::new(
            "review_on",
            "It has been reviewed since: the next date is set with a review",
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
        day(form.agreed_on.as_ref()),
        today,
    ));
    if let (Some(agreed), Some(proposed)) =
        (day(form.agreed_on.as_ref()), day(form.proposed_on.as_ref()))
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
                "What the survivor, a child or somebody else said does not go to the client: take these words out",
            ));
        }
    }
    problems.extend(use_problems(&form.sources, &form.may_use));
    problems.extend(result_problems(outcome, day(form.done_on.as_ref()), today));
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
    result_problems(outcome, day(form.done_on.as_ref()), today)
}

/// What of a client's own action stands on the client's page: its words and its day, which are
/// agreed with the client.
pub fn for_client(form: &ActionForm) -> (Answer<String, Client>, Answer<Date, Client>) {
    let is_own = form
        .owner
        .as_ref()
        .is_some_and(|owner| *owner.expose() == Owner::Client);
    let words = form.client_words.clone().filter(|_| is_own);
    let by = day(form.proposed_on.as_ref())
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
    let agreed = day(form.agreed_on.as_ref());
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
    let (held, next) = (day(form.held_on.as_ref()), day(form.next_on.as_ref()));
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
    not_ahead(
        "made_on",
        "The day it was made",
        day(form.made_on.as_ref()),
        today,
    )
    .into_iter()
    .collect()
}

/// What is wrong with a permission.
pub fn permission_problems(form: &PermissionForm, today: Date) -> Problems {
    not_ahead(
        "given_on",
        "The day of the permission",
        day(form.given_on.as_ref()),
        today,
    )
    .into_iter()
    .collect()
}

/// What is wrong with a safety plan.
pub fn safety_problems(form: &SafetyForm, today: Date) -> Problems {
    not_ahead("asked_on", "The day", day(form.asked_on.as_ref()), today)
        .into_iter()
        .collect()
}

/// What is wrong with a view.
pub fn view_problems<L: kernel::label::Label>(form: &ViewForm<L>, today: Date) -> Problems {
    not_ahead("heard_on", "The day", day(form.heard_on.as_ref()), today)
        .into_iter()
        .collect()
}

/// What is wrong with what was said to an exercise.
pub fn exercise_problems(form: &ExerciseForm, today: Date) -> Problems {
    not_ahead("asked_on", "The day", day(form.asked_on.as_ref()), today)
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{
        duties::model::State,
        suitability::rules::Outcome as Suits,
        testing::{met, set},
    };

    fn consulted(day: Date) -> Facts {
        let mut facts = Facts::default();
        facts.consultation.held = Some(met(day));
        facts
    }

    fn owed(facts: &Facts, settings: &[Dated]) -> Vec<Duty> {
        duties(facts, settings, &Calendar::default(), Timestamp::UNIX_EPOCH)
    }

    fn find<'a>(duties: &'a [Duty], key: &str) -> Option<&'a Duty> {
        duties.iter().find(|duty| duty.key == key)
    }

    #[test]
    fn r010_version_one_is_owed_only_where_a_time_is_set() {
        let facts = consulted(date(2026, 10, 15));
        assert_eq!(owed(&facts, &[]), []);
        let set = [set("plan_first", "5 working days")];
        let all = owed(&facts, &set);
        let duty = find(&all, "plan-first").unwrap();
        assert_eq!(duty.due, Due::EndOf(date(2026, 10, 22)));
        assert!(!duty.apart && duty.owner == Tie::ClientLine);
    }

    #[test]
    fn r061_version_one_or_two_meets_it() {
        let set = [set("plan_first", "5 working days")];
        let now: Timestamp = "2026-12-01T09:00:00Z".parse().unwrap();
        for (first, second, state) in [
            (Some(date(2026, 10, 20)), None, State::OnTime),
            (None, Some(date(2026, 10, 21)), State::OnTime),
            (Some(date(2026, 10, 23)), None, State::Late),
        ] {
            let mut facts = consulted(date(2026, 10, 15));
            facts.plan.first = first.map(met);
            facts.plan.second = second.map(met);
            let all = owed(&facts, &set);
            assert_eq!(find(&all, "plan-first").unwrap().state(now), state);
        }
    }

    #[test]
    fn r063_version_two_waits_for_gates_and_suitability() {
        for (open, outcome, may) in [
            (true, Some(Suits::Suitable), true),
            (false, Some(Suits::Suitable), false),
            (true, Some(Suits::NotSuitable), false),
            (true, None, false),
            (false, None, false),
        ] {
            let mut facts = Facts::default();
            facts.participation.open = open;
            facts.suitability.outcome = outcome;
            assert_eq!(may_second(&facts), may, "{open} {outcome:?}");
            facts.intervention.opened = Some(met(date(2026, 11, 2)));
            let all = owed(&facts, &[set("plan_second", "5 working days")]);
            assert_eq!(find(&all, "plan-second").is_some(), may);
            assert_eq!(find(&owed(&facts, &[]), "plan-second"), None);
            facts.plan.second = Some(met(date(2026, 11, 4)));
            let all = owed(&facts, &[set("plan_second", "5 working days")]);
            assert!(find(&all, "plan-second").is_none_or(|duty| !duty.is_owed()));
        }
        for word in ["consent", "survivor", "answer", "agree", "refus", "withdr"] {
            assert!(!NOT_YET.to_lowercase().contains(word), "{word}");
        }
    }

    #[test]
    fn r036_work_comes_from_the_list_of_the_stage() {
        use ChangeStage::{Action, Contemplation, Precontemplation};
        let problems = |stage: Option<ChangeStage>, work: &[Work]| {
            work_problems(
                &stage.map(Labelled::new),
                &Some(Labelled::new(Many(work.to_vec()))),
            )
            .len()
        };
        for (stage, work, wrong) in [
            (Precontemplation, Work::Grounding, false),
            (Precontemplation, Work::JointPlanning, false),
            (Precontemplation, Work::Parenting, true),
            (Precontemplation, Work::Denial, true),
            (Contemplation, Work::Balance, false),
            (Contemplation, Work::Cognitive, true),
            (Contemplation, Work::Grounding, true),
            (Action, Work::Communication, false),
            (Action, Work::Motivation, true),
        ] {
            assert_eq!(problems(Some(stage), &[work]) > 0, wrong, "{stage} {work}");
        }
        for stage in ChangeStage::ALL {
            assert_eq!(problems(Some(*stage), &[Work::Emotions]), 0);
        }
        assert_eq!(problems(None, &[Work::Emotions]), 1);
        assert_eq!(problems(None, &[]), 0);
    }

    fn action(owner: Owner, proposed: Date) -> ActionForm {
        ActionForm {
            what: Some(Labelled::new("Move out for four weeks".to_owned())),
            owner: Some(Labelled::new(owner)),
            agreed_on: Some(Labelled::new(date(2026, 10, 14))),
            proposed_on: Some(Labelled::new(proposed)),
            outcome: Some(Labelled::new(Outcome::Open)),
            ..ActionForm::default()
        }
    }

    #[test]
    fn r065_an_action_has_dates_and_a_result() {
        let today = date(2026, 10, 20);
        let fields = |form: &ActionForm| {
            action_problems(form, false, today)
                .into_iter()
                .map(|problem| problem.field)
                .collect::<Vec<_>>()
        };
        let good = || action(Owner::Client, date(2026, 11, 2));
        assert_eq!(fields(&good()), [] as [&str; 0]);
        assert_eq!(
            fields(&action(Owner::Client, date(2026, 10, 13))),
            ["proposed_on"]
        );
        assert_eq!(fields(&action(Owner::Agency, date(2026, 11, 2))), ["who"]);
        let done = |outcome, day: Option<Date>| ActionForm {
            outcome: Some(Labelled::new(outcome)),
            done_on: day.map(Labelled::new),
            ..good()
        };
        assert_eq!(fields(&done(Outcome::Done, None)), ["done_on"]);
        assert_eq!(
            fields(&done(Outcome::Done, Some(date(2026, 10, 21)))),
            ["done_on"]
        );
        assert_eq!(
            fields(&done(Outcome::Done, Some(date(2026, 10, 20)))),
            [] as [&str; 0]
        );
        assert_eq!(
            fields(&done(Outcome::Open, Some(date(2026, 10, 20)))),
            ["outcome"]
        );
        assert_eq!(fields(&done(Outcome::Dropped, None)), ["notes"]);
    }

    #[test]
    fn r065_one_duty_for_the_action_longest_past_its_date() {
        let mut facts = Facts::default();
        facts.plan.action = Some(date(2026, 10, 30));
        let all = owed(&facts, &[]);
        let of: Vec<&Duty> = all.iter().filter(|duty| duty.rule == "R065").collect();
        assert_eq!(of.len(), 1);
        assert_eq!(of[0].due, Due::EndOf(date(2026, 10, 30)));
        facts.closure.closed = Some(met(date(2026, 10, 29)));
        assert_eq!(owed(&facts, &[]), []);
    }

    #[test]
    fn r022_an_exercise_waits_until_all_four_are_yes() {
        let answers = |answers: [Option<YesNo>; 4]| {
            let [informed, consulted, consents, understands] =
                answers.map(|answer| answer.map(Labelled::new));
            opens(&ExerciseForm {
                informed,
                consulted,
                consents,
                understands,
                ..ExerciseForm::default()
            })
        };
        let yes = Some(YesNo::Yes);
        assert!(answers([yes; 4]));
        for number in 0..4 {
            for other in [None, Some(YesNo::No)] {
                let mut all = [yes; 4];
                all[number] = other;
                assert!(!answers(all), "{number} {other:?}");
            }
        }
        let used = ActionForm {
            exercise: Some(Labelled::new(YesNo::Yes)),
            outcome: Some(Labelled::new(Outcome::Done)),
            done_on: Some(Labelled::new(date(2026, 10, 20))),
            ..action(Owner::Client, date(2026, 11, 2))
        };
        let today = date(2026, 10, 20);
        assert_eq!(action_problems(&used, true, today), []);
        let said = action_problems(&used, false, today);
        assert_eq!(said.len(), 1);
        assert_eq!(said[0].message, NOT_OPEN);
    }

    #[test]
    fn r064_version_two_is_agreed_only_with_formulation_and_scenarios() {
        let form = AgreementForm {
            agreed_on: Some(Labelled::new(date(2026, 10, 20))),
            ..AgreementForm::default()
        };
        let (created, today) = (date(2026, 10, 14), date(2026, 10, 20));
        let check = |version, written: &[&str]| {
            agreement_problems(&form, version, written, created, today).len()
        };
        assert_eq!(check(Version::First, &[]), 0);
        assert_eq!(check(Version::Second, MUST_SAY), 0);
        for missing in MUST_SAY {
            let written: Vec<&str> = MUST_SAY
                .iter()
                .copied()
                .filter(|code| code != missing)
                .collect();
            assert_eq!(check(Version::Second, &written), 1, "{missing}");
        }
        // Nobody agreed to it before it was made.
        let early = AgreementForm {
            agreed_on: Some(Labelled::new(date(2026, 10, 13))),
            ..AgreementForm::default()
        };
        let problems = agreement_problems(&early, Version::First, &[], created, today);
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn r037_a_time_out_lasts_as_long_as_the_partnership_says() {
        let day = date(2026, 10, 14);
        for (value, minutes) in [
            ("30", Some(30)),
            ("20", Some(20)),
            ("60", Some(60)),
            ("19", None),
            ("61", None),
            ("half an hour", None),
        ] {
            assert_eq!(time_out(&[set("time_out", value)], day), minutes, "{value}");
        }
        assert_eq!(time_out(&[], day), None);
        let later = Dated {
            from: date(2026, 10, 15),
            ..set("time_out", "45")
        };
        assert_eq!(time_out(&[later], day), None);
    }

    #[test]
    fn r066_dates_are_corrected_as_far_as_nothing_was_lived_on_them() {
        let october = |day| date(2026, 10, day);
        for (created, review, lived, set, wrong) in [
            (10, 30, None, None, ""),
            (15, 30, None, None, "future"),
            (10, 10, None, None, "after"),
            (10, 30, Some(9), None, "before that day"),
            (9, 30, Some(9), None, ""),
            (10, 30, Some(12), Some(28), "set with a review"),
            (10, 28, Some(12), Some(28), ""),
        ] {
            let form = DatesForm {
                created_on: Some(Labelled::new(october(created))),
                review_on: Some(Labelled::new(october(review))),
                because: None,
            };
            let problems = dates_problems(&form, october(14), lived.map(october), set.map(october));
            assert_eq!(
                problems.is_empty(),
                wrong.is_empty(),
                "{created}: {problems:?}"
            );
            assert!(
                problems.iter().all(|p| p.message.contains(wrong)),
                "{problems:?}"
            );
        }
    }

    #[test]
    fn r066_each_review_date_is_a_duty_and_the_next_follows() {
        let mut facts = Facts::default();
        facts.plan.review = Some(date(2026, 12, 1));
        facts.plan.reviews = vec![
            Review {
                key: "1.1".to_owned(),
                due: date(2026, 11, 2),
                held: Some(met(date(2026, 11, 4))),
            },
            Review {
                key: "1.2".to_owned(),
                due: date(2026, 12, 1),
                held: None,
            },
        ];
        let all = owed(&facts, &[]);
        let now: Timestamp = "2026-12-02T09:00:00Z".parse().unwrap();
        let first = find(&all, "plan-review.1.1").unwrap();
        let next = find(&all, "plan-review.1.2").unwrap();
        assert_eq!(first.state(now), State::Late);
        assert!(next.is_owed() && next.passed(now) && !next.apart);
        // Of a closed case what was held stands, and nothing more is owed.
        facts.closure.closed = Some(met(date(2026, 11, 20)));
        let all = owed(&facts, &[]);
        assert!(find(&all, "plan-review.1.1").is_some());
        assert_eq!(find(&all, "plan-review.1.2"), None);
    }

    #[test]
    fn r066_a_review_sets_the_next_date_after_it() {
        let october = |day| date(2026, 10, day);
        for (held, next, wrong) in [
            (14, 28, ""),
            (10, 28, ""),
            (9, 28, "before the plan"),
            (15, 28, "future"),
            (14, 14, "after this one"),
            (14, 13, "after this one"),
        ] {
            let form = ReviewForm {
                held_on: Some(Labelled::new(october(held))),
                next_on: Some(Labelled::new(october(next))),
                ..ReviewForm::default()
            };
            let problems = review_problems(&form, october(10), october(14));
            assert_eq!(problems.is_empty(), wrong.is_empty(), "{held} {next}");
            assert!(
                problems.iter().all(|p| p.message.contains(wrong)),
                "{problems:?}"
            );
        }
    }

    #[test]
    fn r020_views_are_asked_before_a_review_and_only_their_side_sees_it() {
        let mut facts = Facts::default();
        facts.plan.review = Some(date(2026, 12, 1));
        let all = owed(&facts, &[]);
        let views = find(&all, "plan-views.2026-12-01").unwrap();
        assert!(views.apart && views.is_owed() && views.owner == Tie::SurvivorLine);
        facts.plan.heard = Some(met(date(2026, 11, 20)));
        let all = owed(&facts, &[]);
        assert!(!find(&all, "plan-views.2026-12-01").unwrap().is_owed());
    }

    #[test]
    fn r129_a_plan_without_an_action_of_the_client_says_so() {
        use Outcome::{Done, Dropped, Open};
        for (actions, warned) in [
            (&[][..], true),
            (&[(Owner::LeadWorker, Open, true)], true),
            (&[(Owner::Client, Dropped, true)], true),
            (&[(Owner::Client, Open, false)], true),
            (&[(Owner::Client, Open, true)], false),
            (&[(Owner::Client, Done, true)], false),
            (
                &[(Owner::Agency, Open, true), (Owner::Client, Open, true)],
                false,
            ),
        ] {
            assert_eq!(client_warning(actions).is_some(), warned, "{actions:?}");
        }
    }

    #[test]
    fn what_others_said_is_not_used_with_the_client() {
        let may = |sources: Option<&[Source]>, answer: YesNo| {
            use_problems(
                &sources.map(|sources| Labelled::new(Many(sources.to_vec()))),
                &Some(Labelled::new(answer)),
            )
            .is_empty()
        };
        for (sources, allowed) in [
            (None, false),
            (Some(&[][..]), false),
            (Some(&[Source::Client]), true),
            (Some(&[Source::Workers]), true),
            (Some(&[Source::Client, Source::Survivor]), false),
            (Some(&[Source::Child]), false),
            (Some(&[Source::Other]), false),
        ] {
            assert_eq!(may(sources, YesNo::Yes), allowed, "{sources:?}");
            assert!(may(sources, YesNo::No));
        }
        let said = |owner, sources: &[Source]| {
            let form = ActionForm {
                client_words: Some(Labelled::new("Come on Monday".to_owned())),
                sources: Some(Labelled::new(Many(sources.to_vec()))),
                ..action(owner, date(2026, 11, 2))
            };
            let stands = for_client(&form);
            let problems = action_problems(&form, false, date(2026, 10, 20)).len();
            (stands.0.is_some(), problems)
        };
        assert_eq!(said(Owner::Client, &[Source::Client]), (true, 0));
        assert_eq!(said(Owner::Client, &[Source::Survivor]), (true, 1));
        assert_eq!(said(Owner::Practitioner, &[Source::Client]), (false, 1));
    }

    #[test]
    fn two_people_meet_only_where_both_wrote() {
        for (before, now, typed, expected) in [
            ("", "", "a", Meeting::Save),
            ("a", "a", "a", Meeting::Untouched),
            ("a", "a", "b", Meeting::Save),
            ("a", "b", "a", Meeting::Untouched),
            ("a", "b", "b", Meeting::Untouched),
            ("a", "b", "c", Meeting::Stale),
            ("a", "b", "", Meeting::Stale),
            ("", "b", "c", Meeting::Stale),
            ("a", "a", "", Meeting::Save),
        ] {
            assert_eq!(
                meeting(before, now, typed),
                expected,
                "{before} {now} {typed}"
            );
        }
        assert_eq!(seen("risk.2 needs.0"), [("risk", 2), ("needs", 0)]);
        assert_eq!(seen("risk needs.x"), []);
    }

    #[test]
    fn the_forms_of_the_source_are_kept_in_their_order() {
        let codes = |version: Version| {
            version
                .parts()
                .iter()
                .map(|part| part.code)
                .filter(|code| ![STAGE, WORK, "forecast"].contains(code))
                .collect::<Vec<_>>()
        };
        // guidance-pack-2020.md 1043-1059.
        assert_eq!(
            codes(Version::First),
            [
                "presenting",
                "risk",
                "needs",
                "goals",
                "motivation",
                "strengths",
                "safety",
                "follow_up"
            ]
        );
        // guidance-pack-2020.md 1077-1119.
        assert_eq!(
            codes(Version::Second),
            [
                "presenting",
                "risk",
                "needs",
                "goals",
                "attitudes",
                "strengths",
                "drivers",
                "disinhibitors",
                "destabilisers",
                "nature",
                "severity",
                "imminence",
                "frequency",
                "likelihood",
                "safety",
                "summary",
                "follow_up"
            ]
        );
        assert_eq!(part("risk").map(|part| part.group), Some("risk"));
    }
}
