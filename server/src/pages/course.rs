//! The courses and their chapters, and where to go on reading.

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use crate::app::App;
use crate::content::{Chapter, Library};
use crate::error::{Error, Result};
use crate::request::Path;
use crate::store::reading::{self, Position};
use crate::view::View;

#[derive(Serialize)]
struct ListPage<'c> {
    courses: Vec<CourseLine<'c>>,
    resume: Option<Resume>,
    /// Files with mistakes, for teachers.
    problems: usize,
}

#[derive(Serialize)]
struct CourseLine<'c> {
    title: &'c str,
    title_en: Option<&'c str>,
    language: &'c str,
    address: String,
    chapters: usize,
}

#[derive(Serialize)]
struct CoursePage<'c> {
    title: &'c str,
    title_en: Option<&'c str>,
    language: &'c str,
    introduction: &'c str,
    chapters: Vec<ChapterLine<'c>>,
    resume: Option<Resume>,
    read: usize,
}

#[derive(Serialize)]
struct ChapterLine<'c> {
    number: &'c str,
    title: &'c str,
    title_en: Option<&'c str>,
    summary: Option<&'c str>,
    address: String,
    minutes: usize,
    questions: usize,
    /// Per cent of the sections up to where the reader stopped.
    progress: Option<usize>,
}

/// Where a person stopped reading, to be linked from the course and from today's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Resume {
    /// Address with the place in the page.
    pub address: String,
    /// Number and title of the chapter.
    pub chapter: String,
    /// Number and title of the section.
    pub section: String,
    /// Language of both.
    pub language: String,
}

impl Resume {
    /// The place of a position; `None` when its chapter no longer exists.
    pub fn of(library: &Library, position: &Position) -> Option<Self> {
        let course = library.course(&position.course)?;
        let (_, chapter) = course.chapter(&position.chapter)?;
        // A section that was renumbered or removed leads to the chapter's start.
        let (section, mark) = match chapter.section(&position.anchor) {
            Some(section) => (numbered(section.number.as_deref(), &section.title), format!("#{}", section.anchor)),
            None if chapter.has_anchor(&position.anchor) => (String::new(), format!("#{}", position.anchor)),
            None => (String::new(), String::new()),
        };
        Some(Self {
            address: format!("{}{mark}", chapter.address()),
            chapter: numbered(Some(&chapter.number), &chapter.title),
            section,
            language: course.language.clone(),
        })
    }
}

fn numbered(number: Option<&str>, title: &str) -> String {
    match number {
        Some(number) => format!("{number} {title}"),
        None => title.to_owned(),
    }
}

/// How far the reader came, in per cent of the sections.
fn progress(chapter: &Chapter, position: &Position) -> usize {
    // Behind all sections.
    if matches!(position.anchor.as_str(), "notes" | "exercises") {
        return 100;
    }
    let index = chapter.sections.iter().position(|section| section.anchor == position.anchor);
    index.map_or(0, |index| (index + 1) * 100 / chapter.sections.len())
}

/// `GET /courses`
pub async fn list(State(app): State<App>, view: View) -> Result<Html<String>> {
    let library = app.content.library();
    let courses = library
        .courses
        .iter()
        .map(|course| CourseLine {
            title: &course.title,
            title_en: course.title_en.as_deref(),
            language: &course.language,
            address: course.address(),
            chapters: course.chapters.len(),
        })
        .collect();
    let resume = match &view.visitor.person {
        Some(person) => reading::latest(&app.db, person.id).await?.and_then(|position| Resume::of(&library, &position)),
        None => None,
    };
    view.page("course/list.html", "course", ListPage { courses, resume, problems: library.problems.len() })
}

/// `GET /courses/{course}`
pub async fn show(State(app): State<App>, view: View, Path(course): Path<String>) -> Result<Html<String>> {
    let library = app.content.library();
    let course = library.course(&course).ok_or(Error::NotFound)?;
    let positions = match &view.visitor.person {
        Some(person) => reading::in_course(&app.db, person.id, &course.slug).await?,
        None => Vec::new(),
    };
    let chapters: Vec<ChapterLine<'_>> = course
        .chapters
        .iter()
        .map(|chapter| ChapterLine {
            number: &chapter.number,
            title: &chapter.title,
            title_en: chapter.title_en.as_deref(),
            summary: chapter.summary.as_deref(),
            address: chapter.address(),
            minutes: chapter.minutes(),
            questions: chapter.exercises.as_ref().map_or(0, |exercises| exercises.questions.len()),
            progress: positions
                .iter()
                .find(|position| position.chapter == chapter.slug)
                .map(|position| progress(chapter, position)),
        })
        .collect();
    let page = CoursePage {
        title: &course.title,
        title_en: course.title_en.as_deref(),
        language: &course.language,
        introduction: &course.introduction,
        resume: positions.first().and_then(|position| Resume::of(&library, position)),
        read: chapters.iter().filter(|chapter| chapter.progress.is_some_and(|progress| progress >= 80)).count(),
        chapters,
    };
    view.page("course/show.html", "course", &page)
}
