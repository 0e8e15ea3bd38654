//! Rows of participation. What the survivor's side records lies in tables of its own, which no query
//! of the other side reaches.

use jiff::civil::Date;
use kernel::{
    form::{Typed, YesNo},
    label::{Client, Label, Labelled, Survivor},
};
use platform::{Error, Failed, Result, Scope, Tx};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    model::{Agreed, Confidentiality, Replied, ReplyId, Sided, Signing, Way},
    rules::{self, Gate, Gone, Known, Paper, Party, Said},
};
use crate::{
    cases::model::Moment,
    contacts::{self, store::KeptContacts as _},
    duties::{self, model::Met},
    people::{
        self,
        model::{PartId, PartRole},
    },
    referrals,
};

fn broken(error: serde_json::Error) -> Error {
    Error::Broken(format!("participation: {error}"))
}

fn written<T: Serialize, L: Label>(value: &Labelled<T, L>) -> Result<Labelled<String, L>> {
    serde_json::to_string(value.expose())
        .map(Labelled::new)
        .map_err(broken)
}

fn read<T: DeserializeOwned, L: Label>(text: &Labelled<String, L>) -> Result<Labelled<T, L>> {
    serde_json::from_str(text.expose())
        .map(Labelled::new)
        .map_err(broken)
}

/// The answers of one side.
pub trait Replies {
    /// The label of everything in them.
    type Label: Sided;

    /// The answers of the case in hand in the order in which they were given, struck out ones too.
    fn all(scope: &mut impl Scope) -> Result<Vec<Replied<Self::Label>>>;
    /// Adds an answer.
    fn add(tx: &mut Tx<'_>, new: &Replied<Self::Label>) -> Result<(), Failed>;
    /// Strikes an answer out; 0 if it was before.
    fn strike(
        tx: &mut Tx<'_>,
        id: ReplyId,
        because: &Labelled<String, Self::Label>,
    ) -> Result<usize, Failed>;
}

/// Declares a table of answers. The two differ in nothing but name and label.
macro_rules! replies {
    ($(#[$doc:meta])* $module:ident, $table:ident, $kind:ident, $label:ident) => {
        $(#[$doc])*
        mod $module {
            use diesel::prelude::*;
            use jiff::civil::Date;
            use kernel::{
                form::YesNo,
                ids::{CaseId, CaseKind, UserId, UserKind},
                label::{$label, Labelled},
                time::Instant,
            };
            use platform::{
                Failed, Result, Scope, Tx,
                sql::{Of, SqlDay, SqlId, SqlInstant},
            };

            use crate::{
                participation::model::{Replied, Reply, ReplyId, ReplyKind, Way},
                people::model::{PartId, PartKind},
            };

            diesel::table! {
                use diesel::sql_types::*;
                use super::{CaseKind, Of, PartKind, ReplyKind, SqlDay, SqlId, SqlInstant, UserKind, $label};
                $table (id) {
                    id -> SqlId<ReplyKind>,
                    case_id -> SqlId<CaseKind>,
                    part_id -> SqlId<PartKind>,
                    reply -> Of<$label, Text>,
                    answered_on -> Of<$label, SqlDay>,
                    how -> Of<$label, Text>,
                    explained -> Of<$label, Text>,
                    sharing -> Of<$label, Text>,
                    words -> Of<$label, Text>,
                    struck_because -> Nullable<Of<$label, Text>>,
                    struck_by -> Nullable<SqlId<UserKind>>,
                    struck_at -> Nullable<SqlInstant>,
                    recorded_by -> SqlId<UserKind>,
                    recorded_at -> SqlInstant,
                }
            }
            platform::casework!($table);

            #[derive(Queryable, Selectable, Insertable)]
            #[diesel(table_name = $table, check_for_backend(platform::db::Backend), treat_none_as_default_value = false)]
            struct Row {
                id: ReplyId,
                case_id: CaseId,
                part_id: PartId,
                reply: Labelled<Reply, $label>,
                answered_on: Labelled<Date, $label>,
                how: Labelled<Way, $label>,
                explained: Labelled<YesNo, $label>,
                sharing: Labelled<YesNo, $label>,
                words: Labelled<String, $label>,
                struck_because: Option<Labelled<String, $label>>,
                recorded_by: UserId,
                recorded_at: Instant,
            }

            /// The table, as a type.
            #[derive(Clone, Copy, Debug)]
            pub enum $kind {}

            impl super::Replies for $kind {
                type Label = $label;

                fn all(scope: &mut impl Scope) -> Result<Vec<Replied<$label>>> {
                    let rows: Vec<Row> = of(scope)
                        .order(($table::answered_on, $table::recorded_at, $table::id))
                        .select(Row::as_select())
                        .load(scope.conn())?;
                    rows.into_iter()
                        .map(|row| {
                            Ok(Replied {
                                id: row.id,
                                part: row.part_id,
                                reply: row.reply,
                                answered_on: row.answered_on,
                                how: row.how,
                                explained: row.explained,
                                sharing: row.sharing,
                                words: super::read(&row.words)?,
                                struck: row.struck_because,
                                recorded_by: row.recorded_by,
                                recorded_at: row.recorded_at,
                            })
                        })
                        .collect()
                }

                fn add(tx: &mut Tx<'_>, new: &Replied<$label>) -> Result<(), Failed> {
                    let row = Row {
                        id: new.id,
                        case_id: tx.case(),
                        part_id: new.part,
                        reply: new.reply,
                        answered_on: new.answered_on,
                        how: new.how,
                        explained: new.explained,
                        sharing: new.sharing,
                        words: super::written(&new.words)?,
                        struck_because: None,
                        recorded_by: new.recorded_by,
                        recorded_at: new.recorded_at,
                    };
                    diesel::insert_into($table::table).values(&row).execute(tx.conn())?;
                    Ok(())
                }

                fn strike(
                    tx: &mut Tx<'_>,
                    id: ReplyId,
                    because: &Labelled<String, $label>,
                ) -> Result<usize, Failed> {
                    let (actor, now) = (tx.actor(), tx.now());
                    let row = of(tx).filter($table::id.eq(id)).filter($table::struck_at.is_null());
                    let done = diesel::update(row)
                        .set((
                            $table::struck_because.eq(Some(because)),
                            $table::struck_by.eq(Some(actor)),
                            $table::struck_at.eq(Some(now)),
                        ))
                        .execute(tx.conn())?;
                    Ok(done)
                }
            }
        }
        pub use $module::$kind;
    };
}

replies! {
    /// Answers of the client.
    client, participation_client, ClientReplies, Workers
}
replies! {
    /// Answers of the adults harmed.
    survivor, participation_survivor, SurvivorReplies, Survivor
}

/// The agreements on confidentiality of one side.
pub trait Papers {
    /// The label of everything in them.
    type Label: Sided;

    /// The times at which it was gone through with the parties of the case in hand, in their order.
    fn all(scope: &mut impl Scope) -> Result<Vec<Confidentiality<Self::Label>>>;
    /// Adds a time.
    fn add(tx: &mut Tx<'_>, new: &Confidentiality<Self::Label>) -> Result<(), Failed>;
}

/// Declares a table of agreements on confidentiality.
macro_rules! papers {
    ($(#[$doc:meta])* $module:ident, $table:ident, $kind:ident, $label:ident) => {
        $(#[$doc])*
        mod $module {
            use diesel::prelude::*;
            use jiff::civil::Date;
            use kernel::{
                form::{Typed, YesNo},
                ids::{CaseId, CaseKind, UserId, UserKind},
                label::{$label, Labelled},
                time::Instant,
            };
            use platform::{
                Failed, Result, Scope, Tx,
                sql::{Of, SqlDay, SqlId, SqlInstant},
            };

            use crate::{
                participation::model::{
                    Confidentiality, ConfidentialityId, ConfidentialityKind, Signing, Way,
                },
                people::model::{PartId, PartKind},
            };

            diesel::table! {
                use diesel::sql_types::*;
                use super::{CaseKind, ConfidentialityKind, Of, PartKind, SqlDay, SqlId, SqlInstant, UserKind, $label};
                $table (id) {
                    id -> SqlId<ConfidentialityKind>,
                    case_id -> SqlId<CaseKind>,
                    part_id -> SqlId<PartKind>,
                    explained_on -> Of<$label, SqlDay>,
                    how -> Of<$label, Text>,
                    understood -> Of<$label, Text>,
                    research -> Of<$label, Text>,
                    signing -> Of<$label, Text>,
                    signed_on -> Nullable<Of<$label, SqlDay>>,
                    answers -> Of<$label, Text>,
                    words -> Of<$label, Text>,
                    recorded_by -> SqlId<UserKind>,
                    recorded_at -> SqlInstant,
                }
            }
            platform::casework!($table);

            #[derive(Queryable, Selectable, Insertable)]
            #[diesel(table_name = $table, check_for_backend(platform::db::Backend), treat_none_as_default_value = false)]
            struct Row {
                id: ConfidentialityId,
                case_id: CaseId,
                part_id: PartId,
                explained_on: Labelled<Date, $label>,
                how: Labelled<Way, $label>,
                understood: Labelled<YesNo, $label>,
                research: Labelled<YesNo, $label>,
                signing: Labelled<Signing, $label>,
                signed_on: Option<Labelled<Date, $label>>,
                answers: Labelled<String, $label>,
                words: Labelled<String, $label>,
                recorded_by: UserId,
                recorded_at: Instant,
            }

            /// The table, as a type.
            #[derive(Clone, Copy, Debug)]
            pub enum $kind {}

            impl super::Papers for $kind {
                type Label = $label;

                fn all(scope: &mut impl Scope) -> Result<Vec<Confidentiality<$label>>> {
                    let rows: Vec<Row> = of(scope)
                        .order(($table::explained_on, $table::recorded_at, $table::id))
                        .select(Row::as_select())
                        .load(scope.conn())?;
                    rows.into_iter()
                        .map(|row| {
                            Ok(Confidentiality {
                                id: row.id,
                                part: row.part_id,
                                explained_on: row.explained_on,
                                how: row.how,
                                understood: row.understood,
                                research: row.research,
                                signing: row.signing,
                                signed_on: row.signed_on,
                                answers: super::read(&row.answers)?.map(|all: &std::collections::BTreeMap<String, String>| Typed(all.clone())),
                                words: super::read(&row.words)?,
                                recorded_by: row.recorded_by,
                                recorded_at: row.recorded_at,
                            })
                        })
                        .collect()
                }

                fn add(tx: &mut Tx<'_>, new: &Confidentiality<$label>) -> Result<(), Failed> {
                    let row = Row {
                        id: new.id,
                        case_id: tx.case(),
                        part_id: new.part,
                        explained_on: new.explained_on,
                        how: new.how,
                        understood: new.understood,
                        research: new.research,
                        signing: new.signing,
                        signed_on: new.signed_on,
                        answers: super::written(&new.answers.map(|typed: &Typed| typed.0.clone()))?,
                        words: super::written(&new.words)?,
                        recorded_by: new.recorded_by,
                        recorded_at: new.recorded_at,
                    };
                    diesel::insert_into($table::table).values(&row).execute(tx.conn())?;
                    Ok(())
                }
            }
        }
        pub use $module::$kind;
    };
}

papers! {
    /// Appendix B, with the client.
    client_papers, participation_confidentiality_client, ClientPapers, Client
}
papers! {
    /// Appendix C, with the adults harmed.
    survivor_papers, participation_confidentiality_survivor, SurvivorPapers, Survivor
}

mod agreed {
    use diesel::prelude::*;
    use jiff::civil::Date;
    use kernel::{
        ids::{CaseId, CaseKind, UserId, UserKind},
        label::{Labelled, Survivor},
        time::Instant,
    };
    use platform::{
        Failed, Result, Scope, Tx,
        sql::{Of, SqlDay, SqlId, SqlInstant},
    };

    use crate::participation::model::{Agreed, AgreedId, AgreedKind, ReplyId, ReplyKind};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{AgreedKind, CaseKind, Of, ReplyKind, SqlDay, SqlId, SqlInstant, Survivor, UserKind};
        /// What was agreed after a withdrawal. There is one for each.
        participation_agreed (id) {
            /// Its id.
            id -> SqlId<AgreedKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The withdrawal.
            reply_id -> SqlId<ReplyKind>,
            /// When.
            agreed_on -> Of<Survivor, SqlDay>,
            /// The first day on which the other line sees a closed gate.
            stops_on -> Of<Survivor, SqlDay>,
            /// The form as it was worded.
            words -> Of<Survivor, Text>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(participation_agreed);

    #[derive(Queryable, Selectable, Insertable)]
    #[diesel(table_name = participation_agreed, check_for_backend(platform::db::Backend))]
    struct Row {
        id: AgreedId,
        case_id: CaseId,
        reply_id: ReplyId,
        agreed_on: Labelled<Date, Survivor>,
        stops_on: Labelled<Date, Survivor>,
        words: Labelled<String, Survivor>,
        recorded_by: UserId,
        recorded_at: Instant,
    }

    /// What was agreed in the case in hand.
    pub fn all(scope: &mut impl Scope) -> Result<Vec<Agreed>> {
        let rows: Vec<Row> = of(scope)
            .order((participation_agreed::recorded_at, participation_agreed::id))
            .select(Row::as_select())
            .load(scope.conn())?;
        rows.into_iter()
            .map(|row| {
                Ok(Agreed {
                    id: row.id,
                    reply: row.reply_id,
                    agreed_on: row.agreed_on,
                    stops_on: row.stops_on,
                    words: super::read(&row.words)?,
                    recorded_by: row.recorded_by,
                    recorded_at: row.recorded_at,
                })
            })
            .collect()
    }

    /// Adds what was agreed.
    pub fn add(tx: &mut Tx<'_>, new: &Agreed) -> Result<(), Failed> {
        let row = Row {
            id: new.id,
            case_id: tx.case(),
            reply_id: new.reply,
            agreed_on: new.agreed_on,
            stops_on: new.stops_on,
            words: super::written(&new.words)?,
            recorded_by: new.recorded_by,
            recorded_at: new.recorded_at,
        };
        diesel::insert_into(participation_agreed::table)
            .values(&row)
            .execute(tx.conn())?;
        Ok(())
    }
}

mod heard {
    use diesel::prelude::*;
    use jiff::civil::Date;
    use kernel::{
        ids::{CaseId, CaseKind, UserId, UserKind},
        label::{Labelled, Workers},
        time::Instant,
    };
    use platform::{
        Failed, Result, Scope, Tx,
        sql::{Of, SqlDay, SqlId, SqlInstant},
    };

    use crate::participation::model::{Heard, HeardId, HeardKind};

    diesel::table! {
        use diesel::sql_types::*;
        use super::{CaseKind, HeardKind, Of, SqlDay, SqlId, SqlInstant, UserKind, Workers};
        /// That the client heard of the service from somebody else.
        participation_heard (id) {
            /// Its id.
            id -> SqlId<HeardKind>,
            /// The case.
            case_id -> SqlId<CaseKind>,
            /// The day.
            heard_on -> Of<Workers, SqlDay>,
            /// The form as it was worded.
            words -> Of<Workers, Text>,
            /// Who recorded it.
            recorded_by -> SqlId<UserKind>,
            /// When.
            recorded_at -> SqlInstant,
        }
    }
    platform::casework!(participation_heard);

    #[derive(Queryable, Selectable, Insertable)]
    #[diesel(table_name = participation_heard, check_for_backend(platform::db::Backend))]
    struct Row {
        id: HeardId,
        case_id: CaseId,
        heard_on: Labelled<Date, Workers>,
        words: Labelled<String, Workers>,
        recorded_by: UserId,
        recorded_at: Instant,
    }

    /// What the client of the case in hand heard.
    pub fn all(scope: &mut impl Scope) -> Result<Vec<Heard>> {
        let rows: Vec<Row> = of(scope)
            .order((participation_heard::heard_on, participation_heard::id))
            .select(Row::as_select())
            .load(scope.conn())?;
        rows.into_iter()
            .map(|row| {
                Ok(Heard {
                    id: row.id,
                    heard_on: row.heard_on,
                    words: super::read(&row.words)?,
                    recorded_by: row.recorded_by,
                    recorded_at: row.recorded_at,
                })
            })
            .collect()
    }

    /// Adds what the client heard.
    pub fn add(tx: &mut Tx<'_>, new: &Heard) -> Result<(), Failed> {
        let row = Row {
            id: new.id,
            case_id: tx.case(),
            heard_on: new.heard_on,
            words: super::written(&new.words)?,
            recorded_by: new.recorded_by,
            recorded_at: new.recorded_at,
        };
        diesel::insert_into(participation_heard::table)
            .values(&row)
            .execute(tx.conn())?;
        Ok(())
    }
}

pub use agreed::{add as add_agreed, all as agreed};
pub use heard::{add as add_heard, all as heard};

fn party<L: Label, P: Label>(
    part: PartId,
    replies: &[Replied<L>],
    agreed: &[Agreed],
    papers: &[Confidentiality<P>],
    met_on: &[Date],
    today: Date,
) -> Party {
    let mine: Vec<&Replied<L>> = replies
        .iter()
        .filter(|reply| reply.part == part && reply.struck.is_none())
        .collect();
    let met = |reply: &Replied<L>| Met::on(*reply.answered_on.expose(), reply.recorded_at.get());
    let said: Vec<Said> = mine
        .iter()
        .map(|reply| Said {
            id: reply.id,
            reply: *reply.reply.expose(),
            on: met(reply),
            agreed: agreed
                .iter()
                .find(|agreed| agreed.reply == reply.id)
                .map(|agreed| {
                    let met = Met::on(*agreed.agreed_on.expose(), agreed.recorded_at.get());
                    (met, *agreed.stops_on.expose())
                }),
        })
        .collect();
    let first = |yes: fn(&Replied<L>) -> YesNo| {
        mine.iter()
            .find(|reply| yes(reply) == YesNo::Yes)
            .map(|reply| met(reply))
    };
    let meetings: Vec<Date> = mine
        .iter()
        .filter(|reply| *reply.how.expose() == Way::FaceToFace)
        .map(|reply| *reply.answered_on.expose())
        .chain(met_on.iter().copied())
        .collect();
    Party {
        part: Some(part),
        explained: first(|reply| *reply.explained.expose()),
        sharing: first(|reply| *reply.sharing.expose()),
        paper: paper(part, papers, &meetings),
        ..rules::stand(&said, today)
    }
}

fn paper<L: Label>(part: PartId, papers: &[Confidentiality<L>], meetings: &[Date]) -> Paper {
    let gone: Vec<Gone> = papers
        .iter()
        .filter(|paper| paper.part == part)
        .map(|paper| {
            let entered = paper.recorded_at.get();
            let signed = paper
                .signed_on
                .filter(|_| *paper.signing.expose() != Signing::NotYet);
            Gone {
                on: Met::on(*paper.explained_on.expose(), entered),
                how: *paper.how.expose(),
                understood: *paper.understood.expose() == YesNo::Yes,
                research: *paper.research.expose() == YesNo::Yes,
                signed: signed.map(|day| Met::on(*day.expose(), entered)),
            }
        })
        .collect();
    rules::paper(&gone, meetings)
}

/// What is known of the case in hand.
pub fn known(scope: &mut impl Scope) -> Result<Known> {
    let today = scope.now().day();
    let received = referrals::store::received(scope)?.map(|r| r.received_at.expose().get());
    let settings = duties::store::settings(scope.conn())?;
    let parts = people::store::parts(scope)?;
    let (replies, agreed) = (SurvivorReplies::all(scope)?, agreed(scope)?);
    let papers = SurvivorPapers::all(scope)?;
    let met = contacts::store::SurvivorContacts::met(scope)?;
    let survivors = parts
        .iter()
        .filter(|part| part.role == PartRole::Survivor)
        .map(|part| {
            let hers = met.iter().filter(|(seen, _)| *seen == part.id);
            let days: Vec<Date> = hers.map(|(_, day)| *day).collect();
            party(part.id, &replies, &agreed, &papers, &days, today)
        })
        .collect();
    let (replies, papers) = (ClientReplies::all(scope)?, ClientPapers::all(scope)?);
    let met = contacts::store::days_met(scope)?;
    let client = parts
        .iter()
        .find(|part| part.role == PartRole::Client)
        .map(|part| party(part.id, &replies, &[], &papers, &met, today))
        .unwrap_or_default();
    let heard = heard(scope)?
        .first()
        .map(|heard| Met::on(*heard.heard_on.expose(), heard.recorded_at.get()));
    let consents = rules::consents(received, &settings);
    Ok(rules::known(consents, survivors, client, heard))
}

/// How the gates of the case in hand stand.
pub fn gate(scope: &mut impl Scope) -> Result<Gate> {
    let received = referrals::store::received(scope)?.map(|r| r.received_at.expose().get());
    let settings = duties::store::settings(scope.conn())?;
    let known = known(scope)?;
    let consents = rules::consents(received, &settings);
    Ok(rules::gate_of(consents, &known.survivors, known.party.so))
}

/// What happened, as workers of both lines may read it.
pub fn chronology(scope: &mut impl Scope) -> Result<Vec<Moment>> {
    let mut moments: Vec<Moment> = ClientReplies::all(scope)?
        .into_iter()
        .map(|row| Moment {
            on: row.answered_on,
            ..Moment::entered(
                row.recorded_at,
                row.recorded_by,
                "Client’s answer",
                reply_words(&row),
            )
        })
        .collect();
    moments.extend(ClientPapers::all(scope)?.into_iter().map(|row| {
        let said = if row.signed_on.is_some() {
            "Signed"
        } else {
            "Explained, not yet signed"
        };
        Moment {
            on: Labelled::new(*row.explained_on.expose()),
            ..Moment::entered(
                row.recorded_at,
                row.recorded_by,
                "Client’s agreement on confidentiality",
                said,
            )
        }
    }));
    moments.extend(heard(scope)?.into_iter().map(|row| Moment {
        on: row.heard_on,
        ..Moment::entered(
            row.recorded_at,
            row.recorded_by,
            "Client heard of the service from elsewhere",
            "",
        )
    }));
    Ok(moments)
}

fn reply_words<L: Label>(row: &Replied<L>) -> &'static str {
    if row.struck.is_some() {
        "Entered in error, struck out"
    } else {
        row.reply.expose().words()
    }
}

/// What happened on the survivor's side.
pub fn survivor_chronology(scope: &mut impl Scope) -> Result<Vec<Moment<Survivor>>> {
    let mut moments: Vec<Moment<Survivor>> = SurvivorReplies::all(scope)?
        .into_iter()
        .map(|row| Moment {
            on: row.answered_on,
            ..Moment::entered(
                row.recorded_at,
                row.recorded_by,
                "Survivor’s answer",
                reply_words(&row),
            )
        })
        .collect();
    moments.extend(SurvivorPapers::all(scope)?.into_iter().map(|row| {
        let said = if row.signed_on.is_some() {
            "Signed"
        } else {
            "Explained, not yet signed"
        };
        Moment {
            on: row.explained_on,
            ..Moment::entered(
                row.recorded_at,
                row.recorded_by,
                "Survivor’s agreement on confidentiality",
                said,
            )
        }
    }));
    moments.extend(agreed(scope)?.into_iter().map(|row| Moment {
        on: row.agreed_on,
        ..Moment::entered(
            row.recorded_at,
            row.recorded_by,
            "Agreed what happens after a withdrawal",
            "",
        )
    }));
    Ok(moments)
}

/// The last answer of a party that was not struck out, by its day.
pub fn last_answer<L: Label>(part: PartId, replies: &[Replied<L>]) -> Option<Labelled<Date, L>> {
    replies
        .iter()
        .filter(|reply| reply.part == part && reply.struck.is_none())
        .map(|reply| Labelled::new(*reply.answered_on.expose()))
        .next_back()
}

/// What was typed, for the next time the agreement is gone through: everything but the answers and
/// the signature. It goes back into the form of the same label.
pub fn carried_text<L: Label>(paper: &Confidentiality<L>) -> Typed {
    let keep = |name: &str| {
        name.starts_with("sharing.")
            || name.starts_with("requests.")
            || matches!(name, "needs" | "needs_met" | "interpreter" | "storage")
    };
    let typed = paper.answers.expose();
    Typed(
        typed
            .0
            .iter()
            .filter(|(name, _)| keep(name))
            .map(|(name, text)| (name.clone(), text.clone()))
            .collect(),
    )
}

/// What was typed on the client's paper, field by field.
pub fn texts(paper: &Confidentiality<Client>) -> Vec<(String, Labelled<String, Client>)> {
    let typed = paper.answers.expose();
    typed
        .0
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| (name.clone(), Labelled::new(text.clone())))
        .collect()
}

/// The same as one text, each field on a line of its own.
pub fn joined(texts: &[(String, Labelled<String, Client>)]) -> Labelled<String, Client> {
    let all: Vec<&str> = texts
        .iter()
        .map(|(_, text)| text.expose().as_str())
        .collect();
    Labelled::new(all.join("\n"))
}

/// Strikes out an answer of the case in hand.
///
/// # Errors
/// [`Error::Stale`] if it was struck out before, or is not of this case.
pub fn strike<R: Replies>(
    tx: &mut Tx<'_>,
    id: ReplyId,
    because: &Labelled<String, R::Label>,
) -> Result<(), Failed> {
    if R::strike(tx, id, because)? == 0 {
        return Err(Error::Stale.into());
    }
    Ok(())
}
