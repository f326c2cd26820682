//! The words that templates use, and whether they are there.

use std::collections::{BTreeMap, BTreeSet};

use plugin_protocol::manifest::Manifest;

use crate::site::{LANGUAGES, Site};
use crate::values::Values;
use crate::words::keys;

/// A key in a template, as far as it is written out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Used {
    /// The whole key.
    Key(String),
    /// The beginning of one that is put together: `"post-" ~ post`.
    Beginning(String),
}

/// Everything that is wrong with the words: what cannot be read, what only one language has, and what a template uses
/// and nobody says. Of a key that is put together, one with the same beginning must be there.
pub fn problems(manifest: &Manifest, site: Site) -> Vec<String> {
    let mut problems = Vec::new();
    let mut own: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for tag in LANGUAGES {
        let (found, errors) = keys(manifest.locales.get(tag).map(String::as_str).unwrap_or_default());
        problems.extend(errors.iter().map(|error| format!("locales/{tag}.ftl: {error}")));
        own.insert(tag, found);
    }
    let all: BTreeSet<&String> = own.values().flatten().collect();
    for (tag, keys) in &own {
        let lacking = all.iter().filter(|key| !keys.contains(**key));
        problems.extend(lacking.map(|key| format!("locales/{tag}.ftl: no sentence {key}")));
    }
    let is_known = |used: &Used| match used {
        Used::Key(key) => all.contains(key) || (site.sentence)(LANGUAGES[0], key, &Values::new()).is_some(),
        Used::Beginning(beginning) => all.iter().any(|key| key.starts_with(beginning.as_str())),
    };
    for (name, text) in &manifest.templates {
        let unknown: BTreeSet<Used> = used(text).into_iter().filter(|used| !is_known(used)).collect();
        problems.extend(unknown.into_iter().map(|used| match used {
            Used::Key(key) => format!("templates/{name}: no sentence {key} in locales/"),
            Used::Beginning(beginning) => format!("templates/{name}: no sentence begins with {beginning} in locales/"),
        }));
    }
    problems
}

/// The keys of all calls `t(key=…)` in a template, where they begin with a text.
fn used(text: &str) -> Vec<Used> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("t(") {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        if text[..at].ends_with(is_name) {
            continue;
        }
        if let Some(expression) = key_of(&text[at + 2..]) {
            found.extend(keys_in(expression));
        }
    }
    found
}

/// What stands for `key` among the arguments of a call, up to its end.
fn key_of(arguments: &str) -> Option<&str> {
    let (mut quote, mut depth) = (None, 0);
    let mut start = 0;
    for (at, sign) in arguments.char_indices() {
        match (quote, sign) {
            (Some(open), _) if open == sign => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(sign),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') if depth > 0 => depth -= 1,
            (None, ',' | ')') if depth == 0 => {
                let argument = arguments.get(start..at)?.trim();
                if let Some(rest) = argument.strip_prefix("key") {
                    return Some(rest.trim_start().strip_prefix('=')?.trim());
                }
                if sign == ')' {
                    return None;
                }
                start = at + 1;
            }
            (None, _) => {}
        }
    }
    None
}

/// The keys that an expression may be: a text, the beginning of one, or one of two (`"a" if … else "b"`).
fn keys_in(expression: &str) -> Vec<Used> {
    let Some(quote) = expression.chars().next().filter(|sign| matches!(sign, '"' | '\'' | '`')) else {
        return Vec::new();
    };
    let Some((key, rest)) = expression[1..].split_once(quote) else { return Vec::new() };
    let rest = rest.trim_start();
    if rest.starts_with('~') {
        return vec![Used::Beginning(key.to_owned())];
    }
    let mut keys = vec![Used::Key(key.to_owned())];
    if let Some((_, other)) = rest.strip_prefix("if ").and_then(|rest| rest.split_once(" else ")) {
        keys.extend(keys_in(other.trim()));
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_as_far_as_they_are_written_out() {
        let key = |key: &str| Used::Key(key.to_owned());
        let beginning = |key: &str| Used::Beginning(key.to_owned());
        assert_eq!(used(r#"{{ t(key="a") }} {{ t(n=f(x, 1), key='b') }}"#), [key("a"), key("b")]);
        assert_eq!(used(r#"{{ <button label={t(key="post-" ~ x)} /> }}"#), [beginning("post-")]);
        assert_eq!(used(r#"{{ t(key="a" if x == "c" else "b-" ~ x) }}"#), [key("a"), beginning("b-")]);
        assert_eq!(used(r#"{{ t(key=why, n="key") }} {{ at(key="no") }} t("#), []);
        assert_eq!(used(r#"{{ t(name="), key", key = "c") }}"#), [key("c")]);
    }
}
