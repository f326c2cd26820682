//! What a course consists of once it is read and rendered.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::exercises::Exercises;
use super::figure::Figure;
use crate::markdown::Picture;

/// A course.
#[derive(Debug)]
pub struct Course {
    /// Folder name and part of the address.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Title for English pages, if the file has one.
    pub title_en: Option<String>,
    /// Language of the text, as in `lang`.
    pub language: String,
    /// Ids of the tools that its class project is done with.
    pub tools: Vec<String>,
    /// The introduction as HTML.
    pub introduction: String,
    /// Chapters in the order of the book.
    pub chapters: Vec<Arc<Chapter>>,
}

/// A chapter, rendered.
#[derive(Debug)]
pub struct Chapter {
    /// Slug of its course.
    pub course: String,
    /// Folder name and part of the address.
    pub slug: String,
    /// Number in the book, such as `3`.
    pub number: String,
    /// Title without the number.
    pub title: String,
    /// Title for English pages, if the file has one.
    pub title_en: Option<String>,
    /// Keywords (关键词).
    pub keywords: Vec<String>,
    /// What the chapter is about, in a sentence.
    pub summary: Option<String>,
    /// The text as HTML, without title, footnotes and exercises.
    pub html: String,
    /// Sections in the order of the text, for the contents and the search.
    pub sections: Vec<Section>,
    /// Key terms with their definitions.
    pub terms: Vec<Term>,
    /// Footnotes in the order of their first mention.
    pub footnotes: Vec<Footnote>,
    /// The exercises without keys.
    pub exercises: Option<Exercises>,
    /// Pictures by file name.
    pub figures: BTreeMap<String, Figure>,
    /// Length in characters; a Latin word counts as one.
    pub characters: usize,
    /// sha-256 of all files of the chapter, in hex.
    pub fingerprint: String,
}

/// What a section is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// The text before the first heading.
    Opening,
    /// Running text.
    Text,
    /// The heading of 问答, or one question in it.
    Questions,
    /// 主要知识点.
    Terms,
    /// 本章小结, or a part of it.
    Summary,
}

/// A heading and the text under it, up to the next heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Id in the page; empty for the text before the first heading.
    pub anchor: String,
    /// What it is for.
    pub kind: SectionKind,
    /// 2 for `##`, 3 for `###` and so on; 1 for the opening.
    pub level: u8,
    /// Printed number, such as `3.1.1`.
    pub number: Option<String>,
    /// Title without the number.
    pub title: String,
    /// The text without marks.
    pub text: String,
}

/// A key term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The term, without what stands in brackets behind it.
    pub name: String,
    /// Its definition without marks.
    pub definition: String,
    /// Id in the page.
    pub anchor: String,
}

/// A footnote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footnote {
    /// Printed number, from 1.
    pub number: usize,
    /// Its text as HTML.
    pub html: String,
    /// How many times the text refers to it.
    pub mentions: usize,
}

/// Characters read in a minute: a student reading a textbook, rather slowly than fast.
const CHARACTERS_A_MINUTE: usize = 400;

impl Footnote {
    /// Ids of the places in the page that mention it.
    pub fn mention_anchors(&self) -> Vec<String> {
        (1..=self.mentions).map(|mention| mention_anchor(self.number, mention)).collect()
    }
}

impl Chapter {
    /// How long reading takes, in minutes, at least 1.
    pub fn minutes(&self) -> usize {
        self.characters.div_ceil(CHARACTERS_A_MINUTE).max(1)
    }

    /// The section with this id.
    pub fn section(&self, anchor: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.anchor == anchor)
    }

    /// Whether the page has a place of this name that reading can be resumed at.
    pub fn has_anchor(&self, anchor: &str) -> bool {
        match anchor {
            "" => false,
            "notes" => !self.footnotes.is_empty(),
            "exercises" => self.exercises.is_some(),
            anchor => self.section(anchor).is_some(),
        }
    }

    /// The address of the chapter's page.
    pub fn address(&self) -> String {
        format!("/courses/{}/chapters/{}", self.course, self.slug)
    }

    /// The picture a source of this chapter names, such as `figures/code.svg`.
    pub fn picture(&self, name: &str) -> Option<Picture> {
        let (_, file) = name.rsplit_once('/').unwrap_or(("", name));
        self.figures.get(file).map(|figure| figure.picture(&self.course, &self.slug))
    }
}

impl Course {
    /// The chapter of this slug and its position.
    pub fn chapter(&self, slug: &str) -> Option<(usize, &Arc<Chapter>)> {
        self.chapters.iter().enumerate().find(|(_, chapter)| chapter.slug == slug)
    }

    /// The address of the course's page.
    pub fn address(&self) -> String {
        format!("/courses/{}", self.slug)
    }
}

/// The id of the place where a footnote is mentioned.
pub(super) fn mention_anchor(number: usize, mention: usize) -> String {
    if mention == 1 { format!("mention-{number}") } else { format!("mention-{number}-{mention}") }
}
