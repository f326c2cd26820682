//! Reading forms.

use plugin_sdk::prelude::*;

/// The longest question, in characters.
pub const QUESTION: usize = 500;

/// The text of a field; as an error when it is empty or too long.
pub fn text<'r>(request: &'r Page, name: &str, most: usize) -> Result<&'r str, &'r str> {
    let text = request.form(name).trim();
    if text.is_empty() || text.chars().count() > most { Err(text) } else { Ok(text) }
}

/// What stands in the fields of this name.
pub fn texts(request: &Page, name: &str) -> Vec<String> {
    request.all(name).into_iter().map(str::to_owned).collect()
}
