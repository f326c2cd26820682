//! Whether a text is a printed chapter.

use super::columns;
use super::headings::{self, Part, Scheme};
use super::kinds;
use super::lines;

/// No more than this much of a text is looked at, in bytes from its start and from its end.
const LOOKED_AT: usize = 200_000;

/// Whether the text looks like a chapter out of a printed book: it has exercises under a heading of their own, and a
/// chapter's heading, sections or other named parts before them. An assignment file, GIFT and XML are none.
pub fn is_textbook(source: &str) -> bool {
    let start = source.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with("---\n")
        || start.starts_with("---\r")
        || start.starts_with('<')
        || start.starts_with("::")
        || start.starts_with('{')
    {
        return false;
    }
    if source.contains("[[") && source.contains("]]") {
        return false;
    }
    let (mut chapter, mut sections, mut parts, mut exercises, mut text) = (false, 0, 0, false, 0);
    let (first, last) = ends(source);
    let read = |source| columns::apart(lines::split(source));
    for line in read(first).iter().chain(&read(last)) {
        let trimmed = line.trimmed();
        match headings::part(trimmed) {
            Some((Part::Exercises, _)) => exercises = true,
            Some((Part::Keys, _)) | None => {}
            Some(_) => parts += 1,
        }
        chapter |= headings::chapter(trimmed).is_some();
        exercises |= kinds::announced(trimmed).is_some();
        sections += usize::from(
            headings::numbered(trimmed)
                .is_some_and(|heading| matches!(heading.scheme, Scheme::Named | Scheme::Decimal(_))),
        );
        text += usize::from(line.width() > 40);
    }
    exercises && text > 0 && (chapter || sections >= 2 || parts >= 1) || (chapter && sections >= 2) || parts >= 2
}

/// The start and the end of a long text.
fn ends(source: &str) -> (&str, &str) {
    if source.len() <= 2 * LOOKED_AT {
        return (source, "");
    }
    let boundary = |at: usize| (at..source.len()).find(|at| source.is_char_boundary(*at)).unwrap_or(source.len());
    (&source[..boundary(LOOKED_AT)], &source[boundary(source.len() - LOOKED_AT)..])
}
