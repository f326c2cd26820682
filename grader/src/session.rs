//! How the command speaks: language, colour, where words and data go, and how it asks.

use std::fmt::Display;
use std::io::{self, BufRead, IsTerminal, Write};

use grader::message::{self, FluentValue};
use grader::{Language, diagnostic};

/// Why the command ends, as its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// All is well.
    Fine = 0,
    /// A file has errors.
    Findings = 1,
    /// The command was used wrongly.
    Usage = 2,
    /// A file cannot be read, a server not be reached.
    Environment = 3,
    /// The server or the person said no.
    Refused = 4,
}

/// What went wrong, in words, and what to do.
#[derive(Debug)]
pub struct Failure {
    pub outcome: Outcome,
    pub message: String,
    pub help: Option<String>,
}

/// The language, the colours and the kind of output of this run.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    pub language: Language,
    /// Data as JSON.
    pub json: bool,
    /// No colours whatever the terminal can do.
    pub no_color: bool,
}

/// A colour by its role.
#[derive(Clone, Copy)]
pub enum Color {
    Good,
    Bad,
    Doubtful,
    Soft,
    Strong,
}

impl Session {
    /// The message `command-ID` with arguments.
    pub fn words(&self, id: &str, arguments: &[(&'static str, &dyn Display)]) -> String {
        let values: Vec<(&'static str, FluentValue<'_>)> = arguments
            .iter()
            .map(|(name, value)| {
                let value = value.to_string();
                let number = value.parse::<u32>().ok().filter(|number| number.to_string() == value);
                (*name, number.map_or_else(|| FluentValue::from(value), |number| FluentValue::from(f64::from(number))))
            })
            .collect();
        message::text_with_values(self.language, &format!("command-{id}"), &values)
    }

    /// A failure whose message is `command-ID` and whose help `command-ID-help`.
    pub fn failure(&self, outcome: Outcome, id: &str, arguments: &[(&'static str, &dyn Display)]) -> Failure {
        let help = self.words(&format!("{id}-help"), arguments);
        Failure { outcome, message: self.words(id, arguments), help: Some(help) }
    }

    /// Prints words for the person.
    pub fn say(&self, words: &str) {
        // A person who closed the terminal does not read what went wrong with it.
        let _ = writeln!(io::stderr().lock(), "{words}");
    }

    /// Prints data. Ends quietly when the reader has had enough, as in `| head`.
    pub fn print(&self, data: &str) {
        self.print_bytes(data.as_bytes());
    }

    /// Prints data as it is.
    pub fn print_bytes(&self, data: &[u8]) {
        let mut stdout = io::stdout().lock();
        if stdout.write_all(data).and_then(|()| stdout.flush()).is_err() {
            std::process::exit(Outcome::Fine as i32);
        }
    }

    /// Prints diagnostics with the lines they are about.
    pub fn show(&self, diagnostics: &[diagnostic::Diagnostic], source: &str, file: &str) {
        if !diagnostics.is_empty() {
            let shown = diagnostic::render(diagnostics, source, file, self.colors_words(), self.language);
            let _ = write!(io::stderr().lock(), "{shown}");
        }
    }

    /// Prints a failure.
    pub fn complain(&self, failure: &Failure) {
        if failure.outcome == Outcome::Refused && failure.message == self.words("declined", &[]) {
            // A no is no error.
            return self.say(&failure.message);
        }
        let error = message::text(self.language, "assignment-severity-error");
        let label = self.words("label", &[("label", &error)]);
        self.say(&format!("{}{}", self.paint_words(Color::Bad, &label), failure.message));
        if let Some(help) = &failure.help {
            let label = self.words("label", &[("label", &message::text(self.language, "assignment-severity-help"))]);
            self.say(&format!("{}{help}", self.paint_words(Color::Strong, &label)));
        }
    }

    /// Whether colours go to the terminal that shows words.
    pub fn colors_words(&self) -> bool {
        !self.no_color && io::stderr().is_terminal()
    }

    /// Whether colours go to the terminal that shows data.
    pub fn colors_data(&self) -> bool {
        !self.no_color && io::stdout().is_terminal()
    }

    /// Words for stderr in a colour.
    pub fn paint_words(&self, color: Color, words: &str) -> String {
        paint(self.colors_words(), color, words)
    }

    /// Data for stdout in a colour.
    pub fn paint_data(&self, color: Color, words: &str) -> String {
        paint(self.colors_data(), color, words)
    }

    /// Whether a person can be asked.
    pub fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks and returns the answer without its line end; `None` at the end of the input.
    pub fn ask(&self, question: &str) -> Option<String> {
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "{question}").and_then(|()| stderr.flush());
        let mut answer = String::new();
        match io::stdin().lock().read_line(&mut answer) {
            Ok(length) if length > 0 => Some(answer.trim().to_owned()),
            _ => None,
        }
    }

    /// Asks for a yes. Without a terminal nobody can be asked: that is a wrong use of the command.
    ///
    /// # Errors
    /// When there is no terminal, or when the person says no.
    pub fn confirm(&self, question: &str, yes: bool) -> Result<(), Failure> {
        if yes {
            return Ok(());
        }
        if !self.can_ask() {
            return Err(self.failure(Outcome::Usage, "no-terminal", &[]));
        }
        let answer = self.ask(&format!("{question}{}", self.words("yes-or-no", &[]))).unwrap_or_default();
        if matches!(answer.to_lowercase().as_str(), "y" | "yes" | "是" | "好" | "确认") {
            return Ok(());
        }
        Err(Failure { outcome: Outcome::Refused, message: self.words("declined", &[]), help: None })
    }
}

fn paint(colored: bool, color: Color, words: &str) -> String {
    let code = match color {
        Color::Good => "32",
        Color::Bad => "1;31",
        Color::Doubtful => "33",
        Color::Soft => "2",
        Color::Strong => "1",
    };
    if colored && !words.is_empty() { format!("\u{1b}[{code}m{words}\u{1b}[0m") } else { words.to_owned() }
}

/// Text from a file or a server without control characters, so that it cannot command the terminal.
pub fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
