//! stub
pub mod store { 
use std::collections::HashMap; use kernel::{ids::{CaseId,UserId},time::Instant,label::{Labelled,Workers}}; use platform::{Result,Scope,Across};
#[derive(Clone)] pub struct Received { pub received_at: Labelled<Instant, Workers>, pub entered_at: Instant, pub held: Option<i32>, pub withdrawn: bool, pub revision: i32, pub referrer_user: Option<UserId> }
pub fn received(_: &mut impl Scope) -> Result<Option<Received>> { Ok(None) }
pub fn sender(_: &mut impl Scope) -> Result<Option<Labelled<String,Workers>>> { Ok(None) }
pub fn received_listed(_: &mut Across<'_>) -> Result<HashMap<CaseId, Received>> { Ok(HashMap::new()) }
}
