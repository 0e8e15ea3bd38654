//! The families of the stories: invented, awkward where life is.

/// What a referrer types, section by section.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// The sections and their fields.
    pub sections: &'static [(&'static str, &'static [(&'static str, &'static str)])],
}

/// Two parents and two children under one roof; both parents ask for help.
pub const ASHBY: Family = Family {
    sections: &[
        (
            "referrer",
            &[
                ("referrer_name", "Ines Calloway"),
                (
                    "referrer_team",
                    "Family Safeguarding Team 3, London Borough of Larkmoor",
                ),
                ("referrer_telephone", "07700 900110"),
                ("referrer_email", "ines.calloway@example.org"),
                (
                    "referrer_hours",
                    "Monday to Friday 9 to 5, not Wednesday afternoons",
                ),
            ],
        ),
        (
            "dash",
            &[
                ("dash_attached", "yes"),
                (
                    "dash_detail",
                    "Held on the council’s record, 7 ticks, standard.",
                ),
            ],
        ),
        (
            "survivor",
            &[
                ("survivor_name", "Leonie Ashby"),
                ("survivor_born", "11 2 1989"),
                ("survivor_address", "4 Heron Court, Larkmoor, ZZ99 2AA"),
                ("survivor_telephone", "07700 900211"),
                (
                    "survivor_safe_contact",
                    "Mobile on weekdays between 10 and 2. Never leave a message. If Dominic answers, say the library is calling.",
                ),
            ],
        ),
        (
            "client",
            &[
                ("client_name", "Dominic Ashby"),
                ("client_born", "30 12 1986"),
                ("client_address", "4 Heron Court, Larkmoor, ZZ99 2AA"),
                ("client_relationship", "Husband"),
                ("client_telephone", "07700 900212"),
                ("client_occupation", "Plasterer, self-employed"),
            ],
        ),
        (
            "relationship",
            &[("relationship", "Married, living together")],
        ),
        (
            "children",
            &[
                ("children.0.name", "Perry Ashby"),
                ("children.0.born", "19 6 2017"),
                ("children.0.to_survivor", "Son"),
                ("children.0.to_client", "Son"),
                ("children.1.name", "Cleo Ashby"),
                ("children.1.born", "3 11 2020"),
                ("children.1.to_survivor", "Daughter"),
                ("children.1.to_client", "Daughter"),
            ],
        ),
        ("pregnancy", &[("pregnant", "no")]),
        (
            "circumstances",
            &[
                (
                    "background",
                    "School raised it in July. Dominic has shouted at Leonie most evenings since spring, mostly about money and where she has been. No physical violence is known. Referred early because both ask for help.",
                ),
                (
                    "acts",
                    "Shouts at Leonie from close by, bangs the table, calls her stupid in front of the children. Asks for receipts. Twice took the car keys to work so that she could not visit her sister.",
                ),
                (
                    "impact",
                    "Leonie sleeps badly and plans her day around his calls. Perry counts the stairs when he comes up. Cleo hides food.",
                ),
                (
                    "strengths",
                    "Leonie takes the children to the library after school and has kept their clubs going. She asked the school for help.",
                ),
                (
                    "willingness",
                    "Dominic rang twice to ask when he can start. He can name the shouting; he does not yet see the receipts as a problem.",
                ),
            ],
        ),
        (
            "markers",
            &[
                ("markers", "verbal_argument"),
                ("markers", "early_controlling_behaviours"),
                ("markers", "willingness_to_engage"),
            ],
        ),
        (
            "awareness",
            &[
                ("survivor_aware", "yes"),
                ("survivor_consented", "yes"),
                ("client_aware", "yes"),
                ("client_consented", "yes"),
            ],
        ),
        (
            "earlier",
            &[
                (
                    "priorities",
                    "That he stops shouting, and a card of her own.",
                ),
                ("survivor_marac", "No"),
                ("client_marac", "No"),
            ],
        ),
    ],
};

/// A separated couple; the children live with the grandmother; the client does not know yet.
pub const OKONJO: Family = Family {
    sections: &[
        (
            "survivor",
            &[
                ("survivor_name", "Ọlápéjú Okonjo"),
                ("survivor_born", "about 30"),
                (
                    "survivor_address",
                    "Room 9, 22 Saltmarsh Rise, Larkmoor, ZZ99 4BB",
                ),
                ("survivor_telephone", "07700 900221"),
                (
                    "survivor_safe_contact",
                    "Text only, to say the parcel has arrived; she rings back.",
                ),
            ],
        ),
        (
            "client",
            &[
                ("client_name", "Segun Okonjo"),
                ("client_born", "not known"),
                ("client_relationship", "Former partner"),
                ("client_occupation", "Works for the borough’s parks team"),
            ],
        ),
        (
            "relationship",
            &[("relationship", "Separated since June; he comes to the door")],
        ),
        (
            "children",
            &[
                ("children.0.name", "Tobi Okonjo"),
                ("children.0.born", "5 5 2015"),
                ("children.0.to_survivor", "Son"),
                ("children.0.to_client", "Son"),
                (
                    "children.0.address",
                    "With his grandmother, 3 Tide Lane, Larkmoor, ZZ99 4CC",
                ),
            ],
        ),
        (
            "circumstances",
            &[
                (
                    "background",
                    "Segun waits outside the school and follows her home. Neighbours called the police once; nobody was hurt.",
                ),
                (
                    "acts",
                    "Checks her phone, questions Tobi about visitors, damaged the front door.",
                ),
                (
                    "strengths",
                    "She changed the lock herself and told the school who may collect Tobi.",
                ),
            ],
        ),
        (
            "markers",
            &[("markers", "monitoring"), ("markers", "damage_to_property")],
        ),
        (
            "awareness",
            &[
                ("survivor_aware", "yes"),
                ("survivor_consented", "yes"),
                ("client_aware", "no"),
                ("client_consented", "not_asked"),
                (
                    "client_reason",
                    "It is not safe to tell him before the survivor has spoken with a worker.",
                ),
            ],
        ),
    ],
};

/// A partial record: a first name, no number, a person in danger.
pub const PARTIAL: Family = Family {
    sections: &[
        (
            "survivor",
            &[("survivor_name", "Marisol, surname not known")],
        ),
        (
            "client",
            &[
                ("client_name", "Not known, uses the name Gray"),
                ("client_relationship", "Partner"),
            ],
        ),
        (
            "circumstances",
            &[(
                "background",
                "Told a health visitor that he held her by the wrist and would not let her leave the room.",
            )],
        ),
        (
            "awareness",
            &[
                ("survivor_aware", "yes"),
                ("survivor_consented", "not_asked"),
                ("client_aware", "not_known"),
                ("client_consented", "not_asked"),
            ],
        ),
    ],
};

/// A family of the borough whose agreement has ended.
pub const HARGREAVE: Family = Family {
    sections: &[
        (
            "survivor",
            &[
                ("survivor_name", "Wren Hargreave"),
                ("survivor_telephone", "07700 900231"),
            ],
        ),
        (
            "client",
            &[
                ("client_name", "Lucan Hargreave"),
                ("client_relationship", "Husband"),
            ],
        ),
        (
            "circumstances",
            &[
                (
                    "background",
                    "First assault last week, he left the house and came back.",
                ),
                ("acts", "Pushed her against a wall."),
            ],
        ),
        ("markers", &[("markers", "first_physical_assault")]),
        (
            "awareness",
            &[
                ("survivor_aware", "yes"),
                ("survivor_consented", "yes"),
                ("client_aware", "yes"),
                ("client_consented", "yes"),
            ],
        ),
    ],
};

/// Names in other scripts.
pub const RAHMAN: Family = Family {
    sections: &[
        (
            "survivor",
            &[
                ("survivor_name", "নাসরিন রহমান (Nasrin Rahman)"),
                ("survivor_born", "14 8 1993"),
                ("survivor_telephone", "07700 900241"),
            ],
        ),
        (
            "client",
            &[
                ("client_name", "فارس الرحمن (Faris Rahman)"),
                ("client_born", "2 1 1990"),
                ("client_relationship", "Husband"),
            ],
        ),
        (
            "children",
            &[
                ("children.0.name", "ሰላም (Selam)"),
                ("children.0.born", "9 9 2019"),
                ("children.0.to_survivor", "Daughter"),
                ("children.0.to_client", "None"),
            ],
        ),
        (
            "circumstances",
            &[
                (
                    "background",
                    "He controls the household account and her phone.",
                ),
                ("acts", "Keeps her bank card."),
            ],
        ),
        ("markers", &[("markers", "early_controlling_behaviours")]),
        (
            "awareness",
            &[
                ("survivor_aware", "yes"),
                ("survivor_consented", "yes"),
                ("client_aware", "yes"),
                ("client_consented", "no"),
                ("client_reason", "He says that there is nothing to work on."),
            ],
        ),
    ],
};

/// Another family of the same team, with a mother-in-law in the house.
pub const TARRANT: Family = Family {
    sections: &[
        (
            "survivor",
            &[
                ("survivor_name", "Imogen Tarrant"),
                ("survivor_born", "23 4 1995"),
                (
                    "survivor_address",
                    "Flat 2, 8 Mill Green, Larkmoor, ZZ99 6DD",
                ),
                ("survivor_telephone", "07700 900261"),
                (
                    "survivor_safe_contact",
                    "Ring at work, 07700 900262, ask for the stock room. Not after 5.",
                ),
            ],
        ),
        (
            "client",
            &[
                ("client_name", "Rufus Tarrant"),
                ("client_born", "1 7 1992"),
                ("client_address", "Flat 2, 8 Mill Green, Larkmoor, ZZ99 6DD"),
                ("client_relationship", "Partner"),
                ("client_occupation", "Night porter"),
            ],
        ),
        (
            "relationship",
            &[(
                "relationship",
                "Living together, her mother stays at weekends",
            )],
        ),
        ("pregnancy", &[("pregnant", "yes"), ("due", "12 2 2027")]),
        (
            "circumstances",
            &[
                (
                    "background",
                    "He broke a door last week. She is expecting their first child. He asked the midwife for help.",
                ),
                (
                    "acts",
                    "Breaks things when he is angry, blocks the doorway.",
                ),
                (
                    "impact",
                    "She stays with her mother when he is home by day.",
                ),
                (
                    "strengths",
                    "She told her midwife and her manager, and keeps her own account.",
                ),
                ("willingness", "He asked for help himself."),
            ],
        ),
        (
            "markers",
            &[
                ("markers", "damage_to_property"),
                ("markers", "willingness_to_engage"),
            ],
        ),
        (
            "awareness",
            &[
                ("survivor_aware", "yes"),
                ("survivor_consented", "yes"),
                ("client_aware", "yes"),
                ("client_consented", "yes"),
            ],
        ),
    ],
};

/// Two children, night shifts, and a father who asked the school for help.
pub const ADLER: Family = Family {
    sections: &[
        (
            "survivor",
            &[
                ("survivor_name", "Freya Adler"),
                ("survivor_born", "3 3 1991"),
                ("survivor_address", "17 Lime Walk, Larkmoor, ZZ99 5AB"),
                ("survivor_telephone", "07700 900271"),
                (
                    "survivor_safe_contact",
                    "Text after nine in the morning, on school days. Say that it is about the school fair.",
                ),
            ],
        ),
        (
            "client",
            &[
                ("client_name", "Nikolai Adler"),
                ("client_born", "21 9 1988"),
                ("client_address", "17 Lime Walk, Larkmoor, ZZ99 5AB"),
                ("client_relationship", "Husband"),
                ("client_occupation", "Bakery, nights"),
                ("client_telephone", "07700 900272"),
            ],
        ),
        (
            "relationship",
            &[("relationship", "Married, living together")],
        ),
        (
            "children",
            &[
                ("children.0.name", "Ivo Adler"),
                ("children.0.born", "8 1 2018"),
                ("children.0.to_survivor", "Son"),
                ("children.0.to_client", "Son"),
                ("children.1.name", "Mila Adler"),
                ("children.1.born", "30 5 2021"),
                ("children.1.to_survivor", "Daughter"),
                ("children.1.to_client", "Daughter"),
            ],
        ),
        ("pregnancy", &[("pregnant", "no")]),
        (
            "circumstances",
            &[
                (
                    "background",
                    "Ivo hid under the table when his father came in. Nikolai then asked the school himself whom he can talk to.",
                ),
                (
                    "acts",
                    "Reads her messages, decides who visits, shouts at dinner. Stood in the doorway twice.",
                ),
                ("impact", "Freya counts the days to pay day. Ivo hides."),
                ("strengths", "She keeps bedtime and told the school."),
                ("willingness", "He asked for help."),
            ],
        ),
        (
            "markers",
            &[
                ("markers", "verbal_argument"),
                ("markers", "early_controlling_behaviours"),
                ("markers", "willingness_to_engage"),
            ],
        ),
        (
            "awareness",
            &[
                ("survivor_aware", "yes"),
                ("survivor_consented", "yes"),
                ("client_aware", "yes"),
                ("client_consented", "yes"),
            ],
        ),
    ],
};

/// A couple whose car is tracked, and a survivor who has plans of her own.
pub const LINDHOLM: Family = Family {
    sections: &[
        (
            "survivor",
            &[
                ("survivor_name", "Tess Lindholm"),
                ("survivor_born", "about 35"),
                ("survivor_telephone", "07700 900273"),
                ("survivor_safe_contact", "Through her manager at work only."),
            ],
        ),
        (
            "client",
            &[
                ("client_name", "Ruben Lindholm"),
                ("client_born", "12 12 1987"),
                ("client_relationship", "Partner"),
                ("client_telephone", "07700 900274"),
            ],
        ),
        ("relationship", &[("relationship", "Living together")]),
        (
            "children",
            &[
                ("children.0.name", "Saga Lindholm"),
                ("children.0.born", "14 2 2019"),
                ("children.0.to_survivor", "Daughter"),
                ("children.0.to_client", "None"),
            ],
        ),
        (
            "circumstances",
            &[
                (
                    "background",
                    "Her manager told the borough that he waits at the gate. He says that he worries.",
                ),
                (
                    "acts",
                    "Put a tracker on the car, rings her work, pushed her once.",
                ),
                ("strengths", "She told her manager and changes her routes."),
            ],
        ),
        (
            "markers",
            &[
                ("markers", "monitoring"),
                ("markers", "first_physical_assault"),
            ],
        ),
        (
            "awareness",
            &[
                ("survivor_aware", "yes"),
                ("survivor_consented", "yes"),
                ("client_aware", "yes"),
                ("client_consented", "yes"),
            ],
        ),
    ],
};

/// A couple without children, and debts at night.
pub const CASTELLANE: Family = Family {
    sections: &[
        (
            "survivor",
            &[
                ("survivor_name", "Amara Castellane"),
                ("survivor_born", "2 6 1994"),
                ("survivor_telephone", "07700 900275"),
                ("survivor_safe_contact", "Telephone at lunch, weekdays."),
            ],
        ),
        (
            "client",
            &[
                ("client_name", "Bruno Castellane"),
                ("client_born", "17 4 1990"),
                ("client_relationship", "Husband"),
                ("client_telephone", "07700 900276"),
            ],
        ),
        (
            "relationship",
            &[("relationship", "Married, living together")],
        ),
        (
            "circumstances",
            &[
                (
                    "background",
                    "A door was broken in April. He told his sister about the debts.",
                ),
                ("acts", "Throws things, sulks for days."),
                ("strengths", "She put the rent on her own card."),
            ],
        ),
        (
            "markers",
            &[
                ("markers", "damage_to_property"),
                ("markers", "willingness_to_engage"),
            ],
        ),
        (
            "awareness",
            &[
                ("survivor_aware", "yes"),
                ("survivor_consented", "yes"),
                ("client_aware", "yes"),
                ("client_consented", "yes"),
            ],
        ),
    ],
};

/// The beginning of a referral.
pub const UNFINISHED: Family = Family {
    sections: &[
        ("survivor", &[("survivor_name", "Bethan Lowry")]),
        (
            "client",
            &[("client_name", "Ewan Lowry"), ("client_born", "about 35")],
        ),
    ],
};
