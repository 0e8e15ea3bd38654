//! What stands against an answer or an agreement as it was entered. Pure.

use jiff::civil::Date;
use kernel::{
    form::{Answer, Problem, Problems, YesNo, without_label},
    label::{Label, Labelled},
};

use super::Stand;
use crate::participation::model::{
    ClientConfidentiality, Explaining, Interpreter, NewAgreed, NewHeard, NewReply, Reply, Signed,
    Signing, SurvivorConfidentiality, Way,
};

fn is_blank<L: Label>(answer: &Answer<String, L>) -> bool {
    answer.as_ref().is_none_or(|text| text.expose().is_empty())
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "as the readers of other answers take theirs"
)]
fn ahead<L: Label>(name: &str, answer: &Answer<Date, L>, today: Date) -> Option<Problem> {
    without_label(answer)
        .is_some_and(|day| day > today)
        .then(|| Problem::new(name, "The day must not be in the future"))
}

/// Whose answer is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The adult harmed.
    Survivor,
    /// The client.
    Client,
}

/// Whether an answer can stand after those before it, of which the last was given on `last`.
///
/// R012: a yes counts when service (R011) and sharing (R013) were explained and the person was able
/// to decide; of the survivor, when she was alone, since she is asked first and alone
/// (`design.md` 5). A no of hers is asked about no further: another answer follows only when she
/// comes back to it unasked.
pub fn reply_problems<L: Label>(
    form: &NewReply<L>,
    whose: Whose,
    before: Stand,
    last: Option<Labelled<Date, L>>,
    today: Date,
) -> Problems {
    let mut problems = Problems::new();
    let mut refuse = |field: &str, words: &str| problems.push(Problem::new(field, words));
    let reply = without_label(&form.reply);
    let is_no = |answer: &Answer<YesNo, L>| without_label(answer) == Some(YesNo::No);
    if reply == Some(Reply::Given) {
        if is_no(&form.explained) {
            refuse(
                "explained",
                "A yes counts only after the service was explained: record that the person was told when that is done",
            );
        }
        if is_no(&form.sharing) {
            refuse(
                "sharing",
                "A yes counts only after sharing of information was explained",
            );
        }
        if is_no(&form.able) {
            refuse(
                "able",
                "A yes of somebody who was not able to decide does not count: record what was told, and ask again another time",
            );
        }
        if whose == Whose::Survivor && is_no(&form.alone) {
            refuse(
                "alone",
                "A yes counts only when the person was alone: record what was told, and ask again alone",
            );
        }
        if without_label(&form.interpreter) == Some(Interpreter::Missing) {
            refuse(
                "interpreter",
                "A yes without the interpreter who was needed does not count: record what was told, and ask again with one",
            );
        }
    }
    if reply == Some(Reply::Told) && is_no(&form.explained) {
        refuse(
            "explained",
            "If the service was not explained there is nothing to record yet",
        );
    }
    match (reply, before) {
        (Some(Reply::Refused), Stand::Given) => refuse(
            "reply",
            "There is a yes on record: record that the person no longer takes part",
        ),
        (Some(Reply::Told), Stand::Given) => refuse("reply", "There is a yes on record already"),
        (Some(Reply::Withdrawn), Stand::NotAsked | Stand::Told | Stand::Refused) => {
            refuse("reply", "There is no yes on record that could be withdrawn");
        }
        (Some(Reply::Withdrawn), Stand::Withdrawn) => {
            refuse(
                "reply",
                "That the person no longer takes part is on record already",
            );
        }
        (Some(_), Stand::Refused | Stand::Withdrawn)
            if whose == Whose::Survivor && without_label(&form.own_accord) != Some(YesNo::Yes) =>
        {
            refuse(
                "own_accord",
                "There is a no on record, and nobody asks again: another answer can be recorded only if the person came back to it unasked",
            );
        }
        _ => {}
    }
    if let (Some(day), Some(last)) = (without_label(&form.answered_on), last)
        && day < *last.expose()
    {
        refuse(
            "answered_on",
            "A later answer is on record: this one must not be before it. If that one is wrong, strike it out first",
        );
    }
    problems.extend(ahead("answered_on", &form.answered_on, today));
    problems
}

/// Whether what was agreed can stand: not in the future, not before the withdrawal; what the other
/// line sees does not change before it was agreed.
pub fn agreed_problems(
    form: &NewAgreed,
    withdrawn_on: &Labelled<Date, kernel::label::Survivor>,
    today: Date,
) -> Problems {
    let mut problems = Problems::new();
    problems.extend(ahead("agreed_on", &form.agreed_on, today));
    let (agreed, stops) = (
        without_label(&form.agreed_on),
        without_label(&form.stops_on),
    );
    if agreed.is_some_and(|day| day < *withdrawn_on.expose()) {
        problems.push(Problem::new(
            "agreed_on",
            "The agreement must not be before the withdrawal",
        ));
    }
    if let (Some(agreed), Some(stops)) = (agreed, stops)
        && stops < agreed
    {
        problems.push(Problem::new(
            "stops_on",
            "The other line must not see it before it was agreed",
        ));
    }
    problems
}

/// Whether the day on which the client heard of the service can stand.
pub fn heard_problems(form: &NewHeard, today: Date) -> Problems {
    ahead("heard_on", &form.heard_on, today)
        .into_iter()
        .collect()
}

/// R069: what is explained by telephone is signed later; every signature says who stands for it.
fn signing_problems<L: Label>(
    explaining: &Explaining<L>,
    signed: &Signed<L>,
    today: Date,
) -> Problems {
    let mut problems = Problems::new();
    problems.extend(ahead("explained_on", &explaining.explained_on, today));
    problems.extend(ahead("signed_on", &signed.signed_on, today));
    let mut refuse = |field: &str, words: &str| problems.push(Problem::new(field, words));
    let signing = without_label(&signed.signing);
    let is_signed = signing.is_some_and(|signing| signing != Signing::NotYet);
    if is_signed && without_label(&explaining.how) == Some(Way::Telephone) {
        refuse(
            "signing",
            "By telephone nobody signs: choose “Not yet signed”, and go through it again at the first meeting",
        );
    }
    if is_signed {
        match without_label(&signed.signed_on) {
            None => refuse("signed_on", "Say on which day it was signed"),
            Some(day) if without_label(&explaining.explained_on).is_some_and(|told| day < told) => {
                refuse("signed_on", "It must not be signed before it was explained");
            }
            Some(_) => {}
        }
        if is_blank(&signed.signed_name) {
            refuse("signed_name", "Write the name as it was signed");
        }
    } else if signing.is_some() && signed.signed_on.is_some() {
        refuse("signed_on", "Leave this blank, or say how it was signed");
    }
    if signing == Some(Signing::Paper) && is_blank(&signed.held_by) {
        refuse("held_by", "Say who holds the paper");
    }
    if signing == Some(Signing::Typed) && is_blank(&signed.witness) {
        refuse("witness", "Say which worker saw the name typed");
    }
    problems
}

/// Whether the answers of Appendix B can stand. R070 asks that each statement is answered, which
/// the form does; a no is an answer.
pub fn client_paper_problems(form: &ClientConfidentiality, today: Date) -> Problems {
    let mut problems = signing_problems(&form.explaining, &form.signed, today);
    for (number, row) in form.sharing.iter().enumerate() {
        problems.extend(ahead(&format!("sharing.{number}.on"), &row.on, today));
    }
    problems
}

/// Whether the answers of Appendix C can stand.
pub fn survivor_paper_problems(form: &SurvivorConfidentiality, today: Date) -> Problems {
    let mut problems = signing_problems(&form.explaining, &form.signed, today);
    for (number, row) in form.requests.iter().enumerate() {
        problems.extend(ahead(&format!("requests.{number}.on"), &row.on, today));
    }
    problems
}

/// R070: whether Appendix B was understood. A no to the statement that it was explained, or to one
/// that begins with "I understand", means that it is explained again; a no to research does not.
pub fn client_understood(form: &ClientConfidentiality) -> YesNo {
    all_yes([
        without_label(&form.explained),
        without_label(&form.confidential),
        without_label(&form.exceptions),
    ])
}

/// R092: whether Appendix C and how its data are stored were understood.
pub fn survivor_understood(form: &SurvivorConfidentiality) -> YesNo {
    all_yes([
        without_label(&form.understood),
        without_label(&form.storage_understood),
    ])
}

fn all_yes<const N: usize>(answers: [Option<YesNo>; N]) -> YesNo {
    if answers.into_iter().all(|answer| answer == Some(YesNo::Yes)) {
        YesNo::Yes
    } else {
        YesNo::No
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::label::{Survivor, Workers};

    use super::*;

    #[test]
    fn r092_storage_must_be_understood_too() {
        let form = |understood: YesNo, storage: YesNo| SurvivorConfidentiality {
            understood: Some(Labelled::new(understood)),
            storage_understood: Some(Labelled::new(storage)),
            ..SurvivorConfidentiality::default()
        };
        for (understood, storage, all) in [
            (YesNo::Yes, YesNo::Yes, YesNo::Yes),
            (YesNo::Yes, YesNo::No, YesNo::No),
            (YesNo::No, YesNo::Yes, YesNo::No),
        ] {
            assert_eq!(survivor_understood(&form(understood, storage)), all);
        }
    }

    fn reply<L: Label>(reply: Reply, wrong: &str) -> NewReply<L> {
        let yes = |name: &str| {
            Some(Labelled::new(if name == wrong {
                YesNo::No
            } else {
                YesNo::Yes
            }))
        };
        NewReply {
            reply: Some(Labelled::new(reply)),
            answered_on: Some(Labelled::new(date(2026, 10, 14))),
            alone: yes("alone"),
            able: yes("able"),
            explained: yes("explained"),
            sharing: yes("sharing"),
            interpreter: Some(Labelled::new(if wrong == "interpreter" {
                Interpreter::Missing
            } else {
                Interpreter::NotNeeded
            })),
            own_accord: (wrong == "own_accord").then(|| Labelled::new(YesNo::Yes)),
            ..NewReply::default()
        }
    }

    #[test]
    fn r012_a_yes_counts_when_it_could_be_a_no() {
        let today = date(2026, 10, 14);
        for (wrong, survivor, client) in [
            ("", 0, 0),
            ("explained", 1, 1),
            ("sharing", 1, 1),
            ("able", 1, 1),
            ("alone", 1, 0),
            ("interpreter", 1, 1),
        ] {
            let hers = reply_problems::<Survivor>(
                &reply(Reply::Given, wrong),
                Whose::Survivor,
                Stand::NotAsked,
                None,
                today,
            );
            let theirs = reply_problems::<Workers>(
                &reply(Reply::Given, wrong),
                Whose::Client,
                Stand::NotAsked,
                None,
                today,
            );
            assert_eq!((hers.len(), theirs.len()), (survivor, client), "{wrong}");
        }
    }

    #[test]
    fn r012_what_may_follow_what() {
        use Reply::{Given, Refused, Told, Withdrawn};
        use Stand as S;
        let today = date(2026, 10, 14);
        for (before, after, own, stands) in [
            (S::NotAsked, Told, "", true),
            (S::NotAsked, Refused, "", true),
            (S::NotAsked, Withdrawn, "", false),
            (S::Given, Refused, "", false),
            (S::Given, Told, "", false),
            (S::Given, Withdrawn, "", true),
            (S::Refused, Given, "", false),
            (S::Refused, Told, "", false),
            (S::Refused, Given, "own_accord", true),
            (S::Withdrawn, Given, "own_accord", true),
            (S::Withdrawn, Withdrawn, "own_accord", false),
        ] {
            let problems = reply_problems::<Survivor>(
                &reply(after, own),
                Whose::Survivor,
                before,
                None,
                today,
            );
            assert_eq!(problems.is_empty(), stands, "{before:?} {after:?} {own}");
        }
        let form = reply::<Survivor>(Told, "");
        let later = Some(Labelled::new(date(2026, 10, 15)));
        assert_eq!(
            reply_problems(&form, Whose::Survivor, S::NotAsked, later, today).len(),
            1
        );
        let early = date(2026, 10, 13);
        assert_eq!(
            reply_problems(&form, Whose::Survivor, S::NotAsked, None, early).len(),
            1
        );
    }

    #[test]
    fn r069_every_signature_says_who_stands_for_it() {
        let today = date(2026, 10, 14);
        for (how, signing, filled, wrong) in [
            (Way::Telephone, Signing::NotYet, false, 0),
            (Way::Telephone, Signing::Typed, true, 1),
            (Way::FaceToFace, Signing::Paper, true, 0),
            (Way::FaceToFace, Signing::Paper, false, 3),
            (Way::FaceToFace, Signing::Typed, false, 3),
            (Way::FaceToFace, Signing::Screen, false, 2),
            (Way::FaceToFace, Signing::Screen, true, 0),
        ] {
            let text = || filled.then(|| Labelled::<_, Workers>::new("Maren Okafor".to_owned()));
            let explaining = Explaining {
                explained_on: Some(Labelled::new(today)),
                how: Some(Labelled::new(how)),
                ..Explaining::default()
            };
            let signed = Signed {
                signing: Some(Labelled::new(signing)),
                signed_on: filled.then(|| Labelled::new(today)),
                signed_name: text(),
                held_by: text(),
                witness: text(),
            };
            let problems = signing_problems(&explaining, &signed, today);
            assert_eq!(problems.len(), wrong, "{how:?} {signing:?} {filled}");
        }
    }
}
