//! From what a plugin answers to HTML and sentences.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use plugin_protocol::context::{Context, Request};
use plugin_protocol::manifest::Manifest;
use plugin_protocol::op::{Op, Render, Rendered, Response, View};
use plugin_protocol::{Code, Failure};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value as Json};
use tera::{Kwargs, State, Tera, Value};

use crate::words::{Words, travelled, values};
use crate::{LANGUAGES, Site};

/// Templates and words of one plugin, read when they are first needed.
pub struct Renderer {
    manifest: Arc<Manifest>,
    site: Site,
    /// In the order of [`LANGUAGES`].
    pages: [OnceLock<Result<Pages, Failure>>; LANGUAGES.len()],
}

/// The same in one language.
struct Pages {
    tera: Tera,
    words: Arc<Words>,
}

thread_local! {
    /// Where the pages of the call that this thread works on begin.
    static BASE: RefCell<String> = const { RefCell::new(String::new()) };
}

impl Renderer {
    /// From what the plugin declares, for a site.
    pub fn new(manifest: &Manifest, site: Site) -> Self {
        Self { manifest: Arc::new(manifest.clone()), site, pages: Default::default() }
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
        LANGUAGES.iter().try_for_each(|tag| self.pages(tag).map(drop))
    }

    fn response(&self, context: &Context, reply: &[u8]) -> Result<Vec<u8>, Failure> {
        let response = match parsed::<Response>(reply, "the answer to a page")? {
            Response::View(view) => {
                let status = view.status.filter(|status| (200..600).contains(status)).unwrap_or(200);
                let Rendered { html, title } = self.view(context, &view)?;
                Response::Rendered { html, title, status }
            }
            Response::Redirect { to, notice: Some(mut notice) } => {
                notice.text = self.pages(&context.language)?.words.text(&notice.text, &notice.arguments);
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

    /// The HTML of a view and its title.
    ///
    /// # Errors
    /// What is wrong with the template, its values or the plugin's words, with the place.
    pub fn view(&self, context: &Context, view: &View) -> Result<Rendered, Failure> {
        let pages = self.pages(&context.language)?;
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
        Ok(Rendered { html, title: pages.words.text(title, &Map::new()) })
    }

    /// The sentence for a key in a language; none when neither the plugin nor the site has one.
    pub fn sentence(&self, tag: &str, key: &str, arguments: &Map<String, Json>) -> Option<String> {
        self.pages(tag).ok()?.words.find(key, &travelled(arguments))
    }

    /// The failure with its key as a sentence. One that names a field of a form says `field-…` of the plugin's own words,
    /// the label beside the field, as `$field`.
    pub fn in_words(&self, context: &Context, failure: Failure) -> Failure {
        let (Some(key), Ok(pages)) = (&failure.key, self.pages(&context.language)) else { return failure };
        let mut arguments = failure.arguments.clone();
        if let Some(field) = &failure.place
            && !arguments.contains_key("field")
        {
            let label = pages.words.find(&format!("field-{}", field.replace('_', "-")), &Default::default());
            arguments.insert("field".into(), label.unwrap_or_else(|| field.to_string()).into());
        }
        let message = pages.words.text(key, &arguments);
        Failure { message, key: None, arguments: Map::new(), ..failure }
    }

    fn pages(&self, tag: &str) -> Result<&Pages, Failure> {
        let index = LANGUAGES.iter().position(|known| *known == tag).unwrap_or_default();
        let read = || Pages::read(&self.manifest, LANGUAGES[index], self.site);
        self.pages[index].get_or_init(read).as_ref().map_err(Failure::clone)
    }
}

impl Pages {
    fn read(manifest: &Arc<Manifest>, tag: &'static str, site: Site) -> Result<Self, Failure> {
        let words = Arc::new(Words::read(manifest, tag, site)?);
        let mut tera = Tera::new();
        tera.autoescape_on(vec![""]);
        let own = Arc::clone(&words);
        tera.register_function("t", move |arguments: Kwargs, _: &State<'_>| -> tera::TeraResult<Value> {
            let key: &str = arguments.must_get("key")?;
            Ok(Value::from(own.sentence(key, &values(&arguments))))
        });
        tera.register_function("url", |arguments: Kwargs, _: &State<'_>| -> tera::TeraResult<Value> {
            let path: &str = arguments.must_get("path")?;
            Ok(Value::from(BASE.with_borrow(|base| below(base, path))))
        });
        let declared = Arc::clone(manifest);
        tera.register_function("asset", move |arguments: Kwargs, _: &State<'_>| -> tera::TeraResult<Value> {
            let name: &str = arguments.must_get("name")?;
            (site.asset)(&declared, name)
                .map(Value::from)
                .ok_or_else(|| tera::Error::message(format!("there is no file {name}")))
        });
        let site = (site.components)().into_iter().map(|(name, text)| (Cow::Owned(format!("site/{name}")), text));
        let own = manifest.templates.iter().map(|(name, text)| (Cow::Owned(name.clone()), text.clone()));
        let all: Vec<(Cow<'static, str>, String)> = site.chain(own).collect();
        tera.add_raw_templates(all).map_err(|error| wrong(format!("{error:#}")).at("templates"))?;
        Ok(Self { tera, words })
    }
}

/// An address below a plugin's prefix.
pub fn below(base: &str, path: &str) -> String {
    match path.trim_start_matches('/') {
        // The first page has no slash at its end, whatever is asked of it.
        rest if rest.is_empty() || rest.starts_with(['?', '#']) => format!("{base}{rest}"),
        rest => format!("{base}/{rest}"),
    }
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
