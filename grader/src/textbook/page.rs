//! What a page is once it has been read.

use serde::Serialize;

use crate::assignment::Question;
use crate::diagnostic::Diagnostic;

use super::SURE;
use super::characters::{ends_sentence, is_han, set_in_type};

/// A chapter as its page states it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Page {
    /// The chapter's title; empty if none was found.
    pub title: String,
    /// The chapter's number as printed, such as `3` or `三`.
    pub chapter: Option<String>,
    /// The printed words with that number, such as `第3章` or `模块三`.
    pub chapter_words: Option<String>,
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
    /// The lines that were taken for running heads, page numbers and contents, and left out.
    pub furniture: Vec<PageLine>,
    /// What is uncertain, in the order of the source.
    pub diagnostics: Vec<Diagnostic>,
}

/// A line that belongs to the printed page instead of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageLine {
    /// The line as it stands.
    pub text: String,
    /// Line in the source, from 1.
    pub line: usize,
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
    /// The question; empty for text before the first one.
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
    /// The answer that the book prints, where it could not be taken as keys: to a question without blanks, or of another count.
    pub printed: Option<String>,
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
