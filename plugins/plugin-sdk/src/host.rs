//! What a plugin may ask while it works on a call.

use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};
use plugin_protocol::context::{Class, Context, Person};
use plugin_protocol::host::{
    Classes, Done, Emit, Emitted, Fetch, Fetched, HostOp, OfClass, Query, Roster, Schedule, Secret, SecretValue,
    Service, Statement,
};
use plugin_protocol::value::Value;
use plugin_protocol::{Code, Failure, host};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::line::Line;
use crate::table::Table;
use crate::zone::Zone;

/// The host, for the length of one call.
pub struct Host {
    line: Line,
    context: Context,
    until: Option<DateTime<Utc>>,
}

impl Host {
    pub(crate) fn new(line: Line, context: Context, until: Option<DateTime<Utc>>) -> Self {
        Self { line, context, until }
    }

    /// Who asks, where and when.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The server's clock when the call began.
    pub fn now(&self) -> DateTime<Utc> {
        self.context.now
    }

    /// The day in the class when the call began.
    pub fn today(&self) -> NaiveDate {
        self.day_of(self.now())
    }

    /// The day in the class at a moment.
    pub fn day_of(&self, moment: DateTime<Utc>) -> NaiveDate {
        self.local(moment).date_naive()
    }

    /// What the clock of the class says at a moment; that of Shanghai where the call is for no class.
    pub fn local(&self, moment: DateTime<Utc>) -> DateTime<FixedOffset> {
        self.zone().local(moment)
    }

    /// The moment at which the clock of the class says so: the first where it says so twice, and where the clock leaps
    /// ahead over it, as long after the leap.
    pub fn moment(&self, local: NaiveDateTime) -> DateTime<Utc> {
        self.zone().moment(local)
    }

    fn zone(&self) -> Zone {
        Zone::named(self.context.class.as_ref().map(|class| class.time_zone.as_str()))
    }

    /// The class.
    ///
    /// # Errors
    /// When the call is for the whole site.
    pub fn class(&self) -> Result<&Class> {
        self.context.class.as_ref().ok_or_else(|| fault("this call is for no class"))
    }

    /// The person who opened the page.
    ///
    /// # Errors
    /// In events and jobs, and for visitors of a public page.
    pub fn person(&self) -> Result<&Person> {
        self.context.person.as_ref().ok_or_else(|| fault("this call is on behalf of no person"))
    }

    /// A setting of the manifest; none when it has neither a value nor a default.
    pub fn setting<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.context.settings.get(name).and_then(|value| T::deserialize(value).ok())
    }

    /// A new id, in the order of time.
    pub fn new_id(&self) -> Uuid {
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, now.timestamp_subsec_nanos()))
    }

    /// Whether anybody still waits for this call; ask it in long loops.
    pub fn alive(&self) -> bool {
        self.line.alive()
    }

    /// How long somebody still waits for this call; [`Duration::MAX`] where there is no limit.
    pub fn time_left(&self) -> Duration {
        self.until.map_or(Duration::MAX, |until| (until - Utc::now()).to_std().unwrap_or_default())
    }

    /// Rows of the plugin's tables: `host.query("select … where id = $1", params![id])`.
    pub fn query(&self, sql: &str, parameters: Vec<Value>) -> Result<Table> {
        let rows = self.ask(HostOp::Query, &Query { sql: sql.to_owned(), parameters })?;
        Ok(Table::new(rows))
    }

    /// Does one statement; returns how many rows it touched.
    pub fn exec(&self, sql: &str, parameters: Vec<Value>) -> Result<u64> {
        let done = self.batch().add(sql, parameters).run()?;
        Ok(done.rows.first().copied().unwrap_or_default())
    }

    /// Several statements, done together or not at all.
    pub fn batch(&self) -> Batch<'_> {
        Batch { host: self, batch: host::Batch::default() }
    }

    /// Tells other plugins that something happened in the call's class.
    pub fn emit(&self, name: &str, data: impl Serialize) -> Result<Uuid> {
        let data = serde_json::to_value(data)?;
        let emitted: Emitted = self.ask(HostOp::Emit, &Emit { name: name.to_owned(), class: None, data })?;
        Ok(emitted.id)
    }

    /// Asks another plugin: `host.service("rota.on_duty/1", json!({}))`.
    pub fn service<T: DeserializeOwned>(&self, service: &str, input: impl Serialize) -> Result<T> {
        let input = serde_json::to_value(input)?;
        self.ask(HostOp::Service, &Service { service: service.to_owned(), class: None, input, within_ms: None })
    }

    /// The same with less time than the call has, where an answer without the other plugin is better than a late one.
    ///
    /// # Errors
    /// [`Code::Timeout`] when the time is up.
    pub fn service_within<T: DeserializeOwned>(
        &self,
        service: &str,
        input: impl Serialize,
        within: Duration,
    ) -> Result<T> {
        let input = serde_json::to_value(input)?;
        let within_ms = Some(u32::try_from(within.as_millis()).unwrap_or(u32::MAX).max(1));
        self.ask(HostOp::Service, &Service { service: service.to_owned(), class: None, input, within_ms })
    }

    /// Who is in the call's class: teachers, then students by number.
    pub fn roster(&self) -> Result<Vec<Person>> {
        let roster: Roster = self.ask(HostOp::Roster, &OfClass::default())?;
        Ok(roster.people)
    }

    /// The classes that use the plugin.
    pub fn classes(&self) -> Result<Vec<Class>> {
        let classes: Classes = self.ask(HostOp::Classes, &Json::Null)?;
        Ok(classes.classes)
    }

    /// Sends a request to a server that the manifest names.
    pub fn fetch(&self, request: &Fetch) -> Result<Fetched> {
        self.ask(HostOp::Fetch, request)
    }

    /// A secret setting; none when nobody has set it.
    pub fn secret(&self, name: &str) -> Result<Option<String>> {
        let secret: SecretValue = self.ask(HostOp::Secret, &Secret { name: name.to_owned(), class: None })?;
        Ok(secret.value)
    }

    /// Runs a job of the manifest at a moment. A second one with the same key takes the place of the first.
    pub fn schedule(&self, job: &str, key: &str, at: DateTime<Utc>, data: impl Serialize) -> Result<()> {
        let data = serde_json::to_value(data)?;
        let (job, key) = (job.to_owned(), key.to_owned());
        self.ask(HostOp::Schedule, &Schedule { job, at: Some(at), key, class: None, data })
    }

    /// Takes a scheduled job back.
    pub fn unschedule(&self, job: &str, key: &str) -> Result<()> {
        let (job, key) = (job.to_owned(), key.to_owned());
        self.ask(HostOp::Schedule, &Schedule { job, at: None, key, class: None, data: Json::Null })
    }

    /// Any service of the host, for those that have no method here yet.
    pub fn ask<T: DeserializeOwned>(&self, op: HostOp, input: &impl Serialize) -> Result<T> {
        let (code, bytes) = self.line.ask(op as u32, &serde_json::to_vec(input)?);
        let code = Code::from_number(code).unwrap_or(Code::PluginError);
        if code != Code::Ok {
            return Err(Error(Failure::from_bytes(code, &bytes)));
        }
        let bytes: &[u8] = if bytes.is_empty() { b"null" } else { &bytes };
        Ok(serde_json::from_slice(bytes)?)
    }

    /// Waits, as long as anybody still waits for the call.
    ///
    /// # Errors
    /// [`Code::Cancelled`] when nobody does any more.
    pub fn sleep(&self, time: Duration) -> Result<()> {
        let until = Instant::now() + time;
        while self.alive() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            std::thread::sleep(left.min(Duration::from_millis(20)));
        }
        Err(Error(Failure::new(Code::Cancelled, "nobody waits for this call any more")))
    }
}

/// Statements that are done together or not at all.
#[must_use = "a batch does nothing until `run`"]
pub struct Batch<'h> {
    host: &'h Host,
    batch: host::Batch,
}

impl Batch<'_> {
    /// Adds a statement.
    pub fn add(mut self, sql: &str, parameters: Vec<Value>) -> Self {
        self.batch.statements.push(Statement { sql: sql.to_owned(), parameters, expect_rows: None });
        self
    }

    /// Adds a statement that must touch so many rows; with another number nothing of the batch is done
    /// ([`Code::Conflict`]).
    pub fn expect(mut self, rows: u64, sql: &str, parameters: Vec<Value>) -> Self {
        self.batch.statements.push(Statement { sql: sql.to_owned(), parameters, expect_rows: Some(rows) });
        self
    }

    /// Does it once for this key, however often it runs: the id of an event, the moment of a job.
    pub fn once(mut self, key: impl ToString) -> Self {
        self.batch.once = Some(key.to_string());
        self
    }

    /// Tells other plugins if, and only if, the statements are done.
    pub fn emit(mut self, name: &str, data: Json) -> Self {
        self.batch.emit.push(Emit { name: name.to_owned(), class: None, data });
        self
    }

    /// Does it.
    pub fn run(self) -> Result<Done> {
        self.host.ask(HostOp::Batch, &self.batch)
    }
}

fn fault(message: &str) -> Error {
    Error(Failure::new(Code::PluginError, message))
}
