//! A plugin's tables on PostgreSQL: what a plugin may not do there, and that its statements mean the same on both
//! databases.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use plugin_database::{PostgresTables, SqliteTables, Store};
use plugin_protocol::host::{Batch, Done, Query, Rows, Statement};
use plugin_protocol::manifest::Manifest;
use plugin_protocol::value::Value;
use plugin_protocol::{Code, Failure};
use serde_json::json;
use sqlx::{AssertSqlSafe, PgPool};
use tests::postgres;
use uuid::Uuid;

const WITHIN: Duration = Duration::from_secs(2);
const SQLITE: &str = "create table note (
    id uuid primary key, person_id uuid, text text not null, at timestamptz, done boolean, share double precision,
    picture bytea, count bigint
); create index note_person on note (person_id);";

fn now() -> DateTime<Utc> {
    "2026-10-12T00:00:00.000001Z".parse().expect("a time")
}

fn manifest(steps: &[(&str, &str)]) -> Manifest {
    let steps: Vec<_> =
        steps.iter().map(|(name, sql)| json!({ "name": name, "sqlite": sql, "postgres": sql })).collect();
    serde_json::from_value(json!({
        "id": "notes", "version": "0.1.0", "title": { "zh": "笔记", "en": "Notes" }, "permissions": ["tables"],
        "migrations": steps,
    }))
    .expect("a manifest")
}

async fn postgres() -> Option<(PgPool, Store)> {
    let pool = PgPool::connect(&postgres::database().await?).await.expect("PostgreSQL answers");
    let tables = PostgresTables::open(&pool, "notes", "secret").await.expect("the plugin gets a schema");
    let store = Store::Postgres(tables);
    store.migrate(&manifest(&[("001_note", SQLITE)]), now()).await.expect("the migration is done");
    Some((pool, store))
}

async fn query(store: &Store, sql: &str, parameters: Vec<Value>) -> Result<Rows, Failure> {
    store.query(&Query { sql: sql.into(), parameters }, WITHIN).await
}

async fn change(store: &Store, statements: &[(&str, Vec<Value>)]) -> Result<Done, Failure> {
    let statement = |(sql, parameters): &(&str, Vec<Value>)| Statement {
        sql: (*sql).into(),
        parameters: parameters.clone(),
        expect_rows: None,
    };
    let statements = statements.iter().map(statement).collect();
    store.batch(&Batch { statements, ..Batch::default() }, &[], now(), WITHIN).await
}

/// What a plugin may not do, as a query and as a change.
const ATTACKS: &[&str] = &[
    // The course's tables, and another plugin's.
    "select * from person",
    "select * from public.person",
    "select * from \"public\".\"person\"",
    "with stolen as (select * from public.session) select * from stolen",
    "insert into public.setting (name, value, updated_at) values ('a', 'b', now())",
    "update public.person set role = 'operator'",
    "delete from public.audit",
    "insert into note (id, text) select id, name from public.person",
    "select * from p_other.note",
    // The host's, and the catalogue.
    "select * from host_once",
    "delete from \"host_migration\"",
    "insert into host_outbox values (null)",
    "select * from pg_catalog.pg_authid",
    "select rolpassword from pg_shadow",
    "select query from pg_stat_activity",
    "select table_name from information_schema.tables",
    "select 'person'::regclass",
    // Another role, another setting.
    "set role postgres",
    "reset role",
    "set session authorization postgres",
    "reset session authorization",
    "select set_config('role', 'postgres', false)",
    "select \"set_config\"('statement_timeout', '0', false)",
    "select U&\"set\\005fconfig\"('statement_timeout', '0', false)",
    "set statement_timeout = 0",
    "select query_to_xml('select set_config(''role'', ''postgres'', false)', true, true, '')",
    "select * from ts_stat('select 1')",
    "set search_path = public",
    // Out of the database.
    "copy note to '/tmp/stolen'",
    "copy note from program 'id'",
    "copy (select 1) to program 'id'",
    "select pg_read_file('/etc/passwd')",
    "select pg_ls_dir('/')",
    "select lo_import('/etc/passwd')",
    "select lo_from_bytea(0, 'a')",
    "select * from dblink('host=127.0.0.1', 'select 1') as t (a text)",
    "load 'evil'",
    "listen course",
    "notify course",
    "select pg_notify('course', 'evil')",
    "select pg_advisory_lock(1)",
    "select pg_terminate_backend(1)",
    // Definitions outside of a migration.
    "create table more (id uuid)",
    "create temp table more (id uuid)",
    "select 1 as one into more",
    "select 1 as one into temp more",
    "create view seen as select * from note",
    "create function f() returns void language sql as 'select 1'",
    "create extension dblink",
    "create schema other",
    "drop table note",
    "alter table note add column more text",
    "truncate note",
    "grant all on note to public",
    "do 'begin perform 1; end'",
    "do $$ begin perform 1; end $$",
    "call f()",
    "prepare p as select 1",
    "declare c cursor for select 1",
    "lock table note",
    "vacuum note",
    "explain analyze delete from note",
    // The transaction, and more than one statement.
    "begin",
    "commit",
    "rollback",
    "savepoint a",
    "select 1; select 2",
    "select 1; drop table note",
    "select 'a') host_row union all select 'b' from (select 'c'",
    "",
    "-- nothing",
    "select $2",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_but_the_plugins_own_rows_can_be_reached() {
    let Some((pool, store)) = postgres().await else { return };
    let other = PostgresTables::open(&pool, "other", "secret").await.expect("another plugin gets a schema");
    Store::Postgres(other).migrate(&manifest(&[("001_note", SQLITE)]), now()).await.expect("it migrates");
    let mut through = Vec::new();
    for attack in ATTACKS {
        let outcomes =
            [query(&store, attack, vec![]).await.map(drop), change(&store, &[(attack, vec![])]).await.map(drop)];
        for outcome in outcomes {
            if !outcome.as_ref().is_err_and(|failure| matches!(failure.code, Code::Denied | Code::BadRequest)) {
                through.push((attack, outcome));
            }
        }
    }
    assert!(through.is_empty(), "{through:#?}");
    assert_eq!(store.tables().await, Ok(vec!["note".to_owned()]));
    let left: i64 = sqlx::query_scalar("select count(*) from pg_tables where tablename = 'more'")
        .fetch_one(&pool)
        .await
        .expect("the catalogue answers");
    assert_eq!(left, 0);
    change(&store, &[("insert into note (id, text) values ($1, 'still here')", vec![Uuid::from_u128(1).into()])])
        .await
        .expect("the plugin goes on");
}

/// Should a statement get past the reading of its text, the role still may not: the same without the host between.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_role_itself_reaches_nothing_of_the_course() {
    let Some((pool, _store)) = postgres().await else { return };
    let role: String =
        sqlx::query_scalar("select cast(nspowner::regrole as text) from pg_namespace where nspname = 'p_notes'")
            .fetch_one(&pool)
            .await
            .expect("the schema has an owner");
    let options = (*pool.connect_options()).clone().username(&role).password("secret");
    let plugin = PgPool::connect_with(options).await.expect("the role signs in");
    for sql in [
        "select * from public.person",
        "delete from public.audit",
        "create table public.more (id uuid)",
        "set role postgres",
        "set session authorization postgres",
        "select pg_read_file('/etc/passwd')",
        "select lo_import('/etc/passwd')",
        "copy p_notes.note to '/tmp/stolen'",
        "copy p_notes.note from program 'id'",
        "select rolpassword from pg_authid",
        "create role more",
        "create database more",
        "create schema more",
        "create extension dblink",
    ] {
        let outcome = sqlx::query(AssertSqlSafe(sql)).execute(&plugin).await;
        let code = outcome.as_ref().err().and_then(|error| error.as_database_error()?.code()).unwrap_or_default();
        assert_eq!(code, "42501", "{sql}: {outcome:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_defines_tables_and_nothing_else() {
    let Some((_pool, store)) = postgres().await else { return };
    for sql in [
        "drop table host_once",
        "create table host_more (id uuid)",
        "create function f() returns void language sql as 'select 1'",
        "create trigger t after insert on note execute function f()",
        "create temp table more (id uuid)",
        "create table more (id uuid references public.person (id))",
        "create table more (id uuid); commit; create table again (id uuid)",
        "create table more (id uuid); create table more (id uuid)",
        "create view seen as select 1",
        "set role postgres",
        "grant usage on schema p_notes to public",
        "alter table note set schema public",
        "do 'begin perform 1; end'",
    ] {
        let failure = store.migrate(&manifest(&[("002_bad", sql)]), now()).await.expect_err(sql);
        assert!(failure.message.contains("002_bad"), "{failure:?}");
        assert_eq!(store.tables().await, Ok(vec!["note".to_owned()]), "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_never_ends_is_ended_and_what_is_huge_is_refused() {
    let Some((pool, store)) = postgres().await else { return };
    let began = Instant::now();
    let endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";
    let brief = Duration::from_millis(100);
    let slow = store.query(&Query { sql: endless.into(), parameters: vec![] }, brief).await.expect_err("it is ended");
    assert_eq!(slow.code, Code::Timeout, "{slow}");
    let statement = Statement { sql: endless.into(), parameters: vec![], expect_rows: None };
    let batch = Batch { statements: vec![statement], ..Batch::default() };
    let slow = store.batch(&batch, &[], now(), brief).await.expect_err("it is ended");
    assert_eq!(slow.code, Code::Timeout, "{slow}");
    assert!(began.elapsed() < Duration::from_secs(2));
    for huge in [
        "select repeat('x', 10000000)",
        "select string_agg('0123456789', '') from generate_series(1, 2000000)",
        "select i from generate_series(1, 1000000) n(i)",
        "select repeat('x', 1000000) from generate_series(1, 100)",
    ] {
        let failure = query(&store, huge, vec![]).await.expect_err(huge);
        // A machine that is busy may not get as far as the size.
        assert!(matches!(failure.code, Code::BadRequest | Code::Timeout), "{huge}: {failure}");
    }
    let deadline = Instant::now() + Duration::from_secs(5);
    loop {
        let running: i64 = sqlx::query_scalar(
            "select count(*) from pg_stat_activity where datname = current_database() and usename like 'course_p_%'
             and state = 'active'",
        )
        .fetch_one(&pool)
        .await
        .expect("the catalogue answers");
        if running == 0 {
            break;
        }
        assert!(Instant::now() < deadline, "{running} statements still run");
        tokio::task::yield_now().await;
    }
}

/// Statements that mean the same on both databases.
const SAME: &[&str] = &[
    "select * from note order by id",
    "select id, text from note where person_id = $1 order by at",
    "select text from note where at < $2 and done order by text desc",
    "select n.text, count(*) as times, sum(n.count) as total from note n where n.id <> $1 group by n.text order by n.text",
    "select avg(count) as mean from note",
    "select coalesce(text, '') || '!' as loud from note where share > 0.25 order by id limit 1",
    "select id from note where id in (select person_id from note)",
    "select id, text from note where text = 'nobody'",
    "with mine as (select * from note where person_id = $1) select max(count) as most from mine",
    "select case when count is null then 'none' else 'some' end as word from note order by id",
    "values (1, 'a')",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_statements_give_the_same_rows_on_both_databases() {
    let Some((_pool, on_postgres)) = postgres().await else { return };
    let on_sqlite = Store::Sqlite(std::sync::Arc::new(SqliteTables::in_memory().expect("memory is there")));
    on_sqlite.migrate(&manifest(&[("001_note", SQLITE)]), now()).await.expect("the migration is done");
    let (me, later) = (Uuid::from_u128(7), now() + chrono::TimeDelta::days(1));
    let insert = "insert into note values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let full: Vec<Value> = vec![
        Uuid::from_u128(1).into(),
        me.into(),
        "学习 'SQL'".into(),
        now().into(),
        true.into(),
        0.5.into(),
        vec![0_u8, 255].into(),
        i64::MIN.into(),
    ];
    let mut empty = vec![Value::Null; 8];
    (empty[0], empty[2]) = (me.into(), "".into());
    let changes = [
        (insert, full),
        (insert, empty),
        ("update note set count = 6 where id = $1", vec![Uuid::from_u128(1).into()]),
        (
            "insert into note (id, text) values ($1, $2) on conflict (id) do update set text = excluded.text",
            vec![me.into(), "b".into()],
        ),
        ("delete from note where text = 'c'", vec![]),
    ];
    let done = [change(&on_sqlite, &changes).await, change(&on_postgres, &changes).await];
    assert_eq!(done[0].as_ref().map(|done| done.rows.clone()), Ok(vec![1, 1, 1, 1, 0]));
    assert_eq!(done[0], done[1]);
    for sql in SAME {
        let mut parameters = vec![me.into(), later.into()];
        parameters.truncate(sql.matches('$').count());
        if sql.contains("$2") {
            // Each value is used.
            parameters = vec![later.into()];
        }
        let sql = sql.replace("$2", "$1");
        let (sqlite, postgres) =
            (query(&on_sqlite, &sql, parameters.clone()).await, query(&on_postgres, &sql, parameters).await);
        assert!(sqlite.is_ok(), "{sql}: {sqlite:?}");
        if sql.starts_with("values") {
            // Nobody named the columns.
            assert_eq!(sqlite.map(|rows| rows.rows), postgres.map(|rows| rows.rows));
            continue;
        }
        assert_eq!(sqlite, postgres, "{sql}");
    }
    // A taken key and a wrong count mean the same, too.
    let taken = [("insert into note (id, text) values ($1, 'd')", vec![me.into()])];
    for store in [&on_sqlite, &on_postgres] {
        let failure = change(store, &taken).await.expect_err("the key is taken");
        assert_eq!((failure.code, failure.place.as_deref()), (Code::Conflict, Some("statement 1")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_together_migrate_once() {
    let Some(url) = postgres::database().await else { return };
    let pool = PgPool::connect(&url).await.expect("PostgreSQL answers");
    let manifest = manifest(&[("001_note", SQLITE), ("002_tag", "create table tag (id uuid)")]);
    let nodes = (0..4).map(|_| async {
        let tables = PostgresTables::open(&pool, "notes", "secret").await.map_err(|error| error.to_string());
        Store::Postgres(tables?).migrate(&manifest, now()).await.map_err(|failure| failure.to_string())
    });
    let mut done = Vec::new();
    for applied in futures_util::future::join_all(nodes).await {
        done.extend(applied.expect("every node starts"));
    }
    done.sort();
    assert_eq!(done, ["001_note", "002_tag"]);
}
