//! One's own account: who I am here, my password and second factor, my sessions, my mail.

pub mod web;
