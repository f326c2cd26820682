//! `grader roster import`: student numbers and names from CSV or xlsx, with a difference before anything changes.

use serde::Deserialize;
use serde_json::Value;

use super::arguments::RosterImport;
use super::source;
use crate::client::{Client, ServerDiagnostic, encoded};
use crate::session::{Color, Failure, Outcome, Session, harmless};

/// The most students of one sort that are shown.
const MOST_SHOWN: usize = 100;

/// The difference between a file and the roster.
#[derive(Deserialize)]
struct Preview {
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    columns: Option<Columns>,
    base: Option<Value>,
    #[serde(default)]
    added: Vec<Student>,
    #[serde(default)]
    renamed: Vec<Renamed>,
    #[serde(default)]
    left: Vec<Student>,
    #[serde(default)]
    returned: Vec<Student>,
    #[serde(default)]
    unchanged: u64,
    #[serde(default)]
    problems: Vec<ServerDiagnostic>,
}

#[derive(Deserialize)]
struct Columns {
    number: Value,
    name: Value,
}

#[derive(Deserialize)]
struct Student {
    number: String,
    name: String,
}

#[derive(Deserialize)]
struct Renamed {
    number: String,
    before: String,
    after: String,
}

/// Shows the difference, asks, and sends the file. Who is missing from it stays in the class unless the teacher says so.
pub fn import(session: &Session, arguments: &RosterImport) -> Result<Outcome, Failure> {
    let bytes = source::bytes(session, &arguments.file)?;
    let client = Client::signed_in(session, arguments.server.as_deref())?;
    let class = client.class(&arguments.class)?;
    let name =
        arguments.file.file_name().map_or_else(|| "roster.csv".to_owned(), |name| name.to_string_lossy().into_owned());
    let name = if name == "-" { "roster.csv".to_owned() } else { name };
    let path = format!("/api/v1/classes/{}/roster", encoded(&class.id));
    let query = format!("file_name={}", encoded(&name));
    let raw = client.send("POST", &format!("{path}/preview?{query}"), "application/octet-stream", &bytes)?;
    let preview: Preview = client.read_json(&raw)?;
    if session.json {
        let value: Value = client.read_json(&raw)?;
        session.print(&format!("{value}\n"));
    }
    show(session, arguments, &preview, &class.name);
    if preview.problems.iter().any(|found| found.severity.as_deref() == Some("error")) {
        session.say(&session.words("nothing-sent", &[]));
        return Ok(Outcome::Findings);
    }
    let missing = preview.left.len();
    if missing > 0 && !arguments.leave_missing {
        session.say(&session.words("roster-missing", &[("count", &missing)]));
    }
    let leaving = if arguments.leave_missing { missing } else { 0 };
    if preview.added.len() + preview.renamed.len() + preview.returned.len() + leaving == 0 {
        session.say(&session.words("roster-same", &[]));
        return Ok(Outcome::Fine);
    }
    if arguments.dry_run {
        session.say(&session.words("dry-run", &[]));
        return Ok(Outcome::Fine);
    }
    session.confirm(&session.words("roster-question", &[("class", &harmless(&class.name))]), arguments.yes)?;
    let base = preview
        .base
        .as_ref()
        .map_or_else(String::new, |base| base.as_str().map_or_else(|| base.to_string(), str::to_owned));
    let left = if arguments.leave_missing { "&left=all" } else { "" };
    let address = format!("{path}?{query}&base={}{left}", encoded(&base));
    let reply = client.send("PUT", &address, "application/octet-stream", &bytes)?;
    if session.json {
        let value: Value = client.read_json(&reply)?;
        session.print(&format!("{value}\n"));
    }
    session.say(&session.paint_words(Color::Good, &session.words("roster-sent", &[("class", &harmless(&class.name))])));
    Ok(Outcome::Fine)
}

fn show(session: &Session, arguments: &RosterImport, preview: &Preview, class: &str) {
    session.say(&session.paint_words(Color::Strong, &session.words("roster-head", &[("class", &harmless(class))])));
    if let (Some(encoding), Some(columns)) = (&preview.encoding, &preview.columns) {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), harmless);
        let read = session.words(
            "roster-read",
            &[("encoding", &harmless(encoding)), ("number", &text(&columns.number)), ("name", &text(&columns.name))],
        );
        session.say(&session.paint_words(Color::Soft, &format!("  {read}")));
    }
    for found in &preview.problems {
        let color = if found.severity.as_deref() == Some("error") { Color::Bad } else { Color::Doubtful };
        session.say(&session.paint_words(color, &format!("  ! {}", harmless(&found.message))));
    }
    let row = |sign: &str, color, student: &Student| {
        let words = format!("  {sign} {}  {}", harmless(&student.number), harmless(&student.name));
        session.say(&session.paint_words(color, &words));
    };
    let rows = |sign: &str, color, students: &[Student], most: usize| {
        students.iter().take(most).for_each(|student| row(sign, color, student));
        if students.len() > most {
            session.say(&session.words("and-more", &[("count", &(students.len() - most))]));
        }
    };
    rows("+", Color::Good, &preview.added, MOST_SHOWN);
    rows("↩", Color::Good, &preview.returned, MOST_SHOWN);
    for renamed in &preview.renamed {
        let words =
            format!("  ~ {}  {} → {}", harmless(&renamed.number), harmless(&renamed.before), harmless(&renamed.after));
        session.say(&session.paint_words(Color::Doubtful, &words));
    }
    match arguments.leave_missing {
        true => rows("−", Color::Bad, &preview.left, MOST_SHOWN),
        false => rows("?", Color::Doubtful, &preview.left, 10),
    }
    let counts = [
        ("added", &preview.added.len() as &dyn std::fmt::Display),
        ("renamed", &preview.renamed.len()),
        ("left", &preview.left.len()),
        ("returned", &preview.returned.len()),
        ("unchanged", &preview.unchanged),
    ];
    let id = if arguments.leave_missing { "roster-counts-leaving" } else { "roster-counts" };
    session.say(&session.words(id, &counts));
}
