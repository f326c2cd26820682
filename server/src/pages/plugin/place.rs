//! Which plugin, class and route an address names, and whether the visitor may open it.

use std::sync::Arc;

use axum::extract::{FromRequestParts as _, RawPathParams};
use axum::http::request::Parts;
use plugin_protocol::manifest::{Audience, Manifest, Route};
use serde_json::{Map, Value};

use crate::app::App;
use crate::auth::{self, path_id};
use crate::error::{Error, Result};
use crate::store::class::{Class, Membership};
use crate::store::person::{Person, Role};
use crate::store::{plugin, post};

/// A place in a plugin, and who stands there.
pub(super) struct Place {
    pub(super) manifest: Arc<Manifest>,
    pub(super) class: Class,
    pub(super) route: Route,
    /// Path below the prefix.
    pub(super) path: String,
    pub(super) params: Map<String, Value>,
    /// None: a visitor of a public page.
    pub(super) member: Option<(Person, Membership)>,
}

/// Finds the place that an address names.
///
/// # Errors
/// What is not there, and what belongs to others, is not found; who has not signed in is asked to.
pub(super) async fn find(app: &App, parts: &mut Parts, person: Option<Person>) -> Result<Place> {
    let class_id = path_id(parts, app, "class").await?;
    let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::NotFound)?;
    let param = |name: &str| params.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
    let id = param("plugin").unwrap_or_default();
    let path = format!("/{}", param("rest").unwrap_or_default());

    let used = match app.plugins.status(&id) {
        Some(status) => plugin::class::used(&app.db, class_id, &id).await?.map(|class| (status.manifest, class)),
        None => None,
    };
    let manifest = used.as_ref().map(|(manifest, _)| Arc::clone(manifest));
    let found = manifest.as_deref().and_then(|manifest| match_route(manifest, parts.method.as_str(), &path));
    let is_public = matches!(&found, Some(Match::Route(route, _)) if route.audience == Audience::Public);
    let member = match person {
        None if !is_public => return Err(Error::SignInNeeded),
        None => None,
        Some(person) => match auth::in_class(app, person, class_id).await {
            Ok(member) => Some((member.person, member.membership)),
            Err(Error::NotFound) if is_public => None,
            Err(error) => return Err(error),
        },
    };
    let (Some((manifest, class)), Some(found)) = (used, found) else { return Err(Error::NotFound) };
    let (route, params) = match found {
        Match::Route(route, params) => (route.clone(), params),
        Match::OtherMethod => return Err(Error::MethodNotAllowed),
    };
    if let Some((person, membership)) = &member
        && !may(app, route.audience, person, membership).await?
    {
        return Err(Error::Forbidden);
    }
    Ok(Place { manifest, class, route, path, params, member })
}

/// Whether a member of the class belongs to an audience.
pub(super) async fn may(app: &App, audience: Audience, person: &Person, membership: &Membership) -> Result<bool> {
    Ok(match audience {
        Audience::Public | Audience::Member => true,
        _ if membership.is_teacher() || person.role == Role::Administrator => true,
        Audience::Operator => post::has(&app.db, membership.class_id, person.id, post::OPERATOR).await?,
        Audience::Teacher => false,
    })
}

enum Match<'m> {
    Route(&'m Route, Map<String, Value>),
    OtherMethod,
}

/// The route of a path: the one with the most parts that are written out.
fn match_route<'m>(manifest: &'m Manifest, method: &str, path: &str) -> Option<Match<'m>> {
    let method = if method == "HEAD" { "GET" } else { method };
    let matching = manifest.routes.iter().filter_map(|route| Some((route, match_path(&route.path, path)?)));
    let fitting = matching.clone().filter(|(route, _)| route.method == method);
    match fitting.min_by_key(|(_, params)| params.len()) {
        Some((route, params)) => Some(Match::Route(route, params)),
        None => matching.count().gt(&0).then_some(Match::OtherMethod),
    }
}

/// What the names in a pattern stand for in a path, if it fits.
fn match_path(pattern: &str, path: &str) -> Option<Map<String, Value>> {
    let (pattern, path) = (pattern.trim_end_matches('/'), path.trim_end_matches('/'));
    if pattern.split('/').count() != path.split('/').count() {
        return None;
    }
    let mut params = Map::new();
    for (expected, found) in pattern.split('/').zip(path.split('/')) {
        match expected.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) if !found.is_empty() => {
                params.insert(name.to_owned(), found.into());
            }
            None if expected == found => {}
            _ => return None,
        }
    }
    Some(params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_match_whole_and_written_out_parts_win() {
        assert!(match_path("/", "/").is_some_and(|params| params.is_empty()));
        assert_eq!(match_path("/notes/{note}", "/notes/17").unwrap()["note"], "17");
        assert!(match_path("/notes/{note}", "/notes/").is_none());
        assert!(match_path("/notes", "/notes/17").is_none());
        let manifest: Manifest = serde_json::from_value(serde_json::json!({
            "id": "a", "version": "0.1.0", "title": { "zh": "a", "en": "a" },
            "routes": [
                { "method": "GET", "path": "/notes/{note}" },
                { "method": "GET", "path": "/notes/new" },
                { "method": "POST", "path": "/notes" },
            ],
        }))
        .unwrap();
        let route = |method, path| match match_route(&manifest, method, path) {
            Some(Match::Route(route, _)) => route.path.clone(),
            Some(Match::OtherMethod) => "other".into(),
            None => "none".into(),
        };
        assert_eq!(route("GET", "/notes/new"), "/notes/new");
        assert_eq!(route("GET", "/notes/7"), "/notes/{note}");
        assert_eq!(route("HEAD", "/notes/7"), "/notes/{note}");
        assert_eq!(route("GET", "/notes"), "other");
        assert_eq!(route("GET", "/"), "none");
    }
}
