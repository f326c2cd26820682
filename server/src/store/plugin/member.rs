//! Events of the course that plugins hear: students who join a class or leave it. They are written with the change, for
//! every plugin of the class; one that does not hear them passes them over.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::Result;
use crate::{execute, on_tx};

/// Who emits events of the course.
pub const COURSE: &str = "course";
/// A student has joined a class or come back: `{"person": …}`.
pub const JOINED: &str = "class.member_joined";
/// A student has left a class: `{"person": …}`.
pub const LEFT: &str = "class.member_left";

/// Tells the plugins of a class that students have joined or left.
pub(in crate::store) async fn moved(
    tx: &mut Tx,
    class_id: Uuid,
    people: &[Uuid],
    event: &'static str,
    now: DateTime<Utc>,
) -> Result<()> {
    let plugins: Vec<String> = on_tx!(tx, |c| sqlx::query_scalar(
        "select u.plugin_id from plugin_class u join plugin p on p.id = u.plugin_id
         where u.class_id = $1 and p.enabled order by u.plugin_id"
    )
    .bind(class_id)
    .fetch_all(c)
    .await)?;
    if plugins.is_empty() {
        return Ok(());
    }
    for person in people {
        let event_id = Uuid::now_v7();
        for plugin in &plugins {
            execute!(
                tx,
                "insert into plugin_delivery (id, event_id, plugin_id, name, emitted_by, class_id, emitted_at, data, hops,
                     attempts, deaths, next_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, $7)",
                Uuid::now_v7(),
                event_id,
                plugin,
                event,
                COURSE,
                class_id,
                now,
                json!({ "person": person }).to_string(),
            )?;
        }
    }
    Ok(())
}
