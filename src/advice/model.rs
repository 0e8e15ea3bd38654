//! What is counted of advice.

use jiff::civil::Date;
use kernel::{
    form::{Answer, ControlKind, Form, Many, Reader, YesNo, ask},
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
    /// Whether a family was talked through, as in a consultation.
    pub consultation: Answer<YesNo, Client>,
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
        r.field(
            ask("consultation", "Was it a consultation?").hint(
                "Yes, if a family was talked through without being named. It is then counted with the consultations.",
            ),
            &mut self.consultation,
        );
    }
}

impl Given {
    /// Whether a family was talked through, as in a consultation; not, unless it is said.
    pub fn is_consultation(&self) -> bool {
        let said = self.consultation.as_ref().map(Labelled::expose);
        said == Some(&YesNo::Yes)
    }

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
