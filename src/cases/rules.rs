//! What the pages of a case follow. Pure: days and facts are arguments.

use std::{collections::HashSet, hash::BuildHasher};

use kernel::{
    deadline::{Due, Standing},
    ids::UserId,
    label::Label,
    time::{Day, Instant},
};

use super::model::{Moment, Outcome, Stage};

/// Where a case may stand, in the order in which it gets there. The codes are those of
/// `duties::model::Stage`.
pub const STAGES: &[Stage] = &[
    Stage {
        code: "held",
        words: "Held: agreement ended",
        colour: "orange",
    },
    Stage {
        code: "received",
        words: "Received",
        colour: "yellow",
    },
    Stage {
        code: "waiting",
        words: "Waiting list",
        colour: "yellow",
    },
    Stage {
        code: "allocated",
        words: "Allocated",
        colour: "",
    },
    Stage {
        code: "acknowledged",
        words: "Acknowledged",
        colour: "green",
    },
    Stage {
        code: "consulted",
        words: "Consulted",
        colour: "green",
    },
    Stage {
        code: "unsuitable",
        words: "Version 1 of the plan stands",
        colour: "",
    },
    Stage {
        code: "suitable",
        words: "Suitable, not yet open",
        colour: "",
    },
    Stage {
        code: "open",
        words: "Intervention open",
        colour: "green",
    },
    Stage {
        code: "paused",
        words: "Intervention paused",
        colour: "yellow",
    },
    Stage {
        code: "ended",
        words: "Intervention ended",
        colour: "",
    },
    Stage {
        code: "closed",
        words: "Closed",
        colour: "grey",
    },
    Stage {
        code: "withdrawn",
        words: "Withdrawn",
        colour: "grey",
    },
];

/// In an address: every stage in which somebody works on the case.
pub const IN_WORK: &str = "work";

/// The codes of these stages.
pub const WORKED_ON: &[&str] = &[
    "allocated",
    "acknowledged",
    "consulted",
    "unsuitable",
    "suitable",
    "open",
    "paused",
    "ended",
];

/// The stage stored under `code`; one that is not known yet is read as open.
pub fn stage(code: &str) -> Stage {
    STAGES
        .iter()
        .copied()
        .find(|stage| stage.code == code)
        .unwrap_or(Stage {
            code: "open",
            words: "Open",
            colour: "",
        })
}

/// The day by whose end the next thing of a case is due, and how pressing that is.
pub fn next_due(due: Instant, now: Instant) -> (Day, &'static str) {
    let due = Due::At(due.get());
    (Day(due.last_day()), urgency(due.standing(now.get())))
}

/// The urgency by which the components colour what is due.
pub const fn urgency(standing: Standing) -> &'static str {
    match standing {
        Standing::Overdue => "overdue",
        Standing::Today => "today",
        Standing::ThisWeek => "week",
        Standing::Later => "later",
    }
}

/// The words of an urgency: colour never stands alone.
pub fn urgency_words(urgency: &str) -> &'static str {
    match urgency {
        "overdue" => "Overdue",
        "today" => "Today",
        "week" => "This week",
        "done" => "Done",
        _ => "Later",
    }
}

/// A kind of entry that may be marked as misplaced.
#[derive(Clone, Copy, Debug)]
pub struct Markable {
    /// As it is stored, and as [`super::store::hidden_items`] names it.
    pub kind: &'static str,
    /// As people read it.
    pub words: &'static str,
    /// Whether only the survivor's side reads it.
    pub kept: bool,
}

/// The kinds of entries that may be marked. A capability adds its own here, and to
/// `super::store::find_item`.
pub const MARKABLE: &[Markable] = &[
    Markable {
        kind: "part",
        words: "Person",
        kept: false,
    },
    Markable {
        kind: "client_detail",
        words: "Contact details",
        kept: false,
    },
    Markable {
        kind: "safety_flag",
        words: "Warning for workers",
        kept: false,
    },
    Markable {
        kind: "consultation",
        words: "Consultation",
        kept: false,
    },
    Markable {
        kind: "risk_assessment",
        words: "Risk assessment",
        kept: false,
    },
    Markable {
        kind: "risk_concern",
        words: "Concern about risk",
        kept: false,
    },
    Markable {
        kind: "survivor_detail",
        words: "Contact details",
        kept: true,
    },
    Markable {
        kind: "child_detail",
        words: "Contact details",
        kept: true,
    },
    Markable {
        kind: "other_detail",
        words: "Contact details",
        kept: true,
    },
    Markable {
        kind: "safe_contact",
        words: "Safe contact",
        kept: true,
    },
];

/// The kind stored under `kind`.
pub fn markable(kind: &str) -> Option<Markable> {
    MARKABLE.iter().copied().find(|known| known.kind == kind)
}

/// Whether an entry of this kind can be settled so. Only a way to reach somebody that was written
/// down for the client can be moved: it has a table to go to.
pub fn may_settle(kind: &str, outcome: Outcome) -> bool {
    outcome != Outcome::Moved || kind == "client_detail"
}

/// Whether both dates of a moment are shown: when it happened and when it was entered lie more
/// than a day apart (`design.md` 8: both are kept).
pub fn shows_both_dates(on: jiff::civil::Date, entered: Instant) -> bool {
    on.until(entered.day())
        .map_or(0, |span| i64::from(span.get_days()).abs())
        > 1
}

/// The author of a moment as the client line may read it: nobody, if the name would tell who works
/// with the survivor.
pub fn author_shown<S: BuildHasher>(
    author: UserId,
    survivor_side: &HashSet<UserId, S>,
) -> Option<UserId> {
    (!survivor_side.contains(&author)).then_some(author)
}

/// By what moments are put in order: the day on which it happened, then when it was entered.
pub fn place_in_time<L: Label>(moment: &Moment<L>) -> (jiff::civil::Date, Instant) {
    (*moment.on.expose(), moment.entered_at)
}

/// Puts moments into the order of the page: what happened last comes first.
pub fn latest_first<L: Label>(moments: &mut [Moment<L>]) {
    moments.sort_by(|a, b| {
        place_in_time(b)
            .cmp(&place_in_time(a))
            .then_with(|| a.kind.cmp(b.kind))
    });
}

/// A cell of a file that a spreadsheet opens: quoted, and never taken for a formula.
pub use crate::printing::csv::quoted as cell;

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::cases::model::Said;

    fn at(text: &str) -> Instant {
        Instant::new(text.parse().unwrap())
    }

    #[test]
    fn what_is_due_is_the_day_that_ends() {
        let now = at("2026-10-14T09:00:00Z");
        for (due, want) in [
            // Midnight after the 13th, in London: it was due by the end of the 13th.
            ("2026-10-13T23:00:00Z", (Day(date(2026, 10, 13)), "overdue")),
            ("2026-10-14T23:00:00Z", (Day(date(2026, 10, 14)), "today")),
            ("2026-10-18T23:00:00Z", (Day(date(2026, 10, 18)), "week")),
            ("2026-10-19T23:00:00Z", (Day(date(2026, 10, 19)), "later")),
        ] {
            assert_eq!(next_due(at(due), now), want, "{due}");
        }
    }

    #[test]
    fn both_dates_are_shown_when_they_lie_apart() {
        let entered = at("2026-10-14T09:00:00Z");
        for (on, both) in [
            (date(2026, 10, 14), false),
            (date(2026, 10, 13), false),
            (date(2026, 10, 12), true),
            (date(2026, 10, 16), true),
            (date(2025, 10, 14), true),
        ] {
            assert_eq!(shows_both_dates(on, entered), both, "{on}");
        }
    }

    #[test]
    fn cells_are_quoted_and_no_formulas() {
        for (text, cell_text) in [
            ("Ann", "\"Ann\""),
            ("O\"Hara", "\"O\"\"Hara\""),
            ("=1+1", "\"'=1+1\""),
            ("+44", "\"'+44\""),
            ("@x", "\"'@x\""),
            ("-2", "\"'-2\""),
            ("", "\"\""),
        ] {
            assert_eq!(cell(text), cell_text);
        }
    }

    #[test]
    fn only_a_detail_of_the_client_moves() {
        for known in MARKABLE {
            assert_eq!(
                may_settle(known.kind, Outcome::Moved),
                known.kind == "client_detail"
            );
            assert!(may_settle(known.kind, Outcome::Restored));
            assert!(may_settle(known.kind, Outcome::TakenOff));
        }
    }

    #[test]
    fn a_name_that_would_tell_is_not_shown() {
        let (worker, other) = (UserId::new(), UserId::new());
        let kept = HashSet::from([worker]);
        assert_eq!(author_shown(worker, &kept), None);
        assert_eq!(author_shown(other, &kept), Some(other));
    }

    #[test]
    fn what_happened_last_comes_first() {
        let moment = |on, entered: &str, kind| Moment::<kernel::label::Workers> {
            on: kernel::label::Labelled::new(on),
            entered_at: at(entered),
            author: UserId::new(),
            kind,
            text: Said::Ours(""),
        };
        let mut moments = vec![
            moment(date(2026, 10, 1), "2026-10-14T09:00:00Z", "late entry"),
            moment(date(2026, 10, 13), "2026-10-13T09:00:00Z", "visit"),
            moment(date(2026, 10, 13), "2026-10-13T10:00:00Z", "call"),
        ];
        latest_first(&mut moments);
        let kinds: Vec<_> = moments.iter().map(|m| m.kind).collect();
        assert_eq!(kinds, ["call", "visit", "late entry"]);
    }
}
