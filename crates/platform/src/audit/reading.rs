//! Who reads the trail, and how much of it.
//!
//! There are three ways, each through the guard that bounds it: a case's supervisors read what was
//! done on that case, everybody reads what they did themselves, and the information governance
//! officer reads all of it without what would tell which case a row is about. Only a permission
//! that [`Audits`] reads others' rows, and reading is itself a row.

use std::collections::{BTreeMap, HashMap};

use diesel::{expression::AsExpression, prelude::*};
use jiff::civil::Date;
use kernel::{
    access::{Needs, Sees, Tie},
    ids::{CaseId, StreamId, UserId},
    label::{Audience, Label, Labelled, Shows, Survivor, Workers},
    plain::Plain,
    time::{Day, Instant, london},
};

use super::{Entry, Key, Said};
use crate::{
    Audits, Case, Own, Result, Scope as _, Service, audit,
    db::{Backend, Conn},
    schema::{agency, app_user, audit as rows, casefile, tie},
    sql::SqlPlain,
};

/// An operator that both engines know.
mod like {
    diesel::infix_operator!(Like, " LIKE ");
}

kernel::text_enum! {
    /// What a row of the trail says, roughly.
    pub enum Kind {
        /// A page was opened.
        Seen = "seen": "Seen",
        /// A list showed the case.
        Listed = "listed": "Shown in a list",
        /// Something was done.
        Changed = "changed": "Changed",
        /// Somebody asked for what they may not have, or for what is not there.
        Refused = "refused": "Refused",
    }
}

impl Kind {
    /// The kind of a row with this event.
    pub fn of(event: &str) -> Self {
        match event {
            "seen" => Self::Seen,
            "listed" => Self::Listed,
            "refused" => Self::Refused,
            _ => Self::Changed,
        }
    }
}

/// Which rows are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// Only rows of this kind.
    pub kind: Option<Kind>,
    /// Only what this user did.
    pub actor: Option<UserId>,
    /// Only this event, by its exact name.
    pub event: Option<Plain>,
    /// From this London day on.
    pub from: Option<Date>,
    /// Up to and with this London day.
    pub until: Option<Date>,
    /// The key after which to go on, from [`Found::more`].
    pub after: Option<String>,
    /// The most rows.
    pub limit: i64,
}

impl Ask {
    /// The names of what was asked for, for the row that says so.
    fn names(&self) -> String {
        let names = [
            ("kind", self.kind.is_some()),
            ("actor", self.actor.is_some()),
            ("event", self.event.is_some()),
            ("from", self.from.is_some()),
            ("until", self.until.is_some()),
        ];
        let asked: Vec<&str> = names
            .iter()
            .filter_map(|(name, asked)| asked.then_some(*name))
            .collect();
        asked.join(",")
    }
}

/// One row of the trail, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: UserId,
    /// The name of who.
    pub name: Plain,
    /// The agency of who.
    pub agency: Plain,
    /// With which permission.
    pub permission: Plain,
    /// What happened.
    pub event: Plain,
    /// What kind of row it is.
    pub kind: Kind,
    /// Why it was refused; else empty.
    pub why: Plain,
    /// The label of what it is about.
    pub label: Plain,
    /// Which chain it stands on, as a number that leads nowhere.
    pub chain: Plain,
    /// Its place in the chain.
    pub seq: i64,
}
impl<A: Audience> Shows<A> for Trace {}

/// One row of what the reader did, with the case it was about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mine {
    /// The row.
    pub trace: Trace,
    /// The case, if it was about one.
    pub case: Option<CaseId>,
    /// The case's reference for the line on which the reader is, or was.
    pub reference: Plain,
    /// How many cases a list showed.
    pub listed: usize,
}
impl<A: Audience> Shows<A> for Mine {}

/// A page of rows, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T, P = (UserId, Plain)> {
    /// The rows.
    pub rows: Vec<T>,
    /// The key of the next page, if there is one.
    pub more: Option<String>,
    /// Whose rows there are, by name, for the filter.
    pub people: Vec<P>,
}

/// What a check found, with chains by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Chains looked at.
    pub chains: usize,
    /// Rows looked at.
    pub rows: usize,
    /// Checkpoint lines compared.
    pub marks: usize,
    /// What is wrong.
    pub found: Vec<Plain>,
}

type Query = rows::BoxedQuery<'static, Backend>;

/// The instant at which a London day begins.
fn start_of(day: Date) -> Option<Instant> {
    let midnight = day.to_zoned(london()).ok()?;
    Some(Instant::new(midnight.timestamp()))
}

fn narrowed(mut query: Query, ask: &Ask) -> Query {
    query = match ask.kind {
        Some(Kind::Changed) => {
            query.filter(rows::event.ne_all(["seen", "listed", "refused"].map(Plain::new)))
        }
        Some(kind) => query.filter(rows::event.eq(Plain::new(kind.code()))),
        None => query,
    };
    if let Some(actor) = ask.actor {
        query = query.filter(rows::actor.eq(actor));
    }
    if let Some(event) = &ask.event {
        query = query.filter(rows::event.eq(event.clone()));
    }
    if let Some(from) = ask.from.and_then(start_of) {
        query = query.filter(rows::at.ge(from));
    }
    if let Some(end) = ask.until.and_then(|day| start_of(day.tomorrow().ok()?)) {
        query = query.filter(rows::at.lt(end));
    }
    query
}

/// One page, newest first, with the key of the next.
fn page(
    conn: &mut Conn,
    mut query: Query,
    ask: &Ask,
) -> Result<(Vec<Entry>, Option<String>), diesel::result::Error> {
    if let Some((at, stream, shown)) = ask.after.as_deref().and_then(read_key) {
        let here = rows::at.eq(at).and(rows::stream.le(stream));
        // What was shown of this very instant and chain comes first again.
        query = query.filter(rows::at.lt(at).or(here)).offset(shown);
    }
    let limit = ask.limit.clamp(1, 20_000);
    let mut found: Vec<Entry> = query
        .order((rows::at.desc(), rows::stream.desc(), rows::seq.desc()))
        .limit(limit.saturating_add(1))
        .select(Entry::as_select())
        .load(conn)?;
    let most = usize::try_from(limit).unwrap_or(50);
    let more = (found.len() > most).then(|| {
        found.truncate(most);
        key_of(&found)
    });
    Ok((found, more))
}

/// The last row by its instant and chain, and how many of the page share both. Its number in the
/// chain would tell how many rows of the other side lie between.
fn key_of(found: &[Entry]) -> String {
    let Some(last) = found.last() else {
        return String::new();
    };
    let shown = found
        .iter()
        .rev()
        .take_while(|entry| entry.at == last.at && entry.stream == last.stream)
        .count();
    format!("{}_{}_{shown}", last.at.get().as_microsecond(), last.stream)
}

fn read_key(key: &str) -> Option<(Instant, StreamId, i64)> {
    let mut parts = key.split('_');
    let at = jiff::Timestamp::from_microsecond(parts.next()?.parse().ok()?).ok()?;
    let stream = parts.next()?.parse().ok()?;
    Some((Instant::new(at), stream, parts.next()?.parse().ok()?))
}

/// Name and agency of users.
fn names(
    conn: &mut Conn,
    users: Vec<UserId>,
) -> Result<HashMap<UserId, (Plain, Plain)>, diesel::result::Error> {
    let found: Vec<(UserId, Plain, Plain)> = app_user::table
        .inner_join(agency::table)
        .filter(app_user::id.eq_any(users))
        .select((app_user::id, app_user::name, agency::name))
        .load(conn)?;
    Ok(found
        .into_iter()
        .map(|(user, name, agency)| (user, (name, agency)))
        .collect())
}

fn traces(
    conn: &mut Conn,
    key: &Key,
    entries: &[Entry],
) -> Result<Vec<Trace>, diesel::result::Error> {
    let mut users: Vec<UserId> = entries.iter().map(|entry| entry.actor).collect();
    users.sort_unstable();
    users.dedup();
    let names = names(conn, users)?;
    Ok(entries
        .iter()
        .map(|entry| {
            let kind = Kind::of(entry.event.as_str());
            let (name, agency) = names.get(&entry.actor).cloned().unwrap_or_default();
            Trace {
                at: entry.at,
                actor: entry.actor,
                name,
                agency,
                permission: entry.permission.clone(),
                event: entry.event.clone(),
                kind,
                why: if kind == Kind::Refused {
                    entry.fields.clone()
                } else {
                    Plain::default()
                },
                label: entry.label.clone(),
                chain: number_of(key, entry.stream),
                seq: entry.seq,
            }
        })
        .collect())
}

/// A short number for a chain. It is keyed, because the chain of a case has the id of the case.
fn number_of(key: &Key, stream: StreamId) -> Plain {
    let sealed = key.seal(&["chain number", &stream.to_string()]);
    Plain::new(sealed.chars().take(8).collect::<String>())
}

/// How far back lists are searched for one case: a list names its cases in one text, which no
/// index can search.
pub const LISTED_DAYS: i64 = 31;

/// The rows about a case that a reader with these needs may see.
///
/// Who supports the survivor is itself `Survivor`. So a reader outside the survivor's side gets
/// neither rows with that label nor any row of whoever holds or held the survivor line, not even
/// that they opened a page which both lines may open; and nothing shows that there is less.
fn about_case(
    conn: &mut Conn,
    case: CaseId,
    needs: Needs,
    now: Instant,
    ask: &Ask,
) -> Result<Query> {
    let stream = StreamId::from_uuid(case.uuid());
    let mut query = rows::table.into_boxed::<Backend>();
    query = if ask.kind == Some(Kind::Listed) {
        let pattern = AsExpression::<SqlPlain>::as_expression(Plain::new(format!("%{case}%")));
        let holds = like::Like::new(rows::item, pattern);
        query
            .filter(rows::event.eq(Plain::new("listed")))
            .filter(rows::at.ge(now.plus_seconds(-LISTED_DAYS * 24 * 3600)))
            .filter(holds)
    } else {
        let refused = rows::event
            .eq(Plain::new("refused"))
            .and(rows::item.eq(Plain::new(case.to_string())));
        query.filter(rows::stream.eq(stream).or(refused))
    };
    let open: &[Sees] = if needs.label.reading_is_audited_first() {
        &[Sees::Client, Sees::Workers, Sees::Survivor, Sees::Child]
    } else {
        &[Sees::Client, Sees::Workers]
    };
    query = query.filter(rows::label.eq_any(open.iter().map(|label| Plain::new(label.name()))));
    if !open.contains(&Sees::Survivor) {
        let kinds = [Tie::SurvivorLine, Tie::SurvivorSupervisor];
        let unseen: Vec<UserId> = tie::table
            .filter(tie::case_id.eq(case))
            .filter(tie::kind.eq_any(kinds.map(|kind| Plain::new(kind.code()))))
            .select(tie::user_id)
            .distinct()
            .load(conn)?;
        query = query.filter(rows::actor.ne_all(unseen));
    }
    Ok(query)
}

impl<P: Audits> Case<P> {
    /// What was seen and done on this case, as far as both lines may know of it.
    pub async fn trail(
        &self,
        ask: Ask,
    ) -> Result<Found<Labelled<Trace, Workers>, Labelled<(UserId, Plain), Workers>>> {
        const {
            assert!(
                !P::NEEDS.label.reading_is_audited_first(),
                "the trail of a protected label is whole_trail"
            );
        }
        self.traced(ask).await
    }

    /// What was seen and done on this case, with who supports the survivor.
    pub async fn whole_trail(
        &self,
        ask: Ask,
    ) -> Result<Found<Labelled<Trace, Survivor>, Labelled<(UserId, Plain), Survivor>>> {
        const {
            assert!(
                P::NEEDS.label.reading_is_audited_first(),
                "the whole trail needs a permission that opens Survivor"
            );
        }
        self.traced(ask).await
    }

    async fn traced<L: Label>(
        &self,
        ask: Ask,
    ) -> Result<Found<Labelled<Trace, L>, Labelled<(UserId, Plain), L>>> {
        let (key, now) = (self.app().key.clone(), self.now());
        self.read(move |reading| {
            let case = reading.case();
            let conn = reading.conn();
            let anybody = about_case(conn, case, P::NEEDS, now, &ask)?;
            let users: Vec<UserId> = anybody.select(rows::actor).distinct().load(conn)?;
            let mut people: Vec<(UserId, Plain)> = names(conn, users)?
                .into_iter()
                .map(|(user, (name, _))| (user, name))
                .collect();
            people.sort_by(|left, right| left.1.cmp(&right.1));
            let query = narrowed(about_case(conn, case, P::NEEDS, now, &ask)?, &ask);
            let (entries, more) = page(conn, query, &ask)?;
            Ok(Found {
                rows: traces(conn, &key, &entries)?
                    .into_iter()
                    .map(Labelled::new)
                    .collect(),
                more,
                people: people.into_iter().map(Labelled::new).collect(),
            })
        })
        .await
    }
}

impl Own {
    /// What the current user saw and did. It is one's own, so it adds no row to itself.
    pub async fn trail(&self, ask: Ask) -> Result<Found<Mine>> {
        let (key, me) = (self.app().key.clone(), self.session().actor.user);
        self.read(move |office| {
            let conn = office.conn();
            let ask = Ask {
                actor: Some(me),
                ..ask
            };
            let (entries, more) = page(
                conn,
                narrowed(rows::table.into_boxed::<Backend>(), &ask),
                &ask,
            )?;
            let references = references(conn, me, &entries)?;
            let mine = traces(conn, &key, &entries)?
                .into_iter()
                .zip(&entries)
                .map(|(trace, entry)| {
                    let case = CaseId::from_uuid(entry.stream.uuid());
                    let reference = references.get(&case).cloned();
                    Mine {
                        case: reference.is_some().then_some(case),
                        reference: reference.unwrap_or_default(),
                        listed: if trace.kind == Kind::Listed {
                            entry.item.as_str().split_whitespace().count()
                        } else {
                            0
                        },
                        trace,
                    }
                })
                .collect();
            Ok(Found {
                rows: mine,
                more,
                people: Vec::new(),
            })
        })
        .await
    }
}

/// The reference that `me` knows a case by: the survivor's for who is or was on the survivor's
/// side of it, else the client's.
fn references(
    conn: &mut Conn,
    me: UserId,
    entries: &[Entry],
) -> Result<BTreeMap<CaseId, Plain>, diesel::result::Error> {
    let mut cases: Vec<CaseId> = entries
        .iter()
        .map(|entry| CaseId::from_uuid(entry.stream.uuid()))
        .collect();
    cases.sort_unstable();
    cases.dedup();
    let found: Vec<(CaseId, Plain, Plain)> = casefile::table
        .filter(casefile::id.eq_any(&cases))
        .select((
            casefile::id,
            casefile::client_reference,
            casefile::survivor_reference,
        ))
        .load(conn)?;
    let codes: Vec<Plain> = Tie::SURVIVOR_SIDE
        .iter()
        .map(|tie| Plain::new(tie.code()))
        .collect();
    let survivor_side: Vec<CaseId> = tie::table
        .filter(tie::user_id.eq(me))
        .filter(tie::case_id.eq_any(&cases))
        .filter(tie::kind.eq_any(codes))
        .select(tie::case_id)
        .load(conn)?;
    Ok(found
        .into_iter()
        .map(|(case, client, survivor)| {
            let reference = if survivor_side.contains(&case) {
                survivor
            } else {
                client
            };
            (case, reference)
        })
        .collect())
}

impl<P: Audits> Service<P> {
    /// The trail of everything, without which case a row is about. That it was read is committed
    /// first.
    pub async fn trail(&self, ask: Ask) -> Result<Found<Trace>> {
        self.noted("seen", ask.actor.map(|user| user.to_string()), ask.names())
            .await?;
        let key = self.app().key.clone();
        self.read(move |office| {
            let conn = office.conn();
            let (entries, more) = page(
                conn,
                narrowed(rows::table.into_boxed::<Backend>(), &ask),
                &ask,
            )?;
            let mut people: Vec<(UserId, Plain)> = app_user::table
                .select((app_user::id, app_user::name))
                .load(conn)?;
            people.sort_by(|left, right| left.1.cmp(&right.1));
            Ok(Found {
                rows: traces(conn, &key, &entries)?,
                more,
                people,
            })
        })
        .await
    }

    /// Checks every chain now, after what waits for the checkpoint file was written to it. That it
    /// was checked, and whether all held, is on the record.
    ///
    /// The findings name chains by the numbers of this page, not by what they are about.
    pub async fn verify_audit(&self) -> Result<Checked> {
        self.app().checkpoint().await?;
        let verified = self.app().verify_audit().await?;
        let found = if verified.found.is_empty() {
            "sound"
        } else {
            "tampering"
        };
        self.noted("audit verified", None, found.to_owned()).await?;
        let key = &self.app().key;
        Ok(Checked {
            chains: verified.chains,
            rows: verified.rows,
            marks: verified.marks,
            found: verified
                .found
                .iter()
                .map(|tampering| Plain::new(tampering.told(|stream| number_of(key, stream))))
                .collect(),
        })
    }

    async fn noted(&self, event: &'static str, item: Option<String>, fields: String) -> Result<()> {
        let app = self.app();
        let (key, actor, now) = (app.key.clone(), self.session().actor.user, self.now());
        let item = item.unwrap_or_default();
        let mark = app
            .write(move |conn| {
                let head = audit::take(conn, StreamId::from_uuid(actor.uuid()))?;
                let said = Said {
                    event,
                    fields: fields.clone(),
                    ..Said::seen(P::NEEDS, actor, now, item.clone())
                };
                audit::write(conn, &key, head, said)
            })
            .await?;
        app.note([mark]);
        Ok(())
    }
}

impl Trace {
    /// The London day, to put rows of one day together.
    pub fn day(&self) -> Day {
        Day(self.at.day())
    }
}
