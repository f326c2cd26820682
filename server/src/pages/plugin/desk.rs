//! Which tools a class uses: its teachers add them and take them away. What a tool has kept stays when it is taken away.

use axum::extract::State;
use axum::response::{Html, Response};
use serde::{Deserialize, Serialize};

use super::asks;
use crate::app::App;
use crate::auth::{ClassTeacher, OpenClass};
use crate::error::{Error, Message, Result};
use crate::notice::Notice;
use crate::pages::class::ClassHead;
use crate::plugins::context::base;
use crate::plugins::{State as Running, Status};
use crate::request::Form;
use crate::store::plugin;
use crate::view::View;

#[derive(Serialize)]
struct ToolsPage {
    class: ClassHead,
    used: Vec<ToolLine>,
    others: Vec<ToolLine>,
    /// Whether one of the tools counts what students do.
    counts: bool,
}

#[derive(Serialize)]
struct ToolLine {
    id: String,
    title: String,
    description: String,
    address: String,
    has_page: bool,
    has_settings: bool,
    is_down: bool,
    permissions: Vec<String>,
    personal_data: Vec<String>,
}

/// `GET /classes/{class}/tools`
pub async fn show(
    view: View,
    ClassTeacher { class, .. }: ClassTeacher,
    State(app): State<App>,
) -> Result<Html<String>> {
    let used = plugin::class::of_class(&app.db, class.id).await?;
    let is_used = |status: &Status| used.iter().any(|used| used.plugin_id == status.manifest.id);
    let known = app.plugins.list();
    let (mine, others): (Vec<Status>, Vec<Status>) = known.into_iter().partition(is_used);
    let line = |status: &Status| {
        let manifest = &status.manifest;
        let language = view.language().tag();
        ToolLine {
            id: manifest.id.clone(),
            title: manifest.title_in(language).to_owned(),
            description: manifest.description.in_language(language).to_owned(),
            address: base(class.id, &manifest.id),
            has_page: !manifest.navigation.is_empty(),
            has_settings: manifest.settings.iter().any(|setting| setting.for_each_class),
            is_down: !matches!(status.state, Running::Ready | Running::Starting | Running::Restarting),
            permissions: asks::permissions(&view, manifest),
            personal_data: asks::personal_data(&view, manifest),
        }
    };
    let page = ToolsPage {
        counts: mine.iter().any(|status| !status.manifest.facts.is_empty()),
        used: mine.iter().map(line).collect(),
        others: others.iter().filter(|status| status.state != Running::Disabled).map(line).collect(),
        class: ClassHead::new(&app, &class, view.language()),
    };
    view.page("plugin/tools.html", "class", page)
}

/// What a teacher does with a tool.
#[derive(Deserialize)]
pub struct Choice {
    plugin: String,
    #[serde(default)]
    remove: bool,
}

/// `POST /classes/{class}/tools`
pub async fn change(
    view: View,
    OpenClass { class, actor, .. }: OpenClass,
    State(app): State<App>,
    Form(choice): Form<Choice>,
) -> Result<Response> {
    let status = app.plugins.status(&choice.plugin).ok_or(Error::NotFound)?;
    let title = status.manifest.title_in(view.language().tag()).to_owned();
    let now = app.clock.now();
    let done = if choice.remove {
        plugin::class::remove(&app.db, actor, class.id, &choice.plugin, now).await?;
        "plugin-removed"
    } else {
        if status.state == Running::Disabled {
            return Err(Error::conflict("plugin-not-enabled"));
        }
        plugin::class::add(&app.db, actor, class.id, &choice.plugin, now).await?;
        "plugin-added"
    };
    app.plugins.nudge();
    Ok(Notice::success(Message::new(done).with("tool", title)).redirect(&format!("/classes/{}/tools", class.id)))
}
