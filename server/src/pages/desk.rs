//! What the teacher's pages of a class have in common: the class, the way between them, and who acts.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use uuid::Uuid;

use crate::address::ClientAddress;
use crate::app::App;
use crate::auth::ClassTeacher;
use crate::error::{Error, Message, Result};
use crate::moment::Moment;
use crate::rules;
use crate::store::class::Class;
use crate::store::person::Actor;
use crate::store::{inquiry, review};
use crate::view::View;

/// A teacher at work in a class: who looks, where, and how much waits.
pub struct Desk {
    /// The teacher.
    pub actor: Actor,
    /// The class.
    pub class: Class,
    /// Its time zone.
    pub zone: Tz,
    /// Now.
    pub now: DateTime<Utc>,
    /// Answers that wait for a decision, and questions about marks that wait for an answer.
    reviews: i64,
}

/// What every page of the desk shows.
#[derive(Clone, Debug, Serialize)]
pub struct Head {
    /// Id of the class.
    pub id: Uuid,
    /// Name of the class.
    pub name: String,
    /// Ready for the tabs component.
    pub tabs: Vec<Tab>,
    /// Ready for the breadcrumb component.
    pub path: Vec<Crumb>,
}

/// A tab.
#[derive(Clone, Debug, Serialize)]
pub struct Tab {
    label: String,
    href: String,
    current: bool,
    count: Option<i64>,
}

/// A step of the breadcrumb.
#[derive(Clone, Debug, Serialize)]
pub struct Crumb {
    label: String,
    href: Option<String>,
}

/// The pages of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Rules and keys of assignments.
    Give,
    /// The gradebook.
    Gradebook,
    /// Answers that wait for a decision.
    Review,
    /// Essays and projects.
    Mark,
}

impl FromRequestParts<App> for Desk {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let ClassTeacher { person, class } = ClassTeacher::from_request_parts(parts, app).await?;
        let Ok(address) = ClientAddress::from_request_parts(parts, app).await;
        Ok(Self {
            actor: Actor { id: person.id, address: address.to_string() },
            zone: rules::zone(&class.time_zone),
            reviews: review::count(&app.db, class.id).await? + inquiry::count(&app.db, class.id).await?,
            now: app.clock.now(),
            class,
        })
    }
}

impl Desk {
    /// Head of a page. `deeper`: what stands behind the page's own name in the breadcrumb; the last one is the page itself.
    pub fn head(&self, view: &View, place: Place, deeper: Vec<(String, Option<String>)>) -> Head {
        let base = format!("/classes/{}", self.class.id);
        let word = |key: &'static str| view.sentence(&Message::new(key));
        let places = [
            (Place::Give, "give-tab", "assign"),
            (Place::Gradebook, "gradebook-tab", "gradebook"),
            (Place::Review, "review-tab", "review"),
            (Place::Mark, "mark-tab", "mark"),
        ];
        let own = places.iter().find(|(known, ..)| *known == place);
        let (label, address) = own.map_or(("gradebook-tab", "gradebook"), |(_, label, address)| (*label, *address));
        let mut path = vec![
            Crumb { label: word("layout-nav-class"), href: Some("/classes".into()) },
            Crumb { label: self.class.name.clone(), href: Some(base.clone()) },
            Crumb { label: word(label), href: (!deeper.is_empty()).then(|| format!("{base}/{address}")) },
        ];
        path.extend(deeper.into_iter().map(|(label, href)| Crumb { label, href }));
        let elsewhere = |label: &'static str, address: &str| Tab {
            label: word(label),
            href: format!("{base}{address}"),
            current: false,
            count: None,
        };
        let desk = places.iter().map(|(known, label, address)| Tab {
            label: word(label),
            href: format!("{base}/{address}"),
            current: *known == place,
            count: (*known == Place::Review && self.reviews > 0).then_some(self.reviews),
        });
        // The same row as on the class's own pages, so that nothing moves from page to page.
        let mut tabs = vec![elsewhere("class-tab", ""), elsewhere("roster-title", "/roster")];
        tabs.extend(desk);
        tabs.push(elsewhere("class-tab-settings", "/settings"));
        Head { id: self.class.id, name: self.class.name.clone(), tabs, path }
    }

    /// A moment on the class's clock.
    pub fn moment(&self, at: DateTime<Utc>, view: &View) -> Moment {
        Moment::new(at, self.zone, self.now, view.language())
    }

    /// Refuses to change anything in an archived class.
    pub fn writable(&self) -> Result<()> {
        match self.class.archived_at {
            Some(_) => Err(Error::conflict("gradebook-class-archived")),
            None => Ok(()),
        }
    }
}
