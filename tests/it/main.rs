//! The tests over the whole: one program, linked once. A file for each capability, and those over
//! everything.

#![expect(clippy::unwrap_used, reason = "a test that cannot run must fail")]

mod family;
mod support;
mod tying;

mod agencies;
mod agreements;
mod architecture;
mod cases;
mod documents;
mod everything;
mod identity;
mod mail;
mod people;
mod printing;
mod promises;
mod referral_files;
mod referrals;
mod trail;
mod users;
