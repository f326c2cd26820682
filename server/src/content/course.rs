//! A course's own file: title, language, introduction, and the order of its chapters.

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::front_matter;
use super::problem::{Finding, Report};
use crate::markdown::{self, References};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    title: String,
    #[serde(default)]
    title_en: Option<String>,
    #[serde(default)]
    language: Option<String>,
    chapters: Vec<Spanned<String>>,
    #[serde(default)]
    tools: Vec<String>,
}

/// What `course.md` says.
#[derive(Clone, Debug)]
pub(super) struct CourseFile {
    pub(super) title: String,
    pub(super) title_en: Option<String>,
    pub(super) language: String,
    pub(super) chapters: Vec<String>,
    pub(super) tools: Vec<String>,
    pub(super) introduction: String,
}

/// Reads `course.md`; `folders` are the folders that hold a `chapter.md`. `None` when nothing can be made of it.
pub(super) fn read(source: &str, folders: &[String], report: &mut Report) -> Option<CourseFile> {
    let parts = match front_matter::read::<Front>(source) {
        Ok(parts) => parts,
        Err(finding) => {
            report.add(finding);
            return None;
        }
    };
    let front = parts.front;
    let mut chapters: Vec<String> = Vec::new();
    for chapter in &front.chapters {
        let slug = chapter.value.as_str();
        let range = front_matter::range(source, chapter.referenced, slug.len());
        if !is_slug(slug) {
            report.add(Finding::error("slug", range).with("name", slug));
        } else if chapters.iter().any(|known| known == slug) {
            report.add(Finding::warning("chapter-twice", range).with("name", slug));
        } else if !folders.iter().any(|folder| folder == slug) {
            report.add(Finding::error("chapter-missing", range).with("name", slug));
        } else {
            chapters.push(slug.to_owned());
        }
    }
    for folder in folders.iter().filter(|folder| !front.chapters.iter().any(|chapter| chapter.value == **folder)) {
        let at = source.find("chapters").unwrap_or(0);
        report.add(Finding::warning("chapter-unlisted", at..at + "chapters".len()).with("name", folder));
    }
    Some(CourseFile {
        title: front.title.trim().to_owned(),
        title_en: front.title_en,
        language: front.language.unwrap_or_else(|| "zh-CN".to_owned()),
        chapters,
        tools: front.tools,
        introduction: markdown::to_html(&source[parts.body..], &References::none()),
    })
}

/// Whether a folder's name may be part of an address: lower-case letters, digits and dashes.
pub(super) fn is_slug(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
