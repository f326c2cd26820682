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
    /// The same with arguments for the sentence, an object: `.notice_with("lent", json!({ "camera": name }))`.
    #[must_use]
    fn notice_with(self, key: &str, arguments: Value) -> Self;
    /// The next page says why it was not done.
    #[must_use]
    fn warning(self, key: &str) -> Self;
    /// The same with arguments for the sentence, an object.
    #[must_use]
    fn warning_with(self, key: &str, arguments: Value) -> Self;
    /// Title of the page: a key of the plugin's translations, or the words.
    #[must_use]
    fn title(self, title: &str) -> Self;
    /// Another status than 200, for a form shown again.
    #[must_use]
    fn status(self, status: u16) -> Self;
}

impl Notify for Response {
    fn notice(self, key: &str) -> Self {
        with_notice(self, "success", key, Value::Null)
    }

    fn notice_with(self, key: &str, arguments: Value) -> Self {
        with_notice(self, "success", key, arguments)
    }

    fn warning(self, key: &str) -> Self {
        with_notice(self, "error", key, Value::Null)
    }

    fn warning_with(self, key: &str, arguments: Value) -> Self {
        with_notice(self, "error", key, arguments)
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

fn with_notice(mut response: Response, kind: &str, key: &str, arguments: Value) -> Response {
    if let Response::Redirect { notice, .. } = &mut response {
        let arguments = match arguments {
            Value::Object(arguments) => arguments,
            _ => serde_json::Map::new(),
        };
        *notice = Some(Notice { kind: kind.to_owned(), text: key.to_owned(), arguments });
    }
    response
}
