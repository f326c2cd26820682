//! What the server does with a plugin beside its pages: events, jobs, services, settings, people.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use plugin_protocol::Failure;
use plugin_protocol::host::{Fetch, Fetched, Schedule};
use plugin_protocol::manifest::SettingKind;
use plugin_protocol::op::{Event, Facts, Health, Job, Op, Service, Subject};
use serde_json::{Value, json};
use uuid::Uuid;

use super::TestHost;
use crate::people;

impl TestHost {
    /// Tells the plugin that something happened; the event's id, to tell it again with [`hear_again`](Self::hear_again).
    #[track_caller]
    pub fn hear(&self, name: &str, data: Value) -> Uuid {
        let id = Uuid::now_v7();
        self.hear_again(id, 1, name, data).unwrap_or_else(|failure| panic!("event {name}: {failure} {failure:?}"));
        id
    }

    /// Tells the plugin of an event with this id for the `attempt`th time.
    #[track_caller]
    pub fn hear_again(&self, id: Uuid, attempt: u32, name: &str, data: Value) -> Result<(), Failure> {
        let hears = &self.state.manifest.events.hears;
        assert!(hears.iter().any(|heard| heard == name), "plugin.toml does not say that it hears {name}");
        let at = self.now();
        let event = Event { id, name: name.to_owned(), from: "other".into(), at, attempt, data };
        self.call_by_host(Op::Event, &event)
    }

    /// Brings the plugin those of its own events that it hears itself; returns how many.
    #[track_caller]
    pub fn deliver_events(&self) -> usize {
        let told: Vec<_> = {
            let mut world = self.state.world();
            let all = world.events.len();
            let from = std::mem::replace(&mut world.delivered, all);
            world.events.get(from..).unwrap_or_default().to_vec()
        };
        let hears = &self.state.manifest.events.hears;
        let heard = told.iter().filter(|event| hears.contains(&event.name));
        heard
            .map(|event| {
                let there = event.class.map_or_else(|| self.clone(), |class| Self { class, ..self.clone() });
                let done = there.hear_again(event.id, 1, &event.name, event.data.clone());
                done.unwrap_or_else(|failure| panic!("event {}: {failure} {failure:?}", event.name));
            })
            .count()
    }

    /// Runs a job of the manifest, now.
    #[track_caller]
    pub fn run_job(&self, id: &str) {
        self.try_job(id, Value::Null).unwrap_or_else(|failure| panic!("job {id}: {failure} {failure:?}"));
    }

    /// Runs a job of the manifest with what it would get if it had been scheduled by a call.
    #[track_caller]
    pub fn try_job(&self, id: &str, data: Value) -> Result<(), Failure> {
        assert!(self.state.manifest.jobs.iter().any(|job| job.id == id), "plugin.toml has no job {id}");
        self.call_by_host(Op::Job, &Job { job: id.to_owned(), due_at: self.now(), data })
    }

    /// Moves the clock and runs, each at its moment, the jobs that the plugin has scheduled until then.
    #[track_caller]
    pub fn advance(&self, time: Duration) {
        let until = self.now() + time;
        while let Some(job) = self.next_due(until) {
            let class = job.class.unwrap_or(self.class);
            let there = Self { class, ..self.clone() };
            let done = there.try_job(&job.job, job.data);
            done.unwrap_or_else(|failure| panic!("job {}: {failure} {failure:?}", job.job));
        }
        self.state.world().now = until;
    }

    fn next_due(&self, until: chrono::DateTime<chrono::Utc>) -> Option<Schedule> {
        let mut world = self.state.world();
        let due = world.scheduled.iter().filter(|(_, job)| job.at.is_some_and(|at| at <= until));
        let key = due.min_by_key(|(_, job)| job.at)?.0.clone();
        let job = world.scheduled.remove(&key)?;
        world.now = world.now.max(job.at?);
        Some(job)
    }

    /// Asks for a service that the plugin provides.
    #[track_caller]
    pub fn service(&self, name: &str, input: Value) -> Result<Value, Failure> {
        self.service_for("other", name, input)
    }

    /// The same, asked by the plugin with this id; `host` is the server itself.
    #[track_caller]
    pub fn service_for(&self, caller: &str, name: &str, input: Value) -> Result<Value, Failure> {
        let provides = &self.state.manifest.provides;
        assert!(provides.iter().any(|provided| provided == name), "plugin.toml does not say that it provides {name}");
        self.call_by_host(Op::Service, &Service { service: name.to_owned(), caller: caller.to_owned(), input })
    }

    /// What each student has done.
    #[track_caller]
    pub fn facts(&self) -> Facts {
        let facts: Facts = self.done(Op::Facts, &json!(null));
        let declared = &self.state.manifest.facts;
        for name in facts.students.iter().flat_map(|student| student.values.keys()) {
            assert!(declared.iter().any(|fact| fact.id == *name), "plugin.toml has no fact {name}");
        }
        facts
    }

    /// What the plugin says about itself to the administrator.
    #[track_caller]
    pub fn health(&self) -> String {
        self.done::<Health>(Op::Health, &json!(null)).note
    }

    /// Changes a setting or a secret, and tells the plugin.
    #[track_caller]
    pub fn set(&self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        let setting = self.state.manifest.settings.iter().find(|setting| setting.name == name);
        let setting = setting.unwrap_or_else(|| panic!("plugin.toml has no setting {name}"));
        match (setting.kind, &value) {
            (SettingKind::Secret, Value::String(secret)) => {
                self.state.world().secrets.insert(name.to_owned(), secret.clone());
            }
            (SettingKind::Number, Value::Number(_))
            | (SettingKind::Boolean, Value::Bool(_))
            | (SettingKind::Text | SettingKind::LongText | SettingKind::Choice, Value::String(_)) => {
                self.state.world().settings.insert(name.to_owned(), value);
            }
            (SettingKind::Date, Value::String(day)) if day.parse::<chrono::NaiveDate>().is_ok() => {
                self.state.world().settings.insert(name.to_owned(), value);
            }
            (kind, value) => panic!("the setting {name} is {kind:?}, which {value} is not"),
        }
        let told: Result<Value, Failure> = self.call_by_host(Op::SettingsChanged, &json!(null));
        told.unwrap_or_else(|failure| panic!("settings changed: {failure} {failure:?}"));
    }

    /// Another plugin's service, which answers so from now on in every class.
    pub fn provide(&self, name: &str, answer: impl Fn(Value) -> Result<Value, Failure> + Send + Sync + 'static) {
        self.state.world().stubs.insert((name.to_owned(), None), Arc::new(answer));
    }

    /// The same in this class alone.
    pub fn provide_here(&self, name: &str, answer: impl Fn(Value) -> Result<Value, Failure> + Send + Sync + 'static) {
        self.state.world().stubs.insert((name.to_owned(), Some(self.class)), Arc::new(answer));
    }

    /// What the next server answers that the plugin talks to; several are answered in their order.
    pub fn answer_fetch(&self, status: u16, body: impl Into<Vec<u8>>) {
        self.state.world().servers.others.push_back(fetched(status, body.into()));
    }

    /// The same for requests with this method and address alone, which go before; a query counts only where the address
    /// has one.
    pub fn answer_fetch_of(&self, method: &str, address: &str, status: u16, body: impl Into<Vec<u8>>) {
        let answers = &mut self.state.world().servers.of;
        let answers = answers.entry((method.to_owned(), address.to_owned())).or_default();
        answers.push_back(fetched(status, body.into()));
    }

    /// Takes the student with this number off the roster of this class. Rows about them stay until they are erased.
    pub fn leaves(&self, number: u32) {
        self.state.world().left.insert(people::student(self.class, number).id);
    }

    /// A server that answers whatever the plugin sends from now on.
    pub fn serve(&self, answer: impl Fn(Fetch) -> Result<Fetched, Failure> + Send + Sync + 'static) {
        self.state.world().servers.function = Some(Arc::new(answer));
    }

    /// Everything the plugin knows about a person: `declared` from its tables, `more` from its own answer.
    #[track_caller]
    pub fn export_person(&self, person: Uuid) -> Value {
        let declared = self.state.tables.export_person(&self.state.manifest, person);
        let declared = declared.unwrap_or_else(|failure| panic!("export: {failure}"));
        let more: Value = self.done(Op::ExportPerson, &Subject { person });
        json!({ "declared": declared, "more": more })
    }

    /// Makes the plugin forget a person, and fails the test if one of its tables still has their id, or their name in a
    /// row that was about them.
    #[track_caller]
    pub fn erase_person(&self, person: Uuid) {
        let name = people::name(person);
        let of_others = self.named(&name, &person);
        let _: Value = self.done(Op::ErasePerson, &Subject { person });
        let erased = self.state.tables.erase_person(&self.state.manifest, person);
        erased.unwrap_or_else(|failure| panic!("erasure: {failure}"));
        for (table, text) in self.texts() {
            assert!(!text.contains(&person.to_string()), "table {table} still names {person} after erasure");
        }
        // Others may bear the same name, and have written it into rows of their own.
        for (table, rows) in self.named(&name, &person) {
            let before = of_others.get(&table).copied().unwrap_or_default();
            assert!(
                rows <= before,
                "table {table} still says {name} after erasure: erase = \"detach\" empties the column with the id alone, \
                 so let erase_person, which is asked before, take the name out of the row"
            );
        }
    }

    /// Table → how many of its rows have this name in them, but not this id.
    fn named(&self, name: &str, person: &Uuid) -> HashMap<String, usize> {
        let id = person.to_string();
        let mut found = HashMap::new();
        for (table, _) in self.texts().filter(|(_, text)| text.contains(name) && !text.contains(&id)) {
            *found.entry(table).or_default() += 1;
        }
        found
    }

    /// Every row of the plugin's tables, as text, with the table's name.
    fn texts(&self) -> impl Iterator<Item = (String, String)> {
        let tables = self.state.tables.tables().unwrap_or_default();
        tables.into_iter().flat_map(|table| {
            let rows = self.rows(&format!("select * from \"{table}\""), Vec::new()).rows;
            rows.into_iter().map(move |row| (table.clone(), serde_json::to_string(&row).unwrap_or_default()))
        })
    }
}

fn fetched(status: u16, body: Vec<u8>) -> Fetched {
    Fetched { status, headers: Vec::new(), body: plugin_protocol::body::Body::new(body) }
}
