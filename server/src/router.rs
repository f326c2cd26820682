//! Every address of the site, grouped by audience, and the layers around all of them.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;
use tower_http::trace::TraceLayer;

use crate::app::App;
use crate::error::Error;
use crate::{assets, pages};

/// The largest body of a request that uploads nothing.
const BODY_LIMIT: usize = 1024 * 1024;
/// The largest sheet: a hundred blanks and some essays, each Chinese character nine bytes in a form.
const SHEET_LIMIT: usize = 4 * 1024 * 1024;
/// Scripts, styles and pictures come from here, and nothing is inline.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The whole site.
pub fn router(app: App) -> Router {
    let mut site = Router::new()
        .merge(everybody())
        .merge(readers())
        .merge(learners())
        .merge(programs());
    if cfg!(debug_assertions) {
        site = site.route("/style", get(pages::style::show));
    }
    let request_id = HeaderName::from_static("x-request-id");
    // Outermost first.
    let layers = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(app.clone(), crate::arrival::note))
        .layer(SetRequestIdLayer::new(request_id.clone(), MakeRequestUuid))
        .layer(TraceLayer::new_for_http())
        .layer(fixed(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
        .layer(fixed(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        // Pages are personal unless a handler says otherwise.
        .layer(fixed(header::CACHE_CONTROL, "no-store"))
        .layer(PropagateRequestIdLayer::new(request_id))
        .layer(middleware::from_fn_with_state(app.clone(), pages::error::show))
        .layer(CatchPanicLayer::custom(|_| Error::internal("a handler panicked").into_response()))
        .layer(CsrfLayer::new().with_rejection_response(|_| Error::Forbidden.into_response()))
        .layer(RequestBodyTimeoutLayer::new(Duration::from_secs(30)))
        .layer(DefaultBodyLimit::max(BODY_LIMIT));
    site.fallback(|| async { Error::NotFound }).layer(layers).with_state(app)
}

/// Pages that need no sign-in.
fn everybody() -> Router<App> {
    Router::new()
}

/// The courses: open to everybody; where a reader stopped is kept for those who signed in.
fn readers() -> Router<App> {
    Router::new()
        .route("/courses", get(pages::course::list))
        .route("/courses/{course}", get(pages::course::show))
        .route("/courses/{course}/chapters/{chapter}", get(pages::chapter::show))
        .route("/courses/{course}/chapters/{chapter}/position", post(pages::chapter::remember))
        .route("/courses/{course}/chapters/{chapter}/assignment", get(pages::chapter::assignment))
        .route("/courses/{course}/chapters/{chapter}/figures/{name}", get(pages::chapter::picture))
        .route("/search", get(pages::search::show))
        .route("/content", get(pages::chapter::problems))
}

/// Assignments: for the students they were given to; their teachers see what a student sees.
fn learners() -> Router<App> {
    Router::new()
        .route("/assignments", get(pages::assignment::list))
        .route("/assignments/{assignment}", get(pages::assignment::show))
        .route("/assignments/{assignment}/draft", post(pages::draft::save))
        .route(
            "/assignments/{assignment}/hand-in",
            post(pages::attempt::hand_in).layer(DefaultBodyLimit::max(SHEET_LIMIT)),
        )
        .route(
            "/assignments/{assignment}/attachments/{question}",
            post(pages::attachment::add).layer(DefaultBodyLimit::max(pages::attachment::BODY_LIMIT)),
        )
        .route("/attachments/{attachment}", get(pages::attachment::show))
        .route("/attachments/{attachment}/remove", post(pages::attachment::remove))
        .route("/attempts/{attempt}", get(pages::attempt::show))
        .route("/marks", get(pages::marks::show))
}

/// Files and probes for programs.
fn programs() -> Router<App> {
    Router::new().route("/static/{hash}/{*name}", get(assets::show))
}

fn fixed(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
