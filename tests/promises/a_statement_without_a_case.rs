//! E0277: Scope` is not satisfied
//- pub fn read(scope: &mut platform::Office<'_>) { let _ = cusp::acknowledgements::store::of_case(scope); }
//+ pub fn read(scope: &mut platform::Reading<'_>) { let _ = cusp::acknowledgements::store::of_case(scope); }
