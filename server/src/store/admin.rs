//! What an administrator does with the people of the school.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Db;
use crate::error::{Error, Result};
use crate::store::person::{Actor, Role};
use crate::store::{audit, session};
use crate::{execute, on, on_tx};

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
