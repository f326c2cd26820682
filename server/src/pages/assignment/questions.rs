//! Questions as templates show them: on the sheet to fill in, and on the marked sheet. Nothing of a key gets in here but
//! what the caller puts in.

use std::collections::HashMap;
use std::sync::Arc;

use grader::assignment::MatchKind;
use serde::Serialize;
use uuid::Uuid;

use super::asking::AskingView;
use crate::app::App;
use crate::error::Message;
use crate::i18n::{self, Language};
use crate::pages::project::ShareView;
use crate::points;
use crate::sheet::Rendered;
use crate::store::assignment::{Assignment, Blank, Form, Kind, Question};
use crate::store::attachment::Attachment;

/// One question for a template.
#[derive(Clone, Debug, Serialize)]
pub struct QuestionView {
    /// Id of the question, for names of fields and forms.
    pub id: Uuid,
    /// Printed number.
    pub number: String,
    /// `第 3 题`.
    pub label: String,
    /// `blanks`, `essay` or `project`.
    pub kind: &'static str,
    /// `2 分`, or `1.5 / 2 分` once marked.
    pub points: String,
    /// Its worst verdict, once marked.
    pub state: Option<&'static str>,
    /// HTML and blanks in turn.
    pub parts: Vec<Part>,
    /// How it is marked, as HTML.
    pub rubric: Option<String>,
    /// The text of an essay or project.
    pub text: Option<TextView>,
    /// What to read again: address and title.
    pub section: Option<(String, String)>,
    /// What was asked about its marks, and the form to ask.
    pub asking: Option<AskingView>,
}

/// HTML, or a blank.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Part {
    /// HTML of the question.
    pub html: Option<String>,
    /// A blank in it.
    pub blank: Option<BlankView>,
}

/// One blank for a template; the fields are those of the component.
#[derive(Clone, Debug, Serialize)]
pub struct BlankView {
    /// Id.
    pub id: Uuid,
    /// What a screen reader says.
    pub label: String,
    /// `empty` to fill in, or a verdict.
    pub state: &'static str,
    /// What stands in it.
    pub value: String,
    /// `short`, `medium` or `long`; the same for all blanks of a question.
    pub size: &'static str,
    /// Which keyboard a phone shows.
    pub inputmode: &'static str,
    /// A hint.
    pub hint: Option<String>,
    /// Highest sequence the server holds.
    pub sequence: i64,
    /// The last blank of the sheet.
    pub last: bool,
    /// Why, once marked.
    pub reason: Option<String>,
    /// The key, where the rule shows it.
    pub key: Option<String>,
    /// Points, once marked and neither all nor nothing.
    pub points: Option<String>,
    /// Punctuation behind it, which may not begin a line.
    pub after: String,
}

/// The text of an essay or project for a template.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TextView {
    /// What stands in it.
    pub value: String,
    /// Highest sequence the server holds.
    pub sequence: i64,
    /// Whether this person writes it: a project is written by operators.
    pub writable: bool,
    /// Its files.
    pub files: Vec<FileView>,
    /// The comment of whoever marked it.
    pub comment: Option<String>,
    /// Whether it waits to be marked.
    pub waiting: bool,
    /// Of a project: who may hand it in, by name.
    pub operators: Vec<String>,
    /// Of a project: the sentence that says who handed it in, and when.
    pub handed_in: Option<String>,
    /// Of a project: the student's own share.
    pub share: Option<ShareView>,
}

/// A file for a template.
#[derive(Clone, Debug, Serialize)]
pub struct FileView {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// `1.2 MB`.
    pub size: String,
}

impl FileView {
    /// The files of a question among those of an attempt.
    pub fn of_question(files: &[Attachment], question: Uuid) -> Vec<Self> {
        files
            .iter()
            .filter(|file| file.question_id == question)
            .map(|file| Self { id: file.id, name: file.name.clone(), size: size(file.size) })
            .collect()
    }
}

fn size(bytes: i64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KB", (bytes + 512) / 1_024),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

/// All questions of an assignment with their blanks still empty.
pub fn questions(app: &App, assignment: &Assignment, form: &Form, language: Language) -> Vec<QuestionView> {
    let rendered: Arc<Vec<Rendered>> = form.rendered.get(assignment, &form.questions, &app.content.library());
    let last = form.blanks().last().map(|blank| blank.id);
    form.questions
        .iter()
        .zip(rendered.iter())
        .map(|(question, rendered)| view(question, rendered, last, language))
        .collect()
}

/// Bytes of the punctuation at the start of a text that may not begin a line (CLREQ, line start prohibition).
/// A browser breaks between a field and a comma, so the comma has to go along with the field.
fn closing_marks(text: &str) -> usize {
    text.find(|mark| !"，。、；：？！）》」』”’】".contains(mark)).unwrap_or(text.len())
}

fn view(question: &Question, rendered: &Rendered, last: Option<Uuid>, language: Language) -> QuestionView {
    let size = size_class(question);
    let mut parts = Vec::with_capacity(rendered.pieces.len() * 2);
    for (index, piece) in rendered.pieces.iter().enumerate() {
        let piece = match parts.last_mut() {
            Some(Part { blank: Some(before), .. }) => {
                let (marks, rest) = piece.split_at(closing_marks(piece));
                before.after = marks.to_owned();
                rest
            }
            _ => piece.as_str(),
        };
        parts.push(Part { html: Some(piece.to_owned()), blank: None });
        let number = rendered.blanks.get(index).copied().unwrap_or(0);
        if let Some(blank) = number.checked_sub(1).and_then(|index| question.blanks.get(index)) {
            let label = Message::new("assignment-blank-label")
                .with("blank", number)
                .with("blanks", question.blanks.len())
                .with("question", &question.number);
            parts.push(Part {
                html: None,
                blank: Some(BlankView {
                    id: blank.id,
                    label: i18n::sentence(language, &label),
                    state: "empty",
                    value: String::new(),
                    size,
                    inputmode: inputmode(blank),
                    hint: blank.hint.clone(),
                    sequence: 0,
                    last: last == Some(blank.id),
                    reason: None,
                    key: None,
                    points: None,
                    after: String::new(),
                }),
            });
        }
    }
    QuestionView {
        id: question.id,
        label: i18n::sentence(language, &Message::new("assignment-question-label").with("number", &question.number)),
        number: question.number.clone(),
        kind: match question.kind {
            Kind::Blanks => "blanks",
            Kind::Essay => "essay",
            Kind::Project => "project",
        },
        points: of_points(None, question.points, language),
        state: None,
        parts,
        rubric: rendered.rubric.clone(),
        text: None,
        section: rendered.section.clone(),
        asking: None,
    }
}

/// `2 分`, or `1.5 / 2 分`.
pub fn of_points(earned: Option<i64>, of: i64, language: Language) -> String {
    let message = match earned {
        None => Message::new("assignment-points").with("points", points::shown(of)),
        Some(earned) => {
            Message::new("assignment-points-of").with("points", points::shown(earned)).with("of", points::shown(of))
        }
    };
    i18n::sentence(language, &message)
}

/// The width of all blanks of a question, by its longest key: one width for all of them tells nothing of a single one.
fn size_class(question: &Question) -> &'static str {
    let width = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let texts = question.blanks.iter().filter(|blank| blank.spec.match_kind != MatchKind::Regex);
    match texts.flat_map(|blank| &blank.spec.key).map(|key| width(&key.text)).max() {
        Some(0..=4) => "short",
        Some(17..) => "long",
        _ => "medium",
    }
}

/// Figures get the keyboard for figures, where every accepted answer is written in them.
fn inputmode(blank: &Blank) -> &'static str {
    let is_figure = |text: &str| {
        text.chars().any(|c| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
    };
    match blank.spec.match_kind {
        MatchKind::Auto | MatchKind::Number | MatchKind::Exact
            if !blank.spec.key.is_empty() && blank.spec.key.iter().all(|key| is_figure(&key.text)) =>
        {
            "decimal"
        }
        _ => "text",
    }
}

/// Puts what was typed into the questions: text and sequence by field.
pub fn fill(questions: &mut [QuestionView], values: &HashMap<Uuid, (String, i64)>) {
    for question in questions {
        for blank in question.parts.iter_mut().filter_map(|part| part.blank.as_mut()) {
            if let Some((text, sequence)) = values.get(&blank.id) {
                (blank.value, blank.sequence) = (text.clone(), *sequence);
            }
        }
        if let Some(text) = &mut question.text
            && let Some((value, sequence)) = values.get(&question.id)
        {
            (text.value, text.sequence) = (value.clone(), *sequence);
        }
    }
}

#[cfg(test)]
mod tests {
    use grader::assignment::{Alternative, Share};

    use super::*;

    fn blank(keys: &[&str]) -> Blank {
        let key = keys.iter().map(|text| Alternative { text: (*text).into(), share: Share::WHOLE }).collect();
        Blank {
            id: Uuid::now_v7(),
            position: 1,
            points: 1_000_000,
            hint: None,
            key_version: 1,
            spec: grader::assignment::Blank { key, ..Default::default() },
        }
    }

    #[test]
    fn figures_get_their_keyboard_only_when_every_key_is_written_in_them() {
        for (keys, mode) in [
            (vec!["200"], "decimal"),
            (vec!["0.01", "1,000"], "decimal"),
            (vec!["1", "一"], "text"),
            (vec![], "text"),
            (vec!["天"], "text"),
        ] {
            assert_eq!(inputmode(&blank(&keys)), mode, "{keys:?}");
        }
    }

    #[test]
    fn all_blanks_of_a_question_are_as_wide_as_the_widest_needs() {
        let of = |keys: &[&str]| {
            let question = Question {
                id: Uuid::nil(),
                number: "1".into(),
                kind: Kind::Blanks,
                text: String::new(),
                points: 0,
                rubric: None,
                blanks: keys.iter().map(|key| blank(&[key])).collect(),
            };
            size_class(&question)
        };
        assert_eq!(of(&["天", "条"]), "short");
        assert_eq!(of(&["天", "订阅号"]), "medium");
        assert_eq!(of(&["天", "一句相当长的答案在这里"]), "long");
    }

    #[test]
    fn punctuation_behind_a_blank_stays_with_it() {
        let split = |text: &'static str| text.split_at(closing_marks(text));
        assert_eq!(split("。</p>"), ("。", "</p>"));
        assert_eq!(split("）；② "), ("）；", "② "));
        assert_eq!(split("条消息。"), ("", "条消息。"));
        assert_eq!(split("，"), ("，", ""));
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!([size(900), size(1_500), size(2_500_000)], ["900 B", "1 KB", "2.4 MB"]);
    }
}
