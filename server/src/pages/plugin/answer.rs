//! From what a plugin answers to what the browser gets.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use plugin_protocol::manifest::Audience;
use plugin_protocol::op;
use plugin_protocol::{Code, Failure};
use serde::Serialize;

use super::place::{self, Place};
use crate::app::App;
use crate::error::{Error, Message, PluginFault, Result};
use crate::notice::Notice;
use crate::pages::class::head::ClassHead;
use crate::pages::error::percent_encoded;
use crate::plugins::context::base;
use crate::plugins::render::below;
use crate::view::View;

/// Nothing that a plugin sends as bytes is a page of this site.
const SHUT_IN: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

#[derive(Serialize)]
struct ToolPage {
    class: ClassHead,
    /// Members see the way back to the class; visitors of a public page do not.
    is_member: bool,
    tool: String,
    tool_address: String,
    title: String,
    tabs: Vec<Tab>,
    html: String,
}

/// An entry of the tool's navigation.
#[derive(Serialize)]
struct Tab {
    label: String,
    href: String,
    current: bool,
}

pub(super) async fn show(app: &App, view: &View, place: &Place, answer: op::Response) -> Result<Response> {
    let base = base(place.class.id, &place.manifest.id);
    match answer {
        op::Response::Rendered { html, title, status } => {
            let language = view.language().tag();
            let tool = place.manifest.title_in(language).to_owned();
            let tabs = tabs(app, place, &base, language).await?;
            let page = ToolPage {
                class: ClassHead::new(app, &place.class, view.language()),
                is_member: place.member.is_some(),
                title: if title.is_empty() { tool.clone() } else { title },
                tool,
                tool_address: base,
                tabs,
                html,
            };
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            Ok((status, view.page("plugin/page.html", "class", page)?).into_response())
        }
        op::Response::Redirect { to, notice } => {
            let to = inside(&to).ok_or_else(|| fault(place, view, format!("{to:?} is no path below the prefix")))?;
            let to = below(&base, to);
            Ok(match notice {
                Some(said) => notice_of(&said).redirect(&to),
                None => Redirect::to(&to).into_response(),
            })
        }
        op::Response::Bytes { status, content_type, download, body } => {
            let wrong = |_| fault(place, view, format!("{content_type:?} is no type"));
            let kind = HeaderValue::from_str(&content_type).map_err(wrong)?;
            let disposition = match download {
                Some(name) => format!("attachment; filename*=UTF-8''{}", percent_encoded(&name).replace('/', "%2F")),
                None => "inline".to_owned(),
            };
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(SHUT_IN)),
                (header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Error::internal)?),
            ];
            Ok((status, headers, body.into_bytes()).into_response())
        }
        op::Response::View(view_of) => {
            Err(fault(place, view, format!("the template {} came back unrendered", view_of.template)))
        }
    }
}

/// The entries of the tool's navigation that the visitor may open.
async fn tabs(app: &App, place: &Place, base: &str, language: &str) -> Result<Vec<Tab>> {
    let mut tabs = Vec::new();
    for entry in &place.manifest.navigation {
        let may = match &place.member {
            Some((person, membership)) => place::may(app, entry.audience, person, membership).await?,
            None => entry.audience == Audience::Public,
        };
        if may {
            tabs.push(Tab {
                label: entry.title.in_language(language).to_owned(),
                href: below(base, &entry.path),
                current: entry.path.trim_end_matches('/') == place.path.trim_end_matches('/'),
            });
        }
    }
    Ok(tabs)
}

/// A path that stays below the prefix.
fn inside(to: &str) -> Option<&str> {
    let fine = to.starts_with('/')
        && !to.starts_with("//")
        && !to.split(['/', '?', '#']).any(|part| part == "..")
        && to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    fine.then_some(to)
}

fn notice_of(said: &op::Notice) -> Notice {
    let message = Message::new("plugin-said").with("text", &said.text);
    match said.kind.as_str() {
        "success" => Notice::success(message),
        "error" => Notice::error(message),
        _ => Notice::info(message),
    }
}

fn fault(place: &Place, view: &View, message: String) -> Error {
    let manifest = &place.manifest;
    Error::Plugin(Box::new(PluginFault {
        plugin: manifest.id.clone(),
        title: manifest.title_in(view.language().tag()).to_owned(),
        failure: Failure::new(Code::Protocol, message),
    }))
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn a_redirect_never_leaves_the_tool() {
        for good in ["/", "/notes/17?sort=a#b"] {
            assert_eq!(inside(good), Some(good));
        }
        for bad in [
            "",
            "notes",
            "//evil.example",
            "https://evil.example",
            "/../../admin",
            "/a\\b",
            "/a\r\nSet-Cookie: x",
            "/\u{4e2d}",
        ] {
            assert_eq!(inside(bad), None, "{bad}");
        }
    }
}
