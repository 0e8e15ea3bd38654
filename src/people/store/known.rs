//! Whether somebody is known in another case, and the search of lists. What crosses cases says so,
//! and gives back nothing but ids.

use std::collections::BTreeSet;

use diesel::prelude::*;
use jiff::civil::Date;
use kernel::{
    ids::CaseId,
    label::{Labelled, Workers},
    plain::Plain,
};
use platform::{Failed, Result, Scope, Tx, db::Conn, schema::casefile as frames};

use super::{
    parts as people_of,
    tables::{
        hints::{self, match_hint},
        parts::part,
        words::name_word,
    },
};
use crate::people::{
    model::{Born, BornKind, MatchHintId, Part, PartId, PartRole},
    rules,
};

/// Other cases in which somebody of the case in hand may be known: the same name however it is
/// written, and a date of birth that does not contradict it, as client or survivor of either.
///
/// What this gives is for the one decision about each of them ([`platform::Case::also`]) and for a
/// count; it is shown to nobody as it is.
pub fn matching_cases(scope: &mut impl Scope) -> Result<Vec<CaseId>> {
    type Row = (
        CaseId,
        Labelled<String, Workers>,
        Labelled<BornKind, Workers>,
        Option<Labelled<Date, Workers>>,
    );
    let ours: Vec<(Labelled<String, Workers>, Part)> = people_of(scope)?
        .into_iter()
        .filter(|part| matches!(part.role, PartRole::Client | PartRole::Survivor))
        .map(|part| (part.name.map(|name| rules::name_key(name)), part))
        .filter(|(key, _)| !key.expose().is_empty())
        .collect();
    if ours.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<_> = ours.iter().map(|(key, _)| key.clone()).collect();
    let roles = [PartRole::Client, PartRole::Survivor].map(Labelled::<_, Workers>::new);
    let case = scope.case();
    // crosses cases: somebody known elsewhere can only be found elsewhere. It reads name keys and
    // dates of birth, gives back ids alone, and no page shows an id that its reader may not open.
    let rows: Vec<Row> = part::table
        .filter(part::name_key.eq_any(keys))
        .filter(part::case_id.ne(case))
        .filter(part::role.eq_any(roles))
        .select((
            part::case_id,
            part::name_key,
            part::born_kind,
            part::born_day,
        ))
        .load(scope.conn())?;
    let found: BTreeSet<CaseId> = rows
        .into_iter()
        .filter(|(_, key, kind, day)| {
            let theirs = Born {
                kind: *kind.expose(),
                day: day.as_ref().map(|day| *day.expose()),
                words: None,
            };
            ours.iter().any(|(our_key, part)| {
                our_key == key && rules::birth_compatible(part.born.expose(), &theirs)
            })
        })
        .map(|(case, _, _, _)| case)
        .collect();
    Ok(found.into_iter().collect())
}

/// In how many other cases somebody of the case in hand may be known, without telling which, and
/// notes whether there are any for intake and oversight. To be called when people are written.
pub fn possible_matches(tx: &mut Tx<'_>) -> Result<usize, Failed> {
    let count = matching_cases(tx)?.len();
    let (case, now) = (tx.case(), tx.now());
    diesel::delete(hints::of(tx)).execute(tx.conn())?;
    diesel::insert_into(match_hint::table)
        .values((
            match_hint::id.eq(MatchHintId::new()),
            match_hint::case_id.eq(case),
            match_hint::known.eq(Labelled::<_, Workers>::new(i32::from(count > 0))),
            match_hint::recorded_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(count)
}

/// Whether somebody of the case in hand was known in another case when people were last written.
pub fn is_known_elsewhere(scope: &mut impl Scope) -> Result<bool> {
    let known: i64 = hints::of(scope)
        .filter(match_hint::known.eq(Labelled::<_, Workers>::new(1)))
        .count()
        .get_result(scope.conn())?;
    Ok(known > 0)
}

/// The cases in which somebody bears all the words of a name, or whose client's papers carry the
/// reference. A list shows those of them that it would show anyway ([`platform::Search`]).
pub fn find_cases(conn: &mut Conn, typed: &str) -> Result<Vec<CaseId>> {
    let reference = typed.trim().to_uppercase();
    let by_reference = frames::table
        .filter(
            frames::client_reference
                .eq_any([Plain::new(reference.clone()), Plain::new(typed.trim())]),
        )
        .select(frames::id)
        .load(conn)?;
    find_by_name(conn, typed, by_reference)
}

/// The same for workers of the survivor line, whose letters carry the survivor's reference. The
/// client line cannot search by it: it would join the two.
pub fn find_cases_for_survivor_line(conn: &mut Conn, typed: &str) -> Result<Vec<CaseId>> {
    let reference = typed.trim().to_uppercase();
    let by_reference = frames::table
        .filter(
            frames::survivor_reference
                .eq_any([Plain::new(reference.clone()), Plain::new(typed.trim())]),
        )
        .select(frames::id)
        .load(conn)?;
    let mut found = find_cases(conn, typed)?;
    found.extend::<Vec<CaseId>>(by_reference);
    Ok(found)
}

fn find_by_name(conn: &mut Conn, typed: &str, found: Vec<CaseId>) -> Result<Vec<CaseId>> {
    let mut all: BTreeSet<CaseId> = found.into_iter().collect();
    let mut bearing: Option<BTreeSet<(CaseId, PartId)>> = None;
    for word in rules::search_words(typed, None) {
        // crosses cases: a search begins with a word and not with a case. It gives back ids, and
        // a list shows only those that it would show without the search.
        let rows: Vec<(CaseId, PartId)> = name_word::table
            .filter(name_word::word.eq(Labelled::<_, Workers>::new(word)))
            .select((name_word::case_id, name_word::part_id))
            .load(conn)?;
        let rows: BTreeSet<_> = rows.into_iter().collect();
        bearing = Some(match bearing {
            Some(before) => before.intersection(&rows).copied().collect(),
            None => rows,
        });
    }
    all.extend(
        bearing
            .unwrap_or_default()
            .into_iter()
            .map(|(case, _)| case),
    );
    Ok(all.into_iter().collect())
}
