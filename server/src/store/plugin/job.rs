//! When jobs of plugins are to run. As with deliveries, a node that runs some holds them for a while.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::{execute, on, on_tx};

/// The key of a job that runs by the schedule of the manifest.
pub const CRON: &str = "cron";

/// A job and its next moment.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Job {
    /// Id of the entry.
    pub id: Uuid,
    /// Plugin.
    pub plugin_id: String,
    /// Id in the manifest.
    pub job: String,
    /// Class; none: of the whole site.
    pub class_id: Option<Uuid>,
    /// [`CRON`], or `once:` and the plugin's own key.
    pub job_key: String,
    /// The moment it is for.
    pub due_at: DateTime<Utc>,
    /// What it gets, as JSON.
    pub data: String,
    /// Tries that failed.
    pub attempts: i64,
    /// Why the last one failed.
    pub last_failure: Option<String>,
}

/// A job to plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// Plugin.
    pub plugin_id: String,
    /// Id in the manifest.
    pub job: String,
    /// Class; none: of the whole site.
    pub class_id: Option<Uuid>,
    /// [`CRON`], or `once:` and the plugin's own key.
    pub job_key: String,
    /// When.
    pub due_at: DateTime<Utc>,
    /// What it gets.
    pub data: Value,
}

const COLUMNS: &str =
    "select id, plugin_id, job, class_id, job_key, due_at, data, attempts, last_failure from plugin_job
     where plugin_id = $1 order by due_at, id";

/// All planned jobs of a plugin.
pub async fn list(db: &Db, plugin: &str) -> Result<Vec<Job>> {
    Ok(on!(db, |c| sqlx::query_as(COLUMNS).bind(plugin).fetch_all(c).await)?)
}

/// Plans jobs; one with the same plugin, job, class and key takes the place of the one before.
pub async fn plan(db: &Db, jobs: Vec<Planned>) -> Result<()> {
    if jobs.is_empty() {
        return Ok(());
    }
    db.write(move |tx| {
        Box::pin(async move {
            for job in jobs {
                tx.lock(&format!("plugin-job {} {}", job.plugin_id, job.job_key)).await?;
                cancel_in(tx, &job.plugin_id, &job.job, job.class_id, &job.job_key).await?;
                execute!(
                    tx,
                    "insert into plugin_job (id, plugin_id, job, class_id, job_key, due_at, data, attempts, next_at)
                     values ($1, $2, $3, $4, $5, $6, $7, 0, $6)",
                    Uuid::now_v7(),
                    job.plugin_id,
                    job.job,
                    job.class_id,
                    job.job_key,
                    job.due_at,
                    job.data.to_string(),
                )?;
            }
            Ok(())
        })
    })
    .await
}

async fn cancel_in(tx: &mut crate::db::Tx, plugin: &str, job: &str, class_id: Option<Uuid>, key: &str) -> Result<u64> {
    Ok(execute!(
        tx,
        "delete from plugin_job where plugin_id = $1 and job = $2 and job_key = $3
         and (class_id = $4 or (class_id is null and $5))",
        plugin,
        job,
        key,
        class_id,
        class_id.is_none(),
    )?)
}

/// Takes a planned job back; one that is not planned changes nothing.
pub async fn cancel(db: &Db, plugin: &str, job: &str, class_id: Option<Uuid>, key: &str) -> Result<()> {
    let (plugin, job, key) = (plugin.to_owned(), job.to_owned(), key.to_owned());
    db.write(move |tx| Box::pin(async move { cancel_in(tx, &plugin, &job, class_id, &key).await.map(|_| ()) })).await
}

/// How many jobs a plugin has planned at moments of its own.
pub async fn count_once(db: &Db, plugin: &str) -> Result<i64> {
    Ok(on!(db, |c| sqlx::query_scalar("select count(*) from plugin_job where plugin_id = $1 and job_key <> 'cron'")
        .bind(plugin)
        .fetch_one(c)
        .await)?)
}

/// Makes the regular jobs of a plugin those given: new ones are planned, those that are planned keep their moment, and
/// what is no longer among them goes.
pub async fn keep_regular(db: &Db, plugin: &str, wanted: Vec<Planned>) -> Result<()> {
    let planned = list(db, plugin).await?;
    let is_same = |job: &Job, other: &Planned| job.job == other.job && job.class_id == other.class_id;
    // A moment later than the next one of the schedule is of a schedule that was changed.
    let holds = |job: &Job, other: &Planned| is_same(job, other) && (job.attempts > 0 || job.due_at <= other.due_at);
    let regular: Vec<&Job> = planned.iter().filter(|job| job.job_key == CRON).collect();
    let stale: Vec<Uuid> =
        regular.iter().filter(|job| !wanted.iter().any(|other| holds(job, other))).map(|job| job.id).collect();
    let new: Vec<Planned> = wanted.into_iter().filter(|other| !regular.iter().any(|job| holds(job, other))).collect();
    if stale.is_empty() && new.is_empty() {
        return Ok(());
    }
    db.write(move |tx| {
        Box::pin(async move {
            for id in stale {
                execute!(tx, "delete from plugin_job where id = $1", id)?;
            }
            for job in new {
                // Another node may have planned it meanwhile: its moment is the same.
                execute!(
                    tx,
                    "insert into plugin_job (id, plugin_id, job, class_id, job_key, due_at, data, attempts, next_at)
                     values ($1, $2, $3, $4, $5, $6, $7, 0, $6) on conflict do nothing",
                    Uuid::now_v7(),
                    job.plugin_id,
                    job.job,
                    job.class_id,
                    job.job_key,
                    job.due_at,
                    job.data.to_string(),
                )?;
            }
            Ok(())
        })
    })
    .await
}

/// The plugins that have something to run.
pub async fn due(db: &Db, now: DateTime<Utc>) -> Result<Vec<String>> {
    Ok(on!(db, |c| sqlx::query_scalar(
        "select distinct plugin_id from plugin_job
         where next_at <= $1 and (leased_until is null or leased_until <= $1) order by plugin_id",
    )
    .bind(now)
    .fetch_all(c)
    .await)?)
}

/// Takes the oldest due jobs of a plugin and holds them until `until`.
pub async fn lease(db: &Db, plugin: &str, take: i64, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<Job>> {
    let plugin = plugin.to_owned();
    let mut leased: Vec<Job> = db
        .write(move |tx| {
            Box::pin(async move {
                tx.lock(&format!("plugin-job {plugin}")).await?;
                Ok(on_tx!(tx, |c| sqlx::query_as(
                    "update plugin_job set leased_until = $4 where id in
                     (select id from plugin_job where plugin_id = $1 and next_at <= $3
                      and (leased_until is null or leased_until <= $3) order by due_at, id limit $2)
                     returning id, plugin_id, job, class_id, job_key, due_at, data, attempts, last_failure",
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
    leased.sort_by_key(|job| (job.due_at, job.id));
    Ok(leased)
}

/// What becomes of a job that was held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is over.
    Gone,
    /// It runs again at its next moment; `failure` is what went wrong this time, if anything.
    At(DateTime<Utc>, Option<String>),
    /// It is tried again, for this same moment.
    Retry {
        /// The moment it is for.
        due_at: DateTime<Utc>,
        /// When.
        next_at: DateTime<Utc>,
        /// Why; none: it was not tried, as whoever runs it is not there.
        failure: Option<String>,
    },
}

/// Gives a job back.
pub async fn settle(db: &Db, id: Uuid, next: Next) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            match next {
                Next::Gone => execute!(tx, "delete from plugin_job where id = $1 and leased_until is not null", id)?,
                Next::At(at, failure) => execute!(
                    tx,
                    "update plugin_job set due_at = $2, next_at = $2, attempts = 0, leased_until = null,
                         last_failure = $3 where id = $1",
                    id,
                    at,
                    failure,
                )?,
                Next::Retry { due_at, next_at, failure } => execute!(
                    tx,
                    "update plugin_job set due_at = $2, next_at = $3, attempts = attempts + $4, leased_until = null,
                         last_failure = coalesce($5, last_failure) where id = $1",
                    id,
                    due_at,
                    next_at,
                    i64::from(failure.is_some()),
                    failure,
                )?,
            };
            Ok(())
        })
    })
    .await
}
