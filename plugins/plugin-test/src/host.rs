//! The host of a test.

mod make;
mod observe;
mod operate;

use std::sync::Arc;

use plugin_protocol::context::{Context, Person, Request};
use plugin_protocol::manifest::{Audience, Route};
use plugin_protocol::op::{Op, Page, Response, Upload, View, Widget};
use plugin_protocol::{Code, Failure};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::answer::{Answer, Box};
use crate::people::{self, OPERATOR, OTHER_CLASS};
use crate::runner::Runner;
use crate::state::State;

/// A plugin with a host around it, seen by one person of one class; a teacher at first. Other views share everything
/// else: tables, clock, events.
#[derive(Clone)]
pub struct TestHost {
    state: Arc<State>,
    runner: Arc<dyn Runner>,
    class: Uuid,
    person: Option<Person>,
    language: String,
    is_waited_for: bool,
}

impl TestHost {
    /// The same, seen by the student with this number, from 1 to [`STUDENTS`](crate::STUDENTS).
    #[must_use]
    pub fn as_student(&self, number: u32) -> Self {
        Self { person: Some(people::student(self.class, number)), ..self.clone() }
    }

    /// The same, seen by the student who runs the public account.
    #[must_use]
    pub fn as_operator(&self) -> Self {
        self.as_student(OPERATOR)
    }

    /// The same, seen by a teacher.
    #[must_use]
    pub fn as_teacher(&self) -> Self {
        Self { person: Some(people::teacher()), ..self.clone() }
    }

    /// The same, seen by somebody who has not signed in.
    #[must_use]
    pub fn as_visitor(&self) -> Self {
        Self { person: None, ..self.clone() }
    }

    /// The same in another class, seen by a teacher.
    #[must_use]
    pub fn in_other_class(&self) -> Self {
        Self { class: OTHER_CLASS, person: Some(people::teacher()), ..self.clone() }
    }

    /// The same in a language, `zh-CN` or `en`.
    #[must_use]
    pub fn in_language(&self, tag: &str) -> Self {
        Self { language: tag.to_owned(), ..self.clone() }
    }

    /// The same, but nobody waits for the answers: `host.alive()` is false in the plugin.
    #[must_use]
    pub fn abandoned(&self) -> Self {
        Self { is_waited_for: false, ..self.clone() }
    }

    /// Id of the person who sees it.
    pub fn person(&self) -> Uuid {
        self.person.as_ref().map(|person| person.id).expect("a visitor is no person of the class")
    }

    /// Opens a page: a path of the plugin, such as `/notes?page=2`.
    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path, Page::default())
    }

    /// Sends a form.
    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.request("POST", path, Page { form: pairs(form), ..Page::default() })
    }

    /// Sends a form with files: field, name, bytes.
    pub fn post_files(&self, path: &str, form: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let file = |(field, name, bytes): &(&str, &str, &[u8])| Upload {
            field: (*field).to_owned(),
            name: (*name).to_owned(),
            body: plugin_protocol::body::Body::new(bytes.to_vec()),
        };
        let page = Page { form: pairs(form), files: files.iter().map(file).collect(), ..Page::default() };
        self.request("POST", path, page)
    }

    /// Sends any request; method, route, path, parameters and query are filled in.
    pub fn request(&self, method: &str, address: &str, page: Page) -> Answer {
        let asked = format!("{method} {address}");
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let outcome = self.find(method, path).and_then(|(route, params)| {
            let query = query.split('&').filter_map(|pair| pair.split_once('='));
            let page = Page {
                method: method.to_owned(),
                route: route.path.clone(),
                path: path.to_owned(),
                params,
                query: query.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
                ..page
            };
            self.call::<Response>(Op::Http, &page)
        });
        if let Ok(Response::View(view)) = &outcome {
            self.check_view(view);
        }
        Answer { asked, outcome }
    }

    /// A box on the class page.
    #[track_caller]
    pub fn widget(&self, id: &str) -> Box {
        assert!(self.state.manifest.widgets.iter().any(|widget| widget.id == id), "plugin.toml has no widget {id}");
        let view: View = self.done(Op::Widget, &Widget { widget: id.to_owned() });
        self.check_view(&view);
        Box { view }
    }

    /// The route that fits, if the person may open it, and what its names stand for.
    fn find(&self, method: &str, path: &str) -> Result<(&Route, Map<String, Value>), Failure> {
        let routes = self.state.manifest.routes.iter().filter(|route| route.method == method);
        let mut fitting: Vec<_> = routes.filter_map(|route| Some((route, matched(&route.path, path)?))).collect();
        // Words go before names, as on the server.
        fitting.sort_by_key(|(_, params)| params.len());
        let no_route = || Failure::new(Code::NotFound, format!("plugin.toml has no route {method} {path}"));
        let (route, params) = fitting.into_iter().next().ok_or_else(no_route)?;
        let is_allowed = match (route.audience, &self.person) {
            (Audience::Public, _) | (Audience::Member, Some(_)) => true,
            (Audience::Operator, Some(person)) => person.is_operator(),
            (Audience::Teacher, Some(person)) => person.is_teacher(),
            (_, None) => false,
        };
        if is_allowed { Ok((route, params)) } else { Err(Failure::new(Code::Denied, "the route is not for them")) }
    }

    fn check_view(&self, view: &View) {
        let known = &self.state.manifest.templates;
        assert!(known.contains_key(&view.template), "no templates/{}; there are {:?}", view.template, known.keys());
        let is_object = view.values.is_object() || view.values.is_null();
        assert!(is_object, "the values of {} are no object: {}", view.template, view.values);
    }

    fn context(&self) -> Context {
        let world = self.state.world();
        Context {
            now: world.now,
            language: self.language.clone(),
            class: Some(people::class(self.class)),
            person: self.person.clone(),
            settings: world.settings.clone(),
            base: format!("/classes/{}/tools/{}", self.class, self.state.manifest.id),
            site: "https://course.example.edu".into(),
        }
    }

    fn call<T: DeserializeOwned>(&self, op: Op, input: &impl Serialize) -> Result<T, Failure> {
        self.call_in(self.context(), op, input)
    }

    /// A call in which no person takes part: an event, a job, a service.
    fn call_by_host<T: DeserializeOwned>(&self, op: Op, input: &impl Serialize) -> Result<T, Failure> {
        self.call_in(Context { person: None, ..self.context() }, op, input)
    }

    fn call_in<T: DeserializeOwned>(&self, context: Context, op: Op, input: &impl Serialize) -> Result<T, Failure> {
        let request = Request { context: context.clone(), input };
        let request = serde_json::to_vec(&request).expect("what a test sends has only text for keys");
        let token = self.state.begin(context, self.is_waited_for);
        let (code, bytes) = self.runner.call(token, op as u32, &request);
        self.state.end(token);
        match Code::from_plugin(code) {
            Code::Ok => serde_json::from_slice(&bytes).map_err(|error| {
                let answer = String::from_utf8_lossy(&bytes);
                Failure::new(Code::Protocol, format!("the answer to {} is wrong: {error}: {answer}", op.name()))
            }),
            code => Err(Failure::from_bytes(code, &bytes)),
        }
    }

    #[track_caller]
    fn done<T: DeserializeOwned>(&self, op: Op, input: &impl Serialize) -> T {
        self.call(op, input).unwrap_or_else(|failure| panic!("{}: {failure} {failure:?}", op.name()))
    }
}

fn pairs(form: &[(&str, &str)]) -> Vec<(String, String)> {
    form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// What the names of a route stand for in a path that fits it.
fn matched(route: &str, path: &str) -> Option<Map<String, Value>> {
    let (wanted, given) = (route.split('/'), path.split('/'));
    if wanted.clone().count() != given.clone().count() {
        return None;
    }
    let mut params = Map::new();
    for (part, text) in wanted.zip(given) {
        match part.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) if !text.is_empty() => {
                params.insert(name.to_owned(), text.into());
            }
            None if part == text => {}
            _ => return None,
        }
    }
    Some(params)
}
