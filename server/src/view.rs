//! From a template and its values to the page of one request.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Html;
use serde::Serialize;
use tera::Context;

use crate::app::App;
use crate::auth::Visitor;
use crate::error::{Error, Message, Result};
use crate::i18n::{self, Language};
use crate::notice::Notice;
use crate::templates::Templates;

/// Renders pages for one request: knows the visitor, the address and the pending notice.
pub struct View {
    /// Who is looking.
    pub visitor: Visitor,
    templates: Templates,
    path: String,
    footer: Option<String>,
    notice: Option<Notice>,
}

/// What every template gets beside its own values.
#[derive(Serialize)]
struct Globals<'a> {
    lang: &'static str,
    theme: &'a str,
    font_size: &'a str,
    signed_in: bool,
    role: &'a str,
    path: &'a str,
    site_footer: Option<&'a str>,
    notice: Option<ShownNotice>,
    debug: bool,
}

#[derive(Serialize)]
struct ShownNotice {
    kind: &'static str,
    text: String,
}

impl View {
    /// Renders a template. `nav` is the entry of the main navigation the page belongs to:
    /// `today`, `course`, `assignment`, `class`, `account`, or empty.
    pub fn page<V: Serialize>(&self, template: &str, nav: &str, values: V) -> Result<Html<String>> {
        // A page without values of its own passes `()`, which is no map.
        let mut context = if size_of::<V>() == 0 { Context::new() } else { Context::from_serialize(&values)? };
        context.extend(Context::from_serialize(&self.globals())?);
        context.insert("nav", nav);
        Ok(Html(self.templates.render(self.language(), template, &context)?))
    }

    /// What a page depends on that holds nothing personal, for [`prepared`](crate::prepared); `None` when a pending notice
    /// makes it this visitor's alone.
    pub fn variant(&self) -> Option<String> {
        let globals = self.globals();
        let parts = [globals.path, globals.lang, globals.theme, globals.font_size, globals.role];
        globals.notice.is_none().then(|| parts.join(" "))
    }

    /// The visitor's language.
    pub fn language(&self) -> Language {
        self.visitor.language
    }

    /// A sentence in the visitor's language.
    pub fn sentence(&self, message: &Message) -> String {
        i18n::sentence(self.language(), message)
    }

    fn globals(&self) -> Globals<'_> {
        Globals {
            lang: self.visitor.language.tag(),
            theme: &self.visitor.theme,
            font_size: &self.visitor.font_size,
            signed_in: self.visitor.person.is_some(),
            role: self.visitor.person.as_ref().map_or("", |person| person.role.name()),
            path: &self.path,
            site_footer: self.footer.as_deref(),
            notice: self.notice.as_ref().map(|notice| ShownNotice {
                kind: notice.kind.name(),
                text: i18n::sentence(self.visitor.language, &notice.message),
            }),
            debug: cfg!(debug_assertions),
        }
    }
}

impl FromRequestParts<App> for View {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        Ok(Self {
            visitor,
            path: parts.uri.path().to_owned(),
            notice: Notice::from_headers(&parts.headers),
            footer: app.config.footer.clone(),
            templates: app.templates.clone(),
        })
    }
}
