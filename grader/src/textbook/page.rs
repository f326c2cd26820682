//! What a page is once it has been read.

use std::collections::HashSet;

use serde::Serialize;

use crate::Language;
use crate::assignment::{Blank, Points, Question, QuestionKind, escape_braces, surroundings};
use crate::diagnostic::Diagnostic;

use super::align::Budget;
use super::book::Book;
use super::characters::{ends_sentence, is_han, set_in_type, small_number, trim};
use super::draft::Draft;
use super::findings::Findings;
use super::gaps::{self, Certainty, Gap, Noise, Piece};
use super::lines::{self, Line};
use super::outline::{Outline, outline};
use super::questions::{self, RawQuestion};
use super::settle::{Decision, settle};
use super::{SURE, definitions, lists, parts, printed_keys, propose};

/// Comparisons of one page, in table cells: more than a thousand blanks' worth.
const BUDGET: u64 = 120_000_000;

/// A chapter as its page states it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Page {
    /// The chapter's title; empty if none was found.
    pub title: String,
    /// The chapter's number as printed, such as `3` or `三`.
    pub chapter: Option<String>,
    /// Keywords (关键词).
    pub keywords: Vec<String>,
    /// Sections in their order, of all levels.
    pub sections: Vec<Section>,
    /// Questions and answers (问答).
    pub questions_and_answers: Vec<QuestionAndAnswer>,
    /// Key terms (主要知识点).
    pub key_terms: Vec<KeyTerm>,
    /// The summary (本章小结).
    pub summary: Vec<SummaryEntry>,
    /// The exercises (作业).
    pub exercises: Vec<Exercise>,
    /// What is uncertain, in the order of the source.
    pub diagnostics: Vec<Diagnostic>,
}

/// A section and its text up to the next one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Section {
    /// The number as printed: `3.1`, `第一节`, `一`; `None` for named parts such as a case.
    pub number: Option<String>,
    /// The title without its number; empty for text before the first section.
    pub title: String,
    /// 1 for sections directly below the chapter, 2 and more for those within.
    pub level: u8,
    /// The heading's line in the source, from 1.
    pub line: usize,
    /// The text.
    pub paragraphs: Vec<Paragraph>,
}

/// A paragraph, its lines joined.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Paragraph {
    /// The text, without the marker of a list's item.
    pub text: String,
    /// The printed marker of an item, such as `(1)`.
    pub marker: Option<String>,
    /// First line in the source, from 1.
    pub line: usize,
    /// Last line in the source.
    pub last_line: usize,
}

/// A question that the book answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuestionAndAnswer {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: Vec<Paragraph>,
    /// Line in the source, from 1.
    pub line: usize,
}

/// A term and its definition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KeyTerm {
    /// The term; empty where none was set apart.
    pub term: String,
    /// The definition.
    pub definition: String,
    /// Line in the source, from 1.
    pub line: usize,
}

/// A piece of the summary.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SummaryEntry {
    /// The number of the section that it sums up.
    pub number: Option<String>,
    /// That section's title; empty if the summary has no headings.
    pub title: String,
    /// The text.
    pub paragraphs: Vec<Paragraph>,
}

/// A question of the exercises with what the book proposes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exercise {
    /// The question; its blanks have groups but no keys.
    pub question: Question,
    /// For each blank the proposals, the likeliest first; none where the book has no key.
    pub proposals: Vec<Vec<Proposal>>,
    /// The question's first line in the source, from 1.
    pub line: usize,
}

/// A key that the book suggests.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposal {
    /// The key.
    pub answer: String,
    /// From 0 to 1; of proposals with 0.9 and more at least 95 in 100 are right.
    pub confidence: f64,
    /// Where it was found.
    pub source: Source,
}

/// A place in the book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Number of the section, or the name of the part.
    pub section: String,
    /// The sentence as printed.
    pub quote: String,
    /// Line in the source, from 1.
    pub line: usize,
}

/// See [`read`](super::read).
pub(super) fn read(source: &str, language: Language) -> Page {
    let cleaned = lines::clean(lines::split(source));
    let outline = outline(&cleaned);
    let mut findings = Findings::new(language);
    findings.dropped(&cleaned.dropped);
    if outline.title.is_empty() {
        findings.no_title();
    }
    let mut page = Page {
        title: outline.title.clone(),
        chapter: outline.chapter.clone(),
        keywords: parts::keywords(&outline.blocks),
        sections: parts::sections(&outline.blocks),
        questions_and_answers: parts::questions_and_answers(&outline.blocks),
        key_terms: parts::key_terms(&outline.blocks),
        summary: parts::summary(&outline.blocks),
        ..Page::default()
    };
    page.exercises = exercises(&outline, &cleaned.lines, &mut findings);
    if page.exercises.is_empty() {
        findings.no_exercises();
    }
    page.diagnostics = findings.into_diagnostics();
    page
}

fn exercises(outline: &Outline, lines: &[Line], findings: &mut Findings) -> Vec<Exercise> {
    let mut raw = questions::split(&outline.exercises);
    let listed = printed_keys::listed(&outline.blocks);
    let of_exercises: HashSet<usize> = outline.exercises.iter().map(|line| line.number).collect();
    let noise = Noise::measure(lines.iter().filter(|line| !of_exercises.contains(&line.number)));
    let book = Book::new(&outline.blocks);
    let book_lists = lists::collect(&outline.blocks);
    let definitions = definitions::collect(&outline.blocks);
    let number_space = number_space(&raw);
    // The exercises may be set narrower than the text.
    let full_width = lines::full_width(&outline.exercises).min(outline.full_width);
    let mut budget = Budget(BUDGET);
    let mut exercises = Vec::with_capacity(raw.len());
    for question in &mut raw {
        let below = printed_keys::take(question);
        let question = &*question;
        let found = gaps::find(question, &noise, full_width, number_space);
        let (pieces, decisions) = settle(found.pieces, &book, &mut budget);
        findings.numbering(question);
        for (gap, decision) in &decisions {
            findings.decision(question, gap, *decision);
        }
        let kept: HashSet<(usize, usize)> = decisions
            .iter()
            .filter(|(_, decision)| *decision == Decision::Kept)
            .map(|(gap, _)| (gap.line, gap.column))
            .collect();
        let likely = |gap: &Gap| gap.certainty == Certainty::Likely && kept.contains(&(gap.line, gap.column));
        for piece in &pieces {
            if let Piece::Gap(gap) = piece
                && likely(gap)
            {
                findings.uncertain_blank(question, gap);
            }
        }
        let draft = Draft::new(&pieces);
        let lists = draft.lists();
        // A mark for right or wrong, and the letter of a choice, stand nowhere in the text.
        let judged = question.kind.is_some_and(|kind| kind.starts_with("判断")) || found.choices;
        let printed = below.as_ref().or_else(|| listed.get(question.printed.as_ref().unwrap_or(&question.number)));
        let printed = printed.and_then(|key| printed_keys::proposals(key, draft.gaps.len()));
        let mut proposals = if judged {
            vec![Vec::new(); draft.gaps.len()]
        } else {
            propose::propose(&book, &book_lists, &definitions, &draft, &lists, &mut budget)
        };
        for (blank, key) in printed.into_iter().flatten().enumerate() {
            proposals[blank] = vec![key];
        }
        let mut question_out = self::question(question, &pieces, found.titled);
        let mut name = 'a';
        for list in lists.iter().filter(|list| !list.ordered && !judged) {
            for blank in &list.blanks {
                question_out.blanks[*blank].group = Some(name.to_string());
            }
            name = char::from_u32(u32::from(name) + 1).filter(char::is_ascii_lowercase).unwrap_or('z');
        }
        findings.keys(question, &pieces, &proposals, judged);
        if question_out.blanks.is_empty() && question.kind.is_some_and(|kind| kind.starts_with("填空")) {
            findings.blank_missing(question);
        }
        let line = question.lines.first().map_or(0, |line| line.number);
        exercises.push(Exercise { question: question_out, proposals, line });
    }
    if budget.0 == 0 {
        findings.stopped(exercises.first().map_or(1, |exercise| exercise.line));
    }
    exercises
}

/// The columns that usually stand between a question's number and its text, and whether nearly all questions have that.
fn number_space(questions: &[RawQuestion]) -> (usize, bool) {
    let space = |question: &RawQuestion| {
        question.lines.first().map_or(0, |line| lines::width(&line.text) - lines::width(line.text.trim_start()))
    };
    let mut spaces: Vec<usize> = questions.iter().map(space).collect();
    spaces.sort_unstable();
    let usual = spaces.get(spaces.len() / 2).copied().unwrap_or(0);
    let same = spaces.iter().filter(|space| **space == usual).count();
    (usual, spaces.len() >= 4 && same * 10 >= spaces.len() * 7)
}

fn question(raw: &RawQuestion, pieces: &[Piece], titled: bool) -> Question {
    let mut text = String::new();
    let mut blanks = 0;
    for piece in pieces {
        match piece {
            Piece::Character { character, .. } => {
                if matches!(character, '\\' | '*' | '_' | '`' | '<' | '[' | ']') {
                    text.push('\\');
                }
                text.push_str(&escape_braces(&character.to_string()));
            }
            Piece::Gap(_) => {
                blanks += 1;
                text.push_str(&format!("{{{blanks}}}"));
            }
            Piece::Break => text.push_str("\n\n"),
        }
    }
    let text = trim(&text).trim().to_owned();
    let around = surroundings(&text);
    let blank =
        |index: usize| Blank { surroundings: around.get(index).cloned().unwrap_or_default(), ..Blank::default() };
    let kind = if blanks > 0 {
        QuestionKind::Blanks
    } else if titled || is_project(&text) {
        QuestionKind::Project
    } else {
        QuestionKind::Essay
    };
    let points = match kind {
        QuestionKind::Blanks => Points(Points::ONE.0 * i64::from(blanks)),
        QuestionKind::Essay | QuestionKind::Project => printed_points(&text).unwrap_or(Points(10 * Points::ONE.0)),
    };
    Question {
        number: raw.number.clone(),
        kind,
        text,
        points,
        rubric: None,
        blanks: (0..blanks as usize).map(blank).collect(),
    }
}

/// Whether the text asks for one piece of work from many people.
fn is_project(text: &str) -> bool {
    ["以班级为单位", "以小组为单位", "以班为单位", "分小组", "以团队为单位", "全班", "小组合作", "分组完成", "组成小组"]
        .iter()
        .any(|words| text.contains(words))
}

/// Points that the question prints, such as `（10分）`.
fn printed_points(text: &str) -> Option<Points> {
    let at = text.rfind("分)").or_else(|| text.rfind("分）"))?;
    let open = text[..at].rfind(['(', '（'])?;
    let number = text[open..at].trim_start_matches(['(', '（', '共', '本', '题']);
    small_number(number)
        .filter(|points| (1..=1000).contains(points))
        .map(|points| Points(i64::from(points) * Points::ONE.0))
}

impl Exercise {
    /// The proposal for a blank (counted from 0) that is sure enough to stand as its unconfirmed key.
    pub fn sure(&self, blank: usize) -> Option<&Proposal> {
        self.proposals.get(blank)?.first().filter(|proposal| proposal.confidence >= SURE)
    }
}

impl Page {
    /// The text as an editor would set it; used where a page is written for people.
    pub(super) fn typeset(text: &str) -> String {
        let set = set_in_type(text);
        let unfinished = set.chars().next_back().is_some_and(|c| is_han(c) && !ends_sentence(c));
        if unfinished { set } else { set.trim_end().to_owned() }
    }
}
