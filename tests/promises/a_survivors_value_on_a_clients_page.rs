//! E0277: a value labelled `kernel::label::Survivor` may not reach `TheClient`
use kernel::label::{Client, For, Labelled, Survivor, TheClient};
platform::rows! { pub struct Row for TheClient { phone: For<TheClient, String> } }
//- pub fn row(phone: Labelled<String, Survivor>) -> Row { Row { phone: phone.show() } }
//+ pub fn row(phone: Labelled<String, Client>) -> Row { Row { phone: phone.show() } }
pub type Both = (Client, Survivor);
