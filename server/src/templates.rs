//! The templates, and what they can call.

use std::borrow::Cow;
use std::sync::Arc;

use rust_embed::RustEmbed;
use tera::{Context, Kwargs, State, Tera, Value};

use crate::error::Result;
use crate::i18n::{self, Language};
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
    Ok(Value::from(i18n::text(language, key, &plugin_render::values(arguments))))
}

/// The components that templates call, by file: what a plugin's templates may use too.
pub fn components() -> impl Iterator<Item = (String, String)> {
    Files::iter().filter(|name| name.starts_with("components/")).filter_map(|name| {
        let text = String::from_utf8(Files::get(&name)?.data.into_owned()).ok()?;
        Some((name.into_owned(), text))
    })
}
