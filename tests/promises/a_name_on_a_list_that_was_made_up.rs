//! E0603: tuple struct constructor `Named` is private
pub fn named() -> kernel::label::Named {
    //- kernel::label::Named(())
    //+ kernel::access::named(kernel::ids::UserId::new(), &[]).unwrap()
}
