//! Joins lines to paragraphs, items and entries.

use super::{Builder, LONGEST_BLOCK};
use crate::textbook::blocks::{BlockKind, Place};
use crate::textbook::characters::{is_space, join_line, without_spaces};
use crate::textbook::headings;
use crate::textbook::kinds;
use crate::textbook::lines::Line;

impl Builder {
    /// Adds a line of text to the paragraph before it, or opens one.
    pub(super) fn text(&mut self, place: Place, lines: &[Line], at: usize) {
        let line = &lines[at];
        let trimmed = line.trimmed();
        let before = at.checked_sub(1).map(|before| &lines[before]);
        let complete = place == Place::Keys || before.is_none_or(|before| before.is_complete());
        let entry = headings::entry(trimmed);
        let term = trimmed.starts_with('【') || entry.as_ref().is_some_and(|(_, rest)| rest.starts_with('【'));
        let item = headings::item(trimmed)
            .filter(|_| complete || before.is_some_and(|before| before.width() * 5 < self.full * 4));
        let short_before = before.is_some_and(|before| before.width() * 20 < self.full * 17);
        let indented =
            line.text.chars().take_while(|c| is_space(*c)).map(|c| if c == '\u{3000}' { 2 } else { 1 }).sum::<usize>()
                >= 2;
        let outdented = before.is_some_and(|before| !before.text.starts_with(is_space));
        // A kind of exercise above its answers stands alone, as a caption does.
        let caption = headings::is_caption(trimmed) || place == Place::Keys && kinds::announced(trimmed).is_some();
        let question = place == Place::QuestionsAndAnswers
            && (trimmed.ends_with(['?', '？']) && entry.is_some()
                || trimmed.starts_with(['问', '答'])
                    && trimmed.chars().nth(1).is_some_and(|c| matches!(c, ':' | '：')));
        let (kind, text) = if let Some((marker, rest)) = item {
            (Some(BlockKind::Item { marker: without_spaces(marker) }), rest)
        } else if let Some(entry) = entry.as_ref().filter(|_| complete && place != Place::QuestionsAndAnswers && !term)
        {
            let rest = trimmed.trim_start_matches(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
            let rest = rest.trim_start_matches(|c| is_space(c) || matches!(c, '.' | '．' | '、'));
            (Some(BlockKind::Item { marker: format!("{}.", entry.0) }), rest)
        } else {
            let numbered_question = place == Place::QuestionsAndAnswers && entry.is_some() && complete;
            let new = !self.open
                || term
                || caption
                || question
                || numbered_question
                || (complete && (short_before || (indented && outdented)));
            (new.then_some(BlockKind::Text), trimmed)
        };
        match (kind, self.outline.blocks.last_mut()) {
            (None, Some(block)) if block.lines.len() + text.len() / 3 < LONGEST_BLOCK => {
                let before = block.text.len();
                join_line(&mut block.text, text);
                let added = block.text[before..].chars().count();
                block.lines.resize(block.lines.len() + added, line.number);
            }
            (kind, _) => self.push(place, kind.unwrap_or(BlockKind::Text), text, line.number),
        }
        // A question of the book, and a caption, end with their line.
        self.open = !(caption || (question && trimmed.ends_with(['?', '？'])));
    }
}
