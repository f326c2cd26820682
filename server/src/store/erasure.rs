//! Forgetting a person: the account becomes nobody's, and the plugins are told. What the person handed in, and the marks
//! for it, stay as records of the course, under no name.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::db::Db;
use crate::error::{Error, Message, Result};
use crate::store::audit::{self, Entry};
use crate::store::plugin::member::COURSE;
use crate::{execute, on, on_tx};

/// The name under which erasure is sent to plugins. No plugin can emit it: it is no name of an event.
pub const ERASE: &str = "erase-person";

/// Makes an account nobody's and sends the erasure to every plugin that was ever enabled; returns their ids.
///
/// # Errors
/// [`Error::NotFound`] when nobody has this login; refused for an administrator.
pub async fn erase(db: &Db, login: &str, now: DateTime<Utc>) -> Result<Vec<String>> {
    let found: Option<(Uuid, String)> = on!(db, |c| sqlx::query_as("select id, role from person where login = $1")
        .bind(login.to_lowercase())
        .fetch_optional(c)
        .await)?;
    let (person_id, role) = found.ok_or(Error::NotFound)?;
    if role == "administrator" {
        return Err(Error::Invalid(Message::new("admin-erase-administrator")));
    }
    db.write(move |tx| {
        Box::pin(async move {
            execute!(
                tx,
                "update person set login = $2, name = '—', password_hash = null, language = null, disabled_at = $3
                 where id = $1",
                person_id,
                format!("erased-{}", person_id.simple()),
                now,
            )?;
            execute!(tx, "delete from session where person_id = $1", person_id)?;
            execute!(tx, "delete from api_token where person_id = $1", person_id)?;
            execute!(tx, "delete from known_device where person_id = $1", person_id)?;
            execute!(tx, "delete from activation where person_id = $1", person_id)?;
            execute!(tx, "delete from reading_position where person_id = $1", person_id)?;
            execute!(tx, "delete from post where person_id = $1", person_id)?;
            execute!(
                tx,
                "update membership set student_number = null, left_at = coalesce(left_at, $2) where person_id = $1",
                person_id,
                now,
            )?;
            execute!(tx, "update audit set address = '' where person_id = $1", person_id)?;
            let plugins: Vec<String> =
                on_tx!(tx, |c| sqlx::query_scalar("select id from plugin order by id").fetch_all(c).await)?;
            let event_id = Uuid::now_v7();
            for plugin in &plugins {
                execute!(
                    tx,
                    "insert into plugin_delivery (id, event_id, plugin_id, name, emitted_by, class_id, emitted_at, data,
                         hops, attempts, deaths, next_at)
                     values ($1, $2, $3, $4, $5, null, $6, $7, 0, 0, 0, $6)",
                    Uuid::now_v7(),
                    event_id,
                    plugin,
                    ERASE,
                    COURSE,
                    now,
                    json!({ "person": person_id }).to_string(),
                )?;
            }
            let entry = Entry {
                at: now,
                person_id: None,
                class_id: None,
                action: "person.erase",
                subject: person_id.to_string(),
                detail: plugins.join(", "),
                address: String::new(),
            };
            audit::record(tx, entry).await?;
            Ok(plugins)
        })
    })
    .await
}
