//! The questions of an assignment as HTML with gaps, rendered once while neither assignment nor book changes, and the
//! section of the book each question is about.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};

use grader::assignment::{fill_placeholders, with_placeholders};

use crate::content::{Chapter, Library, Section, SectionKind};
use crate::markdown::{self, References};
use crate::store::assignment::{Assignment, Question};

/// A question, rendered.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// HTML before, between and behind the blanks; one more than blanks.
    pub pieces: Vec<String>,
    /// Numbers of the blanks between the pieces, counted from 1.
    pub blanks: Vec<usize>,
    /// How the question is marked, as HTML.
    pub rubric: Option<String>,
    /// What to read again: address and title of a section.
    pub section: Option<(String, String)>,
}

/// Rendered questions by the version of the library they were rendered with.
#[derive(Default)]
pub struct Shelf(RwLock<Option<(String, Arc<Vec<Rendered>>)>>);

impl Shelf {
    /// The questions as HTML, in their order.
    pub fn get(&self, assignment: &Assignment, questions: &[Question], library: &Library) -> Arc<Vec<Rendered>> {
        if let Some((version, rendered)) = &*self.0.read().unwrap_or_else(PoisonError::into_inner)
            && *version == library.version
        {
            return rendered.clone();
        }
        let chapter = library.chapter(&assignment.course, &assignment.chapter).map(AsRef::as_ref);
        let rendered: Arc<Vec<Rendered>> =
            Arc::new(questions.iter().map(|question| render(question, chapter)).collect());
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((library.version.clone(), rendered.clone()));
        rendered
    }
}

fn render(question: &Question, chapter: Option<&Chapter>) -> Rendered {
    let picture = |name: &str| chapter.and_then(|chapter| chapter.picture(name));
    let references = References { picture: &picture, link: &markdown::outward };
    let html = markdown::to_html(&with_placeholders(&question.text), &references);
    let mut blanks = Vec::new();
    // NUL cannot be in sanitised HTML: it marks where the blanks were.
    let marked = fill_placeholders(&html, |number| {
        blanks.push(number);
        "\0".to_owned()
    });
    Rendered {
        pieces: marked.split('\0').map(str::to_owned).collect(),
        blanks,
        rubric: question.rubric.as_deref().map(|rubric| markdown::to_html(rubric, &references)),
        section: chapter.and_then(|chapter| {
            let section = section_about(&question.text, chapter)?;
            let number = section.number.as_deref().map(|number| format!("{number} ")).unwrap_or_default();
            Some((format!("{}#{}", chapter.address(), section.anchor), format!("{number}{}", section.title)))
        }),
    }
}

/// The section whose words the question shares most; found from the question's own text, so that it tells nothing of the
/// keys. `None` when no section holds half of the question's pairs of characters.
fn section_about<'c>(text: &str, chapter: &'c Chapter) -> Option<&'c Section> {
    let pairs = pairs(text);
    if pairs.len() < 4 {
        return None;
    }
    let shared = |section: &Section| {
        let own: HashSet<(char, char)> =
            self::pairs(&section.title).union(&self::pairs(&section.text)).copied().collect();
        pairs.intersection(&own).count()
    };
    let found = chapter
        .sections
        .iter()
        .filter(|section| section.kind == SectionKind::Text && !section.anchor.is_empty())
        .map(|section| (shared(section), section))
        // Equal: the earlier one.
        .max_by_key(|(count, section)| (*count, std::cmp::Reverse(section.anchor.as_str())))?;
    (found.0 * 2 >= pairs.len()).then_some(found.1)
}

/// Pairs of neighbouring letters; what stands on the two sides of a blank or a mark is no pair.
fn pairs(text: &str) -> HashSet<(char, char)> {
    let characters: Vec<char> = text.chars().collect();
    characters.windows(2).filter(|pair| pair.iter().all(|c| c.is_alphabetic())).map(|pair| (pair[0], pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::assignment::Kind;

    #[test]
    fn blanks_split_the_html_also_in_tables_and_emphasis() {
        let question = Question {
            id: uuid::Uuid::nil(),
            number: "1".into(),
            kind: Kind::Blanks,
            text: "每{1}可以**群发{2}条**。\n\n| 甲 | 乙 |\n|---|---|\n| {3} | x |\n\n<script>alert(1)</script>".into(),
            points: 3_000_000,
            rubric: None,
            blanks: Vec::new(),
        };
        let rendered = render(&question, None);
        assert_eq!(rendered.blanks, [1, 2, 3]);
        assert_eq!(rendered.pieces.len(), 4);
        let html = rendered.pieces.join("<input>");
        assert!(html.contains("<strong>群发<input>条</strong>"), "{html}");
        assert!(html.contains("<td><input></td>"), "{html}");
        assert!(!html.contains("script"), "{html}");
    }
}
