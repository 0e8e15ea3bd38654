//! The confirmation and its form.

use jiff::civil::Date;
use kernel::{
    form::{Answer, Form, Reader, ask},
    label::Workers,
};

kernel::ids! {
    /// A confirmation that a referral was received.
    AcknowledgementKind => AcknowledgementId,
}

kernel::text_enum! {
    /// How a referrer is told, and how a consultation is held. guidance-pack-2020.md 131: by
    /// telephone or another suitable and secure video platform.
    pub enum How {
        /// In Cusp, where the referrer has an account.
        Here = "here": "In Cusp",
        /// By telephone.
        Telephone = "telephone": "Telephone",
        /// By secure e-mail.
        Email = "email": "Secure e-mail",
        /// On paper.
        Letter = "letter": "Printed letter",
    }
}

kernel::text_enum! {
    /// How the consultation will be held.
    pub enum Meeting {
        /// By telephone.
        Telephone = "telephone": "Telephone",
        /// By video.
        Video = "video": "Secure video",
        /// In one room.
        InPerson = "in_person": "In person",
    }
}

/// Confirms receipt.
#[derive(Debug, Default)]
pub struct NewAcknowledgement {
    /// The day on which the referrer was told.
    pub confirmed_on: Answer<Date, Workers>,
    /// How the referrer was told.
    pub how: Answer<How, Workers>,
    /// By when the consultation will be held.
    pub consultation_on: Answer<Date, Workers>,
    /// How the consultation will be held.
    pub meeting: Answer<Meeting, Workers>,
    /// What happens next, in words for the referrer.
    pub timeline: Answer<String, Workers>,
}

impl Form for NewAcknowledgement {
    fn describe(&mut self, r: &mut impl Reader) {
        r.section("acknowledgement", "Confirm receipt");
        r.field(
            ask("confirmed_on", "When did you tell the referrer?")
                .required()
                .hint("Today, or the day you told them if you record it later."),
            &mut self.confirmed_on,
        );
        r.field(
            ask("how", "How did you tell them?").required(),
            &mut self.how,
        );
        r.field(
            ask("consultation_on", "By when will the consultation be held?").required(),
            &mut self.consultation_on,
        );
        r.field(
            ask("meeting", "How will it be held?").required(),
            &mut self.meeting,
        );
        r.field(
            ask("timeline", "What else should the referrer know?")
                .area()
                .max(2000)
                .hint("The referrer reads this. Times that suit, whom to ring."),
            &mut self.timeline,
        );
    }
}
