//! Cusp: a case record for programmes run by several agencies together.
//!
//! Each folder is a capability: its pages, its rules, its rows. `ARCHITECTURE.md` has the map.

pub mod account;
pub mod acknowledgements;
pub mod advice;
pub mod agencies;
pub mod agreements;
pub mod allocations;
pub mod cases;
pub mod closures;
pub mod consultations;
pub mod contacts;
pub mod demo;
pub mod duties;
pub mod engagement;
pub mod interventions;
pub mod mail;
pub mod participation;
pub mod people;
pub mod plans;
pub mod printing;
pub mod referrals;
pub mod risks;
pub mod screens;
pub mod settings;
pub mod shell;
pub mod sign_in;
pub mod suitability;
pub mod supervision;
pub mod trail;
pub mod users;

use std::time::Duration;

use kernel::form::{Dictionary, Entry};
use platform::{App, Hooks, Routes};

/// Everything that is mounted.
pub fn routes() -> Routes {
    Routes::new()
        .and(shell::routes())
        .and(referrals::web::routes())
        .and(printing::web::routes())
        .and(advice::web::routes())
        .and(duties::web::routes())
        .and(allocations::web::routes())
        .and(acknowledgements::web::routes())
        .and(account::web::routes())
        .and(sign_in::web::routes())
        .and(agencies::routes())
        .and(agreements::routes())
        .and(trail::routes())
        .and(users::web::routes())
        .and(people::web::routes())
        .and(cases::web::routes())
        .and(consultations::web::routes())
        .and(risks::web::routes())
        .and(suitability::web::routes())
        .and(participation::web::routes())
        .and(plans::web::routes())
        .and(interventions::web::routes())
        .and(contacts::web::routes())
        .and(engagement::web::routes())
        .and(supervision::web::routes())
        .and(closures::web::routes())
        .and(screens::web::routes())
        .and(settings::web::routes())
}

/// What the capabilities add to the platform.
pub fn hooks() -> Hooks {
    Hooks {
        keep: duties::kept::keep,
        error_page: shell::error_page,
    }
}

/// The rules with their functions and tests, generated and compared by a test.
pub const RULES: &str = include_str!("../docs/rules.csv");

/// Every form with its fields, for the data dictionary.
pub fn each_form(tell: &mut dyn FnMut(&'static str, Vec<Entry>)) {
    tell("Referral", Dictionary::of::<referrals::model::Referral>());
    tell(
        "Referral taken by the service",
        Dictionary::of::<referrals::model::Taken>(),
    );
    tell(
        "Correction of a referral",
        Dictionary::of::<referrals::model::Amended>(),
    );
    tell(
        "Why a referral is withdrawn, or taken while held",
        Dictionary::of::<referrals::model::Because>(),
    );
    tell(
        "Why a referral is revealed",
        Dictionary::of::<referrals::model::Looking>(),
    );
    tell(
        "Advice before referral",
        Dictionary::of::<advice::model::Given>(),
    );
    tell(
        "Allocation",
        Dictionary::of::<allocations::model::NewAllocation>(),
    );
    tell(
        "Waiting list",
        Dictionary::of::<allocations::model::NewWait>(),
    );
    tell(
        "Hand over or cover",
        Dictionary::of::<allocations::model::NewHandover>(),
    );
    tell(
        "Acknowledgement",
        Dictionary::of::<acknowledgements::model::NewAcknowledgement>(),
    );
    tell(
        "Ask to waive a duty",
        Dictionary::of::<duties::model::NewWaiver>(),
    );
    tell(
        "Decide about a waiver",
        Dictionary::of::<duties::model::NewDecision>(),
    );
    people::each_form(tell);
    cases::each_form(tell);
    consultations::each_form(tell);
    risks::each_form(tell);
    suitability::each_form(tell);
    participation::each_form(tell);
    plans::each_form(tell);
    interventions::each_form(tell);
    contacts::each_form(tell);
    engagement::each_form(tell);
    supervision::each_form(tell);
    closures::each_form(tell);
    settings::each_form(tell);
}

/// The question that a field asks, whatever form it is of: `children.2.name` is asked as
/// `children.*.name`.
pub fn question_of(name: &str) -> Option<&'static str> {
    let plain: Vec<&str> = name
        .split('.')
        .map(|part| {
            if part.bytes().all(|b| b.is_ascii_digit()) {
                "*"
            } else {
                part
            }
        })
        .collect();
    let plain = plain.join(".");
    let mut question = None;
    each_form(&mut |_, entries| {
        question = question.or(entries.iter().find(|e| e.name == plain).map(|e| e.question));
    });
    question
}

/// Every route with its guard and permission, one on a line or as JSON.
pub fn routes_listed(json: bool) -> String {
    let routes = routes();
    if json {
        let list: Vec<_> = routes
            .list()
            .iter()
            .map(|route| {
                serde_json::json!({
                    "method": route.method,
                    "path": route.path,
                    "guard": route.guard,
                    "permission": route.permission(),
                })
            })
            .collect();
        return serde_json::Value::Array(list).to_string();
    }
    let lines: Vec<_> = routes
        .list()
        .iter()
        .map(|route| {
            format!(
                "{:<5} {:<46} {:<9} {}",
                route.method,
                route.path,
                route.guard,
                route.permission()
            )
        })
        .collect();
    lines.join("\n")
}

/// What is done beside serving: mail goes out, what has ended is dropped, overdue duties are noted.
pub async fn chores(app: App) {
    const EVERY: Duration = Duration::from_mins(10);
    let mail = tokio::spawn(mail::deliver_forever(app.clone()));
    loop {
        if let Err(error) = platform::identity::prune(&app).await {
            tracing::warn!(%error, "what has ended was not dropped");
        }
        // Before what is overdue is noted: whose a duty is may change with it.
        if let Err(error) = app.end_lapsed_ties(users::rules::ties_ending).await {
            tracing::warn!(%error, "ties of roles that ended were not ended");
        }
        if let Err(error) = app.note_overdue().await {
            tracing::warn!(%error, "overdue duties were not noted");
        }
        if mail.is_finished() {
            tracing::error!("the outbox is no longer delivered");
        }
        tokio::time::sleep(EVERY).await;
    }
}

// Last, because the tests of the architecture read a file up to where its tests begin.
#[cfg(test)]
mod testing;
