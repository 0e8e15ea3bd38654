//! The pages of one's own account.

use kernel::{label::Office, plain::Plain};
use platform::{Own, Page, Routes};

use crate::shell::Frame;

/// The account.
pub fn routes() -> Routes {
    Routes::new().get("/account", account)
}

platform::page! {
    /// The account.
    struct AccountPage for Office, "account/account.html" {
        frame: Frame,
        name: Plain,
        agency: Plain,
        roles: Plain,
    }
}

async fn account(own: Own) -> Page<AccountPage> {
    let session = own.session();
    Page(AccountPage {
        frame: Frame::new(session, own.app(), "/account"),
        name: session.name.clone(),
        agency: session.agency_name.clone(),
        roles: Plain::new(session.roles_words()),
    })
}
