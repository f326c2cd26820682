//! The schema and the role of a plugin.

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, PgPool};

/// Why a plugin has no tables on this PostgreSQL, and what to do about it.
#[derive(Debug)]
pub enum RoleError {
    /// The server's own role may not make one.
    NotAllowed {
        /// What an administrator of the database does.
        sql: String,
    },
    /// The role was made and cannot sign in.
    SignIn {
        /// The role.
        role: String,
        /// What PostgreSQL says.
        cause: String,
    },
    /// Anything else.
    Database(sqlx::Error),
}

impl std::fmt::Display for RoleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RoleError::NotAllowed { sql } => write!(
                f,
                "the server may not make the role and the schema of the plugin; an administrator of the database runs once: {sql}"
            ),
            RoleError::SignIn { role, cause } => write!(
                f,
                "PostgreSQL does not let the plugin's role {role} in ({cause}); pg_hba.conf needs a line for it, such as: host <database> {role} <address of this server> scram-sha-256"
            ),
            RoleError::Database(error) => write!(f, "the plugin's tables cannot be opened: {error}"),
        }
    }
}

impl std::error::Error for RoleError {}

impl From<sqlx::Error> for RoleError {
    fn from(error: sqlx::Error) -> Self {
        RoleError::Database(error)
    }
}

/// Code of PostgreSQL.
const NOT_ALLOWED: &str = "42501";

/// Makes schema and role where they are missing; returns how to sign in as the role.
pub(super) async fn prepare(server: &PgPool, id: &str, password: &str) -> Result<PgConnectOptions, RoleError> {
    let mut transaction = server.begin().await?;
    sqlx::query("select pg_advisory_xact_lock(hashtextextended('plugin-roles', 0))").execute(&mut *transaction).await?;
    let (database, number, server_role): (String, i64, String) = sqlx::query_as(
        "select cast(datname as text), cast(oid as bigint), cast(current_user as text)
         from pg_database where datname = current_database()",
    )
    .fetch_one(&mut *transaction)
    .await?;
    let (role, schema) = names(id, number);
    // A password of ours has no quotes; an id has none by its form.
    let password_text = password.replace('\'', "''");
    let exists: bool = sqlx::query_scalar("select exists (select from pg_roles where rolname = $1)")
        .bind(&role)
        .fetch_one(&mut *transaction)
        .await?;
    // Only a superuser may name what only a superuser may give, even to take it away; a new role has none of it.
    let make = if exists { "alter role" } else { "create role" };
    let sql = format!(
        "{make} \"{role}\" login noinherit password '{password_text}';
         grant \"{role}\" to current_user;
         create schema if not exists \"{schema}\" authorization \"{role}\";
         revoke all on schema \"{schema}\" from public;
         grant connect on database \"{database}\" to \"{role}\";
         alter role \"{role}\" in database \"{database}\" set search_path = \"{schema}\";"
    );
    if let Err(error) = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *transaction).await {
        return Err(match code(&error).as_deref() {
            Some(NOT_ALLOWED) => RoleError::NotAllowed { sql: allowing(&server_role, &database) },
            _ => error.into(),
        });
    }
    transaction.commit().await?;
    let options = (*server.connect_options()).clone();
    Ok(options
        .username(&role)
        .password(password)
        .application_name("course-plugin")
        .options([("search_path", format!("\"{schema}\""))]))
}

/// What lets the server's role make roles and schemas, to be copied and run.
fn allowing(server_role: &str, database: &str) -> String {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let (server_role, database) = (quoted(server_role), quoted(database));
    format!("alter role {server_role} createrole; grant create on database {database} to {server_role};")
}

/// What a refused connection means.
pub(super) fn refused(options: &PgConnectOptions, error: &sqlx::Error) -> RoleError {
    RoleError::SignIn { role: options.get_username().to_owned(), cause: error.to_string() }
}

fn code(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}

/// Names of role and schema. A role belongs to all databases of a PostgreSQL and its password is set at each start, so
/// the same plugin of another course has another role.
fn names(id: &str, database: i64) -> (String, String) {
    let id = id.replace('-', "_");
    (format!("course_p_{id}_{database}"), format!("p_{id}"))
}
