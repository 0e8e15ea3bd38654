//! Referrals as personas send them.

use cusp::demo::{cast::Persona, families::Family, player::Player};

use super::World;

/// A family, and the strings that lead to its survivor and children.
pub struct Told {
    pub family: Family,
    pub secrets: &'static [&'static str],
}

/// Everything that may be filled in, with strings that are found nowhere else.
pub const MONTY: Told = Told {
    family: Family {
        sections: &[
            (
                "survivor",
                &[
                    ("survivor_name", "Persis Wrigg"),
                    ("survivor_born", "11 2 1987"),
                    (
                        "survivor_address",
                        "Flat 4b, Quillfeather Road, Larkmoor, ZZ99 1QF",
                    ),
                    ("survivor_telephone", "07700 900302"),
                    ("survivor_other_telephone", "07700 900303, sister"),
                    ("survivor_safe_contact", "Text that the otter book is in"),
                ],
            ),
            (
                "client",
                &[
                    ("client_name", "Monty Wrigg"),
                    ("client_born", "30 12 1984"),
                    ("client_address", "40 Tallow Hill, Larkmoor, ZZ99 1TH"),
                    ("client_telephone", "07700 900304"),
                    ("client_relationship", "Husband"),
                    ("client_occupation", "Surveyor"),
                ],
            ),
            (
                "children",
                &[
                    ("children.0.name", "Peregrine Wrigg"),
                    ("children.0.born", "19 6 2017"),
                    ("children.0.to_survivor", "Son"),
                    ("children.0.to_client", "Son"),
                    ("children.0.address", "12 Osier Rise, Wexbrook, ZZ99 2OR"),
                ],
            ),
            (
                "circumstances",
                &[
                    ("background", "He shouts and bangs the table."),
                    ("acts", "Takes the car keys."),
                ],
            ),
            ("markers", &[("markers", "verbal_argument")]),
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
    },
    secrets: &[
        "Quillfeather",
        "ZZ99 1QF",
        "07700 900302",
        "07700 900303",
        "otter book",
        "Osier Rise",
        "ZZ99 2OR",
    ],
};

/// Sends a referral, and gives the case that opens.
pub async fn send(world: &World, who: &Persona, told: &Told) -> String {
    Player::new(&world.app)
        .refer(who, &told.family)
        .await
        .unwrap()
}
