//! E0599: the method `change` exists
use cusp::acknowledgements::{Acknowledge, Event, Read};
use platform::{Case, Failed};
//- type Held = Case<Read>;
//+ type Held = Case<Acknowledge>;
pub async fn sly(case: Held, id: cusp::acknowledgements::model::AcknowledgementId) {
    let _ = case.change(move |_| -> Result<_, Failed> { Ok((Event::Acknowledged(id), ())) }).await;
    let _ = std::any::type_name::<(Read, Acknowledge)>();
}
