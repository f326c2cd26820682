//! Backups hold everything, and come back as they were, into either database.

use std::collections::BTreeSet;

use server::backup::{self, BackupError, LEFT_OUT, TABLES};
use server::db::Db;
use server::store::person::Role;
use tests::{Database, Site, both};

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
    backup::backup(&site.app.db, &file, site.app.clock.now()).await.expect("a backup is written");

    for target in [Database::Sqlite, Database::Postgres] {
        let Some(other) = Site::start(target).await else { continue };
        backup::restore(&other.app.db, &file).await.expect("the backup is restored");
        assert_eq!(backup::digests(&other.app.db).await.expect("digests"), before, "{target:?}");
        let again = backup::restore(&other.app.db, &file).await;
        assert!(matches!(again, Err(BackupError::NotEmpty(40))), "{again:?}");
    }
});

both!(a_damaged_backup_is_refused_and_changes_nothing, |site| {
    fill(&site).await;
    let file = site.folder().join("course.zip");
    backup::backup(&site.app.db, &file, site.app.clock.now()).await.expect("a backup is written");
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
    assert!(matches!(backup::restore(&other.app.db, &file).await, Err(BackupError::Damaged { .. })));
    assert_eq!(backup::digests(&other.app.db).await.expect("digests")["person"].rows, 0);
});

both!(a_backup_is_readable_by_its_owner_only, |site| {
    use std::os::unix::fs::PermissionsExt;
    let file = site.folder().join("course.zip");
    backup::backup(&site.app.db, &file, site.app.clock.now()).await.expect("a backup is written");
    let mode = std::fs::metadata(&file).expect("the backup is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
});

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
