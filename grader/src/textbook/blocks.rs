//! The blocks that a chapter's lines make: headings, paragraphs, items.

use super::headings::Scheme;

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
