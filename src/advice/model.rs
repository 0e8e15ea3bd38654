//! What is counted of advice.

use jiff::civil::Date;
use kernel::{
    form::{Answer, ControlKind, Form, Many, Problem, Problems, Reader, ask},
    label::{Client, Labelled},
};

kernel::ids! {
    /// Advice that was given once.
    AdviceKind => AdviceId,
}

kernel::text_enum! {
    /// What was asked about.
    pub enum Topic {
        /// Whether the service fits the family.
        Suitability = "suitability": "Whether the service fits",
        /// How to refer.
        Referring = "referring": "How to refer",
        /// Asking people whether they agree.
        Consent = "consent": "Asking for agreement",
        /// How risky it is.
        Risk = "risk": "Risk",
        /// Safety of the adult harmed or the children.
        Safety = "safety": "Safety",
        /// How to talk with the person causing harm.
        Talking = "talking": "How to talk about harm",
        /// Where else to turn.
        Elsewhere = "elsewhere": "Other services",
    }
}

kernel::text_enum! {
    /// What came of it.
    pub enum Outcome {
        /// A referral will be made.
        WillRefer = "will_refer": "A referral will follow",
        /// The caller will ask again.
        WillAskAgain = "will_ask_again": "Will ask again when more is known",
        /// The service does not fit.
        NotSuitable = "not_suitable": "The service does not fit",
        /// Somebody else was named.
        Elsewhere = "elsewhere": "Pointed to another service",
        /// Advice was all that was wanted.
        AdviceOnly = "advice_only": "Advice was enough",
    }
}

/// Advice that was given. Nothing of it concerns a family, so it has the freest label.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// When.
    pub on: Answer<Date, Client>,
    /// The agency that asked, by id; blank if it is none of the partnership.
    pub agency: Answer<String, Client>,
    /// About what.
    pub topics: Answer<Many<Topic>, Client>,
    /// What came of it.
    pub outcome: Answer<Outcome, Client>,
    /// How long it took, in minutes.
    pub minutes: Answer<u16, Client>,
}

impl Form for Given {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("advice", "Advice given");
        r.field(ask("on", "When?").required(), &mut self.on);
        r.field(
            ask("agency", "Agency").kind(ControlKind::Hidden),
            &mut self.agency,
        );
        r.field(
            ask("topics", "What was asked about?").required(),
            &mut self.topics,
        );
        r.field(
            ask("outcome", "What came of it?").required(),
            &mut self.outcome,
        );
        r.field(
            ask("minutes", "How many minutes did it take?").max(4),
            &mut self.minutes,
        );
    }
}

impl Given {
    /// What is counted, once everything needed was answered: the day, the topics, the outcome and
    /// the minutes.
    pub fn complete(self) -> Option<(Date, Many<Topic>, Outcome, Option<u16>)> {
        Some((
            self.on?.into_exposed(),
            self.topics?.into_exposed(),
            self.outcome?.into_exposed(),
            self.minutes.map(Labelled::into_exposed),
        ))
    }
}

/// R003: advice is counted after it was given.
pub fn problems(given: &Given, today: Date) -> Problems {
    let mut problems = Problems::new();
    if given.on.as_ref().is_some_and(|on| *on.expose() > today) {
        problems.push(Problem::new("on", "“When?” must not be in the future"));
    }
    if given
        .minutes
        .as_ref()
        .is_some_and(|minutes| *minutes.expose() > 1440)
    {
        problems.push(Problem::new(
            "minutes",
            "“How many minutes did it take?” must be a day at most",
        ));
    }
    problems
}

/// The first and last day of a month written `2026-10`.
pub fn month(text: &str) -> Option<(Date, Date)> {
    let (year, month) = text.split_once('-')?;
    let fits = year.len() == 4 && month.len() == 2;
    let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
    fits.then(|| (first, first.last_of_month()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::form::Dictionary;

    use super::*;

    #[test]
    fn r003_nothing_about_a_person_can_be_written() {
        for entry in Dictionary::of::<Given>() {
            // A day, a number, a choice, or the id of an agency.
            let closed = !entry.codes.is_empty()
                || matches!(entry.name.as_str(), "on" | "minutes" | "agency");
            assert!(closed, "{}", entry.name);
        }
    }

    #[test]
    fn r003_advice_is_counted_after_it_was_given() {
        let today = date(2026, 10, 14);
        for (on, minutes, expected) in [
            (today, 10, None),
            (date(2026, 10, 15), 10, Some("on")),
            (today, 1441, Some("minutes")),
        ] {
            let given = Given {
                on: Some(Labelled::new(on)),
                minutes: Some(Labelled::new(minutes)),
                ..Given::default()
            };
            let said = problems(&given, today);
            assert_eq!(
                said.first().map(|p| p.field.as_str()),
                expected,
                "{on} {minutes}"
            );
        }
    }

    #[test]
    fn months_are_read_whole() {
        assert_eq!(
            month("2028-02"),
            Some((date(2028, 2, 1), date(2028, 2, 29)))
        );
        for text in [
            "",
            "2026",
            "2026-13",
            "26-01",
            "2026-1",
            "2026-01-01",
            "x-y",
        ] {
            assert_eq!(month(text), None, "{text}");
        }
    }
}
