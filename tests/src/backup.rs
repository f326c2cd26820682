//! Backups hold everything, and come back as they were, into either database.

use std::collections::BTreeSet;

use plugin_database::{OutboxEvent, PostgresTables, SqliteTables, Store};
use plugin_protocol::host::{Batch, Statement};
use plugin_protocol::manifest::Manifest;
use plugin_protocol::value::Value;
use serde_json::json;
use server::backup::{self, BackupError, LEFT_OUT, TABLES};
use server::db::Db;
use server::store::person::Role;
use tests::{Database, Site, binary, both};
use uuid::Uuid;

both!(every_table_is_in_the_backup_or_left_out_knowingly, |site| {
    let found: Vec<String> = match &site.app.db {
        Db::Sqlite(sqlite) => {
            sqlx::query_scalar("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
                .fetch_all(&sqlite.readers)
                .await
        }
        Db::Postgres(pool) => {
            sqlx::query_scalar("select cast(tablename as text) from pg_tables where schemaname = current_schema()")
                .fetch_all(pool)
                .await
        }
    }
    .expect("the catalogue answers");
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let known: BTreeSet<&str> = TABLES.iter().chain(LEFT_OUT).copied().collect();
    assert_eq!(found, known);
});

both!(a_restored_backup_holds_the_same_rows_in_either_database, |site| {
    fill(&site).await;
    let before = backup::digests(&site.app.db).await.expect("digests");
    assert!(before["person"].rows >= 40 && before["setting"].rows == 1, "the test fills the tables");
    let file = site.folder().join("course.zip");
    backup::backup(&site.app.db, &site.app.config.storage.data, &file, site.app.clock.now())
        .await
        .expect("a backup is written");

    for target in [Database::Sqlite, Database::Postgres] {
        let Some(other) = Site::start(target).await else { continue };
        restore(&other, &file).await.expect("the backup is restored");
        assert_eq!(backup::digests(&other.app.db).await.expect("digests"), before, "{target:?}");
        let again = restore(&other, &file).await;
        assert!(matches!(again, Err(BackupError::NotEmpty(40))), "{again:?}");
    }
});

both!(a_damaged_backup_is_refused_and_changes_nothing, |site| {
    fill(&site).await;
    let file = site.folder().join("course.zip");
    backup::backup(&site.app.db, &site.app.config.storage.data, &file, site.app.clock.now())
        .await
        .expect("a backup is written");
    let before = backup::check(&file).expect("the backup is whole").tables;
    let whole = std::fs::read(&file).expect("the backup is there");
    let mut refused = 0;
    for step in 0..200 {
        let mut bytes = whole.clone();
        let at = (bytes.len() - 1) * step / 200;
        bytes[at] ^= 0x55;
        bytes.truncate(if step % 4 == 3 { at } else { bytes.len() });
        std::fs::write(&file, bytes).expect("the file is ours");
        match backup::check(&file) {
            // A flipped bit may lie where it means nothing, such as a time stamp of the zip; the rows are what they were.
            Ok(manifest) => assert_eq!(manifest.tables, before, "damage at byte {at} changed what would be restored"),
            Err(_) => refused += 1,
        }
    }
    assert!(refused >= 120, "only {refused} of 200 damages were found");
    std::fs::write(&file, &whole[..whole.len() / 2]).expect("the file is ours");
    let other = Site::start(Database::Sqlite).await.expect("SQLite is built in");
    assert!(matches!(restore(&other, &file).await, Err(BackupError::Damaged { .. })));
    assert_eq!(backup::digests(&other.app.db).await.expect("digests")["person"].rows, 0);
});

both!(a_backup_is_readable_by_its_owner_only, |site| {
    use std::os::unix::fs::PermissionsExt;
    let file = site.folder().join("course.zip");
    backup::backup(&site.app.db, &site.app.config.storage.data, &file, site.app.clock.now())
        .await
        .expect("a backup is written");
    let mode = std::fs::metadata(&file).expect("the backup is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
});

both!(the_tables_of_plugins_come_back_in_either_database, |site| {
    fill(&site).await;
    let data = &site.app.config.storage.data;
    let steps = [("001_note", NOTE), ("002_answer", ANSWER)];
    let steps: Vec<_> =
        steps.iter().map(|(name, sql)| json!({ "name": name, "sqlite": sql, "postgres": sql })).collect();
    let manifest: Manifest = serde_json::from_value(json!({
        "id": "my-notes", "version": "0.1.0", "title": { "zh": "笔记", "en": "Notes" }, "migrations": steps,
    }))
    .expect("a manifest");
    let now = site.app.clock.now();
    let store = match &site.app.db {
        Db::Sqlite(_) => {
            std::fs::create_dir_all(data.join("plugins")).expect("the folder is ours");
            let tables = SqliteTables::open(&data.join("plugins/my-notes.db")).expect("a file");
            Store::Sqlite(std::sync::Arc::new(tables))
        }
        Db::Postgres(pool) => {
            Store::Postgres(PostgresTables::open(pool, "my-notes", "secret").await.expect("a schema"))
        }
    };
    store.migrate(&manifest, now).await.expect("the tables are made");
    let statement = |sql: &str, parameters: Vec<Value>| Statement { sql: sql.into(), parameters, expect_rows: Some(1) };
    let insert = "insert into note values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let mut statements = vec![statement(insert, {
        let mut row = vec![Value::Null; 8];
        (row[0], row[2]) = (Uuid::from_u128(2).into(), "".into());
        row
    })];
    statements.push(statement(
        insert,
        vec![
            Uuid::from_u128(1).into(),
            Uuid::from_u128(2).into(),
            "学习 “SQL”\n\t'\\".into(),
            now.into(),
            true.into(),
            0.100_000_000_000_000_02.into(),
            vec![0_u8, 255].into(),
            i64::MIN.into(),
        ],
    ));
    statements.push(statement(
        "insert into answer values ($1, $2)",
        vec![Uuid::from_u128(3).into(), Uuid::from_u128(1).into()],
    ));
    let batch = Batch { statements, once: Some("event 1".into()), emit: vec![] };
    let event = OutboxEvent {
        id: Uuid::from_u128(9),
        name: "note.added".into(),
        class: Some(Uuid::from_u128(4)),
        at: now,
        hops: 2,
        data: json!({ "text": "a" }),
    };
    store.batch(&batch, &[event], now, std::time::Duration::from_secs(2)).await.expect("the rows are written");

    let file = site.folder().join("course.zip");
    backup::backup(&site.app.db, data, &file, now).await.expect("a backup is written");
    let before = backup::plugin_tables(&site.app.db, data).await.expect("the tables are read");
    let rows: Vec<(&str, u64)> =
        before["my-notes"].tables.iter().map(|(name, table)| (name.as_str(), table.digest.rows)).collect();
    assert_eq!(rows, [("answer", 1), ("host_once", 1), ("host_outbox", 1), ("note", 2)]);
    assert_eq!(before["my-notes"].migrations, manifest.migrations);

    for target in [Database::Sqlite, Database::Postgres] {
        let Some(other) = Site::start(target).await else { continue };
        restore(&other, &file).await.expect("the backup is restored");
        let data = &other.app.config.storage.data;
        assert_eq!(
            backup::plugin_tables(&other.app.db, data).await.expect("the tables are read"),
            before,
            "{target:?}"
        );
    }
});

const NOTE: &str = "create table note (
    id uuid primary key, follows uuid references note (id), text text not null, at timestamptz, done boolean,
    share double precision, picture bytea, count bigint
)";
/// Comes before what it refers to, by name.
const ANSWER: &str = "create table answer (id uuid primary key, note_id uuid not null references note (id))";

/// A folder named wrongly, or the program started elsewhere: no empty backup that would be trusted.
#[test]
fn a_backup_of_nothing_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("elsewhere"), folder.path().join("backup.zip"));
    let run = std::process::Command::new(binary::server())
        .arg("backup")
        .arg("--data")
        .args([&data, &file])
        .env_remove("COURSE_DATABASE_URL")
        .output()
        .expect("the program starts");
    let words = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(3), "{words}");
    assert!(words.contains("there is no database") && words.contains("--data DIR"), "{words}");
    assert!(!data.exists() && !file.exists());
}

async fn restore(site: &Site, file: &std::path::Path) -> Result<backup::Manifest, BackupError> {
    backup::restore(&site.app.db, &site.app.config.storage.data, file, site.app.clock.now()).await
}

/// People with awkward names, and a row with every kind of column somewhere.
async fn fill(site: &Site) {
    for number in 0..40 {
        let name = format!("学生 {number:02} “引号”\t\\ \u{20BB7}");
        site.person(Role::Student, &format!("2026{number:03}"), &name).await;
    }
    let now = site.app.clock.now();
    site.app
        .db
        .write(move |tx| {
            Box::pin(async move {
                server::execute!(
                    tx,
                    "insert into setting (name, value, updated_at) values ($1, $2, $3)",
                    "a name",
                    "a value\nof two lines",
                    now,
                )?;
                Ok(())
            })
        })
        .await
        .expect("a setting is written");
}
