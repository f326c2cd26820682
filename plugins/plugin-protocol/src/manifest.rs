//! What a plugin says about itself before it runs. Because it is declared, the host can list, compare and approve a
//! plugin without running it, and explain the pages of one that is down.
//!
//! An author writes `plugin.toml`; the SDK adds the files beside it (`templates/`, `locales/`, `migrations/`,
//! `assets/`) and puts all of it, as JSON, into the library. A plugin in another language has the JSON in a file.

mod check;
mod setting;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use check::{MOST_ASSET, MOST_ROUTES, Problem};
pub use setting::{Choice, Setting, SettingKind};

/// A whole plugin, declared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Lower-case letters, digits and `-`: the name of the package.
    pub id: String,
    /// Version, such as `0.1.0`.
    pub version: String,
    /// What people call it.
    pub title: Words,
    /// What it is for, one sentence.
    #[serde(default)]
    pub description: Words,
    /// What it asks of the host.
    #[serde(default)]
    pub permissions: Vec<Permission>,
    /// Other servers it may talk to: `api.example.com`, or with a port, `localhost:8080`. A name in `{}` is the setting
    /// that holds the address.
    #[serde(default)]
    pub http: Vec<String>,
    /// Services without which it does not start.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Services it can do without.
    #[serde(default)]
    pub wants: Vec<String>,
    /// Services it offers, such as `rota.on_duty/1`.
    #[serde(default)]
    pub provides: Vec<String>,
    /// Events.
    #[serde(default)]
    pub events: Events,
    /// Pages.
    #[serde(default)]
    pub routes: Vec<Route>,
    /// Entries among the pages of a class.
    #[serde(default)]
    pub navigation: Vec<Navigation>,
    /// Boxes on the class page.
    #[serde(default)]
    pub widgets: Vec<WidgetEntry>,
    /// Jobs.
    #[serde(default)]
    pub jobs: Vec<JobEntry>,
    /// Settings.
    #[serde(default)]
    pub settings: Vec<Setting>,
    /// What students do, counted, for the gradebook.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// Where its tables speak of people.
    #[serde(default)]
    pub personal_data: Vec<PersonalData>,
    /// Tables that speak of nobody; every table is in one of the two lists.
    #[serde(default)]
    pub impersonal_tables: Vec<String>,
    /// Bounds.
    #[serde(default)]
    pub limits: Limits,
    /// For a plugin that is no library: the program and its arguments; paths are relative to the manifest's folder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Name → Tera source.
    #[serde(default)]
    pub templates: BTreeMap<String, String>,
    /// `zh-CN`, `en` → Fluent source.
    #[serde(default)]
    pub locales: BTreeMap<String, String>,
    /// In the order of their names.
    #[serde(default)]
    pub migrations: Vec<Migration>,
    /// Name → file.
    #[serde(default)]
    pub assets: BTreeMap<String, Asset>,
}

/// Words in the languages of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// In the language with this tag.
    pub fn in_language(&self, tag: &str) -> &str {
        if tag.starts_with("en") { &self.en } else { &self.zh }
    }
}

/// What a plugin may ask of the host beside what its lists say (`http`, `needs`, `wants`, `events`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// Tables of its own.
    Tables,
    /// Names, numbers, roles and posts of the class.
    Roster,
    /// Settings that no page shows.
    Secrets,
    /// Jobs at a moment it chooses.
    Schedule,
    /// Scripts of its own in its pages.
    Scripts,
}

/// Events a plugin tells and hears.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Events {
    /// Names it emits.
    #[serde(default)]
    pub emits: Vec<String>,
    /// Names it hears.
    #[serde(default)]
    pub hears: Vec<String>,
}

/// Who may open something in a class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Anybody, signed in or not.
    Public,
    /// Who is in the class.
    #[default]
    Member,
    /// Who runs the class's public account, and teachers.
    Operator,
    /// Teachers of the class.
    Teacher,
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: String,
    /// Path below the prefix: `/`, `/notes/{note}`.
    pub path: String,
    /// Who may open it.
    #[serde(default, rename = "for")]
    pub audience: Audience,
    /// How long it may take.
    #[serde(default = "page_deadline")]
    pub deadline_ms: u32,
    /// A POST that may be sent again when the worker died under it.
    #[serde(default)]
    pub idempotent: bool,
    /// A POST that reaches the plugin in an archived class too, which is read only otherwise.
    #[serde(default, skip_serializing_if = "is_no")]
    pub in_archive: bool,
}

const fn page_deadline() -> u32 {
    3_000
}

/// An entry among the pages of a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Navigation {
    /// Words.
    pub title: Words,
    /// Path below the prefix.
    #[serde(default = "root")]
    pub path: String,
    /// Who sees it.
    #[serde(default, rename = "for")]
    pub audience: Audience,
}

fn root() -> String {
    "/".into()
}

/// A box on the class page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WidgetEntry {
    /// Id.
    pub id: String,
    /// Words above it.
    pub title: Words,
    /// Who sees it.
    #[serde(default, rename = "for")]
    pub audience: Audience,
    /// How long it may take; the page is sent without it then.
    #[serde(default = "widget_deadline")]
    pub deadline_ms: u32,
    /// Which page it is on.
    #[serde(default)]
    pub slot: Slot,
}

/// A page that has boxes of plugins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Slot {
    /// The page of the class.
    #[default]
    Class,
    /// A student's front page; a box without content is left out.
    Today,
}

const fn widget_deadline() -> u32 {
    300
}

/// A job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobEntry {
    /// Id.
    pub id: String,
    /// When, as in a crontab (minute, hour, day, month, weekday); without one it runs when it is scheduled by a call.
    #[serde(default)]
    pub schedule: String,
    /// Once for every class that uses the plugin, in the class's time zone; else once, in that of Shanghai.
    #[serde(default = "yes")]
    pub for_each_class: bool,
    /// A moment that passed while nothing ran is made up for, once.
    #[serde(default)]
    pub catch_up: bool,
    /// Runs for archived classes too.
    #[serde(default, skip_serializing_if = "is_no")]
    pub in_archive: bool,
    /// How long it may take.
    #[serde(default = "job_deadline")]
    pub deadline_ms: u32,
}

const fn yes() -> bool {
    true
}

/// A host that does not know a field refuses the manifest, so one that says nothing is left out.
fn is_no(value: &bool) -> bool {
    !value
}

const fn job_deadline() -> u32 {
    30_000
}

/// Something students do that can be counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Id.
    pub id: String,
    /// What is counted, such as 完成的值班.
    pub title: Words,
}

/// A column that names a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonalData {
    /// Table.
    pub table: String,
    /// Column with the person's id.
    pub person: String,
    /// What it is kept for.
    pub purpose: Words,
    /// What erasure does.
    #[serde(default)]
    pub erase: Erase,
    /// Columns to export; all without a list.
    #[serde(default)]
    pub columns: Vec<String>,
}

/// What erasure does to the rows of a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Erase {
    /// They go.
    #[default]
    Delete,
    /// They stay, without the person: the column becomes null.
    Detach,
}

/// Bounds of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Memory of the worker, MiB: above it the worker is replaced, at twice as much it ends.
    pub memory_mib: u32,
    /// Calls at a time.
    pub threads: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory_mib: 64, threads: 4 }
    }
}

/// A step of the plugin's tables. It never changes once it has been released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Migration {
    /// Name, such as `001_notes`.
    pub name: String,
    /// SQL for SQLite.
    pub sqlite: String,
    /// SQL for PostgreSQL.
    pub postgres: String,
}

/// A file for the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// Type, such as `text/css`.
    pub content_type: String,
    /// The bytes.
    pub body: crate::body::Body,
}

impl Manifest {
    /// Whether it may ask this of the host.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// The title in a language.
    pub fn title_in(&self, tag: &str) -> &str {
        self.title.in_language(tag)
    }
}
