//! Jobs of plugins: by the schedule of the manifest, in the time of the class, and at moments that a plugin has chosen.
//! Each runs on one node, the jobs of one plugin one after another.

use std::collections::HashSet;
use std::str::FromStr as _;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use croner::Cron;
use futures_util::future::join_all;
use plugin_protocol::manifest::{JobEntry, Manifest};
use plugin_protocol::op::{self, Op};
use plugin_protocol::{Code, Failure};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::delivery::{UNTIL_THERE, wait_after, was_not_tried};
use super::host::Host;
use super::{Scope, State, Status, context};
use crate::error::{Error, Result};
use crate::store::plugin;
use crate::store::plugin::incident::{self, Incident};
use crate::store::plugin::job::{self, CRON, Job, Next, Planned};

/// Tries of a job.
pub const MOST_FAILURES: i64 = 5;
/// A job this late was missed: it runs only where the manifest says `catch_up`.
pub const LATE: TimeDelta = TimeDelta::minutes(5);

/// How long a node holds what it has taken: longer than all it takes may last.
const LEASE: TimeDelta = TimeDelta::minutes(10);
/// How many a node takes at a time; eight jobs of a minute fit the lease.
const TAKE: i64 = 8;
/// How often a node looks for what is due.
const POLL: Duration = Duration::from_secs(1);
/// The time zone of jobs that belong to no class.
const SITE_ZONE: Tz = chrono_tz::Asia::Shanghai;

/// Runs jobs until the server stops.
pub async fn run(host: Host, stop: CancellationToken) {
    let mut working: JoinSet<String> = JoinSet::new();
    let mut busy = HashSet::new();
    loop {
        match due(&host).await {
            Ok(due) => {
                for plugin in due.into_iter().filter(|plugin| !busy.contains(plugin)).collect::<Vec<_>>() {
                    busy.insert(plugin.clone());
                    let (host, stop) = (host.clone(), stop.clone());
                    working.spawn(async move {
                        if let Err(error) = run_of(&host, &plugin, &stop).await {
                            tracing::warn!(%error, plugin, "jobs could not be run");
                        }
                        plugin
                    });
                }
            }
            Err(error) => tracing::warn!(%error, "due jobs could not be read"),
        }
        tokio::select! {
            () = stop.cancelled() => break,
            Some(done) = working.join_next(), if !working.is_empty() => {
                match done { Ok(plugin) => { busy.remove(&plugin); } Err(_) => busy.clear() }
            }
            () = tokio::time::sleep(POLL) => {}
        }
    }
    while working.join_next().await.is_some() {}
}

/// Plans what the manifests say and runs everything that is due, once.
pub async fn run_due(host: &Host) -> Result<()> {
    let stop = CancellationToken::new();
    let due = due(host).await?;
    let done = join_all(due.iter().map(|plugin| run_of(host, plugin, &stop))).await;
    done.into_iter().collect()
}

/// The plugins with something to run, after the regular jobs have been planned.
async fn due(host: &Host) -> Result<Vec<String>> {
    let now = host.parts.clock.now();
    let enabled: Vec<Status> =
        host.plugins.list().into_iter().filter(|status| status.state != State::Disabled).collect();
    for status in enabled.iter().filter(|status| !status.manifest.jobs.is_empty()) {
        plan(host, &status.manifest, now).await?;
    }
    let mut due = job::due(&host.parts.db, now).await?;
    due.retain(|plugin| enabled.iter().any(|status| status.manifest.id == *plugin));
    Ok(due)
}

/// Plans the regular jobs of a plugin for the classes that use it now; for archived ones those that say so.
async fn plan(host: &Host, manifest: &Manifest, now: DateTime<Utc>) -> Result<()> {
    let regular: Vec<&JobEntry> = manifest.jobs.iter().filter(|job| !job.schedule.is_empty()).collect();
    let mut wanted = Vec::new();
    let classes = match regular.iter().any(|job| job.for_each_class) {
        true => plugin::class::ever_using(&host.parts.db, &manifest.id).await?,
        false => Vec::new(),
    };
    for entry in regular {
        let places: Vec<(Option<Uuid>, Tz)> = match entry.for_each_class {
            true => {
                let classes = classes.iter().filter(|class| entry.in_archive || class.archived_at.is_none());
                classes.map(|class| (Some(class.id), zone(&class.time_zone))).collect()
            }
            false => vec![(None, SITE_ZONE)],
        };
        for (class_id, zone) in places {
            // A schedule that never comes, such as 30 February, is no job.
            let Some(due_at) = next_after(&entry.schedule, zone, now) else { continue };
            wanted.push(Planned {
                plugin_id: manifest.id.clone(),
                job: entry.id.clone(),
                class_id,
                job_key: CRON.into(),
                due_at,
                data: serde_json::Value::Null,
            });
        }
    }
    job::keep_regular(&host.parts.db, &manifest.id, wanted).await
}

/// The first moment of a schedule after this one.
pub fn next_after(schedule: &str, zone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let cron = Cron::from_str(schedule).ok()?;
    Some(cron.find_next_occurrence(&after.with_timezone(&zone), false).ok()?.to_utc())
}

/// The last moment of a schedule up to this one.
fn last_until(schedule: &str, zone: Tz, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let cron = Cron::from_str(schedule).ok()?;
    Some(cron.find_previous_occurrence(&until.with_timezone(&zone), true).ok()?.to_utc())
}

fn zone(name: &str) -> Tz {
    name.parse().unwrap_or(SITE_ZONE)
}

async fn run_of(host: &Host, plugin: &str, stop: &CancellationToken) -> Result<()> {
    let began = Instant::now();
    loop {
        let now = host.parts.clock.now();
        let leased = job::lease(&host.parts.db, plugin, TAKE, now, now + LEASE).await?;
        let Some(status) = host.plugins.list().into_iter().find(|status| status.manifest.id == plugin) else {
            return Ok(());
        };
        if leased.is_empty() {
            return Ok(());
        }
        let mut absent = false;
        for job in leased {
            let next = match stop.is_cancelled() || absent {
                true => Next::Retry { due_at: job.due_at, next_at: now + UNTIL_THERE, failure: None },
                false => run_one(host, &status.manifest, &job).await?,
            };
            absent |= matches!(next, Next::Retry { failure: None, .. });
            job::settle(&host.parts.db, job.id, next).await?;
        }
        if absent || stop.is_cancelled() || began.elapsed() > Duration::from_secs(60) {
            return Ok(());
        }
    }
}

/// Runs a job and says what becomes of it.
async fn run_one(host: &Host, manifest: &Manifest, job: &Job) -> Result<Next> {
    let now = host.parts.clock.now();
    let Some(entry) = manifest.jobs.iter().find(|entry| entry.id == job.job) else { return Ok(Next::Gone) };
    let zone = match job.class_id {
        None => SITE_ZONE,
        Some(class_id) => match plugin::class::used(&host.parts.db, class_id, &manifest.id).await? {
            Some(class) if entry.in_archive || class.archived_at.is_none() => zone(&class.time_zone),
            _ => return Ok(Next::Gone),
        },
    };
    let due_at = match decide(job, entry, zone, now) {
        Decision::Run(due_at) => due_at,
        Decision::Skip(next) => return Ok(next),
    };
    let context = match context::of_nobody(&host.parts, manifest, job.class_id).await {
        Ok(context) => context,
        Err(Error::NotFound) => return Ok(Next::Gone),
        Err(error) => return Err(error),
    };
    let scope = Scope::new(context, Duration::from_millis(entry.deadline_ms.into()));
    let input = op::Job { job: entry.id.clone(), due_at, data: serde_json::from_str(&job.data).unwrap_or_default() };
    let failure = host.plugins.ask(&manifest.id, Op::Job, scope, &input).await.err();
    let now = host.parts.clock.now();
    let next = after(job, entry, zone, due_at, failure.as_ref(), now);
    if let Next::Retry { next_at, failure: Some(why), .. } = &next {
        let line = format!("job {} for {due_at} failed and comes again at {next_at}: {why}", job.job);
        (host.log)(&manifest.id, "warn", &line);
    }
    if let (Some(failure), Next::Gone | Next::At(..)) = (failure, &next) {
        note_given_up(host, manifest, job, &failure, now).await?;
    }
    Ok(next)
}

async fn note_given_up(
    host: &Host,
    manifest: &Manifest,
    job: &Job,
    failure: &Failure,
    now: DateTime<Utc>,
) -> Result<()> {
    let detail = format!("{} for {} was given up after {} tries: {failure}", job.job, job.due_at, job.attempts + 1);
    (host.log)(&manifest.id, "error", &format!("job {detail}"));
    let incident = Incident {
        plugin_id: manifest.id.clone(),
        at: now,
        kind: "job".into(),
        operation: Op::Job.name().into(),
        detail,
        version: manifest.version.clone(),
        log: String::new(),
    };
    incident::record(&host.parts.db, incident).await
}

#[derive(Debug, PartialEq, Eq)]
enum Decision {
    /// For this moment.
    Run(DateTime<Utc>),
    /// Not now.
    Skip(Next),
}

/// Whether a job that is due is to be run: of several moments that passed the last one counts, and one that passed long
/// ago only where the manifest makes up for it. What was begun is brought to its end.
fn decide(job: &Job, entry: &JobEntry, zone: Tz, now: DateTime<Utc>) -> Decision {
    if job.job_key != CRON || job.attempts > 0 {
        return Decision::Run(job.due_at);
    }
    let last = last_until(&entry.schedule, zone, now).filter(|last| *last >= job.due_at);
    let due_at = last.unwrap_or(job.due_at);
    if now - due_at > LATE && !entry.catch_up {
        return Decision::Skip(regular(entry, zone, now, None));
    }
    Decision::Run(due_at)
}

/// The next moment of a regular job.
fn regular(entry: &JobEntry, zone: Tz, now: DateTime<Utc>, failure: Option<String>) -> Next {
    next_after(&entry.schedule, zone, now).map_or(Next::Gone, |next| Next::At(next, failure))
}

/// What becomes of a job that was run for `due_at`.
fn after(
    job: &Job,
    entry: &JobEntry,
    zone: Tz,
    due_at: DateTime<Utc>,
    failure: Option<&Failure>,
    now: DateTime<Utc>,
) -> Next {
    let ended = |failure: Option<String>| match job.job_key == CRON {
        true => regular(entry, zone, now, failure),
        false => Next::Gone,
    };
    match failure {
        None => ended(None),
        Some(failure) if was_not_tried(failure.code) => {
            Next::Retry { due_at, next_at: now + UNTIL_THERE, failure: None }
        }
        Some(failure)
            if job.attempts + 1 >= MOST_FAILURES
                || failure.code == Code::Unsupported
                || died(failure) && job.last_failure.as_deref().is_some_and(has_died) =>
        {
            ended(Some(failure.to_string()))
        }
        Some(failure) => {
            Next::Retry { due_at, next_at: now + wait_after(job.attempts + 1), failure: Some(failure.to_string()) }
        }
    }
}

/// Whether it cost a worker. Twice one after the other is enough: a third time might cost the plugin.
fn died(failure: &Failure) -> bool {
    failure.code == Code::WorkerDied
}

/// The same, of a failure that was written down.
fn has_died(failure: &str) -> bool {
    failure.starts_with(Code::WorkerDied.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn job(due_at: DateTime<Utc>, key: &str, attempts: i64) -> Job {
        Job {
            id: Uuid::now_v7(),
            plugin_id: "notebook".into(),
            job: "tidy".into(),
            class_id: None,
            job_key: key.into(),
            due_at,
            data: "null".into(),
            attempts,
            last_failure: None,
        }
    }

    fn entry(schedule: &str, catch_up: bool) -> JobEntry {
        JobEntry {
            id: "tidy".into(),
            schedule: schedule.into(),
            for_each_class: true,
            catch_up,
            in_archive: false,
            deadline_ms: 1_000,
        }
    }

    #[test]
    fn a_schedule_is_in_the_time_of_the_class() {
        let eight = "0 8 * * *";
        let now = utc("2026-10-12T01:30:00.250Z");
        assert_eq!(next_after(eight, SITE_ZONE, now), Some(utc("2026-10-13T00:00:00Z")));
        assert_eq!(next_after(eight, chrono_tz::Europe::Berlin, now), Some(utc("2026-10-12T06:00:00Z")));
        // The clocks of Berlin go back on 25 October: eight stays eight.
        let autumn = utc("2026-10-25T12:00:00Z");
        assert_eq!(next_after(eight, chrono_tz::Europe::Berlin, autumn), Some(utc("2026-10-26T07:00:00Z")));
        assert_eq!(next_after(eight, SITE_ZONE, utc("2026-10-12T00:00:00Z")), Some(utc("2026-10-13T00:00:00Z")));
        assert_eq!(next_after("0 8 30 2 *", SITE_ZONE, now), None);
        assert_eq!(next_after("nonsense", SITE_ZONE, now), None);
    }

    #[test]
    fn what_passed_while_nothing_ran_is_made_up_for_once_or_not_at_all() {
        let due = utc("2026-10-12T00:00:00Z");
        let eight = |catch_up| entry("0 8 * * *", catch_up);
        let on_time = due + TimeDelta::seconds(20);
        assert_eq!(decide(&job(due, CRON, 0), &eight(false), SITE_ZONE, on_time), Decision::Run(due));
        // Three mornings later, at noon.
        let later = utc("2026-10-15T04:00:00Z");
        let last = utc("2026-10-15T00:00:00Z");
        assert_eq!(decide(&job(due, CRON, 0), &eight(true), SITE_ZONE, later), Decision::Run(last));
        let next = Next::At(utc("2026-10-16T00:00:00Z"), None);
        assert_eq!(decide(&job(due, CRON, 0), &eight(false), SITE_ZONE, later), Decision::Skip(next));
        // A moment that was chosen, or that was tried before, is not forgotten.
        assert_eq!(decide(&job(due, "once:a", 0), &eight(false), SITE_ZONE, later), Decision::Run(due));
        assert_eq!(decide(&job(due, CRON, 1), &eight(false), SITE_ZONE, later), Decision::Run(due));
    }

    #[test]
    fn a_job_that_fails_is_tried_again_then_left() {
        let due = utc("2026-10-12T00:00:00Z");
        let failure = Failure::new(Code::PluginError, "no");
        let end = |key: &str, attempts, failure: Option<&Failure>| {
            after(&job(due, key, attempts), &entry("0 8 * * *", false), SITE_ZONE, due, failure, due)
        };
        let why = Some("plugin-error: no".to_owned());
        let tomorrow = utc("2026-10-13T00:00:00Z");
        assert_eq!(end(CRON, 0, None), Next::At(tomorrow, None));
        assert_eq!(end("once:a", 0, None), Next::Gone);
        let next_at = due + TimeDelta::seconds(5);
        assert_eq!(end(CRON, 1, Some(&failure)), Next::Retry { due_at: due, next_at, failure: why.clone() });
        assert_eq!(end(CRON, 4, Some(&failure)), Next::At(tomorrow, why));
        assert_eq!(end("once:a", 4, Some(&failure)), Next::Gone);
        let death = Failure::new(Code::WorkerDied, "signal 6");
        assert!(matches!(end("once:a", 0, Some(&death)), Next::Retry { .. }));
        let again = Job { last_failure: Some(death.to_string()), ..job(due, "once:a", 1) };
        let next = after(&again, &entry("0 8 * * *", false), SITE_ZONE, due, Some(&death), due);
        assert_eq!(next, Next::Gone, "a job that costs a second worker is given up");
        let absent = Failure::new(Code::NotRunning, "");
        assert!(matches!(end(CRON, 4, Some(&absent)), Next::Retry { failure: None, .. }));
    }
}
