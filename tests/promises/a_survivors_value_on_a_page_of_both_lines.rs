//! E0277: a value labelled `kernel::label::Survivor` may not reach `kernel::label::ClientLine`
use kernel::label::{ClientLine, For, Labelled, Survivor, Workers};
platform::rows! { pub struct Row for ClientLine { phone: For<ClientLine, String> } }
//- pub fn row(phone: Labelled<String, Survivor>) -> Row { Row { phone: phone.show() } }
//+ pub fn row(phone: Labelled<String, Workers>) -> Row { Row { phone: phone.show() } }
pub type Both = (Workers, Survivor);
