//! Half a semester in the tools of the demo class: a tool that can show itself filled provides a service whose name ends
//! in `.demo/1`, and answers it to nobody but the server.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use chrono::TimeDelta;
use plugin_protocol::manifest::Manifest;
use plugin_protocol::op::{HOST, Op, Service};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::app::App;
use crate::plugins::context::{self, Parts};
use crate::plugins::{Scope, State, Status};
use crate::store::class::Class;

/// What all these services end in.
const SUFFIX: &str = ".demo/1";
/// How long a tool may take to start, and then to fill itself.
const LONGEST: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Days behind the class.
const BEHIND: i64 = 56;
/// Days before it.
const AHEAD: i64 = 56;

/// Asks every tool that can to fill itself for this class.
pub async fn fill(app: &App, class: &Class) {
    for status in app.plugins.list() {
        let Some(service) = status.manifest.provides.iter().find(|name| name.ends_with(SUFFIX)).cloned() else {
            continue;
        };
        if let Err(problem) = fill_one(app, class, &status, service).await {
            tracing::warn!(plugin = status.manifest.id, %problem, "the demo class begins without this tool's half semester");
        }
    }
}

async fn fill_one(app: &App, class: &Class, status: &Status, service: String) -> Result<()> {
    until_ready(app, &status.manifest.id).await?;
    let today = app.clock.now().with_timezone(&chrono_tz::Asia::Shanghai).date_naive();
    let input = json!({
        "from": today - TimeDelta::days(BEHIND),
        "to": today + TimeDelta::days(AHEAD),
        "today": today,
    });
    let input = Service { service, caller: HOST.to_owned(), input };
    ask(app, &status.manifest, class, Op::Service, &input).await.map(|_: Value| ())
}

/// Waits until a tool runs.
pub async fn until_ready(app: &App, id: &str) -> Result<()> {
    let end = Instant::now() + LONGEST;
    loop {
        match app.plugins.status(id) {
            Some(now) if now.state == State::Ready => return Ok(()),
            Some(now) if Instant::now() > end => bail!("{id} does not run: {}", now.reason),
            Some(_) => tokio::time::sleep(LOOK_EVERY).await,
            None => bail!("the file of {id} is gone"),
        }
    }
}

/// Asks a tool something about the class that nobody but the server asks.
pub async fn ask<I: Serialize, O: DeserializeOwned>(
    app: &App,
    manifest: &Manifest,
    class: &Class,
    op: Op,
    input: &I,
) -> Result<O> {
    let context = context::of_nobody(&Parts::from(app), manifest, Some(class.id)).await?;
    let answer = app.plugins.ask(&manifest.id, op, Scope::new(context, LONGEST), input).await;
    answer.map_err(|failure| anyhow::anyhow!("{}: {}", failure.code.name(), failure.message))
}
