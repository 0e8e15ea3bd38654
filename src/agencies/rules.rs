//! What holds of agencies and their contact persons.

use jiff::civil::Date;
use kernel::form::{Problem, Problems};

use super::model::{Kind, Named, Place};

/// What is wrong with the description of an agency. A borough is known by its GSS code, which is
/// what the figures of the programme are compared by.
pub fn wrong_agency(kind: Option<Kind>, has_gss: bool, gss_refused: bool) -> Problems {
    if kind == Some(Kind::Borough) && !has_gss && !gss_refused {
        vec![Problem::missing("gss", "Enter the GSS code of the borough")]
    } else {
        Vec::new()
    }
}

/// The days for which a contact person is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// As what.
    pub place: Place,
    /// The first day.
    pub from: Date,
    /// The last day, if there is one.
    pub until: Option<Date>,
}

impl Spell {
    /// Whether it holds on `day`.
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|last| day <= last)
    }
}

/// What is wrong with naming a contact person.
pub fn wrong_contact(named: &Named, spell: &Spell) -> Problems {
    let mut problems = Problems::new();
    if named.user.is_none() && named.name.is_none() {
        problems.push(Problem::missing(
            "name",
            "Enter a name, or choose somebody who signs in",
        ));
    }
    if named.user.is_none() && named.phone.is_none() && named.email.is_none() {
        problems.push(Problem::missing(
            "phone",
            "Enter a telephone number or an e-mail address",
        ));
    }
    if spell.until.is_some_and(|last| last < spell.from) {
        problems.push(Problem::new(
            "until_day",
            "The last day must not be before the first",
        ));
    }
    problems
}

/// What naming a new single point of contact does to the one before (R094: one named person).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandOver {
    /// Nobody is in the way.
    Free,
    /// The one before goes on until this day.
    EndsOn(Date),
    /// Somebody is named from that day or later, and has to be changed first.
    Taken(Date),
}

/// R094: how `new` and a spell named before fit together: one named single point of contact at a
/// time, deputies may be several. Source: mou-2020.md 37.
pub fn hand_over(before: &Spell, new: &Spell) -> HandOver {
    let apart = before.until.is_some_and(|last| last < new.from)
        || new.until.is_some_and(|last| last < before.from);
    if before.place != Place::Spoc || new.place != Place::Spoc || apart {
        return HandOver::Free;
    }
    match new.from.yesterday() {
        Ok(last) if before.from <= last => HandOver::EndsOn(last),
        _ => HandOver::Taken(before.from),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const fn spell(place: Place, from: Date, until: Option<Date>) -> Spell {
        Spell { place, from, until }
    }

    #[test]
    fn a_borough_needs_its_code() {
        for (kind, has, refused, wrong) in [
            (Some(Kind::Borough), false, false, 1),
            (Some(Kind::Borough), true, false, 0),
            (Some(Kind::Borough), false, true, 0),
            (Some(Kind::Charity), false, false, 0),
            (None, false, false, 0),
        ] {
            assert_eq!(wrong_agency(kind, has, refused).len(), wrong);
        }
    }

    #[test]
    fn r094_one_named_person_at_a_time() {
        let (jan, mar, jun) = (date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1));
        let spoc = |from, until| spell(Place::Spoc, from, until);
        let cases = [
            (
                spoc(jan, None),
                spoc(mar, None),
                HandOver::EndsOn(date(2026, 2, 28)),
            ),
            (
                spoc(jan, Some(jun)),
                spoc(mar, None),
                HandOver::EndsOn(date(2026, 2, 28)),
            ),
            (
                spoc(jan, Some(date(2026, 2, 28))),
                spoc(mar, None),
                HandOver::Free,
            ),
            (spoc(mar, None), spoc(mar, None), HandOver::Taken(mar)),
            (spoc(jun, None), spoc(mar, None), HandOver::Taken(jun)),
            (
                spoc(jun, None),
                spoc(mar, Some(date(2026, 5, 31))),
                HandOver::Free,
            ),
            (
                spell(Place::Deputy, jan, None),
                spoc(mar, None),
                HandOver::Free,
            ),
            (
                spoc(jan, None),
                spell(Place::Deputy, mar, None),
                HandOver::Free,
            ),
        ];
        for (before, new, expected) in cases {
            assert_eq!(hand_over(&before, &new), expected, "{before:?} {new:?}");
        }
    }

    #[test]
    fn a_spell_holds_from_its_first_to_its_last_day() {
        let dated = spell(Place::Spoc, date(2026, 1, 1), Some(date(2026, 1, 31)));
        for (day, holds) in [
            (date(2025, 12, 31), false),
            (date(2026, 1, 1), true),
            (date(2026, 1, 31), true),
            (date(2026, 2, 1), false),
        ] {
            assert_eq!(dated.holds(day), holds, "{day}");
        }
    }
}
