//! Tables of plugins on a PostgreSQL whose administrator gave the server's role little: what it says, and that doing what it
//! says mends it.

use std::str::FromStr as _;

use plugin_database::{PostgresTables, RoleError};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgPool};
use tests::{Database, Site};

/// A name that has to be quoted.
const SERVER: &str = "course-Server";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_may_make_no_roles_says_what_to_run() {
    let Some(site) = Site::start(Database::Postgres).await else { return };
    let administrator = PgPool::connect(&site.database_url).await.expect("a superuser");
    let run = async |sql: String| sqlx::raw_sql(AssertSqlSafe(sql)).execute(&administrator).await.expect("it runs");
    run(format!("create role \"{SERVER}\" login")).await;
    let options = PgConnectOptions::from_str(&site.database_url).expect("a URL").username(SERVER);
    let server = PgPoolOptions::new().max_connections(2).connect_with(options).await.expect("it signs in");

    let refused = PostgresTables::open(&server, "notebook", "secret").await.err().expect("it may make no roles");
    let said = refused.to_string();
    let RoleError::NotAllowed { sql } = refused else { panic!("{said}") };
    assert!(said.ends_with(&sql) && sql.contains("alter role \"course-Server\" createrole;"), "{said}");
    assert!(sql.contains("grant create on database \"test_"), "{said}");

    run(sql).await;
    for start in ["the first", "the next"] {
        let opened = PostgresTables::open(&server, "notebook", "secret").await;
        assert!(opened.is_ok(), "{start} start: {}", opened.err().map(|error| error.to_string()).unwrap_or_default());
    }
    site.stop().await;
}
