//! Help, wrong usage, completions and the man page, in the reader's language.

use std::ffi::{OsStr, OsString};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};
use grader::Language;

use super::arguments::Arguments;
use crate::session::{Color, Failure, Outcome, Session, harmless};

/// The arguments with `help COMMAND` written as `COMMAND --help`.
pub fn rewritten(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.get(1).is_some_and(|first| first == "help") {
        arguments.remove(1);
        arguments.push("--help".into());
    }
    arguments
}

/// The language: `--lang`, else the locale, else Chinese.
pub fn language(arguments: &[OsString]) -> Language {
    let mut named = None;
    for (index, argument) in arguments.iter().enumerate() {
        let argument = argument.to_string_lossy();
        match argument.strip_prefix("--lang") {
            Some("") => named = arguments.get(index + 1).map(|value| value.to_string_lossy().into_owned()),
            Some(rest) => named = rest.strip_prefix('=').map(str::to_owned).or(named),
            None => {}
        }
    }
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    match named.or(locale) {
        Some(tag) if !tag.to_ascii_lowercase().starts_with("zh") => Language::English,
        _ => Language::Chinese,
    }
}

/// The command with every explanation in the session's language.
pub fn command(session: &Session) -> Command {
    let mut command = translated(session, Arguments::command(), "");
    if session.no_color {
        command = command.color(clap::ColorChoice::Never);
    }
    command.term_width(width()).subcommand_value_name("COMMAND")
}

/// The terminal's width, at most what reads well; 80 where there is none.
fn width() -> usize {
    std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(100usize).clamp(40, 100)
}

fn translated(session: &Session, command: Command, path: &str) -> Command {
    let words = |id: &str| session.words(id, &[]);
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let has_positionals = command.get_positionals().next().is_some();
    let mut sections = String::new();
    for (present, heading, section) in [
        (!names.is_empty(), "heading-commands", "subcommands"),
        (has_positionals, "heading-arguments", "positionals"),
        (true, "heading-options", "options"),
    ] {
        if present {
            sections.push_str(&format!("\n\n{}\n{{{section}}}", words(heading)));
        }
    }
    let mut command = command
        .about(words(&format!("about{path}")))
        .help_template(format!("{{about-with-newline}}\n{}{{usage}}{sections}{{after-help}}", words("heading-usage")))
        .mut_args(|argument| {
            let name = argument.get_id().as_str().replace('_', "-");
            let id = if is_shared(&name, path) { format!("option-{name}") } else { format!("about{path}-{name}") };
            argument.help(words(&id))
        });
    if names.is_empty() || path.is_empty() {
        command = command.after_help(words(&format!("about{path}-examples")));
    }
    for name in names {
        command = command.mut_subcommand(&name, |sub| translated(session, sub, &format!("{path}-{name}")));
    }
    command
}

/// Whether several commands have this option with one explanation.
fn is_shared(name: &str, path: &str) -> bool {
    match name {
        "json" | "no-color" | "lang" | "help" | "version" | "server" | "yes" | "dry-run" | "class" => true,
        "format" => path != "-export",
        _ => false,
    }
}

/// Says what is wrong with the arguments, or prints the help or the version that was asked for.
pub fn explain(session: &Session, error: &clap::Error) -> Outcome {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            return Outcome::Fine;
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            return Outcome::Usage;
        }
        _ => {}
    }
    let text = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(value)) => harmless(value),
        Some(ContextValue::Strings(values)) => harmless(&values.join(" / ")),
        _ => String::new(),
    };
    let argument = text(ContextKind::InvalidArg);
    let value = text(ContextKind::InvalidValue);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => session.words("usage-unknown", &[("argument", &argument)]),
        ErrorKind::InvalidSubcommand => {
            session.words("usage-command", &[("command", &text(ContextKind::InvalidSubcommand))])
        }
        ErrorKind::MissingRequiredArgument => session.words("usage-required", &[("argument", &argument)]),
        ErrorKind::MissingSubcommand => session.words("usage-missing-command", &[]),
        ErrorKind::ArgumentConflict => {
            session.words("usage-conflict", &[("argument", &argument), ("other", &text(ContextKind::PriorArg))])
        }
        ErrorKind::InvalidValue if value.is_empty() => session.words("usage-no-value", &[("argument", &argument)]),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            session.words("usage-value", &[("argument", &argument), ("value", &value)])
        }
        ErrorKind::InvalidUtf8 => session.words("usage-utf8", &[]),
        _ => session.words("usage-other", &[("argument", &argument)]),
    };
    let mut help = Vec::new();
    for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue] {
        let suggestion = text(kind);
        if !suggestion.is_empty() {
            help.push(session.words("usage-suggestion", &[("suggestion", &suggestion)]));
        }
    }
    let valid = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) if !values.is_empty() => values.join(", "),
        _ => String::new(),
    };
    if help.is_empty() && !valid.is_empty() {
        help.push(session.words("usage-values", &[("values", &valid)]));
    }
    help.push(session.words("usage-more", &[]));
    session.complain(&Failure { outcome: Outcome::Usage, message, help: Some(help.join("")) });
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let usage = usage.trim_start_matches("Usage:").trim();
        session.say(&format!("{}{usage}", session.paint_words(Color::Soft, &session.words("heading-usage", &[]))));
    }
    Outcome::Usage
}

/// Prints a completion script.
pub fn completions(session: &Session, shell: clap_complete::Shell) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(session), "grader", &mut script);
    session.print_bytes(&script);
    Outcome::Fine
}

/// Prints the man page, with a part for each command.
pub fn man(session: &Session) -> Outcome {
    let mut command = command(session);
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).expect("writing to memory does not fail");
    for sub in command.get_subcommands() {
        add_to_man(sub, &format!("grader {}", sub.get_name()), &mut page);
    }
    session.print_bytes(&page);
    Outcome::Fine
}

/// Adds a command's part, or those of its own commands.
fn add_to_man(command: &Command, name: &str, page: &mut Vec<u8>) {
    if command.has_subcommands() {
        for sub in command.get_subcommands() {
            add_to_man(sub, &format!("{name} {}", sub.get_name()), page);
        }
        return;
    }
    let man = clap_mangen::Man::new(command.clone());
    let mut part = Vec::new();
    man.render_synopsis_section(&mut part)
        .and_then(|()| man.render_description_section(&mut part))
        .and_then(|()| man.render_options_section(&mut part))
        .and_then(|()| man.render_extra_section(&mut part))
        .expect("writing to memory does not fail");
    let part = String::from_utf8_lossy(&part).replace(".SH ", ".SS ");
    page.extend_from_slice(format!(".SH \"{name}\"\n{part}").as_bytes());
}

/// Whether a path means stdin or stdout.
pub fn is_dash(path: &std::path::Path) -> bool {
    path.as_os_str() == OsStr::new("-")
}
