//! The demo class uses the tools that its course names: whatever else lies beside the program is left alone.

use std::time::Duration;

use anyhow::{Context, Result};

use super::half_semester;
use crate::app::App;
use crate::plugins::State;
use crate::store::class;
use crate::store::person::Actor;
use crate::store::plugin::{self, File};

/// How often to look whether the plugins have been found.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// When there are none.
const LONGEST: Duration = Duration::from_secs(15);

/// Enables the course's tools and gives them to the class, as soon as the running server has found them.
pub async fn take_named(app: App) {
    let found = tokio::time::timeout(LONGEST, async {
        while app.plugins.list().is_empty() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    });
    if found.await.is_ok()
        && let Err(error) = take(&app).await
    {
        tracing::warn!(%error, "the demo class does without tools");
    }
}

async fn take(app: &App) -> Result<()> {
    let (db, now) = (&app.db, app.clock.now());
    let class = class::all(db, 1).await?.into_iter().next().context("the demo has a class")?.class;
    let members = class::members(db, class.id).await?;
    let teacher = members.iter().find(|member| member.role == "teacher").context("the demo class has a teacher")?;
    let library = app.content.library();
    let named = library.course(&class.course).map(|course| course.tools.as_slice()).unwrap_or_default();
    let actor = Actor { id: teacher.person_id, address: "127.0.0.1".into() };
    for status in app.plugins.list() {
        let is_named = named.contains(&status.manifest.id);
        if is_named && status.state == State::Disabled && plugin::find(db, &status.manifest.id).await?.is_none() {
            let file = File { version: status.manifest.version.clone(), sha256: status.sha256.clone() };
            plugin::enable(db, None, &status.manifest, file, now).await?;
            plugin::class::add(db, actor.clone(), class.id, &status.manifest.id, now).await?;
        }
    }
    app.plugins.nudge();
    half_semester::fill(app, &class).await;
    Ok(())
}
