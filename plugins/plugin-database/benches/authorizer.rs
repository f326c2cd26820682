//! What it costs that SQLite asks before it touches anything: statements of a plugin through the guard, against the same
//! statements on a bare connection. The ratio is taken in turns within one run, so that a busy machine slows both alike.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use plugin_database::SqliteTables;
use plugin_protocol::host::{Batch, Query, Statement};
use plugin_protocol::manifest::Manifest;
use plugin_protocol::value::Value;
use rusqlite::{Connection, OpenFlags, Row};
use serde_json::json;

const WITHIN: Duration = Duration::from_secs(2);
const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;
const TABLE: &str = "create table note (id bigint primary key, text text not null, share double precision)";
const INSERT: &str = "insert into note values ($1, $2, $3)";
const ONE: &str = "select id, text, share from note where id = $1";
const MANY: &str = "select id, text, share from note where id > $1 order by id limit 100";
const CHANGE: &str = "update note set share = share + 1 where id = $1";
const ROWS: i64 = 10_000;

/// The same rows, through the guard and without it, in files with the same settings.
struct Both {
    guarded: SqliteTables,
    bare: Connection,
    writer: Connection,
    next: i64,
}

type Call = fn(&mut Both, &str) -> usize;

impl Both {
    fn make(folder: &Path) -> Self {
        let manifest: Manifest = serde_json::from_value(json!({
            "id": "notes", "version": "0.1.0", "title": { "zh": "笔记", "en": "Notes" }, "permissions": ["tables"],
            "impersonal_tables": ["note"],
            "migrations": [{ "name": "001_note", "sqlite": TABLE, "postgres": TABLE }],
        }))
        .expect("a manifest");
        let guarded = SqliteTables::open(&folder.join("guarded.db")).expect("a file");
        guarded.migrate(&manifest, NOW).expect("the table");
        let path = folder.join("bare.db");
        let writer = Connection::open(&path).expect("a file");
        writer.execute_batch("pragma journal_mode = wal; pragma synchronous = full").expect("settings");
        writer.execute_batch(TABLE).expect("the table");
        for from in (0..ROWS).step_by(1_000) {
            let each = from..from + 1_000;
            let values = |id: i64| vec![id.into(), format!("note {id}").into(), (id as f64 / 3.0).into()];
            let statements = each.clone().map(|id| statement(INSERT, values(id))).collect();
            guarded.batch(&Batch { statements, ..Batch::default() }, &[], NOW, WITHIN).expect("rows");
            writer.execute_batch("begin").expect("a transaction");
            for id in each {
                writer.execute(INSERT, (id, format!("note {id}"), id as f64 / 3.0)).expect("a row");
            }
            writer.execute_batch("commit").expect("rows");
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let bare = Connection::open_with_flags(path, flags).expect("a file");
        Self { guarded, bare, writer, next: 0 }
    }

    fn key(&mut self) -> i64 {
        self.next = (self.next + 7_919) % (ROWS - 100);
        self.next
    }

    fn guarded(&mut self, sql: &str) -> usize {
        let query = Query { sql: sql.to_owned(), parameters: vec![self.key().into()] };
        self.guarded.query(&query, WITHIN).expect("rows").rows.len()
    }

    /// Prepared anew each time as well, and its rows become the same values.
    fn bare(&mut self, sql: &str) -> usize {
        let key = self.key();
        let mut statement = self.bare.prepare(sql).expect("a statement");
        let values = |row: &Row<'_>| -> rusqlite::Result<Vec<Value>> {
            Ok(vec![row.get::<_, i64>(0)?.into(), row.get::<_, String>(1)?.into(), row.get::<_, f64>(2)?.into()])
        };
        let rows = statement.query_map([key], values).expect("rows");
        rows.collect::<rusqlite::Result<Vec<_>>>().expect("rows").len()
    }

    fn guarded_change(&mut self, sql: &str) -> usize {
        let batch = Batch { statements: vec![statement(sql, vec![self.key().into()])], ..Batch::default() };
        self.guarded.batch(&batch, &[], NOW, WITHIN).expect("it is done").rows.len()
    }

    fn bare_change(&mut self, sql: &str) -> usize {
        let key = self.key();
        self.writer.execute_batch("begin immediate").expect("a transaction");
        let changed = self.writer.execute(sql, [key]).expect("it is done");
        self.writer.execute_batch("commit").expect("it is kept");
        changed
    }
}

fn statement(sql: &str, parameters: Vec<Value>) -> Statement {
    Statement { sql: sql.to_owned(), parameters, expect_rows: None }
}

/// Calls of each a second, measured in turns, and their ratio.
fn compare(name: &str, both: &mut Both, sql: &str, calls: u32, through: Call, without: Call) {
    const TURNS: u32 = 20;
    let mut took = [Duration::ZERO; 2];
    for _ in 0..TURNS {
        for (index, call) in [(0, through), (1, without)] {
            let began = Instant::now();
            for _ in 0..calls {
                black_box(call(both, sql));
            }
            took[index] += began.elapsed();
        }
    }
    let [guarded, bare] = took.map(|took| f64::from(calls * TURNS) / took.as_secs_f64());
    println!("{name}: {guarded:.0} a second through the guard, {bare:.0} without it: {:.2}\n", guarded / bare);
}

fn authorizer(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut both = Both::make(folder.path());
    let cases: [(&str, &str, u32, Call, Call); 3] = [
        ("a row by its key", ONE, 2_000, Both::guarded, Both::bare),
        ("a hundred rows", MANY, 300, Both::guarded, Both::bare),
        ("a change, on disk", CHANGE, 20, Both::guarded_change, Both::bare_change),
    ];
    for (name, sql, calls, through, without) in cases {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(20).measurement_time(Duration::from_secs(2));
        group.bench_function("guarded", |bencher| bencher.iter(|| through(&mut both, sql)));
        group.bench_function("bare", |bencher| bencher.iter(|| without(&mut both, sql)));
        group.finish();
        compare(name, &mut both, sql, calls, through, without);
    }
}

criterion_group!(benches, authorizer);
criterion_main!(benches);
