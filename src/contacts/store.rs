//! Rows of contacts that workers of both lines read, and what is known of all of them.

mod kept;

use std::collections::BTreeSet;

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    form::{Many, YesNo},
    ids::{CaseId, CaseKind, UserId, UserKind},
    label::{Labelled, Survivor, Workers},
    time::Instant,
};
use platform::{
    Error, Failed, Result, Scope, Tx,
    db::Backend,
    sql::{Of, SqlDay, SqlId, SqlInstant},
};

pub use kept::{
    AnyKept, ChildContacts, KeptContacts, SurvivorContacts, add_visit, kept_between,
    kept_chronology, kept_first_day, kept_tried, last_method, take_back_visit, visit,
};

use super::{
    model::{
        About, CancelledBy, Contact, ContactId, ContactKind, Method, Misuse, Outcome, Response,
        Serves,
    },
    rules::{Held, Known, Person, Week, Weeks},
};
use crate::{
    cases::model::{Moment, Said},
    people::{self, model::PartId},
};

diesel::table! {
    use diesel::sql_types::*;
    use super::{CaseKind, ContactKind, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers};
    /// A contact that workers of both lines read.
    contact (id) {
        /// Its id.
        id -> SqlId<ContactKind>,
        /// The case.
        case_id -> SqlId<CaseKind>,
        /// What it is about.
        about -> Of<Workers, Text>,
        /// The day.
        on_day -> Of<Workers, SqlDay>,
        /// How.
        method -> Of<Workers, Text>,
        /// What came of it.
        result -> Of<Workers, Text>,
        /// Why it did not take place.
        reason -> Nullable<Of<Workers, Text>>,
        /// Who cancelled.
        cancelled_by -> Nullable<Of<Workers, Text>>,
        /// As what it counts.
        serves -> Nullable<Of<Workers, Text>>,
        /// Who took part.
        took_part -> Nullable<Of<Workers, Text>>,
        /// What was said.
        body -> Nullable<Of<Workers, Text>>,
        /// Whether the lead worker was told of the planned work.
        briefed -> Nullable<Of<Workers, Text>>,
        /// The planned work.
        planned -> Nullable<Of<Workers, Text>>,
        /// Its key risks.
        key_risks -> Nullable<Of<Workers, Text>>,
        /// How to discuss it with the survivor.
        discuss -> Nullable<Of<Workers, Text>>,
        /// Whether the ways of misuse were gone through.
        misuse_checked -> Nullable<Of<Workers, Text>>,
        /// Which of them were seen.
        misuse -> Nullable<Of<Workers, Text>>,
        /// To which meeting the client was invited.
        invited_to -> Nullable<Of<Workers, Text>>,
        /// What came of the invitation.
        response -> Nullable<Of<Workers, Text>>,
        /// How the safety of the family was considered.
        safety -> Nullable<Of<Workers, Text>>,
        /// Who recorded it.
        recorded_by -> SqlId<UserKind>,
        /// When.
        recorded_at -> SqlInstant,
        /// Why it was taken back.
        back_because -> Nullable<Of<Workers, Text>>,
        /// By whom.
        back_by -> Nullable<SqlId<UserKind>>,
        /// When.
        back_at -> Nullable<SqlInstant>,
    }
}
platform::casework!(contact);

type Shared<T> = Labelled<T, Workers>;

#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = contact, check_for_backend(Backend), treat_none_as_default_value = false)]
struct Row {
    id: ContactId,
    case_id: CaseId,
    about: Shared<About>,
    on_day: Shared<Date>,
    method: Shared<Method>,
    result: Shared<Outcome>,
    reason: Option<Shared<String>>,
    cancelled_by: Option<Shared<CancelledBy>>,
    serves: Option<Shared<String>>,
    took_part: Option<Shared<String>>,
    body: Option<Shared<String>>,
    briefed: Option<Shared<YesNo>>,
    planned: Option<Shared<String>>,
    key_risks: Option<Shared<String>>,
    discuss: Option<Shared<String>>,
    misuse_checked: Option<Shared<YesNo>>,
    misuse: Option<Shared<String>>,
    invited_to: Option<Shared<String>>,
    response: Option<Shared<Response>>,
    safety: Option<Shared<String>>,
    recorded_by: UserId,
    recorded_at: Instant,
    back_because: Option<Shared<String>>,
    back_by: Option<UserId>,
    back_at: Option<Instant>,
}

/// Every day of which both engines know: PostgreSQL's dates begin later than ours.
pub(crate) const EVER: (Date, Date) = (Date::constant(1, 1, 1), Date::MAX);

/// Several choices as they are stored; a code that is no longer known is left out.
fn many<T: kernel::form::Value>(codes: &str) -> Many<T> {
    Many(
        codes
            .split(',')
            .filter_map(|code| T::parse(code).ok())
            .collect(),
    )
}

impl From<Row> for Contact {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            about: row.about.into_exposed(),
            on: row.on_day,
            method: row.method,
            result: row.result,
            reason: row.reason,
            cancelled_by: row.cancelled_by,
            serves: row
                .serves
                .map(|codes| codes.map(|codes| many::<Serves>(codes))),
            took_part: row.took_part,
            body: row.body,
            briefed: row.briefed,
            planned: row.planned,
            key_risks: row.key_risks,
            discuss: row.discuss,
            misuse_checked: row.misuse_checked,
            misuse: row
                .misuse
                .map(|codes| codes.map(|codes| many::<Misuse>(codes))),
            invited_to: row.invited_to,
            response: row.response,
            safety: row.safety,
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at,
            back: row.back_because,
        }
    }
}

/// Records an entry. A second one of the same id is the same click: nothing is recorded.
///
/// # Errors
/// [`Error::Stale`] if it is recorded already.
pub fn add(tx: &mut Tx<'_>, new: &Contact) -> Result<(), Failed> {
    if is_recorded(tx, new.id)? {
        return Err(Error::Stale.into());
    }
    let row = Row {
        id: new.id,
        case_id: tx.case(),
        about: Labelled::new(new.about),
        on_day: new.on,
        method: new.method,
        result: new.result,
        reason: new.reason.clone(),
        cancelled_by: new.cancelled_by,
        serves: new
            .serves
            .as_ref()
            .map(|some| some.map(kernel::form::Value::typed)),
        took_part: new.took_part.clone(),
        body: new.body.clone(),
        briefed: new.briefed,
        planned: new.planned.clone(),
        key_risks: new.key_risks.clone(),
        discuss: new.discuss.clone(),
        misuse_checked: new.misuse_checked,
        misuse: new
            .misuse
            .as_ref()
            .map(|some| some.map(kernel::form::Value::typed)),
        invited_to: new.invited_to.clone(),
        response: new.response,
        safety: new.safety.clone(),
        recorded_by: tx.actor(),
        recorded_at: tx.now(),
        back_because: None,
        back_by: None,
        back_at: None,
    };
    diesel::insert_into(contact::table)
        .values(&row)
        .execute(tx.conn())?;
    Ok(())
}

/// Whether an entry of this id is recorded in the case in hand.
pub fn is_recorded(scope: &mut impl Scope, id: ContactId) -> Result<bool> {
    let count: i64 = of(scope)
        .filter(contact::id.eq(id))
        .count()
        .get_result(scope.conn())?;
    Ok(count > 0)
}

/// One entry.
///
/// # Errors
/// [`Error::NotFound`] if the case in hand has none of this id.
pub fn one(scope: &mut impl Scope, id: ContactId) -> Result<Contact> {
    let row: Option<Row> = of(scope)
        .filter(contact::id.eq(id))
        .select(Row::as_select())
        .first(scope.conn())
        .optional()?;
    row.map(Contact::from).ok_or(Error::NotFound)
}

/// The entries of the case in hand on the days from `from` to `until`, latest first.
pub fn between(scope: &mut impl Scope, from: Date, until: Date) -> Result<Vec<Contact>> {
    let rows: Vec<Row> = of(scope)
        .filter(contact::on_day.ge(Labelled::<_, Workers>::new(from)))
        .filter(contact::on_day.le(Labelled::<_, Workers>::new(until)))
        .order((
            contact::on_day.desc(),
            contact::recorded_at.desc(),
            contact::id.desc(),
        ))
        .select(Row::as_select())
        .load(scope.conn())?;
    Ok(rows.into_iter().map(Contact::from).collect())
}

/// How a liaison was held, and who took part.
type Liaison = (Shared<Method>, Option<Shared<String>>);

/// Who took part in the last liaison that was held, and how: what the next is most often like.
pub fn last_liaison(scope: &mut impl Scope) -> Result<Option<Liaison>> {
    Ok(of(scope)
        .filter(contact::about.eq(Labelled::<_, Workers>::new(About::Liaison)))
        .filter(contact::result.eq(Labelled::<_, Workers>::new(Outcome::Held)))
        .filter(contact::back_at.is_null())
        .order((contact::on_day.desc(), contact::id.desc()))
        .select((contact::method, contact::took_part))
        .first(scope.conn())
        .optional()?)
}

/// The days on which the client was met face to face, of what was not taken back (R069).
pub fn days_met(scope: &mut impl Scope) -> Result<Vec<Date>> {
    let days: Vec<Shared<Date>> = of(scope)
        .filter(contact::about.eq(Labelled::<_, Workers>::new(About::Client)))
        .filter(contact::method.eq(Labelled::<_, Workers>::new(Method::FaceToFace)))
        .filter(contact::result.eq(Labelled::<_, Workers>::new(Outcome::Held)))
        .filter(contact::back_at.is_null())
        .select(contact::on_day)
        .load(scope.conn())?;
    Ok(days.into_iter().map(Labelled::into_exposed).collect())
}

/// The same as a form is filled in with it.
pub fn again(last: Option<(Shared<Method>, Option<Shared<String>>)>) -> (String, String) {
    let Some((method, took_part)) = last else {
        return (Method::Telephone.code().to_owned(), String::new());
    };
    (
        (*method.expose()).code().to_owned(),
        took_part.map(Labelled::into_exposed).unwrap_or_default(),
    )
}

/// Takes an entry back; it stays readable and counts no more.
///
/// # Errors
/// [`Error::NotFound`] without such an entry, [`Error::Stale`] if it was taken back before.
pub fn take_back(tx: &mut Tx<'_>, id: ContactId, because: &Shared<String>) -> Result<(), Failed> {
    one(tx, id)?;
    let (actor, now) = (tx.actor(), tx.now());
    let done = diesel::update(
        of(tx)
            .filter(contact::id.eq(id))
            .filter(contact::back_at.is_null()),
    )
    .set((
        contact::back_because.eq(Some(because)),
        contact::back_by.eq(Some(actor)),
        contact::back_at.eq(Some(now)),
    ))
    .execute(tx.conn())?;
    if done == 0 {
        return Err(Error::Stale.into());
    }
    Ok(())
}

/// What of the shared entries counts or was tried, by the week: what the picture is drawn from.
#[derive(Clone, Debug, Default)]
pub struct Spoken {
    /// Liaison that was held.
    pub liaison: Vec<Held>,
    /// Meetings that were held.
    pub meeting: Vec<Held>,
    /// Contacts with the client that were held.
    pub client: Vec<Held>,
    /// Weeks in which liaison was tried or cancelled.
    pub liaison_tried: BTreeSet<Week>,
    /// The same of meetings.
    pub meeting_tried: BTreeSet<Week>,
    /// The same of contacts with the client.
    pub client_tried: BTreeSet<Week>,
    /// The first day with an entry.
    pub first: Option<Date>,
}

/// The shared entries of the case in hand that were not taken back.
pub fn spoken(scope: &mut impl Scope) -> Result<Spoken> {
    type Found = (
        Shared<About>,
        Shared<Date>,
        Shared<Outcome>,
        Option<Shared<String>>,
        Instant,
    );
    let rows: Vec<Found> = of(scope)
        .filter(contact::back_at.is_null())
        .select((
            contact::about,
            contact::on_day,
            contact::result,
            contact::serves,
            contact::recorded_at,
        ))
        .load(scope.conn())?;
    let mut all = Spoken::default();
    for (about, on, result, serves, at) in rows {
        let (on, held) = (*on.expose(), *result.expose() == Outcome::Held);
        all.first = Some(all.first.map_or(on, |first| first.min(on)));
        let entered = at.day();
        let serves: Many<Serves> = serves.map_or(Many(Vec::new()), |codes| many(codes.expose()));
        let as_what = |what: Serves| serves.0.contains(&what) || (!held && serves.0.is_empty());
        let (liaison, meeting) = (as_what(Serves::Liaison), as_what(Serves::Meeting));
        match (*about.expose(), held) {
            (About::Liaison, true) => {
                if liaison {
                    all.liaison.push(Held { entered, on });
                }
                if meeting {
                    all.meeting.push(Held { entered, on });
                }
            }
            (About::Liaison, false) => {
                if liaison {
                    all.liaison_tried.insert(Week::of(on));
                }
                if meeting {
                    all.meeting_tried.insert(Week::of(on));
                }
            }
            (About::Client, true) => all.client.push(Held { entered, on }),
            (About::Client, false) => {
                all.client_tried.insert(Week::of(on));
            }
            (About::Invitation, _) => {}
        }
    }
    Ok(all)
}

/// What is known of the case in hand.
pub fn known(scope: &mut impl Scope) -> Result<Known> {
    let mut held = kept::held(scope)?;
    let mut weeks_of = |part: PartId| Weeks::of(held.remove(&part).unwrap_or_default());
    let people = people::store::to_be_seen(scope)?
        .into_iter()
        .map(|seen| Person {
            part: seen.part,
            child: seen.child,
            born: seen.born.map(Labelled::into_exposed),
            added: seen.added,
            weeks: weeks_of(seen.part),
        })
        .collect();
    let spoken = spoken(scope)?;
    Ok(Known {
        people,
        liaison: Weeks::of(spoken.liaison),
        meeting: Weeks::of(spoken.meeting),
    })
}

/// What happened, as workers of both lines may read it. What was taken back stays, and says so.
pub fn chronology(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    let all = between(scope, EVER.0, EVER.1)?;
    Ok(all
        .into_iter()
        .map(|row| {
            let kind = match (row.about, *row.result.expose()) {
                (About::Liaison, Outcome::Held) => "Liaison between professionals",
                (About::Liaison, _) => "Liaison attempted or cancelled",
                (About::Client, Outcome::Held) => "Contact with the client",
                (About::Client, _) => "Contact with the client attempted or cancelled",
                (About::Invitation, _) => "Invitation to a meeting",
            };
            let text: Said = match (row.back, row.body.or(row.reason)) {
                (Some(_), _) => Said::Ours("Taken back: entered in error"),
                (None, Some(words)) => Said::Written(words),
                (None, None) => Said::Ours((*row.method.expose()).words()),
            };
            Moment {
                on: row.on,
                ..Moment::entered(row.recorded_at, row.recorded_by, kind, text)
            }
        })
        .collect())
}

/// What happened on the survivor's side.
pub fn survivor_chronology(scope: &mut impl Scope) -> Result<Vec<Moment<Survivor>>> {
    kept_chronology(scope)
}
