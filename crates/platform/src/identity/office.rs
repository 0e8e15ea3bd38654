//! What a manager does to an account inside her agency's change.

use diesel::prelude::*;
use kernel::{
    access::Tie,
    ids::{CaseId, UserId},
    plain::Plain,
    time::Instant,
};

use super::{
    codes,
    links::{self, OneTimeId, Purpose},
    sessions,
};
use crate::{
    App, Office, Origin, Result, Tx,
    audit::{self, Mark, Said},
    case::stream_of,
    casefile,
    db::{Conn, Failed},
    schema::{TieId, app_user, tie},
};

/// The address of a one-time link below the service's own. It is shown once; the mail to the user
/// works it out again from the id and the key.
pub fn link_path(app: &App, id: OneTimeId) -> String {
    format!("/invitation/{}", links::token(&app.key, id))
}

impl Office<'_> {
    /// Makes the one link by which `user` chooses a password. Whatever link there was stops
    /// working.
    pub fn make_link(
        &mut self,
        id: OneTimeId,
        user: UserId,
        purpose: Purpose,
    ) -> Result<(), Failed> {
        let (now, key) = (self.now(), self.app().key.clone());
        links::drop_of(self.conn(), user, &[Purpose::Invitation, Purpose::Reset])?;
        links::make(self.conn(), &key, (id, purpose), user, None, now)
    }

    /// Voids the links of `user`.
    pub fn void_links(&mut self, user: UserId) -> Result<(), Failed> {
        links::drop_of(self.conn(), user, &[Purpose::Invitation, Purpose::Reset])?;
        Ok(())
    }

    /// Until when the link of `user` is good, if there is one.
    pub fn link_until(&mut self, user: UserId) -> Result<Option<kernel::time::Instant>> {
        let now = self.now();
        let found = links::of_user(
            self.conn(),
            user,
            &[Purpose::Invitation, Purpose::Reset],
            now,
        )?;
        Ok(found.map(|link| link.expires_at))
    }

    /// Voids password and second factor of `user` and ends the sessions, at once.
    pub fn void_account(&mut self, user: UserId) -> Result<(), Failed> {
        diesel::update(app_user::table.find(user))
            .set(app_user::password.eq(None::<Plain>))
            .execute(self.conn())?;
        codes::void(self.conn(), user)?;
        links::drop_of(self.conn(), user, &[Purpose::Again])?;
        sessions::end_all(self.conn(), user, None)?;
        Ok(())
    }

    /// Ends the open ties of `user`, of these kinds or of all, with a row on the chain of each case:
    /// who looks at the case sees when and by whom. Says how many ended.
    pub fn end_ties_of(&mut self, user: UserId, kinds: Option<&[Tie]>) -> Result<usize, Failed> {
        let (actor, permission, app) = (self.actor(), self.needs().name, self.app().clone());
        let now = self.now();
        let marks = end_ties(self.conn(), &app, (actor, permission, now), user, kinds)?;
        let count = marks.len();
        for mark in marks {
            self.mark(mark);
        }
        Ok(count)
    }

    /// How many cases `user` is tied to by name now.
    pub fn open_ties_of(&mut self, user: UserId) -> Result<usize> {
        let now = self.now();
        let cases: Vec<CaseId> = tie::table
            .filter(tie::user_id.eq(user))
            .filter(tie::from_at.le(now))
            .filter(tie::until_at.is_null().or(tie::until_at.gt(Some(now))))
            .select(tie::case_id)
            .distinct()
            .load(self.conn())?;
        Ok(cases.len())
    }
}

/// Ends the open ties of `user`, of these kinds or of all, in the name of an actor and a permission:
/// a row on the chain of each case.
pub(super) fn end_ties(
    conn: &mut Conn,
    app: &App,
    (actor, permission, now): (UserId, &'static str, Instant),
    user: UserId,
    kinds: Option<&[Tie]>,
) -> Result<Vec<Mark>, Failed> {
    let mut open = tie::table
        .filter(tie::user_id.eq(user))
        .filter(tie::until_at.is_null().or(tie::until_at.gt(Some(now))))
        .into_boxed();
    if let Some(kinds) = kinds {
        let codes: Vec<Plain> = kinds.iter().map(|kind| Plain::new(kind.code())).collect();
        open = open.filter(tie::kind.eq_any(codes));
    }
    let found: Vec<(CaseId, TieId, Plain)> = open
        // Chains are always taken in the same order, so that two leavers do not deadlock.
        .order((tie::case_id, tie::id))
        .select((tie::case_id, tie::id, tie::kind))
        .load(conn)?;
    let mut marks = Vec::new();
    for (case, id, kind) in &found {
        let head = audit::take(conn, stream_of(*case))?;
        diesel::update(tie::table.find(id))
            .set(tie::until_at.eq(Some(now)))
            .execute(conn)?;
        let mut tx = Tx::begin(&mut *conn, Origin::Kept, *case, actor, now);
        casefile::keep(&mut tx, app.hooks.keep)?;
        let label = match Tie::parse(kind.as_str()).and_then(Tie::line) {
            // Who supports the survivor is itself the survivor's.
            Some(kernel::access::Line::Survivor) => kernel::access::Sees::Survivor,
            _ => kernel::access::Sees::Workers,
        };
        let said = Said {
            at: now,
            actor,
            permission,
            event: "tie ended",
            item: id.to_string(),
            fields: "until_at".to_owned(),
            label,
            content: None,
        };
        marks.push(audit::write(conn, &app.key, head, said)?);
    }
    Ok(marks)
}
