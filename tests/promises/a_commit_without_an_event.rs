//! E0308: mismatched types
use cusp::acknowledgements::{Acknowledge, Event};
use platform::Failed;
pub async fn silent(case: platform::Case<Acknowledge>, id: cusp::acknowledgements::model::AcknowledgementId) {
    //- let _ = case.change(move |_| -> Result<(Event, ()), Failed> { Ok(()) }).await;
    //+ let _ = case.change(move |_| -> Result<(Event, ()), Failed> { Ok((Event::Acknowledged(id), ())) }).await;
}
