//! Rows of risk.

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    form::YesNoUnknown,
    ids::{AgencyId, AgencyKind, CaseId, CaseKind, Id, UserId, UserKind},
    label::{Labelled, Survivor, Workers},
    plain::Plain,
    time::{Day, Instant, day_words},
};
use platform::{
    Error, Failed, Result, Scope, Tx,
    db::{Backend, Conn},
    sql::{Of, SqlDay, SqlId, SqlInstant, SqlPlain},
};

use super::{
    model::{
        AssessmentId, AssessmentKind, ConcernId, ConcernKind, DisclosureId, DisclosureKind, Extent,
        ForLine, Level, Made, PathwayId, PathwayKind, ReferralId, ReferralKind, Source, Target,
        Tool,
    },
    rules::{self, Concern, Known, Recorded, Referred},
};
use crate::{
    cases::{model::Moment, store::hidden_items},
    duties::model::Met,
    people::model::{PartId, PartKind},
};

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

mod pathways {
    use super::{AgencyKind, PathwayKind, SqlDay, SqlId, SqlInstant, SqlPlain, UserKind};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{AgencyKind, PathwayKind, SqlDay, SqlId, SqlInstant, SqlPlain, UserKind};
        /// Whom to ring in a borough at a level of risk. It knows no case.
        risk_pathway (id) {
            /// Its id.
            id -> SqlId<PathwayKind>,
            /// The borough.
            agency_id -> SqlId<AgencyKind>,
            /// The level.
            level -> SqlPlain,
            /// The service.
            service -> SqlPlain,
            /// Whom to ask for.
            who -> Nullable<SqlPlain>,
            /// The number.
            telephone -> Nullable<SqlPlain>,
            /// When somebody last said that it holds.
            checked_on -> SqlDay,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
            /// Until when it held.
            ended_at -> Nullable<SqlInstant>,
        }
    }
}
use pathways::risk_pathway;

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
    pub usable: Labelled<kernel::form::YesNo, Workers>,
    /// The one whose place it takes.
    pub replaces: Option<AssessmentId>,
    /// Why.
    pub because: Option<Labelled<String, Workers>>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

impl Assessment {
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

/// Whom to ring in a borough at a level of risk.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = risk_pathway, check_for_backend(Backend), treat_none_as_default_value = false)]
pub struct Pathway {
    /// Its id.
    pub id: PathwayId,
    /// The borough.
    pub agency_id: AgencyId,
    /// The code of the level.
    pub level: Plain,
    /// The service.
    pub service: Plain,
    /// Whom to ask for.
    pub who: Option<Plain>,
    /// The number.
    pub telephone: Option<Plain>,
    /// When somebody last said that it holds.
    pub checked_on: Day,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
    /// Until when it held.
    pub ended_at: Option<Instant>,
}

impl Pathway {
    /// The level; what cannot be read counts as standard, and is shown.
    pub fn level(&self) -> Level {
        Level::from_code(self.level.as_str()).unwrap_or(Level::Standard)
    }
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

/// Passes a concern to a line.
///
/// # Errors
/// [`Error::Stale`] if it was passed before.
pub fn raise(tx: &mut Tx<'_>, row: &Passed) -> Result<(), Failed> {
    let known: i64 = concerns::of(tx)
        .filter(risk_concern::id.eq(row.id))
        .count()
        .get_result(tx.conn())?;
    if known > 0 {
        return Err(Error::Stale.into());
    }
    diesel::insert_into(risk_concern::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Records that a concern was taken up.
///
/// # Errors
/// [`Error::Stale`] if somebody took it up before.
pub fn take_up(
    tx: &mut Tx<'_>,
    id: ConcernId,
    done: &Labelled<String, Workers>,
) -> Result<(), Failed> {
    let (actor, now) = (tx.actor(), tx.now());
    let taken = diesel::update(
        concerns::of(tx)
            .filter(risk_concern::id.eq(id))
            .filter(risk_concern::acknowledged_at.is_null()),
    )
    .set((
        risk_concern::done.eq(Some(done.clone())),
        risk_concern::acknowledged_by.eq(Some(actor)),
        risk_concern::acknowledged_at.eq(Some(now)),
    ))
    .execute(tx.conn())?;
    if taken == 0 {
        return Err(Error::Stale.into());
    }
    Ok(())
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

/// Passes a concern within the survivor's line.
///
/// # Errors
/// [`Error::Stale`] if it was passed before.
pub fn raise_apart(tx: &mut Tx<'_>, row: &PassedApart) -> Result<(), Failed> {
    let known: i64 = concerns_apart::of(tx)
        .filter(risk_concern_apart::id.eq(row.id))
        .count()
        .get_result(tx.conn())?;
    if known > 0 {
        return Err(Error::Stale.into());
    }
    diesel::insert_into(risk_concern_apart::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Records that a concern within the survivor's line was taken up.
///
/// # Errors
/// [`Error::Stale`] if somebody took it up before.
pub fn take_up_apart(
    tx: &mut Tx<'_>,
    id: ConcernId,
    done: &Labelled<String, Survivor>,
) -> Result<(), Failed> {
    let (actor, now) = (tx.actor(), tx.now());
    let taken = diesel::update(
        concerns_apart::of(tx)
            .filter(risk_concern_apart::id.eq(id))
            .filter(risk_concern_apart::acknowledged_at.is_null()),
    )
    .set((
        risk_concern_apart::done.eq(Some(done.clone())),
        risk_concern_apart::acknowledged_by.eq(Some(actor)),
        risk_concern_apart::acknowledged_at.eq(Some(now)),
    ))
    .execute(tx.conn())?;
    if taken == 0 {
        return Err(Error::Stale.into());
    }
    Ok(())
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

/// Whom to ring in a borough, by level, the highest first, as far as it holds.
pub fn pathways(conn: &mut Conn, agency: AgencyId) -> Result<Vec<Pathway>> {
    let mut all: Vec<Pathway> = risk_pathway::table
        .filter(risk_pathway::agency_id.eq(agency))
        .filter(risk_pathway::ended_at.is_null())
        .order((risk_pathway::service, risk_pathway::id))
        .select(Pathway::as_select())
        .load(conn)?;
    all.sort_by_key(|row| std::cmp::Reverse(row.level()));
    Ok(all)
}

/// Records whom to ring.
pub fn add_pathway(conn: &mut Conn, row: &Pathway) -> Result<(), Failed> {
    diesel::insert_into(risk_pathway::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Says of a pathway of the borough that it holds on this day, or no longer.
///
/// # Errors
/// [`Error::Stale`] if it holds no longer.
pub fn settle_pathway(
    conn: &mut Conn,
    agency: AgencyId,
    id: PathwayId,
    now: Instant,
    holds: bool,
) -> Result<(), Failed> {
    let rows = risk_pathway::table
        .filter(risk_pathway::agency_id.eq(agency))
        .filter(risk_pathway::id.eq(id))
        .filter(risk_pathway::ended_at.is_null());
    let done = if holds {
        diesel::update(rows)
            .set(risk_pathway::checked_on.eq(Day(now.day())))
            .execute(conn)?
    } else {
        diesel::update(rows)
            .set(risk_pathway::ended_at.eq(Some(now)))
            .execute(conn)?
    };
    if done == 0 {
        return Err(Error::Stale.into());
    }
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
        let said = row.target.map(|target| target.words().to_owned());
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
