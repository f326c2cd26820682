//! Whether a manifest makes sense. Everything wrong is said at once, each with its place and a way to mend it.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;

use super::{Manifest, Permission, SettingKind};
use crate::op::HOST;

/// The most routes of a plugin.
pub const MOST_ROUTES: usize = 200;
/// The largest asset, in bytes.
pub const MOST_ASSET: usize = 512 * 1024;

/// Something wrong in a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, such as `routes[2].path`.
    pub place: String,
    /// What, and how to mend it.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl Manifest {
    /// Everything that is wrong with it.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Found(Vec::new());
        self.check_names(&mut found);
        self.check_routes(&mut found);
        self.check_lists(&mut found);
        self.check_settings(&mut found);
        self.check_tables(&mut found);
        self.check_files(&mut found);
        found.0
    }

    fn check_names(&self, found: &mut Found) {
        if !is_id(&self.id) || self.id.len() > 32 {
            found.add("id", format!("{:?} is not 1–32 lower-case letters, digits and '-', a letter first", self.id));
        }
        if self.id == HOST {
            found.add("id", format!("{HOST:?} is what the host calls itself where it asks for a service"));
        }
        let parts: Vec<_> = self.version.split('.').map(str::parse::<u32>).collect();
        if parts.len() != 3 || parts.iter().any(Result::is_err) {
            found.add("version", format!("{:?} is not of the form 1.2.3", self.version));
        }
        for (language, words) in [("zh", &self.title.zh), ("en", &self.title.en)] {
            if words.trim().is_empty() {
                found.add("title", format!("no words for {language}; write title = {{ zh = \"…\", en = \"…\" }}"));
            }
        }
        if !(8..=1024).contains(&self.limits.memory_mib) {
            found.add("limits.memory_mib", format!("{} is not between 8 and 1024", self.limits.memory_mib));
        }
        if !(1..=32).contains(&self.limits.threads) {
            found.add("limits.threads", format!("{} is not between 1 and 32", self.limits.threads));
        }
    }

    fn check_routes(&self, found: &mut Found) {
        if self.routes.len() > MOST_ROUTES {
            found.add("routes", format!("{} routes; at most {MOST_ROUTES}", self.routes.len()));
        }
        let mut seen = BTreeSet::new();
        for (index, route) in self.routes.iter().enumerate() {
            let place = |field: &str| format!("routes[{index}].{field}");
            if !matches!(route.method.as_str(), "GET" | "POST") {
                found.add(place("method"), format!("{:?} is neither GET nor POST", route.method));
            }
            if !is_route(&route.path) {
                let why = "does not begin with / or has other signs than a-z 0-9 - _ . and {name}";
                found.add(place("path"), format!("{:?} {why}", route.path));
            }
            found.deadline(place("deadline_ms"), route.deadline_ms);
            if !seen.insert((&route.method, &route.path)) {
                found.add(place("path"), format!("{} {} is there twice", route.method, route.path));
            }
        }
        for (index, entry) in self.navigation.iter().enumerate() {
            if !self.routes.iter().any(|route| route.method == "GET" && route.path == entry.path) {
                found.add(format!("navigation[{index}].path"), format!("no route GET {}", entry.path));
            }
        }
    }

    fn check_lists(&self, found: &mut Found) {
        found.each_once("widgets", self.widgets.iter().map(|widget| widget.id.as_str()));
        found.each_once("jobs", self.jobs.iter().map(|job| job.id.as_str()));
        found.each_once("facts", self.facts.iter().map(|fact| fact.id.as_str()));
        for (index, widget) in self.widgets.iter().enumerate() {
            found.deadline(format!("widgets[{index}].deadline_ms"), widget.deadline_ms);
        }
        for (index, job) in self.jobs.iter().enumerate() {
            if !matches!(job.schedule.split_whitespace().count(), 0 | 5) {
                let why = "is not minute hour day month weekday, such as \"0 8 * * *\"";
                found.add(format!("jobs[{index}].schedule"), format!("{:?} {why}", job.schedule));
            }
        }
        for (list, names) in [("needs", &self.needs), ("wants", &self.wants), ("provides", &self.provides)] {
            for (index, name) in names.iter().enumerate().filter(|(_, name)| !is_service(name)) {
                found.add(format!("{list}[{index}]"), format!("{name:?} is not of the form rota.on_duty/1"));
            }
        }
        for (list, names) in [("emits", &self.events.emits), ("hears", &self.events.hears)] {
            for (index, name) in names.iter().enumerate().filter(|(_, name)| !is_dotted(name)) {
                found.add(format!("events.{list}[{index}]"), format!("{name:?} is not of the form thing.happened"));
            }
        }
        for (index, host) in self.http.iter().enumerate() {
            let setting = host.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let fine = match setting {
                Some(name) => self.settings.iter().any(|setting| setting.name == name),
                None => !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b)),
            };
            if !fine {
                let why = "is neither a host such as api.example.com nor a setting in {}";
                found.add(format!("http[{index}]"), format!("{host:?} {why}"));
            }
        }
    }

    fn check_settings(&self, found: &mut Found) {
        found.each_once("settings", self.settings.iter().map(|setting| setting.name.as_str()));
        for (index, setting) in self.settings.iter().enumerate() {
            let place = |field: &str| format!("settings[{index}].{field}");
            match setting.kind {
                SettingKind::Choice if setting.choices.is_empty() => found.add(place("choices"), "a choice of nothing"),
                SettingKind::Secret if !self.may(Permission::Secrets) => {
                    found.add(place("kind"), "a secret needs \"secrets\" among the permissions");
                }
                _ => {}
            }
            let fits = match setting.kind {
                _ if setting.default.is_null() => true,
                SettingKind::Number => setting.default.is_i64(),
                SettingKind::Boolean => setting.default.is_boolean(),
                SettingKind::Choice => setting.choices.iter().any(|c| setting.default.as_str() == Some(&c.value)),
                SettingKind::Date => {
                    setting.default.as_str().is_some_and(|day| day.parse::<NaiveDate>().is_ok() && day.len() == 10)
                }
                SettingKind::Secret => false,
                SettingKind::Text | SettingKind::LongText => setting.default.is_string(),
            };
            if !fits {
                found.add(place("default"), format!("{} does not fit the kind", setting.default));
            }
        }
    }

    fn check_tables(&self, found: &mut Found) {
        if !self.migrations.is_empty() && !self.may(Permission::Tables) {
            found.add("migrations", "tables need \"tables\" among the permissions");
        }
        let names: Vec<&str> = self.migrations.iter().map(|migration| migration.name.as_str()).collect();
        if !names.is_sorted() {
            found.add("migrations", "not in the order of their names");
        }
        found.each_once("migrations", names.into_iter());
        for (index, data) in self.personal_data.iter().enumerate() {
            for (field, name) in [("table", &data.table), ("person", &data.person)] {
                if !is_name(name) {
                    found.add(format!("personal_data[{index}].{field}"), format!("{name:?} is no name of a {field}"));
                }
            }
        }
    }

    fn check_files(&self, found: &mut Found) {
        for (name, asset) in &self.assets {
            let place = format!("assets/{name}");
            let size = asset.body.as_bytes().len();
            if size > MOST_ASSET {
                found.add(&place, format!("{size} bytes; at most {MOST_ASSET}"));
            }
            if asset.content_type.contains("javascript") && !self.may(Permission::Scripts) {
                found.add(&place, "a script needs \"scripts\" among the permissions");
            }
        }
        for tag in self.locales.keys().filter(|tag| !matches!(tag.as_str(), "zh-CN" | "en")) {
            found.add(format!("locales/{tag}.ftl"), "the languages are zh-CN and en");
        }
    }
}

struct Found(Vec<Problem>);

impl Found {
    fn add(&mut self, place: impl AsRef<str>, message: impl Into<String>) {
        self.0.push(Problem { place: place.as_ref().to_owned(), message: message.into() });
    }

    fn deadline(&mut self, place: String, milliseconds: u32) {
        if !(10..=60_000).contains(&milliseconds) {
            self.add(place, format!("{milliseconds} is not between 10 and 60000"));
        }
    }

    fn each_once<'a>(&mut self, list: &str, names: impl Iterator<Item = &'a str>) {
        let mut seen = BTreeSet::new();
        let is_sign = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b);
        for (index, name) in names.enumerate() {
            if name.is_empty() || !name.bytes().all(is_sign) {
                self.add(
                    format!("{list}[{index}]"),
                    format!("{name:?} is not lower-case letters, digits, '-' and '_'"),
                );
            } else if !seen.insert(name) {
                self.add(format!("{list}[{index}]"), format!("{name} is there twice"));
            }
        }
    }
}

/// Lower-case letters, digits and `-`, a letter first.
fn is_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// A name of a table, a column, a service's part.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn is_dotted(text: &str) -> bool {
    text.split('.').count() >= 2 && text.split('.').all(is_name)
}

fn is_service(text: &str) -> bool {
    text.split_once('/').is_some_and(|(name, version)| is_dotted(name) && version.parse::<u16>().is_ok())
}

fn is_route(path: &str) -> bool {
    let is_sign = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_.".contains(&b);
    let is_part = |part: &str| match part.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
        Some(name) => is_name(name),
        None => !part.is_empty() && part.bytes().all(is_sign),
    };
    path.strip_prefix('/').is_some_and(|rest| rest.is_empty() || rest.split('/').all(is_part))
}
