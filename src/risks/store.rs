//! Rows of risk.

mod pathways;

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    access::Tie,
    form::{Problem, Problems, Typed, Value as _, YesNo, YesNoUnknown},
    ids::{CaseId, CaseKind, Id, UserId, UserKind},
    label::{Client, Labelled, Survivor, Workers},
    time::{Instant, day_words},
};
use platform::{
    Error, Failed, Result, Scope, Tx,
    db::Backend,
    sql::{Of, SqlDay, SqlId, SqlInstant},
};

use super::{
    model::{
        AssessmentId, AssessmentKind, ConcernId, ConcernKind, DisclosureId, DisclosureKind, Extent,
        ForLine, Level, Made, NewAssessment, ReferralId, ReferralKind, Source, Target, Tool,
    },
    rules::{self, Concern, Known, Recorded, Referred},
};
use crate::{
    cases::{model::Moment, store::hidden_items},
    duties::model::Met,
    people::{
        model::{PartId, PartKind},
        told,
    },
};

pub use pathways::{Named, Pathway, add_pathway, pathways, settle_pathway};

/// What an assessment is called where it is marked as misplaced.
pub const ASSESSMENT: &str = "risk_assessment";
/// What a concern is called where it is marked as misplaced.
pub const CONCERN: &str = "risk_concern";

mod assessments {
    use super::{
        AssessmentKind, CaseKind, Of, PartKind, SqlDay, SqlId, SqlInstant, UserKind, Workers,
    };

    diesel::table! {
        use diesel::sql_types::*;
        use super::{
            AssessmentKind, CaseKind, Of, PartKind, SqlDay, SqlId, SqlInstant, UserKind, Workers,
        };
        /// What a tool and a professional say about danger on a day.
        risk_assessment (id) {
            /// Its id.
            id -> SqlId<AssessmentKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// Who is in danger.
            part_id -> Nullable<SqlId<PartKind>>,
            /// When.
            assessed_on -> Of<Workers, SqlDay>,
            /// The level.
            level -> Of<Workers, Text>,
            /// What the professional says, if more.
            judgement -> Nullable<Of<Workers, Text>>,
            /// Why.
            judgement_reason -> Nullable<Of<Workers, Text>>,
            /// With what.
            tool -> Nullable<Of<Workers, Text>>,
            /// Its name.
            tool_name -> Nullable<Of<Workers, Text>>,
            /// Whether every question was asked.
            scope -> Of<Workers, Text>,
            /// How many answers were yes.
            score -> Nullable<Of<Workers, Integer>>,
            /// Who assessed.
            assessor -> Nullable<Of<Workers, Text>>,
            /// Whether the threshold of MARAC is met.
            marac -> Nullable<Of<Workers, Text>>,
            /// How much of it is here.
            source -> Nullable<Of<Workers, Text>>,
            /// Which agency holds it.
            held_at -> Nullable<Of<Workers, Text>>,
            /// What it says.
            summary -> Nullable<Of<Workers, Text>>,
            /// Whether it may be used with the client: yes or no.
            usable -> Of<Workers, Text>,
            /// The one whose place it takes, since that was wrong.
            replaces -> Nullable<SqlId<AssessmentKind>>,
            /// Why.
            because -> Nullable<Of<Workers, Text>>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(risk_assessment);
}
use assessments::risk_assessment;

mod concerns {
    use super::{CaseKind, ConcernKind, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, ConcernKind, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// A concern about risk, passed to a line.
        risk_concern (id) {
            /// Its id.
            id -> SqlId<ConcernKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The line that it is for.
            line -> Of<Workers, Text>,
            /// The day on which it arose.
            raised_on -> Of<Workers, SqlDay>,
            /// The concern.
            words -> Of<Workers, Text>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
            /// What is done about it.
            done -> Nullable<Of<Workers, Text>>,
            /// Who took it up.
            acknowledged_by -> Nullable<SqlId<UserKind>>,
            /// When.
            acknowledged_at -> Nullable<SqlInstant>,
        }
    }
    platform::casework!(risk_concern);
}
use concerns::risk_concern;

mod concerns_apart {
    use super::{CaseKind, ConcernKind, Of, SqlDay, SqlId, SqlInstant, Survivor, UserKind};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, ConcernKind, Of, SqlDay, SqlId, SqlInstant, Survivor, UserKind};
        /// A concern about risk within the survivor's line.
        risk_concern_apart (id) {
            /// Its id.
            id -> SqlId<ConcernKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The day on which it arose.
            raised_on -> Of<Survivor, SqlDay>,
            /// The concern.
            words -> Of<Survivor, Text>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
            /// What is done about it.
            done -> Nullable<Of<Survivor, Text>>,
            /// Who took it up.
            acknowledged_by -> Nullable<SqlId<UserKind>>,
            /// When.
            acknowledged_at -> Nullable<SqlInstant>,
        }
    }
    platform::casework!(risk_concern_apart);
}
use concerns_apart::risk_concern_apart;

mod disclosures {
    use super::{
        CaseKind, DisclosureKind, Of, PartKind, SqlDay, SqlId, SqlInstant, Survivor, UserKind,
    };

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, DisclosureKind, Of, PartKind, SqlDay, SqlId, SqlInstant, Survivor, UserKind};
        /// What somebody said about what was done to them.
        risk_disclosure (id) {
            /// Its id.
            id -> SqlId<DisclosureKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// Who said it.
            part_id -> Nullable<SqlId<PartKind>>,
            /// When.
            said_on -> Of<Survivor, SqlDay>,
            /// What.
            words -> Of<Survivor, Text>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(risk_disclosure);
}
use disclosures::risk_disclosure;

mod referrals {
    use super::{
        CaseKind, Of, PartKind, ReferralKind, SqlDay, SqlId, SqlInstant, Survivor, UserKind,
    };

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, Of, PartKind, ReferralKind, SqlDay, SqlId, SqlInstant, Survivor, UserKind};
        /// A referral because of risk. That there is one is the survivor's.
        risk_referral (id) {
            /// Its id.
            id -> SqlId<ReferralKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// Who was referred.
            part_id -> Nullable<SqlId<PartKind>>,
            /// To whom.
            target -> Of<Survivor, Text>,
            /// The service.
            service -> Nullable<Of<Survivor, Text>>,
            /// What was done.
            answer -> Of<Survivor, Text>,
            /// When.
            made_on -> Of<Survivor, SqlDay>,
            /// What the service said.
            note -> Nullable<Of<Survivor, Text>>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(risk_referral);
}
use referrals::risk_referral;

/// What a tool and a professional say about danger on a day.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = risk_assessment, check_for_backend(Backend), treat_none_as_default_value = false)]
pub struct Assessment {
    /// Its id.
    pub id: AssessmentId,
    /// The case.
    pub case_id: CaseId,
    /// Who is in danger.
    pub part_id: Option<PartId>,
    /// When.
    pub assessed_on: Labelled<Date, Workers>,
    /// The level.
    pub level: Labelled<Level, Workers>,
    /// What the professional says, if more.
    pub judgement: Option<Labelled<Level, Workers>>,
    /// Why.
    pub judgement_reason: Option<Labelled<String, Workers>>,
    /// With what.
    pub tool: Option<Labelled<Tool, Workers>>,
    /// Its name.
    pub tool_name: Option<Labelled<String, Workers>>,
    /// Whether every question was asked.
    pub scope: Labelled<Extent, Workers>,
    /// How many answers were yes.
    pub score: Option<Labelled<i32, Workers>>,
    /// Who assessed.
    pub assessor: Option<Labelled<String, Workers>>,
    /// Whether the threshold of MARAC is met.
    pub marac: Option<Labelled<YesNoUnknown, Workers>>,
    /// How much of it is here.
    pub source: Option<Labelled<Source, Workers>>,
    /// Which agency holds it.
    pub held_at: Option<Labelled<String, Workers>>,
    /// What it says.
    pub summary: Option<Labelled<String, Workers>>,
    /// Whether it may be used with the client.
    pub usable: Labelled<YesNo, Workers>,
    /// The one whose place it takes.
    pub replaces: Option<AssessmentId>,
    /// Why.
    pub because: Option<Labelled<String, Workers>>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// What is said of a concern that would lead the client line to the survivor.
const LEADS_TO_HER: &str = "This cannot be passed on as it is: leave out addresses, telephone numbers, schools, workplaces and names of workers. Say what to be careful of";

/// A correction: the assessment that was wrong, and why.
pub type Wrong = (AssessmentId, Option<Labelled<String, Workers>>);

impl Assessment {
    /// The row of a form, once the level was answered. What was left blank stays blank: today, by
    /// whoever records it.
    pub fn of(
        form: &NewAssessment,
        id: AssessmentId,
        part: Option<PartId>,
        wrong: Option<Wrong>,
        tx: &Tx<'_>,
    ) -> Option<Self> {
        let now = tx.now();
        let (replaces, because) = wrong.map_or((None, None), |(id, why)| (Some(id), why));
        Some(Self {
            id,
            case_id: tx.case(),
            part_id: part,
            assessed_on: rules::day_or_today(&form.assessed_on, now.day()),
            level: form.level?,
            judgement: form.judgement,
            judgement_reason: form.judgement_reason.clone(),
            tool: form.tool,
            tool_name: form.tool_name.clone(),
            scope: form.extent.unwrap_or(Labelled::new(Extent::Full)),
            score: form
                .score
                .as_ref()
                .map(|score| score.map(|n| i32::from(*n))),
            assessor: form.assessor.clone(),
            marac: form.marac,
            source: form.source,
            held_at: form.held_at.clone(),
            summary: form.summary.clone(),
            usable: form.usable.unwrap_or(Labelled::new(YesNo::No)),
            replaces,
            because,
            recorded_by: tx.actor(),
            recorded_at: now,
        })
    }

    /// The level that was given with it, raised by judgement, whatever it carries forward.
    pub fn own_level(&self) -> Level {
        let judged = self.judgement.map(|level| *level.expose());
        rules::in_force(*self.level.expose(), judged)
    }

    /// As it is typed again into the form that corrects it.
    pub fn typed(&self) -> Typed {
        let mut typed = Typed::default();
        let mut type_in = |name: &str, text: Option<String>| {
            if let Some(text) = text {
                typed.push(name.to_owned(), text);
            }
        };
        let text = |answer: &Option<Labelled<String, Workers>>| {
            answer.as_ref().map(|text| text.expose().clone())
        };
        type_in("part", self.part_id.map(|part| part.to_string()));
        type_in("level", Some(self.level.expose().typed()));
        type_in(
            "judgement",
            self.judgement.map(|level| level.expose().typed()),
        );
        type_in("judgement_reason", text(&self.judgement_reason));
        type_in("marac", self.marac.map(|met| met.expose().typed()));
        type_in("assessed_on", Some(self.assessed_on.expose().typed()));
        type_in("tool", self.tool.map(|tool| tool.expose().typed()));
        type_in("tool_name", text(&self.tool_name));
        type_in("extent", Some(self.scope.expose().typed()));
        type_in("score", self.score.map(|score| score.expose().to_string()));
        type_in("assessor", text(&self.assessor));
        type_in("source", self.source.map(|source| source.expose().typed()));
        type_in("held_at", text(&self.held_at));
        type_in("summary", text(&self.summary));
        type_in("usable", Some(self.usable.expose().typed()));
        typed
    }

    /// How the form of a short re-check of this one begins: what was yes stays yes (R030).
    pub fn typed_recheck(&self, today: Date) -> Typed {
        let mut typed = Typed::default();
        for name in ["part", "tool", "tool_name", "score", "level", "marac"] {
            let before = self.typed();
            let text = before.get(name);
            if !text.is_empty() {
                typed.push(name.to_owned(), text.to_owned());
            }
        }
        typed.push("extent".to_owned(), Extent::Recheck.typed());
        typed.push("assessed_on".to_owned(), today.to_string());
        typed
    }

    /// What was answered besides who, when and how high, as question and answer. `carried` is the
    /// score that holds (R030).
    pub fn answers(&self, carried: Option<i32>) -> Vec<(&'static str, Labelled<String, Workers>)> {
        let mut all = Vec::new();
        let mut add = |what, text: Option<Labelled<String, Workers>>| {
            all.extend(text.map(|text| (what, text)));
        };
        add(
            "Level given",
            Some(self.level.map(|level| level.words().clone())),
        );
        let tool = *self.level.expose();
        add(
            "Professional judgement",
            self.judgement.map(|judged| {
                judged.map(|judged| {
                    let beside = match (*judged > tool, self.judgement_reason.is_some()) {
                        (false, _) => ". It never lowers the level.",
                        (true, false) => ". No reason was given: correct this entry and say why.",
                        (true, true) => "",
                    };
                    format!("{}{beside}", judged.words())
                })
            }),
        );
        add("Why it is higher", self.judgement_reason.clone());
        add(
            "MARAC threshold met",
            self.marac.map(|met| met.map(|met| met.words().clone())),
        );
        let named = self.tool_name.as_ref().map(|name| name.expose().clone());
        add(
            "Tool",
            self.tool
                .map(|tool| tool.map(|tool| named.clone().unwrap_or_else(|| tool.words().clone())))
                .or_else(|| self.tool_name.clone()),
        );
        add(
            "Asked",
            Some(self.scope.map(|extent| extent.words().clone())),
        );
        add(
            "Score",
            carried.map(|score| {
                Labelled::new(match self.score.map(|own| *own.expose()) {
                    Some(own) if own == score => score.to_string(),
                    _ => format!("{score}, with what was yes before"),
                })
            }),
        );
        add("Assessed by", self.assessor.clone());
        add(
            "Where it is",
            self.source
                .map(|source| source.map(|source| source.words().clone())),
        );
        add("Held by", self.held_at.clone());
        add("What it says", self.summary.clone());
        add(
            "May be used with the client",
            Some(self.usable.map(|usable| usable.words().clone())),
        );
        add("Why it was corrected", self.because.clone());
        all
    }

    fn recorded(&self) -> Recorded {
        Recorded {
            id: self.id,
            part: self.part_id,
            met: Met::on(*self.assessed_on.expose(), self.recorded_at.get()),
            level: *self.level.expose(),
            judgement: self.judgement.as_ref().map(|level| *level.expose()),
            score: self.score.as_ref().map(|score| *score.expose()),
            dash: self.tool.is_some_and(|tool| *tool.expose() == Tool::Dash),
            full: *self.scope.expose() == Extent::Full,
            marac: self
                .marac
                .is_some_and(|met| *met.expose() == YesNoUnknown::Yes),
        }
    }
}

/// A concern about risk, passed to a line.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = risk_concern, check_for_backend(Backend), treat_none_as_default_value = false)]
pub struct Passed {
    /// Its id.
    pub id: ConcernId,
    /// The case.
    pub case_id: CaseId,
    /// The line that it is for.
    pub line: Labelled<ForLine, Workers>,
    /// The day on which it arose.
    pub raised_on: Labelled<Date, Workers>,
    /// The concern.
    pub words: Labelled<String, Workers>,
    /// Who raised it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
    /// What is done about it.
    pub done: Option<Labelled<String, Workers>>,
    /// Who took it up.
    pub acknowledged_by: Option<UserId>,
    /// When.
    pub acknowledged_at: Option<Instant>,
}

impl Passed {
    /// Whether somebody with these ties may take it up.
    pub fn is_for(&self, ties: &[Tie]) -> bool {
        rules::may_take_up(ties, *self.line.expose())
    }
}

/// A concern about risk within the survivor's line.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = risk_concern_apart, check_for_backend(Backend), treat_none_as_default_value = false)]
pub struct PassedApart {
    /// Its id.
    pub id: ConcernId,
    /// The case.
    pub case_id: CaseId,
    /// The day on which it arose.
    pub raised_on: Labelled<Date, Survivor>,
    /// The concern.
    pub words: Labelled<String, Survivor>,
    /// Who raised it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
    /// What is done about it.
    pub done: Option<Labelled<String, Survivor>>,
    /// Who took it up.
    pub acknowledged_by: Option<UserId>,
    /// When.
    pub acknowledged_at: Option<Instant>,
}

/// What somebody said about what was done to them.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = risk_disclosure, check_for_backend(Backend), treat_none_as_default_value = false)]
pub struct Disclosure {
    /// Its id.
    pub id: DisclosureId,
    /// The case.
    pub case_id: CaseId,
    /// Who said it.
    pub part_id: Option<PartId>,
    /// When.
    pub said_on: Labelled<Date, Survivor>,
    /// What.
    pub words: Labelled<String, Survivor>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// A referral because of risk.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = risk_referral, check_for_backend(Backend), treat_none_as_default_value = false)]
pub struct Referral {
    /// Its id.
    pub id: ReferralId,
    /// The case.
    pub case_id: CaseId,
    /// Who was referred.
    pub part_id: Option<PartId>,
    /// To whom.
    pub target: Labelled<Target, Survivor>,
    /// The service.
    pub service: Option<Labelled<String, Survivor>>,
    /// What was done.
    pub answer: Labelled<Made, Survivor>,
    /// When.
    pub made_on: Labelled<Date, Survivor>,
    /// What the service said.
    pub note: Option<Labelled<String, Survivor>>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// The assessments of the case in hand, by their day, the latest first, without what is marked as
/// misplaced; those whose place another took are among them.
pub fn assessments(scope: &mut impl Scope) -> Result<Vec<Assessment>> {
    let hidden = hidden_items(scope)?;
    let rows: Vec<Assessment> = assessments::of(scope)
        .order((
            risk_assessment::assessed_on.desc(),
            risk_assessment::recorded_at.desc(),
            risk_assessment::id.desc(),
        ))
        .select(Assessment::as_select())
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .filter(|row| !hidden.contains(&format!("{ASSESSMENT}:{}", row.id)))
        .collect())
}

/// Those that hold: no other took their place.
fn holding(all: &[Assessment]) -> Vec<Recorded> {
    all.iter()
        .filter(|row| all.iter().all(|other| other.replaces != Some(row.id)))
        .map(Assessment::recorded)
        .collect()
}

/// What holds of the assessments, each with its score, in the order of their days.
pub fn weighed(all: &[Assessment]) -> Vec<(rules::Assessed, Option<i32>)> {
    rules::weighed(holding(all))
}

/// Records an assessment.
///
/// # Errors
/// [`Error::Stale`] if it was recorded before, or if another already took the place of the one that
/// it corrects; [`Error::NotFound`] if there is no such one.
pub fn assess(tx: &mut Tx<'_>, row: &Assessment) -> Result<(), Failed> {
    let known: i64 = assessments::of(tx)
        .filter(risk_assessment::id.eq(row.id))
        .count()
        .get_result(tx.conn())?;
    if known > 0 {
        return Err(Error::Stale.into());
    }
    if let Some(wrong) = row.replaces {
        let all = assessments(tx)?;
        if all.iter().all(|other| other.id != wrong) {
            return Err(Error::NotFound.into());
        }
        if all.iter().any(|other| other.replaces == Some(wrong)) {
            return Err(Error::Stale.into());
        }
    }
    diesel::insert_into(risk_assessment::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// The concerns that were passed to a line, the latest first, without what is marked as misplaced.
pub fn concerns(scope: &mut impl Scope) -> Result<Vec<Passed>> {
    let hidden = hidden_items(scope)?;
    let rows: Vec<Passed> = concerns::of(scope)
        .order((risk_concern::recorded_at.desc(), risk_concern::id.desc()))
        .select(Passed::as_select())
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .filter(|row| !hidden.contains(&format!("{CONCERN}:{}", row.id)))
        .collect())
}

/// What of a concern for the client line would lead to the survivor or a child. To be asked inside
/// the transaction that saves it, and only of who knows those things anyway: to anybody else a
/// refusal would tell that there is something.
pub fn leads_to_her(tx: &mut Tx<'_>, words: &Labelled<String, Workers>) -> Result<Problems> {
    let words = Labelled::<_, Client>::new(words.expose().clone());
    Ok(if told::problems(tx, "words", &words)?.is_empty() {
        Problems::new()
    } else {
        vec![Problem::new("words", LEADS_TO_HER)]
    })
}

/// The concerns within the survivor's line, the latest first.
pub fn concerns_apart(scope: &mut impl Scope) -> Result<Vec<PassedApart>> {
    Ok(concerns_apart::of(scope)
        .order((
            risk_concern_apart::recorded_at.desc(),
            risk_concern_apart::id.desc(),
        ))
        .select(PassedApart::as_select())
        .load(scope.conn())?)
}

/// What is done with a concern is the same within a line and to another; the tables differ, and with
/// them the labels.
macro_rules! passing {
    (
        $table:ident of $concerns:ident, $row:ty, $label:ty,
        $(#[$raises:meta])* $raise:ident, $(#[$takes:meta])* $take_up:ident
    ) => {
        $(#[$raises])*
        ///
        /// # Errors
        /// [`Error::Stale`] if it was passed before.
        pub fn $raise(tx: &mut Tx<'_>, row: &$row) -> Result<(), Failed> {
            let known: i64 = $concerns::of(tx)
                .filter($table::id.eq(row.id))
                .count()
                .get_result(tx.conn())?;
            if known > 0 {
                return Err(Error::Stale.into());
            }
            diesel::insert_into($table::table)
                .values(row)
                .execute(tx.conn())?;
            Ok(())
        }

        $(#[$takes])*
        ///
        /// # Errors
        /// [`Error::Stale`] if somebody took it up before.
        pub fn $take_up(
            tx: &mut Tx<'_>,
            id: ConcernId,
            done: &Labelled<String, $label>,
        ) -> Result<(), Failed> {
            let (actor, now) = (tx.actor(), tx.now());
            let taken = diesel::update(
                $concerns::of(tx)
                    .filter($table::id.eq(id))
                    .filter($table::acknowledged_at.is_null()),
            )
            .set((
                $table::done.eq(Some(done.clone())),
                $table::acknowledged_by.eq(Some(actor)),
                $table::acknowledged_at.eq(Some(now)),
            ))
            .execute(tx.conn())?;
            if taken == 0 {
                return Err(Error::Stale.into());
            }
            Ok(())
        }
    };
}

passing! {
    risk_concern of concerns, Passed, Workers,
    /// Passes a concern to a line.
    raise,
    /// Records that a concern was taken up.
    take_up
}
passing! {
    risk_concern_apart of concerns_apart, PassedApart, Survivor,
    /// Passes a concern within the survivor's line.
    raise_apart,
    /// Records that a concern within the survivor's line was taken up.
    take_up_apart
}

/// What people said, the latest first.
pub fn disclosures(scope: &mut impl Scope) -> Result<Vec<Disclosure>> {
    Ok(disclosures::of(scope)
        .order((risk_disclosure::said_on.desc(), risk_disclosure::id.desc()))
        .select(Disclosure::as_select())
        .load(scope.conn())?)
}

/// Records what somebody said.
///
/// # Errors
/// [`Error::Stale`] if it was recorded before.
pub fn disclose(tx: &mut Tx<'_>, row: &Disclosure) -> Result<(), Failed> {
    if disclosures(tx)?.iter().any(|known| known.id == row.id) {
        return Err(Error::Stale.into());
    }
    diesel::insert_into(risk_disclosure::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// The referrals because of risk, the latest first.
pub fn referrals(scope: &mut impl Scope) -> Result<Vec<Referral>> {
    Ok(referrals::of(scope)
        .order((risk_referral::made_on.desc(), risk_referral::id.desc()))
        .select(Referral::as_select())
        .load(scope.conn())?)
}

/// Records a referral because of risk.
///
/// # Errors
/// [`Error::Stale`] if it was recorded before.
pub fn refer(tx: &mut Tx<'_>, row: &Referral) -> Result<(), Failed> {
    let known: i64 = referrals::of(tx)
        .filter(risk_referral::id.eq(row.id))
        .count()
        .get_result(tx.conn())?;
    if known > 0 {
        return Err(Error::Stale.into());
    }
    diesel::insert_into(risk_referral::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// What is known of the case in hand.
pub fn known(scope: &mut impl Scope) -> Result<Known> {
    let assessed: Vec<_> = weighed(&assessments(scope)?)
        .into_iter()
        .map(|(assessed, _)| assessed)
        .collect();
    let mut referred: Vec<Referred> = referrals(scope)?
        .into_iter()
        .map(|row| {
            let met = Met::on(*row.made_on.expose(), row.recorded_at.get());
            Referred::to(*row.target.expose(), row.part_id, met)
        })
        .collect();
    referred.reverse();
    let now = |at: Option<Instant>| {
        at.map(|at| Met {
            at: at.get(),
            entered: at.get(),
        })
    };
    let mut all: Vec<Concern> = concerns(scope)?
        .into_iter()
        .map(|row| Concern {
            id: row.id,
            survivor: *row.line.expose() == ForLine::Survivor,
            apart: false,
            raised: row.recorded_at.get(),
            met: now(row.acknowledged_at),
        })
        .collect();
    all.extend(concerns_apart(scope)?.into_iter().map(|row| Concern {
        id: row.id,
        survivor: true,
        apart: true,
        raised: row.recorded_at.get(),
        met: now(row.acknowledged_at),
    }));
    all.sort_by_key(|concern| (concern.raised, concern.id));
    Ok(Known {
        high: rules::high_since(&assessed),
        assessed,
        referred,
        concerns: all,
    })
}

/// What happened, as workers of both lines may read it.
pub fn chronology(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    let mut moments = Vec::new();
    for row in assessments(scope)? {
        let judged = row.judgement.as_ref().map(|level| *level.expose());
        let level = row.level.map(|level| {
            let words = rules::in_force(*level, judged).words();
            format!("{words} risk")
        });
        moments.push(match row.because {
            Some(why) => Moment::entered(
                row.recorded_at,
                row.recorded_by,
                "Risk assessment corrected",
                why,
            ),
            None => Moment {
                on: row.assessed_on,
                ..Moment::entered(row.recorded_at, row.recorded_by, "Risk assessed", level)
            },
        });
    }
    for row in concerns(scope)? {
        moments.push(Moment {
            on: row.raised_on,
            ..Moment::entered(
                row.recorded_at,
                row.recorded_by,
                "Concern about risk",
                row.words,
            )
        });
        if let (Some(at), Some(by), Some(done)) =
            (row.acknowledged_at, row.acknowledged_by, row.done)
        {
            moments.push(Moment::entered(at, by, "Concern taken up", done));
        }
    }
    Ok(moments)
}

/// What happened on the survivor's side.
pub fn survivor_chronology(scope: &mut impl Scope) -> Result<Vec<Moment<Survivor>>> {
    let mut moments = Vec::new();
    for row in referrals(scope)? {
        let said = row.target.map(|target| target.words().clone());
        moments.push(Moment {
            on: row.made_on,
            ..Moment::entered(
                row.recorded_at,
                row.recorded_by,
                "Referred because of risk",
                said,
            )
        });
    }
    for row in disclosures(scope)? {
        moments.push(Moment {
            on: row.said_on,
            ..Moment::entered(row.recorded_at, row.recorded_by, "What was said", row.words)
        });
    }
    for row in concerns_apart(scope)? {
        moments.push(Moment {
            on: row.raised_on,
            ..Moment::entered(
                row.recorded_at,
                row.recorded_by,
                "Concern about risk",
                row.words,
            )
        });
        if let (Some(at), Some(by), Some(done)) =
            (row.acknowledged_at, row.acknowledged_by, row.done)
        {
            moments.push(Moment::entered(at, by, "Concern taken up", done));
        }
    }
    Ok(moments)
}

/// What an assessment or a concern of the case in hand says, marked as misplaced or not: for who
/// settles that.
pub(crate) fn any_words(
    scope: &mut impl Scope,
    kind: &str,
    item: Id<()>,
) -> Result<Option<String>> {
    if kind == CONCERN {
        let said: Option<Labelled<String, Workers>> = concerns::of(scope)
            .filter(risk_concern::id.eq(ConcernId::from_uuid(item.uuid())))
            .select(risk_concern::words)
            .first(scope.conn())
            .optional()?;
        return Ok(said.map(Labelled::into_exposed));
    }
    let said: Option<(Labelled<Date, Workers>, Labelled<Level, Workers>)> = assessments::of(scope)
        .filter(risk_assessment::id.eq(AssessmentId::from_uuid(item.uuid())))
        .select((risk_assessment::assessed_on, risk_assessment::level))
        .first(scope.conn())
        .optional()?;
    Ok(said.map(|(on, level)| {
        format!(
            "{}, {} risk",
            day_words(*on.expose()),
            level.expose().words()
        )
    }))
}
