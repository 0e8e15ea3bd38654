//! E0277: `String` may not stand in an output for `TheClient`
use kernel::label::{For, TheClient};
//- platform::rows! { pub struct Row for TheClient { note: String } }
//+ platform::rows! { pub struct Row for TheClient { note: For<TheClient, String> } }
pub type Kept = For<TheClient, String>;
