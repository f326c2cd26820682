//! What pages show of a class's tools. The class page has the way to each, and their boxes, asked all at once: a tool that
//! fails or is late leaves a note in its box, and the page goes out all the same. A student's front page has the boxes of
//! tools that have something to say.

use std::time::Duration;

use futures_util::future::join_all;
use plugin_protocol::manifest::{Manifest, Slot};
use plugin_protocol::op::{Op, Rendered, Widget};
use serde::Serialize;

use super::place::may;
use crate::app::App;
use crate::error::Result;
use crate::plugins::context::{self, Parts, base};
use crate::plugins::render::below;
use crate::plugins::{Scope, State, Status};
use crate::store::class::{self, Class, Membership};
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
    let boxes = known.iter().map(|status| boxes(app, status, Slot::Class, class, person, membership, language));
    let boxes = join_all(boxes).await.into_iter().collect::<Result<Vec<_>>>()?;
    Ok((tools, boxes.into_iter().flatten().collect()))
}

/// What the tools of somebody's classes have to say to them today, under the name of the class where there are several.
/// Costs nothing where no tool has such a box.
pub async fn of_today(app: &App, person: &Person, language: &str) -> Result<Vec<WidgetBox>> {
    let has_slot = |status: &Status| status.manifest.widgets.iter().any(|widget| widget.slot == Slot::Today);
    let speaking: Vec<Status> =
        app.plugins.list().into_iter().filter(|status| status.state == State::Ready && has_slot(status)).collect();
    if speaking.is_empty() {
        return Ok(Vec::new());
    }
    let classes = class::of_person(&app.db, person.id).await?;
    let open: Vec<&Class> =
        classes.iter().map(|listed| &listed.class).filter(|class| class.archived_at.is_none()).collect();
    let mut found = Vec::new();
    for class in &open {
        let Some(membership) = class::membership(&app.db, class.id, person.id).await? else { continue };
        let used = plugin::class::of_class(&app.db, class.id).await?;
        let speaking = speaking.iter().filter(|status| used.iter().any(|one| one.plugin_id == status.manifest.id));
        let asked = speaking.map(|status| boxes(app, status, Slot::Today, class, person, &membership, language));
        for mut one in join_all(asked).await.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten() {
            if one.html.as_ref().is_none_or(|html| html.trim().is_empty()) {
                continue;
            }
            if open.len() > 1 {
                one.title = format!("{} · {}", one.title, class.name);
            }
            found.push(one);
        }
    }
    Ok(found)
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
    slot: Slot,
    class: &Class,
    person: &Person,
    membership: &Membership,
    language: &str,
) -> Result<Vec<WidgetBox>> {
    let manifest: &Manifest = &status.manifest;
    let wanted: Vec<_> = manifest.widgets.iter().filter(|widget| widget.slot == slot).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let context = context::of_class(&Parts::from(app), manifest, class, Some((person, membership)), language).await?;
    let mut asked = Vec::new();
    for widget in wanted {
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
