use std::collections::HashSet;
use std::io::Write;
use std::process::{Command, Stdio};

use super::*;
use crate::script::{OTHER_SCRIPT, SYMBOL};

fn row(label: &str, answer: &str) -> Row {
    Row {
        label: label.into(),
        answer: answer.into(),
    }
}

fn form(rows: Vec<Row>) -> Document {
    Document {
        title: "Referral".into(),
        reference: "R-7KQ2-M4".into(),
        audience: "Printed for: the person referred".into(),
        printed: "12 March 2026, Sam Okafor".into(),
        notice: None,
        sections: vec![Section {
            heading: "About the person".into(),
            rows,
        }],
        closing: Vec::new(),
    }
}

fn answered(answer: &str) -> Document {
    form(vec![row("Full name", answer)])
}

/// The text of a PDF as another program reads it.
fn text_of(pdf: &[u8]) -> String {
    let mut reader = Command::new("pdftotext")
        .args(["-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext is needed for this test: install poppler-utils");
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success());
    // Direction marks are the reader's own addition.
    let direction = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{200e}' | '\u{200f}');
    String::from_utf8(output.stdout)
        .unwrap()
        .replace(direction, "")
}

fn printed(document: &Document) -> String {
    text_of(&render(document).unwrap())
}

fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

fn contains(haystack: &[u8], needle: &str) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

#[test]
fn is_a_tagged_pdf_that_claims_the_accessibility_standard() {
    let pdf = render(&answered("Ada Example")).unwrap();
    assert!(pdf.starts_with(b"%PDF-1.7"));
    assert!(contains(&pdf, "<pdfuaid:part>1</pdfuaid:part>"));
    assert!(contains(&pdf, "/MarkInfo"));
    assert!(contains(&pdf, "/Lang"));
}

#[test]
fn the_file_says_neither_when_nor_by_what_it_was_made() {
    let pdf = render(&answered("Ada Example")).unwrap();
    assert_eq!(
        pdf,
        render(&answered("Ada Example")).unwrap(),
        "the same form, the same bytes"
    );
    for trace in ["CreationDate", "CreateDate", "Typst", "typst"] {
        assert!(!contains(&pdf, trace), "{trace}");
    }
}

#[test]
fn everything_handed_over_is_on_the_page() {
    let mut form = answered("Ada Example\nformerly Ada Sample\r\n\r\nasks to be called Ada");
    form.notice = Some("Read this first.".into());
    form.closing = vec![
        "Signed: ................".into(),
        "Date: ................".into(),
    ];
    form.sections.push(Section {
        heading: "Without questions".into(),
        rows: Vec::new(),
    });
    let text = printed(&form);
    for expected in [
        "Referral",
        "Reference: R-7KQ2-M4",
        "Printed for: the person referred",
        "12 March 2026, Sam Okafor",
        "Read this first.",
        "About the person",
        "Full name",
        "Ada Example",
        "formerly Ada Sample",
        "asks to be called Ada",
        "Without questions",
        "Signed:",
        "Date:",
        "R-7KQ2-M4 · Printed for: the person referred",
        "Page 1 of 1",
    ] {
        assert!(
            text.contains(expected),
            "{expected:?} is missing in:\n{text}"
        );
    }
}

#[test]
fn names_print_in_their_own_script() {
    for name in [
        "Zoë O’Connor-Nguyễn",
        "Adéọlá Ọ̀ṣúnlékè",
        "Łucja Żądło",
        "Ελένη Παπαδοπούλου",
        "Олена Шевченко",
        "አበበ በቀለ",
        "Դավիթ Հակոբյան",
        "ნინო ბერიძე",
        "משה כהן",
    ] {
        let text = printed(&answered(name));
        assert!(text.contains(name), "{name:?} is missing in:\n{text}");
    }
}

#[test]
fn joined_and_reordered_scripts_come_back_as_they_were_written() {
    for name in [
        "فاطمة الزهراء",
        "রহিমা খাতুন",
        "प्रिया शर्मा",
        "ਗੁਰਪ੍ਰੀਤ ਕੌਰ",
        "પ્રીતિ પટેલ",
        "தமிழ்ச்செல்வி",
        "శ్రీనివాస్",
        "ಕೃಷ್ಣ",
        "മാധവൻ",
        "නිමල් පෙරේරා",
        "สมชาย ใจดี",
        "ສົມສັກ",
        "ស្រីមុំ",
        "မောင်မောင်",
    ] {
        let text = without_spaces(&printed(&answered(name)));
        assert!(
            text.contains(&without_spaces(name)),
            "{name:?} is missing in:\n{text}"
        );
    }
}

#[test]
fn markup_is_plain_text() {
    for answer in [
        "#panic(1)",
        "=SUM(A1)",
        "= Heading",
        "*a* _b_ $x$ `c` <d> @e \\u{41}",
        "#(1+1)",
    ] {
        assert!(printed(&answered(answer)).contains(answer), "{answer}");
        let mut everywhere = answered(answer);
        everywhere.title = answer.into();
        everywhere.reference = answer.into();
        everywhere.audience = answer.into();
        everywhere.printed = answer.into();
        everywhere.notice = Some(answer.into());
        everywhere.sections[0].heading = answer.into();
        everywhere.sections[0].rows[0].label = answer.into();
        everywhere.closing = vec![answer.into()];
        assert_eq!(printed(&everywhere).matches(answer).count(), 11, "{answer}");
    }
}

#[test]
fn a_word_of_three_hundred_letters_stays_whole_and_on_the_page() {
    for letters in ["Wolfeschlegelsteinhausenbergerdorff", "W", "ابجد", "ஸ்ரீ"] {
        let name: String = letters.chars().cycle().take(300).collect();
        let mut form = answered(&name);
        form.title.clone_from(&name);
        let pdf = render(&form).unwrap();
        assert!(
            without_spaces(&text_of(&pdf)).matches(&name).count() >= 2,
            "{letters}"
        );
        assert_eq!(beyond_the_margin(&pdf), Vec::<String>::new(), "{letters}");
    }
}

/// The words whose boxes do not lie between the side margins, in points of 1/72 inch.
fn beyond_the_margin(pdf: &[u8]) -> Vec<String> {
    let name = format!(
        "pdf-test-{}-{:?}.pdf",
        std::process::id(),
        std::thread::current().id()
    );
    let file = std::env::temp_dir().join(name);
    std::fs::write(&file, pdf).unwrap();
    let output = Command::new("pdftotext")
        .arg("-bbox")
        .arg(&file)
        .arg("-")
        .output()
        .unwrap();
    std::fs::remove_file(&file).unwrap();
    let side = |line: &str, name: &str| -> f64 {
        line.split_once(name)
            .unwrap()
            .1
            .split('"')
            .nth(1)
            .unwrap()
            .parse()
            .unwrap()
    };
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter(|line| line.trim_start().starts_with("<word"))
        .filter(|line| side(line, "xMin") < 60.0 || side(line, "xMax") > 595.3 - 60.0)
        .map(str::to_owned)
        .collect()
}

#[test]
fn what_no_font_has_becomes_a_note_and_the_rest_stays() {
    let cases = [
        ("王小明", OTHER_SCRIPT.to_owned()),
        (
            "Wang 王 小明 (Xiaoming)",
            format!("Wang {OTHER_SCRIPT} (Xiaoming)"),
        ),
        ("Wang王Ming", format!("Wang {OTHER_SCRIPT} Ming")),
        ("well 😀!", format!("well {SYMBOL}!")),
        ("👩🏽‍👧", SYMBOL.to_owned()),
        ("logo \u{e001}", format!("logo {SYMBOL}")),
    ];
    for (answer, expected) in cases {
        let text = printed(&answered(answer));
        assert!(
            text.contains(&expected),
            "{expected:?} is missing in:\n{text}"
        );
    }
}

#[test]
fn a_name_no_font_has_is_a_note_in_every_place() {
    let name = "王小明";
    let pdf = render(&Document {
        title: name.into(),
        reference: name.into(),
        audience: name.into(),
        printed: name.into(),
        notice: Some(name.into()),
        sections: vec![Section {
            heading: name.into(),
            rows: vec![row(name, name)],
        }],
        closing: vec![name.into()],
    });
    assert!(text_of(&pdf.unwrap()).matches("another script").count() >= 8);
}

#[test]
fn nothing_people_can_type_stops_a_print() {
    for answer in [
        "",
        " \t\n\r\n",
        "\0\u{1b}[31m\u{7f}\u{feff}\u{fffe}\u{fdd0}",
        "\u{202e}desrever\u{202c}",
        "\u{2067}אבג\u{2069} abc",
        "\u{301}\u{301} marks alone \u{302}",
        "\u{0950}\u{093e}\u{094d} \u{09cd}",
        "ﷺ ﷽ ﭐ",
        "a\u{0651}\u{200d}\u{200c}\u{fe0f}\u{e0061}\u{e007f}",
        "ا\u{0301}\u{0323} क\u{0301} ก\u{0301}",
        "Z̷̡̢̛̫͓͍̈́̐a̸̧͙̋l̴̢̈́g̵̯̃o",
        "½ ℅ № ™ ₤ € ₹ ⅓ → ✓ ☎ ♥ ①",
        "\u{fffd}\u{fffc}\u{00ad}\u{180e}\u{3164}",
    ] {
        let mut form = answered(answer);
        form.title = answer.into();
        form.sections[0].heading = answer.into();
        form.sections[0].rows[0].label = answer.into();
        render(&form).unwrap_or_else(|error| panic!("{answer:?}: {error}"));
    }
    render(&Document::default()).unwrap();
}

/// `render` falls back on this. No text was found that makes it do so: in a trial every character of
/// Unicode and 3,000 mixtures of scripts printed at once.
#[test]
fn the_narrow_repertoire_prints_notes_for_other_scripts() {
    let press = Press::get().unwrap();
    let form = answered("Ada فاطمة Олена");
    let pdf = press
        .print(inputs::of(&form, press, press::Repertoire::European))
        .unwrap();
    assert!(text_of(&pdf).contains(&format!("Ada {OTHER_SCRIPT} Олена")));
}

#[test]
fn an_empty_answer_is_said_to_be_empty() {
    assert!(printed(&answered("  ")).contains("Not answered"));
}

#[test]
fn long_answers_go_on_over_the_page() {
    let words: Vec<String> = (0..2_000).map(|n| format!("word{n}")).collect();
    let mut form = answered(&words.join(" "));
    form.sections[0]
        .rows
        .extend((0..60).map(|n| row(&format!("Question {n}"), "Yes\nand no")));
    let text = printed(&form);
    let pages = text.matches('\u{c}').count();
    assert!(pages > 3);
    assert!(text.contains(&format!("Page {pages} of {pages}")));
    assert_eq!(text.matches("R-7KQ2-M4 ·").count(), pages);
    let found: HashSet<&str> = text.split_whitespace().collect();
    let lost: Vec<&String> = words
        .iter()
        .filter(|word| !found.contains(word.as_str()))
        .collect();
    assert_eq!(lost, Vec::<&String>::new());
}

#[test]
fn a_document_beyond_the_limit_is_refused_at_once() {
    let form = answered(&"x".repeat(MAX_CHARACTERS));
    assert_eq!(render(&form), Err(Error::TooLong));
}

#[test]
fn errors_do_not_repeat_the_record() {
    let quoted = press::said(&[typst::diag::SourceDiagnostic::error(
        typst::syntax::Span::detached(),
        "PDF/UA-1 error: the text `Ada Example` could not be displayed",
    )]);
    assert_eq!(quoted, "PDF/UA-1 error: the text");
}
