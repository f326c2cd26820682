//! From the text of a printed chapter to an assignment with proposed keys: [`read`] takes the page apart, finds the blanks
//! that print shows as underlines, and looks for their keys in the chapter itself.

mod align;
mod blocks;
mod book;
mod characters;
mod columns;
mod definitions;
mod detect;
mod draft;
mod findings;
mod furniture;
mod gaps;
mod headings;
mod kinds;
mod lines;
mod lists;
mod outline;
mod page;
mod parts;
mod printed_keys;
mod proposals;
mod propose;
mod questions;
mod read;
mod render;
mod settle;

pub use detect::is_textbook;
pub use page::{
    Exercise, KeyTerm, Page, PageLine, Paragraph, Proposal, QuestionAndAnswer, Section, Source, SummaryEntry,
};
pub use render::{assignment, chapter_draft, to_assignment_file};

use crate::Language;

/// A proposal at least this confident is written into an assignment file as an unconfirmed key.
pub const SURE: f64 = 0.9;

/// Reads a chapter's plain text as it comes out of a PDF; diagnostics are in `language`.
///
/// Nothing is refused: a text without exercises gives a page without them, and a diagnostic says so. The work is bounded
/// by the length of the text and, for very many exercises, by a fixed budget of comparisons.
pub fn read(source: &str, language: Language) -> Page {
    read::read(source, language)
}
