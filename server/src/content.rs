//! The courses: read from Markdown files, checked, rendered once, kept in memory and swapped whole when files change.
//!
//! A chapter with a mistake is refused with its place and remedy, and its last good version stays; the other chapters are
//! not affected.

mod chapter;
mod course;
mod digest;
mod exercises;
mod figure;
mod front_matter;
mod heading;
mod library;
mod load;
pub mod model;
mod problem;
mod source;
mod terms;
mod watch;

use std::ops::ControlFlow;
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;

pub use exercises::{Exercise, Exercises};
pub use figure::Figure;
pub use heading::section_anchor;
pub use library::Library;
pub use model::{Chapter, Course, Footnote, Section, SectionKind, Term};
pub use problem::Problem;
pub use source::Source;

/// The courses and where they come from. Cheap to share; readers never wait for a reload.
pub struct Content {
    source: Source,
    library: RwLock<Arc<Library>>,
}

impl Content {
    /// Reads all courses. Mistakes in them are in [`Library::problems`]; they stop nothing.
    pub fn open(source: Source) -> Arc<Self> {
        let library = load::load(&source, &Library::default());
        problem::log(&library.problems);
        Arc::new(Self { source, library: RwLock::new(Arc::new(library)) })
    }

    /// What is being served.
    pub fn library(&self) -> Arc<Library> {
        Arc::clone(&self.library.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the files again and swaps what is served, if anything changed. True if it did.
    pub fn reload(&self) -> bool {
        let before = self.library();
        let after = load::load(&self.source, &before);
        if after.version == before.version && after.problems == before.problems {
            return false;
        }
        problem::log(&after.problems);
        tracing::info!(version = %&after.version[..12], courses = after.courses.len(), "content reloaded");
        *self.library.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(after);
        true
    }

    /// Reloads whenever files change, for as long as somebody holds the content. Built-in courses never change.
    pub fn watch(self: &Arc<Self>) {
        if let Source::Directory(directory) = &self.source {
            let held = Arc::downgrade(self);
            watch::watch(directory, move |is_changed| {
                let Some(content) = held.upgrade() else { return ControlFlow::Break(()) };
                if is_changed {
                    content.reload();
                }
                ControlFlow::Continue(())
            });
        }
    }

    /// The assignment file of a chapter, keys included: for those who may see them.
    ///
    /// # Errors
    /// When there is none or it cannot be read.
    pub fn exercises_file(&self, course: &str, chapter: &str) -> std::io::Result<String> {
        let bytes = self.source.read(&format!("{course}/{chapter}/assignment.md"))?;
        String::from_utf8(bytes.to_vec()).map_err(|_| std::io::ErrorKind::InvalidData.into())
    }

    /// The bytes of a picture.
    ///
    /// # Errors
    /// When the file was removed or cannot be read.
    pub fn picture(&self, figure: &Figure) -> std::io::Result<Bytes> {
        self.source.read(&figure.path)
    }
}

#[cfg(test)]
mod tests;
