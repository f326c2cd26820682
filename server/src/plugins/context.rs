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
use crate::store::plugin::setting as stored;
use crate::store::{class, person, post};

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
    let mut context = bare(parts, manifest, Some(class.id), language).await?;
    context.class = Some(told(class));
    context.base = base(class.id, &manifest.id);
    if let Some((person, membership)) = person {
        context.person = Some(Person {
            id: person.id,
            name: person.name.clone(),
            role: membership.role.clone(),
            number: membership.student_number.clone(),
            posts: post::held(&parts.db, class.id, person.id).await?,
        });
    }
    Ok(context)
}

/// The context of a job, an event or a service of the whole site.
///
/// # Errors
/// When the database does not answer.
pub async fn of_site(parts: &Parts, manifest: &Manifest, language: &str) -> Result<Context> {
    bare(parts, manifest, None, language).await
}

async fn bare(parts: &Parts, manifest: &Manifest, class_id: Option<Uuid>, language: &str) -> Result<Context> {
    // Most plugins have few settings, many have none: then nothing is asked.
    let stored = match manifest.settings.is_empty() {
        true => Vec::new(),
        false => stored::list(&parts.db, &manifest.id, class_id).await?,
    };
    Ok(Context {
        now: parts.clock.now(),
        language: language.to_owned(),
        class: None,
        person: None,
        settings: setting::in_force(manifest, &stored, class_id),
        base: String::new(),
        site: parts.config.public_url.as_deref().unwrap_or_default().trim_end_matches('/').to_owned(),
    })
}

/// The context of another plugin that a plugin asks for the class of its own call, for whoever made that call.
///
/// # Errors
/// When the database does not answer.
pub async fn of_asked(parts: &Parts, manifest: &Manifest, caller: &Context) -> Result<Context> {
    let class_id = caller.class.as_ref().map(|class| class.id);
    let mut context = bare(parts, manifest, class_id, &caller.language).await?;
    context.class.clone_from(&caller.class);
    context.person.clone_from(&caller.person);
    context.base = class_id.map(|id| base(id, &manifest.id)).unwrap_or_default();
    Ok(context)
}

/// The context of an event or a job, for the class with this id or for the site. Nobody waits for its words, so they are
/// in the language of the site.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when there is no such class.
pub async fn of_nobody(parts: &Parts, manifest: &Manifest, class_id: Option<Uuid>) -> Result<Context> {
    let Some(class_id) = class_id else { return of_site(parts, manifest, SITE_LANGUAGE).await };
    let class = class::find(&parts.db, class_id).await?.ok_or(crate::error::Error::NotFound)?;
    of_class(parts, manifest, &class, None, SITE_LANGUAGE).await
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
