//! Everything that was read at one time.

use std::sync::Arc;

use super::model::{Chapter, Course};
use super::problem::Problem;
use crate::search;

/// Everything that was read at one time.
#[derive(Default)]
pub struct Library {
    /// Courses in the order of their folder names.
    pub courses: Vec<Arc<Course>>,
    /// What is wrong in the files, worst first.
    pub problems: Vec<Problem>,
    /// Changes whenever anything that is shown changes; equal on all nodes that read the same files.
    pub version: String,
    /// Finds sections and terms.
    pub search: search::Index,
}

impl Library {
    /// The course of this slug.
    pub fn course(&self, slug: &str) -> Option<&Arc<Course>> {
        self.courses.iter().find(|course| course.slug == slug)
    }

    /// The chapter of this course and slug.
    pub fn chapter(&self, course: &str, chapter: &str) -> Option<&Arc<Chapter>> {
        self.course(course)?.chapter(chapter).map(|(_, chapter)| chapter)
    }
}
