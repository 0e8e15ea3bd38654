//! Stories that run their whole course: from the consultation to an open intervention with months
//! of weeks, to a survivor's no, and to a closure.

use platform::Result;

use super::{
    cast::{
        ADMINISTRATOR, HARBOUR, LANTERN, LARKMOOR, MERIDIAN, OTHER_PRACTITIONER, PRACTITIONER,
        SERVICE_MANAGER, SOCIAL_WORKER, SPOC, SURVIVOR_WORKER, TURNING,
    },
    course::{Action, Course, Talk},
    families,
    player::{Player, hidden},
};
use crate::people::model::PartId;

/// Who is single point of contact of each agency, from the first day of its agreement on (R094).
pub async fn contacts(player: &Player) -> Result<()> {
    player.at("2026-04-01 09:30")?;
    let rohan = SPOC.id.to_string();
    let adaeze = SERVICE_MANAGER.id.to_string();
    let sunniva = SURVIVOR_WORKER.id.to_string();
    for (agency, field, who) in [
        (LARKMOOR, "user", rohan.as_str()),
        (HARBOUR, "user", adaeze.as_str()),
        (LANTERN, "user", sunniva.as_str()),
        (TURNING, "name", "Ottilie Brandt"),
        (MERIDIAN, "name", "Casimir Holloway"),
    ] {
        let fields = [
            ("place", "spoc"),
            (field, who),
            ("phone", if field == "name" { "07700 900040" } else { "" }),
            ("from_day", "2026-04-01"),
        ];
        let place = format!("/agencies/{agency}/contacts/new");
        player.post(&ADMINISTRATOR, &place, &fields).await?;
    }
    Ok(())
}

const ADLER: Talk = Talk {
    presenting: "Nikolai reads Freya’s messages, decides who visits and shouts when dinner is late. Twice he stood in the doorway so that she could not leave.",
    risk: "DASH 8, medium. It rises around pay day and after his calls with his brother. No weapons, no strangulation.",
    needs: "Night shifts and little sleep. Polish speaking at home, English at work. No drink.",
    client_goals: "To be somebody his children run towards, and to stop shouting.",
    survivor_goals: "Evenings without waiting for the door. To see her friend on Thursdays without being asked about it.",
    motivation: "He asked the school for help after Ivo hid under the table. He sees the shouting; the messages he calls normal.",
    strengths: "Freya keeps the children’s bedtime, has told the school and a neighbour, and keeps her own account.",
    safety: "Never ring Freya while he is at home by day. Nothing that Ivo said is used with him.",
};

/// The work has been open since June: weeks of contacts, a missed one, one recorded late, leave, two
/// versions of the plan, a change that the survivor was told of, and what supervision decided.
pub async fn open(player: &Player) -> Result<()> {
    let times = (
        "2026-06-02 10:40",
        "2026-06-03 09:20",
        "2026-06-04 14:05",
        "2026-06-10",
    );
    let course = Course::begun(player, &families::ADLER, &PRACTITIONER, times).await?;
    let survivor = course.part("Freya Adler").await?;
    let (ivo, mila) = (course.part("Ivo").await?, course.part("Mila").await?);
    course.consulted("2026-06-10", "11:00", &ADLER).await?;
    player.at("2026-06-12 10:15")?;
    course.risk("2026-06-10", survivor, "medium", "8").await?;
    let room = Action {
        what: "Leaves the room for twenty minutes before he shouts",
        owner: "client",
        area: "Safety at home",
        by: "2026-10-30",
        measure: "Ivo stays at the table at dinner. Freya and the school would notice.",
        for_client: "When I notice my voice rising I leave the room for twenty minutes and come back.",
    };
    course
        .first_version("2026-06-12", "2026-07-10", &ADLER, &room)
        .await?;
    let reasons = "Early, he asks for help himself, and risk is not high. The work is done in English; handouts in Polish.";
    course
        .suitable(
            "2026-06-12",
            "Says that he frightens his son and wants that to end. Has changed nothing yet.",
            reasons,
        )
        .await?;
    player.at("2026-06-16 13:30")?;
    course
        .answered(
            &SOCIAL_WORKER,
            Some(survivor),
            "given",
            ("2026-06-16", "face_to_face"),
        )
        .await?;
    player.at("2026-06-17 17:45")?;
    course
        .answered(&SOCIAL_WORKER, None, "given", ("2026-06-17", "telephone"))
        .await?;
    player.at("2026-06-22 10:00")?;
    course.opened("2026-06-22", "Nikolai Adler").await?;
    course.risk("2026-06-22", survivor, "medium", "8").await?;
    course
        .form(
            "2026-06-22",
            &[ivo, mila],
            "First talk about dinner time as Ivo sees it. He listened and was quiet for long.",
        )
        .await?;
    let everybody = [survivor, ivo, mila];
    weeks(&course, &everybody).await?;
    Ok(())
}

/// The weeks from 22 June to 11 October: what was said with the client, and what with the family.
async fn weeks(course: &Course<'_>, everybody: &[PartId]) -> Result<()> {
    let player = course.player;
    for (day, client, hers, theirs) in FIRST_WEEKS {
        week(course, day, client, (hers, theirs), everybody).await?;
    }
    let plan = second_version(course).await?;
    for (day, client, hers, theirs) in SECOND_WEEKS {
        week(course, day, client, (hers, theirs), everybody).await?;
    }
    // A week in which nobody was reached, and leave after it.
    player.at("2026-08-13 12:00")?;
    course
        .spoke(
            "2026-08-13",
            "Rang twice; the lead worker is at court.",
            "attempted",
        )
        .await?;
    let theirs = ("Quiet. Looks forward to his leave.", "Ivo counts the days.");
    course.family_seen("2026-08-13", everybody, theirs).await?;
    let fields = [
        ("from", "2026-08-17"),
        ("until", "2026-08-30"),
        ("why", "leave"),
        ("words", "He is with his parents; the family stays at home."),
    ];
    course
        .post(course.practitioner, "interventions/pause", &fields)
        .await?;
    player.at("2026-08-31 09:00")?;
    let path = format!("/cases/{}/{plan}/review", course.case);
    let page = player.get(course.practitioner, &path).await?;
    let fields = [
        ("version", hidden(&page, "version").unwrap_or("0")),
        ("held_on", "2026-08-31"),
        (
            "changed",
            "Pay day stays in view. His shifts change in September.",
        ),
        ("next_on", "2026-10-23"),
    ];
    course
        .post(course.practitioner, &format!("{plan}/review"), &fields)
        .await?;
    if let Some(survivor) = everybody.first() {
        let fields = [
            ("heard_on", "2026-08-31"),
            (
                "said",
                "The plan is right about pay day, and forgets the car.",
            ),
            ("used", "The car stands under safety from now on."),
        ];
        let place = format!("apart/plan/{survivor}/view");
        course.post(&SOCIAL_WORKER, &place, &fields).await?;
    }
    for (day, client, hers, theirs) in THIRD_WEEKS {
        week(course, day, client, (hers, theirs), everybody).await?;
    }
    course
        .changed(
            "2026-09-17",
            "missed",
            "Did not come twice and answered no message.",
            "2026-09-21",
        )
        .await?;
    player.at("2026-09-22 09:30")?;
    let decision = "Maren visits at the end of his shift once. If he misses again we meet with the lead worker that week.";
    course
        .supervised(
            "2026-09-22",
            "Two missed meetings after leave. Nothing new at home.",
            decision,
        )
        .await?;
    for (day, client, hers, theirs) in LAST_WEEKS {
        week(course, day, client, (hers, theirs), everybody).await?;
    }
    course
        .changed(
            "2026-10-08",
            "improved",
            "Came to every meeting since, and brought the diary.",
            "2026-10-13",
        )
        .await?;
    Ok(())
}

/// What is asked for each week: the day, the client, the survivor, the children.
type Weeks<'a> = &'a [(&'a str, &'a str, &'a str, &'a str)];

const FIRST_WEEKS: Weeks<'_> = &[
    (
        "2026-06-24",
        "What dinner is like, minute by minute.",
        "Is glad that somebody speaks with him. Wants no surprise visits.",
        "Ivo shows his football cards. Mila sleeps in Ivo’s room.",
    ),
    (
        "2026-07-01",
        "First diary: three evenings, one walk out of the room.",
        "He went out once and came back calm.",
        "Ivo says papa walks a lot now.",
    ),
];
const SECOND_WEEKS: Weeks<'_> = &[
    (
        "2026-07-08",
        "The messages: whose are they?",
        "He asked for her password and took the no.",
        "Mila sings again at breakfast.",
    ),
    (
        "2026-07-15",
        "What Ivo sees from under the table.",
        "Thursday with her friend, no questions after it.",
        "Both children looked forward to the holidays.",
    ),
    (
        "2026-07-22",
        "Pay day, and what he tells himself before it.",
        "Tense on pay day; nothing happened.",
        "Ivo asks whether papa is ill.",
    ),
    (
        "2026-07-29",
        "Weighing up: what change costs and brings.",
        "Sleeps better.",
        "Mila drew the family in a boat.",
    ),
    (
        "2026-08-05",
        "He names the doorway for the first time.",
        "Says the doorway is what she fears.",
        "Ivo plays outside until six.",
    ),
];
const THIRD_WEEKS: Weeks<'_> = &[
    (
        "2026-09-02",
        "Back from leave; short and closed.",
        "Quiet weeks. He rang each evening, and it was kind.",
        "Back to school; Ivo has a new teacher.",
    ),
    (
        "2026-09-09",
        "",
        "He is short again since the shifts changed.",
        "Mila asks to sleep with Ivo.",
    ),
    (
        "2026-09-16",
        "",
        "Not worried, and tired.",
        "Ivo stayed at the table.",
    ),
];
const LAST_WEEKS: Weeks<'_> = &[
    (
        "2026-09-23",
        "Met after his shift. He says that he was ashamed to come.",
        "Glad that she was told of the missed meetings.",
        "Both well.",
    ),
    (
        "2026-09-30",
        "Diary of two weeks: left the room four times.",
        "Dinner was calm all week.",
        "Ivo laughed at the table, says Freya.",
    ),
    (
        "2026-10-07",
        "What his father was like; what Ivo will say one day.",
        "Wants the work to go on to Christmas.",
        "Mila sleeps in her own bed.",
    ),
];

async fn week(
    course: &Course<'_>,
    day: &str,
    client: &str,
    said: (&str, &str),
    everybody: &[PartId],
) -> Result<()> {
    // One week was entered a week later, and shows it.
    let entered = if day == "2026-07-29" {
        "2026-08-05"
    } else {
        day
    };
    course.player.at(&format!("{entered} 16:30"))?;
    if client.is_empty() {
        course
            .client_seen(day, "Did not come, and answered no message.", "attempted")
            .await?;
    } else {
        course.client_seen(day, client, "held").await?;
    }
    course
        .spoke(
            day,
            "Went through the week, the plan and what comes next.",
            "held",
        )
        .await?;
    // One child was not seen in one week.
    let seen = if day == "2026-09-16" {
        everybody
            .split_last()
            .map_or(everybody, |(_, others)| others)
    } else {
        everybody
    };
    course.family_seen(day, seen, said).await
}

/// Version 2, agreed a fortnight after the work opened.
async fn second_version(course: &Course<'_>) -> Result<String> {
    course.player.at("2026-07-06 11:20")?;
    for (kind, tool, summary) in [
        (
            "needs",
            "Needs conversation, Harbour",
            "Sleep and shift work first; money second. No drink or drugs.",
        ),
        (
            "attitudes",
            "Attitudes interview, Harbour",
            "Takes part of the blame. Sees reading her messages as care. Can learn; likes tasks.",
        ),
    ] {
        let fields = [
            ("kind", kind),
            ("tool", tool),
            ("made_on", "2026-07-03"),
            ("author", course.practitioner.name),
            ("summary", summary),
        ];
        course
            .post(course.practitioner, "plans/assessments", &fields)
            .await?;
    }
    let plan = course
        .version("second", "2026-07-06", "2026-09-07", "1")
        .await?;
    let groups: [(&str, &[(&str, &str)]); 4] = [
        (
            "attitudes",
            &[(
                "attitudes",
                "Takes part of the blame. Sees reading her messages as care.",
            )],
        ),
        (
            "formulation",
            &[
                (
                    "drivers",
                    "Fear of being left; a father who ruled by silence.",
                ),
                ("disinhibitors", "No sleep after nights."),
                ("destabilisers", "Pay day, and calls with his brother."),
            ],
        ),
        (
            "scenario",
            &[
                (
                    "nature",
                    "Shouting, standing in the doorway, reading messages.",
                ),
                ("severity", "Fear and loss of freedom; no injury so far."),
                ("imminence", "Most likely on pay day, at dinner."),
                ("frequency", "Was weekly; twice in the last month."),
                ("likelihood", "Falling while he is in the work."),
            ],
        ),
        (
            "summary",
            &[(
                "summary",
                "He can stop when he notices; the work is to notice sooner and to let go of her telephone.",
            )],
        ),
    ];
    for (group, texts) in groups {
        course.texts((&plan, "second", group), texts).await?;
    }
    let phone = Action {
        what: "Leaves her telephone alone",
        owner: "client",
        area: "Her freedom",
        by: "2026-10-30",
        measure: "Freya leaves it on the table.",
        for_client: "Her telephone is hers. I do not pick it up and do not ask about it.",
    };
    course.action(&plan, "2026-07-06", &phone).await?;
    let school = Action {
        what: "Asks the school for a quiet place for Ivo",
        owner: "lead_worker",
        area: "Children",
        by: "2026-10-23",
        measure: "",
        for_client: "",
    };
    course.action(&plan, "2026-07-06", &school).await?;
    course.agreed(&plan, "2026-07-06").await?;
    course.player.at("2026-07-07 10:00")?;
    let first = "Good start. Keep pay day in view; ask Freya before it, not after.";
    course
        .supervised("2026-07-07", "Version 2 read together.", first)
        .await?;
    Ok(plan)
}

const LINDHOLM: Talk = Talk {
    presenting: "Ruben tracks Tess’s car, rings her work and calls it worry. He pushed her once in spring.",
    risk: "DASH 10, medium. He follows; she has begun to change her routes.",
    needs: "Lost his job in May. Lives with them; nowhere else to go.",
    client_goals: "That Tess trusts him again.",
    survivor_goals: "To drive to work without being followed.",
    motivation: "Says that he will do whatever it takes, and that Tess is the one who changed.",
    strengths: "Tess told her manager, parks at the front, and keeps a bag with a friend.",
    safety: "He must not learn from us what she plans.",
};

/// The survivor says no. Her side knows it; the other learns no more than that the work does not
/// begin. Version 1 stands, and safety is worked on.
pub async fn refused(player: &Player) -> Result<()> {
    let times = (
        "2026-07-06 15:10",
        "2026-07-07 09:30",
        "2026-07-08 11:45",
        "2026-07-15",
    );
    let course = Course::begun(player, &families::LINDHOLM, &OTHER_PRACTITIONER, times).await?;
    let sunniva = SURVIVOR_WORKER.id.to_string();
    let fields = [("support", sunniva.as_str())];
    course
        .post(&SERVICE_MANAGER, "allocation/support", &fields)
        .await?;
    let survivor = course.part("Tess Lindholm").await?;
    course.consulted("2026-07-15", "14:00", &LINDHOLM).await?;
    player.at("2026-07-17 10:40")?;
    course.risk("2026-07-15", survivor, "medium", "10").await?;
    let alone = Action {
        what: "Takes the tracker off the car",
        owner: "client",
        area: "Her freedom",
        by: "2026-10-30",
        measure: "The tracker lies with the practitioner.",
        for_client: "I take the tracker off the car and hand it over.",
    };
    course
        .first_version("2026-07-17", "2026-11-06", &LINDHOLM, &alone)
        .await?;
    let evidence = "Says that something must change, and names nothing that he will do.";
    course
        .suitable(
            "2026-07-17",
            evidence,
            "Risk is not high, and he can be worked with.",
        )
        .await?;
    player.at("2026-07-21 12:20")?;
    course
        .answered(
            &SURVIVOR_WORKER,
            Some(survivor),
            "refused",
            ("2026-07-21", "face_to_face"),
        )
        .await?;
    let fields = [
        ("version", "0"),
        ("ground", "no_consent"),
        (
            "note",
            "She fears what he makes of it. Not to be asked again.",
        ),
        ("found_on", "2026-07-21"),
    ];
    course
        .post(&SURVIVOR_WORKER, "apart/suitability/ground", &fields)
        .await?;
    player.at("2026-07-24 09:50")?;
    let fields = [
        ("version", "1"),
        ("outcome", "not_suitable"),
        ("grounds", "not_now"),
        (
            "because",
            "The programme does not fit at present. Version 1 of the plan stands and is reviewed.",
        ),
        ("decided_with", "Joss Whitlow and Ines Calloway"),
        ("decided_on", "2026-07-24"),
        ("review_offered", "yes"),
        ("review_on", "2026-11-06"),
    ];
    course
        .post(&OTHER_PRACTITIONER, "suitability/decision", &fields)
        .await?;
    let words = [
        ("version", "0"),
        (
            "text",
            "We do not start a programme now. Joss stays your contact for the plan, and we look at it again in November.",
        ),
    ];
    course
        .post(&OTHER_PRACTITIONER, "suitability/words", &words)
        .await?;
    safe(&course, survivor).await
}

/// What is done for her safety when nothing begins.
async fn safe(course: &Course<'_>, survivor: PartId) -> Result<()> {
    course.player.at("2026-07-28 13:15")?;
    let fields = [
        ("version", "0"),
        (
            "implications",
            "He may press her to say yes. She has words for it, and her manager knows.",
        ),
        (
            "services",
            "Lantern weekly; the children’s school counsellor from September.",
        ),
        ("explored_with", "Ines Calloway"),
        ("explored_on", "2026-07-28"),
    ];
    course
        .post(&SURVIVOR_WORKER, "apart/suitability/safety", &fields)
        .await?;
    let place = format!("apart/{survivor}/told");
    let fields = [
        ("version", "0"),
        ("telling", "told"),
        (
            "note",
            "By Sunniva at the centre: nothing begins, and nobody says why.",
        ),
        ("told_on", "2026-07-28"),
    ];
    course.post(&SURVIVOR_WORKER, &place, &fields).await?;
    Ok(())
}

const CASTELLANE: Talk = Talk {
    presenting: "Bruno throws things when he loses at cards online, and sulks for days. Amara tiptoes.",
    risk: "DASH 5, standard. No assault known.",
    needs: "Gambling at night. Debts that Amara found in March.",
    client_goals: "To sit through an evening without a screen.",
    survivor_goals: "To know what is owed, and a door that stays whole.",
    motivation: "He told his sister and blocked two sites himself.",
    strengths: "Amara put the rent on her own card and told her sister.",
    safety: "Ask about money before asking about anger.",
};

/// Six weeks of work that was completed, and a case that is closed.
pub async fn closed(player: &Player) -> Result<()> {
    let times = (
        "2026-05-05 09:25",
        "2026-05-05 16:00",
        "2026-05-06 10:30",
        "2026-05-13",
    );
    let course = Course::begun(player, &families::CASTELLANE, &OTHER_PRACTITIONER, times).await?;
    let survivor = course.part("Amara Castellane").await?;
    course.consulted("2026-05-13", "10:30", &CASTELLANE).await?;
    player.at("2026-05-15 11:00")?;
    course.risk("2026-05-13", survivor, "standard", "5").await?;
    let screens = Action {
        what: "Puts the telephone in the kitchen at nine",
        owner: "client",
        area: "Evenings",
        by: "2026-06-30",
        measure: "Amara sees it there.",
        for_client: "At nine my telephone lies in the kitchen until morning.",
    };
    course
        .first_version("2026-05-15", "2026-07-03", &CASTELLANE, &screens)
        .await?;
    let evidence = "Blocked two sites, told his sister, and came to say so.";
    course
        .suitable("2026-05-15", evidence, "Early, willing, and low risk.")
        .await?;
    player.at("2026-05-20 13:00")?;
    course
        .answered(
            &SOCIAL_WORKER,
            Some(survivor),
            "given",
            ("2026-05-20", "telephone"),
        )
        .await?;
    course
        .answered(&SOCIAL_WORKER, None, "given", ("2026-05-20", "telephone"))
        .await?;
    player.at("2026-05-26 09:40")?;
    course.opened("2026-05-26", "Bruno Castellane").await?;
    course.risk("2026-05-26", survivor, "standard", "4").await?;
    for day in [
        "2026-05-28",
        "2026-06-04",
        "2026-06-11",
        "2026-06-18",
        "2026-06-25",
        "2026-07-02",
    ] {
        player.at(&format!("{day} 16:10"))?;
        course
            .client_seen(day, "The week’s evenings, and what he did instead.", "held")
            .await?;
        course
            .spoke(day, "The plan works; debts with the advice centre.", "held")
            .await?;
        course
            .family_seen(day, &[survivor], ("Evenings are quieter.", ""))
            .await?;
    }
    finished(&course).await
}

/// The closure, and what her side keeps of it.
async fn finished(course: &Course<'_>) -> Result<()> {
    course.player.at("2026-07-03 15:00")?;
    let fields = [
        ("closed_on", "2026-07-03"),
        ("outcome", "completed"),
        ("goals.0.goal", "Sits through an evening without a screen"),
        ("goals.0.outcome", "met"),
        ("goals.1.goal", "The debts are on the table"),
        ("goals.1.outcome", "partly"),
        (
            "summary",
            "Six weeks. He moved the telephone, then the cards. Nothing was thrown since May.",
        ),
        ("risk", "Standard. Ines goes on visiting until September."),
        ("lead_worker", "yes"),
        ("work_ended_on", "2026-07-02"),
        (
            "onward",
            "Gambling support at the advice centre, from 8 July.",
        ),
        ("client_told", "in_person"),
        ("client_told_on", "2026-07-02"),
        (
            "client_text",
            "You came every week and changed your evenings. The advice centre expects you on 8 July.",
        ),
        ("referrer_told", "telephone"),
        ("referrer_told_on", "2026-07-03"),
    ];
    course
        .post(&OTHER_PRACTITIONER, "closures/new", &fields)
        .await?;
    course.player.at("2026-07-06 10:10")?;
    let fields = [
        ("told", "telephone"),
        ("told_on", "2026-07-06"),
        (
            "implications",
            "He may gamble again; she knows whom to ring.",
        ),
        (
            "survivor_keeps",
            "Ines visits until September. Her own card and account.",
        ),
    ];
    course
        .post(&SOCIAL_WORKER, "apart/closures/new", &fields)
        .await?;
    Ok(())
}
