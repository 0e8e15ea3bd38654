//! The forms of one's own account.

use kernel::{
    form::{Answer, ControlKind, Form, Reader, ask},
    label::Workers,
};

use crate::sign_in::model::describe_new_password;

/// The old password and the new one.
#[derive(Debug, Default)]
pub struct ChangePassword {
    password: Answer<String, Workers>,
    new_password: Answer<String, Workers>,
    again: Answer<String, Workers>,
}
impl Form for ChangePassword {
    fn describe(&mut self, r: &mut impl Reader) {
        let old = ask("password", "Password now").required().max(1000);
        r.field(old.kind(ControlKind::Password), &mut self.password);
        describe_new_password(r, &mut self.new_password, &mut self.again);
    }
}

/// Password and code, before what an open session alone must not do.
#[derive(Debug, Default)]
pub struct Proof {
    password: Answer<String, Workers>,
    code: Answer<String, Workers>,
}
impl Form for Proof {
    fn describe(&mut self, r: &mut impl Reader) {
        let password = ask("password", "Password").required().max(1000);
        r.field(password.kind(ControlKind::Password), &mut self.password);
        let code = ask("code", "Code").required().max(40);
        let code = code.hint("From your authenticator app, or a recovery code");
        r.field(code.kind(ControlKind::Code), &mut self.code);
    }
}
