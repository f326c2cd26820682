//! The head of every page of a class.

use serde::Serialize;

use crate::app::App;
use crate::i18n::Language;
use crate::store::class::Class;

/// What every page of a class shows above its own content.
#[derive(Serialize)]
pub struct ClassHead {
    /// Address of the class's page.
    pub address: String,
    /// Name.
    pub name: String,
    /// Term.
    pub term: String,
    /// Title of the course.
    pub course: String,
    /// Whether it is read only.
    pub archived: bool,
}

impl ClassHead {
    /// The head of this class in this language.
    pub fn new(app: &App, class: &Class, language: Language) -> Self {
        Self {
            address: format!("/classes/{}", class.id),
            name: class.name.clone(),
            term: class.term.clone(),
            course: course_title(app, &class.course, language),
            archived: class.archived_at.is_some(),
        }
    }
}

/// The title of a course; its address where the course is gone.
pub fn course_title(app: &App, slug: &str, language: Language) -> String {
    match app.content.library().course(slug) {
        Some(course) => match (language, &course.title_en) {
            (Language::English, Some(title)) => title.clone(),
            _ => course.title.clone(),
        },
        None => slug.to_owned(),
    }
}
