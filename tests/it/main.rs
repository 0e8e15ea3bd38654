//! The tests over the whole: one program, linked once. A file for each capability, and those over
//! everything.

#![expect(clippy::unwrap_used, reason = "a test that cannot run must fail")]

mod support;

mod architecture;
mod documents;
mod everything;
mod promises;
mod identity;
mod printing;
mod referral_files;
mod referrals;
mod tying;
mod agencies;
mod agreements;
mod trail;
mod cases;
mod mail;
mod printing;
mod referral_files;
mod users;
