//! Staff mail: what it tells, when it goes out, and what each user wants.
//!
//! A mail holds an opaque reference and a link. Its subjects are constants that say nothing of what
//! the service is about (`design.md` 1).

pub mod model;
pub mod rules;
pub mod store;

use kernel::{calendar::Calendar, ids::UserId, plain::Plain, time::Instant};
use platform::{
    App, Failed, Result,
    db::Conn,
    identity::links::OneTimeId,
    outbox::{self, Bundle, Delivered, Letter, NewMail},
};

pub use model::{Choice, MailKind};

/// Tells `to` of something by mail, as she chose for its kind. `path` is the page it leads to.
///
/// It is written in the transaction of what it tells of: no mail without the fact, no fact without
/// its mail.
pub fn queue(
    conn: &mut Conn,
    to: UserId,
    kind: MailKind,
    path: &str,
    now: Instant,
) -> Result<(), Failed> {
    let choice = store::choice(conn, to, kind)?;
    let Some(due_at) = rules::goes_out(choice, now, &Calendar::default()) else {
        return Ok(());
    };
    let mail = NewMail {
        to,
        kind: kind.code(),
        path: Plain::new(path),
        link: None,
        gathered: choice == Choice::Morning,
        due_at,
    };
    outbox::add(conn, &mail, now)
}

/// Sends `to` a one-time link. Nobody can choose not to be told.
pub fn queue_link(
    conn: &mut Conn,
    to: UserId,
    kind: MailKind,
    link: OneTimeId,
    now: Instant,
) -> Result<(), Failed> {
    let mail = NewMail {
        to,
        kind: kind.code(),
        path: Plain::default(),
        link: Some(link),
        gathered: false,
        due_at: now,
    };
    outbox::add(conn, &mail, now)
}

/// Sends what is due.
pub async fn deliver(app: &App) -> Result<Delivered> {
    outbox::deliver(app, compose).await
}

/// Sends what is due, again and again.
pub async fn deliver_forever(app: App) {
    loop {
        if let Err(error) = deliver(&app).await {
            tracing::warn!(%error, "the outbox could not be read");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// How often the outbox is looked at. What is told at once may come this much later.
const EVERY: std::time::Duration = std::time::Duration::from_secs(15);

/// Writes a mail.
fn compose(bundle: &Bundle) -> Letter {
    let address = &bundle.address;
    if bundle.gathered {
        let kinds = bundle.entries.iter().map(|entry| entry.kind.as_str());
        let lines: Vec<String> = rules::counts(kinds)
            .into_iter()
            .map(|(words, count)| format!("{words}: {count}"))
            .collect();
        return Letter {
            subject: "Your summary this morning",
            text: format!("{}\n\n{address}/\n", lines.join("\n")),
        };
    }
    let (kind, path, reference) = bundle.entries.first().map_or(("", "/", ""), |entry| {
        (
            entry.kind.as_str(),
            entry.path.as_str(),
            entry.reference.as_str(),
        )
    });
    let kind = MailKind::from_code(kind);
    Letter {
        subject: kind.map_or("Something new", MailKind::subject),
        text: rules::text(address, path, reference),
    }
}
