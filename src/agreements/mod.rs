//! stub
pub async fn notices_for<P: platform::Permission>(_: &platform::Caseload<P>) -> platform::Result<Vec<kernel::plain::Plain>> { Ok(vec![]) }
