//! The readers of a description.

use serde::{Deserialize, Serialize};

use super::{
    Answer, Ask, Block, Choice, Control, ControlKind, Form, Group, Problem, Problems, Reader,
    Typed, Value,
};
use crate::{
    access::Sees,
    label::{Audience, Child, Client, For, Label, Labelled, Shows, Survivor, Workers},
};

fn kind_of<T: Value>(ask: &Ask) -> ControlKind {
    ask.kind.unwrap_or(T::KIND)
}

/// Fills a form from what was typed and collects what is wrong.
#[derive(Debug, Default)]
pub struct Parse {
    typed: Typed,
    prefix: String,
    problems: Problems,
}

impl Parse {
    /// Reads `typed` into a form. The problems are in page order.
    pub fn form<F: Form>(typed: &Typed) -> (F, Problems) {
        let mut reader = Self {
            typed: typed.clone(),
            ..Self::default()
        };
        let mut form = F::default();
        form.describe(&mut reader);
        (form, reader.problems)
    }
}

impl Reader for Parse {
    fn section(&mut self, _: &'static str, _: &'static str) {}

    fn field<T: Value, L: Label>(&mut self, ask: Ask, answer: &mut Answer<T, L>) {
        let name = format!("{}{}", self.prefix, ask.name);
        let kind = kind_of::<T>(&ask);
        let raw = if kind == ControlKind::Date {
            self.typed.date(&name).1
        } else {
            self.typed.get(&name).to_owned()
        };
        *answer = None;
        if raw.is_empty() {
            if ask.required {
                self.problems
                    .push(Problem::missing(name, format!("Answer “{}”", ask.text)));
            }
            return;
        }
        let most = ask.limit(kind);
        let length = raw.chars().count();
        if length > most {
            let over = length - most;
            self.problems.push(Problem::new(
                name,
                format!(
                    "“{}” must be {most} characters or fewer: take out {over}",
                    ask.text
                ),
            ));
            return;
        }
        match T::parse(&raw) {
            Ok(value) => *answer = Some(Labelled::new(value)),
            Err(why) => self
                .problems
                .push(Problem::new(name, format!("“{}” {why}", ask.text))),
        }
    }

    fn each<T: Default>(
        &mut self,
        group: Group,
        items: &mut Vec<T>,
        mut describe: impl FnMut(&mut Self, &mut T),
    ) {
        let outer = format!("{}{}", self.prefix, group.name);
        let count = self.typed.items(&outer);
        if count > group.at_most {
            self.problems.push(Problem::new(
                format!("{outer}.{}.name", group.at_most),
                format!(
                    "Only {} can be recorded here; put the others into the text",
                    group.at_most
                ),
            ));
        }
        items.clear();
        for number in 0..count.min(group.at_most) {
            let inner = format!("{outer}.{number}.");
            // A row left blank is a row not filled in.
            let blank = self
                .typed
                .0
                .iter()
                .all(|(name, text)| !name.starts_with(&inner) || text.trim().is_empty());
            if blank {
                continue;
            }
            let before = std::mem::replace(&mut self.prefix, inner);
            let mut item = T::default();
            describe(self, &mut item);
            items.push(item);
            self.prefix = before;
        }
    }
}

/// The controls of a form, or of one section of it.
#[derive(Debug, Default)]
pub struct Inputs {
    typed: Typed,
    problems: Problems,
    only: Option<String>,
    here: bool,
    prefix: String,
    spare: usize,
    blocks: Vec<Block>,
}

impl Inputs {
    /// Draws what was typed, so that what did not parse is still there.
    ///
    /// `only` names one section; `spare` is how many blank items of repeated parts are added.
    pub fn draw<F: Form>(
        typed: &Typed,
        problems: Problems,
        only: Option<&str>,
        spare: usize,
    ) -> Vec<Block> {
        let mut reader = Self {
            typed: typed.clone(),
            problems,
            only: only.map(str::to_owned),
            here: only.is_none(),
            spare,
            blocks: vec![Block::default()],
            ..Self::default()
        };
        F::default().describe(&mut reader);
        reader.blocks.retain(|block| !block.controls.is_empty());
        reader.blocks
    }
}

impl Reader for Inputs {
    fn section(&mut self, slug: &'static str, _: &'static str) {
        self.here = self.only.as_deref().is_none_or(|only| only == slug);
    }

    fn field<T: Value, L: Label>(&mut self, ask: Ask, _: &mut Answer<T, L>) {
        if !self.here {
            return;
        }
        let name = format!("{}{}", self.prefix, ask.name);
        let kind = kind_of::<T>(&ask);
        let (parts, joined) = self.typed.date(&name);
        let value = self.typed.get(&name).to_owned();
        let parts = match super::values::read_day(&joined) {
            Some(day) if kind == ControlKind::Date && parts.iter().all(String::is_empty) => [
                day.day().to_string(),
                day.month().to_string(),
                day.year().to_string(),
            ],
            _ => parts,
        };
        let ticked: Vec<&str> = value.split(',').map(str::trim).collect();
        let choices = T::choices()
            .iter()
            .map(|(code, text)| Choice {
                code,
                text,
                hint: "",
                checked: ticked.contains(code),
            })
            .collect();
        let problem = self
            .problems
            .iter()
            .find(|p| p.field == name)
            .map(|p| p.message.clone());
        let control = Control {
            text: ask.text.to_owned(),
            hint: ask.hint.to_owned(),
            kind,
            parts,
            choices,
            problem,
            max: ask.limit(kind),
            optional: !ask.required,
            name,
            value: value.clone(),
        };
        if let Some(block) = self.blocks.last_mut() {
            block.controls.push(control);
        }
    }

    fn each<T: Default>(
        &mut self,
        group: Group,
        _: &mut Vec<T>,
        mut describe: impl FnMut(&mut Self, &mut T),
    ) {
        if !self.here {
            return;
        }
        let outer = format!("{}{}", self.prefix, group.name);
        let count = self
            .typed
            .items(&outer)
            .saturating_add(self.spare)
            .clamp(1, group.at_most);
        for number in 0..count {
            let before = std::mem::replace(&mut self.prefix, format!("{outer}.{number}."));
            self.blocks.push(Block {
                heading: format!("{} {}", group.item, number + 1),
                controls: vec![],
            });
            describe(self, &mut T::default());
            self.prefix = before;
        }
        self.blocks.push(Block::default());
    }

    fn shows(&self, _: bool) -> bool {
        // Without a script a hidden question could not be reached.
        true
    }
}

/// The names that a form knows, to refuse what it does not ask.
#[derive(Debug, Default)]
pub struct Names {
    typed: Typed,
    prefix: String,
    section: &'static str,
    found: Vec<(&'static str, String)>,
}

impl Names {
    /// Every name that may be posted, with its section, given how many items were typed.
    pub fn of<F: Form>(typed: &Typed) -> Vec<(&'static str, String)> {
        let mut reader = Self {
            typed: typed.clone(),
            ..Self::default()
        };
        F::default().describe(&mut reader);
        reader.found
    }
}

impl Reader for Names {
    fn section(&mut self, slug: &'static str, _: &'static str) {
        self.section = slug;
    }

    fn field<T: Value, L: Label>(&mut self, ask: Ask, _: &mut Answer<T, L>) {
        let name = format!("{}{}", self.prefix, ask.name);
        if kind_of::<T>(&ask) == ControlKind::Date {
            for part in ["day", "month", "year"] {
                self.found.push((self.section, format!("{name}-{part}")));
            }
        }
        self.found.push((self.section, name));
    }

    fn each<T: Default>(
        &mut self,
        group: Group,
        _: &mut Vec<T>,
        mut describe: impl FnMut(&mut Self, &mut T),
    ) {
        let outer = format!("{}{}", self.prefix, group.name);
        for number in 0..self
            .typed
            .items(&outer)
            .max(1)
            .min(group.at_most.saturating_add(1))
        {
            let before = std::mem::replace(&mut self.prefix, format!("{outer}.{number}."));
            describe(self, &mut T::default());
            self.prefix = before;
        }
    }

    fn shows(&self, _: bool) -> bool {
        true
    }
}

/// One question as it was shown, with its answer. What was submitted is read from here for ever,
/// whatever the form asks by then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The place on the form, so that lines of different labels can be put together again.
    pub order: usize,
    /// The heading, with the item of a repeated part: `Children: Child 2`.
    pub section: String,
    /// The name of the field.
    pub name: String,
    /// The question.
    pub question: String,
    /// The answer in words.
    pub answer: String,
}

/// Lines of one label.
pub type Sheet = Vec<Line>;

/// What was answered, as it was worded, apart by label.
#[derive(Clone, Debug, Default)]
pub struct Wording {
    /// What may reach the client.
    pub client: Labelled<Sheet, Client>,
    /// What workers share.
    pub workers: Labelled<Sheet, Workers>,
    /// What leads to the survivor.
    pub survivor: Labelled<Sheet, Survivor>,
    /// What leads to a child.
    pub child: Labelled<Sheet, Child>,
    order: usize,
    section: String,
    prefix: String,
    heading: String,
}

/// Writes the wording of a form: every answered question as it was shown.
pub fn words_of<F: Form>(form: &mut F) -> Wording {
    let mut reader = Wording::default();
    form.describe(&mut reader);
    reader
}

impl Wording {
    fn push<L: Label>(&mut self, line: Line) {
        fn add<M: Label>(sheet: &mut Labelled<Sheet, M>, line: Line) {
            let mut lines = std::mem::take(sheet).into_exposed();
            lines.push(line);
            *sheet = Labelled::new(lines);
        }
        match L::SEES {
            Sees::Client => add(&mut self.client, line),
            Sees::Workers => add(&mut self.workers, line),
            Sees::Survivor => add(&mut self.survivor, line),
            // No form asks for what only named people may see; were one to, the narrowest sheet
            // that exists would hold it.
            Sees::Child | Sees::Restricted => add(&mut self.child, line),
        }
    }
}

impl Reader for Wording {
    fn section(&mut self, _: &'static str, heading: &'static str) {
        heading.clone_into(&mut self.section);
        self.heading.clone_from(&self.section);
    }

    fn field<T: Value, L: Label>(&mut self, ask: Ask, answer: &mut Answer<T, L>) {
        self.order += 1;
        let Some(answer) = answer else { return };
        let line = Line {
            order: self.order,
            section: self.heading.clone(),
            name: format!("{}{}", self.prefix, ask.name),
            question: ask.text.to_owned(),
            answer: answer.expose().words(),
        };
        self.push::<L>(line);
    }

    fn each<T: Default>(
        &mut self,
        group: Group,
        items: &mut Vec<T>,
        mut describe: impl FnMut(&mut Self, &mut T),
    ) {
        let outer = format!("{}{}", self.prefix, group.name);
        for (number, item) in items.iter_mut().enumerate() {
            let before = std::mem::replace(&mut self.prefix, format!("{outer}.{number}."));
            self.heading = format!("{}: {} {}", self.section, group.item, number + 1);
            describe(self, item);
            self.prefix = before;
        }
        self.heading.clone_from(&self.section);
    }
}

impl<A: Audience> For<A, Line> {
    /// The heading.
    pub fn section(&self) -> &str {
        &self.line().section
    }
    /// The question.
    pub fn question(&self) -> &str {
        &self.line().question
    }
    /// The answer in words.
    pub fn answer(&self) -> &str {
        &self.line().answer
    }
    /// The name of the field.
    pub fn name(&self) -> &str {
        &self.line().name
    }
    /// The place on the form.
    pub fn order(&self) -> usize {
        self.line().order
    }
}

/// One field of the data dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The heading.
    pub section: &'static str,
    /// The name; repeated parts are written `children.*.name`.
    pub name: String,
    /// The question.
    pub question: &'static str,
    /// The label.
    pub label: &'static str,
    /// The codes that may be stored, if they are a list.
    pub codes: Vec<&'static str>,
    /// Whether the form is incomplete without it.
    pub required: bool,
}

/// Name, question and label of each field.
#[derive(Debug, Default)]
pub struct Dictionary {
    section: &'static str,
    prefix: String,
    entries: Vec<Entry>,
}

impl Dictionary {
    /// Every field of a form.
    pub fn of<F: Form>() -> Vec<Entry> {
        let mut reader = Self::default();
        F::default().describe(&mut reader);
        reader.entries
    }
}

impl Reader for Dictionary {
    fn section(&mut self, _: &'static str, heading: &'static str) {
        self.section = heading;
    }

    fn field<T: Value, L: Label>(&mut self, ask: Ask, _: &mut Answer<T, L>) {
        self.entries.push(Entry {
            section: self.section,
            name: format!("{}{}", self.prefix, ask.name),
            question: ask.text,
            label: L::NAME,
            codes: T::choices().iter().map(|(code, _)| *code).collect(),
            required: ask.required,
        });
    }

    fn each<T: Default>(
        &mut self,
        group: Group,
        _: &mut Vec<T>,
        mut describe: impl FnMut(&mut Self, &mut T),
    ) {
        let inner = format!("{}{}.*.", self.prefix, group.name);
        let before = std::mem::replace(&mut self.prefix, inner);
        describe(self, &mut T::default());
        self.prefix = before;
    }

    fn shows(&self, _: bool) -> bool {
        true
    }
}

/// Answers every choice that a story left open, for the demo: the same seed, the same answers.
#[derive(Debug)]
pub struct Fill {
    seed: usize,
}

impl Fill {
    /// Fills what is still blank and has choices.
    pub fn blanks<F: Form>(form: &mut F, seed: usize) {
        form.describe(&mut Self { seed });
    }
}

impl Reader for Fill {
    fn section(&mut self, _: &'static str, _: &'static str) {}

    fn field<T: Value, L: Label>(&mut self, _: Ask, answer: &mut Answer<T, L>) {
        self.seed = self.seed.wrapping_mul(31).wrapping_add(7) % 1_000_003;
        if answer.is_none() {
            *answer = T::plausible(self.seed).map(Labelled::new);
        }
    }

    fn each<T: Default>(
        &mut self,
        _: Group,
        items: &mut Vec<T>,
        mut describe: impl FnMut(&mut Self, &mut T),
    ) {
        for item in items {
            describe(self, item);
        }
    }
}

/// A drawn form goes back to the person who typed it, and to nobody else.
impl<A: Audience> Shows<A> for Block {}

/// A problem quotes the question, never the answer.
impl<A: Audience> Shows<A> for super::Problem {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{When, YesNo, ask};

    #[derive(Debug, Default)]
    struct Person {
        name: Answer<String, Workers>,
        born: Answer<When, Workers>,
    }
    #[derive(Debug, Default)]
    struct Visit {
        held: Answer<YesNo, Workers>,
        on: Answer<jiff::civil::Date, Workers>,
        phone: Answer<String, Survivor>,
        people: Vec<Person>,
    }
    impl Form for Visit {
        fn describe(&mut self, r: &mut impl Reader) {
            r.section("visit", "The visit");
            r.field(ask("held", "Did it take place?").required(), &mut self.held);
            r.field(ask("on", "When?"), &mut self.on);
            r.field(ask("phone", "Safe number").max(12), &mut self.phone);
            r.section("people", "Who was there");
            r.each(
                Group {
                    name: "people",
                    item: "Person",
                    at_most: 2,
                },
                &mut self.people,
                |r, p| {
                    r.field(ask("name", "Name").required(), &mut p.name);
                    r.field(ask("born", "Date of birth"), &mut p.born);
                },
            );
        }
    }
    fn typed(pairs: &[(&str, &str)]) -> Typed {
        Typed(
            pairs
                .iter()
                .map(|(n, t)| ((*n).to_owned(), (*t).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn what_is_typed_is_read_and_what_is_wrong_is_said() {
        let (form, problems) = Parse::form::<Visit>(&typed(&[
            ("held", "maybe"),
            ("on-day", "31"),
            ("on-month", "2"),
            ("on-year", "2026"),
            ("phone", "07700 900 123 456"),
            ("people.0.born", "about 30"),
        ]));
        let said: Vec<_> = problems
            .iter()
            .map(|p| (p.field.as_str(), p.missing))
            .collect();
        assert_eq!(
            said,
            [
                ("held", false),
                ("on", false),
                ("phone", false),
                ("people.0.name", true)
            ]
        );
        assert!(form.held.is_none() && form.people.len() == 1);
    }

    #[test]
    fn a_blank_row_is_no_row_and_too_many_are_said() {
        let (form, problems) = Parse::form::<Visit>(&typed(&[
            ("held", "yes"),
            ("people.0.name", " "),
            ("people.1.name", "Ann"),
            ("people.2.name", "Bea"),
        ]));
        assert_eq!(form.people.len(), 1);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].field, "people.2.name");
    }

    #[test]
    fn a_refused_form_is_drawn_with_what_was_typed() {
        let given = typed(&[("on-day", "31"), ("on-month", "2"), ("on-year", "2026")]);
        let (_, problems) = Parse::form::<Visit>(&given);
        let blocks = Inputs::draw::<Visit>(&given, problems, Some("visit"), 0);
        let on = &blocks[0].controls[1];
        assert_eq!(on.parts, ["31", "2", "2026"].map(str::to_owned));
        assert!(on.problem.as_ref().is_some_and(|p| p.contains("real date")));
        assert_eq!(blocks[0].controls.len(), 3, "one section only");
    }

    #[test]
    fn wording_goes_to_the_sheet_of_its_label() {
        let (mut form, _) = Parse::form::<Visit>(&typed(&[
            ("held", "yes"),
            ("phone", "07700 900123"),
            ("people.0.name", "Ann"),
        ]));
        let wording = words_of(&mut form);
        let answers = |sheet: &Sheet| sheet.iter().map(|l| l.answer.clone()).collect::<Vec<_>>();
        assert_eq!(answers(wording.survivor.expose()), ["07700 900123"]);
        assert_eq!(answers(wording.workers.expose()), ["Yes", "Ann"]);
        assert_eq!(
            wording.workers.expose()[1].section,
            "Who was there: Person 1"
        );
    }

    #[test]
    fn the_dictionary_states_every_label() {
        let labels: Vec<_> = Dictionary::of::<Visit>()
            .into_iter()
            .map(|e| (e.name, e.label))
            .collect();
        assert!(labels.contains(&("phone".to_owned(), "Survivor")));
        assert!(labels.contains(&("people.*.born".to_owned(), "Workers")));
    }

    #[test]
    fn names_are_known_by_section() {
        let names = Names::of::<Visit>(&typed(&[("people.1.name", "Bea")]));
        assert!(names.contains(&("visit", "on-day".to_owned())));
        assert!(names.contains(&("people", "people.1.born".to_owned())));
        assert!(!names.iter().any(|(_, name)| name == "other"));
    }
}
