//! What happened to the people of a case.

use std::collections::HashMap;

use diesel::prelude::*;
use kernel::{
    ids::UserId,
    label::{Labelled, Survivor, Workers},
    time::Instant,
};
use platform::{Result, Scope};

use super::{
    ChildDetails, ClientDetails, Details as _, OtherDetails, SurvivorDetails, access_changes,
    flags, parts, reveals, survivor_side,
    tables::{
        changes::{self, part_change},
        safe::{self, safe_contact},
    },
};
use crate::{
    cases::model::Moment,
    people::model::{Origin, PartId, PartWhat},
};

/// What happened to people of the case in hand, as workers of both lines may read it.
pub fn chronology(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    type Row = (PartId, Labelled<PartWhat, Workers>, UserId, Instant);
    let people: HashMap<PartId, Labelled<String, Workers>> = parts(scope)?
        .into_iter()
        .map(|part| (part.id, part.name))
        .collect();
    let mut moments = Vec::new();
    let changed: Vec<Row> = changes::of(scope)
        .select((
            part_change::part_id,
            part_change::what,
            part_change::recorded_by,
            part_change::recorded_at,
        ))
        .load(scope.conn())?;
    for (id, what, by, at) in changed {
        if let Some(name) = people.get(&id) {
            moments.push(Moment::entered(
                at,
                by,
                (*what.expose()).words(),
                name.clone(),
            ));
        }
    }
    for (_, id, by, at) in ClientDetails::since_opened(scope)? {
        if let Some(name) = people.get(&id) {
            moments.push(Moment::entered(
                at,
                by,
                "Contact details changed",
                name.clone(),
            ));
        }
    }
    for flag in flags(scope)? {
        moments.push(Moment::entered(
            flag.recorded_at,
            flag.recorded_by,
            "Warning for workers",
            flag.words,
        ));
        if let (Some(at), Some(by)) = (flag.lifted_at, flag.lifted_by) {
            moments.push(Moment::entered(at, by, "Warning lifted", ""));
        }
    }
    let kept = survivor_side(scope)?;
    for change in access_changes(scope)? {
        if change.worker.is_none_or(|worker| !kept.contains(&worker)) {
            moments.push(Moment::entered(
                change.at,
                change.by,
                (*change.what.expose()).words(),
                "",
            ));
        }
    }
    Ok(moments)
}

/// What happened to people of the case in hand that only the survivor line reads.
pub fn survivor_chronology(scope: &mut impl Scope) -> Result<Vec<Moment<Survivor>>> {
    let people: HashMap<PartId, Labelled<String, Survivor>> = parts(scope)?
        .into_iter()
        .map(|part| (part.id, Labelled::new(part.name.into_exposed())))
        .collect();
    let mut moments = Vec::new();
    let mut changed = SurvivorDetails::since_opened(scope)?;
    changed.extend(ChildDetails::since_opened(scope)?);
    changed.extend(OtherDetails::since_opened(scope)?);
    for (_, id, by, at) in changed {
        if let Some(name) = people.get(&id) {
            moments.push(Moment::entered(
                at,
                by,
                "Contact details changed",
                name.clone(),
            ));
        }
    }
    let agreed: Vec<(PartId, UserId, Instant)> = safe::of(scope)
        .filter(safe_contact::origin.eq(Labelled::<_, Survivor>::new(Origin::Page)))
        .select((
            safe_contact::part_id,
            safe_contact::recorded_by,
            safe_contact::recorded_at,
        ))
        .load(scope.conn())?;
    for (id, by, at) in agreed {
        if let Some(name) = people.get(&id) {
            moments.push(Moment::entered(
                at,
                by,
                "Safe contact recorded",
                name.clone(),
            ));
        }
    }
    for look in reveals(scope)? {
        moments.push(Moment::entered(
            look.at,
            look.by,
            "Looked at with a reason",
            look.reason,
        ));
    }
    Ok(moments)
}
