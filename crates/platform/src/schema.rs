//! The tables that the access decision reads. Each capability declares its own beside its store.

use kernel::{
    ids::{AgencyKind, CaseKind, ProgrammeKind, StreamKind, TeamKind, UserKind},
    label::Survivor,
};

use crate::sql::{Of, SqlDay, SqlId, SqlInstant, SqlPlain};

kernel::ids! {
    /// A worker's tie to a case.
    TieKind => TieId,
    /// A signed agreement of an agency.
    AgreementKind => AgreementId,
    /// A role held for a time.
    HeldRoleKind => HeldRoleId,
    /// A session, by a name that opens nothing.
    SessionKind => SessionId,
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{AgencyKind, SqlId, SqlPlain};
    /// An organisation of the partnership.
    agency (id) {
        /// Its id.
        id -> SqlId<AgencyKind>,
        /// Its name.
        name -> SqlPlain,
        /// What it is: borough, charity, police, provider, funder, evaluator, school, housing,
        /// health.
        kind -> SqlPlain,
        /// The borough's GSS code, where it is one.
        gss -> Nullable<SqlPlain>,
        /// Whom to ring when nobody else answers.
        phone -> Nullable<SqlPlain>,
        /// Counts saves, so that a stale page is noticed.
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{AgencyKind, SqlId, SqlPlain, TeamKind};
    /// A team of an agency.
    team (id) {
        /// Its id.
        id -> SqlId<TeamKind>,
        /// Its agency.
        agency_id -> SqlId<AgencyKind>,
        /// Its name.
        name -> SqlPlain,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{AgencyKind, ProgrammeKind, SqlId, SqlPlain};
    /// A service run by the partnership.
    programme (id) {
        /// Its id.
        id -> SqlId<ProgrammeKind>,
        /// Its name.
        name -> SqlPlain,
        /// The agency that runs it.
        agency_id -> SqlId<AgencyKind>,
        /// The word on screen for the person causing harm.
        word_client -> SqlPlain,
        /// The word on screen for the adult harmed.
        word_survivor -> SqlPlain,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{AgencyKind, AgreementKind, ProgrammeKind, SqlDay, SqlId, SqlPlain};
    /// A signed agreement of an agency (R094, R105).
    agreement (id) {
        /// Its id.
        id -> SqlId<AgreementKind>,
        /// The agency that signed.
        agency_id -> SqlId<AgencyKind>,
        /// The programme it is about.
        programme_id -> SqlId<ProgrammeKind>,
        /// `mou`, or the kind of information-sharing agreement.
        kind -> SqlPlain,
        /// What it is called.
        title -> SqlPlain,
        /// Who signed for the agency.
        agency_signatory -> Nullable<SqlPlain>,
        /// When.
        agency_signed_on -> Nullable<SqlDay>,
        /// Who signed for the programme.
        programme_signatory -> Nullable<SqlPlain>,
        /// When.
        programme_signed_on -> Nullable<SqlDay>,
        /// The first day in force: the later signature. Null until both have signed.
        starts_on -> Nullable<SqlDay>,
        /// The last day in force.
        ends_on -> SqlDay,
        /// The day it was terminated or replaced, if it was: no longer in force from then.
        ended_on -> Nullable<SqlDay>,
        /// Why it ended before its time.
        ended_because -> Nullable<SqlPlain>,
        /// Which side ended it: `agency`, `programme` or `replaced`.
        ended_by -> Nullable<SqlPlain>,
        /// Counts saves.
        version -> Integer,
        /// As what the agency's signatory signed.
        agency_signatory_role -> Nullable<SqlPlain>,
        /// As what the programme's signatory signed.
        programme_signatory_role -> Nullable<SqlPlain>,
        /// The agreement that takes its place, signed or not yet.
        replaced_by -> Nullable<SqlId<AgreementKind>>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{AgencyKind, SqlId, SqlInstant, SqlPlain, TeamKind, UserKind};
    /// Somebody who signs in.
    app_user (id) {
        /// Its id.
        id -> SqlId<UserKind>,
        /// The agency.
        agency_id -> SqlId<AgencyKind>,
        /// The team.
        team_id -> Nullable<SqlId<TeamKind>>,
        /// The worker's name.
        name -> SqlPlain,
        /// The address that signs in and receives staff mail; lower case.
        email -> SqlPlain,
        /// The work telephone.
        phone -> Nullable<SqlPlain>,
        /// active, suspended or left.
        standing -> SqlPlain,
        /// Argon2id, as a PHC string; null until the invitation is taken up.
        password -> Nullable<SqlPlain>,
        /// The salt from which the one-time code's secret is derived; null while there is none.
        totp_salt -> Nullable<SqlPlain>,
        /// The last time step whose code was used: a code is used once.
        totp_step -> BigInt,
        /// When the user was invited.
        created_at -> SqlInstant,
        /// Counts saves.
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{HeldRoleKind, SqlDay, SqlId, SqlPlain, UserKind};
    /// A role held for a time.
    user_role (id) {
        /// Its id.
        id -> SqlId<HeldRoleKind>,
        /// The user.
        user_id -> SqlId<UserKind>,
        /// The role's code.
        role -> SqlPlain,
        /// The first day.
        from_day -> SqlDay,
        /// The last day, if there is one.
        until_day -> Nullable<SqlDay>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{SessionKind, SqlId, SqlInstant, SqlPlain, UserKind};
    /// A session. The token itself is not here, only its hash.
    session (token_hash) {
        /// SHA-256 of the cookie.
        token_hash -> SqlPlain,
        /// A name for the list of my sessions; it opens nothing.
        id -> SqlId<SessionKind>,
        /// Whose.
        user_id -> SqlId<UserKind>,
        /// The token every form of this session carries.
        csrf -> SqlPlain,
        /// When it began.
        started_at -> SqlInstant,
        /// When it was last used, to within a minute.
        seen_at -> SqlInstant,
        /// 1 while the password is awaited.
        locked -> Integer,
        /// 1 while the client can see the screen.
        shared -> Integer,
        /// What browser it is, in words.
        device -> SqlPlain,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{AgencyKind, CaseKind, Of, ProgrammeKind, SqlId, SqlInstant, SqlPlain, Survivor, TeamKind};
    /// A case: its frame for access and lists. What it is about is in the capabilities' tables.
    casefile (id) {
        /// Its id; never printed.
        id -> SqlId<CaseKind>,
        /// The programme.
        programme_id -> SqlId<ProgrammeKind>,
        /// The agency that referred, if one of the partnership did.
        referring_agency_id -> Nullable<SqlId<AgencyKind>>,
        /// The team that referred.
        team_id -> Nullable<SqlId<TeamKind>>,
        /// What papers about the client carry.
        client_reference -> SqlPlain,
        /// What papers about the survivor carry. Random, and unlike the client's.
        survivor_reference -> SqlPlain,
        /// When the case opened: a referral was submitted or taken.
        opened_at -> SqlInstant,
        /// Kept: where the case stands, a function of its rows.
        stage -> SqlPlain,
        /// Kept: 1 until the case is closed or withdrawn.
        open -> Integer,
        /// Kept: the next instant at which a duty of this case falls due, or [`NEVER`](crate::NEVER).
        next_due -> SqlInstant,
        /// Kept: the same with the duties that only the survivor's side sees.
        next_due_apart -> SqlInstant,
        /// Kept: the facts from which its duties follow, as the capabilities write them.
        facts -> Of<Survivor, Text>,
        /// 1 if only named people may open it.
        restricted -> Integer,
        /// Counts changes.
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{CaseKind, SqlId, SqlInstant, SqlPlain, TieKind, UserKind};
    /// Why a worker may open a case, for a time.
    tie (id) {
        /// Its id.
        id -> SqlId<TieKind>,
        /// The case.
        case_id -> SqlId<CaseKind>,
        /// The worker.
        user_id -> SqlId<UserKind>,
        /// The tie's code.
        kind -> SqlPlain,
        /// Whose place it takes, if it is cover.
        covers -> Nullable<SqlId<UserKind>>,
        /// From when.
        from_at -> SqlInstant,
        /// Until when; null while it is open.
        until_at -> Nullable<SqlInstant>,
        /// Kept: the next due instant of the case as far as this tie sees it, so that a worklist is
        /// one index scan.
        next_due -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{CaseKind, SqlId, SqlInstant, UserKind};
    /// Workers who must not open a case, and workers named for a restricted one.
    case_list (case_id, user_id) {
        /// The case.
        case_id -> SqlId<CaseKind>,
        /// The worker.
        user_id -> SqlId<UserKind>,
        /// 1 if the worker is on the allow-list, 0 if excluded.
        allowed -> Integer,
        /// Since when.
        since -> SqlInstant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{SqlId, SqlInstant, SqlPlain, StreamKind, UserKind};
    /// What was seen and done. Append-only by trigger on both engines.
    audit (stream, seq) {
        /// What the chain is about: a case, a user, an agency, the programme.
        stream -> SqlId<StreamKind>,
        /// The place in the chain, from 1.
        seq -> BigInt,
        /// When.
        at -> SqlInstant,
        /// Who.
        actor -> SqlId<UserKind>,
        /// With which permission.
        permission -> SqlPlain,
        /// What happened.
        event -> SqlPlain,
        /// To which item, or which cases a list showed: ids only.
        item -> SqlPlain,
        /// Which fields: names only.
        fields -> SqlPlain,
        /// The label of the item.
        label -> SqlPlain,
        /// A keyed commitment to the values; empty where there are none.
        commitment -> SqlPlain,
        /// The hash of the row before.
        prev -> SqlPlain,
        /// The keyed hash of this row.
        hash -> SqlPlain,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{SqlId, SqlPlain, StreamKind};
    /// The head of each chain.
    chain (stream) {
        /// What the chain is about.
        stream -> SqlId<StreamKind>,
        /// The number of rows.
        seq -> BigInt,
        /// The hash of the last row.
        hash -> SqlPlain,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::{SqlDay, SqlPlain};
    /// Settings of the partnership, each in force from a day.
    setting (name, from_day) {
        /// Its name.
        name -> SqlPlain,
        /// The first day it is in force.
        from_day -> SqlDay,
        /// Its value.
        value -> SqlPlain,
    }
}

diesel::joinable!(session -> app_user (user_id));
diesel::joinable!(tie -> casefile (case_id));
diesel::joinable!(tie -> app_user (user_id));
diesel::joinable!(casefile -> programme (programme_id));
diesel::joinable!(team -> agency (agency_id));
diesel::joinable!(app_user -> agency (agency_id));
diesel::joinable!(agreement -> agency (agency_id));
diesel::joinable!(user_role -> app_user (user_id));
diesel::allow_tables_to_appear_in_same_query!(
    agency, team, programme, agreement, app_user, user_role, session, casefile, tie, case_list,
    setting, audit,
);
