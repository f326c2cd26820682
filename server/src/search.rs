//! Finds sections and key terms by any piece of Chinese or Latin text, one character included.
//!
//! A course fits in memory and a linear scan answers in milliseconds, so there is no word list: a segmenter with its
//! dictionary (tantivy with jieba) would cost some 37 MB, and SQLite's trigram index cannot find one or two characters.

mod fold;

use std::sync::Arc;

use memchr::memmem::Finder;

use crate::content::model::{Chapter, Course, SectionKind};
use fold::Folding;

/// The most words of a query, and the most characters.
const MOST_WORDS: usize = 8;
const MOST_CHARACTERS: usize = 64;
/// The most hits that are returned; the total is counted.
const MOST_HITS: usize = 50;
/// Characters of text shown around a hit, and before it.
const SNIPPET: usize = 90;
const SNIPPET_BEFORE: usize = 24;
/// Bytes scanned at most while pieces of a fruitless query are tried.
const SUGGESTION_BUDGET: usize = 16 * 1024 * 1024;

/// An index of all courses, made whenever the content changes.
#[derive(Default)]
pub struct Index {
    entries: Vec<Entry>,
    folding: Folding,
    bytes: usize,
}

/// What a hit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitKind {
    /// A whole chapter, by its title, keywords, summary or opening.
    Chapter,
    /// A section.
    Section,
    /// A question of 问答 with its answer.
    Question,
    /// A key term with its definition.
    Term,
}

struct Entry {
    kind: HitKind,
    chapter: Arc<Chapter>,
    /// Number and title of the section around a part that has no number of its own in the book.
    parent: Option<String>,
    course_title: Arc<str>,
    anchor: String,
    number: Option<String>,
    title: String,
    text: String,
    folded_title: String,
    folded_keywords: String,
    folded_text: String,
}

/// A piece of a title or snippet.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Piece {
    /// Its text, not escaped.
    pub text: String,
    /// Whether it is what was searched for.
    pub hit: bool,
}

/// One place that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// What it is.
    pub kind: HitKind,
    /// Address with the place in the page.
    pub address: String,
    /// Title of the course.
    pub course: Arc<str>,
    /// The chapter it is in.
    pub chapter: Arc<Chapter>,
    /// Number and title of the section around it, where its own number says too little.
    pub parent: Option<String>,
    /// Printed number of the section.
    pub number: Option<String>,
    /// Title of the section, or the term.
    pub title: Vec<Piece>,
    /// Text around the first hit; the definition of a term.
    pub snippet: Vec<Piece>,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// How many places there are.
    pub total: usize,
    /// The best of them.
    pub hits: Vec<Hit>,
    /// When there are none: pieces of the query that do occur.
    pub suggestions: Vec<String>,
}

/// How good a match is; greater is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// The words stand together as they were typed.
    phrase: bool,
    place: MatchPlace,
    /// The title is the query and nothing else.
    whole: bool,
    count: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum MatchPlace {
    Text,
    Keyword,
    Term,
    Title,
}

impl Index {
    /// An index of these courses.
    pub fn new(courses: &[Arc<Course>]) -> Self {
        let mut entries = Vec::new();
        for course in courses {
            let title: Arc<str> = course.title.as_str().into();
            for chapter in &course.chapters {
                add_chapter(chapter, &title, &mut entries);
            }
        }
        let folding =
            Folding::of(entries.iter().flat_map(|entry| [entry.title.as_str(), &entry.text, &entry.folded_keywords]));
        for entry in &mut entries {
            entry.folded_title = folding.fold(&entry.title);
            entry.folded_text = folding.fold(&entry.text);
            entry.folded_keywords = folding.fold(&entry.folded_keywords);
        }
        let bytes = entries.iter().map(|entry| entry.folded_text.len() + entry.folded_title.len()).sum();
        Self { entries, folding, bytes }
    }

    /// Finds the places where every word of the query occurs, best first.
    pub fn search(&self, query: &str) -> Found {
        let query: String = query.chars().take(MOST_CHARACTERS).collect();
        let folded = self.folding.fold(&query);
        let words: Vec<&str> = folded.split_whitespace().take(MOST_WORDS).collect();
        if words.is_empty() {
            return Found::default();
        }
        let phrase = Finder::new(folded.trim()).into_owned();
        let joined = words.concat();
        let joined = Finder::new(&joined);
        let finders: Vec<Finder<'_>> = words.iter().map(|word| Finder::new(*word)).collect();
        let mut ranked: Vec<(Rank, usize)> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| Some((entry.rank(&finders, [&phrase, &joined], folded.trim())?, index)))
            .collect();
        ranked.sort_by(|(a, first), (b, second)| b.cmp(a).then(first.cmp(second)));
        let hits: Vec<Hit> =
            ranked.iter().take(MOST_HITS).map(|(_, index)| self.entries[*index].hit(&words, &self.folding)).collect();
        let suggestions = if hits.is_empty() { self.suggestions(&words) } else { Vec::new() };
        Found { total: ranked.len(), hits, suggestions }
    }

    /// The longest pieces of the words that occur somewhere, in their order.
    fn suggestions(&self, words: &[&str]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut budget = SUGGESTION_BUDGET;
        for word in words {
            let characters: Vec<char> = word.chars().collect();
            let mut start = 0;
            while start + 2 <= characters.len() {
                let longest = (characters.len() - start).min(6);
                let piece = (2..=longest).rev().find_map(|length| {
                    let piece: String = characters[start..start + length].iter().collect();
                    budget = budget.checked_sub(self.bytes)?;
                    self.occurs(&piece).then_some((piece, length))
                });
                match piece {
                    Some((piece, length)) => {
                        if !found.contains(&piece) {
                            found.push(piece);
                        }
                        start += length;
                    }
                    None => start += 1,
                }
            }
        }
        found.truncate(4);
        found
    }

    fn occurs(&self, piece: &str) -> bool {
        let finder = Finder::new(piece);
        self.entries.iter().any(|entry| {
            finder.find(entry.folded_title.as_bytes()).is_some() || finder.find(entry.folded_text.as_bytes()).is_some()
        })
    }
}

fn add_chapter(chapter: &Arc<Chapter>, course_title: &Arc<str>, entries: &mut Vec<Entry>) {
    let entry = |kind, anchor: &str, title: &str, text: &str| Entry {
        kind,
        chapter: Arc::clone(chapter),
        parent: None,
        course_title: Arc::clone(course_title),
        anchor: anchor.to_owned(),
        number: None,
        title: title.to_owned(),
        text: text.trim().replace('\n', " "),
        folded_title: String::new(),
        folded_keywords: String::new(),
        folded_text: String::new(),
    };
    let opening = chapter.sections.iter().find(|section| section.kind == SectionKind::Opening);
    let text = [chapter.summary.as_deref(), opening.map(|section| section.text.trim())];
    let text = text.into_iter().flatten().collect::<Vec<_>>().join(" ");
    entries.push(Entry {
        folded_keywords: chapter.keywords.join(" "),
        ..entry(HitKind::Chapter, "", &chapter.title, &text)
    });
    // The section that a part belongs to.
    let mut around: Option<String> = None;
    for section in chapter.sections.iter().filter(|section| section.kind != SectionKind::Opening) {
        let is_question = section.kind == SectionKind::Questions && section.level == 3;
        let kind = if is_question { HitKind::Question } else { HitKind::Section };
        // The definitions are entries of their own.
        let text = if section.kind == SectionKind::Terms { "" } else { &section.text };
        let is_part = section.level > 3 || (section.level == 3 && section.kind == SectionKind::Summary);
        if !is_part {
            let number = section.number.as_ref().map(|number| format!("{number} ")).unwrap_or_default();
            around = Some(format!("{number}{}", section.title));
        }
        entries.push(Entry {
            number: section.number.clone(),
            parent: around.clone().filter(|_| is_part),
            ..entry(kind, &section.anchor, &section.title, text)
        });
    }
    for term in &chapter.terms {
        entries.push(entry(HitKind::Term, &term.anchor, &term.name, &term.definition));
    }
}

impl Entry {
    fn rank(&self, words: &[Finder<'_>], phrases: [&Finder<'_>; 2], query: &str) -> Option<Rank> {
        let [title, keywords, text] =
            [&self.folded_title, &self.folded_keywords, &self.folded_text].map(|text| text.as_bytes());
        let mut place = MatchPlace::Title;
        let mut count = 0;
        for word in words {
            let found = if word.find(title).is_some() {
                if self.kind == HitKind::Term { MatchPlace::Term } else { MatchPlace::Title }
            } else if word.find(keywords).is_some() {
                MatchPlace::Keyword
            } else {
                word.find(text)?;
                MatchPlace::Text
            };
            place = place.min(found);
            count += word.find_iter(text).take(9).count();
        }
        let phrase = words.len() == 1
            || phrases.iter().any(|phrase| [title, keywords, text].iter().any(|text| phrase.find(text).is_some()));
        Some(Rank { phrase, place, whole: self.folded_title == query, count })
    }

    fn hit(&self, words: &[&str], folding: &Folding) -> Hit {
        let address = match self.anchor.as_str() {
            "" => self.chapter.address(),
            anchor => format!("{}#{anchor}", self.chapter.address()),
        };
        let snippet = match self.kind {
            HitKind::Term => self.text.clone(),
            _ => snippet(&self.text, &self.folded_text, words),
        };
        Hit {
            kind: self.kind,
            address,
            course: Arc::clone(&self.course_title),
            chapter: Arc::clone(&self.chapter),
            parent: self.parent.clone(),
            number: self.number.clone(),
            title: pieces(&self.title, words, folding),
            snippet: pieces(&snippet, words, folding),
        }
    }
}

/// Some text around the first word, from the start of its sentence where that is near. Folding keeps the number of
/// characters, so that a place in the folded text is the same place in the text.
fn snippet(text: &str, folded: &str, words: &[&str]) -> String {
    let first = words.iter().filter_map(|word| folded.find(word)).min().unwrap_or(0);
    let at = folded[..first].chars().count();
    let characters: Vec<char> = text.chars().collect();
    let before = at.saturating_sub(SNIPPET_BEFORE);
    let is_end = |c: char| matches!(c, '。' | '！' | '？' | '；' | '.' | '\n');
    let sentence = characters[before..at].iter().rposition(|c| is_end(*c)).map(|found| before + found + 1);
    let start = sentence.unwrap_or(before);
    let end = (start + SNIPPET).min(characters.len());
    let mut snippet = String::new();
    if start > 0 && sentence.is_none() {
        snippet.push('…');
    }
    snippet.push_str(characters[start..end].iter().collect::<String>().trim());
    if end < characters.len() {
        snippet.push('…');
    }
    snippet
}

/// The text taken apart into what was searched for and the rest.
fn pieces(text: &str, words: &[&str], folding: &Folding) -> Vec<Piece> {
    let characters: Vec<char> = text.chars().collect();
    let folded: Vec<char> = folding.fold(text).chars().collect();
    let mut marked = vec![false; characters.len()];
    for word in words {
        let word: Vec<char> = word.chars().collect();
        for (at, window) in folded.windows(word.len().max(1)).enumerate() {
            if window == word.as_slice() {
                marked[at..at + word.len()].fill(true);
            }
        }
    }
    let mut pieces: Vec<Piece> = Vec::new();
    for (c, hit) in characters.into_iter().zip(marked) {
        match pieces.last_mut() {
            Some(piece) if piece.hit == hit => piece.text.push(c),
            _ => pieces.push(Piece { text: c.to_string(), hit }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests;
