//! What follows from what is known about people. Pure: days and facts are arguments.

use jiff::civil::Date;
use kernel::{
    access::Tie,
    form::{Problem, Problems, When, YesNo},
    ids::UserId,
    label::{Label, Labelled, Survivor, Workers},
    time::Instant,
};

use crate::duties::settings::{Kind, Setting};

use super::model::{
    AddPerson, AddressForm, Born, BornKind, Channel, Detail, DetailId, DetailStatus, HELD_BY,
    KeptAddressForm, KeptAt, Origin, Part, PartId, PartRole, Person, ReachForm, SafeContact,
    SafeContactForm, SafeContactId, SafeStatus,
};

/// The fewest characters of a reason. It is the same as the guard of a case asks before it opens
/// what needs a reason.
pub const REASON: usize = 10;

/// R008: how many days after its last check a way of safe contact is marked as old. The sources
/// give no number, so nothing is marked until the partnership sets one; the day of the last check
/// always stands beside it.
pub const SAFE_CONTACT_OLD: Setting = Setting {
    name: "safe_contact_old_days",
    what: "Days after its last check from which safe contact is marked as old (R008); not marked while not set",
    kind: Kind::Number(1, 365),
    default: None,
};

/// The settings of people.
pub const SETTINGS: &[Setting] = &[SAFE_CONTACT_OLD];

/// Understands a date of birth. The words are always kept; only a sort is made of them, so that a
/// child who is expected is not given an age.
///
/// A date that lies ahead is a date on which a child is expected.
pub fn born_of(when: &When, today: Date) -> Born {
    match when {
        When::On(day) if *day > today => Born {
            kind: BornKind::Expected,
            day: Some(*day),
            words: None,
        },
        When::On(day) => Born {
            kind: BornKind::Exact,
            day: Some(*day),
            words: None,
        },
        When::Words(words) => {
            let low = words.to_lowercase();
            let any = |signs: &[&str]| signs.iter().any(|sign| low.contains(sign));
            let kind = if any(&["not born", "unborn", "expected", "due "]) || low == "due" {
                BornKind::Expected
            } else if any(&["not known", "unknown", "don't know", "not given"]) || low == "?" {
                BornKind::Unknown
            } else {
                BornKind::Approximate
            };
            Born {
                kind,
                day: None,
                words: Some(words.clone()),
            }
        }
    }
}

/// A date of birth nobody has said anything about.
pub const fn born_unknown() -> Born {
    Born {
        kind: BornKind::Unknown,
        day: None,
        words: None,
    }
}

/// Age in words: whole years, months below two years; nothing where the day is not known.
pub fn age_words(born: &Born, today: Date) -> String {
    let (BornKind::Exact, Some(day)) = (born.kind, born.day) else {
        return String::new();
    };
    let months = (i32::from(today.year()) - i32::from(day.year())) * 12 + i32::from(today.month())
        - i32::from(day.month())
        - i32::from(today.day() < day.day());
    match months {
        ..0 => String::new(),
        0 => "under a month".to_owned(),
        1 => "1 month".to_owned(),
        2..24 => format!("{months} months"),
        _ => format!("{}", months / 12),
    }
}

/// Checks what is known about a person against itself. Nothing that is merely missing stops a
/// worker: only a day that contradicts the sort of date it is said to be.
pub fn person_problems(person: &Person, today: Date) -> Problems {
    let kind = person.born_kind.as_ref().map(|kind| *kind.expose());
    let day = person.born_day.as_ref().map(|day| *day.expose());
    let problem = match (kind, day) {
        (Some(BornKind::Exact), None) => Problem::missing(
            "born_day",
            "Enter the date of birth, or choose how far it is known",
        ),
        (Some(BornKind::Exact | BornKind::Approximate), Some(day)) if day > today => Problem::new(
            "born_day",
            "The date of birth lies ahead: choose “Not born yet”, or mend the date",
        ),
        (Some(BornKind::Exact), Some(day)) if day.year() < today.year() - 120 => Problem::new(
            "born_day",
            "The date of birth must be within the last 120 years",
        ),
        _ => return Problems::new(),
    };
    vec![problem]
}

/// What a person's form says about the date of birth.
pub fn born_typed(person: &Person) -> Option<Labelled<Born, Workers>> {
    let kind = person.born_kind.as_ref()?;
    Some(kind.map(|kind| {
        Born {
            kind: *kind,
            day: person.born_day.as_ref().map(|day| *day.expose()),
            words: person
                .born_words
                .as_ref()
                .map(|words| words.expose().clone()),
        }
    }))
}

/// A person who is added, if the form says enough.
pub fn new_person(form: &AddPerson, id: PartId) -> Option<Part> {
    let role = (*form.role.as_ref()?.expose()).into();
    let blank = Part {
        id,
        role,
        name: Labelled::new(String::new()),
        aliases: None,
        born: Labelled::new(born_unknown()),
        relation_to_survivor: None,
        relation_to_client: None,
        occupation: None,
        position: 0,
        version: 1,
    };
    changed_person(&form.person, &blank, 1)
}

/// A person as a form says it, if it says enough. `version` is what the page showed.
pub fn changed_person(form: &Person, before: &Part, version: i32) -> Option<Part> {
    Some(Part {
        name: form.name.clone()?,
        aliases: form.aliases.clone(),
        born: born_typed(form)?,
        relation_to_survivor: form.to_survivor.clone(),
        relation_to_client: form.to_client.clone(),
        occupation: form.occupation.clone(),
        version,
        ..before.clone()
    })
}

/// Who records a detail, and when.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// The worker.
    pub user: UserId,
    /// The instant.
    pub at: Instant,
}

/// A way to reach somebody as a form says it, if it says enough. `addresses` are those at which a
/// telephone may stand; another one is not taken.
pub fn reach<L: Label>(
    form: &ReachForm<L>,
    part: PartId,
    addresses: &[DetailId],
    by: By,
) -> Option<Detail<L>> {
    let channel: Channel = (*form.channel.as_ref()?.expose()).into();
    let at_address = form
        .at_address
        .as_ref()
        .and_then(|id| id.expose().parse().ok())
        .filter(|id| channel == Channel::Telephone && addresses.contains(id));
    Some(Detail {
        id: DetailId::new(),
        part,
        channel,
        value: form.value.clone()?,
        note: form.note.clone(),
        status: form.status?,
        kept: Labelled::new(KeptAt::Here),
        because: None,
        at_address,
        origin: Origin::Page,
        recorded_by: by.user,
        recorded_at: by.at,
    })
}

/// The client's address as a form says it, if it says enough.
pub fn address(form: &AddressForm, part: PartId, by: By) -> Option<Detail<Workers>> {
    Some(Detail {
        id: DetailId::new(),
        part,
        channel: Channel::Address,
        value: form.value.clone()?,
        note: form.note.clone(),
        status: form.status?,
        kept: Labelled::new(KeptAt::Here),
        because: None,
        at_address: None,
        origin: Origin::Page,
        recorded_by: by.user,
        recorded_at: by.at,
    })
}

/// An address of the survivor's side as a form says it.
///
/// # Errors
/// What the three ways ask for and the form does not say.
pub fn address_kept<L: Label>(
    form: &KeptAddressForm<L>,
    part: PartId,
    by: By,
) -> Result<Option<Detail<L>>, Problems> {
    let written = kept_address(form)?;
    let Some(status) = form.status else {
        return Ok(None);
    };
    Ok(Some(Detail {
        id: DetailId::new(),
        part,
        channel: Channel::Address,
        value: written.text,
        note: form.note.clone(),
        status,
        kept: Labelled::new(written.kept),
        because: written.because,
        at_address: None,
        origin: Origin::Page,
        recorded_by: by.user,
        recorded_at: by.at,
    }))
}

/// What is agreed about safe contact as a form says it, if it says enough.
pub fn safe_contact(form: &SafeContactForm, part: PartId, by: By) -> Option<SafeContact> {
    Some(SafeContact {
        id: SafeContactId::new(),
        part,
        as_given: None,
        methods: form.methods.clone(),
        times: form.times.clone(),
        who_may_answer: form.who_may_answer.clone(),
        pretext: form.pretext.clone(),
        code_word: form.code_word.clone(),
        never_message: form
            .never_message
            .as_ref()?
            .map(|never| *never == YesNo::Yes),
        checked_on: form.checked_on,
        status: form.status?,
        origin: Origin::Page,
        version: 1,
        recorded_by: by.user,
        recorded_at: by.at,
    })
}

/// The text of a detail; an address that is the same as the client's says which that is now.
pub fn detail_text<L: Label>(
    detail: &Detail<L>,
    client_addresses: &[Detail<Workers>],
) -> Labelled<String, L> {
    if *detail.kept.expose() != KeptAt::AsClient {
        return detail.value.clone();
    }
    let now: Vec<&str> = client_addresses
        .iter()
        .filter(|address| *address.status.expose() == DetailStatus::Current)
        .map(|address| address.value.expose().as_str())
        .collect();
    detail.value.map(|text| {
        if now.is_empty() {
            format!("{text}: not recorded")
        } else {
            format!("{text}: {}", now.join("; "))
        }
    })
}

/// Whether an address no longer is where the person lives, or must not be used.
pub fn is_left_or_unsafe<L: Label>(detail: &Detail<L>) -> bool {
    matches!(
        detail.status.expose(),
        DetailStatus::Left | DetailStatus::Unsafe
    )
}

/// The addresses among details.
pub fn addresses<L: Label>(details: &[Detail<L>]) -> Vec<&Detail<L>> {
    details
        .iter()
        .filter(|detail| detail.channel == Channel::Address)
        .collect()
}

/// The hint that a client's occupation gives, worded for those who decide who may open a case.
pub fn client_hint(house: &Household, agencies: &[&str]) -> Option<Labelled<String, Workers>> {
    house.clients.iter().find_map(|client| {
        let occupation = client.occupation.as_ref()?;
        let hint = occupation_hint(occupation.expose(), agencies)?;
        Some(occupation.map(|said| {
            format!("The client’s occupation is “{said}”. Somebody at {hint} may know the client.")
        }))
    })
}

/// Whether somebody with `ties` may change what is known about a person of this place.
///
/// The client line writes about the client and other adults; what is known of the survivor and
/// the children is changed by those who know them, or by those who answer for the record.
pub fn may_change_person(role: PartRole, ties: &[Tie]) -> bool {
    match role {
        PartRole::Client | PartRole::Other => !ties.is_empty(),
        PartRole::Survivor | PartRole::Child => ties
            .iter()
            .any(|tie| !matches!(tie, Tie::ClientLine | Tie::ClientSupervisor)),
    }
}

/// The people of a case by their place.
#[derive(Clone, Debug, Default)]
pub struct Household {
    /// The person causing harm; more than one only while a double entry is being sorted out.
    pub clients: Vec<Part>,
    /// The adults harmed.
    pub survivors: Vec<Part>,
    /// The children.
    pub children: Vec<Part>,
    /// Other adults.
    pub others: Vec<Part>,
}

impl Household {
    /// The name of somebody of the case.
    pub fn name_of(&self, id: PartId) -> Option<Labelled<String, Workers>> {
        [&self.clients, &self.survivors, &self.children, &self.others]
            .into_iter()
            .flatten()
            .find(|part| part.id == id)
            .map(|part| part.name.clone())
    }
}

/// Sorts people by their place, each in the order in which they were named.
pub fn household(parts: Vec<Part>) -> Household {
    let mut house = Household::default();
    for part in parts {
        match part.role {
            PartRole::Client => house.clients.push(part),
            PartRole::Survivor => house.survivors.push(part),
            PartRole::Child => house.children.push(part),
            PartRole::Other => house.others.push(part),
        }
    }
    house
}

/// A telephone, as the rule about addresses needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telephone {
    /// Which.
    pub id: DetailId,
    /// The address at which it is said to stand.
    pub at_address: Option<DetailId>,
    /// Whether it is a telephone of the person whose address changes.
    pub same_person: bool,
    /// The number as it was given.
    pub number: String,
    /// Whether it may be used.
    pub status: DetailStatus,
}

/// Which telephones change when an address is said to be left or unsafe (INC-8).
///
/// A telephone recorded as at that address is unsafe from now on: somebody else answers it, or
/// hears its messages. A fixed line of the same person that is not said to stand anywhere is to be
/// checked before it is used. A telephone is never made safe again by this rule.
pub fn telephones_after(
    address: DetailId,
    status: DetailStatus,
    telephones: &[Telephone],
) -> Vec<(DetailId, DetailStatus)> {
    if !matches!(status, DetailStatus::Left | DetailStatus::Unsafe) {
        return Vec::new();
    }
    telephones
        .iter()
        .filter_map(|telephone| {
            let becomes = if telephone.at_address == Some(address) {
                DetailStatus::Unsafe
            } else if telephone.same_person
                && telephone.at_address.is_none()
                && telephone.status == DetailStatus::Current
                && is_fixed_line(&telephone.number)
            {
                DetailStatus::Unknown
            } else {
                return None;
            };
            (becomes != telephone.status).then_some((telephone.id, becomes))
        })
        .collect()
}

/// Whether a number is of a fixed line in the United Kingdom: 01 or 02, however it is written.
fn is_fixed_line(number: &str) -> bool {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let national = digits
        .strip_prefix("0044")
        .or_else(|| digits.strip_prefix("44"))
        .unwrap_or(&digits);
    let national = national.strip_prefix('0').unwrap_or(national);
    national.len() >= 9 && (national.starts_with('1') || national.starts_with('2'))
}

/// Whether a change of a detail may be confirmed to the person by this way of contact.
///
/// A letter about a change of address goes to an address, and the old one is where the other
/// person opens the post (INC-8): nothing is ever confirmed by post. Everything else goes by what
/// is agreed about safe contact.
pub const fn may_confirm_by(channel: Channel) -> bool {
    !matches!(channel, Channel::Address)
}

/// Where an address of the survivor's side is kept, and what is written down of it.
#[derive(Clone, Debug)]
pub struct KeptAddress<L: Label> {
    /// Where.
    pub kept: KeptAt,
    /// The address, or the words that stand for it.
    pub text: Labelled<String, L>,
    /// Why it is written down here.
    pub because: Option<Labelled<String, L>>,
}

/// What the three-way address of the survivor's side says (`design.md` 5).
///
/// # Errors
/// What the way that was chosen asks for and the form does not say. A way that was not chosen is
/// no error of this rule: the form itself asks for it.
pub fn kept_address<L: Label>(form: &KeptAddressForm<L>) -> Result<KeptAddress<L>, Problems> {
    let Some(kept) = form.kept.as_ref().map(|kept| *kept.expose()) else {
        return Err(Problems::new());
    };
    let (text, because) = match kept {
        KeptAt::AsClient => (Some(Labelled::new(kept.words().to_owned())), None),
        KeptAt::Agency => {
            let held = |agency: &Labelled<String, L>| agency.map(|who| format!("{HELD_BY}{who}"));
            (form.agency.as_ref().map(held), None)
        }
        KeptAt::Here => (form.value.clone(), form.because.clone()),
    };
    let mut problems = Problems::new();
    if text.is_none() {
        problems.push(match kept {
            KeptAt::Agency => Problem::missing("agency", "Say which agency holds the address"),
            _ => Problem::missing("value", "Enter the address"),
        });
    }
    if kept == KeptAt::Here && because.is_none() {
        problems.push(Problem::missing(
            "because",
            "Say why the address has to be recorded here",
        ));
    }
    match text {
        Some(text) if problems.is_empty() => Ok(KeptAddress {
            kept,
            text,
            because,
        }),
        _ => Err(problems),
    }
}

/// Checks what is agreed about safe contact (R008): what is said to be checked says when, and no
/// day lies ahead.
pub fn safe_contact_problems(form: &SafeContactForm, today: Date) -> Problems {
    let status = form.status.as_ref().map(|status| *status.expose());
    let mut problems = Problems::new();
    match form.checked_on.as_ref().map(|day| *day.expose()) {
        Some(day) if day > today => problems.push(Problem::new(
            "checked_on",
            "The day on which it was checked cannot lie ahead",
        )),
        None if status == Some(SafeStatus::Checked) => problems.push(Problem::missing(
            "checked_on",
            "Enter the day on which it was checked with the person",
        )),
        _ => {}
    }
    problems
}

/// What must be said about how old a check is, if anything (R008: at each contact).
pub fn check_is_old(
    safe: &SafeContact,
    today: Date,
    old_days: Option<u16>,
) -> Option<Labelled<String, Survivor>> {
    let Some(checked) = &safe.checked_on else {
        return Some(Labelled::new("Never checked with the person".to_owned()));
    };
    let days = i64::from(
        checked
            .expose()
            .until(today)
            .map_or(0, |span| span.get_days()),
    );
    old_days
        .is_some_and(|old| days > i64::from(old))
        .then(|| Labelled::new(format!("Not checked for {days} days: check it first")))
}

/// A name so that two spellings of it meet: lower case, without accents, marks, brackets and what
/// follows “known as”, words in alphabetical order.
///
/// It is for warnings and search only; the name as it was given is never changed.
pub fn name_key(name: &str) -> String {
    let mut words = name_words(name);
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}

/// The words of a name, folded as [`name_key`] folds them, without what stands in brackets.
pub fn name_words(name: &str) -> Vec<String> {
    let bare = name.split(['(', '[']).next().unwrap_or(name);
    let bare = if folded(bare).trim().is_empty() {
        name
    } else {
        bare
    };
    folded(bare).split_whitespace().map(str::to_owned).collect()
}

/// Every word under which a person is found in a list: of the name, of what stands in its
/// brackets, and of the other names.
pub fn search_words(name: &str, aliases: Option<&str>) -> Vec<String> {
    let mut words: Vec<String> = folded(name)
        .split_whitespace()
        .chain(folded(aliases.unwrap_or_default()).split_whitespace())
        .map(str::to_owned)
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Lower case, accents and marks off, whatever is no letter or digit a space.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            // Accents written apart, marks of Arabic vowels, the Arabic stretch, marks of
            // direction, apostrophes inside a name: they change no name.
            '\u{300}'..='\u{36f}'
            | '\u{64b}'..='\u{652}'
            | '\u{670}'
            | '\u{640}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\''
            | '\u{2018}'
            | '\u{2019}'
            | '`' => {}
            'à'..='å' | 'ā' | 'ă' | 'ą' => out.push('a'),
            'æ' => out.push_str("ae"),
            'ç' | 'ć' | 'č' | 'ĉ' | 'ċ' => out.push('c'),
            'ď' | 'đ' | 'ð' => out.push('d'),
            'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => out.push('e'),
            'ĝ' | 'ğ' | 'ġ' | 'ģ' => out.push('g'),
            'ì'..='ï' | 'ĩ' | 'ī' | 'į' | 'ı' => out.push('i'),
            'ķ' => out.push('k'),
            'ł' | 'ĺ' | 'ļ' | 'ľ' => out.push('l'),
            'ñ' | 'ń' | 'ņ' | 'ň' => out.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => out.push('o'),
            'œ' => out.push_str("oe"),
            'ŕ' | 'ř' => out.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => out.push('s'),
            'ß' => out.push_str("ss"),
            'ţ' | 'ť' | 'ț' => out.push('t'),
            'þ' => out.push_str("th"),
            'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            'أ' | 'إ' | 'آ' | 'ٱ' => out.push('ا'),
            'ى' => out.push('ي'),
            'ة' => out.push('ه'),
            c if is_separator(c) => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Whether a character stands between words. Signs that other scripts write inside a word, such
/// as the vowel signs of Bengali, are not alphanumeric and are no separators.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || c.is_ascii_punctuation()
        || matches!(c, '\u{a0}'..='\u{bf}' | '\u{2010}'..='\u{206f}' | '\u{60c}' | '\u{61b}' | '\u{61f}' | '\u{964}' | '\u{965}' | '\u{1361}'..='\u{1368}' | '\u{3000}'..='\u{3002}')
}

/// Whether two dates of birth may be of one person: unless both are known to the day and differ.
/// Day and month are often swapped between forms, so that such a pair counts as the same.
pub fn birth_compatible(left: &Born, right: &Born) -> bool {
    match (left.kind, left.day, right.kind, right.day) {
        (BornKind::Exact, Some(a), BornKind::Exact, Some(b)) => {
            a == b || (a.year() == b.year() && a.day() == b.month() && a.month() == b.day())
        }
        _ => true,
    }
}

/// An occupation that may mean that somebody of the partnership knows the client: the agency it
/// names, or the kind of agency. It is a hint to look at who must not open the case, no more.
pub fn occupation_hint(occupation: &str, agencies: &[&str]) -> Option<String> {
    /// Words that stand in the names of many agencies and say nothing.
    const COMMON: [&str; 14] = [
        "london",
        "borough",
        "of",
        "the",
        "and",
        "for",
        "council",
        "city",
        "county",
        "programmes",
        "research",
        "courses",
        "service",
        "services",
    ];
    /// Kinds of work, and the words by which a form names them.
    const KINDS: [(&str, &[&str]); 6] = [
        (
            "the police",
            &["police", "constable", "constabulary", "pcso", "detective"],
        ),
        (
            "a council",
            &["council", "borough", "local authority", "town hall"],
        ),
        (
            "children’s social care",
            &["social worker", "social care", "social services"],
        ),
        ("probation or a prison", &["probation", "prison"]),
        (
            "health",
            &[
                "nhs",
                "nurse",
                "hospital",
                "health visitor",
                "paramedic",
                "gp surgery",
            ],
        ),
        ("a school", &["school", "teacher", "teaching assistant"]),
    ];
    let said = format!(
        " {} ",
        folded(occupation)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    );
    let named = agencies.iter().find(|agency| {
        folded(agency)
            .split_whitespace()
            .filter(|word| word.chars().count() > 3 && !COMMON.contains(word))
            .any(|word| said.contains(&format!(" {word} ")))
    });
    if let Some(agency) = named {
        return Some((*agency).to_owned());
    }
    KINDS
        .iter()
        .find(|(_, words)| words.iter().any(|word| said.contains(&format!(" {word} "))))
        .map(|(kind, _)| (*kind).to_owned())
}

/// Who holds which tie, as the rule about exclusion needs it.
#[derive(Clone, Copy, Debug)]
pub struct Holder {
    /// The worker.
    pub user: UserId,
    /// The tie, in force now.
    pub tie: Tie,
}

/// Whether `actor` may exclude `worker`, or why not.
///
/// Nobody excludes themselves, and nobody takes away the only supervisor of a line: duties would
/// be left with nobody to answer for them (`design.md` 6).
pub fn may_exclude(actor: UserId, worker: UserId, holders: &[Holder]) -> Result<(), &'static str> {
    if actor == worker {
        return Err("You cannot exclude yourself: ask another supervisor or the service manager");
    }
    for supervisor in [Tie::ClientSupervisor, Tie::SurvivorSupervisor] {
        let of_kind = || holders.iter().filter(|holder| holder.tie == supervisor);
        if of_kind().any(|holder| holder.user == worker)
            && !of_kind().any(|holder| holder.user != worker)
        {
            return Err(
                "This worker is the only supervisor on one side of the case: name another supervisor first",
            );
        }
    }
    Ok(())
}

/// Whether a tie tells who supports the survivor, so that naming its holder would. The lead worker
/// is known to both lines: she holds the family's statutory case.
pub fn tells_of_survivor_line(tie: Tie) -> bool {
    matches!(tie, Tie::SurvivorLine | Tie::SurvivorSupervisor)
}

/// The telephones among details, for [`telephones_after`].
pub fn telephones<L: Label>(details: &[Detail<L>], person: PartId) -> Vec<Telephone> {
    details
        .iter()
        .filter(|detail| detail.channel == Channel::Telephone)
        .map(|detail| Telephone {
            id: detail.id,
            at_address: detail.at_address,
            same_person: detail.part == person,
            number: detail.value.expose().clone(),
            status: *detail.status.expose(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 10, 14);

    fn exact(y: i16, m: i8, d: i8) -> Born {
        Born {
            kind: BornKind::Exact,
            day: Some(date(y, m, d)),
            words: None,
        }
    }

    #[test]
    fn a_date_of_birth_is_sorted_and_its_words_are_kept() {
        for (when, kind) in [
            (When::On(date(1990, 1, 31)), BornKind::Exact),
            (When::On(date(2026, 11, 3)), BornKind::Expected),
            (When::Words("about 30".into()), BornKind::Approximate),
            (When::Words("Not known".into()), BornKind::Unknown),
            (When::Words("due in May".into()), BornKind::Expected),
            (When::Words("Unborn, spring".into()), BornKind::Expected),
        ] {
            let born = born_of(&when, TODAY);
            assert_eq!(born.kind, kind, "{when:?}");
            if let When::Words(words) = when {
                assert_eq!(born.words, Some(words));
            }
        }
    }

    #[test]
    fn ages() {
        for (born, words) in [
            (exact(2020, 11, 3), "5"),
            (exact(2020, 10, 14), "6"),
            (exact(2026, 9, 14), "1 month"),
            (exact(2026, 9, 15), "under a month"),
            (exact(2025, 1, 14), "21 months"),
            (exact(2024, 10, 14), "2"),
            (born_of(&When::Words("about 30".into()), TODAY), ""),
            (born_of(&When::On(date(2026, 11, 3)), TODAY), ""),
        ] {
            assert_eq!(age_words(&born, TODAY), words, "{born:?}");
        }
    }

    /// INC-8, as a table.
    #[test]
    fn a_telephone_at_an_address_that_was_left_is_unsafe() {
        use DetailStatus::{Current, Left, Unknown, Unsafe};
        let (home, flat) = (DetailId::new(), DetailId::new());
        let telephone = |at, same_person, number: &str, status| Telephone {
            id: DetailId::new(),
            at_address: at,
            same_person,
            number: number.to_owned(),
            status,
        };
        let landline = "020 7946 0123";
        let mobile = "07700 900102";
        // The address, what becomes of it, the telephone, what becomes of the telephone.
        let table = [
            (
                Left,
                telephone(Some(home), true, landline, Current),
                Some(Unsafe),
            ),
            (
                Left,
                telephone(Some(home), true, mobile, Current),
                Some(Unsafe),
            ),
            (
                Unsafe,
                telephone(Some(home), true, landline, Unknown),
                Some(Unsafe),
            ),
            (
                Left,
                telephone(Some(home), false, landline, Current),
                Some(Unsafe),
            ),
            (Left, telephone(Some(flat), true, landline, Current), None),
            (
                Left,
                telephone(None, true, landline, Current),
                Some(Unknown),
            ),
            (
                Left,
                telephone(None, true, "+44 20 7946 0123", Current),
                Some(Unknown),
            ),
            (Left, telephone(None, false, landline, Current), None),
            (Left, telephone(None, true, mobile, Current), None),
            (Left, telephone(Some(home), true, mobile, Unsafe), None),
            (Current, telephone(Some(home), true, mobile, Unsafe), None),
            (Unknown, telephone(Some(home), true, mobile, Current), None),
        ];
        for (status, telephone, becomes) in table {
            let got = telephones_after(home, status, std::slice::from_ref(&telephone));
            let want: Vec<_> = becomes
                .map(|status| (telephone.id, status))
                .into_iter()
                .collect();
            assert_eq!(got, want, "{status:?} {telephone:?}");
        }
    }

    /// INC-8: the letter that gave a new address away went to the old one.
    #[test]
    fn nothing_is_confirmed_by_post() {
        for channel in Channel::ALL {
            assert_eq!(may_confirm_by(*channel), *channel != Channel::Address);
        }
    }

    #[test]
    fn the_survivors_address_is_three_way_and_needs_a_reason_here() {
        let form = |kept, agency: Option<&str>, value: Option<&str>, because: Option<&str>| {
            let text =
                |text: Option<&str>| text.map(|t| Labelled::<_, Survivor>::new(t.to_owned()));
            kept_address(&KeptAddressForm {
                kept: Some(Labelled::new(kept)),
                agency: text(agency),
                value: text(value),
                because: text(because),
                ..KeptAddressForm::default()
            })
        };
        let fields = |problems: Problems| problems.into_iter().map(|p| p.field).collect::<Vec<_>>();
        assert!(form(KeptAt::AsClient, None, None, None).is_ok());
        assert_eq!(
            fields(form(KeptAt::Agency, None, None, None).unwrap_err()),
            ["agency"]
        );
        let held = form(KeptAt::Agency, Some("Lantern"), Some("x"), None).unwrap();
        assert_eq!(held.text.expose(), "Held by Lantern");
        assert!(held.because.is_none());
        assert_eq!(
            fields(form(KeptAt::Here, None, None, None).unwrap_err()),
            ["value", "because"]
        );
        assert_eq!(
            fields(form(KeptAt::Here, None, Some("1 Teasel Row"), None).unwrap_err()),
            ["because"]
        );
        assert!(form(KeptAt::Here, None, Some("1 Teasel Row"), Some("visits")).is_ok());
    }

    #[test]
    fn names_meet_however_they_are_written() {
        for (left, right) in [
            ("Renée  O'Hara", "o’hara renee"),
            (
                "Bartholomew-Montgomery Wrigglesworth (known as Monty)",
                "wrigglesworth bartholomew montgomery",
            ),
            ("Łukasz Żak", "lukasz zak"),
            ("Zoe\u{308} Straße", "zoë strasse"),
            ("أحمد بن عليّ", "احمد بن علي"),
            ("\u{202b}فاطمة\u{202c}", "فاطمه"),
            ("আমিনা  খাতুন", "খাতুন আমিনা"),
            ("አበበ፡ቢቂላ", "ቢቂላ አበበ"),
        ] {
            assert_eq!(name_key(left), name_key(right), "{left}");
        }
        for (left, right) in [
            ("Ann Lee", "Anna Lee"),
            ("আমিনা", "আমেনা"),
            ("Marley Spratley", "Storm Spratley"),
        ] {
            assert_ne!(name_key(left), name_key(right));
        }
        assert_eq!(
            name_key("(not known)"),
            "known not",
            "a name in brackets is still a name"
        );
        assert_eq!(name_key("…"), "");
    }

    #[test]
    fn a_person_is_found_under_every_name() {
        let words = search_words("Bartholomew Wry (known as Monty)", Some("Barty"));
        for word in ["bartholomew", "wry", "monty", "barty"] {
            assert!(words.iter().any(|w| w == word), "{word}");
        }
    }

    #[test]
    fn dates_of_birth_that_may_be_one_person() {
        let about = born_of(&When::Words("about 30".into()), TODAY);
        for (left, right, may) in [
            (exact(1990, 1, 31), exact(1990, 1, 31), true),
            (exact(1990, 1, 31), exact(1991, 1, 31), false),
            (exact(1990, 3, 2), exact(1990, 2, 3), true),
            (exact(1990, 3, 2), exact(1991, 2, 3), false),
            (exact(1990, 1, 31), about.clone(), true),
            (about, born_unknown(), true),
        ] {
            assert_eq!(birth_compatible(&left, &right), may, "{left:?} {right:?}");
        }
    }

    #[test]
    fn an_occupation_may_mean_that_somebody_knows_the_client() {
        let agencies = [
            "London Borough of Larkmoor",
            "Harbour Programmes",
            "Penhallow Constabulary",
        ];
        for (occupation, hint) in [
            (
                "Housing officer, Larkmoor council",
                Some("London Borough of Larkmoor"),
            ),
            ("Penhallow bus driver", Some("Penhallow Constabulary")),
            ("Police officer", Some("the police")),
            ("Works for the council", Some("a council")),
            ("Teaching assistant", Some("a school")),
            ("Quantity surveyor, works at home on Fridays", None),
            ("London cab driver", None),
            ("", None),
        ] {
            assert_eq!(
                occupation_hint(occupation, &agencies).as_deref(),
                hint,
                "{occupation}"
            );
        }
    }

    #[test]
    fn the_only_supervisor_cannot_be_excluded() {
        let (me, a, b) = (UserId::new(), UserId::new(), UserId::new());
        let holder = |user, tie| Holder { user, tie };
        let one = [holder(a, Tie::ClientSupervisor), holder(b, Tie::ClientLine)];
        let two = [
            holder(a, Tie::ClientSupervisor),
            holder(b, Tie::ClientSupervisor),
        ];
        let sides = [
            holder(a, Tie::ClientSupervisor),
            holder(b, Tie::SurvivorSupervisor),
        ];
        for (worker, holders, may) in [
            (me, &one[..], false),
            (a, &one[..], false),
            (b, &one[..], true),
            (a, &two[..], true),
            (a, &sides[..], false),
            (b, &sides[..], false),
            (a, &[][..], true),
        ] {
            assert_eq!(may_exclude(me, worker, holders).is_ok(), may, "{holders:?}");
        }
    }

    #[test]
    fn the_client_line_does_not_rewrite_the_other_side() {
        for (role, tie, may) in [
            (PartRole::Client, Tie::ClientLine, true),
            (PartRole::Survivor, Tie::ClientLine, false),
            (PartRole::Child, Tie::ClientSupervisor, false),
            (PartRole::Child, Tie::SurvivorLine, true),
            (PartRole::Survivor, Tie::Intake, true),
            (PartRole::Other, Tie::ClientLine, true),
        ] {
            assert_eq!(may_change_person(role, &[tie]), may, "{role:?} {tie:?}");
        }
        assert!(!may_change_person(PartRole::Client, &[]));
    }

    #[test]
    fn r008_what_is_said_to_be_checked_says_when() {
        let form = |status, day: Option<Date>| SafeContactForm {
            status: Some(Labelled::new(status)),
            checked_on: day.map(Labelled::new),
            ..SafeContactForm::default()
        };
        for (status, day, problems) in [
            (SafeStatus::Checked, None, 1),
            (SafeStatus::Checked, Some(TODAY), 0),
            (SafeStatus::Checked, Some(date(2026, 10, 15)), 1),
            (SafeStatus::AsReferred, None, 0),
            (SafeStatus::NoSafeWay, None, 0),
        ] {
            let got = safe_contact_problems(&form(status, day), TODAY);
            assert_eq!(got.len(), problems, "{status:?} {day:?}");
        }
    }

    #[test]
    fn r008_a_check_grows_old() {
        let safe = |checked: Option<Date>| SafeContact {
            id: SafeContactId::new(),
            part: PartId::new(),
            as_given: None,
            methods: None,
            times: None,
            who_may_answer: None,
            pretext: None,
            code_word: None,
            never_message: Labelled::new(false),
            checked_on: checked.map(Labelled::new),
            status: Labelled::new(SafeStatus::Checked),
            origin: Origin::Page,
            version: 1,
            recorded_by: UserId::new(),
            recorded_at: kernel::time::Instant::new(jiff::Timestamp::UNIX_EPOCH),
        };
        for (checked, old) in [
            (None, true),
            (Some(date(2026, 9, 14)), false),
            (Some(date(2026, 9, 13)), true),
            (Some(TODAY), false),
        ] {
            let said = check_is_old(&safe(checked), TODAY, Some(30));
            assert_eq!(said.is_some(), old, "{checked:?}");
        }
        // Without a number of the partnership only what was never checked is marked.
        for (checked, old) in [(None, true), (Some(date(2025, 1, 1)), false)] {
            let said = check_is_old(&safe(checked), TODAY, None);
            assert_eq!(said.is_some(), old, "{checked:?}");
        }
    }
}
