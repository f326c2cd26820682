//! Opening pages and boxes.

use plugin_protocol::body::Body;
use plugin_protocol::manifest::{Audience, Route};
use plugin_protocol::op::{Op, Page, Rendered, Response, Upload, View, Widget};
use plugin_protocol::{Code, Failure};
use serde_json::{Map, Value};

use super::TestHost;
use crate::answer::{Answer, Box};
use crate::people::ARCHIVED_CLASS;

impl TestHost {
    /// Opens a page: a path of the plugin, such as `/notes?page=2`.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path, Page::default())
    }

    /// Sends a form.
    #[track_caller]
    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.request("POST", path, Page { form: pairs(form), ..Page::default() })
    }

    /// Sends a form with files: field, name, bytes.
    #[track_caller]
    pub fn post_files(&self, path: &str, form: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let file = |(field, name, bytes): &(&str, &str, &[u8])| Upload {
            field: (*field).to_owned(),
            name: (*name).to_owned(),
            body: Body::new(bytes.to_vec()),
        };
        let page = Page { form: pairs(form), files: files.iter().map(file).collect(), ..Page::default() };
        self.request("POST", path, page)
    }

    /// Sends a body that is no form, as a program does.
    #[track_caller]
    pub fn post_body(&self, path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        let page = Page { content_type: content_type.to_owned(), body: Body::new(body.into()), ..Page::default() };
        self.request("POST", path, page)
    }

    /// Sends any request; method, route, path, parameters and query are filled in.
    #[track_caller]
    pub fn request(&self, method: &str, address: &str, page: Page) -> Answer {
        let asked = format!("{method} {address}");
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let context = self.context();
        let answered = self.find(method, path).and_then(|(route, params)| {
            let query = query.split('&').filter_map(|pair| pair.split_once('='));
            let page = Page {
                method: method.to_owned(),
                route: route.path.clone(),
                path: path.to_owned(),
                params,
                query: query.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
                ..page
            };
            self.call_in::<Response>(context.clone(), Op::Http, &page)
        });
        let shown = match &answered {
            Ok(Response::View(view)) => Some(self.state.renderer.view(&context, view)),
            Ok(Response::Rendered { html, title, .. }) => {
                Some(Ok(Rendered { html: html.clone(), title: title.clone() }))
            }
            _ => None,
        };
        if let Ok(Response::View(View { title: Some(title), .. })) = &answered {
            self.check_key(&asked, title, &Map::new());
        }
        let said = match &answered {
            Ok(Response::Redirect { notice: Some(notice), .. }) => {
                Some(self.check_key(&asked, &notice.text, &notice.arguments))
            }
            Ok(_) => None,
            Err(failure) => {
                if let Some(key) = &failure.key {
                    self.check_key(&asked, key, &failure.arguments);
                }
                Some(self.state.renderer.in_words(&context, failure.clone()).message)
            }
        };
        // A template that cannot be rendered is the plugin's fault, as on the server.
        match shown.transpose() {
            Ok(shown) => Answer { asked, outcome: answered, shown, said },
            Err(failure) => Answer { asked, outcome: Err(failure), shown: None, said: None },
        }
    }

    /// A box on the class page.
    #[track_caller]
    pub fn widget(&self, id: &str) -> Box {
        assert!(self.state.manifest.widgets.iter().any(|widget| widget.id == id), "plugin.toml has no widget {id}");
        let context = self.context();
        let answer = self.call_in::<Value>(context.clone(), Op::Widget, &Widget { widget: id.to_owned() });
        let answer = answer.unwrap_or_else(|failure| panic!("the widget {id}: {failure} {failure:?}"));
        // A worker has rendered it already.
        if let Ok(Rendered { html, .. }) = serde_json::from_value(answer.clone()) {
            return Box { view: None, html };
        }
        let view: View = serde_json::from_value(answer).unwrap_or_else(|error| panic!("the widget {id}: {error}"));
        let shown = self.state.renderer.view(&context, &view);
        let Rendered { html, .. } = shown.unwrap_or_else(|failure| panic!("the widget {id}: {failure} {failure:?}"));
        Box { view: Some(view), html }
    }

    /// The sentence for a key, or the words that stand there instead of one. What looks like a key must be one.
    #[track_caller]
    fn check_key(&self, asked: &str, text: &str, arguments: &Map<String, Value>) -> String {
        let is_key_like = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let sentence = self.state.renderer.sentence(&self.language, text, arguments);
        assert!(sentence.is_some() || !is_key_like, "{asked}: no sentence {text} in locales/");
        sentence.unwrap_or_else(|| text.to_owned())
    }

    /// The route that fits, if the person may open it, and what its names stand for.
    fn find(&self, method: &str, path: &str) -> Result<(&Route, Map<String, Value>), Failure> {
        let routes = self.state.manifest.routes.iter().filter(|route| route.method == method);
        let mut fitting: Vec<_> = routes.filter_map(|route| Some((route, matched(&route.path, path)?))).collect();
        // Words go before names, as on the server.
        fitting.sort_by_key(|(_, params)| params.len());
        let no_route = || Failure::new(Code::NotFound, format!("plugin.toml has no route {method} {path}"));
        let (route, params) = fitting.into_iter().next().ok_or_else(no_route)?;
        let has_left = self.person.as_ref().is_some_and(|person| self.state.world().left.contains(&person.id));
        if has_left && route.audience != Audience::Public {
            return Err(Failure::new(Code::NotFound, "the class does not exist for who is not in it"));
        }
        let is_allowed = match (route.audience, &self.person) {
            (Audience::Public, _) | (Audience::Member, Some(_)) => true,
            (Audience::Operator, Some(person)) => person.is_operator(),
            (Audience::Teacher, Some(person)) => person.is_teacher(),
            (_, None) => false,
        };
        if !is_allowed {
            return Err(Failure::new(Code::Denied, "the route is not for them"));
        }
        if method == "POST" && self.class == ARCHIVED_CLASS && !route.in_archive {
            return Err(Failure::new(Code::Conflict, "the class is archived, and so read only"));
        }
        Ok((route, params))
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
