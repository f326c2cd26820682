//! Templates and words of a plugin, rendered in its worker beside it: a template that never ends, or eats all memory,
//! hurts nobody but that plugin.
//!
//! A template sees the values that came with it, the site's components, and the functions `t(key=…)` (the plugin's own
//! words, else the site's), `url(path=…)` and `asset(name=…)`. Everything is escaped.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use fluent_templates::LanguageIdentifier;
use fluent_templates::fluent_bundle::FluentValue;
use plugin_protocol::context::{Context, Request};
use plugin_protocol::manifest::Manifest;
use plugin_protocol::op::{Op, Render, Rendered, Response, View};
use plugin_protocol::{Code, Failure};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value as Json;
use tera::{Kwargs, State, Tera, Value};

use super::asset;
use crate::i18n::{self, Language};
use crate::{assets, templates};

/// Templates and words of one plugin, read when they are first needed.
pub struct Renderer {
    manifest: Arc<Manifest>,
    chinese: OnceLock<Result<Pages, Failure>>,
    english: OnceLock<Result<Pages, Failure>>,
}

/// The same in one language.
struct Pages {
    tera: Tera,
    words: Arc<Words>,
}

/// The plugin's own sentences in one language.
struct Words {
    bundle: FluentBundle<FluentResource>,
    language: Language,
}

thread_local! {
    /// Where the pages of the call that this thread works on begin.
    static BASE: RefCell<String> = const { RefCell::new(String::new()) };
}

impl Renderer {
    /// From what the plugin declares.
    pub fn new(manifest: &Manifest) -> Self {
        Self { manifest: Arc::new(manifest.clone()), chinese: OnceLock::new(), english: OnceLock::new() }
    }

    /// What becomes of a reply: a view is rendered, keys become sentences, anything else stays. `request` is the payload
    /// of the call.
    pub fn finish(&self, op: u32, code: i32, reply: Vec<u8>, request: &[u8]) -> (i32, Vec<u8>) {
        let op = Op::from_number(op);
        let result = Code::from_number(code).unwrap_or(Code::PluginError);
        let shown = match (result, op) {
            (Code::Ok, Some(Op::Http)) => context(request).and_then(|context| self.response(&context, &reply)),
            (Code::Ok, Some(Op::Widget)) => context(request).and_then(|context| self.widget(&context, &reply)),
            (Code::Ok, _) => return (code, reply),
            (result, _) => match context(request) {
                Ok(context) => Err(self.in_words(&context, Failure::from_bytes(result, &reply))),
                Err(_) => return (code, reply),
            },
        };
        answer(shown)
    }

    /// Answers the operation [`Op::Render`].
    pub fn render(&self, request: &[u8]) -> (i32, Vec<u8>) {
        answer(parsed::<Request<Render>>(request, "the request").and_then(|asked| {
            let rendered = self.view(&asked.context, &asked.input.view)?;
            Ok(bytes(&rendered))
        }))
    }

    /// Whether every template can be parsed and every language read; said of all at once.
    pub fn check(&self) -> Result<(), Failure> {
        self.pages(Language::Chinese).and_then(|_| self.pages(Language::English)).map(drop)
    }

    fn response(&self, context: &Context, reply: &[u8]) -> Result<Vec<u8>, Failure> {
        let response = match parsed::<Response>(reply, "the answer to a page")? {
            Response::View(view) => {
                let status = view.status.filter(|status| (200..600).contains(status)).unwrap_or(200);
                let Rendered { html, title } = self.view(context, &view)?;
                Response::Rendered { html, title, status }
            }
            Response::Redirect { to, notice: Some(mut notice) } => {
                notice.text = self.pages(language(context))?.words.text(&notice.text, &notice.arguments);
                notice.arguments.clear();
                Response::Redirect { to, notice: Some(notice) }
            }
            other => other,
        };
        Ok(bytes(&response))
    }

    fn widget(&self, context: &Context, reply: &[u8]) -> Result<Vec<u8>, Failure> {
        let view = parsed::<View>(reply, "the answer to a widget")?;
        Ok(bytes(&self.view(context, &view)?))
    }

    fn view(&self, context: &Context, view: &View) -> Result<Rendered, Failure> {
        let pages = self.pages(language(context))?;
        if !self.manifest.templates.contains_key(&view.template) {
            let known = self.manifest.templates.keys().cloned().collect::<Vec<_>>().join(", ");
            return Err(wrong(format!("there is no template {}; there are: {known}", view.template)));
        }
        let values = match &view.values {
            Json::Null => tera::Context::new(),
            values => tera::Context::from_serialize(values)
                .map_err(|_| wrong("the values of a template are an object".into()).at(view.template.as_str()))?,
        };
        BASE.replace(context.base.clone());
        let html = pages.tera.render(&view.template, &values);
        let html = html.map_err(|error| wrong(format!("{error:#}")).at(format!("templates/{}", view.template)))?;
        let title = view.title.as_deref().unwrap_or_default();
        Ok(Rendered { html, title: pages.words.text(title, &serde_json::Map::new()) })
    }

    /// The failure with its key as a sentence.
    fn in_words(&self, context: &Context, failure: Failure) -> Failure {
        match (&failure.key, self.pages(language(context))) {
            (Some(key), Ok(pages)) => {
                let message = pages.words.text(key, &failure.arguments);
                Failure { message, key: None, arguments: serde_json::Map::new(), ..failure }
            }
            _ => failure,
        }
    }

    fn pages(&self, language: Language) -> Result<&Pages, Failure> {
        let place = match language {
            Language::Chinese => &self.chinese,
            Language::English => &self.english,
        };
        place.get_or_init(|| Pages::read(&self.manifest, language)).as_ref().map_err(Failure::clone)
    }
}

impl Pages {
    fn read(manifest: &Arc<Manifest>, language: Language) -> Result<Self, Failure> {
        let words = Arc::new(Words::read(manifest, language)?);
        let mut tera = Tera::new();
        tera.autoescape_on(vec![""]);
        let own = Arc::clone(&words);
        tera.register_function("t", move |arguments: Kwargs, _: &State<'_>| -> tera::TeraResult<Value> {
            let key: &str = arguments.must_get("key")?;
            Ok(Value::from(own.sentence(key, &templates::values(&arguments))))
        });
        tera.register_function("url", |arguments: Kwargs, _: &State<'_>| -> tera::TeraResult<Value> {
            let path: &str = arguments.must_get("path")?;
            Ok(Value::from(BASE.with_borrow(|base| below(base, path))))
        });
        let declared = Arc::clone(manifest);
        tera.register_function("asset", move |arguments: Kwargs, _: &State<'_>| -> tera::TeraResult<Value> {
            let name: &str = arguments.must_get("name")?;
            asset::address(&declared, name)
                .or_else(|| assets::address(name).map(Into::into))
                .map(Value::from)
                .ok_or_else(|| tera::Error::message(format!("there is no file {name}")))
        });
        let site = templates::components().map(|(name, text)| (Cow::Owned(format!("site/{name}")), text));
        let own = manifest.templates.iter().map(|(name, text)| (Cow::Owned(name.clone()), text.clone()));
        let all: Vec<(Cow<'static, str>, String)> = site.chain(own).collect();
        tera.add_raw_templates(all).map_err(|error| wrong(format!("{error:#}")).at("templates"))?;
        Ok(Self { tera, words })
    }
}

impl Words {
    fn read(manifest: &Manifest, language: Language) -> Result<Self, Failure> {
        let tag = language.tag();
        let identifier: LanguageIdentifier = tag.parse().map_err(|_| wrong(format!("{tag} is no language")))?;
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        bundle.set_use_isolating(false);
        if let Some(text) = manifest.locales.get(tag) {
            let place = || format!("locales/{tag}.ftl");
            let resource = FluentResource::try_new(text.clone()).map_err(|(_, errors)| {
                let first = errors.first().map(ToString::to_string).unwrap_or_default();
                wrong(first).at(place())
            })?;
            bundle.add_resource(resource).map_err(|_| wrong("a key is there twice".into()).at(place()))?;
        }
        Ok(Self { bundle, language })
    }

    /// A sentence of the plugin, else of the site, else the text itself: what an author wrote without a key.
    fn sentence(&self, key: &str, values: &HashMap<Cow<'static, str>, FluentValue<'static>>) -> String {
        let message = self.bundle.get_message(key).and_then(|message| message.value());
        match message {
            Some(pattern) => {
                let arguments = values.iter().map(|(name, value)| (name.as_ref(), value.clone()));
                let arguments: FluentArgs<'_> = arguments.collect();
                self.bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
            }
            None => i18n::text(self.language, key, values),
        }
    }

    fn text(&self, key: &str, arguments: &serde_json::Map<String, Json>) -> String {
        let values = arguments.iter().map(|(name, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (Cow::Owned(name.replace('_', "-")), i18n::value(&text))
        });
        self.sentence(key, &values.collect())
    }
}

/// An address below a plugin's prefix.
pub fn below(base: &str, path: &str) -> String {
    match path.trim_start_matches('/') {
        "" => base.to_owned(),
        rest => format!("{base}/{rest}"),
    }
}

fn language(context: &Context) -> Language {
    i18n::from_tag(&context.language).unwrap_or_default()
}

fn context(request: &[u8]) -> Result<Context, Failure> {
    parsed::<Request<IgnoredAny>>(request, "the request").map(|request| request.context)
}

fn parsed<T: DeserializeOwned>(bytes: &[u8], what: &str) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|error| wrong(format!("{what} cannot be read: {error}")))
}

fn wrong(message: String) -> Failure {
    Failure::new(Code::PluginError, message)
}

fn bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

fn answer(outcome: Result<Vec<u8>, Failure>) -> (i32, Vec<u8>) {
    match outcome {
        Ok(bytes) => (Code::Ok.number(), bytes),
        Err(failure) => (failure.code.number(), failure.to_bytes()),
    }
}

#[cfg(test)]
mod tests;
