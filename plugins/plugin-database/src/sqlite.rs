//! A plugin's tables in an SQLite file of its own.

#[cfg(feature = "postgres")]
mod copy;
mod group;
mod guard;
mod statement;
mod value;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use chrono::{DateTime, Utc};
use plugin_protocol::host::{Batch, Done, Query, Rows, Statement};
use plugin_protocol::manifest::{Manifest, Migration};
use plugin_protocol::value::Value;
use plugin_protocol::{Code, Failure};
use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::limit::{check_batch, check_touched, deadline, place};
use crate::migration::{Applied, checksum, failed, pending};
use crate::outbox::OutboxEvent;
use crate::personal;
use group::Queue;
use guard::{Guard, Mode};
use statement::Known;
use value::failure;

pub(crate) use group::{Change, Work};

/// Connections for queries.
const READERS: usize = 2;

const HOST_TABLES: &str = "
    create table if not exists host_migration (
        name text primary key, checksum text not null, sqlite text not null, postgres text not null, applied_at text not null
    );
    create table if not exists host_once (once_key text primary key, at timestamptz not null);
    create table if not exists host_outbox (
        id uuid primary key, name text not null, class_id uuid, at timestamptz not null, hops bigint not null, data text not null
    );";

/// The tables of one plugin. Calls block; several may run at once.
pub struct SqliteTables {
    writer: Mutex<Guarded>,
    /// Changes that wait for the writer.
    queue: Queue,
    /// Empty for tables in memory, which only the writer sees.
    readers: Vec<Mutex<Guarded>>,
}

/// A connection, and who watches over it.
pub(crate) struct Guarded {
    connection: Connection,
    guard: Guard,
    known: Known,
}

impl SqliteTables {
    /// Opens a plugin's file and creates it where there is none.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let writer = Guarded::new(Connection::open(path).map_err(|error| unopened(path, &error))?)?;
        writer.set_up("pragma journal_mode = wal; pragma synchronous = full;")?;
        writer.set_up(HOST_TABLES)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut readers = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            let connection = Connection::open_with_flags(path, flags).map_err(|error| unopened(path, &error))?;
            readers.push(Mutex::new(Guarded::new(connection)?));
        }
        Ok(Self { writer: Mutex::new(writer), queue: Queue::default(), readers })
    }

    /// Tables that are gone with this value, for tests.
    pub fn in_memory() -> Result<Self, Failure> {
        let connection = Connection::open_in_memory().map_err(|error| failure(&error))?;
        let writer = Guarded::new(connection)?;
        writer.set_up(HOST_TABLES)?;
        Ok(Self { writer: Mutex::new(writer), queue: Queue::default(), readers: Vec::new() })
    }

    /// Does the steps that were not done yet; returns their names.
    pub fn migrate(&self, manifest: &Manifest, now: DateTime<Utc>) -> Result<Vec<String>, Failure> {
        self.migrate_each(&manifest.migrations, now)
    }

    fn migrate_each(&self, migrations: &[Migration], now: DateTime<Utc>) -> Result<Vec<String>, Failure> {
        let writer = self.writer();
        let mut done = Vec::new();
        for migration in pending(migrations, &writer.applied_checksums()?)? {
            writer.apply(migration, now).map_err(|failure| failed(migration, failure))?;
            done.push(migration.name.clone());
        }
        Ok(done)
    }

    /// The steps that were done.
    pub fn applied(&self) -> Result<Vec<Applied>, Failure> {
        let rows = self.host_rows("select name, checksum, sqlite, postgres from host_migration order by name", &[])?;
        Ok(rows
            .rows
            .into_iter()
            .map(|row| {
                let mut texts = row.into_iter().map(text);
                let mut next = || texts.next().unwrap_or_default();
                let (name, checksum, sqlite, postgres) = (next(), next(), next(), next());
                Applied { migration: Migration { name, sqlite, postgres }, checksum }
            })
            .collect())
    }

    /// Rows of the plugin's tables.
    pub fn query(&self, query: &Query, within: Duration) -> Result<Rows, Failure> {
        let connection = self.reader();
        connection.guard.watch(deadline(within), Mode::Query);
        let rows = connection.rows(&query.sql, &query.parameters);
        connection.guard.rest();
        rows
    }

    /// Does statements together or not at all, and puts events into the outbox with them.
    pub fn batch(
        &self,
        batch: &Batch,
        events: &[OutboxEvent],
        now: DateTime<Utc>,
        within: Duration,
    ) -> Result<Done, Failure> {
        self.do_now(Self::batch_work(batch.clone(), events.to_vec(), now, within)?)
    }

    /// What a batch does.
    pub(crate) fn batch_work(
        batch: Batch,
        events: Vec<OutboxEvent>,
        now: DateTime<Utc>,
        within: Duration,
    ) -> Result<Work, Failure> {
        check_batch(&batch.statements)?;
        Ok(Box::new(move |writer| {
            writer.guard.watch(deadline(within), Mode::Host);
            writer.batch(&batch, &events, now)
        }))
    }

    /// The oldest events that wait.
    pub fn outbox(&self, most: u32) -> Result<Vec<OutboxEvent>, Failure> {
        let sql = "select id, name, class_id, at, hops, data from host_outbox order by id limit $1";
        let rows = self.host_rows(sql, &[most.into()])?;
        Ok(rows.rows.into_iter().filter_map(event).collect())
    }

    /// Takes events out of the outbox that have been told.
    pub fn clear_outbox(&self, ids: &[Uuid]) -> Result<(), Failure> {
        self.do_now(Self::clear_work(ids.to_vec())).map(drop)
    }

    /// What taking events out of the outbox does.
    pub(crate) fn clear_work(ids: Vec<Uuid>) -> Work {
        Box::new(move |writer| {
            for id in &ids {
                writer.execute("delete from host_outbox where id = $1", &[(*id).into()])?;
            }
            Ok(Done::default())
        })
    }

    /// Forgets keys of things that were done once before this moment.
    pub fn sweep(&self, before: DateTime<Utc>) -> Result<u64, Failure> {
        let done = self.do_now(Box::new(move |writer| {
            let rows = writer.execute("delete from host_once where at < $1", &[before.into()])?;
            Ok(Done { rows: vec![rows], repeated: false })
        }))?;
        Ok(done.rows.iter().sum())
    }

    /// Does a change, with those that wait, on the thread that asks.
    fn do_now(&self, work: Work) -> Result<Done, Failure> {
        let (sender, result) = mpsc::channel();
        if self.wait(Change { work, reply: Box::new(move |done| drop(sender.send(done))) }) {
            self.do_waiting();
        }
        result.recv().unwrap_or_else(|_| Err(unanswered()))
    }

    /// Everything that the declared columns know about a person: table → rows, or `table.column` → rows where several
    /// columns of a table name people.
    pub fn export_person(&self, manifest: &Manifest, person: Uuid) -> Result<Json, Failure> {
        let mut tables = Map::new();
        for (name, query) in personal::exports(manifest, person) {
            let rows = self.query(&query, crate::LONGEST)?;
            if !rows.rows.is_empty() {
                tables.insert(name, serde_json::to_value(rows).unwrap_or_default());
            }
        }
        Ok(Json::Object(tables))
    }

    /// Makes the declared columns forget a person; returns how many rows changed.
    pub fn erase_person(&self, manifest: &Manifest, person: Uuid) -> Result<u64, Failure> {
        let statements = personal::erase(manifest, person);
        let batch = Batch { statements, ..Batch::default() };
        let done = self.batch(&batch, &[], DateTime::UNIX_EPOCH, crate::LONGEST)?;
        Ok(done.rows.iter().sum())
    }

    /// The plugin's tables, by name.
    pub fn tables(&self) -> Result<Vec<String>, Failure> {
        let sql = "select name from sqlite_master where type = 'table' and name not like 'host\\_%' escape '\\'
                   and name not like 'sqlite\\_%' escape '\\' order by name";
        Ok(self.host_rows(sql, &[])?.rows.into_iter().flatten().map(text).collect())
    }

    /// Tables that the manifest names neither as personal nor as impersonal.
    pub fn undeclared(&self, manifest: &Manifest) -> Result<Vec<String>, Failure> {
        Ok(personal::undeclared(manifest, self.tables()?))
    }

    /// Columns that erasure should empty and that must not be empty, as `table.column`.
    pub fn undetachable(&self, manifest: &Manifest) -> Result<Vec<String>, Failure> {
        let sql = "select name from pragma_table_info($1) where name = $2 and \"notnull\" = 1";
        let mut found = Vec::new();
        for (table, column) in personal::detached(manifest) {
            let rows = self.host_rows(sql, &[table.into(), column.into()])?;
            found.extend((!rows.rows.is_empty()).then(|| format!("{table}.{column}")));
        }
        Ok(found)
    }

    fn host_rows(&self, sql: &str, parameters: &[Value]) -> Result<Rows, Failure> {
        self.reader().rows(sql, parameters)
    }

    /// A connection that reads: one that is free, where one is.
    fn reader(&self) -> MutexGuard<'_, Guarded> {
        let free = self.readers.iter().find_map(|reader| reader.try_lock().ok());
        free.unwrap_or_else(|| self.readers.first().map_or_else(|| self.writer(), locked))
    }

    fn writer(&self) -> MutexGuard<'_, Guarded> {
        locked(&self.writer)
    }
}

impl Guarded {
    fn new(connection: Connection) -> Result<Self, Failure> {
        let guard = Guard::set(&connection).map_err(|error| failure(&error))?;
        connection.set_prepared_statement_cache_capacity(statement::KEPT);
        Ok(Self { connection, guard, known: Known::default() })
    }

    fn set_up(&self, sql: &str) -> Result<(), Failure> {
        self.connection.execute_batch(sql).map_err(|error| failure(&error))
    }

    fn applied_checksums(&self) -> Result<Vec<(String, String)>, Failure> {
        let rows = self.rows("select name, checksum from host_migration", &[])?;
        let pair = |row: Vec<Value>| {
            let mut texts = row.into_iter().map(text);
            Some((texts.next()?, texts.next()?))
        };
        Ok(rows.rows.into_iter().filter_map(pair).collect())
    }

    fn apply(&self, migration: &Migration, now: DateTime<Utc>) -> Result<(), Failure> {
        self.transaction(|| {
            self.guard.mode(Mode::Migrate);
            let done = self.each_statement(&migration.sqlite);
            self.guard.mode(Mode::Host);
            done?;
            let values =
                [&migration.name, &checksum(migration), &migration.sqlite, &migration.postgres].map(Value::from);
            let mut values = values.to_vec();
            values.push(now.into());
            self.execute("insert into host_migration values ($1, $2, $3, $4, $5)", &values)?;
            Ok(())
        })
    }

    fn each_statement(&self, sql: &str) -> Result<(), Failure> {
        let mut batch = rusqlite::Batch::new(&self.connection, sql);
        let mut index = 0;
        loop {
            let at = |error: &rusqlite::Error| failure(error).at(place(index));
            let Some(mut statement) = batch.next().map_err(|error| at(&error))? else { return Ok(()) };
            let mut rows = statement.raw_query();
            while rows.next().map_err(|error| at(&error))?.is_some() {}
            index += 1;
        }
    }

    fn transaction<T>(&self, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
        self.set_up("begin immediate")?;
        let done = work();
        self.guard.mode(Mode::Host);
        match done {
            Ok(value) => self.set_up("commit").map(|()| value).inspect_err(|_| drop(self.set_up("rollback"))),
            Err(failure) => {
                // SQLite may have rolled back by itself.
                let _ = self.set_up("rollback");
                Err(failure)
            }
        }
    }

    fn batch(&self, batch: &Batch, events: &[OutboxEvent], now: DateTime<Utc>) -> Result<Done, Failure> {
        if let Some(key) = &batch.once {
            let values = [Value::Text(key.clone()), now.into()];
            let new = self.execute("insert or ignore into host_once values ($1, $2)", &values)?;
            if new == 0 {
                return Ok(Done { rows: Vec::new(), repeated: true });
            }
        }
        let rows = self.statements(&batch.statements)?;
        for event in events {
            self.insert_event(event)?;
        }
        Ok(Done { rows, repeated: false })
    }

    fn statements(&self, statements: &[Statement]) -> Result<Vec<u64>, Failure> {
        let mut touched = Vec::with_capacity(statements.len());
        self.guard.mode(Mode::Change);
        for (index, statement) in statements.iter().enumerate() {
            let rows = self
                .execute(&statement.sql, &statement.parameters)
                .map_err(|failure| if failure.place.is_some() { failure } else { failure.at(place(index)) })?;
            check_touched(index, statement, rows)?;
            touched.push(rows);
        }
        self.guard.mode(Mode::Host);
        Ok(touched)
    }

    fn insert_event(&self, event: &OutboxEvent) -> Result<(), Failure> {
        let data = serde_json::to_string(&event.data).unwrap_or_default();
        let values = [
            event.id.into(),
            Value::from(&event.name),
            event.class.into(),
            event.at.into(),
            event.hops.into(),
            data.into(),
        ];
        self.execute("insert into host_outbox values ($1, $2, $3, $4, $5, $6)", &values)?;
        Ok(())
    }
}

/// To whom nobody answers.
pub(crate) fn unanswered() -> Failure {
    Failure::new(Code::Busy, "the change was not done: the server stops").hint("ask again")
}

fn locked(mutex: &Mutex<Guarded>) -> MutexGuard<'_, Guarded> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn unopened(path: &Path, error: &rusqlite::Error) -> Failure {
    Failure::new(Code::NotRunning, format!("the plugin's tables {} cannot be opened: {error}", path.display()))
}

fn text(value: Value) -> String {
    match value {
        Value::Text(text) => text,
        _ => String::new(),
    }
}

fn event(row: Vec<Value>) -> Option<OutboxEvent> {
    let [id, name, class, at, hops, data] = <[Value; 6]>::try_from(row).ok()?;
    let (Value::Uuid { uuid: id }, Value::Time { time: at }, Value::Integer(hops)) = (id, at, hops) else {
        return None;
    };
    let class = match class {
        Value::Uuid { uuid } => Some(uuid),
        _ => None,
    };
    Some(OutboxEvent { id, name: text(name), class, at, hops, data: serde_json::from_str(&text(data)).ok()? })
}
