//! The one sentence a page shows after a form was sent, carried across the redirect in a short-lived cookie.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use data_encoding::BASE64URL_NOPAD;

use crate::cookie;
use crate::error::Message;

/// Name of the cookie.
pub const COOKIE: &str = "notice";

/// How a notice looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something was done.
    Success,
    /// Something is worth knowing.
    Info,
    /// Something was refused.
    Error,
}

impl Kind {
    /// Its name in templates.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Success => "success",
            Kind::Info => "info",
            Kind::Error => "error",
        }
    }
}

/// A notice to show once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How it looks.
    pub kind: Kind,
    /// What it says.
    pub message: Message,
}

impl Notice {
    /// Something was done.
    pub fn success(message: Message) -> Self {
        Self { kind: Kind::Success, message }
    }

    /// Something is worth knowing.
    pub fn info(message: Message) -> Self {
        Self { kind: Kind::Info, message }
    }

    /// Something was refused.
    pub fn error(message: Message) -> Self {
        Self { kind: Kind::Error, message }
    }

    /// Redirects (303) to an address of ours and shows the notice there.
    pub fn redirect(self, to: &str) -> Response {
        let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=60", self.encode());
        let headers = HeaderValue::from_str(&cookie).map(|value| AppendHeaders([(header::SET_COOKIE, value)]));
        match headers {
            Ok(headers) => (headers, Redirect::to(to)).into_response(),
            Err(_) => Redirect::to(to).into_response(),
        }
    }

    /// Makes the browser forget the notice that a page has just shown; a redirect and a new notice keep it.
    pub fn forget_shown(request: &HeaderMap, response: &mut Response) {
        let headers = response.headers_mut();
        let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        let is_new = headers.get_all(header::SET_COOKIE).iter().any(|cookie| cookie.as_bytes().starts_with(b"notice="));
        if is_page && !is_new && cookie::value(request, COOKIE).is_some() {
            let gone = HeaderValue::from_static("notice=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
            headers.append(header::SET_COOKIE, gone);
        }
    }

    /// The notice a request carries, if it is one of ours.
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(cookie::value(headers, COOKIE)?.as_bytes()).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let mut parts = text.split('\n');
        let kind = match parts.next()? {
            "success" => Kind::Success,
            "info" => Kind::Info,
            "error" => Kind::Error,
            _ => return None,
        };
        let key = parts.next()?.to_owned();
        let is_key = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_key || key.len() > 80 {
            return None;
        }
        let mut message = Message { key: key.into(), arguments: Vec::new() };
        while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
            message.arguments.push((name.to_owned().into(), value.chars().take(200).collect()));
        }
        Some(Self { kind, message })
    }

    fn encode(&self) -> String {
        let mut text = format!("{}\n{}", self.kind.name(), self.message.key);
        for (name, value) in &self.message.arguments {
            let value: String = value.replace('\n', " ").chars().take(200).collect();
            text.push_str(&format!("\n{name}\n{value}"));
        }
        BASE64URL_NOPAD.encode(text.as_bytes())
    }
}
