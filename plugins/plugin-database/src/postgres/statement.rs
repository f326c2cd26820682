//! What a statement may say. The role decides what it can touch; this keeps it from changing its connection, from
//! running text as a statement, and from looking around in the database.

use plugin_protocol::{Code, Failure};

use super::denied;

const VERBS: [&str; 6] = ["select", "insert", "update", "delete", "with", "values"];
/// What a migration may begin with beside these; `create temp table` and functions are not among them.
const DEFINITIONS: [[&str; 2]; 8] = [
    ["create", "table"],
    ["create", "index"],
    ["create", "unique"],
    ["alter", "table"],
    ["alter", "index"],
    ["drop", "table"],
    ["drop", "index"],
    ["comment", "on"],
];
/// Functions that run a text as a statement, change the connection or reach out of the database.
const FORBIDDEN: [&str; 12] = [
    "set_config",
    "current_setting",
    "query_to_xml",
    "query_to_xmlschema",
    "query_to_xml_and_xmlschema",
    "information_schema",
    "ts_stat",
    "ts_rewrite",
    "txid_current",
    "setseed",
    "regclass",
    "xpath_table",
];
const FORBIDDEN_STARTS: [&str; 10] = [
    "host_",
    "pg_",
    "lo_",
    "dblink",
    "table_to_xml",
    "schema_to_xml",
    "database_to_xml",
    "cursor_to_xml",
    "course_p_",
    "inet_",
];

/// Refuses what is not one statement about rows, and what looks at more than the plugin's tables.
pub(super) fn check(sql: &str) -> Result<(), Failure> {
    let statements = words(sql)?;
    match statements.as_slice() {
        [] => Err(Failure::new(Code::BadRequest, "there is no statement in the text")),
        [statement] => check_rows(statement),
        _ => Err(Failure::new(Code::BadRequest, "there is more than one statement in the text")
            .hint("a batch has several statements, each with its own text")),
    }
}

/// Refuses a migration that does more than define the plugin's tables and fill them.
pub(super) fn check_migration(sql: &str) -> Result<(), Failure> {
    for (index, statement) in words(sql)?.iter().enumerate() {
        let defines = DEFINITIONS.iter().any(|start| statement.len() > 2 && statement[..2] == start[..]);
        let checked = if defines { check_words(statement) } else { check_rows(statement) };
        checked.map_err(|failure| failure.at(crate::limit::place(index)))?;
    }
    Ok(())
}

fn check_rows(statement: &[String]) -> Result<(), Failure> {
    let verb = statement.first().map_or("", String::as_str);
    if !VERBS.contains(&verb) {
        return Err(denied(format!("a statement of a plugin does not begin with {verb}")));
    }
    // `select … into` makes a table.
    let makes_table = |pair: &[String]| pair[1] == "into" && pair[0] != "insert" && pair[0] != "merge";
    if statement.windows(2).any(makes_table) {
        return Err(denied("a statement of a plugin makes no table".into()));
    }
    check_words(statement)
}

fn check_words(statement: &[String]) -> Result<(), Failure> {
    let is_forbidden = |word: &&String| {
        FORBIDDEN.contains(&word.as_str()) || FORBIDDEN_STARTS.iter().any(|start| word.starts_with(start))
    };
    match statement.iter().find(is_forbidden) {
        Some(word) => Err(denied(format!("{word} is not for the statements of a plugin"))),
        None => Ok(()),
    }
}

/// The words of each statement, in lower case; what is in quotes for names is a word as well. Forms of text that hide
/// words, and that no other database has, are refused.
fn words(sql: &str) -> Result<Vec<Vec<String>>, Failure> {
    let hides = |form: &str| denied(format!("{form} is not for the statements of a plugin; use a parameter"));
    let unended = || Failure::new(Code::BadRequest, "a comment, a text or a name in the statement does not end");
    let unpaired = || Failure::new(Code::BadRequest, "a bracket in the statement has no other");
    let mut statements = vec![Vec::new()];
    let mut rest = sql;
    // A query is put into brackets: it must not leave them.
    let mut depth = 0_usize;
    while let Some(first) = rest.chars().next() {
        let word = |found: &str, statements: &mut Vec<Vec<String>>| {
            if let Some(last) = statements.last_mut() {
                last.push(found.to_lowercase());
            }
        };
        if rest.starts_with("--") {
            // To PostgreSQL either ends the line.
            rest = rest.find(['\n', '\r']).map_or("", |end| &rest[end..]);
        } else if rest.starts_with("/*") {
            rest = after_comment(rest).ok_or_else(unended)?;
        } else if first == '\'' || first == '"' {
            let end = end_of_quoted(rest, first).ok_or_else(unended)?;
            if first == '"' {
                word(&rest[1..end - 1], &mut statements);
            }
            rest = &rest[end..];
        } else if is_word(first) && !first.is_ascii_digit() {
            let end = rest.find(|found| !is_word(found) && found != '$').unwrap_or(rest.len());
            let (found, after) = rest.split_at(end);
            let short = found.to_ascii_lowercase();
            if after.starts_with('\'') && ["e", "n", "b", "x"].contains(&short.as_str()) {
                return Err(hides("a text with a letter before it"));
            }
            if short == "u" && after.starts_with('&') {
                return Err(hides("U&"));
            }
            word(found, &mut statements);
            rest = after;
        } else if first == '$' {
            let end = rest[1..].find(|found: char| !found.is_ascii_digit()).map_or(rest.len(), |end| end + 1);
            if end == 1 {
                return Err(hides("a text between dollars"));
            }
            rest = &rest[end..];
        } else if first.is_ascii_digit() {
            rest = rest.trim_start_matches(|found: char| found.is_ascii_digit());
        } else {
            match first {
                ';' => statements.push(Vec::new()),
                '(' => depth += 1,
                ')' => depth = depth.checked_sub(1).ok_or_else(unpaired)?,
                _ => {}
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    if depth > 0 {
        return Err(unpaired());
    }
    statements.retain(|words| !words.is_empty());
    Ok(statements)
}

fn is_word(found: char) -> bool {
    found == '_' || found.is_ascii_alphanumeric() || !found.is_ascii()
}

/// What follows a comment; comments nest.
fn after_comment(text: &str) -> Option<&str> {
    let (mut depth, mut rest) = (0_usize, text);
    loop {
        if let Some(after) = rest.strip_prefix("/*") {
            (depth, rest) = (depth + 1, after);
        } else if let Some(after) = rest.strip_prefix("*/") {
            (depth, rest) = (depth - 1, after);
            if depth == 0 {
                return Some(rest);
            }
        } else {
            rest = &rest[rest.chars().next()?.len_utf8()..];
        }
    }
}

/// Where a quoted text ends; two quotes are one in it.
fn end_of_quoted(text: &str, quote: char) -> Option<usize> {
    let mut at = 1;
    loop {
        at += text[at..].find(quote)? + 1;
        if !text[at..].starts_with(quote) {
            return Some(at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_hides_them() {
        for sql in [
            "select set_config('a', 'b', false)",
            "select \"SET_CONFIG\"('a', 'b', false)",
            "select/* /* */ */pg_sleep(1)",
            "select 'it''s', pg_sleep(1)",
            "select 1--\rfrom pg_class",
            "select E'\\' , pg_sleep(1) --'",
            "select U&\"pg\\005fsleep\"(1)",
            "select $$ ' $$, pg_sleep(1), $$ ' $$",
            "select 1into more",
            "with a as (select 1) select * into more from a",
            "select 1; select 2",
            "values (1); values (2)",
            "/* only */",
            "select 'open",
            "select 'a') host_row union all select 'b' from (select 'c'",
        ] {
            assert!(check(sql).is_err(), "{sql}");
        }
        for sql in [
            "select 'pg_sleep(1); host_once', \"text\" from note where id = $1;",
            "insert into note values ($1, 'a''b')",
            "with new as (insert into note values ($1) returning id) select * from new -- host_",
        ] {
            assert!(check(sql).is_ok(), "{sql}: {:?}", check(sql));
        }
        for sql in [
            "create function f() returns void as 'a'",
            "create temp table t (a text)",
            "drop table host_once",
            "commit",
        ] {
            assert!(check_migration(sql).is_err(), "{sql}");
        }
        assert!(check_migration("create table if not exists a (b text); create unique index c on a (b);").is_ok());
    }
}
