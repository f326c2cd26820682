//! The demo class uses the tools that its course names, and those that whoever starts it names: whatever else lies beside
//! the program is left alone.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};

use super::half_semester;
use super::room::Room;
use crate::app::App;
use crate::plugins::{State, Status};
use crate::store::class::{self, Class};
use crate::store::person::Actor;
use crate::store::plugin::{self, File};
use crate::terminal::note;

/// How often to look whether the plugins have been found.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// When there are none.
const LONGEST: Duration = Duration::from_secs(15);

/// What happens beside the running server, as soon as it has found the plugins: a new class gets its course's tools and
/// half a semester in them, and its account is that of the rehearsal room. `site` is where this server listens.
pub async fn furnish(app: App, is_new: bool, room: Option<Arc<Room>>, site: String) {
    if let Err(error) = furnish_class(&app, is_new, room, &site).await {
        tracing::warn!(%error, "the demo class does without tools");
    }
}

/// Gives the demo class these tools too. Somebody asked for them by name, so one that is not there is worth a line.
pub async fn take_more(app: App, wanted: Vec<String>) {
    if let Err(error) = take_wanted(&app, &wanted).await {
        tracing::warn!(%error, "the demo class does without {}", wanted.join(", "));
    }
}

async fn take_wanted(app: &App, wanted: &[String]) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let (class, actor) = demo_class(app).await?;
    until_found(app, wanted).await;
    for id in wanted {
        let Some(status) = app.plugins.status(id) else {
            note(format_args!(
                "there is no plugin {id}: put its file beside the program, or name its folder with --plugins"
            ));
            continue;
        };
        // Whatever was decided before: who names it wants to see it.
        give(app, &class, &actor, &status).await?;
        note(format_args!("the demo class uses {id}"));
    }
    app.plugins.nudge();
    Ok(())
}

/// The demo's class, which is the first there was, and its teacher.
async fn demo_class(app: &App) -> Result<(Class, Actor)> {
    let classes = class::all(&app.db, i64::MAX).await?;
    let class = classes.into_iter().min_by_key(|listed| listed.class.created_at).context("the demo has a class")?.class;
    let members = class::members(&app.db, class.id).await?;
    let teacher = members.iter().find(|member| member.role == "teacher").context("the demo class has a teacher")?;
    Ok((class, Actor { id: teacher.person_id, address: "127.0.0.1".into() }))
}

/// They are found one after another, and where nobody built them, never; says whether all were.
async fn until_found(app: &App, ids: &[String]) -> bool {
    let found = tokio::time::timeout(LONGEST, async {
        while !ids.iter().all(|id| app.plugins.status(id).is_some()) {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    });
    found.await.is_ok()
}

async fn furnish_class(app: &App, is_new: bool, room: Option<Arc<Room>>, site: &str) -> Result<()> {
    let (class, actor) = demo_class(app).await?;
    let named = app.content.library().course(&class.course).map(|course| course.tools.clone()).unwrap_or_default();
    if !until_found(app, &named).await {
        tracing::warn!("not all of {} are beside the program: build the plugins too", named.join(", "));
    }
    if is_new {
        take(app, &class, &actor, &named).await?;
    }
    let Some(room) = room else {
        if is_new {
            half_semester::fill(app, &class).await;
        }
        return Ok(());
    };
    // Before the half semester, which then is that of this account; people come into the room after it.
    let callback = room.set_up(app, &class, actor, site).await;
    if is_new {
        half_semester::fill(app, &class).await;
    }
    let connected = match callback {
        Ok(callback) => room.connect(&callback).await,
        Err(problem) => Err(problem),
    };
    if let Err(problem) = connected {
        tracing::warn!(%problem, "the rehearsal room is open, but is not the class's account");
    }
    Ok(())
}

/// Enables the course's tools and gives them to the class.
async fn take(app: &App, class: &Class, actor: &Actor, named: &[String]) -> Result<()> {
    for status in app.plugins.list() {
        let is_named = named.contains(&status.manifest.id);
        if is_named && status.state == State::Disabled && plugin::find(&app.db, &status.manifest.id).await?.is_none() {
            give(app, class, actor, &status).await?;
        }
    }
    app.plugins.nudge();
    Ok(())
}

async fn give(app: &App, class: &Class, actor: &Actor, status: &Status) -> Result<()> {
    let (db, now, manifest) = (&app.db, app.clock.now(), &status.manifest);
    let file = File { version: manifest.version.clone(), sha256: status.sha256.clone() };
    plugin::enable(db, None, manifest, file, now).await?;
    plugin::class::add(db, actor.clone(), class.id, &manifest.id, now).await?;
    Ok(())
}
