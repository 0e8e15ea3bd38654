//! E0277: a value labelled `kernel::label::Restricted` may not reach
use kernel::label::{For, Labelled, Named, Restricted, SurvivorLine};
pub fn page(advice: Labelled<String, Restricted>, named: &Named) -> For<SurvivorLine, String> {
    let _ = named;
    //- advice.show()
    //+ advice.show_to(named)
}
