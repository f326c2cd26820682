//! People: who they are and what they may do in the school.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::store::audit::Entry;
use crate::{execute, on};

/// What a person may do outside a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Role {
    /// Runs the machine: everything.
    Administrator,
    /// Founds classes.
    Teacher,
    /// Belongs to classes.
    Student,
}

impl Role {
    /// The name in the database, in templates and in the API.
    pub fn name(self) -> &'static str {
        match self {
            Role::Administrator => "administrator",
            Role::Teacher => "teacher",
            Role::Student => "student",
        }
    }

    /// The role of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Role::Administrator, Role::Teacher, Role::Student].into_iter().find(|role| role.name() == name)
    }
}

/// A person as every request needs it. The password hash stays in the store.
#[derive(Clone, Debug, FromRow)]
pub struct Person {
    /// Id.
    pub id: Uuid,
    /// What the person signs in with, in lower case.
    pub login: String,
    /// Name shown to people.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Chosen language, if any.
    pub language: Option<String>,
    /// Chosen theme.
    pub theme: String,
    /// Chosen font size.
    pub font_size: String,
}

/// A person to create.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// What the person signs in with; stored in lower case.
    pub login: String,
    /// Name shown to people.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// argon2id hash, if a password is known already.
    pub password_hash: Option<String>,
}

/// Who does something, for the record.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Id of the person.
    pub id: Uuid,
    /// From which address.
    pub address: String,
}

impl Actor {
    /// An entry for the audit log by this person.
    pub fn entry(&self, at: DateTime<Utc>, action: &'static str, subject: impl ToString) -> Entry {
        Entry {
            at,
            person_id: Some(self.id),
            class_id: None,
            action,
            subject: subject.to_string(),
            detail: String::new(),
            address: self.address.clone(),
        }
    }
}

/// Creates a person. A login that is taken is a conflict.
pub async fn create(db: &Db, new: NewPerson, now: DateTime<Utc>) -> Result<Uuid> {
    db.write(move |tx| Box::pin(async move { create_in(tx, &new, now).await })).await
}

/// The same inside a transaction.
pub async fn create_in(tx: &mut Tx, new: &NewPerson, now: DateTime<Utc>) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let done = execute!(
        tx,
        "insert into person (id, login, name, role, password_hash, created_at)
         values ($1, $2, $3, $4, $5, $6) on conflict (login) do nothing",
        id,
        new.login.to_lowercase(),
        &new.name,
        new.role.name(),
        &new.password_hash,
        now,
    )?;
    if done == 0 {
        return Err(Error::conflict("account-login-taken"));
    }
    Ok(id)
}

/// The person with this id.
pub async fn find(db: &Db, id: Uuid) -> Result<Option<Person>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select id, login, name, role, language, theme, font_size from person
         where id = $1 and disabled_at is null",
    )
    .bind(id)
    .fetch_optional(c)
    .await)?)
}

/// The person with this login and the hash of their password; `None` also when the account is closed.
pub async fn credentials(db: &Db, login: &str) -> Result<Option<(Person, Option<String>)>> {
    #[derive(FromRow)]
    struct Row {
        password_hash: Option<String>,
        #[sqlx(flatten)]
        person: Person,
    }
    let row: Option<Row> = on!(db, |c| sqlx::query_as(
        "select id, login, name, role, language, theme, font_size, password_hash from person
         where login = $1 and disabled_at is null",
    )
    .bind(login.trim().to_lowercase())
    .fetch_optional(c)
    .await)?;
    Ok(row.map(|row| (row.person, row.password_hash)))
}

/// How many people there are.
pub async fn count(db: &Db) -> Result<i64> {
    Ok(on!(db, |c| sqlx::query_scalar("select count(*) from person").fetch_one(c).await)?)
}

/// The administrator who has been here longest: who the command on the server's own machine acts as.
pub async fn first_administrator(db: &Db) -> Result<Option<Person>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select id, login, name, role, language, theme, font_size from person
         where role = 'administrator' and disabled_at is null order by created_at, id limit 1",
    )
    .fetch_optional(c)
    .await)?)
}
