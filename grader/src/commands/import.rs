//! `grader import`: checks files, shows what they change in the classroom, asks, and sends them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use grader::{assignment, textbook};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::arguments::Import;
use super::check;
use super::help::is_dash;
use super::output;
use super::report;
use super::source::{self, Understood};
use crate::client::{Class, Client, encoded};
use crate::session::{Color, Failure, Outcome, Session, harmless};

/// The difference between a file and what the classroom has.
#[derive(Deserialize)]
struct Preview {
    #[serde(default)]
    assignment: Option<Value>,
    title: String,
    base: Option<Value>,
    #[serde(default)]
    changes: Vec<Change>,
    #[serde(default)]
    questions: Vec<Unclear>,
    #[serde(default)]
    gains: Vec<Shift>,
    #[serde(default)]
    losses: Vec<Shift>,
    #[serde(default)]
    confirmed: u64,
    #[serde(default)]
    unconfirmed: u64,
    #[serde(default)]
    open: u64,
}

impl Preview {
    /// Whether the classroom has all of it already.
    fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.questions.is_empty() && self.assignment.is_some()
    }
}

#[derive(Deserialize)]
struct Change {
    kind: String,
    #[serde(default)]
    before: Option<String>,
    #[serde(default)]
    after: Option<String>,
    summary: String,
}

/// Something that only a person knows, such as which blank an old one became.
#[derive(Deserialize)]
struct Unclear {
    id: String,
    summary: String,
    options: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    value: String,
    label: String,
}

/// A student whose points change.
#[derive(Deserialize)]
struct Shift {
    student: String,
    before: Value,
    after: Value,
}

#[derive(Serialize)]
struct Sent<'a> {
    source: &'a str,
    base: &'a Option<Value>,
    answers: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Done {
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    regraded: u64,
}

/// Imports files. Where one of them has an error, none is sent.
pub fn import(session: &Session, arguments: &Import) -> Result<Outcome, Failure> {
    if arguments.output.is_some() && arguments.files.len() > 1 {
        return Err(session.failure(Outcome::Usage, "one-output", &[]));
    }
    let mut understood = Vec::new();
    let mut is_refused = false;
    for path in &arguments.files {
        let file = source::understand(session, path, arguments.format)?;
        check::show(session, &file);
        is_refused |= file.is_refused() || (arguments.output.is_none() && !is_readable(session, &file, &file.file));
        understood.push(file);
    }
    if is_refused {
        session.say(&session.words("nothing-sent", &[]));
        return Ok(Outcome::Findings);
    }
    match (&arguments.output, &arguments.class) {
        (Some(output), _) => write(session, arguments, &understood[0], output),
        (None, Some(class)) => send_all(session, arguments, &understood, class),
        (None, None) => Err(session.failure(Outcome::Usage, "class-needed", &[])),
    }
}

/// Whether what was made of a textbook page can be read back; if not, shows why. A book may count its exercises anew in
/// each part, for one.
fn is_readable(session: &Session, understood: &Understood, name: &str) -> bool {
    if understood.page.is_none() || understood.is_refused() {
        return true;
    }
    let file = understood.assignment_file(session);
    let Err(found) = assignment::parse(&file, session.language) else { return true };
    session.show(&found, &file, &session.words("made-of", &[("file", &name)]));
    session.say(&session.words("made-of-help", &[]));
    false
}

/// Writes the assignment file, and a textbook's chapter beside it.
fn write(session: &Session, arguments: &Import, understood: &Understood, output: &Path) -> Result<Outcome, Failure> {
    let file = understood.assignment_file(session);
    if is_dash(output) {
        session.print(&file);
        return Ok(Outcome::Fine);
    }
    let mut files: Vec<(PathBuf, String)> = vec![(output.to_owned(), file)];
    if let Some(page) = &understood.page {
        files.push((output.with_extension("chapter.md"), textbook::chapter_draft(page)));
    }
    if let (false, Some(assignment)) = (session.json, &understood.assignment) {
        session.print(&report::summary(session, understood, assignment));
    }
    if arguments.dry_run {
        for (path, _) in &files {
            session.say(&session.words("would-write", &[("file", &path.display())]));
        }
        return Ok(Outcome::Fine);
    }
    if let Some((path, _)) = files.iter().find(|(path, _)| is_same(path, Path::new(&understood.file))) {
        return Err(session.failure(Outcome::Usage, "output-input", &[("file", &path.display())]));
    }
    let paths: Vec<&Path> = files.iter().map(|(path, _)| path.as_path()).collect();
    output::may_replace(session, &paths, arguments.yes)?;
    for (path, content) in &files {
        output::write(session, path, content.as_bytes())?;
        session.say(&session.words("written", &[("file", &path.display())]));
    }
    if !is_readable(session, understood, &output.display().to_string()) {
        return Ok(Outcome::Findings);
    }
    Ok(Outcome::Fine)
}

/// Whether both names are of one file.
fn is_same(first: &Path, second: &Path) -> bool {
    matches!((first.canonicalize(), second.canonicalize()), (Ok(first), Ok(second)) if first == second)
}

fn send_all(session: &Session, arguments: &Import, understood: &[Understood], class: &str) -> Result<Outcome, Failure> {
    let client = Client::signed_in(session, arguments.server.as_deref())?;
    let class = client.class(class)?;
    for file in understood {
        send(session, arguments, &client, &class, file)?;
    }
    Ok(Outcome::Fine)
}

/// Asks the classroom what a file would change, given these answers to what was unclear.
fn ask_preview(
    session: &Session,
    client: &Client<'_>,
    path: &str,
    source: &str,
    answers: &BTreeMap<String, String>,
) -> Result<Preview, Failure> {
    #[derive(Serialize)]
    struct Request<'a> {
        source: &'a str,
        answers: &'a BTreeMap<String, String>,
    }
    let raw: Value = client.post_json(&format!("{path}/preview"), &Request { source, answers })?;
    if session.json {
        session.print(&format!("{raw}\n"));
    }
    client.read_json(raw.to_string().as_bytes())
}

fn send(
    session: &Session,
    arguments: &Import,
    client: &Client<'_>,
    class: &Class,
    file: &Understood,
) -> Result<(), Failure> {
    let source = file.assignment_file(session);
    let path = format!("/api/v1/classes/{}/assignments", encoded(&class.id));
    let mut answers = BTreeMap::new();
    let mut preview = ask_preview(session, client, &path, &source, &answers)?;
    if preview.is_empty() {
        session.say(&session.words("no-changes", &[("title", &harmless(&preview.title))]));
        return Ok(());
    }
    if !preview.questions.is_empty() && !arguments.dry_run {
        session.say(&session.paint_words(Color::Strong, &session.words("unclear", &[])));
        answers = ask_unclear(session, arguments, &preview.questions)?;
        preview = ask_preview(session, client, &path, &source, &answers)?;
    }
    show(session, &preview, class);
    if arguments.dry_run {
        for question in &preview.questions {
            session.say(&session.paint_words(Color::Doubtful, &format!("  ? {}", harmless(&question.summary))));
        }
        session.say(&session.words("dry-run", &[]));
        return Ok(());
    }
    let question =
        session.words("send-question", &[("title", &harmless(&preview.title)), ("class", &harmless(&class.name))]);
    session.confirm(&question, arguments.yes)?;
    let body =
        serde_json::to_vec(&Sent { source: &source, base: &preview.base, answers }).expect("strings are always JSON");
    let reply = client.send("PUT", &path, "application/json", &body)?;
    let done: Done = client.read_json(&reply)?;
    let url = done
        .url
        .map(|url| if url.starts_with('/') { format!("{}{url}", client.url()) } else { url })
        .unwrap_or_default();
    if session.json {
        let reply: Value = client.read_json(&reply)?;
        session.print(&format!("{reply}\n"));
    }
    session.say(&session.paint_words(
        Color::Good,
        &session.words("sent", &[("title", &harmless(&preview.title)), ("class", &harmless(&class.name))]),
    ));
    if done.regraded > 0 {
        session.say(&session.words("regraded", &[("count", &done.regraded)]));
    }
    if !url.is_empty() {
        session.say(&format!("  {}", harmless(&url)));
    }
    Ok(())
}

fn show(session: &Session, preview: &Preview, class: &Class) {
    let id = if preview.assignment.is_some() { "preview-changed" } else { "preview-new" };
    let head = session.words(id, &[("title", &harmless(&preview.title)), ("class", &harmless(&class.name))]);
    session.say(&session.paint_words(Color::Strong, &head));
    for change in &preview.changes {
        let (sign, color) = match change.kind.as_str() {
            "added" | "blank-added" => ("+", Color::Good),
            "removed" | "blank-removed" => ("−", Color::Bad),
            _ => ("~", Color::Doubtful),
        };
        session.say(&session.paint_words(color, &format!("  {sign} {}", harmless(&change.summary))));
        // What the summary says already is not said twice.
        if let (Some(before), Some(after)) = (&change.before, &change.after)
            && !(change.summary.contains(before.as_str()) && change.summary.contains(after.as_str()))
        {
            session.say(&session.paint_words(Color::Bad, &format!("      − {}", harmless(before))));
            session.say(&session.paint_words(Color::Good, &format!("      + {}", harmless(after))));
        }
    }
    for (shifts, id, color) in [(&preview.gains, "gains", Color::Good), (&preview.losses, "losses", Color::Bad)] {
        if shifts.is_empty() {
            continue;
        }
        session.say(&session.paint_words(color, &session.words(id, &[("count", &shifts.len())])));
        for shift in shifts.iter().take(10) {
            session.say(&format!(
                "      {}  {} → {}",
                harmless(&shift.student),
                plain(&shift.before),
                plain(&shift.after)
            ));
        }
        if shifts.len() > 10 {
            session.say(&session.words("and-more", &[("count", &(shifts.len() - 10))]));
        }
    }
    if preview.unconfirmed + preview.open > 0 {
        let counts = [
            ("confirmed", &preview.confirmed as &dyn std::fmt::Display),
            ("unconfirmed", &preview.unconfirmed),
            ("open", &preview.open),
        ];
        session.say(&session.words("key-counts", &counts));
    }
}

/// A JSON value as a person writes it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => harmless(text),
        other => other.to_string(),
    }
}

/// Asks what only a person knows. With `--yes` the first option is taken, and said.
fn ask_unclear(
    session: &Session,
    arguments: &Import,
    questions: &[Unclear],
) -> Result<BTreeMap<String, String>, Failure> {
    let mut answers = BTreeMap::new();
    for question in questions {
        let Some(first) = question.options.first() else { continue };
        session.say(&format!("  ? {}", harmless(&question.summary)));
        for (index, option) in question.options.iter().enumerate() {
            session.say(&format!("      {}  {}", index + 1, harmless(&option.label)));
        }
        let chosen = if arguments.yes {
            session.say(&session.words("chosen", &[("label", &harmless(&first.label))]));
            first
        } else {
            choose(session, &question.options)?
        };
        answers.insert(question.id.clone(), chosen.value.clone());
    }
    Ok(answers)
}

fn choose<'a>(session: &Session, options: &'a [Choice]) -> Result<&'a Choice, Failure> {
    if !session.can_ask() {
        return Err(session.failure(Outcome::Usage, "no-terminal", &[]));
    }
    loop {
        let answer = session.ask(&session.words("choose", &[("most", &options.len())])).ok_or_else(|| Failure {
            outcome: Outcome::Refused,
            message: session.words("declined", &[]),
            help: None,
        })?;
        let index = if answer.is_empty() { Some(1) } else { answer.parse::<usize>().ok() };
        if let Some(option) = index.and_then(|index| options.get(index.wrapping_sub(1))) {
            return Ok(option);
        }
    }
}
