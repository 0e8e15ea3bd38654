//! Ties that came by a role whose last day has passed.

use diesel::prelude::*;
use kernel::{
    access::{Role, Tie},
    ids::UserId,
    plain::Plain,
    time::Day,
};

use super::office::end_ties;
use crate::{
    App, Result,
    bootstrap::SYSTEM,
    schema::{tie, user_role},
    session::roles,
};

/// Which ties end when a role ends while others are held.
pub type Ending = fn(Role, &[Role]) -> Vec<Tie>;

impl App {
    /// Ends the ties that came by roles whose last day has passed, as ending the role by hand does: in
    /// the name of the system, with a row on the chain of each case. Says how many ended.
    ///
    /// It is a chore, so a tie outlives its role by minutes; who holds the role by another row keeps
    /// it.
    pub async fn end_lapsed_ties(&self, ending: Ending) -> Result<usize> {
        let now = self.clock.now();
        let lapsed: Vec<(UserId, Vec<Tie>)> = self
            .readers
            .run(move |conn| {
                let today = Day(now.day());
                let with_ties = tie::table
                    .filter(tie::until_at.is_null().or(tie::until_at.gt(Some(now))))
                    .select(tie::user_id);
                let ended: Vec<(UserId, Plain)> = user_role::table
                    .filter(user_role::until_day.lt(Some(today)))
                    .filter(user_role::user_id.eq_any(with_ties))
                    .order(user_role::user_id)
                    .select((user_role::user_id, user_role::role))
                    .load(conn)?;
                let mut all: Vec<(UserId, Vec<Tie>)> = Vec::new();
                for (user, role) in ended {
                    let Some(role) = Role::parse(role.as_str()) else {
                        continue;
                    };
                    let kept = roles(conn, user, now)?;
                    if kept.contains(&role) {
                        continue;
                    }
                    let ties = ending(role, &kept);
                    match all.last_mut().filter(|(known, _)| *known == user) {
                        Some((_, known)) => known.extend(ties),
                        None => all.push((user, ties)),
                    }
                }
                all.retain(|(_, ties)| !ties.is_empty());
                Ok(all)
            })
            .await?;
        let mut count = 0;
        for (user, ties) in lapsed {
            let app = self.clone();
            let marks = self
                .write(move |conn| end_ties(conn, &app, (SYSTEM, "system", now), user, Some(&ties)))
                .await?;
            count += marks.len();
            self.note(marks);
        }
        Ok(count)
    }
}
