//! E0308: expected `Labelled<String, Workers>`, found `Labelled<String, Survivor>`
use kernel::label::{Labelled, Release, Survivor, Workers};
pub fn for_both_lines(address: Labelled<String, Survivor>, release: &Release<Survivor>) -> Labelled<String, Workers> {
    let _ = release;
    //- address
    //+ address.release(release)
}
