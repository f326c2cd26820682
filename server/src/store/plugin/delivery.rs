//! Events on their way to the plugins that hear them. A node that works on some holds them for a while; when it dies
//! they are free again.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::store::audit;
use crate::store::person::Actor;
use crate::{execute, on, on_tx};

/// An event for everybody who hears it.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Id; one event reaches a plugin once, however often it is added.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Plugin that emitted it, or `course`.
    pub emitted_by: String,
    /// Class.
    pub class_id: Option<Uuid>,
    /// When.
    pub at: DateTime<Utc>,
    /// What its emitter says.
    pub data: Value,
    /// Events that led to it.
    pub hops: u8,
}

/// An event on its way to one plugin.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Delivery {
    /// Id of the delivery.
    pub id: Uuid,
    /// Id of the event.
    pub event_id: Uuid,
    /// Who hears it.
    pub plugin_id: String,
    /// Name of the event.
    pub name: String,
    /// Who emitted it.
    pub emitted_by: String,
    /// Class.
    pub class_id: Option<Uuid>,
    /// When it was emitted.
    pub emitted_at: DateTime<Utc>,
    /// What its emitter says, as JSON.
    pub data: String,
    /// Events that led to it.
    pub hops: i64,
    /// Tries that failed.
    pub attempts: i64,
    /// Workers that died while they handled it.
    pub deaths: i64,
    /// Why the last try failed.
    pub last_failure: Option<String>,
    /// When it was given up.
    pub dead_at: Option<DateTime<Utc>>,
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Handled.
    Done,
    /// Not tried: whoever hears it is not there now.
    Postponed {
        /// When to try.
        next_at: DateTime<Utc>,
    },
    /// Failed; tried again.
    Failed {
        /// Why.
        why: String,
        /// Whether the worker died.
        death: bool,
        /// When to try again.
        next_at: DateTime<Utc>,
    },
    /// Failed for good.
    Dead {
        /// Why.
        why: String,
        /// Whether the worker died.
        death: bool,
    },
}

/// Sends events to these plugins. Those that were sent before are left as they are.
pub async fn add(db: &Db, events: Vec<(Event, Vec<String>)>) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            for (event, plugins) in events {
                for plugin in plugins {
                    execute!(
                        tx,
                        "insert into plugin_delivery (id, event_id, plugin_id, name, emitted_by, class_id, emitted_at, data,
                             hops, attempts, deaths, next_at)
                         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, $7)
                         on conflict (event_id, plugin_id) do nothing",
                        Uuid::now_v7(),
                        event.id,
                        plugin,
                        &event.name,
                        &event.emitted_by,
                        event.class_id,
                        event.at,
                        event.data.to_string(),
                        i64::from(event.hops),
                    )?;
                }
            }
            Ok(())
        })
    })
    .await
}

/// The plugins for which something is due.
pub async fn due(db: &Db, now: DateTime<Utc>) -> Result<Vec<String>> {
    Ok(on!(db, |c| sqlx::query_scalar(
        "select distinct plugin_id from plugin_delivery
         where done_at is null and dead_at is null and next_at <= $1 and (leased_until is null or leased_until <= $1)
         order by plugin_id",
    )
    .bind(now)
    .fetch_all(c)
    .await)?)
}

/// Takes the oldest due deliveries of a plugin and holds them until `until`. Nodes follow one another in this (a lock
/// for each plugin), so that two never take the same, nor wait long.
pub async fn lease(
    db: &Db,
    plugin: &str,
    take: i64,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Delivery>> {
    let plugin = plugin.to_owned();
    let mut leased: Vec<Delivery> = db
        .write(move |tx| {
            Box::pin(async move {
                tx.lock(&format!("plugin-delivery {plugin}")).await?;
                Ok(on_tx!(tx, |c| sqlx::query_as(
                    "update plugin_delivery set leased_until = $4 where id in
                     (select id from plugin_delivery
                      where plugin_id = $1 and done_at is null and dead_at is null and next_at <= $3
                      and (leased_until is null or leased_until <= $3) order by emitted_at, id limit $2)
                     returning id, event_id, plugin_id, name, emitted_by, class_id, emitted_at, data, hops, attempts,
                         deaths, last_failure, dead_at",
                )
                .bind(plugin)
                .bind(take)
                .bind(now)
                .bind(until)
                .fetch_all(c)
                .await)?)
            })
        })
        .await?;
    leased.sort_by_key(|delivery| (delivery.emitted_at, delivery.id));
    Ok(leased)
}

/// Notes how tries ended and gives the deliveries back.
pub async fn settle(db: &Db, outcomes: Vec<(Uuid, Outcome)>, now: DateTime<Utc>) -> Result<()> {
    if outcomes.is_empty() {
        return Ok(());
    }
    db.write(move |tx| {
        Box::pin(async move {
            for (id, outcome) in outcomes {
                match outcome {
                    Outcome::Done => execute!(
                        tx,
                        "update plugin_delivery set done_at = $2, leased_until = null, last_failure = null where id = $1",
                        id,
                        now,
                    )?,
                    Outcome::Postponed { next_at } => execute!(
                        tx,
                        "update plugin_delivery set next_at = $2, leased_until = null where id = $1",
                        id,
                        next_at,
                    )?,
                    Outcome::Failed { why, death, next_at } => execute!(
                        tx,
                        "update plugin_delivery set attempts = attempts + 1, deaths = deaths + $2, last_failure = $3,
                             next_at = $4, leased_until = null where id = $1",
                        id,
                        i64::from(death),
                        why,
                        next_at,
                    )?,
                    Outcome::Dead { why, death } => execute!(
                        tx,
                        "update plugin_delivery set attempts = attempts + 1, deaths = deaths + $2, last_failure = $3,
                             dead_at = $4, leased_until = null where id = $1",
                        id,
                        i64::from(death),
                        why,
                        now,
                    )?,
                };
            }
            Ok(())
        })
    })
    .await
}

/// The latest dead letters of a plugin.
pub async fn dead(db: &Db, plugin: &str, take: i64) -> Result<Vec<Delivery>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select id, event_id, plugin_id, name, emitted_by, class_id, emitted_at, data, hops, attempts, deaths,
                last_failure, dead_at
         from plugin_delivery where plugin_id = $1 and dead_at is not null order by dead_at desc, id desc limit $2",
    )
    .bind(plugin)
    .bind(take)
    .fetch_all(c)
    .await)?)
}

/// How many wait and how many are dead letters.
pub async fn counts(db: &Db, plugin: &str) -> Result<(i64, i64)> {
    Ok(on!(db, |c| sqlx::query_as(
        "select count(*) filter (where dead_at is null), count(*) filter (where dead_at is not null)
         from plugin_delivery where plugin_id = $1 and done_at is null",
    )
    .bind(plugin)
    .fetch_one(c)
    .await)?)
}

/// Sends a dead letter again, as if for the first time.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when the plugin has no such dead letter.
pub async fn again(db: &Db, by: Option<Actor>, plugin: &str, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let entry = super::entry(by.as_ref(), now, "plugin.replay", plugin, id);
    let plugin = plugin.to_owned();
    audit::change(db, entry, move |tx| {
        Box::pin(async move {
            Ok(execute!(
                tx,
                "update plugin_delivery set dead_at = null, attempts = 0, deaths = 0, next_at = $3
                 where id = $1 and plugin_id = $2 and dead_at is not null",
                id,
                plugin,
                now,
            )?)
        })
    })
    .await
}

/// How long a delivery that was handled is remembered, so that the same event is not sent twice.
pub const REMEMBERED: TimeDelta = TimeDelta::days(7);

/// Forgets deliveries that were handled long ago.
pub async fn sweep(db: &Db, now: DateTime<Utc>) -> Result<u64> {
    db.write(move |tx| {
        Box::pin(async move { Ok(execute!(tx, "delete from plugin_delivery where done_at <= $1", now - REMEMBERED)?) })
    })
    .await
}
