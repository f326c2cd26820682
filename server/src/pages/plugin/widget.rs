//! What the class page shows of a class's tools: the way to each, and their boxes, asked all at once. A tool that fails or
//! is late leaves a note in its box, and the page goes out all the same.

use std::time::Duration;

use futures_util::future::join_all;
use plugin_protocol::manifest::Manifest;
use plugin_protocol::op::{Op, Rendered, Widget};
use serde::Serialize;

use super::place::may;
use crate::app::App;
use crate::error::Result;
use crate::plugins::context::{self, Parts, base};
use crate::plugins::render::below;
use crate::plugins::{Scope, State, Status};
use crate::store::class::{Class, Membership};
use crate::store::person::Person;
use crate::store::plugin;

/// The way to a tool.
#[derive(Serialize)]
pub struct Tool {
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Where its first page is; none: it has no page for this person.
    pub address: Option<String>,
    /// Whether it does not run just now.
    pub is_down: bool,
}

/// A box of a tool.
#[derive(Serialize)]
pub struct WidgetBox {
    /// Words above it.
    pub title: String,
    /// Where it leads.
    pub address: Option<String>,
    /// Its content; none: it cannot be shown just now.
    pub html: Option<String>,
}

/// What a member sees of a class's tools. Costs one query where a class has none.
pub async fn of_class(
    app: &App,
    class: &Class,
    person: &Person,
    membership: &Membership,
    language: &str,
) -> Result<(Vec<Tool>, Vec<WidgetBox>)> {
    let used = plugin::class::of_class(&app.db, class.id).await?;
    let known: Vec<Status> = used.iter().filter_map(|used| app.plugins.status(&used.plugin_id)).collect();
    let mut tools = Vec::new();
    for status in &known {
        if let Some(tool) = tool(app, status, person, membership, language).await? {
            tools.push(tool);
        }
    }
    let boxes = known.iter().map(|status| boxes(app, status, class, person, membership, language));
    let boxes = join_all(boxes).await.into_iter().collect::<Result<Vec<_>>>()?;
    Ok((tools, boxes.into_iter().flatten().collect()))
}

async fn tool(
    app: &App,
    status: &Status,
    person: &Person,
    membership: &Membership,
    language: &str,
) -> Result<Option<Tool>> {
    let manifest = &status.manifest;
    let mut address = None;
    for entry in &manifest.navigation {
        if may(app, entry.audience, person, membership).await? {
            address = Some(below(&base(membership.class_id, &manifest.id), &entry.path));
            break;
        }
    }
    if address.is_none() && !membership.is_teacher() {
        return Ok(None);
    }
    Ok(Some(Tool {
        title: manifest.title_in(language).to_owned(),
        description: manifest.description.in_language(language).to_owned(),
        address,
        is_down: !matches!(status.state, State::Ready | State::Starting | State::Restarting),
    }))
}

async fn boxes(
    app: &App,
    status: &Status,
    class: &Class,
    person: &Person,
    membership: &Membership,
    language: &str,
) -> Result<Vec<WidgetBox>> {
    let manifest: &Manifest = &status.manifest;
    if manifest.widgets.is_empty() {
        return Ok(Vec::new());
    }
    let context = context::of_class(&Parts::from(app), manifest, class, Some((person, membership)), language).await?;
    let mut asked = Vec::new();
    for widget in &manifest.widgets {
        if !may(app, widget.audience, person, membership).await? {
            continue;
        }
        let scope = Scope::new(context.clone(), Duration::from_millis(widget.deadline_ms.into())).idempotent();
        let input = Widget { widget: widget.id.clone() };
        asked.push(async {
            let rendered = app.plugins.ask::<_, Rendered>(&manifest.id, Op::Widget, scope, input).await;
            if let Err(failure) = &rendered {
                tracing::info!(plugin = manifest.id, widget = widget.id, %failure, "a widget is missing");
            }
            WidgetBox {
                title: widget.title.in_language(language).to_owned(),
                address: manifest.navigation.first().map(|entry| below(&context.base, &entry.path)),
                html: rendered.ok().map(|rendered| rendered.html),
            }
        });
    }
    Ok(join_all(asked).await)
}
