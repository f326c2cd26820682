//! Answering a page.

use plugin_protocol::body::Body;
use plugin_protocol::op::{Notice, Response, View};
use serde_json::Value;

/// A template of the plugin with its values, an object.
pub fn page(template: &str, values: Value) -> Response {
    Response::View(view(template, values))
}

/// A template for a widget.
pub fn view(template: &str, values: Value) -> View {
    View { template: template.to_owned(), values, title: None, status: None }
}

/// Another page of the plugin, after a form: the path below its prefix.
pub fn redirect(to: impl Into<String>) -> Response {
    Response::Redirect { to: to.into(), notice: None }
}

/// A file to save.
pub fn download(name: &str, content_type: &str, bytes: Vec<u8>) -> Response {
    Response::Bytes {
        status: 200,
        content_type: content_type.to_owned(),
        download: Some(name.to_owned()),
        body: Body::new(bytes),
    }
}

/// Bytes as they are, for a program.
pub fn bytes(status: u16, content_type: &str, bytes: Vec<u8>) -> Response {
    Response::Bytes { status, content_type: content_type.to_owned(), download: None, body: Body::new(bytes) }
}

/// Finishes a response.
pub trait Notify {
    /// The next page says that it was done: a key of the plugin's translations.
    #[must_use]
    fn notice(self, key: &str) -> Self;
    /// The next page says why it was not done.
    #[must_use]
    fn warning(self, key: &str) -> Self;
    /// Title of the page: a key of the plugin's translations, or the words.
    #[must_use]
    fn title(self, title: &str) -> Self;
    /// Another status than 200, for a form shown again.
    #[must_use]
    fn status(self, status: u16) -> Self;
}

impl Notify for Response {
    fn notice(self, key: &str) -> Self {
        with_notice(self, "success", key)
    }

    fn warning(self, key: &str) -> Self {
        with_notice(self, "error", key)
    }

    fn title(mut self, words: &str) -> Self {
        if let Response::View(view) = &mut self {
            view.title = Some(words.to_owned());
        }
        self
    }

    fn status(mut self, code: u16) -> Self {
        match &mut self {
            Response::View(view) => view.status = Some(code),
            Response::Bytes { status, .. } | Response::Rendered { status, .. } => *status = code,
            Response::Redirect { .. } => {}
        }
        self
    }
}

fn with_notice(mut response: Response, kind: &str, key: &str) -> Response {
    if let Response::Redirect { notice, .. } = &mut response {
        *notice = Some(Notice { kind: kind.to_owned(), text: key.to_owned(), arguments: serde_json::Map::new() });
    }
    response
}
