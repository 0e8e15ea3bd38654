//! Staff mail: written in the transaction of what it tells of, sent afterwards.
//!
//! A mail holds an opaque reference and a link, nothing else. What it says besides comes from the
//! application as constants; nothing of a case can reach it, because nothing of a case is here.

use diesel::prelude::*;
use kernel::{access::Standing, ids::UserId, plain::Plain, time::Instant};
use lettre::{FileTransport, Message, SmtpTransport, Transport as _, message::header::ContentType};

use crate::{
    App, Error, Result,
    db::{Conn, Failed},
    identity::links::{self, OneTimeId, OneTimeKind},
    random,
    schema::app_user,
    sql::{SqlId, SqlInstant, SqlPlain},
};

kernel::ids! {
    /// A mail that waits.
    MailKindOf => MailId,
}

mod table {
    use kernel::ids::UserKind;

    use super::{MailKindOf, OneTimeKind, SqlId, SqlInstant, SqlPlain};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{MailKindOf, OneTimeKind, SqlId, SqlInstant, SqlPlain, UserKind};
        outbox (id) {
            id -> SqlId<MailKindOf>,
            to_user -> SqlId<UserKind>,
            kind -> SqlPlain,
            path -> SqlPlain,
            link_id -> Nullable<SqlId<OneTimeKind>>,
            reference -> SqlPlain,
            gathered -> Integer,
            made_at -> SqlInstant,
            due_at -> SqlInstant,
            tries -> Integer,
            given_up -> Integer,
        }
    }
}
use table::outbox;

diesel::allow_tables_to_appear_in_same_query!(outbox, app_user);

/// Tries after which a mail is given up.
pub const TRIES: i32 = 5;

/// The most rows of one round.
const ROUND: i64 = 200;

/// A mail to be sent.
#[derive(Clone, Debug)]
pub struct NewMail {
    /// To whom.
    pub to: UserId,
    /// What it is about, by a code of the application.
    pub kind: &'static str,
    /// The page it leads to. Empty for a one-time link.
    pub path: Plain,
    /// The one-time link that it carries, if it carries one.
    pub link: Option<OneTimeId>,
    /// Whether it is one line of the morning's mail.
    pub gathered: bool,
    /// When it goes out.
    pub due_at: Instant,
}

/// Puts a mail into the outbox, in the transaction of what it tells of.
pub fn add(conn: &mut Conn, mail: &NewMail, now: Instant) -> Result<(), Failed> {
    diesel::insert_into(outbox::table)
        .values((
            (
                outbox::id.eq(MailId::new()),
                outbox::to_user.eq(mail.to),
                outbox::kind.eq(Plain::new(mail.kind)),
                outbox::path.eq(&mail.path),
                outbox::link_id.eq(mail.link),
                outbox::reference.eq(Plain::new(random::reference()?)),
            ),
            (
                outbox::gathered.eq(i32::from(mail.gathered)),
                outbox::made_at.eq(now),
                outbox::due_at.eq(mail.due_at),
                outbox::tries.eq(0),
                outbox::given_up.eq(0),
            ),
        ))
        .execute(conn)?;
    Ok(())
}

/// What one mail tells: one thing at once, or those of a morning.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// Whether it is the morning's mail.
    pub gathered: bool,
    /// What it tells.
    pub entries: Vec<Entry>,
    /// The address of the service, without a slash at the end.
    pub address: String,
    to: Plain,
    tries: i32,
}

/// One thing that a mail tells.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is about.
    pub kind: Plain,
    /// The page it leads to, below the address of the service.
    pub path: Plain,
    /// The opaque reference.
    pub reference: Plain,
    id: MailId,
}

/// A mail as it is written. Its subject is a constant: it cannot hold anything of a case.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The subject, which says nothing of what the service is about.
    pub subject: &'static str,
    /// The text.
    pub text: String,
}

/// What became of a round of the outbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Mails sent.
    pub sent: usize,
    /// Mails to be tried again.
    pub failed: usize,
    /// Mails given up.
    pub given_up: usize,
}

/// Seconds until the next try after so many; `None` if there is none.
pub const fn wait_after(tries: i32) -> Option<i64> {
    match tries {
        ..=1 => Some(60),
        2 => Some(5 * 60),
        3 => Some(30 * 60),
        4 => Some(2 * 3600),
        _ => None,
    }
}

type Row = (
    (MailId, UserId, Plain, Plain, Option<OneTimeId>),
    (Plain, i32, i32),
    (Plain, Plain),
);

/// Sends what is due. `compose` writes each mail.
///
/// A row is claimed before it is sent, so that two processes do not both send it; after a crash in
/// between it is sent again once its wait is over.
pub async fn deliver(app: &App, compose: fn(&Bundle) -> Letter) -> Result<Delivered> {
    let mut done = Delivered::default();
    for bundle in due(app).await? {
        let Some(bundle) = claim(app, bundle).await? else {
            continue;
        };
        let letter = compose(&bundle);
        let config = app.config.mail.clone();
        let to = bundle.to.clone();
        let sent = tokio::task::spawn_blocking(move || send(&config, &to, &letter))
            .await
            .map_err(|_| Error::Broken("sending panicked".to_owned()))?;
        match sent {
            Ok(()) => {
                done.sent += 1;
                drop_rows(app, &bundle).await?;
            }
            Err(why) if bundle.tries >= TRIES => {
                done.given_up += 1;
                tracing::error!(reference = %first(&bundle), %why, "a mail was given up");
                give_up(app, &bundle).await?;
            }
            Err(why) => {
                done.failed += 1;
                tracing::warn!(reference = %first(&bundle), %why, "a mail is tried again later");
            }
        }
    }
    Ok(done)
}

fn first(bundle: &Bundle) -> &str {
    bundle
        .entries
        .first()
        .map_or("", |entry| entry.reference.as_str())
}

async fn due(app: &App) -> Result<Vec<Bundle>> {
    let (now, key) = (app.clock.now(), app.key.clone());
    let rows: Vec<Row> = app
        .readers
        .run(move |conn| {
            Ok(outbox::table
                .inner_join(app_user::table.on(app_user::id.eq(outbox::to_user)))
                .filter(outbox::given_up.eq(0))
                .filter(outbox::due_at.le(now))
                .order((outbox::due_at, outbox::id))
                .limit(ROUND)
                .select((
                    (
                        outbox::id,
                        outbox::to_user,
                        outbox::kind,
                        outbox::path,
                        outbox::link_id,
                    ),
                    (outbox::reference, outbox::gathered, outbox::tries),
                    (app_user::email, app_user::standing),
                ))
                .load(conn)?)
        })
        .await?;
    let mut bundles: Vec<(UserId, Bundle)> = Vec::new();
    let mut unwanted = Vec::new();
    for ((id, user, kind, path, link), (reference, gathered, tries), (to, standing)) in rows {
        if Standing::parse(standing.as_str()) != Standing::Active {
            unwanted.push(id);
            continue;
        }
        let path = match link {
            Some(link) => Plain::new(format!("/invitation/{}", links::token(&key, link))),
            None => path,
        };
        let entry = Entry {
            kind,
            path,
            reference,
            id,
        };
        let gathered = gathered == 1;
        let same = bundles
            .iter_mut()
            .find(|(of, bundle)| gathered && bundle.gathered && *of == user);
        match same {
            Some((_, bundle)) => {
                bundle.tries = bundle.tries.max(tries);
                bundle.entries.push(entry);
            }
            None => bundles.push((
                user,
                Bundle {
                    gathered,
                    entries: vec![entry],
                    address: app.config.address.clone(),
                    to,
                    tries,
                },
            )),
        }
    }
    if !unwanted.is_empty() {
        app.write(move |conn| {
            Ok(diesel::delete(outbox::table.filter(outbox::id.eq_any(&unwanted))).execute(conn)?)
        })
        .await?;
    }
    Ok(bundles.into_iter().map(|(_, bundle)| bundle).collect())
}

/// Takes the rows of a bundle that nobody else has taken, until the wait is over.
async fn claim(app: &App, mut bundle: Bundle) -> Result<Option<Bundle>> {
    let now = app.clock.now();
    bundle.tries += 1;
    let (tries, ids) = (bundle.tries, ids(&bundle));
    // The last try has no next one; its claim stands for as long as the one before.
    let again = now.plus_seconds(wait_after(tries).or(wait_after(TRIES - 1)).unwrap_or(60));
    let mine: Vec<MailId> = app
        .write(move |conn| {
            let mut mine = Vec::new();
            for id in &ids {
                let row = outbox::table
                    .filter(outbox::id.eq(id))
                    .filter(outbox::due_at.le(now))
                    .filter(outbox::given_up.eq(0));
                let taken = diesel::update(row)
                    .set((outbox::tries.eq(tries), outbox::due_at.eq(again)))
                    .execute(conn)?;
                if taken == 1 {
                    mine.push(*id);
                }
            }
            Ok(mine)
        })
        .await?;
    bundle.entries.retain(|entry| mine.contains(&entry.id));
    Ok((!bundle.entries.is_empty()).then_some(bundle))
}

fn ids(bundle: &Bundle) -> Vec<MailId> {
    bundle.entries.iter().map(|entry| entry.id).collect()
}

async fn drop_rows(app: &App, bundle: &Bundle) -> Result<usize> {
    let ids = ids(bundle);
    app.write(move |conn| {
        Ok(diesel::delete(outbox::table.filter(outbox::id.eq_any(&ids))).execute(conn)?)
    })
    .await
}

async fn give_up(app: &App, bundle: &Bundle) -> Result<usize> {
    let ids = ids(bundle);
    app.write(move |conn| {
        Ok(
            diesel::update(outbox::table.filter(outbox::id.eq_any(&ids)))
                .set(outbox::given_up.eq(1))
                .execute(conn)?,
        )
    })
    .await
}

/// Mails that were given up, for whoever runs the service.
pub async fn given_up(app: &App) -> Result<i64> {
    app.readers
        .run(|conn| {
            Ok(outbox::table
                .filter(outbox::given_up.eq(1))
                .count()
                .get_result(conn)?)
        })
        .await
}

fn send(config: &crate::config::Mail, to: &Plain, letter: &Letter) -> Result<(), String> {
    let said = |e: &dyn std::fmt::Display| e.to_string();
    let mail = Message::builder()
        .from(config.from.parse().map_err(|e| format!("mail.from: {e}"))?)
        .to(to
            .as_str()
            .parse()
            .map_err(|_| "the address is none".to_owned())?)
        .subject(letter.subject)
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text.clone())
        .map_err(|e| said(&e))?;
    if let Some(folder) = config.to.strip_prefix("folder:") {
        std::fs::create_dir_all(folder).map_err(|e| said(&e))?;
        return FileTransport::new(folder)
            .send(&mail)
            .map(drop)
            .map_err(|e| said(&e));
    }
    let url = encrypted(&config.to);
    let relay = SmtpTransport::from_url(&url).map_err(|_| "mail.to is no address".to_owned())?;
    relay.build().send(&mail).map(drop).map_err(|e| said(&e))
}

/// An SMTP address that asks for TLS unless it says otherwise or stays on this machine.
fn encrypted(url: &str) -> String {
    let host = url.split_once("://").map_or("", |(_, rest)| {
        rest.rsplit_once('@').map_or(rest, |(_, host)| host)
    });
    let here = ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|name| host.starts_with(name));
    if url.starts_with("smtp://") && !url.contains("tls=") && !here {
        let mark = if url.contains('?') { '&' } else { '?' };
        format!("{url}{mark}tls=required")
    } else {
        url.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<_> = (1..=TRIES).map(wait_after).collect();
        assert_eq!(waits, [Some(60), Some(300), Some(1800), Some(7200), None]);
    }

    #[test]
    fn mail_leaves_the_machine_encrypted() {
        let cases = [
            (
                "smtp://u:p@mail.example:587",
                "smtp://u:p@mail.example:587?tls=required",
            ),
            (
                "smtp://mail.example?tls=opportunistic",
                "smtp://mail.example?tls=opportunistic",
            ),
            ("smtps://u:p@mail.example", "smtps://u:p@mail.example"),
            ("smtp://127.0.0.1:2525", "smtp://127.0.0.1:2525"),
        ];
        for (url, expected) in cases {
            assert_eq!(encrypted(url), expected);
        }
    }
}
