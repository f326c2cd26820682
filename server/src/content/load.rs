//! Reads all courses; what did not change since the last time is kept, and so is the last good version of what broke.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;

use super::chapter::{self, Place};
use super::course::{self, CourseFile, is_slug};
use super::digest::hash;
use super::exercises;
use super::figure::{self, Figure};
use super::library::Library;
use super::model::{Chapter, Course};
use super::problem::{Finding, Problem, Report};
use super::source::{Files, Source};
use crate::markdown::References;
use crate::search;

/// The files of one course: by chapter folder (empty for the course itself), by path.
type CourseFiles<'f> = BTreeMap<&'f str, BTreeMap<&'f str, &'f std::io::Result<Bytes>>>;

/// A chapter that is to be made.
struct Task<'f> {
    course: &'f str,
    slug: String,
    files: &'f BTreeMap<&'f str, &'f std::io::Result<Bytes>>,
    chapters: Arc<Vec<String>>,
}

/// What became of a chapter.
struct Made {
    chapter: Option<Arc<Chapter>>,
    problems: Vec<Problem>,
}

pub(super) fn load(source: &Source, previous: &Library) -> Library {
    let files = match source.files() {
        Ok(files) => files,
        Err(error) => return unreadable(source, &error, previous),
    };
    let by_course = grouped(&files);
    let mut problems = Vec::new();
    let mut headers: Vec<(&str, CourseFile)> = Vec::new();
    let mut tasks: Vec<Task<'_>> = Vec::new();
    for (slug, folders) in &by_course {
        let (header, mut found) = read_course(slug, folders, previous);
        problems.append(&mut found);
        let Some(header) = header else { continue };
        let chapters = Arc::new(header.chapters.clone());
        tasks.extend(header.chapters.iter().filter_map(|chapter| {
            let files = folders.get(chapter.as_str())?;
            Some(Task { course: slug, slug: chapter.clone(), files, chapters: Arc::clone(&chapters) })
        }));
        headers.push((slug, header));
    }
    let mut made = make_all(&tasks, previous).into_iter();
    let mut courses = Vec::new();
    for (slug, header) in headers {
        let mut chapters = Vec::new();
        for _ in header.chapters.iter().filter(|chapter| by_course[slug].contains_key(chapter.as_str())) {
            let Some(mut done) = made.next() else { break };
            problems.append(&mut done.problems);
            chapters.extend(done.chapter);
        }
        courses.push(Arc::new(Course {
            slug: slug.to_owned(),
            title: header.title,
            title_en: header.title_en,
            language: header.language,
            tools: header.tools,
            introduction: header.introduction,
            chapters,
        }));
    }
    problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity()));
    let version = version(&courses);
    let search = search::Index::new(&courses);
    Library { courses, problems, version, search }
}

/// The folder itself cannot be read: everything stays as it was.
fn unreadable(source: &Source, error: &std::io::Error, previous: &Library) -> Library {
    let name = match source {
        Source::Directory(directory) => directory.display().to_string(),
        Source::BuiltIn => String::new(),
    };
    let mut report = Report::new(name, "");
    report.add(Finding::error("folder", 0..0).with("cause", error));
    let courses = previous.courses.clone();
    let search = search::Index::new(&courses);
    Library { problems: report.finish(), version: version(&courses), search, courses }
}

/// Everything that pages show of the courses.
fn version(courses: &[Arc<Course>]) -> String {
    let mut parts: Vec<&[u8]> = Vec::new();
    for course in courses {
        for text in [&course.slug, &course.title, &course.language, &course.introduction] {
            parts.push(text.as_bytes());
        }
        parts.push(course.title_en.as_deref().unwrap_or("").as_bytes());
        parts.extend(
            course.chapters.iter().flat_map(|chapter| [chapter.slug.as_bytes(), chapter.fingerprint.as_bytes()]),
        );
    }
    hash(parts)
}

fn grouped(files: &Files) -> BTreeMap<&str, CourseFiles<'_>> {
    let mut by_course: BTreeMap<&str, CourseFiles<'_>> = BTreeMap::new();
    for (path, content) in files {
        // A file beside the courses, such as a README, belongs to none.
        let Some((course, rest)) = path.split_once('/') else { continue };
        let chapter = rest.split_once('/').map_or("", |(chapter, _)| chapter);
        by_course.entry(course).or_default().entry(chapter).or_default().insert(path.as_str(), content);
    }
    by_course
}

fn read_course(slug: &str, folders: &CourseFiles<'_>, previous: &Library) -> (Option<CourseFile>, Vec<Problem>) {
    let path = format!("{slug}/course.md");
    let file = folders.get("").and_then(|files| files.get(path.as_str()));
    let Some(file) = file else {
        // A folder without a course in it.
        return (None, Vec::new());
    };
    let with_chapter: Vec<String> = folders
        .iter()
        .filter(|(folder, files)| files.contains_key(format!("{slug}/{folder}/chapter.md").as_str()))
        .map(|(folder, _)| (*folder).to_owned())
        .collect();
    let text = match text(&path, file) {
        Ok(text) => text,
        Err(problems) => return (last_good(slug, previous), problems),
    };
    let mut report = Report::new(path, &text);
    if !is_slug(slug) {
        report.add(Finding::error("slug", 0..0).with("name", slug));
        return (None, report.finish());
    }
    let header = course::read(&text, &with_chapter, &mut report).or_else(|| last_good(slug, previous));
    (header, report.finish())
}

/// What the course's file said when it was good.
fn last_good(slug: &str, previous: &Library) -> Option<CourseFile> {
    let course = previous.course(slug)?;
    Some(CourseFile {
        title: course.title.clone(),
        title_en: course.title_en.clone(),
        language: course.language.clone(),
        chapters: course.chapters.iter().map(|chapter| chapter.slug.clone()).collect(),
        tools: course.tools.clone(),
        introduction: course.introduction.clone(),
    })
}

/// Makes all chapters on all processors, in the order of the tasks.
fn make_all(tasks: &[Task<'_>], previous: &Library) -> Vec<Made> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(tasks.len().div_ceil(8)).max(1);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((index, task)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            tasks.get(index).map(|task| (index, task))
        } {
            done.push((index, make(task, previous)));
        }
        done
    };
    let mut made: Vec<(usize, Made)> = if workers == 1 {
        work()
    } else {
        std::thread::scope(|scope| {
            let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            handles
                .into_iter()
                .flat_map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        })
    };
    made.sort_by_key(|(index, _)| *index);
    made.into_iter().map(|(_, made)| made).collect()
}

fn make(task: &Task<'_>, previous: &Library) -> Made {
    let before = previous.chapter(task.course, &task.slug);
    let fingerprint = fingerprint(task);
    if let Some(before) = before.filter(|before| before.fingerprint == fingerprint) {
        let folder = format!("{}/{}/", task.course, task.slug);
        // Warnings of an unchanged chapter hold on.
        let problems = previous.problems.iter().filter(|problem| problem.file.starts_with(&folder)).cloned().collect();
        return Made { chapter: Some(Arc::clone(before)), problems };
    }
    let (chapter, problems) = build(task, fingerprint, before);
    Made { chapter: chapter.map(Arc::new).or_else(|| before.cloned()), problems }
}

/// Changes when a file of the chapter changes, and when a chapter comes or goes that it may link to.
fn fingerprint(task: &Task<'_>) -> String {
    let mut parts: Vec<&[u8]> = task.chapters.iter().map(|slug| slug.as_bytes()).collect();
    for (path, content) in task.files {
        parts.push(path.as_bytes());
        parts.push(content.as_ref().map_or(b"unreadable", |content| content.as_ref()));
    }
    hash(parts)
}

fn build(task: &Task<'_>, fingerprint: String, before: Option<&Arc<Chapter>>) -> (Option<Chapter>, Vec<Problem>) {
    let folder = format!("{}/{}", task.course, task.slug);
    let mut problems = Vec::new();
    let mut figures: BTreeMap<String, Figure> = BTreeMap::new();
    for (path, content) in task.files {
        let is_picture = path.rsplit_once('.').is_some_and(|(_, extension)| figure::media_type(extension).is_some());
        if !is_picture {
            continue;
        }
        match content.as_ref().ok().and_then(|content| Figure::read(path, content)) {
            Some(figure) => {
                figures.insert(figure.name.clone(), figure);
            }
            None => {
                let mut report = Report::new(*path, "");
                report.add(Finding::error("picture-broken", 0..0));
                problems.append(&mut report.finish());
            }
        }
    }
    let place = Place { course: task.course, slug: &task.slug, chapters: &task.chapters, figures: &figures };
    let picture =
        |name: &str| figure::resolve(&figures, &folder, name).map(|figure| figure.picture(task.course, &task.slug));
    let references = References { picture: &picture, link: &|address| place.link(address) };

    let mut exercises = None;
    let path = format!("{folder}/assignment.md");
    if let Some(file) = task.files.get(path.as_str()) {
        match text(&path, file) {
            Ok(text) => {
                let mut report = Report::new(path, &text);
                exercises = exercises::read(&text, task.course, &task.slug, &references, &mut report);
                problems.append(&mut report.finish());
            }
            Err(mut found) => problems.append(&mut found),
        }
        // Exercises with a mistake do not take the text away, and their last good version stays.
        exercises = exercises.or_else(|| before?.exercises.clone());
    }

    let path = format!("{folder}/chapter.md");
    let chapter = match task.files.get(path.as_str()).map(|file| text(&path, file)) {
        Some(Ok(text)) => {
            let mut report = Report::new(path, &text);
            let chapter = chapter::read(&text, &place, exercises, fingerprint, &mut report);
            problems.append(&mut report.finish());
            chapter
        }
        Some(Err(mut found)) => {
            problems.append(&mut found);
            None
        }
        None => None,
    };
    (chapter, problems)
}

/// A file as text with `\n` at the ends of lines and no byte order mark.
fn text(path: &str, content: &std::io::Result<Bytes>) -> Result<String, Vec<Problem>> {
    let refuse = |finding: Finding| {
        let mut report = Report::new(path, "");
        report.add(finding);
        report.finish()
    };
    let bytes = content.as_ref().map_err(|error| refuse(Finding::error("unreadable", 0..0).with("cause", error)))?;
    let text = std::str::from_utf8(bytes)
        .map_err(|error| refuse(Finding::error("encoding", 0..0).with("offset", error.valid_up_to())))?;
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n"))
}
