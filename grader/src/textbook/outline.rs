//! The parts of a chapter: which lines are headings, which make a paragraph together, and where the exercises are.

mod paragraphs;

use std::collections::HashSet;

use super::characters::{divides_clauses, small_number, title, trim, without_spaces};
use super::headings::{self, Heading, Part, Scheme};
use super::lines::{Cleaned, Line, full_width};

/// A paragraph that is longer, in characters, is cut: none of a book's is, and looking into one stays cheap.
const LONGEST_BLOCK: usize = 3000;

/// Where in the chapter a block stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Keywords,
    Body,
    QuestionsAndAnswers,
    KeyTerms,
    Summary,
    Keys,
}

/// What a block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// A numbered or named heading; level 1 stands directly below the chapter.
    Heading {
        level: u8,
        number: Option<String>,
        scheme: Option<Scheme>,
    },
    Text,
    /// An item of a list, with its printed marker.
    Item {
        marker: String,
    },
}

/// A heading or a paragraph.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub place: Place,
    pub kind: BlockKind,
    /// The joined text, without an item's marker.
    pub text: String,
    /// The line in the source of each character of the text.
    pub lines: Vec<usize>,
    /// The number or name of the section it belongs to.
    pub section: String,
}

impl Block {
    pub fn line(&self) -> usize {
        self.lines.first().copied().unwrap_or(0)
    }

    pub fn last_line(&self) -> usize {
        self.lines.last().copied().unwrap_or(0)
    }
}

/// The chapter taken apart.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub title: String,
    pub chapter: Option<String>,
    pub blocks: Vec<Block>,
    /// The lines of the exercises, as they stand in the source.
    pub exercises: Vec<Line>,
    /// The width of a full line, in columns.
    pub full_width: usize,
}

/// Finds the parts.
pub(super) fn outline(cleaned: &Cleaned) -> Outline {
    let mut builder = Builder {
        full: full_width(&cleaned.lines),
        outline: Outline::default(),
        place: Some(Place::Body),
        schemes: Vec::new(),
        seen: HashSet::new(),
        section: String::new(),
        part_name: String::new(),
        open: false,
    };
    builder.outline.full_width = builder.full;
    let mut at = builder.front(cleaned);
    while at < cleaned.lines.len() {
        at += builder.line(&cleaned.lines, at);
    }
    builder.outline
}

struct Builder {
    full: usize,
    outline: Outline,
    /// `None` within the exercises.
    place: Option<Place>,
    /// Schemes of the headings that are open, outermost first.
    schemes: Vec<Scheme>,
    seen: HashSet<String>,
    section: String,
    part_name: String,
    /// Whether the last block is a paragraph that may go on.
    open: bool,
}

impl Builder {
    /// Reads title and chapter number; returns the first line behind them.
    fn front(&mut self, cleaned: &Cleaned) -> usize {
        let lines = &cleaned.lines;
        let found = lines.iter().take(40).position(|line| {
            headings::chapter(line.trimmed()).is_some_and(|(_, title)| headings::part(&title).is_none())
        });
        if let Some(at) = found {
            let (number, mut title_text) = headings::chapter(lines[at].trimmed()).unwrap_or_default();
            self.outline.chapter = Some(number);
            let mut next = at + 1;
            if title_text.is_empty()
                && let Some(line) = lines.get(next).filter(|line| headings::is_title(line.trimmed()))
            {
                title_text = title(line.trimmed());
                next += 1;
            }
            // A title may be set before its number.
            if title_text.is_empty() && at > 0 && headings::is_title(lines[at - 1].trimmed()) {
                title_text = title(lines[at - 1].trimmed());
            }
            self.outline.title = title_text;
            return if self.outline.title.is_empty() { at + 1 } else { next };
        }
        if let Some((number, title)) = cleaned.head_titles.iter().find_map(|words| headings::chapter(words)) {
            self.outline.chapter = Some(number);
            self.outline.title = title;
        }
        match lines.first() {
            Some(line) if headings::is_title(line.trimmed()) => {
                if self.outline.title.is_empty() {
                    self.outline.title = title(line.trimmed());
                }
                1
            }
            _ => 0,
        }
    }

    /// Takes the line at `at`; returns how many lines that used up.
    fn line(&mut self, lines: &[Line], at: usize) -> usize {
        let line = &lines[at];
        let trimmed = line.trimmed();
        if let Some((part, rest)) = headings::part(trimmed)
            && self.accepts(part, trimmed)
        {
            return self.part(part, trimmed, rest, line);
        }
        if self.place.is_none() && headings::is_exercise_kind(trimmed) {
            self.outline.exercises.push(line.clone());
            return 1;
        }
        if self.place != Some(Place::Keys)
            && self.place.is_some()
            && headings::exercise_kind(trimmed).is_some_and(|kind| kind.starts_with("填空"))
        {
            self.place = None;
            self.outline.exercises.push(line.clone());
            return 1;
        }
        if let Some((number, chapter_title)) = headings::chapter(trimmed)
            && Some(&number) != self.outline.chapter.as_ref()
            && self.is_chapter_start(lines, at, &chapter_title)
        {
            self.place = Some(Place::Body);
            self.schemes.clear();
            self.section = number.clone();
            self.push_heading(0, Some(number), None, &chapter_title, line);
            return 1;
        }
        if let Some(heading) = headings::numbered(trimmed)
            && self.is_heading(lines, at, &heading)
        {
            self.heading(heading, line);
            return 1;
        }
        match self.place {
            None => self.outline.exercises.push(line.clone()),
            Some(place) => self.text(place, lines, at),
        }
        1
    }

    /// A part's bare name may also be a line of the text: not within answers and lists.
    fn accepts(&self, part: Part, trimmed: &str) -> bool {
        let bracketed = trimmed.starts_with(['【', '〖', '［', '[', '〔']);
        match self.place {
            // "思考题" among the exercises is a kind of exercise.
            None => part != Part::Exercises || bracketed,
            Some(Place::Keys) => bracketed || part != Part::Exercises,
            Some(_) => bracketed || !(matches!(part, Part::Keys) && self.outline.exercises.is_empty()),
        }
    }

    fn part(&mut self, part: Part, trimmed: &str, rest: String, line: &Line) -> usize {
        self.open = false;
        let name = trim(trimmed.trim_matches(['【', '】', '〖', '〗', '[', ']', '［', '］', '〔', '〕'])).to_owned();
        self.part_name = without_spaces(name.split(['】', ']', '〗', '〕', ':', '：']).next().unwrap_or_default());
        self.place = match part {
            Part::Keywords => Some(Place::Keywords),
            Part::QuestionsAndAnswers => Some(Place::QuestionsAndAnswers),
            Part::KeyTerms => Some(Place::KeyTerms),
            Part::Summary => Some(Place::Summary),
            Part::Keys => Some(Place::Keys),
            Part::Other => Some(Place::Body),
            Part::Exercises => None,
        };
        if part == Part::Other {
            self.section = self.part_name.clone();
            self.schemes.clear();
            let title = self.part_name.clone();
            self.push_heading(1, None, None, &title, line);
        }
        if let (Some(place), false) = (self.place, rest.is_empty()) {
            let kind = BlockKind::Text;
            self.push(place, kind, &rest, line.number);
            self.open = true;
        } else if self.place.is_none() && !rest.is_empty() {
            self.outline.exercises.push(Line { text: rest, ..line.clone() });
        }
        1
    }

    fn is_chapter_start(&self, lines: &[Line], at: usize, chapter_title: &str) -> bool {
        let before = at.checked_sub(1).map(|before| &lines[before]);
        before.is_none_or(Line::is_complete)
            && (!chapter_title.is_empty() || lines[at].trimmed().starts_with('第'))
            && lines[at].width() * 4 < self.full * 3
    }

    /// Whether the line that looks like a numbered heading is one here.
    fn is_heading(&self, lines: &[Line], at: usize, heading: &Heading) -> bool {
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

    fn heading(&mut self, heading: Heading, line: &Line) {
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

    fn push_heading(&mut self, level: u8, number: Option<String>, scheme: Option<Scheme>, title: &str, line: &Line) {
        self.open = false;
        let place = self.place.unwrap_or(Place::Body);
        self.push(place, BlockKind::Heading { level, number, scheme }, title, line.number);
    }

    fn push(&mut self, place: Place, kind: BlockKind, text: &str, line: usize) {
        let section = match place {
            Place::Body => self.section.clone(),
            _ => self.part_name.clone(),
        };
        let mut rest = trim(text);
        let mut kind = Some(kind);
        while !rest.is_empty() || kind.is_some() {
            let length = rest.char_indices().nth(LONGEST_BLOCK).map_or(rest.len(), |(at, _)| at);
            let text = rest[..length].to_owned();
            rest = &rest[length..];
            let lines = vec![line; text.chars().count()];
            let kind = kind.take().unwrap_or(BlockKind::Text);
            self.outline.blocks.push(Block { place, kind, text, lines, section: section.clone() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines::{clean, split};
    use super::*;

    fn read(source: &str) -> Outline {
        outline(&clean(split(source)))
    }

    fn headings_of(outline: &Outline) -> Vec<(u8, String)> {
        let level = |block: &Block| match &block.kind {
            BlockKind::Heading { level, .. } => Some((*level, format!("{} {}", block.section, block.text))),
            _ => None,
        };
        outline.blocks.iter().filter_map(level).collect()
    }

    #[test]
    fn wrapped_lines_become_paragraphs() {
        let outline = read(
            "第二章 土壤\n2.1 组成\n\n    土壤由矿物质、有机质、水和空气组成,各部分的比例决定它的\n\n性质。\n(1)矿物质。来自岩石的风化。\n(2)有机质。来自动植物的\n残体。\n",
        );
        assert_eq!((outline.title.as_str(), outline.chapter.as_deref()), ("土壤", Some("二")));
        let texts: Vec<&str> = outline.blocks.iter().map(|block| block.text.as_str()).collect();
        assert_eq!(texts[1], "土壤由矿物质、有机质、水和空气组成,各部分的比例决定它的性质。");
        assert_eq!(texts[3], "有机质。来自动植物的残体。");
        assert_eq!(outline.blocks[3].lines[8..], [8, 8, 9, 9, 9]);
    }

    #[test]
    fn schemes_nest_as_the_book_nests_them() {
        let outline = read(
            "第三章 肥料\n第一节 氮肥\n一、种类\n正文到这里为止。\n（一）铵态\n正文到这里为止。\n1.碳铵\n正文到这里为止。\n二、施用\n正文到这里为止。\n第二节 磷肥\n一、种类\n正文。\n",
        );
        let found = headings_of(&outline);
        let levels: Vec<u8> = found.iter().map(|(level, _)| *level).collect();
        assert_eq!(levels, [1, 2, 3, 4, 2, 1, 2]);
        assert_eq!(found[2].1, "第一节 一 （一） 铵态");
        assert_eq!(found[6].1, "第二节 一 种类");
    }

    #[test]
    fn summary_labels_are_not_sections_and_exercises_are_kept_raw() {
        let outline = read(
            "第2章\n土 壤\n2.1 组成\n正文。\n【本章小结】\n2.1节 组成\n小结正文。\n【作业】\n1.土壤由 组成。\n 2.水\n",
        );
        assert_eq!(outline.title, "土壤");
        assert!(outline.blocks.iter().any(|block| block.place == Place::Summary && block.text == "小结正文。"));
        assert_eq!(
            outline.exercises.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(),
            ["1.土壤由 组成。", " 2.水"]
        );
    }
}
