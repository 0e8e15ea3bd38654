//! E0277: this handler does not say who may call it
//- async fn open() -> &'static str { "everything" }
//+ async fn open(_: platform::Public) -> &'static str { "everything" }
pub fn routes() -> platform::Routes { platform::Routes::new().get("/cases", open) }
