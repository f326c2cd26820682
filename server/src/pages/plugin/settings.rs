//! The form of a plugin's settings: of a class for its teachers, of the site for administrators. A secret is only ever
//! said to be set.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use plugin_protocol::manifest::{Manifest, Setting, SettingKind};
use plugin_protocol::op::Op;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::app::App;
use crate::auth::{ClassTeacher, OpenClass};
use crate::error::{Error, Message, Result};
use crate::notice::Notice;
use crate::pages::class::ClassHead;
use crate::plugins::context::{self, Parts};
use crate::plugins::{Scope, setting};
use crate::request::{Fields, Path};
use crate::store::class::Class;
use crate::store::person::Actor;
use crate::store::plugin;
use crate::store::plugin::setting::{Change, Stored};
use crate::view::View;

/// How long a plugin may take to hear of new settings; nobody waits for it.
const HEARING: std::time::Duration = std::time::Duration::from_secs(5);

/// A field of the form.
#[derive(Serialize)]
pub struct Field {
    name: String,
    label: String,
    hint: String,
    /// `text`, `long-text`, `number`, `boolean`, `choice`, `date`, `secret`.
    kind: &'static str,
    value: String,
    checked: bool,
    /// A secret that somebody has set.
    is_set: bool,
    options: Vec<Choice>,
    error: Option<String>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

#[derive(Serialize)]
struct SettingsPage {
    class: ClassHead,
    tool: String,
    address: String,
    fields: Vec<Field>,
}

/// `GET /classes/{class}/tools/{plugin}/-/settings`
pub async fn show(
    view: View,
    ClassTeacher { class, .. }: ClassTeacher,
    State(app): State<App>,
    Path((_, id)): Path<(Uuid, String)>,
) -> Result<Html<String>> {
    let manifest = used(&app, class.id, &id).await?;
    let fields = fields(&view, &app, &manifest, Some(class.id), &HashMap::new()).await?;
    page(&view, &app, &class, &manifest, fields)
}

/// `POST /classes/{class}/tools/{plugin}/-/settings`
pub async fn change(
    view: View,
    OpenClass { class, actor, .. }: OpenClass,
    State(app): State<App>,
    Path((_, id)): Path<(Uuid, String)>,
    sent: Fields,
) -> Result<Response> {
    let manifest = used(&app, class.id, &id).await?;
    match save(&app, &manifest, Some(&class), actor, &sent).await? {
        Ok(()) => {
            let to = format!("/classes/{}/tools", class.id);
            Ok(Notice::success(Message::new("plugin-settings-saved")).redirect(&to))
        }
        Err(mistakes) => {
            let fields = fields(&view, &app, &manifest, Some(class.id), &mistakes).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&view, &app, &class, &manifest, fields)?).into_response())
        }
    }
}

fn page(view: &View, app: &App, class: &Class, manifest: &Manifest, fields: Vec<Field>) -> Result<Html<String>> {
    let page = SettingsPage {
        class: ClassHead::new(app, class, view.language()),
        tool: manifest.title_in(view.language().tag()).to_owned(),
        address: context::base(class.id, &manifest.id),
        fields,
    };
    view.page("plugin/settings.html", "class", page)
}

/// The manifest of a plugin that the class uses.
pub(super) async fn used(app: &App, class_id: Uuid, id: &str) -> Result<std::sync::Arc<Manifest>> {
    match app.plugins.status(id) {
        Some(status) if plugin::class::uses(&app.db, class_id, id).await? => Ok(status.manifest),
        _ => Err(Error::NotFound),
    }
}

/// What is wrong with a field, and what was typed there.
pub type Mistakes = HashMap<String, (Message, String)>;

/// The fields of a class, or of the site.
pub async fn fields(
    view: &View,
    app: &App,
    manifest: &Manifest,
    class_id: Option<Uuid>,
    mistakes: &Mistakes,
) -> Result<Vec<Field>> {
    let stored = plugin::setting::list(&app.db, &manifest.id, class_id).await?;
    let values = setting::in_force(manifest, &stored, class_id);
    let language = view.language().tag();
    Ok(in_scope(manifest, class_id)
        .map(|setting| {
            let mistake = mistakes.get(&setting.name);
            let value = values.get(&setting.name).unwrap_or(&Value::Null);
            let written = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Field {
                name: setting.name.clone(),
                label: setting.title.in_language(language).to_owned(),
                hint: setting.hint.in_language(language).to_owned(),
                kind: kind(setting.kind),
                value: match mistake {
                    Some((_, typed)) => typed.clone(),
                    None if value.is_null() => String::new(),
                    None => written,
                },
                checked: value.as_bool().unwrap_or_default(),
                is_set: is_set(&stored, &setting.name, class_id),
                options: setting
                    .choices
                    .iter()
                    .map(|choice| Choice {
                        value: choice.value.clone(),
                        label: choice.title.in_language(language).to_owned(),
                    })
                    .collect(),
                error: mistake.map(|(message, _)| view.sentence(message)),
            }
        })
        .collect())
}

/// Checks and stores what a form sent. A secret that was left empty stays; the word that takes it away is a field of its
/// own.
pub async fn save(
    app: &App,
    manifest: &Manifest,
    class: Option<&Class>,
    actor: Actor,
    sent: &Fields,
) -> Result<Result<(), Mistakes>> {
    let class_id = class.map(|class| class.id);
    let (mut changes, mut mistakes) = (Vec::new(), Mistakes::new());
    for setting in in_scope(manifest, class_id) {
        let is_secret = setting.kind == SettingKind::Secret;
        let typed = sent.one(&setting.name);
        match setting::from_form(setting, Some(typed)) {
            Ok(None) if is_secret && sent.one(&format!("{}.forget", setting.name)).is_empty() => {}
            Ok(value) => changes.push(Change { name: setting.name.clone(), value, is_secret }),
            Err(message) => {
                let typed = if is_secret { String::new() } else { typed.to_owned() };
                mistakes.insert(setting.name.clone(), (message, typed));
            }
        }
    }
    if !mistakes.is_empty() {
        return Ok(Err(mistakes));
    }
    plugin::setting::set(&app.db, actor, &manifest.id, class_id, changes, app.clock.now()).await?;
    tell(app, manifest, class).await?;
    Ok(Ok(()))
}

/// Tells the plugin, which need not listen.
async fn tell(app: &App, manifest: &Manifest, class: Option<&Class>) -> Result<()> {
    let parts = Parts::from(app);
    let context = context::of_nobody(&parts, manifest, class.map(|class| class.id)).await?;
    let (app, id) = (app.clone(), manifest.id.clone());
    tokio::spawn(async move {
        let told = app.plugins.ask::<_, Value>(&id, Op::SettingsChanged, Scope::new(context, HEARING), ()).await;
        if let Err(failure) = told {
            tracing::info!(plugin = id, %failure, "the plugin did not hear of its new settings; the next call has them");
        }
    });
    Ok(())
}

/// The settings of classes, or those of the site.
fn in_scope(manifest: &Manifest, class_id: Option<Uuid>) -> impl Iterator<Item = &Setting> {
    manifest.settings.iter().filter(move |setting| setting.for_each_class == class_id.is_some())
}

fn is_set(stored: &[Stored], name: &str, class_id: Option<Uuid>) -> bool {
    stored.iter().any(|one| one.is_secret && one.name == name && one.class_id == class_id)
}

fn kind(kind: SettingKind) -> &'static str {
    match kind {
        SettingKind::Text => "text",
        SettingKind::LongText => "long-text",
        SettingKind::Number => "number",
        SettingKind::Boolean => "boolean",
        SettingKind::Choice => "choice",
        SettingKind::Date => "date",
        SettingKind::Secret => "secret",
    }
}
