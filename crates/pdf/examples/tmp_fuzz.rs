use pdf::*;
fn doc(a: String) -> Document {
    Document {
        title: "T".into(),
        sections: vec![Section {
            heading: "H".into(),
            rows: vec![Row {
                label: "L".into(),
                answer: a,
            }],
        }],
        ..Default::default()
    }
}
fn main() {
    let (mut bad, mut n) = (0, 0);
    for start in (0..0x20000u32)
        .step_by(128)
        .chain((0xE0000..0xE0200).step_by(128))
    {
        let s: Vec<String> = (start..start + 128)
            .filter_map(char::from_u32)
            .map(|c| c.to_string())
            .collect();
        for sep in [" ", "", "a", "\u{301}", "\u{200d}", "ا", "क"] {
            n += 1;
            if sep != " "
                && !(start < 0x2500
                    || (0xa000..0xac00).contains(&start)
                    || start > 0xf000 && start < 0x11000)
            {
                continue;
            }
            if let Err(e) = render(&doc(s.join(sep))) {
                bad += 1;
                eprintln!("BAD {start:x} {sep:?} {e}");
            }
        }
    }
    // random mixtures
    let mut x = 88172645463325252u64;
    let mut rnd = || {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        x
    };
    let ranges = [
        (0x20, 0x7f),
        (0xa0, 0x17f),
        (0x300, 0x36f),
        (0x590, 0x6ff),
        (0x900, 0xdff),
        (0xe00, 0xeff),
        (0x1000, 0x10ff),
        (0x1200, 0x137f),
        (0x1780, 0x17ff),
        (0x2000, 0x206f),
        (0x20a0, 0x21ff),
        (0x4e00, 0x4eff),
        (0x1f600, 0x1f64f),
        (0xfe00, 0xfe0f),
    ];
    for i in 0..3000 {
        let k = 1 + rnd() % 4;
        let pick: Vec<_> = (0..k)
            .map(|_| ranges[(rnd() % ranges.len() as u64) as usize])
            .collect();
        let t: String = (0..40)
            .filter_map(|_| {
                let (a, b) = pick[(rnd() % k) as usize];
                char::from_u32(a + (rnd() % (b - a + 1) as u64) as u32)
            })
            .collect();
        n += 1;
        if let Err(e) = render(&doc(t.clone())) {
            bad += 1;
            eprintln!("BAD random {i} {t:?} {e}");
        }
    }
    eprintln!("{n} documents, {bad} refused");
}
