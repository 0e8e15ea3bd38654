//! When an agreement is in force. All days are London days, both ends included.

use std::fmt;

use jiff::{Unit, civil::Date};
use kernel::{
    form::{Problem, Problems},
    label::{Audience, Shows},
};

use crate::duties::settings::{self, Setting};

use super::{
    Kind,
    model::{EndedBy, Signature, Terms},
};

/// R105: how many days before its end an agreement counts as ending soon; it lapses unless somebody
/// renews it.
pub const ENDS_SOON: Setting = Setting {
    name: "agreement_ends_soon_days",
    what: "Days before its end from which an agreement counts as ending soon (R105)",
    kind: settings::Kind::Number(1, 365),
    default: Some("60"),
};

/// The settings of agreements.
pub const SETTINGS: &[Setting] = &[ENDS_SOON];

/// The days of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The first day in force; `None` until both have signed.
    pub starts_on: Option<Date>,
    /// The last day in force.
    pub ends_on: Date,
    /// From which day it is no longer in force, if either side ended it or another took its place.
    pub ended_on: Option<Date>,
    /// Who ended it.
    pub ended_by: Option<EndedBy>,
}

impl Term {
    /// The last day in force: that of the agreement, or the day before it was ended.
    pub fn last_day(&self) -> Date {
        match self.ended_on.and_then(|day| day.yesterday().ok()) {
            Some(last) if last < self.ends_on => last,
            _ => self.ends_on,
        }
    }

    /// Whether it is in force on `day`.
    pub fn covers(&self, day: Date) -> bool {
        self.starts_on.is_some_and(|first| first <= day) && day <= self.last_day()
    }
}

/// How an agreement stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// One signature or both are missing.
    NotSigned,
    /// Signed, and not begun.
    NotYet,
    /// In force.
    InForce,
    /// In force, for few days more.
    EndsSoon {
        /// Calendar days that are left after this one; 0 on the last day.
        days: u16,
    },
    /// Past its last day.
    Ended,
    /// Ended by either side before its time.
    Terminated,
    /// Another took its place.
    Replaced,
}

impl Standing {
    /// Whether referrals are received under it.
    pub const fn is_in_force(self) -> bool {
        matches!(self, Self::InForce | Self::EndsSoon { .. })
    }

    /// The colour of its tag. The words say it too.
    pub const fn colour(self) -> &'static str {
        match self {
            Self::InForce => "green",
            Self::EndsSoon { .. } => "orange",
            Self::Ended | Self::Terminated => "red",
            Self::NotSigned | Self::NotYet | Self::Replaced => "grey",
        }
    }

    /// The same for all agreements that stand alike, for filters and totals.
    pub const fn group(self) -> &'static str {
        match self {
            Self::NotSigned => "not_signed",
            Self::NotYet => "not_yet",
            Self::InForce => "in_force",
            Self::EndsSoon { .. } => "ends_soon",
            Self::Ended | Self::Terminated | Self::Replaced => "ended",
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSigned => f.write_str("Not signed by both"),
            Self::NotYet => f.write_str("Not yet in force"),
            Self::InForce => f.write_str("In force"),
            Self::EndsSoon { days: 0 } => f.write_str("Ends today"),
            Self::EndsSoon { days: 1 } => f.write_str("Ends tomorrow"),
            Self::EndsSoon { days } => write!(f, "Ends in {days} days"),
            Self::Ended => f.write_str("Ended"),
            Self::Terminated => f.write_str("Terminated"),
            Self::Replaced => f.write_str("Replaced"),
        }
    }
}
impl<A: Audience> Shows<A> for Standing {}

/// How an agreement stands on `day` (R105): effective on signature, until its last day, until
/// either side ends it, or until another takes its place. `soon` is in calendar days.
///
/// It is in force on exactly the days for which `platform::casefile::had_agreement` says so.
pub fn in_force(term: &Term, day: Date, soon: u16) -> Standing {
    let cut_short = term
        .ended_on
        .filter(|ended| *ended <= day && *ended <= term.ends_on);
    if cut_short.is_some() {
        return match term.ended_by {
            Some(EndedBy::Replaced) => Standing::Replaced,
            _ => Standing::Terminated,
        };
    }
    match term.starts_on {
        None => Standing::NotSigned,
        Some(first) if day < first => Standing::NotYet,
        Some(_) if day > term.ends_on => Standing::Ended,
        Some(_) => match days_between(day, term.last_day()) {
            Some(days) if days <= soon => Standing::EndsSoon { days },
            _ => Standing::InForce,
        },
    }
}

/// Calendar days from `from` to `to`; `None` if they are more than any setting can hold.
fn days_between(from: Date, to: Date) -> Option<u16> {
    let span = from.until((Unit::Day, to)).ok()?;
    u16::try_from(span.get_days()).ok()
}

/// The first day in force: that of the later signature, once both have signed (R105).
pub fn starts_on(agency: Option<&Signature>, programme: Option<&Signature>) -> Option<Date> {
    Some(agency?.on.max(programme?.on))
}

/// The agreement by which an agency stands on `day`: the one in force that lasts longest, else one
/// to come, else one still to be signed, else the one that ended last.
pub fn stands_by<K: Copy>(terms: &[(K, Term)], day: Date, soon: u16) -> Option<(K, Standing)> {
    let rank = |standing: Standing| match standing {
        Standing::InForce | Standing::EndsSoon { .. } => 3,
        Standing::NotYet => 2,
        Standing::NotSigned => 1,
        Standing::Ended | Standing::Terminated | Standing::Replaced => 0,
    };
    terms
        .iter()
        .map(|(key, term)| (*key, in_force(term, day, soon), term.last_day()))
        .max_by_key(|(_, standing, last)| (rank(*standing), *last))
        .map(|(key, standing, _)| (key, standing))
}

/// Under which kinds of information-sharing agreement a borough is not yet shared with (R102):
/// asked of boroughs, once their memorandum is in force.
pub fn missing_sharing(terms: &[(Kind, Term)], day: Date) -> Vec<Kind> {
    let has = |kind: Kind| {
        terms
            .iter()
            .any(|(of, term)| *of == kind && term.covers(day))
    };
    if !has(Kind::Mou) {
        return Vec::new();
    }
    [Kind::Mash, Kind::Marac, Kind::CommunitySafety]
        .into_iter()
        .filter(|kind| !has(*kind))
        .collect()
}

/// What is wrong with the terms of an agreement, on the day they are recorded.
pub fn wrong(terms: &Terms, today: Date) -> Problems {
    let mut problems = Problems::new();
    for (side, signature) in [("agency", &terms.agency), ("programme", &terms.programme)] {
        let Some(signature) = signature else { continue };
        if signature.name.is_empty() {
            problems.push(Problem::missing(
                format!("{side}_signatory"),
                "Enter who signed, or leave role and date blank until somebody has",
            ));
        }
        if signature.role.is_empty() {
            problems.push(Problem::missing(
                format!("{side}_signatory_role"),
                "Enter the role of who signed",
            ));
        }
        if signature.on > today {
            problems.push(Problem::new(
                format!("{side}_signed_on"),
                "The day of a signature cannot be in the future",
            ));
        }
    }
    if let Some(first) = starts_on(terms.agency.as_ref(), terms.programme.as_ref())
        && terms.ends_on < first
    {
        problems.push(Problem::new(
            "ends_on",
            "The last day must not be before the day of the later signature",
        ));
    }
    problems
}

/// What is wrong with ending an agreement after `last`.
///
/// Not before today: a case that opened under the agreement goes on, and the decision who may open
/// it asks what was in force on the day it opened.
pub fn wrong_end(term: &Term, last: Date, today: Date) -> Problems {
    let mut problems = Problems::new();
    if last < today {
        problems.push(Problem::new(
            "last_day",
            "The last day cannot be before today: what was opened under the agreement goes on. \
             Put the earlier date into the reason",
        ));
    }
    if last >= term.last_day() {
        problems.push(Problem::new(
            "last_day",
            format!(
                "It ends on {} anyway: enter an earlier day",
                kernel::time::day_words(term.last_day())
            ),
        ));
    }
    problems
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    type Stands = Option<(&'static str, Standing)>;
    type Recorded<'a> = &'a [(Kind, Term)];

    const fn term(starts_on: Option<Date>, ended: Option<(Date, EndedBy)>) -> Term {
        let (ended_on, ended_by) = match ended {
            Some((day, by)) => (Some(day), Some(by)),
            None => (None, None),
        };
        Term {
            starts_on,
            ends_on: date(2021, 2, 17),
            ended_on,
            ended_by,
        }
    }

    #[test]
    fn r105_from_the_later_signature_to_the_last_day() {
        let signed = Some(date(2020, 8, 16));
        let stopped = Some((date(2020, 12, 1), EndedBy::Agency));
        let replaced = Some((date(2020, 12, 1), EndedBy::Replaced));
        let cases = [
            (None, None, date(2020, 8, 15), Standing::NotSigned),
            (None, None, date(2021, 2, 18), Standing::NotSigned),
            (signed, None, date(2020, 8, 15), Standing::NotYet),
            (signed, None, date(2020, 8, 16), Standing::InForce),
            (signed, None, date(2020, 12, 18), Standing::InForce),
            (
                signed,
                None,
                date(2020, 12, 19),
                Standing::EndsSoon { days: 60 },
            ),
            (
                signed,
                None,
                date(2021, 2, 16),
                Standing::EndsSoon { days: 1 },
            ),
            (
                signed,
                None,
                date(2021, 2, 17),
                Standing::EndsSoon { days: 0 },
            ),
            (signed, None, date(2021, 2, 18), Standing::Ended),
            (
                signed,
                stopped,
                date(2020, 10, 1),
                Standing::EndsSoon { days: 60 },
            ),
            (signed, stopped, date(2020, 9, 30), Standing::InForce),
            (
                signed,
                stopped,
                date(2020, 11, 30),
                Standing::EndsSoon { days: 0 },
            ),
            (signed, stopped, date(2020, 12, 1), Standing::Terminated),
            (signed, stopped, date(2021, 2, 18), Standing::Terminated),
            (
                signed,
                replaced,
                date(2020, 11, 30),
                Standing::EndsSoon { days: 0 },
            ),
            (signed, replaced, date(2020, 12, 1), Standing::Replaced),
            (None, stopped, date(2020, 12, 1), Standing::Terminated),
        ];
        for (starts_on, ended, day, expected) in cases {
            assert_eq!(
                in_force(&term(starts_on, ended), day, 60),
                expected,
                "{starts_on:?} {ended:?} on {day}"
            );
        }
    }

    #[test]
    fn r105_effective_on_the_later_of_both_signatures() {
        let on = |day| {
            Some(Signature {
                name: "Director".into(),
                role: "Director".into(),
                on: day,
            })
        };
        let (early, late) = (date(2020, 8, 16), date(2020, 9, 1));
        let cases = [
            (None, None, None),
            (on(early), None, None),
            (None, on(late), None),
            (on(early), on(late), Some(late)),
            (on(late), on(early), Some(late)),
            (on(early), on(early), Some(early)),
        ];
        for (agency, programme, expected) in cases {
            assert_eq!(starts_on(agency.as_ref(), programme.as_ref()), expected);
        }
    }

    #[test]
    fn the_agency_stands_by_what_lasts_longest() {
        let from = |y, m, d| Some(date(y, m, d));
        let until = |starts_on, ends_on| Term {
            starts_on,
            ends_on,
            ended_on: None,
            ended_by: None,
        };
        let old = ("old", until(from(2025, 1, 1), date(2025, 12, 31)));
        let now = ("now", until(from(2026, 1, 1), date(2026, 12, 31)));
        let longer = ("longer", until(from(2026, 3, 1), date(2027, 2, 28)));
        let draft = ("draft", until(None, date(2028, 1, 1)));
        let cases: [(&[_], Date, Stands); 6] = [
            (&[], date(2026, 6, 1), None),
            (
                &[old, now],
                date(2026, 6, 1),
                Some(("now", Standing::InForce)),
            ),
            (
                &[now, longer, draft],
                date(2026, 6, 1),
                Some(("longer", Standing::InForce)),
            ),
            (
                &[old, now],
                date(2027, 1, 1),
                Some(("now", Standing::Ended)),
            ),
            (
                &[old, draft],
                date(2026, 6, 1),
                Some(("draft", Standing::NotSigned)),
            ),
            (
                &[old, longer],
                date(2026, 2, 1),
                Some(("longer", Standing::NotYet)),
            ),
        ];
        for (terms, day, expected) in cases {
            assert_eq!(stands_by(terms, day, 60), expected, "{day}");
        }
    }

    #[test]
    fn r102_what_is_not_shared_yet() {
        let all = term(Some(date(2020, 8, 16)), None);
        let day = date(2020, 9, 1);
        let cases: [(Recorded<'_>, Vec<Kind>); 4] = [
            (&[], vec![]),
            (&[(Kind::Mash, all)], vec![]),
            (
                &[(Kind::Mou, all), (Kind::Mash, all)],
                vec![Kind::Marac, Kind::CommunitySafety],
            ),
            (
                &[(Kind::Mou, all), (Kind::Mash, term(None, None))],
                vec![Kind::Mash, Kind::Marac, Kind::CommunitySafety],
            ),
        ];
        for (terms, expected) in cases {
            assert_eq!(missing_sharing(terms, day), expected);
        }
    }

    #[test]
    fn half_a_signature_or_one_of_tomorrow_is_refused() {
        let today = date(2026, 10, 14);
        let signature = |name: &str, role: &str, on| {
            Some(Signature {
                name: kernel::plain::Plain::new(name),
                role: kernel::plain::Plain::new(role),
                on,
            })
        };
        let whole = signature("Priya Lang", "Director", today);
        let cases = [
            (None, None, date(2027, 3, 31), vec![]),
            (whole.clone(), whole.clone(), today, vec![]),
            (
                whole.clone(),
                whole.clone(),
                date(2026, 10, 13),
                vec!["ends_on"],
            ),
            (
                signature("", "", today),
                None,
                today,
                vec!["agency_signatory", "agency_signatory_role"],
            ),
            (
                None,
                signature("Priya Lang", "Director", date(2026, 10, 15)),
                date(2027, 3, 31),
                vec!["programme_signed_on"],
            ),
        ];
        for (agency, programme, ends_on, expected) in cases {
            let terms = Terms {
                title: "MOU".into(),
                agency,
                programme,
                ends_on,
            };
            let fields: Vec<String> = wrong(&terms, today).into_iter().map(|p| p.field).collect();
            assert_eq!(fields, expected);
        }
    }

    #[test]
    fn an_agreement_is_never_ended_backwards() {
        let running = term(Some(date(2020, 8, 16)), None);
        let today = date(2020, 12, 1);
        for (last, fine) in [
            (date(2020, 11, 30), false),
            (date(2020, 12, 1), true),
            (date(2021, 2, 16), true),
            (date(2021, 2, 17), false),
        ] {
            assert_eq!(wrong_end(&running, last, today).is_empty(), fine, "{last}");
        }
    }

    proptest! {
        /// What the access decision asks of the database, word for word.
        #[test]
        fn in_force_is_what_the_access_decision_asks(
            start in proptest::option::of(0_i32..40),
            end in 0_i32..40,
            ended in proptest::option::of(0_i32..60),
            day in 0_i32..60,
        ) {
            use jiff::ToSpan as _;
            let at = |n: i32| date(2026, 1, 1).checked_add(n.days()).unwrap();
            let term = Term {
                starts_on: start.map(at),
                ends_on: at(end),
                ended_on: ended.map(at),
                ended_by: ended.map(|_| EndedBy::Programme),
            };
            let asked = start.is_some_and(|s| s <= day)
                && end >= day
                && ended.is_none_or(|e| e > day);
            prop_assert_eq!(in_force(&term, at(day), 7).is_in_force(), asked);
            prop_assert_eq!(term.covers(at(day)), asked);
        }
    }
}
