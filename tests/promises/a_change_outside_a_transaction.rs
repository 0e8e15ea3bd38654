//! E0308: expected `&mut Tx<'_>`
use cusp::acknowledgements::store::{Acknowledgement, add};
//- pub fn write(scope: &mut platform::Reading<'_>, row: &Acknowledgement) { let _ = add(scope, row); }
//+ pub fn write(scope: &mut platform::Tx<'_>, row: &Acknowledgement) { let _ = add(scope, row); }
