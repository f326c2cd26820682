//! Watches over a connection: what a statement may touch, decided by SQLite while it prepares it, and how long it may
//! take, asked by SQLite while it runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Instant;

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, Result};

/// The longest text or blob, in bytes.
const LONGEST_VALUE: i32 = 4 * 1024 * 1024;
/// Steps of SQLite's machine between two looks at the clock; some microseconds.
const STEPS: i32 = 1_000;

/// Whose statements run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Mode {
    /// The host's own.
    Host = 0,
    /// The plugin's, reading.
    Query = 1,
    /// The plugin's, changing rows.
    Change = 2,
    /// The plugin's migrations.
    Migrate = 3,
}

impl From<u8> for Mode {
    fn from(number: u8) -> Self {
        match number {
            0 => Self::Host,
            1 => Self::Query,
            2 => Self::Change,
            _ => Self::Migrate,
        }
    }
}

/// The guard of one connection.
pub(super) struct Guard {
    mode: Arc<AtomicU8>,
    /// Microseconds after `since`; 0: no limit.
    until: Arc<AtomicU64>,
    since: Instant,
}

impl Guard {
    pub(super) fn set(connection: &Connection) -> Result<Self> {
        let (mode, until, since) = (Arc::new(AtomicU8::new(0)), Arc::new(AtomicU64::new(0)), Instant::now());
        connection
            .execute_batch("pragma cache_size = -1024; pragma temp_store = memory; pragma trusted_schema = off;")?;
        connection.busy_timeout(std::time::Duration::from_secs(2))?;
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST_VALUE)?;
        connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
        connection.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, 256 * 1024)?;
        let watched = Arc::clone(&mode);
        connection.authorizer(Some(move |context: AuthContext<'_>| {
            let mode = Mode::from(watched.load(Ordering::Relaxed));
            if mode == Mode::Host || is_allowed(mode, &context) { Authorization::Allow } else { Authorization::Deny }
        }))?;
        let ends = Arc::clone(&until);
        connection.progress_handler(
            STEPS,
            Some(move || {
                let end = ends.load(Ordering::Relaxed);
                end != 0 && u128::from(end) < since.elapsed().as_micros()
            }),
        )?;
        Ok(Self { mode, until, since })
    }

    /// From now until this moment statements are whose?
    pub(super) fn watch(&self, until: Instant, mode: Mode) {
        let end = until.saturating_duration_since(self.since).as_micros();
        self.until.store(u64::try_from(end).unwrap_or(u64::MAX).max(1), Ordering::Relaxed);
        self.mode(mode);
    }

    pub(super) fn mode(&self, mode: Mode) {
        self.mode.store(mode as u8, Ordering::Relaxed);
    }

    /// Whose statements run now.
    pub(super) fn now(&self) -> Mode {
        Mode::from(self.mode.load(Ordering::Relaxed))
    }

    /// The host's statements again, without a limit.
    pub(super) fn rest(&self) {
        self.mode(Mode::Host);
        self.until.store(0, Ordering::Relaxed);
    }
}

fn is_allowed(mode: Mode, context: &AuthContext<'_>) -> bool {
    if !matches!(context.database_name, None | Some("main" | "temp")) {
        return false;
    }
    let changes = mode != Mode::Query;
    let migrates = mode == Mode::Migrate;
    // Definitions are kept in these, which SQLite itself protects against statements.
    let is_master = |table: &str| migrates && matches!(table, "sqlite_master" | "sqlite_schema");
    match context.action {
        AuthAction::Select | AuthAction::Recursive => true,
        AuthAction::Read { table_name, .. } => is_own(table_name) || is_master(table_name),
        AuthAction::Insert { table_name }
        | AuthAction::Delete { table_name }
        | AuthAction::Update { table_name, .. } => changes && (is_own(table_name) || is_master(table_name)),
        AuthAction::Function { function_name } => !is_dangerous(function_name),
        AuthAction::CreateTable { table_name }
        | AuthAction::DropTable { table_name }
        | AuthAction::AlterTable { table_name, .. }
        | AuthAction::CreateIndex { table_name, .. }
        | AuthAction::DropIndex { table_name, .. } => migrates && is_own(table_name),
        AuthAction::Reindex { .. } => migrates,
        _ => false,
    }
}

/// Whether a table is the plugin's: not the host's, not SQLite's, not a window into the database itself.
fn is_own(table: &str) -> bool {
    let table = table.to_ascii_lowercase();
    let foreign = ["host_", "sqlite_", "pragma_", "dbstat", "bytecode", "tables_used", "fts", "rtree"];
    !foreign.iter().any(|start| table.starts_with(start))
}

fn is_dangerous(function: &str) -> bool {
    let function = function.to_ascii_lowercase();
    let named = ["load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "sqlite_offset"];
    named.contains(&function.as_str()) || function.starts_with("sqlite_compileoption")
}
