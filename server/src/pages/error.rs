//! What a person sees when something did not work: what happened, what to do, and the id to ask about.
//! The cause is in the log under the same id.

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use plugin_protocol::Code;
use serde::Serialize;
use serde_json::json;
use tower_http::request_id::RequestId;

use crate::app::App;
use crate::auth::Visitor;
use crate::error::{Error, Message, PluginFault, Unreadable};
use crate::i18n;
use crate::notice::Notice;
use crate::view::View;

#[derive(Serialize)]
struct ErrorPage {
    status: u16,
    title: String,
    help: String,
    request_id: String,
}

/// Layer: turns the error that a handler left in its reply into a page, JSON or a redirect to sign in.
pub async fn show(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut asked = parts.clone();
    asked.extensions = parts.extensions.clone();
    // Found once here; handlers read it from the extensions.
    let is_api = parts.uri.path().starts_with("/api/");
    let mut response = {
        let visitor = Visitor::from_request_parts(&mut parts, &app).await;
        match visitor {
            Ok(visitor) => {
                asked.extensions.insert(visitor);
                next.run(Request::from_parts(parts, body)).await
            }
            Err(error) => error.into_response(),
        }
    };
    let Some(error) = response.extensions().get::<Error>().cloned() else {
        Notice::forget_shown(&asked.headers, &mut response);
        return response;
    };
    let request_id =
        asked.extensions.get::<RequestId>().and_then(|id| id.header_value().to_str().ok()).unwrap_or("-").to_owned();
    match &error {
        Error::Plugin(fault) => {
            let plugin = &fault.plugin;
            tracing::warn!(request_id, path = asked.uri.path(), plugin, failure = %fault.failure, "a plugin failed");
        }
        Error::Internal(_) | Error::Unavailable(_) => {
            tracing::error!(request_id, path = asked.uri.path(), %error, "request failed");
        }
        _ => tracing::debug!(request_id, path = asked.uri.path(), %error, "request refused"),
    }
    let accepts = asked.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    let sends = asked.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let wants_json = [accepts, sends].iter().any(|kind| kind.starts_with("application/json")) || is_api;
    let retry_after = response.headers().get(header::RETRY_AFTER).cloned();

    if matches!(error, Error::SignInNeeded) && !wants_json && asked.method == axum::http::Method::GET {
        let back: String = asked.uri.path_and_query().map_or("/", |path| path.as_str()).into();
        let query = percent_encoded(&back);
        return Redirect::to(&format!("/sign-in?next={query}")).into_response();
    }

    let mut reply = match View::from_request_parts(&mut asked, &app).await {
        Ok(view) => {
            let (title, help) = words(&error);
            let page = ErrorPage {
                status: error.status().as_u16(),
                title: view.sentence(&title),
                help: view.sentence(&help),
                request_id,
            };
            if wants_json {
                let mut body = json!({"error": {"code": error.code(), "message": page.title, "help": page.help, "request_id": page.request_id}});
                if let Error::Unreadable(_, cause) = &error {
                    body["error"]["cause"] = cause.chars().take(200).collect::<String>().into();
                }
                Json(body).into_response()
            } else {
                match view.page("errors/error.html", "", &page) {
                    Ok(html) => html.into_response(),
                    Err(fault) => {
                        tracing::error!(%fault, "the error page itself failed");
                        Html(format!("{} {}", page.status, i18n::plain(view.language(), "error-internal")))
                            .into_response()
                    }
                }
            }
        }
        Err(_) => Body::empty().into_response(),
    };
    *reply.status_mut() = error.status();
    Notice::forget_shown(&asked.headers, &mut reply);
    if let Some(value) = retry_after {
        reply.headers_mut().insert(header::RETRY_AFTER, value);
    }
    reply
}

/// What happened, and what to do.
fn words(error: &Error) -> (Message, Message) {
    let help = |key| Message::new(key);
    match error {
        Error::NotFound => (Message::new("error-not-found"), help("error-not-found-help")),
        Error::SignInNeeded => (Message::new("error-sign-in-needed"), help("error-sign-in-needed-help")),
        Error::Forbidden => (Message::new("error-forbidden"), help("error-forbidden-help")),
        Error::MethodNotAllowed => (Message::new("error-method-not-allowed"), help("error-method-not-allowed-help")),
        Error::Unreadable(part, _) => {
            let (title, help) = match part {
                Unreadable::Query => ("error-unreadable-query", "error-unreadable-query-help"),
                Unreadable::Form => ("error-unreadable-form", "error-unreadable-form-help"),
                Unreadable::Json => ("error-unreadable-json", "error-unreadable-json-help"),
                Unreadable::Unfinished => ("error-unfinished", "error-unfinished-help"),
            };
            (Message::new(title), Message::new(help))
        }
        Error::Invalid(message) => (message.clone(), help("error-invalid-help")),
        Error::Conflict(message) => (message.clone(), help("error-conflict-help")),
        Error::TooLarge(message) => (message.clone(), help("error-too-large-help")),
        Error::SlowDown(seconds) => {
            (Message::new("error-slow-down").with("seconds", seconds), help("error-slow-down-help"))
        }
        Error::Plugin(fault) => plugin_words(fault),
        Error::Unavailable(_) => (Message::new("error-unavailable"), help("error-unavailable-help")),
        Error::Internal(_) => (Message::new("error-internal"), help("error-internal-help")),
    }
}

/// What a plugin says for itself is shown as it is; its faults are ours to explain.
fn plugin_words(fault: &PluginFault) -> (Message, Message) {
    let said = fault.failure.message.as_str();
    let own = |key| match said {
        "" => Message::new(key),
        text => Message::new("plugin-said").with("text", text),
    };
    let tool = |key| Message::new(key).with("tool", &fault.title);
    match fault.failure.code {
        Code::BadRequest => (own("plugin-bad-request"), Message::new("error-invalid-help")),
        Code::NotFound => (own("error-not-found"), Message::new("error-not-found-help")),
        Code::Denied => (own("error-forbidden"), Message::new("error-forbidden-help")),
        Code::Conflict => (own("plugin-conflict"), Message::new("error-conflict-help")),
        Code::Timeout | Code::Cancelled => (tool("plugin-slow"), tool("plugin-fault-help")),
        Code::Busy | Code::BreakerOpen | Code::WorkerDied => (tool("plugin-busy"), tool("plugin-fault-help")),
        Code::NotRunning | Code::Incompatible => (tool("plugin-down"), tool("plugin-down-help")),
        _ => (tool("plugin-fault"), tool("plugin-fault-help")),
    }
}

/// A text as a value in the query of an address.
pub fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
