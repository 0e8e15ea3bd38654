//! The table of advice. It holds no case.

use diesel::prelude::*;
use kernel::{
    form::{Many, Value as _},
    ids::{AgencyId, ProgrammeId, UserId},
    plain::Plain,
    time::{Day, Instant},
};
use platform::{Failed, Office, Result, schema::agency};

use super::model::{AdviceId, Outcome, Topic};
use crate::consultations::store::Whose;

mod table {
    use kernel::ids::{AgencyKind, ProgrammeKind, UserKind};
    use platform::sql::{SqlDay, SqlId, SqlInstant, SqlPlain};

    use super::super::model::AdviceKind;

    diesel::table! {
        use diesel::sql_types::*;
        use super::{
            AdviceKind, AgencyKind, ProgrammeKind, SqlDay, SqlId, SqlInstant, SqlPlain, UserKind,
        };
        /// Advice that was given.
        advice (id) {
            /// Its id.
            id -> SqlId<AdviceKind>,
            /// By which service.
            programme_id -> SqlId<ProgrammeKind>,
            /// When.
            given_on -> SqlDay,
            /// To which agency, if it is one of the partnership.
            agency_id -> Nullable<SqlId<AgencyKind>>,
            /// About what: codes joined by commas.
            topics -> SqlPlain,
            /// What came of it.
            outcome -> Text,
            /// How long it took, in minutes.
            minutes -> Nullable<Integer>,
            /// 1 if a family was talked through, as in a consultation.
            consultation -> Integer,
            /// When it was counted.
            entered_at -> SqlInstant,
            /// By whom.
            entered_by -> SqlId<UserKind>,
        }
    }
}
use table::advice;

/// Advice about to be counted.
#[derive(Clone, Debug)]
pub struct NewAdvice {
    /// Its id.
    pub id: AdviceId,
    /// By which service.
    pub programme: ProgrammeId,
    /// When.
    pub on: Day,
    /// To which agency.
    pub agency: Option<AgencyId>,
    /// About what.
    pub topics: Many<Topic>,
    /// What came of it.
    pub outcome: Outcome,
    /// How long it took, in minutes.
    pub minutes: Option<i32>,
    /// Whether a family was talked through, as in a consultation.
    pub consultation: bool,
}

/// Counts advice.
pub fn add(office: &mut Office<'_>, new: &NewAdvice) -> Result<(), Failed> {
    let (me, now): (UserId, Instant) = (office.actor(), office.now());
    diesel::insert_into(advice::table)
        .values((
            advice::id.eq(new.id),
            advice::programme_id.eq(new.programme),
            advice::given_on.eq(new.on),
            advice::agency_id.eq(new.agency),
            advice::topics.eq(Plain::new(new.topics.typed())),
            advice::outcome.eq(new.outcome.code()),
            advice::minutes.eq(new.minutes),
            advice::consultation.eq(i32::from(new.consultation)),
            advice::entered_at.eq(now),
            advice::entered_by.eq(me),
        ))
        .execute(office.conn())?;
    Ok(())
}

/// Advice that was counted.
#[derive(Clone, Debug)]
pub struct Counted {
    /// When.
    pub on: Day,
    /// The agency's name, if it is one of the partnership.
    pub agency: Option<Plain>,
    /// About what.
    pub topics: Many<Topic>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// How long it took, in minutes.
    pub minutes: Option<i32>,
    /// Whether a family was talked through, as in a consultation.
    pub consultation: bool,
}

type Row = (Day, Option<AgencyId>, Plain, String, Option<i32>, i32);

/// The advice that was a consultation without a referral, between two days: for which agency, and
/// on which day.
pub fn consultations(
    office: &mut Office<'_>,
    whose: Whose,
    from: Day,
    to: Day,
) -> Result<Vec<(Option<AgencyId>, Day)>> {
    let mut given = advice::table
        .filter(advice::consultation.eq(1))
        .filter(advice::given_on.ge(from))
        .filter(advice::given_on.le(to))
        .select((advice::agency_id, advice::given_on))
        .into_boxed();
    given = match whose {
        Whose::Service(id) => given.filter(advice::programme_id.eq(id)),
        Whose::Borough(id) => given.filter(advice::agency_id.eq(Some(id))),
    };
    Ok(given.load(office.conn())?)
}

/// The advice of a service between two days, both counted, the latest first.
pub fn between(
    office: &mut Office<'_>,
    programme: ProgrammeId,
    from: Day,
    to: Day,
) -> Result<Vec<Counted>> {
    let rows: Vec<Row> = advice::table
        .filter(advice::programme_id.eq(programme))
        .filter(advice::given_on.ge(from))
        .filter(advice::given_on.le(to))
        .order((advice::given_on.desc(), advice::id.desc()))
        .select((
            advice::given_on,
            advice::agency_id,
            advice::topics,
            advice::outcome,
            advice::minutes,
            advice::consultation,
        ))
        .load(office.conn())?;
    let names: std::collections::HashMap<AgencyId, Plain> = agency::table
        .select((agency::id, agency::name))
        .load::<(AgencyId, Plain)>(office.conn())?
        .into_iter()
        .collect();
    Ok(rows
        .into_iter()
        .map(
            |(on, agency, topics, outcome, minutes, consultation)| Counted {
                on,
                agency: agency.and_then(|id| names.get(&id).cloned()),
                topics: Many::parse(topics.as_str()).unwrap_or(Many(Vec::new())),
                outcome: Outcome::from_code(&outcome),
                minutes,
                consultation: consultation == 1,
            },
        )
        .collect())
}
