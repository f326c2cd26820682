//! A plugin's tables in SQLite: what they do, and what they refuse.

#![allow(missing_docs, clippy::unwrap_used)]

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use plugin_database::{OutboxEvent, SqliteTables};
use plugin_protocol::host::{Batch, Done, Query, Rows, Statement};
use plugin_protocol::manifest::{Manifest, Migration};
use plugin_protocol::value::Value;
use plugin_protocol::{Code, Failure};
use serde_json::json;
use uuid::Uuid;

const WITHIN: Duration = Duration::from_secs(5);

fn now() -> DateTime<Utc> {
    "2026-10-12T00:00:00.000001Z".parse().unwrap()
}

fn manifest(steps: &[(&str, &str)]) -> Manifest {
    let steps: Vec<_> =
        steps.iter().map(|(name, sql)| json!({ "name": name, "sqlite": sql, "postgres": sql })).collect();
    serde_json::from_value(json!({
        "id": "notes", "version": "0.1.0", "title": { "zh": "笔记", "en": "Notes" }, "permissions": ["tables"],
        "migrations": steps,
        "personal_data": [{ "table": "note", "person": "person_id", "purpose": { "zh": "作者", "en": "author" } }],
    }))
    .unwrap()
}

const NOTE: &str = "create table note (
    id uuid primary key, person_id uuid, text text not null, at timestamptz, done boolean, share double precision,
    picture bytea, count bigint
); create index note_person on note (person_id);";

fn tables() -> SqliteTables {
    let tables = SqliteTables::in_memory().unwrap();
    assert_eq!(tables.migrate(&manifest(&[("001_note", NOTE)]), now()).unwrap(), ["001_note"]);
    tables
}

fn query(tables: &SqliteTables, sql: &str, parameters: Vec<Value>) -> Result<Rows, Failure> {
    tables.query(&Query { sql: sql.into(), parameters }, WITHIN)
}

fn change(tables: &SqliteTables, statements: &[(&str, Vec<Value>)]) -> Result<Done, Failure> {
    let statements = statements
        .iter()
        .map(|(sql, parameters)| Statement { sql: (*sql).into(), parameters: parameters.clone(), expect_rows: None })
        .collect();
    tables.batch(&Batch { statements, ..Batch::default() }, &[], now(), WITHIN)
}

#[test]
fn values_come_back_as_they_were() {
    let tables = tables();
    let row: Vec<Value> = vec![
        Uuid::from_u128(7).into(),
        Value::Null,
        "学习 'SQL'".into(),
        now().into(),
        true.into(),
        0.5.into(),
        vec![0u8, 255].into(),
        i64::MIN.into(),
    ];
    change(&tables, &[("insert into note values ($1, $2, $3, $4, $5, $6, $7, $8)", row.clone())]).unwrap();
    let found = query(&tables, "select * from note where id = $1", vec![Uuid::from_u128(7).into()]).unwrap();
    assert_eq!(found.columns[..3], ["id", "person_id", "text"]);
    assert_eq!(found.rows, [row]);
    let count =
        query(&tables, "select count(*) from note where at < $2 and text <> $1", vec!["x".into(), Utc::now().into()]);
    assert_eq!(count.unwrap().rows, [[Value::Integer(1)]]);
}

#[test]
fn a_batch_is_done_whole_or_not_at_all_and_once() {
    let tables = tables();
    let insert = "insert into note (id, text) values ($1, 'a')";
    let twice =
        change(&tables, &[(insert, vec![Uuid::from_u128(1).into()]), (insert, vec![Uuid::from_u128(1).into()])]);
    let failure = twice.unwrap_err();
    assert_eq!((failure.code, failure.place.as_deref()), (Code::Conflict, Some("statement 2")));
    assert!(query(&tables, "select 1 from note", vec![]).unwrap().rows.is_empty());

    let event = OutboxEvent {
        id: Uuid::from_u128(9),
        name: "note.added".into(),
        class: None,
        at: now(),
        hops: 2,
        data: json!({ "text": "a" }),
    };
    let statement = Statement { sql: insert.into(), parameters: vec![Uuid::from_u128(2).into()], expect_rows: Some(1) };
    let batch = Batch { statements: vec![statement], once: Some("event 1".into()), emit: vec![] };
    let first = tables.batch(&batch, std::slice::from_ref(&event), now(), WITHIN).unwrap();
    assert_eq!(first, Done { rows: vec![1], repeated: false });
    let again = tables.batch(&batch, std::slice::from_ref(&event), now(), WITHIN).unwrap();
    assert!(again.repeated);
    assert_eq!(tables.outbox(10).unwrap(), std::slice::from_ref(&event));
    tables.clear_outbox(&[event.id]).unwrap();
    assert!(tables.outbox(10).unwrap().is_empty());

    let none = Statement { sql: "delete from note where text = 'z'".into(), parameters: vec![], expect_rows: Some(1) };
    let batch = Batch { statements: vec![none], once: Some("event 2".into()), emit: vec![] };
    assert_eq!(tables.batch(&batch, &[event], now(), WITHIN).unwrap_err().code, Code::Conflict);
    assert!(tables.outbox(10).unwrap().is_empty(), "an undone batch tells nothing");
}

#[test]
fn migrations_are_done_once_and_never_change() {
    let tables = tables();
    let same = manifest(&[("001_note", NOTE), ("002_tag", "create table tag (id uuid)")]);
    assert_eq!(tables.migrate(&same, now()).unwrap(), ["002_tag"]);
    let changed = manifest(&[("001_note", "create table other (id uuid)")]);
    let failure = tables.migrate(&changed, now()).unwrap_err();
    assert_eq!(failure.code, Code::Incompatible);
    assert!(failure.message.contains("001_note") && failure.hint.is_some(), "{failure:?}");
    let broken = manifest(&[("003_bad", "create table more (id uuid); create table more (id uuid);")]);
    let failure = tables.migrate(&broken, now()).unwrap_err();
    assert!(failure.message.contains("003_bad") && failure.message.contains("already exists"), "{failure:?}");
    assert_eq!(tables.tables().unwrap(), ["note", "tag"], "nothing of it stays");
    assert_eq!(tables.undeclared(&same).unwrap(), ["tag"]);
    assert_eq!(
        tables.applied().unwrap()[0].migration,
        Migration { name: "001_note".into(), sqlite: NOTE.into(), postgres: NOTE.into() }
    );
}

#[test]
fn a_person_is_exported_and_forgotten() {
    let tables = tables();
    let (me, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    for (id, person) in [(10, me), (11, other)] {
        let values = vec![Uuid::from_u128(id).into(), person.into()];
        change(&tables, &[("insert into note (id, person_id, text) values ($1, $2, 'a')", values)]).unwrap();
    }
    let manifest = manifest(&[]);
    let mine = tables.export_person(&manifest, me).unwrap();
    assert_eq!(mine["note"]["rows"].as_array().map(Vec::len), Some(1), "{mine}");
    assert_eq!(tables.erase_person(&manifest, me).unwrap(), 1);
    assert_eq!(tables.export_person(&manifest, me).unwrap(), json!({}));
    assert_eq!(query(&tables, "select count(*) from note", vec![]).unwrap().rows, [[Value::Integer(1)]]);
}

#[test]
fn every_column_that_names_a_person_is_exported() {
    let tables = SqliteTables::in_memory().unwrap();
    let purpose = json!({ "zh": "谁", "en": "who" });
    let sql = "create table question (id bigint primary key, asker uuid, answerer uuid, text text, answer text)";
    let manifest: Manifest = serde_json::from_value(json!({
        "id": "questions", "version": "0.1.0", "title": { "zh": "问答", "en": "Questions" }, "permissions": ["tables"],
        "migrations": [{ "name": "001_question", "sqlite": sql, "postgres": sql }],
        "personal_data": [
            { "table": "question", "person": "asker", "purpose": purpose, "columns": ["text"] },
            { "table": "question", "person": "answerer", "purpose": purpose, "erase": "detach" },
        ],
    }))
    .unwrap();
    tables.migrate(&manifest, now()).unwrap();
    let (me, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    for (id, asker, answerer) in [(1, me, other), (2, other, me), (3, me, me)] {
        let values = vec![id.into(), asker.into(), answerer.into()];
        change(&tables, &[("insert into question values ($1, $2, $3, 'why', 'because')", values)]).unwrap();
    }
    let mine = tables.export_person(&manifest, me).unwrap();
    assert_eq!(mine["question.asker"]["columns"], json!(["text"]));
    assert_eq!(mine["question.asker"]["rows"].as_array().map(Vec::len), Some(2), "{mine}");
    assert_eq!(mine["question.answerer"]["rows"].as_array().map(Vec::len), Some(2), "{mine}");
    tables.erase_person(&manifest, me).unwrap();
    assert_eq!(tables.export_person(&manifest, me).unwrap(), json!({}));
    assert_eq!(query(&tables, "select id from question", vec![]).unwrap().rows, [[Value::Integer(2)]]);
}

#[test]
fn a_column_that_erasure_cannot_empty_is_found() {
    let tables = SqliteTables::in_memory().unwrap();
    let purpose = json!({ "zh": "谁", "en": "who" });
    let sql = "create table loan (id bigint primary key, lender uuid, borrower uuid not null, keeper uuid not null)";
    let manifest: Manifest = serde_json::from_value(json!({
        "id": "loans", "version": "0.1.0", "title": { "zh": "借还", "en": "Loans" }, "permissions": ["tables"],
        "migrations": [{ "name": "001_loan", "sqlite": sql, "postgres": sql }],
        "personal_data": [
            { "table": "loan", "person": "lender", "purpose": purpose, "erase": "detach" },
            { "table": "loan", "person": "borrower", "purpose": purpose, "erase": "detach" },
            { "table": "loan", "person": "keeper", "purpose": purpose },
        ],
    }))
    .unwrap();
    tables.migrate(&manifest, now()).unwrap();
    assert_eq!(tables.undetachable(&manifest).unwrap(), ["loan.borrower"]);
}

#[test]
fn a_number_comes_out_of_a_table_as_it_went_in() {
    let tables = tables();
    for number in [0.1 + 0.2, 51.248_179_010_055_06, f64::MAX, 5e-324, 1e21, 3.0] {
        let sent = serde_json::to_vec(&vec![Value::from(number), Uuid::now_v7().into()]).unwrap();
        let values: Vec<Value> = serde_json::from_slice(&sent).unwrap();
        change(&tables, &[("insert into note (share, id, text) values ($1, $2, '')", values.clone())]).unwrap();
        let found = query(&tables, "select share from note where id = $1", values[1..].to_vec()).unwrap();
        let found: Rows = serde_json::from_slice(&serde_json::to_vec(&found).unwrap()).unwrap();
        assert_eq!(found.rows, [[Value::Number(number)]], "{number:e}");
    }
}

/// What a plugin may not do, as a query and as a change.
const ATTACKS: &[&str] = &[
    "select * from sqlite_master",
    "select * from sqlite_schema",
    "select name from pragma_table_list",
    "select * from pragma_database_list",
    "select * from host_outbox",
    "select (select once_key from host_once) from note",
    "with stolen as (select * from host_migration) select * from stolen",
    "select count(*) from host_once",
    "insert into host_outbox values ('a', 'b', null, 'c', 0, 'd')",
    "update host_migration set checksum = ''",
    "delete from host_once",
    "insert into note (id, text) select name, sql from sqlite_master",
    "attach database '/tmp/other.db' as other",
    "detach database main",
    "pragma table_info(note)",
    "pragma writable_schema = on",
    "pragma journal_mode = off",
    "vacuum into '/tmp/stolen.db'",
    "vacuum",
    "create table more (id uuid)",
    "create temp table more (id uuid)",
    "create view seen as select * from note",
    "create trigger t after insert on note begin delete from host_once; end",
    "create virtual table v using fts5(a)",
    "create index more on note (text)",
    "drop table note",
    "alter table note rename to other",
    "alter table note add column more text",
    "reindex",
    "analyze",
    "begin",
    "commit",
    "rollback",
    "savepoint a",
    "select load_extension('/tmp/evil.so')",
    "select readfile('/etc/passwd')",
    "select writefile('/tmp/a', 'b')",
    "explain select * from host_once",
    "select * from main.sqlite_master",
    "select * from temp.sqlite_master",
    "select 1; select 2",
    "select 1; attach database '/tmp/other.db' as other",
    "",
    "-- nothing",
    "select $2",
    "select * from dbstat",
];

#[test]
fn nothing_but_the_plugins_own_rows_can_be_reached() {
    let tables = tables();
    let mut through = Vec::new();
    for attack in ATTACKS {
        let is_refused = |failure: &Failure| matches!(failure.code, Code::Denied | Code::BadRequest);
        for outcome in [query(&tables, attack, vec![]).map(drop), change(&tables, &[(attack, vec![])]).map(drop)] {
            if !outcome.as_ref().is_err_and(is_refused) {
                through.push((attack, outcome));
            }
        }
    }
    assert!(ATTACKS.len() >= 30 && through.is_empty(), "{through:#?}");
    assert_eq!(tables.tables().unwrap(), ["note"]);
    change(&tables, &[("insert into note (id, text) values ('a', 'still here')", vec![])]).unwrap();
}

#[test]
fn a_query_changes_nothing() {
    let tables = tables();
    for sql in
        ["insert into note (id, text) values ('a', 'b') returning id", "update note set text = ''", "delete from note"]
    {
        assert_eq!(query(&tables, sql, vec![]).unwrap_err().code, Code::Denied, "{sql}");
    }
}

#[test]
fn migrations_touch_nothing_of_the_hosts() {
    for sql in [
        "drop table host_once",
        "create table host_more (id uuid)",
        "insert into host_outbox values ('a', 'b', null, 'c', 0, 'd')",
        "attach database '/tmp/other.db' as other",
        "pragma writable_schema = on",
        "create trigger t after insert on note begin delete from host_once; end",
        "commit",
        "update sqlite_master set sql = ''",
    ] {
        let tables = SqliteTables::in_memory().unwrap();
        assert!(tables.migrate(&manifest(&[("001_note", NOTE), ("002_bad", sql)]), now()).is_err(), "{sql}");
        assert_eq!(tables.tables().unwrap(), ["note"], "{sql}");
    }
}

#[test]
fn what_never_ends_is_ended_and_what_is_huge_is_refused() {
    let tables = tables();
    let began = Instant::now();
    let endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";
    let slow = tables.query(&Query { sql: endless.into(), parameters: vec![] }, Duration::from_millis(50)).unwrap_err();
    assert_eq!(slow.code, Code::Timeout);
    let insert = format!("insert into note (id, text) {}", endless.replace("count(*)", "i, i"));
    let statement = Statement { sql: insert, parameters: vec![], expect_rows: None };
    let batch = Batch { statements: vec![statement], ..Batch::default() };
    let slow = tables.batch(&batch, &[], now(), Duration::from_millis(50)).unwrap_err();
    assert_eq!(slow.code, Code::Timeout, "{slow}");
    assert!(began.elapsed() < Duration::from_secs(2));
    for huge in [
        "select zeroblob(1000000000)",
        "select hex(zeroblob(4000000))",
        "with recursive n(i) as (select 1 union all select i + 1 from n limit 6000) select i from n",
        "with recursive n(i) as (select 1 union all select i + 1 from n limit 100) select zeroblob(1000000) from n",
    ] {
        assert_eq!(query(&tables, huge, vec![]).unwrap_err().code, Code::BadRequest, "{huge}");
    }
    assert!(query(&tables, "select 1 from note", vec![]).unwrap().rows.is_empty(), "nothing stays");
}

#[test]
fn a_file_is_read_while_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let tables = SqliteTables::open(&folder.path().join("notes.db")).unwrap();
    tables.migrate(&manifest(&[("001_note", NOTE)]), now()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4u128 {
            let tables = &tables;
            scope.spawn(move || {
                for index in 0..25u128 {
                    let id = Uuid::from_u128(thread * 100 + index);
                    change(tables, &[("insert into note (id, text) values ($1, 'a')", vec![id.into()])]).unwrap();
                    query(tables, "select count(*) from note", vec![]).unwrap();
                }
            });
        }
    });
    assert_eq!(query(&tables, "select count(*) from note", vec![]).unwrap().rows, [[Value::Integer(100)]]);
}

/// Statements are kept prepared: each time they are what they would be anew.
#[test]
fn a_statement_done_again_is_judged_and_read_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.sqlite");
    let tables = SqliteTables::open(&path).unwrap();
    let mut steps = vec![("001_note", "create table note (id bigint primary key, text text)")];
    tables.migrate(&manifest(&steps), now()).unwrap();
    let insert = "insert into note (id, text) values ($1, $2)";
    let all = "select * from note order by id";
    for round in 1..=3 {
        change(&tables, &[(insert, vec![round.into(), "a".into()])]).unwrap();
        assert_eq!(query(&tables, insert, vec![9.into(), "b".into()]).unwrap_err().code, Code::Denied, "round {round}");
        let rows = query(&tables, all, vec![]).unwrap();
        assert_eq!((rows.columns.len(), rows.rows.len()), (2, usize::try_from(round).unwrap()));
    }
    // One that is too long to be kept.
    let long = format!("delete from note where id = $1 /* {} */", "x".repeat(5_000));
    for _ in 0..2 {
        assert_eq!(change(&tables, &[(&long, vec![9.into()])]).unwrap().rows, [0]);
        assert_eq!(query(&tables, &long, vec![9.into()]).unwrap_err().code, Code::Denied);
    }
    let none = "select * from note where id = $1";
    assert_eq!(query(&tables, none, vec![7.into()]).unwrap().columns.len(), 2);
    // Another node's, or a new version's, migration: the same text has a column more at once.
    steps.push(("002_at", "alter table note add column at timestamptz"));
    SqliteTables::open(&path).unwrap().migrate(&manifest(&steps), now()).unwrap();
    for _ in 0..2 {
        assert_eq!(query(&tables, none, vec![7.into()]).unwrap().columns, ["id", "text", "at"]);
        let rows = query(&tables, all, vec![]).unwrap();
        assert_eq!((rows.columns.len(), rows.rows[0].len()), (3, 3));
    }
    for text in ["", "select 1; select 2", "select $2"] {
        for _ in 0..2 {
            assert_eq!(query(&tables, text, vec![1.into()]).unwrap_err().code, Code::BadRequest, "{text}");
        }
    }
}
