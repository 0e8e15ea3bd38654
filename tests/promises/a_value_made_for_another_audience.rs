//! E0308: expected `For<ClientLine, String>`, found `For<SurvivorLine, String>`
use kernel::label::{ClientLine, For, Labelled, SurvivorLine, Workers};
platform::rows! { pub struct Row for ClientLine { name: For<ClientLine, String> } }
//- pub fn row(name: Labelled<String, Workers>) -> Row { Row { name: name.show::<SurvivorLine>() } }
//+ pub fn row(name: Labelled<String, Workers>) -> Row { Row { name: name.show::<ClientLine>() } }
pub type Other = SurvivorLine;
