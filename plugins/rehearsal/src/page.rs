//! The control page: what is going on, a follower's phone, and buttons for what may happen. Works without script.

mod act;
mod show;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::room::Room;

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page's addresses.
pub fn routes() -> Router<Arc<Room>> {
    Router::new()
        .route("/", get(show::overview))
        .route("/requests", get(show::requests))
        .route("/people/{number}", get(show::person))
        .route("/people/{number}/lines", get(show::lines))
        .route("/scan", get(show::scan))
        .route("/truth.json", get(show::truth))
        .route("/language", post(act::language))
        .route("/people", post(act::newcomer))
        .route("/people/{number}/{deed}", post(act::deed))
        .route("/room/{change}", post(act::change))
        .route("/rehearsal.css", get(async || file("text/css", include_str!("../assets/rehearsal.css"))))
        .route("/rehearsal.js", get(async || file("text/javascript", include_str!("../assets/rehearsal.js"))))
        .layer(CsrfLayer::new())
        .layer(SetResponseHeaderLayer::overriding(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)))
        .layer(SetResponseHeaderLayer::overriding(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
}

fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind)], text)
}
