//! What staff mail tells.

use kernel::{
    form::{Answer, Form, Reader, ask},
    label::Workers,
};

kernel::text_enum! {
    /// What a mail is about.
    pub enum MailKind {
        /// A new referral for the service.
        NewReferral = "new_referral": "Something new has come in",
        /// A case was given to the user.
        Allocation = "allocation": "Something has been given to me",
        /// The service has answered the user's referral.
        Acknowledgement = "acknowledgement": "The service has answered",
        /// Something falls due.
        DueSoon = "due_soon": "Something is due soon",
        /// The user is invited.
        Invitation = "invitation": "Invitation",
        /// The user's account was reset by a manager.
        Reset = "reset": "Reset",
        /// The user's password or second factor was changed.
        AccountChanged = "account_changed": "Account changed",
    }
}

impl MailKind {
    /// The kinds that a user may choose about; the others concern the account and always go out.
    pub const CHOSEN: [Self; 4] = [
        Self::NewReferral,
        Self::Allocation,
        Self::Acknowledgement,
        Self::DueSoon,
    ];

    /// The subject. It says nothing of what the service is about, nor of whom.
    pub const fn subject(self) -> &'static str {
        match self {
            Self::NewReferral => "Something new has come in",
            Self::Allocation => "Something has been given to you",
            Self::Acknowledgement => "There is an answer for you",
            Self::DueSoon => "Something is due soon",
            Self::Invitation => "Your account: choose a password",
            Self::Reset => "Your account was reset: choose a new password",
            Self::AccountChanged => "Your account was changed",
        }
    }

    /// What holds until the user chooses.
    pub const fn by_default(self) -> Choice {
        match self {
            Self::DueSoon => Choice::Morning,
            _ => Choice::AtOnce,
        }
    }
}

kernel::text_enum! {
    /// When a user wants to be told.
    pub enum Choice {
        /// At once.
        AtOnce = "at_once": "At once",
        /// In one mail on the next working day.
        Morning = "morning": "In one mail at 8am on the next working day",
        /// Not by mail.
        Never = "never": "Not by mail",
    }
}

/// What a user chooses, in the order of [`MailKind::CHOSEN`].
#[derive(Debug, Default)]
pub struct Choices {
    /// About something new.
    pub new_referral: Answer<Choice, Workers>,
    /// About what was given to her.
    pub allocation: Answer<Choice, Workers>,
    /// About an answer.
    pub acknowledgement: Answer<Choice, Workers>,
    /// About what is due.
    pub due_soon: Answer<Choice, Workers>,
}
impl Form for Choices {
    fn describe(&mut self, r: &mut impl Reader) {
        let about = |kind: MailKind| ask(kind.code(), kind.words()).required();
        r.field(about(MailKind::NewReferral), &mut self.new_referral);
        r.field(about(MailKind::Allocation), &mut self.allocation);
        r.field(about(MailKind::Acknowledgement), &mut self.acknowledgement);
        r.field(about(MailKind::DueSoon), &mut self.due_soon);
    }
}
