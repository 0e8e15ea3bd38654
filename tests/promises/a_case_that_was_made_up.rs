//! E0451: of struct `Reading` are private
use kernel::{ids::{CaseId, UserId}, time::Instant};
pub fn forged<'a>(case: CaseId, actor: UserId, now: Instant, conn: &'a mut platform::db::Conn, given: platform::Reading<'a>) -> platform::Reading<'a> {
    let _ = (case, actor, now, &conn, &given);
    //- platform::Reading { case, actor, now, conn }
    //+ given
}
