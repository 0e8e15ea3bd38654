//! Session mode: while the client can see the screen the server sends `Client` fields only, on every
//! route, until the worker signs in again (`design.md` 5).

pub mod web;

use kernel::access::Tie;

/// Who sits with the client.
const WITH_CLIENT: &[Tie] = &[Tie::ClientLine, Tie::ClientSupervisor, Tie::LeadWorker];

platform::permission! {
    /// See what the client may see of a case.
    pub See = "screens.see", Client, ties WITH_CLIENT;
    /// Show the screen to the client.
    pub Show = "screens.show", Client, ties WITH_CLIENT, changes;
}

/// What happens to the screen.
#[derive(Debug)]
pub enum Event {
    /// The screen was shown to the client.
    Shown,
}

impl platform::Event for Event {
    fn name(&self) -> &'static str {
        "screen shown to the client"
    }
    fn item(&self) -> String {
        String::new()
    }
}
