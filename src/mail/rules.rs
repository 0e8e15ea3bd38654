//! When a mail goes out.

use jiff::civil::time;
use kernel::{
    calendar::Calendar,
    time::{Instant, london},
};

use super::model::{Choice, MailKind};

/// When a mail goes out that is written at `now`; `None` if it does not.
///
/// The morning's mail goes out at 8am in London on a working day, the day itself if it is earlier
/// than 8: who has the weekend off is not told on Saturday what waits until Monday.
pub fn goes_out(choice: Choice, now: Instant, calendar: &Calendar) -> Option<Instant> {
    match choice {
        Choice::AtOnce => Some(now),
        Choice::Never => None,
        Choice::Morning => {
            let eight = |day: jiff::civil::Date| {
                let local = day.to_datetime(time(8, 0, 0, 0)).to_zoned(london());
                local.ok().map(|at| Instant::new(at.timestamp()))
            };
            let today = now.day();
            eight(today)
                .filter(|at| *at > now && calendar.is_working_day(today))
                .or_else(|| eight(calendar.next_working_day(today)))
        }
    }
}

/// R002: nothing of a referral is ever in an ordinary e-mail. What the secure mailbox of the source
/// was for happens inside Cusp; the mail that says so holds an address to sign in at and an opaque
/// reference. Source: guidance-pack-2020.md 131, 152, 633-635.
pub fn text(address: &str, path: &str, reference: &str) -> String {
    format!("{address}{path}\n\nReference {reference}\n")
}

/// What the morning's mail counts, in the order of the kinds.
pub fn counts<'a>(kinds: impl Iterator<Item = &'a str>) -> Vec<(&'static str, usize)> {
    let kinds: Vec<&str> = kinds.collect();
    MailKind::ALL
        .iter()
        .map(|kind| {
            let words = match kind {
                MailKind::NewReferral => "New",
                MailKind::Allocation => "Given to you",
                MailKind::Acknowledgement => "Answered",
                MailKind::DueSoon => "Due soon",
                MailKind::Invitation | MailKind::Reset | MailKind::AccountChanged => "Account",
            };
            (
                words,
                kinds.iter().filter(|code| **code == kind.code()).count(),
            )
        })
        .filter(|(_, count)| *count > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r002_a_mail_holds_an_address_and_a_reference() {
        assert_eq!(
            text("https://cusp.example", "/cases/x", "7F3K-2222"),
            "https://cusp.example/cases/x\n\nReference 7F3K-2222\n"
        );
    }

    #[test]
    fn when_a_mail_goes_out() {
        let table = "
            at_once | 2026-10-14T13:00:00Z | 2026-10-14T13:00:00Z | at once
            at_once | 2026-10-17T03:00:00Z | 2026-10-17T03:00:00Z | in the night of a Saturday too
            never   | 2026-10-14T13:00:00Z |                      | not at all
            morning | 2026-10-14T13:00:00Z | 2026-10-15T07:00:00Z | Thursday, summer time
            morning | 2026-10-14T06:59:00Z | 2026-10-14T07:00:00Z | a minute before eight
            morning | 2026-10-14T07:00:00Z | 2026-10-15T07:00:00Z | at eight it has gone
            morning | 2026-10-16T13:00:00Z | 2026-10-19T07:00:00Z | Friday: Monday
            morning | 2026-10-17T04:00:00Z | 2026-10-19T07:00:00Z | before eight on a Saturday
            morning | 2026-10-23T13:00:00Z | 2026-10-26T08:00:00Z | the clocks go back on Sunday
            morning | 2026-12-24T13:00:00Z | 2026-12-29T08:00:00Z | Christmas, substitute Monday";
        for line in table.lines().filter(|line| !line.trim().is_empty()) {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let at = |text: &str| text.parse().ok().map(Instant::new);
            let choice = Choice::from_code(cells[0]).unwrap();
            let got = goes_out(choice, at(cells[1]).unwrap(), &Calendar::default());
            assert_eq!(got, at(cells[2]), "{}", cells[3]);
        }
    }

    #[test]
    fn the_morning_counts() {
        let kinds = ["due_soon", "new_referral", "due_soon", "unheard of"];
        let counted = counts(kinds.into_iter());
        assert_eq!(counted, [("New", 1), ("Due soon", 2)]);
    }

    #[test]
    fn no_subject_says_what_the_service_is_about() {
        for kind in MailKind::ALL {
            let subject = kind.subject().to_lowercase();
            for word in [
                "refer",
                "case",
                "abuse",
                "domestic",
                "client",
                "survivor",
                "programme",
            ] {
                assert!(!subject.contains(word), "{subject}");
            }
        }
    }
}
