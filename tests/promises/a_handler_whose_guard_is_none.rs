//! E0277: is no guard
//- async fn open(_: axum::http::Method) -> &'static str { "everything" }
//+ async fn open(_: platform::Own) -> &'static str { "everything" }
pub fn routes() -> platform::Routes { platform::Routes::new().get("/cases", open) }
