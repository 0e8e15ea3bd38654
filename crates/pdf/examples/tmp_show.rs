use pdf::*;
fn r(l: &str, a: &str) -> Row {
    Row {
        label: l.into(),
        answer: a.into(),
    }
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    if a.len() > 2 {
        let d = Document {
            title: "T".into(),
            sections: vec![Section {
                heading: "H".into(),
                rows: vec![r("L", &a[2])],
            }],
            ..Default::default()
        };
        std::fs::write(&a[1], render(&d).unwrap()).unwrap();
        return;
    }
    let names = [
        "Zoë O’Connor-Nguyễn",
        "Adéọlá Ọ̀ṣúnlékè",
        "Łucja Żądło",
        "Ελένη Παπαδοπούλου",
        "Олена Шевченко",
        "አበበ በቀለ",
        "Դավիթ Հակոբյան",
        "ნინო ბერიძე",
        "משה כהן שָׁלוֹם",
        "فاطمة الزهراء شَدّة",
        "রহিমা খাতুন",
        "प्रिया शर्मा",
        "ਗੁਰਪ੍ਰੀਤ ਕੌਰ",
        "પ્રીતિ પટેલ",
        "தமிழ்ச்செல்வி",
        "శ్రీనివాస్",
        "ಕೃಷ್ಣ",
        "മാധവൻ",
        "නිමල් පෙරේරා",
        "สมชาย ใจดี กุ้ง ที่",
        "ສົມສັກ",
        "ស្រីមុំ",
        "မောင်မောင်",
        "王小明",
        "Wang 王小明 😀!",
    ];
    let thai = "ประเทศไทยเป็นประเทศที่ตั้งอยู่ในภูมิภาคเอเชียตะวันออกเฉียงใต้มีพรมแดนติดต่อกับประเทศลาวกัมพูชามาเลเซียและเมียนมาร์".repeat(3);
    let arabic = "يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق، وقد وهبوا عقلًا وضميرًا وعليهم أن يعامل بعضهم بعضًا بروح الإخاء (2026) Ada Example.";
    let long = "The worker agreed with the person that calls are made on weekday mornings only. "
        .repeat(12);
    let d = Document {
        title: "Referral to the programme for a person with a rather long title of the form".into(), reference: "R-7KQ2-M4".into(), audience: "Printed for: the person referred".into(),
        printed: "Printed on 12 March 2026 by Sam Okafor".into(), notice: Some("This copy was made for one reader. It leaves out what other people have said in confidence.\nDo not pass it on.".into()),
        sections: vec![
            Section { heading: "About the person".into(), rows: vec![r("Full name", "Ada Example"), r("Date of birth", "4 May 1988"), r("Address", "1 Sample Street\nSampletown\nZZ99 3AA"), r("Safe telephone number", "07700 900123"), r("Does the person need an interpreter, and if so for which language or dialect, and may it be a person of any gender?", ""), r("What was agreed about contact?", &long), r("Arabic", arabic), r("Thai", &thai), r("Long", &"Wolfeschlegelstein".repeat(20)), r("Link", "https://example.org/a/very/long/address/that-goes-on?and=on&0123456789abcdef0123456789abcdef0123456789abcdef0123456789")] },
            Section { heading: "Names in other scripts".into(), rows: names.iter().map(|n| r("Name", n)).collect() },
            Section { heading: "ميلاد".into(), rows: vec![r("ميلاد", "yes")] },
        ],
        closing: vec!["I have read this form.".into(), "Signed: ........................................   Date: ....................".into()],
    };
    for i in 0..5 {
        let t = std::time::Instant::now();
        let p = render(&d).unwrap();
        eprintln!("{i} {:?} {}", t.elapsed(), p.len());
        std::fs::write(&a[1], p).unwrap();
    }
    let small = Document {
        title: "Referral".into(),
        reference: "R".into(),
        sections: vec![Section {
            heading: "A".into(),
            rows: (0..40)
                .map(|i| {
                    r(
                        "Question of the form",
                        &format!("Answer {i} with a few words in it"),
                    )
                })
                .collect(),
        }],
        ..Default::default()
    };
    for i in 0..3 {
        let t = std::time::Instant::now();
        let p = render(&small).unwrap();
        eprintln!("small {i} {:?} {}", t.elapsed(), p.len());
    }
    let big = Document {
        title: "Referral".into(),
        reference: "R".into(),
        sections: vec![Section {
            heading: "A".into(),
            rows: vec![r("Q", &"word and more ".repeat(28_000))],
        }],
        ..Default::default()
    };
    let t = std::time::Instant::now();
    let p = render(&big).unwrap();
    eprintln!("big {:?} {}", t.elapsed(), p.len());
}
