//! `grader export`: the marks of a class as CSV or xlsx.

use std::io::IsTerminal;
use std::path::Path;

use serde::Deserialize;

use super::arguments::{Export, SheetFormat};
use super::help::is_dash;
use super::output;
use crate::client::{Class, Client, encoded};
use crate::session::{Failure, Outcome, Session, harmless};

/// What a class has been given.
#[derive(Deserialize)]
struct Marks {
    assignments: Vec<Assignment>,
}

#[derive(Deserialize)]
struct Assignment {
    id: String,
    title: String,
}

/// Fetches the marks and writes them where the person wants them.
pub fn export(session: &Session, arguments: &Export) -> Result<Outcome, Failure> {
    let file = arguments.output.as_deref().filter(|path| !is_dash(path));
    if file.is_none() && arguments.format == SheetFormat::Xlsx && std::io::stdout().is_terminal() {
        return Err(session.failure(Outcome::Usage, "xlsx-needs-file", &[]));
    }
    let client = Client::signed_in(session, arguments.server.as_deref())?;
    let class = client.class(&arguments.class)?;
    if let Some(file) = file {
        output::may_replace(session, &[file], arguments.yes)?;
    }
    let format = match (session.json, arguments.format) {
        (true, _) => "json",
        (false, SheetFormat::Csv) => "csv",
        (false, SheetFormat::Xlsx) => "xlsx",
    };
    let mut path = format!("/api/v1/classes/{}/marks?format={format}", encoded(&class.id));
    if let Some(assignment) = &arguments.assignment {
        path.push_str(&format!("&assignment={}", encoded(&find(session, &client, &class, assignment)?)));
    }
    let marks = client.get(&path)?;
    match file {
        Some(file) => write(session, file, &marks, &class.name)?,
        None => session.print_bytes(&marks),
    }
    Ok(Outcome::Fine)
}

/// The id of the assignment that `wanted` names: by id or exact title.
fn find(session: &Session, client: &Client<'_>, class: &Class, wanted: &str) -> Result<String, Failure> {
    let marks: Marks = client.get_json(&format!("/api/v1/classes/{}/marks?format=json", encoded(&class.id)))?;
    let is_wanted = |assignment: &&Assignment| assignment.id == wanted || assignment.title == wanted.trim();
    let mut found = marks.assignments.iter().filter(is_wanted);
    match (found.next(), found.next()) {
        (Some(assignment), None) => Ok(assignment.id.clone()),
        _ => {
            let mut failure = session.failure(Outcome::Usage, "no-assignment", &[("assignment", &harmless(wanted))]);
            let list =
                marks.assignments.iter().map(|one| format!("\n  {}  {}", harmless(&one.title), harmless(&one.id)));
            failure.help = failure.help.map(|help| help + &list.collect::<String>());
            Err(failure)
        }
    }
}

fn write(session: &Session, file: &Path, marks: &[u8], class: &str) -> Result<(), Failure> {
    output::write(session, file, marks)?;
    session.say(&session.words("exported", &[("class", &harmless(class)), ("file", &file.display())]));
    Ok(())
}
