//! The arguments. Their explanations are in the locale files; `help` puts them in.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use grader::formats::Format;

#[derive(Parser)]
#[command(
    name = "grader",
    version,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
#[command(arg_required_else_help = true, subcommand_required = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    #[arg(long, global = true, display_order = 100)]
    pub json: bool,
    #[arg(long, global = true, display_order = 101)]
    no_color: bool,
    #[arg(long, global = true, value_name = "LANG", display_order = 102, value_parser = ["zh-CN", "en"], hide_possible_values = true)]
    lang: Option<String>,
    #[arg(short, long, global = true, action = ArgAction::Help, display_order = 103)]
    help: Option<bool>,
    #[arg(short = 'V', long, action = ArgAction::Version, display_order = 104)]
    version: Option<bool>,
}

#[derive(Subcommand)]
pub enum Command {
    Check(Check),
    Import(Import),
    Grade(Grade),
    Roster {
        #[command(subcommand)]
        command: RosterCommand,
    },
    Export(Export),
    Login(Login),
    Logout(Logout),
    Completions {
        #[arg(hide_possible_values = true)]
        shell: clap_complete::Shell,
    },
    Man,
}

#[derive(Subcommand)]
pub enum RosterCommand {
    Import(RosterImport),
}

#[derive(Args)]
pub struct Check {
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[arg(long, value_name = "FORMAT", value_parser = format_parser(), hide_possible_values = true)]
    pub format: Option<Format>,
}

#[derive(Args)]
pub struct Import {
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[arg(short, long, required_unless_present = "output")]
    pub class: Option<String>,
    #[arg(short, long, value_name = "FILE.md", conflicts_with = "class")]
    pub output: Option<PathBuf>,
    #[arg(long, value_name = "FORMAT", value_parser = format_parser(), hide_possible_values = true)]
    pub format: Option<Format>,
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    #[arg(short, long)]
    pub yes: bool,
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
}

#[derive(Args)]
pub struct Grade {
    pub assignment: PathBuf,
    #[arg(short, long, value_name = "ANSWERS.csv")]
    pub answers: PathBuf,
}

#[derive(Args)]
pub struct RosterImport {
    pub file: PathBuf,
    #[arg(short, long)]
    pub class: String,
    #[arg(long)]
    pub leave_missing: bool,
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    #[arg(short, long)]
    pub yes: bool,
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
}

#[derive(Args)]
pub struct Export {
    #[arg(short, long)]
    pub class: String,
    #[arg(long)]
    pub assignment: Option<String>,
    #[arg(long, default_value = "csv", hide_default_value = true, hide_possible_values = true)]
    pub format: SheetFormat,
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[arg(short, long)]
    pub yes: bool,
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SheetFormat {
    Csv,
    Xlsx,
}

#[derive(Args)]
pub struct Login {
    #[arg(value_name = "LOGIN")]
    pub login: Option<String>,
    #[arg(long)]
    pub password_stdin: bool,
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
}

#[derive(Args)]
pub struct Logout {
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
}

fn format_parser() -> impl clap::builder::TypedValueParser<Value = Format> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    PossibleValuesParser::new(Format::ALL.map(Format::name)).map(|name| {
        Format::ALL.into_iter().find(|format| format.name() == name).expect("the parser accepts these names alone")
    })
}
