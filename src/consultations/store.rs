//! Rows of consultations.

use std::fmt::Write as _;

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    form::{Many, Typed, Value as _},
    ids::{
        AgencyId, AgencyKind, CaseId, CaseKind, Id, ProgrammeId, ProgrammeKind, UserId, UserKind,
    },
    label::{Labelled, Survivor, Workers},
    plain::Plain,
    time::{Day, Instant, day_words},
};
use platform::{
    Error, Failed, Office, Result, Scope, Tx, casefile,
    schema::agency,
    sql::{Of, SqlDay, SqlId, SqlInstant},
};

use super::{
    model::{
        Absent, ApartId, ApartKind, Area, ConsultationId, ConsultationKind, HeldId, HeldKind,
        MissedId, MissedKind, Outcome, Theme,
    },
    rules::Known,
};
use crate::{
    acknowledgements::{self, model::Meeting},
    cases::{
        model::{Moment, Said},
        store::hidden_items,
    },
    duties::model::Met,
};

/// What a consultation is called where it is marked as misplaced.
pub const ITEM: &str = "consultation";

mod booked {
    use super::{CaseKind, ConsultationKind, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, ConsultationKind, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// A consultation, booked or not.
        consultation (id) {
            /// Its id.
            id -> SqlId<ConsultationKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The day for which it was booked, or on which it was held without.
            planned_on -> Of<Workers, SqlDay>,
            /// The time, as people say it.
            planned_at -> Nullable<Of<Workers, Text>>,
            /// How it will be held.
            meeting -> Of<Workers, Text>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(consultation);
}
use booked::consultation;

mod held {
    use super::{
        CaseKind, ConsultationKind, HeldKind, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers,
    };

    diesel::table! {
        use diesel::sql_types::*;
        use super::{
            CaseKind, ConsultationKind, HeldKind, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers,
        };
        /// What was recorded of a consultation that was held; the last revision holds.
        consultation_held (id) {
            /// Its id.
            id -> SqlId<HeldKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The consultation.
            consultation_id -> SqlId<ConsultationKind>,
            /// 1, and one more for each correction.
            revision -> Of<Workers, Integer>,
            /// Why it was corrected.
            reason -> Nullable<Of<Workers, Text>>,
            /// The day.
            held_on -> Of<Workers, SqlDay>,
            /// How.
            meeting -> Of<Workers, Text>,
            /// Who took part, with their agencies.
            took_part -> Of<Workers, Text>,
            /// Presenting issues.
            presenting -> Of<Workers, Text>,
            /// Risk.
            risk -> Of<Workers, Text>,
            /// Needs.
            needs -> Of<Workers, Text>,
            /// What the client wants.
            client_goals -> Of<Workers, Text>,
            /// What the survivor wants.
            survivor_goals -> Of<Workers, Text>,
            /// Motivation for change.
            motivation -> Of<Workers, Text>,
            /// What the survivor does and has.
            strengths -> Of<Workers, Text>,
            /// Which of these may be used with the client: codes joined by commas.
            usable -> Of<Workers, Text>,
            /// What came of it.
            outcome -> Of<Workers, Text>,
            /// More about that.
            outcome_note -> Nullable<Of<Workers, Text>>,
            /// What others can learn from it.
            theme -> Nullable<Of<Workers, Text>>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(consultation_held);
}
use held::consultation_held;

mod missed {
    use super::{CaseKind, ConsultationKind, MissedKind, Of, SqlId, SqlInstant, UserKind, Workers};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{
            CaseKind, ConsultationKind, MissedKind, Of, SqlId, SqlInstant, UserKind, Workers,
        };
        /// That a consultation was not held.
        consultation_missed (id) {
            /// Its id.
            id -> SqlId<MissedKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The consultation.
            consultation_id -> SqlId<ConsultationKind>,
            /// Who did not come: codes joined by commas.
            absent -> Of<Workers, Text>,
            /// Why.
            reason -> Nullable<Of<Workers, Text>>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(consultation_missed);
}
use missed::consultation_missed;

mod apart {
    use super::{ApartKind, CaseKind, ConsultationKind, Of, SqlId, SqlInstant, Survivor, UserKind};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{
            ApartKind, CaseKind, ConsultationKind, Of, SqlId, SqlInstant, Survivor, UserKind,
        };
        /// What of a consultation would lead to the survivor.
        consultation_apart (id) {
            /// Its id.
            id -> SqlId<ApartKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The consultation.
            consultation_id -> SqlId<ConsultationKind>,
            /// Who took part for the survivor.
            took_part -> Nullable<Of<Survivor, Text>>,
            /// What was said.
            note -> Of<Survivor, Text>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(consultation_apart);
}
use apart::consultation_apart;

mod count {
    use super::{AgencyKind, ConsultationKind, ProgrammeKind, SqlDay, SqlId};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{AgencyKind, ConsultationKind, ProgrammeKind, SqlDay, SqlId};
        /// That a consultation was held in a borough on a day. It knows no case.
        consultation_count (id) {
            /// The consultation.
            id -> SqlId<ConsultationKind>,
            /// By which service.
            programme_id -> SqlId<ProgrammeKind>,
            /// For which borough.
            agency_id -> Nullable<SqlId<AgencyKind>>,
            /// The day.
            held_on -> SqlDay,
        }
    }
}
use count::consultation_count;

/// A consultation, booked or not.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = consultation, check_for_backend(platform::db::Backend), treat_none_as_default_value = false)]
pub struct Booked {
    /// Its id.
    pub id: ConsultationId,
    /// The case.
    pub case_id: CaseId,
    /// The day for which it was booked, or on which it was held without.
    pub planned_on: Labelled<Date, Workers>,
    /// The time, as people say it.
    pub planned_at: Option<Labelled<String, Workers>>,
    /// How it will be held.
    pub meeting: Labelled<Meeting, Workers>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

impl Booked {
    /// How the form begins that records it as held: on its day, or today if that lies ahead.
    pub fn typed(&self, today: Date) -> Typed {
        let mut typed = Typed::default();
        let on = (*self.planned_on.expose()).min(today);
        typed.push("held_on".to_owned(), on.to_string());
        typed.push("meeting".to_owned(), self.meeting.expose().typed());
        typed
    }
}

/// What was recorded of a consultation that was held.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = consultation_held, check_for_backend(platform::db::Backend))]
pub struct Held {
    /// Its id.
    pub id: HeldId,
    /// The case.
    pub case_id: CaseId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// 1, and one more for each correction.
    pub revision: Labelled<i32, Workers>,
    /// Why it was corrected.
    pub reason: Option<Labelled<String, Workers>>,
    /// The day.
    pub held_on: Labelled<Date, Workers>,
    /// How.
    pub meeting: Labelled<Meeting, Workers>,
    /// Who took part, with their agencies.
    pub took_part: Labelled<String, Workers>,
    /// Presenting issues.
    pub presenting: Labelled<String, Workers>,
    /// Risk.
    pub risk: Labelled<String, Workers>,
    /// Needs.
    pub needs: Labelled<String, Workers>,
    /// What the client wants.
    pub client_goals: Labelled<String, Workers>,
    /// What the survivor wants.
    pub survivor_goals: Labelled<String, Workers>,
    /// Motivation for change.
    pub motivation: Labelled<String, Workers>,
    /// What the survivor does and has.
    pub strengths: Labelled<String, Workers>,
    /// Which of these may be used with the client, as codes.
    usable: Labelled<String, Workers>,
    /// What came of it.
    pub outcome: Labelled<Outcome, Workers>,
    /// More about that.
    pub outcome_note: Option<Labelled<String, Workers>>,
    /// What others can learn from it.
    pub theme: Option<Labelled<Theme, Workers>>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

impl Held {
    /// Which areas may be used with the client. None, unless somebody decided so.
    pub fn usable(&self) -> Labelled<Many<Area>, Workers> {
        self.usable
            .map(|codes| Many::parse(codes).unwrap_or(Many(Vec::new())))
    }

    /// As it is typed again into the form that corrects it.
    pub fn typed(&self) -> Typed {
        let mut typed = Typed::default();
        let mut type_in = |name: &str, text: &str| typed.push(name.to_owned(), text.to_owned());
        type_in("held_on", &self.held_on.expose().typed());
        type_in("meeting", self.meeting.expose().code());
        type_in("took_part", self.took_part.expose());
        for (area, said) in self.areas() {
            type_in(area.code(), said.expose());
        }
        type_in("usable", self.usable.expose());
        type_in("outcome", self.outcome.expose().code());
        if let Some(note) = &self.outcome_note {
            type_in("outcome_note", note.expose());
        }
        if let Some(theme) = &self.theme {
            type_in("theme", theme.expose().code());
        }
        typed
    }

    /// All of it as plain text, for the case system of a borough (`design.md` 6): workers do not
    /// type it twice.
    pub fn plain_text(&self) -> Labelled<String, Workers> {
        let mut text = format!(
            "Consultation\nHeld on: {}\nHow: {}\n\nWho took part\n{}\n",
            day_words(*self.held_on.expose()),
            self.meeting.expose().words(),
            self.took_part.expose(),
        );
        for (area, said) in self.areas() {
            let _ = writeln!(text, "\n{}\n{}", area.words(), said.expose());
        }
        let _ = writeln!(text, "\nDecided\n{}", self.outcome.expose().words());
        if let Some(note) = &self.outcome_note {
            text.push_str(note.expose());
            text.push('\n');
        }
        Labelled::new(text)
    }

    /// The same with what is kept apart, for the survivor's side.
    pub fn plain_text_with(&self, notes: &[Apart]) -> Labelled<String, Survivor> {
        let mut text = self.plain_text().into_exposed();
        for note in notes {
            text.push_str("\nKept apart: do not copy where the other line can read it\n");
            if let Some(who) = &note.took_part {
                let _ = writeln!(text, "Took part: {}", who.expose());
            }
            text.push_str(note.note.expose());
            text.push('\n');
        }
        Labelled::new(text)
    }

    /// The areas with what was said, in the order of the guidance.
    pub fn areas(&self) -> Vec<(Area, Labelled<String, Workers>)> {
        vec![
            (Area::Presenting, self.presenting.clone()),
            (Area::Risk, self.risk.clone()),
            (Area::Needs, self.needs.clone()),
            (Area::ClientGoals, self.client_goals.clone()),
            (Area::SurvivorGoals, self.survivor_goals.clone()),
            (Area::Motivation, self.motivation.clone()),
            (Area::Strengths, self.strengths.clone()),
        ]
    }
}

/// That a consultation was not held.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = consultation_missed, check_for_backend(platform::db::Backend))]
pub struct Missed {
    /// Its id.
    pub id: MissedId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    absent: Labelled<String, Workers>,
    /// Why.
    pub reason: Option<Labelled<String, Workers>>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

impl Missed {
    /// Who did not come.
    pub fn absent(&self) -> Labelled<Many<Absent>, Workers> {
        self.absent
            .map(|codes| Many::parse(codes).unwrap_or(Many(Vec::new())))
    }
}

/// What of a consultation would lead to the survivor.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = consultation_apart, check_for_backend(platform::db::Backend), treat_none_as_default_value = false)]
pub struct Apart {
    /// Its id.
    pub id: ApartId,
    /// The case.
    pub case_id: CaseId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// Who took part for the survivor.
    pub took_part: Option<Labelled<String, Survivor>>,
    /// What was said.
    pub note: Labelled<String, Survivor>,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Instant,
}

/// A consultation with what became of it.
#[derive(Clone, Debug)]
pub struct Consultation {
    /// The consultation.
    pub booked: Booked,
    /// What was recorded when it was held: every revision, the last first.
    pub held: Vec<Held>,
    /// That it was not held.
    pub missed: Option<Missed>,
}

impl Consultation {
    /// Whether nothing became of it yet.
    pub fn is_open(&self) -> bool {
        self.held.is_empty() && self.missed.is_none()
    }
}

/// The consultations of the case in hand, by their day, the latest first, without what is marked
/// as misplaced.
pub fn of_case(scope: &mut impl Scope) -> Result<Vec<Consultation>> {
    let hidden = hidden_items(scope)?;
    let rows: Vec<Booked> = booked::of(scope)
        .order((consultation::planned_on.desc(), consultation::id.desc()))
        .select(Booked::as_select())
        .load(scope.conn())?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let held: Vec<Held> = held::of(scope)
        .order(consultation_held::revision.desc())
        .select(Held::as_select())
        .load(scope.conn())?;
    let missed: Vec<Missed> = missed::of(scope)
        .select(Missed::as_select())
        .load(scope.conn())?;
    Ok(rows
        .into_iter()
        .filter(|row| !hidden.contains(&format!("{ITEM}:{}", row.id)))
        .map(|row| Consultation {
            held: held
                .iter()
                .filter(|held| held.consultation_id == row.id)
                .cloned()
                .collect(),
            missed: missed
                .iter()
                .find(|missed| missed.consultation_id == row.id)
                .cloned(),
            booked: row,
        })
        .collect())
}

/// One consultation of the case in hand.
///
/// # Errors
/// [`Error::NotFound`] if there is none, or if it is marked as misplaced.
pub fn one(scope: &mut impl Scope, id: ConsultationId) -> Result<Consultation> {
    of_case(scope)?
        .into_iter()
        .find(|consultation| consultation.booked.id == id)
        .ok_or(Error::NotFound)
}

/// What was said at a consultation of the case in hand, marked as misplaced or not: for who settles
/// that.
pub(crate) fn any_words(scope: &mut impl Scope, item: Id<()>) -> Result<Option<String>> {
    let id = ConsultationId::from_uuid(item.uuid());
    let day: Option<Labelled<Date, Workers>> = booked::of(scope)
        .filter(consultation::id.eq(id))
        .select(consultation::planned_on)
        .first(scope.conn())
        .optional()?;
    let said: Option<Labelled<String, Workers>> = held::of(scope)
        .filter(consultation_held::consultation_id.eq(id))
        .order(consultation_held::revision.desc())
        .select(consultation_held::presenting)
        .first(scope.conn())
        .optional()?;
    Ok(day.map(|day| {
        let day = day_words(*day.expose());
        match said {
            Some(text) => format!("{day}: {}", text.expose()),
            None => day,
        }
    }))
}

/// What is recorded apart about the consultations of the case in hand, oldest first.
pub fn apart(scope: &mut impl Scope) -> Result<Vec<Apart>> {
    Ok(apart::of(scope)
        .order((consultation_apart::recorded_at, consultation_apart::id))
        .select(Apart::as_select())
        .load(scope.conn())?)
}

/// Books one. The same booking sent twice is one.
///
/// # Errors
/// [`Error::Stale`] if it was booked before.
pub fn book(tx: &mut Tx<'_>, row: &Booked) -> Result<(), Failed> {
    if exists(tx, row.id)? {
        return Err(Error::Stale.into());
    }
    diesel::insert_into(consultation::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// Whether the case in hand has this consultation, hidden or not.
pub fn exists(scope: &mut impl Scope, id: ConsultationId) -> Result<bool> {
    let found: i64 = booked::of(scope)
        .filter(consultation::id.eq(id))
        .count()
        .get_result(scope.conn())?;
    Ok(found > 0)
}

/// What is recorded of a consultation that was held: every answer of the form.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its id.
    pub id: HeldId,
    /// The consultation.
    pub of: ConsultationId,
    /// The day.
    pub held_on: Labelled<Date, Workers>,
    /// How.
    pub meeting: Labelled<Meeting, Workers>,
    /// Who took part.
    pub took_part: Labelled<String, Workers>,
    /// Each area with what was said.
    pub presenting: Labelled<String, Workers>,
    /// Risk.
    pub risk: Labelled<String, Workers>,
    /// Needs.
    pub needs: Labelled<String, Workers>,
    /// What the client wants.
    pub client_goals: Labelled<String, Workers>,
    /// What the survivor wants.
    pub survivor_goals: Labelled<String, Workers>,
    /// Motivation for change.
    pub motivation: Labelled<String, Workers>,
    /// What the survivor does and has.
    pub strengths: Labelled<String, Workers>,
    /// Which of these may be used with the client.
    pub usable: Option<Labelled<Many<Area>, Workers>>,
    /// What came of it.
    pub outcome: Labelled<Outcome, Workers>,
    /// More about that.
    pub outcome_note: Option<Labelled<String, Workers>>,
    /// What others can learn from it.
    pub theme: Option<Labelled<Theme, Workers>>,
    /// Why it was corrected.
    pub reason: Option<Labelled<String, Workers>>,
    /// The revision before, for a correction; 0 for the first.
    pub after: i32,
}

/// Records that a consultation was held, or corrects it, and counts it in its month and borough.
///
/// # Errors
/// [`Error::Stale`] if somebody recorded or corrected it since, or if it was recorded as not held.
pub fn record(tx: &mut Tx<'_>, new: &Record) -> Result<(), Failed> {
    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
    if exists(tx, new.of)? {
        let known = one(tx, new.of)?;
        let last = known.held.first().map_or(0, |held| *held.revision.expose());
        if last != new.after || known.missed.is_some() {
            return Err(Error::Stale.into());
        }
    } else if new.after == 0 {
        // Held without having been booked.
        let row = Booked {
            id: new.of,
            case_id: case,
            planned_on: new.held_on,
            planned_at: None,
            meeting: new.meeting,
            recorded_by: actor,
            recorded_at: now,
        };
        book(tx, &row)?;
    } else {
        return Err(Error::NotFound.into());
    }
    let usable = new.usable.as_ref().map_or_else(Labelled::default, |areas| {
        areas.map(kernel::form::Value::typed)
    });
    diesel::insert_into(consultation_held::table)
        .values((
            (
                consultation_held::id.eq(new.id),
                consultation_held::case_id.eq(case),
                consultation_held::consultation_id.eq(new.of),
                consultation_held::revision.eq(Labelled::<_, Workers>::new(new.after + 1)),
                consultation_held::reason.eq(&new.reason),
                consultation_held::held_on.eq(new.held_on),
                consultation_held::meeting.eq(new.meeting),
            ),
            (
                consultation_held::took_part.eq(&new.took_part),
                consultation_held::presenting.eq(&new.presenting),
                consultation_held::risk.eq(&new.risk),
                consultation_held::needs.eq(&new.needs),
                consultation_held::client_goals.eq(&new.client_goals),
                consultation_held::survivor_goals.eq(&new.survivor_goals),
                consultation_held::motivation.eq(&new.motivation),
            ),
            (
                consultation_held::strengths.eq(&new.strengths),
                consultation_held::usable.eq(usable),
                consultation_held::outcome.eq(new.outcome),
                consultation_held::outcome_note.eq(&new.outcome_note),
                consultation_held::theme.eq(new.theme),
                consultation_held::recorded_by.eq(actor),
                consultation_held::recorded_at.eq(now),
            ),
        ))
        .execute(tx.conn())?;
    count(tx, new)
}

/// Counts a consultation that was held by its day and the borough that referred.
fn count(tx: &mut Tx<'_>, new: &Record) -> Result<(), Failed> {
    let frame = casefile::frame(tx)?;
    let on = Day(*new.held_on.expose());
    let moved = diesel::update(consultation_count::table.find(new.of))
        .set(consultation_count::held_on.eq(on))
        .execute(tx.conn())?;
    if moved == 0 {
        diesel::insert_into(consultation_count::table)
            .values((
                consultation_count::id.eq(new.of),
                consultation_count::programme_id.eq(frame.programme_id),
                consultation_count::agency_id.eq(frame.referring_agency_id),
                consultation_count::held_on.eq(on),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Records that a consultation was not held.
///
/// # Errors
/// [`Error::Stale`] if somebody recorded before what became of it.
pub fn miss(
    tx: &mut Tx<'_>,
    id: MissedId,
    of: ConsultationId,
    absent: &Labelled<Many<Absent>, Workers>,
    reason: Option<&Labelled<String, Workers>>,
) -> Result<(), Failed> {
    if !one(tx, of)?.is_open() {
        return Err(Error::Stale.into());
    }
    let (case, actor, now) = (tx.case(), tx.actor(), tx.now());
    diesel::insert_into(consultation_missed::table)
        .values((
            consultation_missed::id.eq(id),
            consultation_missed::case_id.eq(case),
            consultation_missed::consultation_id.eq(of),
            consultation_missed::absent.eq(absent.map(kernel::form::Value::typed)),
            consultation_missed::reason.eq(reason.cloned()),
            consultation_missed::recorded_by.eq(actor),
            consultation_missed::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Records what of a consultation would lead to the survivor.
///
/// # Errors
/// [`Error::NotFound`] if there is no such consultation.
pub fn keep_apart(tx: &mut Tx<'_>, row: &Apart) -> Result<(), Failed> {
    one(tx, row.consultation_id)?;
    diesel::insert_into(consultation_apart::table)
        .values(row)
        .execute(tx.conn())?;
    Ok(())
}

/// What is known of the case in hand.
pub fn known(scope: &mut impl Scope) -> Result<Known> {
    let promised =
        acknowledgements::store::of_case(scope)?.map(|row| row.consultation_on.into_exposed());
    let all = of_case(scope)?;
    let held = all
        .iter()
        .filter_map(|consultation| {
            // What holds is the last revision; when it was entered is the first.
            let (last, first) = (consultation.held.first()?, consultation.held.last()?);
            Some(Met::on(*last.held_on.expose(), first.recorded_at.get()))
        })
        .min_by_key(|met| met.at);
    Ok(Known { held, promised })
}

/// What happened, as workers of both lines may read it.
pub fn chronology(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    let mut moments = Vec::new();
    for consultation in of_case(scope)? {
        let row = consultation.booked;
        if let Some(missed) = consultation.missed {
            moments.push(Moment {
                on: row.planned_on,
                ..Moment::entered(
                    missed.recorded_at,
                    missed.recorded_by,
                    "Consultation not held",
                    missed.reason.map_or(Said::Ours(""), Said::Written),
                )
            });
        } else if consultation.held.is_empty() {
            let when = row.planned_on.map(|day| day_words(*day));
            moments.push(Moment::entered(
                row.recorded_at,
                row.recorded_by,
                "Consultation booked",
                when,
            ));
        }
        for held in consultation.held {
            let corrected = held.reason.is_some();
            moments.push(Moment {
                on: if corrected {
                    Labelled::new(held.recorded_at.day())
                } else {
                    held.held_on
                },
                ..Moment::entered(
                    held.recorded_at,
                    held.recorded_by,
                    if corrected {
                        "Consultation corrected"
                    } else {
                        "Consultation held"
                    },
                    held.reason
                        .unwrap_or_else(|| held.outcome.map(|outcome| outcome.words().clone())),
                )
            });
        }
    }
    Ok(moments)
}

/// What happened on the survivor's side.
pub fn survivor_chronology(scope: &mut impl Scope) -> Result<Vec<Moment<Survivor>>> {
    Ok(apart(scope)?
        .into_iter()
        .map(|row| {
            Moment::entered(
                row.recorded_at,
                row.recorded_by,
                "Consultation, kept apart",
                row.note,
            )
        })
        .collect())
}

/// How many consultations were held for a borough in a month.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The borough, if it is one of the partnership.
    pub agency: Option<AgencyId>,
    /// Its name.
    pub name: Option<Plain>,
    /// The day.
    pub on: Day,
    /// Whether it belongs to a case, or was advice.
    pub with_case: bool,
}

/// Whose consultations are counted.
#[derive(Clone, Copy, Debug)]
pub enum Whose {
    /// Those of a service, of every borough.
    Service(ProgrammeId),
    /// Those of one borough.
    Borough(AgencyId),
}

/// The consultations that were held between two days, both counted, with a case or as advice.
pub fn counted(office: &mut Office<'_>, whose: Whose, from: Day, to: Day) -> Result<Vec<Counted>> {
    let mut with_case = consultation_count::table
        .filter(consultation_count::held_on.ge(from))
        .filter(consultation_count::held_on.le(to))
        .select((consultation_count::agency_id, consultation_count::held_on))
        .into_boxed();
    with_case = match whose {
        Whose::Service(id) => with_case.filter(consultation_count::programme_id.eq(id)),
        Whose::Borough(id) => with_case.filter(consultation_count::agency_id.eq(Some(id))),
    };
    let with_case: Vec<(Option<AgencyId>, Day)> = with_case.load(office.conn())?;
    let as_advice = crate::advice::store::consultations(office, whose, from, to)?;
    let names: std::collections::HashMap<AgencyId, Plain> = agency::table
        .select((agency::id, agency::name))
        .load::<(AgencyId, Plain)>(office.conn())?
        .into_iter()
        .collect();
    Ok(with_case
        .into_iter()
        .map(|(agency, on)| (agency, on, true))
        .chain(
            as_advice
                .into_iter()
                .map(|(agency, on)| (agency, on, false)),
        )
        .map(|(agency, on, with_case)| Counted {
            name: agency.and_then(|id| names.get(&id).cloned()),
            agency,
            on,
            with_case,
        })
        .collect())
}
