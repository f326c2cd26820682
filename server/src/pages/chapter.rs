//! A chapter as in a good book: the prepared page, its pictures, and where a person stopped.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use bytes::Bytes;
use grader::assignment::QuestionKind;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::auth::{SignedIn, Teacher};
use crate::content::{Chapter, Course, SectionKind};
use crate::error::{Error, Message, Result};
use crate::notice::Notice;
use crate::prepared::Prepared;
use crate::request::{Json, Path, Query};
use crate::store::{assignment, reading};
use crate::view::View;

/// Pictures above this many bytes are read for each request instead of being kept in memory.
const KEPT_PICTURE: usize = 256 * 1024;

#[derive(Serialize)]
struct ChapterPage<'c> {
    course: CourseLine<'c>,
    chapters: Vec<ChapterLine<'c>>,
    number: &'c str,
    title: &'c str,
    title_en: Option<&'c str>,
    keywords: &'c [String],
    /// Rounded to hundreds: a length is an estimate. As text, since a number would get the separators of the language.
    characters: String,
    minutes: usize,
    html: &'c str,
    contents: Vec<ContentsLine<'c>>,
    footnotes: Vec<FootnoteLine<'c>>,
    exercises: Option<ExercisesPart<'c>>,
    previous: Option<ChapterLine<'c>>,
    next: Option<ChapterLine<'c>>,
    address: String,
}

#[derive(Serialize)]
struct CourseLine<'c> {
    title: &'c str,
    language: &'c str,
    address: String,
}

#[derive(Clone, Serialize)]
struct ChapterLine<'c> {
    number: &'c str,
    title: &'c str,
    address: String,
    current: bool,
}

/// A section of the second level with those below it.
#[derive(Serialize)]
struct ContentsLine<'c> {
    anchor: &'c str,
    number: Option<&'c str>,
    title: &'c str,
    children: Vec<ContentsLine<'c>>,
}

#[derive(Serialize)]
struct FootnoteLine<'c> {
    number: usize,
    html: &'c str,
    /// Ids of the places that mention it.
    mentions: Vec<String>,
}

#[derive(Serialize)]
struct ExercisesPart<'c> {
    title: &'c str,
    questions: Vec<QuestionLine<'c>>,
}

#[derive(Serialize)]
struct QuestionLine<'c> {
    number: &'c str,
    kind: QuestionKind,
    points: i64,
    html: String,
}

/// `GET /courses/{course}/chapters/{chapter}`
pub async fn show(
    State(app): State<App>,
    view: View,
    headers: HeaderMap,
    Path((course, chapter)): Path<(String, String)>,
) -> Result<Response> {
    let library = app.content.library();
    let course = library.course(&course).ok_or(Error::NotFound)?;
    let (position, chapter) = course.chapter(&chapter).ok_or(Error::NotFound)?;
    let render = || view.page("chapter/show.html", "course", chapter_page(course, position, chapter, &view));
    let Some(variant) = view.variant() else { return Ok(render()?.into_response()) };
    let make = || Ok(Bytes::from(render()?.0));
    let prepared = app.prepared.get(&variant, &library.version, "text/html", make).await?;
    Ok(prepared.respond_page(&headers, view.visitor.person.is_some()))
}

fn chapter_page<'c>(course: &'c Course, position: usize, chapter: &'c Chapter, view: &View) -> ChapterPage<'c> {
    let chapters: Vec<ChapterLine<'c>> = course
        .chapters
        .iter()
        .map(|other| ChapterLine {
            number: &other.number,
            title: &other.title,
            address: other.address(),
            current: other.slug == chapter.slug,
        })
        .collect();
    ChapterPage {
        course: CourseLine { title: &course.title, language: &course.language, address: course.address() },
        number: &chapter.number,
        title: &chapter.title,
        title_en: chapter.title_en.as_deref(),
        keywords: &chapter.keywords,
        characters: (chapter.characters.div_ceil(100) * 100).to_string(),
        minutes: chapter.minutes(),
        html: &chapter.html,
        contents: contents(chapter),
        footnotes: footnotes(chapter),
        exercises: exercises(chapter, view),
        previous: position.checked_sub(1).and_then(|before| chapters.get(before)).cloned(),
        next: chapters.get(position + 1).cloned(),
        chapters,
        address: chapter.address(),
    }
}

/// Two levels of headings; single questions and the parts of the summary are left out.
fn contents(chapter: &Chapter) -> Vec<ContentsLine<'_>> {
    let mut contents: Vec<ContentsLine<'_>> = Vec::new();
    for section in &chapter.sections {
        let line = ContentsLine {
            anchor: &section.anchor,
            number: section.number.as_deref(),
            title: &section.title,
            children: Vec::new(),
        };
        match (section.level, section.kind) {
            (2, _) => contents.push(line),
            (3, SectionKind::Text) => match contents.last_mut() {
                Some(parent) => parent.children.push(line),
                None => contents.push(line),
            },
            _ => {}
        }
    }
    contents
}

fn footnotes(chapter: &Chapter) -> Vec<FootnoteLine<'_>> {
    chapter
        .footnotes
        .iter()
        .map(|note| FootnoteLine { number: note.number, html: &note.html, mentions: note.mention_anchors() })
        .collect()
}

fn exercises<'c>(chapter: &'c Chapter, view: &View) -> Option<ExercisesPart<'c>> {
    let exercises = chapter.exercises.as_ref()?;
    let questions = exercises
        .questions
        .iter()
        .map(|question| QuestionLine {
            number: &question.number,
            kind: question.kind,
            points: question.points.0,
            html: question.html(|number| {
                let label = view.sentence(&Message::new("chapter-gap").with("number", number));
                format!("<span class=\"gap\"><span class=\"sr\">{label}</span></span>")
            }),
        })
        .collect();
    Some(ExercisesPart { title: &exercises.title, questions })
}

/// Where a reader is.
#[derive(Deserialize)]
pub struct Report {
    anchor: String,
}

/// `POST /courses/{course}/chapters/{chapter}/position`: remembers where the reader is.
pub async fn remember(
    State(app): State<App>,
    SignedIn(person): SignedIn,
    Path((course, chapter)): Path<(String, String)>,
    Json(report): Json<Report>,
) -> Result<StatusCode> {
    let library = app.content.library();
    let found = library.chapter(&course, &chapter).ok_or(Error::NotFound)?;
    if !found.has_anchor(&report.anchor) {
        return Err(Error::invalid("chapter-no-such-place"));
    }
    let position = reading::Position { course, chapter, anchor: report.anchor, updated_at: app.clock.now() };
    reading::remember(&app.db, person.id, position).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /courses/{course}/chapters/{chapter}/assignment`: to the chapter's assignment in one of the person's classes.
/// The prepared page links here, so that it need not know whose page it is.
pub async fn assignment(
    State(app): State<App>,
    SignedIn(person): SignedIn,
    Path((course, chapter)): Path<(String, String)>,
) -> Result<Response> {
    let library = app.content.library();
    let found = library.chapter(&course, &chapter).ok_or(Error::NotFound)?;
    let given = assignment::list_for_person(&app.db, person.id).await?;
    let wanted = given
        .iter()
        .map(|standing| &standing.assignment)
        .find(|given| given.course == found.course && given.chapter == found.slug);
    Ok(match wanted {
        Some(assignment) => Redirect::to(&format!("/assignments/{}", assignment.id)).into_response(),
        // The notice stands at the top of the page.
        None => Notice::info(Message::new("chapter-no-assignment")).redirect(&found.address()),
    })
}

/// The version in a picture's address.
#[derive(Deserialize)]
pub struct PictureQuery {
    v: Option<String>,
}

/// `GET /courses/{course}/chapters/{chapter}/figures/{name}`
pub async fn picture(
    State(app): State<App>,
    headers: HeaderMap,
    Path((course, chapter, name)): Path<(String, String, String)>,
    Query(query): Query<PictureQuery>,
) -> Result<Response> {
    let library = app.content.library();
    let chapter = library.chapter(&course, &chapter).ok_or(Error::NotFound)?;
    let figure = chapter.figures.get(&name).ok_or(Error::NotFound)?;
    let read = {
        let (content, figure) = (app.content.clone(), figure.clone());
        move || content.picture(&figure).map_err(Error::unavailable)
    };
    let mut response = if figure.size <= KEPT_PICTURE {
        app.prepared.get(&figure.path, &figure.version, figure.media_type, read).await?.respond(&headers)
    } else {
        let body = tokio::task::spawn_blocking(read).await.map_err(Error::internal)??;
        Prepared::new(body, figure.media_type).respond(&headers)
    };
    // An address with the version never means anything else.
    let rule = if query.v.as_deref() == Some(figure.version.as_str()) {
        "public, max-age=31536000, immutable"
    } else {
        "public, no-cache"
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(rule));
    // A vector graphic opened by itself is a document; it may style itself and nothing else.
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    );
    Ok(response)
}

#[derive(Serialize)]
struct ProblemsPage {
    problems: Vec<ProblemLine>,
    courses: usize,
    chapters: usize,
}

#[derive(Serialize)]
struct ProblemLine {
    file: String,
    severity: grader::diagnostic::Severity,
    line: usize,
    message: String,
    text: String,
}

/// `GET /content`: what is wrong in the courses' files, for whoever writes them.
pub async fn problems(State(app): State<App>, Teacher(_): Teacher, view: View) -> Result<Response> {
    let library = app.content.library();
    let problems = library
        .problems
        .iter()
        .map(|problem| {
            let diagnostic = problem.diagnostic(view.language());
            ProblemLine {
                file: problem.file.clone(),
                severity: diagnostic.severity,
                line: diagnostic.line,
                message: diagnostic.message.clone(),
                text: problem.render(view.language()),
            }
        })
        .collect();
    let chapters = library.courses.iter().map(|course| course.chapters.len()).sum();
    let page = ProblemsPage { problems, courses: library.courses.len(), chapters };
    Ok(view.page("chapter/problems.html", "course", &page)?.into_response())
}
