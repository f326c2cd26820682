//! Pages of plugins in a class: who may open one is decided here by the manifest, the plugin does the rest, and what it
//! answers comes in the site's layout. Its faults are shown as what they are: one tool, while everything else works.

mod answer;
pub mod asks;
mod body;
pub mod desk;
pub mod marks;
mod place;
pub mod settings;
mod widget;

use std::time::Duration;

use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use plugin_protocol::op::{Op, Page};

use crate::app::App;
use crate::auth::Visitor;
use crate::error::{Error, PluginFault, Result};
use crate::plugins::context::{self, Parts};
use crate::plugins::{Scope, asset};
use crate::request::{Path, Query};
use crate::view::View;

pub use widget::{Tool, WidgetBox, of_class, of_today};

/// The largest body of a request to a plugin: a file to import.
pub const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// `GET` and `POST /classes/{class}/tools/{plugin}…`
pub async fn show(State(app): State<App>, request: Request) -> Result<Response> {
    let (mut parts, sent) = request.into_parts();
    let visitor = Visitor::from_request_parts(&mut parts, &app).await?;
    let view = View::from_request_parts(&mut parts, &app).await?;
    let place = place::find(&app, &mut parts, visitor.person).await?;
    let is_post = parts.method == Method::POST;
    if is_post && !place.route.in_archive {
        place.class.require_open()?;
    }
    let mut page = Page {
        method: parts.method.as_str().to_owned(),
        route: place.route.path.clone(),
        path: place.path.clone(),
        params: place.params.clone(),
        query: Query::pairs(&parts.uri),
        ..Page::default()
    };
    if is_post {
        body::read(&mut page, Request::from_parts(parts, sent)).await?;
    }
    let person = place.member.as_ref().map(|(person, membership)| (person, membership));
    let language = view.language().tag();
    let context = context::of_class(&Parts::from(&app), &place.manifest, &place.class, person, language).await?;
    let mut scope = Scope::new(context, Duration::from_millis(place.route.deadline_ms.into()));
    if !is_post || place.route.idempotent {
        scope = scope.idempotent();
    }
    let id = &place.manifest.id;
    match app.plugins.ask(id, Op::Http, scope, page).await {
        Ok(response) => answer::show(&app, &view, &place, response).await,
        Err(failure) => {
            let title = place.manifest.title_in(language).to_owned();
            Err(Error::Plugin(Box::new(PluginFault { plugin: id.clone(), title, failure })))
        }
    }
}

/// `GET /tools/{plugin}/{hash}/{*name}`
pub async fn file(
    State(app): State<App>,
    Path((plugin, hash, name)): Path<(String, String, String)>,
) -> Result<Response> {
    let status = app.plugins.status(&plugin).ok_or(Error::NotFound)?;
    let asset = asset::find(&status.manifest, &hash, &name).ok_or(Error::NotFound)?;
    let kind = HeaderValue::from_str(&asset.content_type).map_err(|_| Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    Ok((headers, asset.body.as_bytes().to_vec()).into_response())
}
