//! What the service takes: by telephone, e-mail, in person, or as a file. One way in for all.

use kernel::{
    access::Role,
    form::Problem,
    ids::{AgencyId, CaseId, ProgrammeId, UserId},
    plain::Plain,
};
use platform::{App, Error, NewCase, Result, Service, random};
use sha2::{Digest as _, Sha256};

use super::{
    Event, Take,
    model::{Kept, Origin},
    reader, rules,
    store::{self, Entry},
};

/// The longest file, in bytes: as much as a page may send.
const LONGEST: usize = 1024 * 1024;

/// A referral that was taken.
#[derive(Clone, Debug)]
pub struct TakenCase {
    /// The case that it opened.
    pub case: CaseId,
    /// What papers about the client carry.
    pub reference: Plain,
    /// How many texts of the file had no box.
    pub unplaced: usize,
}

/// The programme that the agency of who takes runs. Whoever works elsewhere takes nothing, whatever
/// her role there.
pub(super) async fn programme(service: &Service<Take>) -> Result<ProgrammeId> {
    service
        .read(|office| {
            let agency = office.agency();
            store::run_by(office.conn(), agency)
        })
        .await?
        .ok_or(Error::NotFound)
}

/// A worker who takes a referral follows it as its referrer does, unless she sees all referrals
/// anyway: else she could not read what she has just written.
fn follower(service: &Service<Take>) -> Option<UserId> {
    (!sees_all(service)).then(|| service.session().actor.user)
}

/// Whether who takes sees all referrals of the programme by her role.
pub(super) fn sees_all(service: &Service<Take>) -> bool {
    service
        .session()
        .actor
        .holds(&[Role::IntakeWorker, Role::ServiceManager])
}

/// Opens the case of a referral that the service takes.
///
/// # Errors
/// [`Error::Stale`] if the case exists, or the file was taken meanwhile.
pub(super) async fn open(
    service: &Service<Take>,
    id: CaseId,
    agency: Option<AgencyId>,
    entry: Entry,
    file: Option<String>,
) -> Result<TakenCase> {
    let reference = Plain::new(random::reference()?);
    let new = NewCase {
        id,
        programme: programme(service).await?,
        agency,
        team: None,
        client_reference: reference.clone(),
        survivor_reference: Plain::new(random::reference()?),
        referrer: follower(service),
    };
    let taken = TakenCase {
        case: id,
        reference,
        unplaced: entry.kept.unplaced,
    };
    service
        .open(new, move |tx| {
            store::enter(tx, &entry)?;
            if let Some(hash) = &file {
                store::note_file(tx, hash, &taken.reference)?;
            }
            Ok((
                Event::Taken(id, entry.origin, entry.kept.said()),
                taken.clone(),
            ))
        })
        .await
}

/// Takes a referral from a file: what stands in its boxes, and the rest as text. It is received
/// when it arrives.
///
/// # Errors
/// [`Error::Refused`] says why a file is no referral, or that it was taken already; the words
/// quote nothing of it.
pub(super) async fn file(service: &Service<Take>, bytes: &[u8]) -> Result<TakenCase> {
    let refused = |why: String| Error::Refused(vec![Problem::new("file", why)]);
    if bytes.len() > LONGEST {
        return Err(Error::TooLong);
    }
    let hash = random::hex(&Sha256::digest(bytes));
    if let Some(reference) = already(service, &hash).await? {
        return Err(refused(again(&reference)));
    }
    let now = service.now();
    let read = reader::read(bytes, now.day()).map_err(|why| refused(why.to_string()))?;
    let (mut form, _) = kernel::form::Parse::form(&read.typed);
    let kept = Kept::of(&mut form, &read.unplaced);
    let entry = Entry {
        received_at: rules::receipt(Origin::File, None, now),
        origin: Origin::File,
        taken_from: None,
        held: None,
        form,
        kept,
    };
    match open(service, CaseId::new(), None, entry, Some(hash.clone())).await {
        Err(Error::Stale) => match already(service, &hash).await? {
            Some(reference) => Err(refused(again(&reference))),
            None => Err(Error::Stale),
        },
        done => done,
    }
}

async fn already(service: &Service<Take>, hash: &str) -> Result<Option<Plain>> {
    let hash = hash.to_owned();
    service
        .read(move |office| store::file_taken(office.conn(), &hash))
        .await
}

fn again(reference: &Plain) -> String {
    format!("This file was taken already, under the reference {reference}. Nothing was changed")
}

/// Takes a referral from a file in the name of the system user, for `cusp referral take`. Says what
/// became of it, without quoting it.
///
/// # Errors
/// As for the page: [`Error::Refused`] with what to do about the file.
pub async fn take_file(app: &App, bytes: &[u8]) -> Result<String> {
    let service = app.as_system::<Take>(platform::identity::system_session(app).await?)?;
    let taken = file(&service, bytes).await?;
    let left = match taken.unplaced {
        0 => "Everything in it had a box on the form.".to_owned(),
        1 => "1 text had no box on the form and is kept with it.".to_owned(),
        many => format!("{many} texts had no box on the form and are kept with it."),
    };
    Ok(format!(
        "Taken under the reference {}, as case {}. {left}",
        taken.reference, taken.case
    ))
}
