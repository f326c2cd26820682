//! What a plugin is told with every call: who asks, in which class, with which settings.

use std::sync::Arc;

use plugin_protocol::context::{Class, Context, Person};
use plugin_protocol::manifest::Manifest;
use uuid::Uuid;

use super::setting;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::error::Result;
use crate::store::class::Membership;
use crate::store::{class, person, plugin, post};

/// What plugins need of the server.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The clock that decides.
    pub clock: Clock,
    /// Settings of the process.
    pub config: Arc<Config>,
}

/// The context of a call for a class: of a page or widget when there is a person, else of an event or a job.
///
/// # Errors
/// When the database does not answer.
pub async fn of_class(
    parts: &Parts,
    manifest: &Manifest,
    class: &class::Class,
    person: Option<(&person::Person, &Membership)>,
    language: &str,
) -> Result<Context> {
    let person = match person {
        None => None,
        Some((person, membership)) => Some(Person {
            id: person.id,
            name: person.name.clone(),
            role: membership.role.clone(),
            number: membership.student_number.clone(),
            posts: post::held(&parts.db, class.id, person.id).await?,
        }),
    };
    with_settings(parts, manifest, Some(told(class)), person, language).await
}

/// The context of a job, an event or a service of the whole site.
///
/// # Errors
/// When the database does not answer.
pub async fn of_site(parts: &Parts, manifest: &Manifest, language: &str) -> Result<Context> {
    with_settings(parts, manifest, None, None, language).await
}

/// The context of another plugin that a plugin asks for the class of its own call, for whoever made that call.
///
/// # Errors
/// When the database does not answer.
pub async fn of_asked(parts: &Parts, manifest: &Manifest, caller: &Context) -> Result<Context> {
    with_settings(parts, manifest, caller.class.clone(), caller.person.clone(), &caller.language).await
}

/// The context of an event or a job, for the class with this id or for the site. Nobody waits for its words, so they are
/// in the language of the site.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when no such class uses the plugin.
pub async fn of_nobody(parts: &Parts, manifest: &Manifest, class_id: Option<Uuid>) -> Result<Context> {
    let Some(class_id) = class_id else { return of_site(parts, manifest, SITE_LANGUAGE).await };
    let class = plugin::class::used(&parts.db, class_id, &manifest.id).await?.ok_or(crate::error::Error::NotFound)?;
    of_class(parts, manifest, &class, None, SITE_LANGUAGE).await
}

async fn with_settings(
    parts: &Parts,
    manifest: &Manifest,
    class: Option<Class>,
    person: Option<Person>,
    language: &str,
) -> Result<Context> {
    let class_id = class.as_ref().map(|class| class.id);
    // Most plugins have few settings, many have none: then nothing is asked.
    let stored = match manifest.settings.is_empty() {
        true => Vec::new(),
        false => plugin::setting::list(&parts.db, &manifest.id, class_id).await?,
    };
    Ok(Context {
        now: parts.clock.now(),
        language: language.to_owned(),
        class,
        person,
        settings: setting::in_force(manifest, &stored, class_id),
        base: class_id.map(|id| base(id, &manifest.id)).unwrap_or_default(),
        site: parts.config.public_url.as_deref().unwrap_or_default().trim_end_matches('/').to_owned(),
    })
}

/// The language of the site where nobody asks.
const SITE_LANGUAGE: &str = "zh-CN";

/// Where the pages of a plugin begin in a class.
pub fn base(class_id: Uuid, plugin: &str) -> String {
    format!("/classes/{class_id}/tools/{plugin}")
}

/// A class as plugins are told of it.
pub fn told(class: &class::Class) -> Class {
    Class {
        id: class.id,
        name: class.name.clone(),
        term: class.term.clone(),
        time_zone: class.time_zone.clone(),
        archived: class.archived_at.is_some(),
    }
}
