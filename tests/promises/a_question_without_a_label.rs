//! E0308: expected `&mut Option<Labelled<_, _>>`, found `&mut Option<String>`
use kernel::form::{Form, Reader, ask};
#[derive(Default)]
//- pub struct Visit { phone: Option<String> }
//+ pub struct Visit { phone: kernel::form::Answer<String, kernel::label::Survivor> }
impl Form for Visit {
    fn describe(&mut self, r: &mut impl Reader) {
        r.field(ask("phone", "Phone number"), &mut self.phone);
    }
}
