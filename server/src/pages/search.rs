//! Finding sections and terms.

use axum::extract::State;
use axum::response::Html;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::error::Result;
use crate::request::Query;
use crate::search::{HitKind, Piece};
use crate::view::View;

/// What is searched for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
struct SearchPage {
    query: String,
    total: usize,
    hits: Vec<HitLine>,
    suggestions: Vec<Suggestion>,
}

#[derive(Serialize)]
struct HitLine {
    kind: &'static str,
    address: String,
    number: Option<String>,
    parent: Option<String>,
    title: Vec<Piece>,
    snippet: Vec<Piece>,
    course: String,
    chapter: String,
    language: String,
}

/// A piece of the query that does occur.
#[derive(Serialize)]
struct Suggestion {
    text: String,
    address: String,
}

/// `GET /search?q=…`
pub async fn show(State(app): State<App>, view: View, Query(asked): Query<Asked>) -> Result<Html<String>> {
    let library = app.content.library();
    let query: String = asked.q.trim().chars().take(100).collect();
    let found = library.search.search(&query);
    let language = |slug: &str| library.course(slug).map_or_else(String::new, |course| course.language.clone());
    let hits = found
        .hits
        .into_iter()
        .map(|hit| HitLine {
            kind: match hit.kind {
                HitKind::Chapter => "chapter",
                HitKind::Section => "section",
                HitKind::Question => "question",
                HitKind::Term => "term",
            },
            address: hit.address,
            number: match hit.kind {
                HitKind::Chapter => Some(hit.chapter.number.clone()),
                // A part's own number, 1 or 2, follows the section's.
                _ => hit.number.map(|number| if number.contains('.') { number } else { format!("{number}.") }),
            },
            parent: hit.parent,
            title: hit.title,
            snippet: hit.snippet,
            course: hit.course.to_string(),
            chapter: format!("{} {}", hit.chapter.number, hit.chapter.title),
            language: language(&hit.chapter.course),
        })
        .collect();
    let suggestions = found
        .suggestions
        .into_iter()
        .map(|text| Suggestion { address: format!("/search?q={}", utf8_percent_encode(&text, NON_ALPHANUMERIC)), text })
        .collect();
    let page = SearchPage { query, total: found.total, hits, suggestions };
    view.page("search/show.html", "course", &page)
}
