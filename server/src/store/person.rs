//! People: who they are and what they may do in the school.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::store::audit::{self, Entry};
use crate::store::session;
use crate::store::sign_in::{self, Reserved};
use crate::{execute, on, on_tx};

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

/// A person in the administrator's list.
#[derive(Clone, Debug, FromRow)]
pub struct Listed {
    /// Id.
    pub id: Uuid,
    /// What the person signs in with.
    pub login: String,
    /// Name.
    pub name: String,
    /// Role in the school.
    pub role: Role,
    /// Whether the person has a password.
    pub activated: bool,
    /// When the account was closed, if it is.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Classes the person is in.
    pub classes: i64,
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

/// Keeps how a person likes pages; `None` leaves a choice as it is.
pub async fn set_preferences(
    db: &Db,
    id: Uuid,
    language: Option<String>,
    theme: Option<String>,
    font_size: Option<String>,
) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            execute!(
                tx,
                "update person set language = coalesce($2, language), theme = coalesce($3, theme),
                                   font_size = coalesce($4, font_size) where id = $1",
                id,
                language,
                theme,
                font_size,
            )?;
            Ok(())
        })
    })
    .await
}

/// Changes a password whose former was just given; all sessions but `keep` end.
pub async fn change_password(
    db: &Db,
    actor: Actor,
    hash: String,
    keep: Option<Uuid>,
    reserved: Reserved,
    now: DateTime<Utc>,
) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            sign_in::succeeded(tx, &reserved, now).await?;
            execute!(tx, "update person set password_hash = $2 where id = $1", actor.id, hash)?;
            session::end_others_in(tx, actor.id, keep).await?;
            audit::record(tx, actor.entry(now, "account.password", actor.id)).await
        })
    })
    .await
}

/// People whose login or name contains a text, administrators first, then teachers, then students; `skip` and `take` page through them.
pub async fn list(db: &Db, role: Option<Role>, query: &str, skip: i64, take: i64) -> Result<Vec<Listed>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select p.id, p.login, p.name, p.role, p.password_hash is not null as activated, p.disabled_at,
                (select count(*) from membership m where m.person_id = p.id and m.left_at is null) as classes
         from person p
         where ($1 = '' or p.role = $1) and (p.login like $2 escape '\\' or lower(p.name) like $2 escape '\\')
         order by case p.role when 'administrator' then 0 when 'teacher' then 1 else 2 end, p.login limit $3 offset $4",
    )
    .bind(role.map_or("", Role::name))
    .bind(containing(query))
    .bind(take)
    .bind(skip)
    .fetch_all(c)
    .await)?)
}

/// A pattern for `like … escape '\'` that finds a text anywhere, in lower case.
fn containing(text: &str) -> String {
    let plain = text.trim().to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{plain}%")
}

/// Closes or reopens an account. Closing ends sessions and tokens at once.
///
/// # Errors
/// Nobody closes their own account here, so an administrator always remains.
pub async fn set_disabled(db: &Db, actor: Actor, id: Uuid, disabled: bool, now: DateTime<Utc>) -> Result<()> {
    if actor.id == id {
        return Err(Error::conflict("admin-not-oneself"));
    }
    db.write(move |tx| {
        Box::pin(async move {
            let at = disabled.then_some(now);
            let done = execute!(tx, "update person set disabled_at = $2 where id = $1", id, at)?;
            if done == 0 {
                return Err(Error::NotFound);
            }
            if disabled {
                session::end_others_in(tx, id, None).await?;
                execute!(tx, "delete from api_token where person_id = $1", id)?;
                execute!(tx, "delete from activation where person_id = $1 and used_at is null", id)?;
            }
            let action = if disabled { "person.disable" } else { "person.enable" };
            audit::record(tx, actor.entry(now, action, id)).await
        })
    })
    .await
}

/// Makes a teacher an administrator or back. Students stay students: they have a number and a roster.
pub async fn set_role(db: &Db, actor: Actor, id: Uuid, role: Role, now: DateTime<Utc>) -> Result<()> {
    if actor.id == id {
        return Err(Error::conflict("admin-not-oneself"));
    }
    if role == Role::Student {
        return Err(Error::invalid("admin-role-unknown"));
    }
    db.write(move |tx| {
        Box::pin(async move {
            let former: Option<String> = on_tx!(tx, |c| sqlx::query_scalar("select role from person where id = $1")
                .bind(id)
                .fetch_optional(c)
                .await)?;
            match former.as_deref() {
                None => return Err(Error::NotFound),
                Some("student") => return Err(Error::conflict("admin-student-stays")),
                Some(_) => {}
            }
            execute!(tx, "update person set role = $2 where id = $1", id, role.name())?;
            // Another role has another life of sessions.
            session::end_others_in(tx, id, None).await?;
            let mut entry = actor.entry(now, "person.role", id);
            entry.detail = role.name().into();
            audit::record(tx, entry).await
        })
    })
    .await
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
