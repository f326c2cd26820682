//! The parts of a chapter: which lines are headings, which make a paragraph together, and where the exercises are.

mod paragraphs;
mod sections;

use std::collections::HashSet;

use super::blocks::{Block, BlockKind, Place};
use super::characters::{title, trim, without_spaces};
use super::furniture::Cleaned;
use super::headings::{self, Part, Scheme};
use super::kinds::{self, Answering};
use super::lines::{Line, full_width};

/// A paragraph that is longer, in characters, is cut: none of a book's is, and looking into one stays cheap.
const LONGEST_BLOCK: usize = 3000;

/// The chapter taken apart.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub title: String,
    pub chapter: Option<String>,
    /// The printed words with that number, such as `第3章`.
    pub chapter_words: Option<String>,
    pub blocks: Vec<Block>,
    /// The lines of the exercises, as they stand in the source.
    pub exercises: Vec<Line>,
    /// Where a part of the exercises begins among them: a book of several chapters has several.
    pub parts: Vec<usize>,
    /// The lines on which other chapters begin, and their numbers.
    pub more_chapters: Vec<(usize, String)>,
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

fn is_title(line: &str) -> bool {
    headings::is_title(line) && kinds::announced(line).is_none()
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
            self.outline.chapter_words = headings::chapter_words(lines[at].trimmed());
            let mut next = at + 1;
            if title_text.is_empty()
                && let Some(line) = lines.get(next).filter(|line| is_title(line.trimmed()))
            {
                title_text = title(line.trimmed());
                next += 1;
            }
            // A title may be set before its number.
            let mut before = at;
            if title_text.is_empty() && at > 0 && is_title(lines[at - 1].trimmed()) {
                title_text = title(lines[at - 1].trimmed());
                before -= 1;
            }
            self.outline.title = title_text;
            self.before_chapter(&lines[..before]);
            return if self.outline.title.is_empty() { at + 1 } else { next };
        }
        if let Some((number, title)) = cleaned.head_titles.iter().find_map(|words| headings::chapter(words)) {
            self.outline.chapter = Some(number);
            self.outline.title = title;
        }
        match lines.first() {
            Some(line)
                if is_title(line.trimmed())
                    && (self.outline.title.is_empty() || self.outline.title == title(line.trimmed())) =>
            {
                self.outline.title = title(line.trimmed());
                1
            }
            _ => 0,
        }
    }

    /// Reads what stands before the chapter's heading: the end of another one, or words on the cover.
    fn before_chapter(&mut self, lines: &[Line]) {
        let mut at = 0;
        while at < lines.len() {
            at += self.line(lines, at);
        }
        self.place = Some(Place::Body);
        self.schemes.clear();
        self.seen.clear();
        self.section.clear();
        self.open = false;
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
        let kind = kinds::announced(trimmed);
        if self.place.is_none() && kind.is_some() {
            self.outline.exercises.push(line.clone());
            return 1;
        }
        if self.place != Some(Place::Keys)
            && self.place.is_some()
            && kind.is_some_and(|kind| kind.answering == Answering::Blanks)
        {
            self.place = None;
            self.outline.parts.push(self.outline.exercises.len());
            self.outline.exercises.push(line.clone());
            return 1;
        }
        if let Some((number, chapter_title)) = headings::chapter(trimmed)
            && Some(&number) != self.outline.chapter.as_ref()
            && self.is_chapter_start(lines, at, &chapter_title)
        {
            self.outline.more_chapters.push((line.number, number.clone()));
            self.seen.clear();
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
        if part == Part::Exercises {
            self.outline.parts.push(self.outline.exercises.len());
        }
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
    use super::super::furniture::clean;
    use super::super::lines::split;
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
