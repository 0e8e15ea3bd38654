//! The tests over the whole: one program, linked once. A file for each capability, and those over
//! everything.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::too_many_lines,
    reason = "a test that cannot run must fail, and a story is told in one piece"
)]

mod consultations;
mod risks;
mod supervision;

mod family;
mod pairs;
mod support;
mod tying;

mod agencies;
mod agreements;
mod architecture;
mod bad_days;
mod cases;
mod closures;
mod contacts;
mod documents;
mod engagement;
mod everything;
mod failing;
mod identity;
mod interventions;
mod leaving;
mod mail;
mod opening;
mod participation;
mod people;
mod plan_versions;
mod plans;
mod printing;
mod promises;
mod referral_files;
mod referrals;
mod settings;
mod suitability;
mod trail;
mod two_worlds;
mod users;
