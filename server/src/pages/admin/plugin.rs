//! The administrator's pages about plugins: what each asks for before it is enabled, how it is, what went wrong and who
//! was the culprit, and what to do about it.

mod quarantine;
mod told;
mod words;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

use crate::app::App;
use crate::auth::Administrator;
use crate::error::{Error, Message, Result};
use crate::moment::{DEFAULT_ZONE, Stamp};
use crate::notice::Notice;
use crate::pages::plugin::{asks, settings};
use crate::plugins::files::{self, Copies};
use crate::plugins::{State as Running, Status};
use crate::request::{Fields, Path};
use crate::store::person::Actor;
use crate::store::plugin::{self, File, Plugin};
use crate::view::View;
use quarantine::Quarantine;
use told::Told;

/// Faults and dead letters shown.
const SHOWN: i64 = 20;

#[derive(Serialize)]
struct ListPage {
    plugins: Vec<Line>,
}

/// A plugin in a list.
#[derive(Serialize)]
pub struct Line {
    address: String,
    id: String,
    title: String,
    version: String,
    state: &'static str,
    state_name: String,
    reason: Told,
    classes: usize,
    waiting: bool,
}

#[derive(Serialize)]
struct ShowPage {
    plugin: Line,
    description: String,
    asks: Vec<String>,
    keeps: Vec<String>,
    provides: Vec<String>,
    /// What a newer file asks for beside that.
    update: Option<UpdateLine>,
    is_enabled: bool,
    quarantine: Option<Quarantine>,
    can_roll_back: bool,
    sha256: String,
    sandbox: Vec<String>,
    memory: Option<String>,
    figures: Vec<FigureLine>,
    faults: Vec<FaultLine>,
    events_waiting: i64,
    letters: Vec<LetterLine>,
    fields: Vec<settings::Field>,
}

#[derive(Serialize)]
struct UpdateLine {
    version: String,
    asks: Vec<String>,
}

#[derive(Serialize)]
struct FigureLine {
    op: String,
    calls: u64,
    faults: u64,
    mean: String,
    longest: String,
}

#[derive(Serialize)]
struct FaultLine {
    at: Stamp,
    kind: String,
    operation: String,
    detail: Told,
    version: String,
    log: String,
}

#[derive(Serialize)]
struct LetterLine {
    id: Uuid,
    name: String,
    emitted_by: String,
    at: Stamp,
    attempts: i64,
    failure: Told,
}

/// Plugins that wait for an administrator: in quarantine, or unable to run.
pub async fn alarms(view: &View, app: &App) -> Result<Vec<Line>> {
    let mut alarms = Vec::new();
    for status in app.plugins.list() {
        if matches!(status.state, Running::Quarantined | Running::Incompatible | Running::Missing) {
            alarms.push(line(view, app, &status).await?);
        }
    }
    Ok(alarms)
}

/// `GET /admin/plugins`
pub async fn list(view: View, Administrator(_): Administrator, State(app): State<App>) -> Result<Html<String>> {
    let mut plugins = Vec::new();
    for status in app.plugins.list() {
        plugins.push(line(&view, &app, &status).await?);
    }
    view.page("admin/plugins.html", "admin", ListPage { plugins })
}

/// `GET /admin/plugins/{plugin}`
pub async fn show(
    view: View,
    Administrator(_): Administrator,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Html<String>> {
    page(&view, &app, &id, &settings::Mistakes::new()).await
}

/// `POST /admin/plugins/{plugin}/enable`: enables it, or approves what a newer file asks for.
pub async fn enable(
    view: View,
    Administrator(_): Administrator,
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let status = status(&app, &id)?;
    let (manifest, sha256) = match &status.waiting {
        Some(update) => (&update.manifest, &update.sha256),
        None => (&status.manifest, &status.sha256),
    };
    if status.state == Running::Missing {
        return Err(Error::conflict("plugin-file-missing"));
    }
    let file = File { version: manifest.version.clone(), sha256: sha256.clone() };
    plugin::enable(&app.db, Some(actor), manifest, file, app.clock.now()).await?;
    done(&view, &app, &status, "plugin-enabled")
}

/// `POST /admin/plugins/{plugin}/disable`
pub async fn disable(
    view: View,
    Administrator(_): Administrator,
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let status = status(&app, &id)?;
    plugin::disable(&app.db, Some(actor), &id, app.clock.now()).await?;
    done(&view, &app, &status, "plugin-disabled")
}

/// `POST /admin/plugins/{plugin}/retry`: out of quarantine.
pub async fn retry(
    view: View,
    Administrator(_): Administrator,
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let status = status(&app, &id)?;
    plugin::retry(&app.db, Some(actor), &id, app.clock.now()).await?;
    done(&view, &app, &status, "plugin-retried")
}

/// `POST /admin/plugins/{plugin}/roll-back`: the file before this one.
pub async fn roll_back(
    view: View,
    Administrator(_): Administrator,
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let status = status(&app, &id)?;
    let stored = plugin::find(&app.db, &id).await?.ok_or(Error::NotFound)?;
    let folder = files::run_folder(&app.config);
    let before = tokio::task::spawn_blocking(move || Copies::new(folder).of(&stored.previous_sha256)).await;
    let Ok(Some(before)) = before else { return Err(Error::conflict("plugin-file-missing")) };
    plugin::roll_back(&app.db, Some(actor), &id, &before.manifest.version, app.clock.now()).await?;
    done(&view, &app, &status, "plugin-rolled-back")
}

/// `POST /admin/plugins/{plugin}/settings`: those of the site.
pub async fn change(
    view: View,
    Administrator(_): Administrator,
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<String>,
    sent: Fields,
) -> Result<Response> {
    let status = status(&app, &id)?;
    match settings::save(&app, &status.manifest, None, actor, &sent).await? {
        Ok(()) => done(&view, &app, &status, "plugin-settings-saved"),
        Err(mistakes) => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&view, &app, &id, &mistakes).await?).into_response())
        }
    }
}

/// `POST /admin/plugins/{plugin}/events/{delivery}/again`: a dead letter is sent again.
pub async fn again(
    view: View,
    Administrator(_): Administrator,
    actor: Actor,
    State(app): State<App>,
    Path((id, delivery)): Path<(String, Uuid)>,
) -> Result<Response> {
    let status = status(&app, &id)?;
    plugin::delivery::again(&app.db, Some(actor), &id, delivery, app.clock.now()).await?;
    done(&view, &app, &status, "plugin-letter-again")
}

fn status(app: &App, id: &str) -> Result<Status> {
    app.plugins.status(id).ok_or(Error::NotFound)
}

fn done(view: &View, app: &App, status: &Status, key: &'static str) -> Result<Response> {
    app.plugins.nudge();
    let tool = status.manifest.title_in(view.language().tag());
    let to = format!("/admin/plugins/{}", status.manifest.id);
    Ok(Notice::success(Message::new(key).with("tool", tool)).redirect(&to))
}

async fn page(view: &View, app: &App, id: &str, mistakes: &settings::Mistakes) -> Result<Html<String>> {
    let status = status(app, id)?;
    let manifest = &status.manifest;
    let stored = plugin::find(&app.db, id).await?;
    let (events_waiting, _) = plugin::delivery::counts(&app.db, id).await?;
    let stamp = |at| Stamp::new(at, DEFAULT_ZONE);
    let faults = plugin::incident::list(&app.db, id, SHOWN).await?;
    let letters = plugin::delivery::dead(&app.db, id, SHOWN).await?;
    let page = ShowPage {
        plugin: line(view, app, &status).await?,
        description: manifest.description.in_language(view.language().tag()).to_owned(),
        asks: asks::permissions(view, manifest),
        keeps: asks::personal_data(view, manifest),
        provides: manifest.provides.clone(),
        update: status.waiting.as_ref().map(|update| UpdateLine {
            version: update.manifest.version.clone(),
            asks: asks::permissions(view, &update.manifest),
        }),
        is_enabled: stored.as_ref().is_some_and(|stored| stored.enabled),
        can_roll_back: stored.as_ref().is_some_and(|stored: &Plugin| !stored.previous_sha256.is_empty()),
        quarantine: stored
            .filter(|_| status.state == Running::Quarantined)
            .map(|stored| Quarantine::read(view, &stored)),
        sha256: status.sha256.clone(),
        sandbox: words::sandbox(view, &status),
        memory: status.memory_kib.map(|kib| format!("{:.1} / {} MiB", kib as f64 / 1024.0, manifest.limits.memory_mib)),
        figures: figures(view, &status),
        faults: faults
            .into_iter()
            .map(|fault| FaultLine {
                at: stamp(fault.at),
                kind: view.sentence(&words::fault(&fault.kind)),
                operation: words::operation(view, &fault.operation),
                detail: told::tell(view, &fault.detail),
                version: fault.version,
                log: told::log(&fault.log),
            })
            .collect(),
        events_waiting,
        letters: letters
            .into_iter()
            .map(|letter| LetterLine {
                id: letter.id,
                name: letter.name,
                emitted_by: letter.emitted_by,
                at: stamp(letter.emitted_at),
                attempts: letter.attempts,
                failure: told::tell(view, &letter.last_failure.unwrap_or_default()),
            })
            .collect(),
        fields: settings::fields(view, app, manifest, None, mistakes).await?,
    };
    view.page("admin/plugin.html", "admin", page)
}

async fn line(view: &View, app: &App, status: &Status) -> Result<Line> {
    let manifest = &status.manifest;
    let state = words::state(status.state);
    Ok(Line {
        address: format!("/admin/plugins/{}", manifest.id),
        id: manifest.id.clone(),
        title: manifest.title_in(view.language().tag()).to_owned(),
        version: manifest.version.clone(),
        state,
        state_name: view.sentence(&Message { key: format!("plugin-state-{state}").into(), arguments: Vec::new() }),
        reason: if status.waiting.is_some() { Told::default() } else { told::tell(view, &status.reason) },
        classes: plugin::class::using(&app.db, &manifest.id).await?.len(),
        waiting: status.waiting.is_some(),
    })
}

fn figures(view: &View, status: &Status) -> Vec<FigureLine> {
    let milliseconds = |us: u64| format!("{:.2}", us as f64 / 1000.0);
    let mut lines: Vec<FigureLine> = status
        .figures
        .iter()
        .filter(|figures| figures.calls > 0)
        .map(|figures| FigureLine {
            op: words::operation(view, figures.op.name()),
            calls: figures.calls,
            faults: figures.faults,
            mean: milliseconds(figures.time_us / figures.calls),
            longest: milliseconds(figures.longest_us),
        })
        .collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.calls));
    lines
}
