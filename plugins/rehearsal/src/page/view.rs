//! Templates and words, in the language of whoever looks.

use std::borrow::Cow;
use std::sync::LazyLock;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use tera::{Context, Kwargs, State, Tera, Value};

use crate::clock::china;
use crate::words::{Arguments, Language, sentence};

static CHINESE: LazyLock<Tera> = LazyLock::new(|| parse(Language::Chinese));
static ENGLISH: LazyLock<Tera> = LazyLock::new(|| parse(Language::English));

fn parse(language: Language) -> Tera {
    let mut tera = Tera::new();
    tera.register_function("t", move |arguments: Kwargs, _: &State<'_>| translate(language, &arguments));
    tera.add_raw_templates([
        ("layout.html", include_str!("../../templates/layout.html")),
        ("overview.html", include_str!("../../templates/overview.html")),
        ("person.html", include_str!("../../templates/person.html")),
        ("requests.html", include_str!("../../templates/requests.html")),
        ("scan.html", include_str!("../../templates/scan.html")),
        ("missing.html", include_str!("../../templates/missing.html")),
    ])
    .expect("the embedded templates are correct, a test renders each");
    tera
}

fn translate(language: Language, arguments: &Kwargs) -> tera::TeraResult<Value> {
    let key: &str = arguments.must_get("key")?;
    let mut filled = Arguments::new();
    for (name, value) in arguments.iter() {
        let Some(name) = name.as_str().filter(|name| *name != "key") else { continue };
        let value = value.as_i64().map_or_else(|| value.to_string().into(), Into::into);
        filled.insert(Cow::Owned(name.to_owned()), value);
    }
    Ok(Value::from(sentence(language, key, &filled)))
}

/// Whoever looks: what they chose, else what their browser asks for.
pub fn language(headers: &HeaderMap) -> Language {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let chosen = text(header::COOKIE).split("; ").filter_map(|cookie| cookie.strip_prefix("rehearsal-language="));
    chosen.filter_map(Language::of_tag).next().unwrap_or_else(|| Language::asked(text(header::ACCEPT_LANGUAGE)))
}

/// A page. What a template cannot do is a defect, which is logged and shown as such.
pub fn page(headers: &HeaderMap, template: &str, values: impl Serialize) -> Response {
    let language = language(headers);
    let tera = match language {
        Language::Chinese => &CHINESE,
        Language::English => &ENGLISH,
    };
    let rendered = Context::from_serialize(&values).and_then(|mut context| {
        context.insert("lang", language.tag());
        tera.render(template, &context)
    });
    match rendered {
        Ok(text) => ([(header::CACHE_CONTROL, "no-store")], Html(text)).into_response(),
        Err(error) => {
            tracing::error!("{template} cannot be shown: {error:#}");
            (StatusCode::INTERNAL_SERVER_ERROR, "the page cannot be shown; the log says why").into_response()
        }
    }
}

/// A page that says what is not there.
pub fn missing(headers: &HeaderMap, what: &str) -> Response {
    let body = page(headers, "missing.html", serde_json::json!({ "what": what }));
    (StatusCode::NOT_FOUND, body).into_response()
}

/// A moment as people in +08:00 read it.
pub fn moment(at: DateTime<Utc>) -> String {
    at.with_timezone(&china()).format("%Y-%m-%d %H:%M:%S").to_string()
}
