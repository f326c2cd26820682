//! Who is asking, and what they may do. A route's needed role is a parameter of its handler:
//! [`Visitor`] anybody, [`SignedIn`], [`Teacher`] and [`Administrator`] by their role in the school,
//! [`ClassMember`] and [`ClassTeacher`] by their role in the class that the address names.
//!
//! Pages know people by the session cookie, addresses under `/api/` by a bearer token and nothing else.

mod assignment;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use uuid::Uuid;

pub use assignment::{AssignmentMember, AssignmentStudent, AttemptMember, AttemptStudent};

use crate::address::ClientAddress;
use crate::app::App;
use crate::cookie;
use crate::error::{Error, Result};
use crate::i18n::{self, Language};
use crate::secret::token_hash;
use crate::store::class::{self, Class, Membership};
use crate::store::person::{Actor, Person, Role};
use crate::store::{person, session, token};

/// Anybody: a signed-in person or not, with their language and looks.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The person, if signed in.
    pub person: Option<Person>,
    /// The session, if signed in by the browser.
    pub session: Option<Uuid>,
    /// Language of pages.
    pub language: Language,
    /// `auto`, `light` or `dark`.
    pub theme: String,
    /// `small`, `normal`, `large` or `huge`.
    pub font_size: String,
}

/// A signed-in person.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Person);

/// A teacher of the school (or an administrator).
#[derive(Clone, Debug)]
pub struct Teacher(pub Person);

/// An administrator.
#[derive(Clone, Debug)]
pub struct Administrator(pub Person);

/// A member of the class that `{class}` in the address names; teachers and administrators included.
#[derive(Clone, Debug)]
pub struct ClassMember {
    /// Who.
    pub person: Person,
    /// Where.
    pub class: Class,
    /// As what; an administrator who is no member counts as a teacher.
    pub membership: Membership,
}

/// A teacher of the class that `{class}` in the address names, or an administrator.
#[derive(Clone, Debug)]
pub struct ClassTeacher {
    /// Who.
    pub person: Person,
    /// Where.
    pub class: Class,
}

/// A teacher who changes something in the class that `{class}` in the address names. An archived class stays as it is.
#[derive(Clone, Debug)]
pub struct OpenClass {
    /// Where.
    pub class: Class,
    /// Who.
    pub teacher: Person,
    /// The same, for the audit log.
    pub actor: Actor,
}

/// The person that `{person}` in the address names.
#[derive(Clone, Copy, Debug)]
pub struct PathPerson(pub Uuid);

/// The token that a program sends.
fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Error;

    /// Looks the visitor up once for each request; other extractors share the answer.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        if let Some(visitor) = parts.extensions.get::<Visitor>() {
            return Ok(visitor.clone());
        }
        let visitor = find_visitor(app, parts).await?;
        parts.extensions.insert(visitor.clone());
        Ok(visitor)
    }
}

async fn find_visitor(app: &App, parts: &Parts) -> Result<Visitor> {
    let headers = &parts.headers;
    let now = app.clock.now();
    let is_api = parts.uri.path().starts_with("/api/");
    let (person, session) = if is_api {
        match bearer_token(headers) {
            Some(sent) if app.local_access.is_token(&token_hash(sent)) => {
                (person::first_administrator(&app.db).await?, None)
            }
            Some(sent) => (token::find(&app.db, &token_hash(sent), now).await?, None),
            None => (None, None),
        }
    } else {
        match cookie::value(headers, cookie::session_name(&app.config)) {
            Some(sent) => session::find(&app.db, &token_hash(sent), now)
                .await?
                .map_or((None, None), |(session, person)| (Some(person), Some(session))),
            None => (None, None),
        }
    };
    let asked = || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(i18n::from_accept_language);
    let preferred = |name: &str, allowed: &[&str]| {
        cookie::value(headers, name).filter(|value| allowed.contains(value)).map(str::to_owned)
    };
    let chosen = || {
        let stored = person.as_ref().and_then(|person| person.language.as_deref());
        stored.or_else(|| cookie::value(headers, "lang")).and_then(i18n::from_tag)
    };
    // A program says what it wants to read; a person has chosen.
    let language = if is_api { asked().or_else(chosen) } else { chosen().or_else(asked) }.unwrap_or_default();
    let theme = match &person {
        Some(person) => Some(person.theme.clone()),
        None => preferred("theme", &["auto", "light", "dark"]),
    };
    let font_size = match &person {
        Some(person) => Some(person.font_size.clone()),
        None => preferred("font", &["small", "normal", "large", "huge"]),
    };
    Ok(Visitor {
        person,
        session,
        language,
        theme: theme.unwrap_or_else(|| "auto".into()),
        font_size: font_size.unwrap_or_else(|| "normal".into()),
    })
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        visitor.person.map(SignedIn).ok_or(Error::SignInNeeded)
    }
}

/// Who does something, for the audit log.
impl FromRequestParts<App> for Actor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let SignedIn(person) = SignedIn::from_request_parts(parts, app).await?;
        let Ok(address) = ClientAddress::from_request_parts(parts, app).await;
        Ok(Actor { id: person.id, address: address.to_string() })
    }
}

impl FromRequestParts<App> for Teacher {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let SignedIn(person) = SignedIn::from_request_parts(parts, app).await?;
        match person.role {
            Role::Administrator | Role::Teacher => Ok(Teacher(person)),
            Role::Student => Err(Error::Forbidden),
        }
    }
}

impl FromRequestParts<App> for Administrator {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let SignedIn(person) = SignedIn::from_request_parts(parts, app).await?;
        match person.role {
            Role::Administrator => Ok(Administrator(person)),
            Role::Teacher | Role::Student => Err(Error::Forbidden),
        }
    }
}

impl FromRequestParts<App> for ClassMember {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let SignedIn(person) = SignedIn::from_request_parts(parts, app).await?;
        let class = path_id(parts, app, "class").await?;
        in_class(app, person, class).await
    }
}

impl FromRequestParts<App> for ClassTeacher {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let member = ClassMember::from_request_parts(parts, app).await?;
        member.into_teacher()
    }
}

impl FromRequestParts<App> for OpenClass {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let ClassTeacher { person, class } = ClassTeacher::from_request_parts(parts, app).await?;
        class.require_open()?;
        Ok(Self { class, teacher: person, actor: Actor::from_request_parts(parts, app).await? })
    }
}

impl FromRequestParts<App> for PathPerson {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        path_id(parts, app, "person").await.map(PathPerson)
    }
}

impl ClassMember {
    /// Narrows to a teacher; a student of the class is refused.
    pub fn into_teacher(self) -> Result<ClassTeacher> {
        match self.membership.is_teacher() {
            true => Ok(ClassTeacher { person: self.person, class: self.class }),
            false => Err(Error::Forbidden),
        }
    }
}

/// A person's membership in a class. Another class's objects do not exist for them.
pub async fn in_class(app: &App, person: Person, class_id: Uuid) -> Result<ClassMember> {
    let class = class::find(&app.db, class_id).await?.ok_or(Error::NotFound)?;
    let membership = match class::membership(&app.db, class_id, person.id).await? {
        Some(membership) => membership,
        None if person.role == Role::Administrator => Membership::of_administrator(class_id, person.id),
        None => return Err(Error::NotFound),
    };
    Ok(ClassMember { person, class, membership })
}

/// The id that a segment of the address holds; what is no id names nothing.
pub async fn path_id(parts: &mut Parts, app: &App, name: &str) -> Result<Uuid> {
    let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::NotFound)?;
    params.iter().find(|(key, _)| *key == name).and_then(|(_, value)| value.parse().ok()).ok_or(Error::NotFound)
}
