//! Which numbered lines are headings where they stand, and how the sections nest.

use super::Builder;
use crate::textbook::blocks::{BlockKind, Place};
use crate::textbook::characters::{divides_clauses, small_number};
use crate::textbook::headings::{self, Heading, Scheme};
use crate::textbook::lines::Line;

impl Builder {
    /// Whether the line opens another chapter.
    pub(super) fn is_chapter_start(&self, lines: &[Line], at: usize, chapter_title: &str) -> bool {
        let before = at.checked_sub(1).map(|before| &lines[before]);
        before.is_none_or(Line::is_complete)
            && (!chapter_title.is_empty() || lines[at].trimmed().starts_with('第'))
            && lines[at].width() * 4 < self.full * 3
    }

    /// Whether the line that looks like a numbered heading is one here.
    pub(super) fn is_heading(&self, lines: &[Line], at: usize, heading: &Heading) -> bool {
        let line = &lines[at];
        let before = at.checked_sub(1).map(|before| &lines[before]);
        let after_heading = self.outline.blocks.last().is_some_and(|block| {
            matches!(block.kind, BlockKind::Heading { .. }) && Some(block.last_line()) == before.map(|line| line.number)
        });
        let stands_alone = before.is_none_or(|before| {
            before.is_complete() || before.width() * 5 < self.full * 4 || headings::part(before.trimmed()).is_some()
        }) || after_heading;
        let short = line.width() * 4 < self.full * 3 || line.width() <= 40;
        let clause = heading.title.chars().any(|c| divides_clauses(c) && !matches!(c, '、' | ':' | '：'));
        let new = !self.seen.contains(&heading.number);
        let of_chapter = match (heading.scheme, self.outline.chapter.as_deref().and_then(small_number)) {
            (Scheme::Decimal(_), Some(chapter)) => {
                heading.number.split('.').next().and_then(|number| number.parse().ok()) == Some(chapter)
            }
            _ => true,
        };
        match self.place {
            None => match heading.scheme {
                Scheme::Named => new && stands_alone && short,
                Scheme::Decimal(2) => {
                    new && of_chapter
                        && self.outline.chapter.is_some()
                        && stands_alone
                        && short
                        && !clause
                        && self.exercises_are_arabic()
                }
                _ => false,
            },
            Some(Place::Keys | Place::Keywords) => {
                matches!(heading.scheme, Scheme::Named | Scheme::Decimal(_)) && new && of_chapter && short
                    || self.place == Some(Place::Keywords) && heading.scheme == Scheme::Chinese && short
            }
            Some(Place::QuestionsAndAnswers | Place::KeyTerms) => {
                matches!(heading.scheme, Scheme::Named | Scheme::Decimal(2))
                    && new
                    && of_chapter
                    && stands_alone
                    && short
                    && !clause
            }
            Some(Place::Summary) => {
                matches!(heading.scheme, Scheme::Named | Scheme::Decimal(_)) && of_chapter && stands_alone && short
            }
            Some(Place::Body) => match heading.scheme {
                Scheme::Named | Scheme::Decimal(_) => of_chapter && short && stands_alone && !clause,
                _ => short && stands_alone && !clause && !self.is_list_line(lines, at, heading.scheme),
            },
        }
    }

    fn exercises_are_arabic(&self) -> bool {
        self.outline
            .exercises
            .iter()
            .any(|line| headings::numbered(line.trimmed()).is_some_and(|h| h.scheme == Scheme::Arabic))
    }

    /// Whether the line is an item among others, with no text of its own below it.
    fn is_list_line(&self, lines: &[Line], at: usize, scheme: Scheme) -> bool {
        let same = |line: Option<&Line>| {
            line.and_then(|line| headings::numbered(line.trimmed())).is_some_and(|heading| heading.scheme == scheme)
        };
        let item = self.outline.blocks.last().is_some_and(|block| matches!(&block.kind, BlockKind::Item { .. }));
        same(lines.get(at + 1)) || (item && at > 0 && same(lines.get(at - 1)))
    }

    /// Takes the line as a heading.
    pub(super) fn heading(&mut self, heading: Heading, line: &Line) {
        // A label of the summary names a section that has been read.
        let label = self.place == Some(Place::Summary) && self.seen.contains(&heading.number);
        if label {
            self.open = false;
            self.section = self.part_name.clone();
            self.push_heading(2, Some(heading.number), Some(heading.scheme), &heading.title, line);
            return;
        }
        if self.place != Some(Place::Body) {
            self.place = Some(Place::Body);
            self.schemes.clear();
        }
        if let Some(depth) = self.schemes.iter().position(|scheme| *scheme == heading.scheme) {
            self.schemes.truncate(depth + 1);
        } else {
            while self.schemes.last().is_some_and(|scheme| *scheme > heading.scheme) {
                self.schemes.pop();
            }
            self.schemes.push(heading.scheme);
        }
        let level = self.schemes.len().min(5) as u8;
        if heading.scheme != Scheme::Arabic {
            self.section = self.section_name(&heading, level);
            if matches!(heading.scheme, Scheme::Named | Scheme::Decimal(_)) {
                self.seen.insert(heading.number.clone());
            }
        }
        self.push_heading(level, Some(heading.number), Some(heading.scheme), &heading.title, line);
    }

    /// A section's number; one that is only unique below its parent's is named with it.
    fn section_name(&self, heading: &Heading, level: u8) -> String {
        if matches!(heading.scheme, Scheme::Named | Scheme::Decimal(_)) || level <= 1 {
            return heading.number.clone();
        }
        let parent = self.outline.blocks.iter().rev().find_map(|block| match &block.kind {
            BlockKind::Heading { level: above, number: Some(_), .. } if *above < level => Some(&block.section),
            _ => None,
        });
        match parent {
            Some(parent) if !parent.is_empty() => format!("{parent} {}", heading.number),
            _ => heading.number.clone(),
        }
    }

    pub(super) fn push_heading(
        &mut self,
        level: u8,
        number: Option<String>,
        scheme: Option<Scheme>,
        title: &str,
        line: &Line,
    ) {
        self.open = false;
        let place = self.place.unwrap_or(Place::Body);
        self.push(place, BlockKind::Heading { level, number, scheme }, title, line.number);
    }
}
