//! Rows of acknowledgements.

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    ids::{CaseId, CaseKind, UserId, UserKind},
    label::{Audience, For, Labelled, Shows, VisibleTo, Workers},
    time::{Instant, day_words},
};
use platform::{
    Error, Failed, Result, Scope, Tx,
    sql::{Of, SqlDay, SqlId, SqlInstant},
};

use super::model::{AcknowledgementId, AcknowledgementKind, How, Meeting};
use crate::duties::model::Met;

diesel::table! {
    use diesel::sql_types::*;
    use super::{AcknowledgementKind, CaseKind, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers};
    /// A confirmation that a referral was received. There is one for a case.
    acknowledgement (id) {
        /// Its id.
        id -> SqlId<AcknowledgementKind>,
        /// The case.
        case_id -> SqlId<CaseKind>,
        /// The day on which the referrer was told.
        confirmed_on -> Of<Workers, SqlDay>,
        /// How.
        how -> Of<Workers, Text>,
        /// By when the consultation will be held.
        consultation_on -> Of<Workers, SqlDay>,
        /// How it will be held.
        meeting -> Of<Workers, Text>,
        /// What else the referrer should know.
        timeline -> Nullable<Of<Workers, Text>>,
        /// Who recorded it.
        recorded_by -> SqlId<UserKind>,
        /// When.
        recorded_at -> SqlInstant,
    }
}
platform::casework!(acknowledgement);

/// A confirmation.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = acknowledgement, check_for_backend(platform::db::Backend), treat_none_as_default_value = false)]
pub struct Acknowledgement {
    /// Its id.
    pub id: AcknowledgementId,
    /// The case.
    pub case_id: CaseId,
    /// The day on which the referrer was told.
    pub confirmed_on: Labelled<Date, Workers>,
    /// How.
    pub how: Labelled<How, Workers>,
    /// By when the consultation will be held.
    pub consultation_on: Labelled<Date, Workers>,
    /// How it will be held.
    pub meeting: Labelled<Meeting, Workers>,
    /// What else the referrer should know.
    pub timeline: Option<Labelled<String, Workers>>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

impl Acknowledgement {
    fn met(&self) -> Met {
        Met::on(*self.confirmed_on.expose(), self.recorded_at.get())
    }
}

/// The confirmation of the case in hand.
pub fn of_case(scope: &mut impl Scope) -> Result<Option<Acknowledgement>> {
    Ok(of(scope)
        .select(Acknowledgement::as_select())
        .first(scope.conn())
        .optional()?)
}

/// A confirmation in words, for an audience that may read what workers share.
pub struct Shown<A> {
    /// The day on which the referrer was told.
    pub confirmed_on: For<A, String>,
    /// By when the consultation will be held.
    pub consultation_on: For<A, String>,
    /// How it will be held.
    pub meeting: For<A, Meeting>,
    /// What else the referrer should know.
    pub timeline: Option<For<A, String>>,
}
impl<A: Audience> Shows<A> for Shown<A> {}

/// The confirmation of the case in hand in words.
pub fn shown<A: Audience>(scope: &mut impl Scope) -> Result<Option<Shown<A>>>
where
    Workers: VisibleTo<A>,
{
    Ok(of_case(scope)?.map(|row| Shown {
        confirmed_on: row.confirmed_on.map(|day| day_words(*day)).show(),
        consultation_on: row.consultation_on.map(|day| day_words(*day)).show(),
        meeting: row.meeting.show(),
        timeline: row.timeline.map(Labelled::show),
    }))
}

/// When receipt of the case in hand was confirmed.
pub fn met(scope: &mut impl Scope) -> Result<Option<Met>> {
    Ok(of_case(scope)?.map(|row| row.met()))
}

/// Records the confirmation. A second one is refused: the first stands.
pub fn add(tx: &mut Tx<'_>, row: &Acknowledgement) -> Result<(), Failed> {
    if of_case(tx)?.is_some() {
        return Err(Error::Refused(vec![kernel::form::Problem::new(
            "confirmed_on",
            "Receipt of this referral has been confirmed already",
        )])
        .into());
    }
    diesel::insert_into(acknowledgement::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}
