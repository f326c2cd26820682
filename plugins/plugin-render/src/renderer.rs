//! From what a plugin answers to HTML and sentences.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use plugin_protocol::context::{Context, Request};
use plugin_protocol::manifest::Manifest;
use plugin_protocol::op::{Op, Render, Rendered, Response, View};
use plugin_protocol::{Code, Failure};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value as Json};
use tera::{Kwargs, State, Tera, Value};

use crate::site::{LANGUAGES, Site};
use crate::values::{travelled, values};
use crate::words::Words;

/// Templates and words of one plugin, read when they are first needed.
pub struct Renderer {
    manifest: Arc<Manifest>,
    site: Site,
    read: RwLock<Arc<Read>>,
}

/// What has been read.
#[derive(Default)]
struct Read {
    templates: OnceLock<Result<Tera, Failure>>,
    /// In the order of [`LANGUAGES`].
    words: [OnceLock<Result<Arc<Words>, Failure>>; LANGUAGES.len()],
}

/// The page that a thread renders.
struct Page {
    /// Where the plugin's pages begin.
    base: String,
    words: Arc<Words>,
}

thread_local! {
    /// For the functions of templates, which serve all languages.
    static PAGE: RefCell<Option<Page>> = const { RefCell::new(None) };
}

impl Renderer {
    /// From what the plugin declares, for a site.
    pub fn new(manifest: &Manifest, site: Site) -> Self {
        Self { manifest: Arc::new(manifest.clone()), site, read: RwLock::default() }
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
        self.templates(&self.read())?;
        LANGUAGES.iter().try_for_each(|tag| self.words(tag).map(drop))
    }

    /// Lets go of what has been read: it is read again when it is needed, which takes a few milliseconds.
    pub fn rest(&self) {
        *self.read.write().unwrap_or_else(PoisonError::into_inner) = Arc::default();
    }

    fn response(&self, context: &Context, reply: &[u8]) -> Result<Vec<u8>, Failure> {
        let response = match parsed::<Response>(reply, "the answer to a page")? {
            Response::View(view) => {
                let status = view.status.filter(|status| (200..600).contains(status)).unwrap_or(200);
                let Rendered { html, title } = self.view(context, &view)?;
                Response::Rendered { html, title, status }
            }
            Response::Redirect { to, notice: Some(mut notice) } => {
                notice.text = self.words(&context.language)?.text(&notice.text, &notice.arguments);
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
        let read = self.read();
        let templates = self.templates(&read)?;
        let words = self.words(&context.language)?;
        if !self.manifest.templates.contains_key(&view.template) {
            let known = self.manifest.templates.keys().cloned().collect::<Vec<_>>().join(", ");
            return Err(wrong(format!("there is no template {}; there are: {known}", view.template)));
        }
        let values = match &view.values {
            Json::Null => tera::Context::new(),
            values => tera::Context::from_serialize(values)
                .map_err(|_| wrong("the values of a template are an object".into()).at(view.template.as_str()))?,
        };
        PAGE.replace(Some(Page { base: context.base.clone(), words: Arc::clone(&words) }));
        let html = templates.render(&view.template, &values);
        PAGE.take();
        let html = html.map_err(|error| wrong(format!("{error:#}")).at(format!("templates/{}", view.template)))?;
        let title = view.title.as_deref().unwrap_or_default();
        Ok(Rendered { html, title: words.text(title, &Map::new()) })
    }

    /// The sentence for a key in a language; none when neither the plugin nor the site has one.
    pub fn sentence(&self, tag: &str, key: &str, arguments: &Map<String, Json>) -> Option<String> {
        self.words(tag).ok()?.find(key, &travelled(arguments))
    }

    /// The failure with its key as a sentence. One that names a field of a form says `field-…` of the plugin's own words,
    /// the label beside the field, as `$field`.
    pub fn in_words(&self, context: &Context, failure: Failure) -> Failure {
        let (Some(key), Ok(words)) = (&failure.key, self.words(&context.language)) else { return failure };
        let mut arguments = failure.arguments.clone();
        if let Some(field) = &failure.place
            && !arguments.contains_key("field")
        {
            let label = words.find(&format!("field-{}", field.replace('_', "-")), &Default::default());
            arguments.insert("field".into(), label.unwrap_or_else(|| field.to_string()).into());
        }
        let message = words.text(key, &arguments);
        Failure { message, key: None, arguments: Map::new(), ..failure }
    }

    fn read(&self) -> Arc<Read> {
        Arc::clone(&self.read.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn templates<'a>(&self, read: &'a Read) -> Result<&'a Tera, Failure> {
        read.templates.get_or_init(|| self.parse()).as_ref().map_err(Failure::clone)
    }

    fn words(&self, tag: &str) -> Result<Arc<Words>, Failure> {
        let index = LANGUAGES.iter().position(|known| *known == tag).unwrap_or_default();
        let read = || Words::read(&self.manifest, LANGUAGES[index], self.site).map(Arc::new);
        self.read().words[index].get_or_init(read).clone()
    }

    fn parse(&self) -> Result<Tera, Failure> {
        let (manifest, site) = (&self.manifest, self.site);
        let mut tera = Tera::new();
        tera.autoescape_on(vec![""]);
        tera.register_function("t", |arguments: Kwargs, _: &State<'_>| -> tera::TeraResult<Value> {
            let key: &str = arguments.must_get("key")?;
            on_page(|page| page.words.sentence(key, &values(&arguments)))
        });
        tera.register_function("url", |arguments: Kwargs, _: &State<'_>| -> tera::TeraResult<Value> {
            let path: &str = arguments.must_get("path")?;
            on_page(|page| below(&page.base, path))
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
        // The parser keeps room for hundreds of instructions in each part of a template; a copy has what is there.
        Ok(tera.clone())
    }
}

fn on_page(said: impl FnOnce(&Page) -> String) -> tera::TeraResult<Value> {
    PAGE.with_borrow(|page| page.as_ref().map(said).map(Value::from))
        .ok_or_else(|| tera::Error::message("no page is being rendered"))
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
