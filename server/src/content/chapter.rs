//! One chapter: its file read, checked and rendered.

mod render;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::exercises::Exercises;
use super::figure::{self, Figure};
use super::front_matter;
use super::model::Chapter;
use super::problem::{Finding, Report};
use crate::markdown::{Destination, References, is_wide};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    title: String,
    #[serde(default)]
    title_en: Option<String>,
    number: String,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    summary: Option<String>,
}

/// What a chapter's file stands among.
pub(super) struct Place<'p> {
    /// Slug of the course.
    pub(super) course: &'p str,
    /// Slug of the chapter.
    pub(super) slug: &'p str,
    /// Slugs of all chapters of the course, for links between them.
    pub(super) chapters: &'p [String],
    /// Pictures of the chapter by file name.
    pub(super) figures: &'p BTreeMap<String, Figure>,
}

impl Place<'_> {
    /// Where a link of the chapter leads: to another site, to a place of this page, or to another chapter, written as its
    /// file (`../marketing-basics/chapter.md#s1-2`) so that it also works where the files are read as files.
    pub(super) fn link(&self, address: &str) -> Destination {
        let outward = crate::markdown::outward(address);
        if outward != Destination::Nowhere {
            return outward;
        }
        let (path, anchor) = address.split_once('#').map_or((address, ""), |(path, anchor)| (path, anchor));
        let slug = path.strip_prefix("../").and_then(|path| path.strip_suffix("/chapter.md"));
        match slug.filter(|slug| self.chapters.iter().any(|known| known == slug)) {
            Some(slug) => {
                let mark = if anchor.is_empty() { "" } else { "#" };
                Destination::Here(format!("/courses/{}/chapters/{slug}{mark}{anchor}", self.course))
            }
            None => Destination::Nowhere,
        }
    }

    fn folder(&self) -> String {
        format!("{}/{}", self.course, self.slug)
    }
}

/// Reads a chapter; `None` when the report got an error. Line ends of the source are `\n`.
pub(super) fn read(
    source: &str,
    place: &Place<'_>,
    exercises: Option<Exercises>,
    fingerprint: String,
    report: &mut Report,
) -> Option<Chapter> {
    let parts = match front_matter::read::<Front>(source) {
        Ok(parts) => parts,
        Err(finding) => {
            report.add(finding);
            return None;
        }
    };
    let folder = place.folder();
    let picture = |name: &str| {
        figure::resolve(place.figures, &folder, name).map(|figure| figure.picture(place.course, place.slug))
    };
    let references = References { picture: &picture, link: &|address| place.link(address) };
    let rendered = render::render(&source[parts.body..], &references);
    for mut finding in rendered.findings {
        finding.range = finding.range.start + parts.body..finding.range.end + parts.body;
        report.add(finding);
    }
    let front = parts.front;
    if front.title.trim().is_empty() {
        report.add(Finding::error("missing-key", 0..3).with("name", "title"));
    }
    if report.has_errors() {
        return None;
    }
    let characters = rendered.sections.iter().map(|section| count_characters(&section.text)).sum();
    Some(Chapter {
        course: place.course.to_owned(),
        slug: place.slug.to_owned(),
        number: front.number,
        title: front.title.trim().to_owned(),
        title_en: front.title_en,
        keywords: front.keywords,
        summary: front.summary,
        html: rendered.html,
        sections: rendered.sections,
        terms: rendered.terms,
        footnotes: rendered.footnotes,
        exercises,
        figures: place.figures.clone(),
        characters,
        fingerprint,
    })
}

/// Length of a text: each Chinese character or mark counts, a run of Latin letters or digits counts once.
fn count_characters(text: &str) -> usize {
    let mut count = 0;
    let mut in_word = false;
    for c in text.chars() {
        let is_letter = !is_wide(c) && c.is_alphanumeric();
        if is_wide(c) || (is_letter && !in_word) {
            count += 1;
        }
        in_word = is_letter;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_words_count_once() {
        assert_eq!(count_characters("用WeChat 发红包，最多200元。"), 11);
    }

    #[test]
    fn links_between_chapters_are_written_as_files() {
        let chapters = ["basics".to_owned()];
        let place = Place { course: "c", slug: "x", chapters: &chapters, figures: &BTreeMap::new() };
        let here = |address: &str| Destination::Here(address.to_owned());
        assert_eq!(place.link("../basics/chapter.md#s1-2"), here("/courses/c/chapters/basics#s1-2"));
        assert_eq!(place.link("../basics/chapter.md"), here("/courses/c/chapters/basics"));
        assert_eq!(place.link("../other/chapter.md"), Destination::Nowhere);
        assert_eq!(place.link("//evil.example/"), Destination::Nowhere);
        assert_eq!(place.link("#s1"), here("#s1"));
    }
}
