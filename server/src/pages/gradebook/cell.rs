//! Cells of the gradebook: a mark that leads to its answers, and in a word or two what is to be known of it.

use serde::Serialize;

use crate::error::Message;
use crate::points;
use crate::store::gradebook::questions::Part;
use crate::store::gradebook::{Cell, State as Standing};
use crate::view::View;

/// A cell; kept small, there may be many thousands.
#[derive(Serialize)]
pub(super) struct CellView {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) href: Option<String>,
    pub(super) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
}

/// The short words of states in cells.
pub(super) struct Words {
    writing: String,
    review: String,
    waiting: String,
    late: String,
}

impl Words {
    pub(super) fn new(view: &View) -> Self {
        let word = |key: &'static str| view.sentence(&Message::new(key));
        Self {
            writing: word("gradebook-short-writing"),
            review: word("gradebook-short-review"),
            waiting: word("gradebook-short-waiting"),
            late: word("gradebook-short-late"),
        }
    }

    fn note(&self, review: bool, waiting: bool, late: bool) -> Option<String> {
        let words: Vec<&str> = [(review, &self.review), (waiting, &self.waiting), (late, &self.late)]
            .into_iter()
            .filter_map(|(holds, word)| holds.then_some(word.as_str()))
            .collect();
        (!words.is_empty()).then(|| words.join(" "))
    }
}

/// Of an assignment.
pub(super) fn cell_view(cell: &Cell, student: &str, assignment: &str, words: &Words) -> CellView {
    let href = || Some(format!("?{student}.{assignment}"));
    match (cell.state, cell.points) {
        (Standing::NotStarted, None) => CellView { href: None, text: "–".into(), note: None },
        (Standing::Writing, None) => CellView { href: href(), text: words.writing.clone(), note: None },
        (_, points) => CellView {
            href: href(),
            text: points.map_or_else(|| "–".into(), points::shown),
            note: words.note(cell.reviews > 0, cell.waiting > 0, cell.late_per_cent > 0),
        },
    }
}

/// Where the student stands, in words.
pub(super) fn state_view(cell: &Cell, view: &View, words: &Words) -> CellView {
    let key = format!("gradebook-state-{}", cell.state.name());
    CellView {
        href: None,
        text: view.sentence(&Message { key: key.into(), arguments: Vec::new() }),
        note: words.note(false, false, cell.late_per_cent > 0),
    }
}

/// Of a question.
pub(super) fn part_view(part: &Part, href: Option<&str>, words: &Words) -> CellView {
    CellView {
        href: href.filter(|_| part.points.is_some() || part.waiting).map(str::to_owned),
        text: part.points.map_or_else(|| "–".into(), points::shown),
        note: words.note(part.reviews > 0, part.waiting, false),
    }
}
