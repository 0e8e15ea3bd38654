//! Rows. Plans, texts and actions are never overwritten.

mod actions;
mod apart;
mod plans;
mod records;

use kernel::label::Survivor;
use platform::{Result, Scope};

pub use actions::*;
pub use apart::*;
pub use plans::*;
pub use records::*;

use super::{
    model::{Outcome, Version},
    rules::{Known, Review},
};
use crate::{cases::model::Moment, duties::model::Met};

/// What is known of the case in hand.
pub fn known(scope: &mut impl Scope) -> Result<Known> {
    let plans = plans(scope)?;
    let Some(last) = plans.last() else {
        return Ok(Known::default());
    };
    let written = first_written(scope)?;
    let first = plans
        .iter()
        .filter(|plan| plan.version == Version::First)
        .find_map(|plan| {
            let (_, at) = written.iter().find(|(id, _)| *id == plan.id)?;
            Some(Met::on(*plan.created_on.expose(), at.get()))
        });
    let agreements = agreements(scope)?;
    let second = plans
        .iter()
        .filter(|plan| plan.version == Version::Second)
        .find_map(|plan| both_agreed(&agreements, plan.id));
    let held = reviews(scope)?;
    let mut reviews = Vec::new();
    for plan in &plans {
        let mut due = Some(*plan.review_on.expose());
        let mut count = 0;
        for review in held.iter().filter(|review| review.plan_id == plan.id) {
            count += 1;
            reviews.push(Review {
                key: format!("{}.{count}", plan.number),
                due: *review.due_on.expose(),
                held: Some(Met::on(*review.held_on.expose(), review.recorded_at.get())),
            });
            due = review.next_on.as_ref().map(|day| *day.expose());
        }
        if let Some(due) = due.filter(|_| plan.id == last.id) {
            reviews.push(Review {
                key: format!("{}.{}", plan.number, count + 1),
                due,
                held: None,
            });
        }
    }
    let review = reviews
        .iter()
        .rev()
        .find(|review| review.held.is_none())
        .map(|review| review.due);
    let action = actions(scope, last.number)?
        .iter()
        .filter(|action| *action.outcome.expose() == Outcome::Open)
        .map(|action| *action.proposed_on.expose())
        .min();
    // What was said since the last review, or since the plan in force was made.
    let since = held
        .iter()
        .filter(|review| review.plan_id == last.id)
        .map(|review| *review.held_on.expose())
        .max()
        .unwrap_or(*last.created_on.expose());
    Ok(Known {
        first,
        second,
        review,
        reviews,
        action,
        heard: heard_since(scope, since)?,
    })
}

/// What happened, as workers of both lines may read it.
pub fn chronology(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    let mut moments = plan_moments(scope)?;
    moments.extend(record_moments(scope)?);
    moments.extend(action_moments(scope)?);
    Ok(moments)
}

/// What happened on the survivor's side.
pub fn survivor_chronology(scope: &mut impl Scope) -> Result<Vec<Moment<Survivor>>> {
    apart_moments(scope)
}
