//! `grader check`: reads files and says what was understood and what is wrong.

use grader::diagnostic::Severity;

use super::arguments::Check;
use super::report::{self, Report};
use super::source::{self, Understood};
use crate::session::{Color, Failure, Outcome, Session};

/// Checks each file; the worst outcome wins.
pub fn check(session: &Session, arguments: &Check) -> Result<Outcome, Failure> {
    let mut worst = Outcome::Fine;
    for path in &arguments.files {
        let outcome = match source::understand(session, path, arguments.format) {
            Ok(understood) => one(session, &understood),
            Err(failure) => {
                session.complain(&failure);
                failure.outcome
            }
        };
        worst = worst.max(outcome);
    }
    Ok(worst)
}

fn one(session: &Session, understood: &Understood) -> Outcome {
    if session.json {
        session.print(&Report::new(understood).to_json());
    } else {
        show(session, understood);
        if let Some(assignment) = &understood.assignment {
            session.print(&report::summary(session, understood, assignment));
        }
    }
    if understood.is_refused() { Outcome::Findings } else { Outcome::Fine }
}

/// Shows a file's diagnostics, and how many they are.
pub fn show(session: &Session, understood: &Understood) {
    session.show(&understood.diagnostics, &understood.text, &understood.file);
    let count = |severity| understood.diagnostics.iter().filter(|found| found.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if errors > 0 {
        let words =
            session.words("refused", &[("file", &understood.file), ("errors", &errors), ("warnings", &warnings)]);
        session.say(&session.paint_words(Color::Bad, &words));
    }
}
