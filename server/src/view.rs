//! From a template and its values to a page in the visitor's language.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::response::Html;
use fluent_templates::fluent_bundle::FluentValue;
use rust_embed::RustEmbed;
use serde::Serialize;
use tera::{Context, Kwargs, State, Tera, Value};

use crate::app::App;
use crate::auth::Visitor;
use crate::error::{Error, Message, Result};
use crate::i18n::{self, Language};
use crate::notice::Notice;
use crate::{assets, points};

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Files;

/// All templates, parsed once for each language, so that `t(key=…)` knows its language everywhere.
#[derive(Clone)]
pub struct Templates {
    chinese: Arc<Tera>,
    english: Arc<Tera>,
}

impl Templates {
    /// Parses the embedded templates; a mistake in one of them is found here.
    pub fn load() -> anyhow::Result<Self> {
        Ok(Self { chinese: Arc::new(parse(Language::Chinese)?), english: Arc::new(parse(Language::English)?) })
    }

    /// Renders a template.
    pub fn render(&self, language: Language, template: &str, context: &Context) -> Result<String> {
        let tera = match language {
            Language::Chinese => &self.chinese,
            Language::English => &self.english,
        };
        Ok(tera.render(template, context)?)
    }

    /// Names of all templates.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.chinese.get_template_names()
    }
}

fn parse(language: Language) -> anyhow::Result<Tera> {
    let mut tera = Tera::new();
    tera.register_function("t", move |arguments: Kwargs, _: &State<'_>| translate(language, &arguments));
    tera.register_function("asset", |arguments: Kwargs, _: &State<'_>| -> tera::TeraResult<Value> {
        let name: &str = arguments.must_get("name")?;
        assets::address(name)
            .map(Value::from)
            .ok_or_else(|| tera::Error::message(format!("there is no static file {name}")))
    });
    tera.register_filter("points", |value: i64, _: Kwargs, _: &State<'_>| points::shown(value));
    let files: Vec<(Cow<'static, str>, String)> = Files::iter()
        .filter_map(|name| {
            let text = String::from_utf8(Files::get(&name)?.data.into_owned()).ok()?;
            Some((name, text))
        })
        .collect();
    tera.add_raw_templates(files).map_err(|error| anyhow::anyhow!("{error:#}"))?;
    Ok(tera)
}

fn translate(language: Language, arguments: &Kwargs) -> tera::TeraResult<Value> {
    let key: &str = arguments.must_get("key")?;
    let mut values: HashMap<Cow<'static, str>, FluentValue<'_>> = HashMap::new();
    for (name, value) in arguments.iter() {
        let Some(name) = name.as_str().filter(|name| *name != "key") else { continue };
        let value = if let Some(number) = value.as_i64() {
            FluentValue::from(number)
        } else if let Some(number) = value.as_f64() {
            FluentValue::from(number)
        } else {
            FluentValue::from(value.to_string())
        };
        values.insert(name.replace('_', "-").into(), value);
    }
    Ok(Value::from(i18n::text(language, key, &values)))
}

/// Renders pages for one request: knows the visitor, the address and the pending notice.
pub struct View {
    /// Who is looking.
    pub visitor: Visitor,
    templates: Templates,
    path: String,
    footer: Option<String>,
    notice: Option<Notice>,
}

/// What every template gets beside its own values.
#[derive(Serialize)]
struct Globals<'a> {
    lang: &'static str,
    theme: &'a str,
    font_size: &'a str,
    signed_in: bool,
    role: &'a str,
    path: &'a str,
    site_footer: Option<&'a str>,
    notice: Option<ShownNotice>,
    debug: bool,
}

#[derive(Serialize)]
struct ShownNotice {
    kind: &'static str,
    text: String,
}

impl View {
    /// Renders a template. `nav` is the entry of the main navigation the page belongs to:
    /// `today`, `course`, `assignment`, `class`, `account`, or empty.
    pub fn page<V: Serialize>(&self, template: &str, nav: &str, values: V) -> Result<Html<String>> {
        // A page without values of its own passes `()`, which is no map.
        let mut context = if size_of::<V>() == 0 { Context::new() } else { Context::from_serialize(&values)? };
        context.extend(Context::from_serialize(&self.globals())?);
        context.insert("nav", nav);
        Ok(Html(self.templates.render(self.language(), template, &context)?))
    }

    /// What a page depends on that holds nothing personal, for [`prepared`](crate::prepared); `None` when a pending notice
    /// makes it this visitor's alone.
    pub fn variant(&self) -> Option<String> {
        let globals = self.globals();
        let parts = [globals.path, globals.lang, globals.theme, globals.font_size, globals.role];
        globals.notice.is_none().then(|| parts.join(" "))
    }

    /// The visitor's language.
    pub fn language(&self) -> Language {
        self.visitor.language
    }

    /// A sentence in the visitor's language.
    pub fn sentence(&self, message: &Message) -> String {
        i18n::sentence(self.language(), message)
    }

    fn globals(&self) -> Globals<'_> {
        Globals {
            lang: self.visitor.language.tag(),
            theme: &self.visitor.theme,
            font_size: &self.visitor.font_size,
            signed_in: self.visitor.person.is_some(),
            role: self.visitor.person.as_ref().map_or("", |person| person.role.name()),
            path: &self.path,
            site_footer: self.footer.as_deref(),
            notice: self.notice.as_ref().map(|notice| ShownNotice {
                kind: notice.kind.name(),
                text: i18n::sentence(self.visitor.language, &notice.message),
            }),
            debug: cfg!(debug_assertions),
        }
    }
}

impl<S> FromRequestParts<S> for View
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let app = App::from_ref(state);
        let visitor = Visitor::from_request_parts(parts, state).await?;
        Ok(Self {
            visitor,
            path: parts.uri.path().to_owned(),
            notice: Notice::from_headers(&parts.headers),
            footer: app.config.footer.clone(),
            templates: app.templates,
        })
    }
}
