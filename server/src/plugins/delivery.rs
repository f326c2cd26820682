//! Events on their way: out of the plugins' outboxes to those who hear them, at least once. A plugin gets one at a time
//! and the oldest first, so that the event under which a worker dies is known for certain.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use plugin_protocol::manifest::Manifest;
use plugin_protocol::op::{self, Op};
use plugin_protocol::{Code, Failure};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::failure::not_answered;
use super::host::Host;
use super::{Scope, State, Status, context, event, personal};
use crate::error::{Error, Result};
use crate::store::erasure::ERASE;
use crate::store::plugin::delivery::{self, Delivery, Event, Outcome};

/// Tries of an event that may fail.
pub const MOST_FAILURES: i64 = 5;
/// Workers that may die under an event.
pub const MOST_DEATHS: i64 = 2;

/// What an event may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// How long a node holds what it has taken.
const LEASE: TimeDelta = TimeDelta::seconds(120);
/// After this long it takes nothing more of what it holds, so that the lease outlives the last call.
const WORK: Duration = Duration::from_secs(60);
/// How many a node takes at a time.
const TAKE: i64 = 100;
/// Outcomes are noted when there are so many of them, or after [`NOTE_EVERY`].
const NOTE: usize = 25;
const NOTE_EVERY: Duration = Duration::from_secs(1);
/// How often a node looks for what is due.
const POLL: Duration = Duration::from_secs(1);
/// How often it looks into all outboxes, for what a node that died left there.
const POLL_OUTBOXES: Duration = Duration::from_secs(10);
/// Events taken out of an outbox at a time.
const RELAY: u32 = 200;
/// How often what was handled long ago is forgotten.
const SWEEP: Duration = Duration::from_secs(3600);
/// How long a plugin's key of something done once is remembered: longer than any event or class comes back.
pub const ONCE: TimeDelta = TimeDelta::days(400);

/// The wait after this many failures.
pub(super) fn wait_after(failures: i64) -> TimeDelta {
    TimeDelta::seconds(match failures {
        ..=1 => 1,
        2 => 5,
        3 => 30,
        4 => 120,
        _ => 600,
    })
}

/// Whether nobody was there to try; it is no failure of what was to be done.
pub(super) fn was_not_tried(code: Code) -> bool {
    matches!(code, Code::NotRunning | Code::BreakerOpen | Code::Busy | Code::Incompatible | Code::Cancelled)
}

/// The wait when nobody was there.
pub(super) const UNTIL_THERE: TimeDelta = TimeDelta::seconds(1);

/// Takes what waits in the outboxes and sends it on. What was sent but not taken out, because a node died in between, is
/// sent once all the same.
///
/// # Errors
/// The first that occurred; the other outboxes were looked into nevertheless.
pub async fn relay(host: &Host) -> Result<(), Failure> {
    let plugins = host.plugins.list();
    let mut outcome = Ok(());
    for status in plugins.iter().filter(|status| status.state != State::Disabled) {
        if !status.manifest.events.emits.is_empty() {
            outcome = outcome.and(relay_of(host, &plugins, &status.manifest).await);
        }
    }
    outcome
}

async fn relay_of(host: &Host, plugins: &[Status], manifest: &Manifest) -> Result<(), Failure> {
    let tables = host.shared.tables.of(&host.parts, &manifest.id).await?;
    loop {
        let waiting = tables.outbox(RELAY).await?;
        let ids: Vec<_> = waiting.iter().map(|event| event.id).collect();
        let events = waiting.into_iter().map(|event| Event {
            id: event.id,
            name: event.name,
            emitted_by: manifest.id.clone(),
            class_id: event.class,
            at: event.at,
            data: event.data,
            hops: u8::try_from(event.hops).unwrap_or(u8::MAX),
        });
        event::tell(&host.parts.db, plugins, events.collect()).await.map_err(|error| not_answered(&error))?;
        tables.clear_outbox(&ids).await?;
        if ids.len() < RELAY as usize {
            return Ok(());
        }
    }
}

/// Forgets deliveries that were handled long ago, and keys of what the plugins did once.
///
/// # Errors
/// The first that occurred; the other tables were swept nevertheless.
pub async fn sweep(host: &Host) -> Result<(), Failure> {
    let now = host.parts.clock.now();
    let mut outcome = delivery::sweep(&host.parts.db, now).await.map(drop).map_err(|error| not_answered(&error));
    for status in host.plugins.list().iter().filter(|status| status.state != State::Disabled) {
        let swept = match host.shared.tables.of(&host.parts, &status.manifest.id).await {
            Ok(tables) => tables.sweep(now - ONCE).await,
            Err(failure) => Err(failure),
        };
        outcome = outcome.and(swept.map(drop));
    }
    outcome
}

/// Delivers until the server stops.
pub async fn run(host: Host, stop: CancellationToken) {
    let mut working: JoinSet<String> = JoinSet::new();
    let mut busy = HashSet::new();
    let mut relayed: Option<Instant> = None;
    let mut swept: Option<Instant> = None;
    let mut rung = true;
    loop {
        if rung || relayed.is_none_or(|at| at.elapsed() >= POLL_OUTBOXES) {
            if let Err(error) = relay(&host).await {
                tracing::warn!(%error, "an outbox could not be emptied");
            }
            relayed = Some(Instant::now());
        }
        if swept.is_none_or(|at| at.elapsed() >= SWEEP) {
            swept = Some(Instant::now());
            if let Err(error) = sweep(&host).await {
                tracing::warn!(%error, "what was handled long ago could not be forgotten");
            }
        }
        match due(&host).await {
            Ok(due) => {
                for plugin in due.into_iter().filter(|plugin| !busy.contains(plugin)).collect::<Vec<_>>() {
                    busy.insert(plugin.clone());
                    let (host, stop) = (host.clone(), stop.clone());
                    working.spawn(async move {
                        if let Err(error) = deliver_to(&host, &plugin, &stop).await {
                            tracing::warn!(%error, plugin, "events could not be delivered");
                        }
                        plugin
                    });
                }
            }
            Err(error) => tracing::warn!(%error, "due events could not be read"),
        }
        rung = tokio::select! {
            () = stop.cancelled() => break,
            () = host.shared.outbox.notified() => true,
            Some(done) = working.join_next(), if !working.is_empty() => {
                // A task that panicked has no name; nothing of its plugin is leased for ever.
                match done { Ok(plugin) => { busy.remove(&plugin); } Err(_) => busy.clear() }
                false
            }
            () = tokio::time::sleep(POLL) => false,
        };
    }
    while working.join_next().await.is_some() {}
}

/// Empties the outboxes and delivers everything that is due, once.
pub async fn run_due(host: &Host) -> Result<()> {
    if let Err(error) = relay(host).await {
        tracing::warn!(%error, "an outbox could not be emptied");
    }
    let stop = CancellationToken::new();
    let due = due(host).await?;
    let done = join_all(due.iter().map(|plugin| deliver_to(host, plugin, &stop))).await;
    done.into_iter().collect()
}

/// The enabled plugins for which something is due. What waits for others goes on waiting.
async fn due(host: &Host) -> Result<Vec<String>> {
    let mut due = delivery::due(&host.parts.db, host.parts.clock.now()).await?;
    let enabled: HashSet<String> = host
        .plugins
        .list()
        .iter()
        .filter(|status| status.state != State::Disabled)
        .map(|status| status.manifest.id.clone())
        .collect();
    due.retain(|plugin| enabled.contains(plugin));
    Ok(due)
}

/// Delivers what is due to a plugin, until there is nothing or the plugin is not there.
async fn deliver_to(host: &Host, plugin: &str, stop: &CancellationToken) -> Result<()> {
    loop {
        let now = host.parts.clock.now();
        let leased = delivery::lease(&host.parts.db, plugin, TAKE, now, now + LEASE).await?;
        if leased.is_empty() || !deliver_all(host, plugin, leased, stop).await? {
            return Ok(());
        }
    }
}

/// Delivers what was leased; says whether to go on.
async fn deliver_all(host: &Host, plugin: &str, leased: Vec<Delivery>, stop: &CancellationToken) -> Result<bool> {
    let (began, mut noted) = (Instant::now(), Instant::now());
    let status = host.plugins.list().into_iter().find(|status| status.manifest.id == plugin);
    let status = status.filter(|status| status.state != State::Disabled);
    let mut outcomes = Vec::new();
    let mut given_back = None;
    for event in leased {
        let now = host.parts.clock.now();
        let outcome = match (given_back, &status) {
            (Some(next_at), _) => Outcome::Postponed { next_at },
            // It was disabled a moment ago.
            (None, None) => Outcome::Postponed { next_at: now + UNTIL_THERE },
            _ if stop.is_cancelled() || began.elapsed() > WORK => Outcome::Postponed { next_at: now },
            (None, Some(status)) => match deliver(host, &status.manifest, &event).await {
                Ok(()) => Outcome::Done,
                Err(failure) => after(&event, &failure, host.parts.clock.now()),
            },
        };
        if let Outcome::Postponed { next_at } = outcome {
            given_back = Some(next_at);
        }
        let say = |level, what: String| {
            (host.log)(plugin, level, &format!("event {} {}: {what}", event.name, event.event_id))
        };
        match &outcome {
            Outcome::Dead { why, .. } => say("error", format!("it was given up: {why}")),
            Outcome::Failed { why, next_at, .. } => {
                say("warn", format!("it failed and comes again at {next_at}: {why}"))
            }
            Outcome::Done | Outcome::Postponed { .. } => {}
        }
        outcomes.push((event.id, outcome));
        if outcomes.len() >= NOTE || noted.elapsed() > NOTE_EVERY {
            delivery::settle(&host.parts.db, std::mem::take(&mut outcomes), host.parts.clock.now()).await?;
            noted = Instant::now();
        }
    }
    delivery::settle(&host.parts.db, outcomes, host.parts.clock.now()).await?;
    Ok(given_back.is_none())
}

async fn deliver(host: &Host, manifest: &Manifest, delivery: &Delivery) -> Result<(), Failure> {
    if delivery.name == ERASE {
        let subject: op::Subject = serde_json::from_str(&delivery.data)
            .map_err(|error| Failure::new(Code::BadRequest, format!("no person is named: {error}")))?;
        return personal::erase(host, manifest, subject.person).await.map(|_| ());
    }
    if !manifest.events.hears.contains(&delivery.name) {
        return Ok(());
    }
    let context = match context::of_nobody(&host.parts, manifest, delivery.class_id).await {
        Ok(context) => context,
        Err(Error::NotFound) => return Ok(()),
        Err(error) => return Err(not_answered(&error)),
    };
    let hops = u8::try_from(delivery.hops).unwrap_or(u8::MAX);
    let scope = Scope { hops, ..Scope::new(context, DEADLINE) };
    let event = op::Event {
        id: delivery.event_id,
        name: delivery.name.clone(),
        from: delivery.emitted_by.clone(),
        at: delivery.emitted_at,
        attempt: u32::try_from(delivery.attempts + 1).unwrap_or(u32::MAX),
        data: serde_json::from_str(&delivery.data).unwrap_or_default(),
    };
    host.plugins.ask(&manifest.id, Op::Event, scope, &event).await.map(|_| ())
}

/// What becomes of an event that was not handled.
fn after(delivery: &Delivery, failure: &Failure, now: DateTime<Utc>) -> Outcome {
    if was_not_tried(failure.code) {
        return Outcome::Postponed { next_at: now + UNTIL_THERE };
    }
    let death = failure.code == Code::WorkerDied;
    let why = failure.to_string();
    let (failures, deaths) = (delivery.attempts + 1, delivery.deaths + i64::from(death));
    if failures >= MOST_FAILURES || deaths >= MOST_DEATHS || failure.code == Code::Unsupported {
        return Outcome::Dead { why, death };
    }
    Outcome::Failed { why, death, next_at: now + wait_after(failures) }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn delivery(attempts: i64, deaths: i64) -> Delivery {
        Delivery {
            id: Uuid::now_v7(),
            event_id: Uuid::now_v7(),
            plugin_id: "notebook".into(),
            name: "note.added".into(),
            emitted_by: "notebook".into(),
            class_id: None,
            emitted_at: DateTime::UNIX_EPOCH,
            data: "null".into(),
            hops: 0,
            attempts,
            deaths,
            last_failure: None,
            dead_at: None,
        }
    }

    #[test]
    fn an_event_is_tried_again_and_in_the_end_given_up() {
        let now = DateTime::UNIX_EPOCH;
        let failed = Failure::new(Code::PluginError, "no");
        let waits: Vec<i64> = (0..4)
            .map(|attempts| match after(&delivery(attempts, 0), &failed, now) {
                Outcome::Failed { next_at, death: false, .. } => (next_at - now).num_seconds(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(waits, [1, 5, 30, 120]);
        assert!(matches!(after(&delivery(4, 0), &failed, now), Outcome::Dead { death: false, .. }));

        let died = Failure::new(Code::WorkerDied, "signal 11");
        assert!(matches!(after(&delivery(0, 0), &died, now), Outcome::Failed { death: true, .. }));
        assert!(matches!(after(&delivery(1, 1), &died, now), Outcome::Dead { death: true, .. }));
    }

    #[test]
    fn nobody_there_is_no_failure() {
        let now = DateTime::UNIX_EPOCH;
        for code in [Code::NotRunning, Code::BreakerOpen, Code::Busy] {
            let outcome = after(&delivery(4, 1), &Failure::new(code, ""), now);
            assert_eq!(outcome, Outcome::Postponed { next_at: now + UNTIL_THERE }, "{}", code.name());
        }
    }
}
