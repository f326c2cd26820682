//! `grader export`: the marks of a class as CSV or xlsx.

use std::io::IsTerminal;
use std::path::Path;

use super::arguments::{Export, SheetFormat};
use super::help::is_dash;
use super::output;
use crate::client::{Client, encoded};
use crate::session::{Failure, Outcome, Session, harmless};

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
        path.push_str(&format!("&assignment={}", encoded(assignment)));
    }
    let marks = client.get(&path)?;
    match file {
        Some(file) => write(session, file, &marks, &class.name)?,
        None => session.print_bytes(&marks),
    }
    Ok(Outcome::Fine)
}

fn write(session: &Session, file: &Path, marks: &[u8], class: &str) -> Result<(), Failure> {
    output::write(session, file, marks)?;
    session.say(&session.words("exported", &[("class", &harmless(class)), ("file", &file.display())]));
    Ok(())
}
