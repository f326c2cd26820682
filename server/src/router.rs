//! Every address of the site, grouped by audience, and the layers around all of them.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware;
use axum::response::IntoResponse;
use axum::routing::{get, post, put};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;
use tower_http::trace::TraceLayer;

use crate::app::App;
use crate::error::Error;
use crate::{api, assets, pages, roster_file};

/// The largest body of a request that uploads nothing.
const BODY_LIMIT: usize = 1024 * 1024;
/// The largest sheet: a hundred blanks and some essays, each Chinese character nine bytes in a form.
const SHEET_LIMIT: usize = 4 * 1024 * 1024;
/// The largest roster file with what a form adds around it.
const ROSTER_LIMIT: usize = roster_file::LARGEST + 64 * 1024;
/// Scripts, styles and pictures come from here, and nothing is inline.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The whole site.
pub fn router(app: App) -> Router {
    let mut site = Router::new()
        .merge(everybody())
        .merge(signed_in())
        .merge(class_teachers())
        .merge(desk())
        .merge(administrators())
        .merge(api())
        .merge(readers())
        .merge(learners())
        .merge(tools())
        .merge(programs());
    if cfg!(debug_assertions) {
        site = site.route("/style", get(pages::style::show));
    }
    let request_id = HeaderName::from_static("x-request-id");
    // Outermost first.
    let layers = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(app.clone(), crate::arrival::note))
        .layer(SetRequestIdLayer::new(request_id.clone(), MakeRequestUuid))
        // Without the query: what others put into it, such as the id of a follower, is for no log.
        .layer(TraceLayer::new_for_http().make_span_with(|request: &axum::extract::Request| {
            tracing::debug_span!("request", method = %request.method(), path = request.uri().path())
        }))
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
    site.fallback(|| async { Error::NotFound })
        .method_not_allowed_fallback(|| async { Error::MethodNotAllowed })
        .layer(layers)
        .with_state(app)
}

/// Pages that need no sign-in: the front page and the ways in.
fn everybody() -> Router<App> {
    use pages::{join, setup, sign_in};
    Router::new()
        .route("/", get(pages::today::show))
        .route("/preferences", post(pages::account::set_preferences))
        .route("/sign-in", get(sign_in::show).post(sign_in::create))
        .route("/sign-out", post(sign_in::end))
        .route("/setup/{code}", get(setup::show).post(setup::create))
        .route("/join", get(join::show).post(join::create))
        .route("/activate", get(join::enter_code))
        .route("/activate/{code}", get(join::show_code).post(join::activate))
}

/// A person's own page.
fn signed_in() -> Router<App> {
    use pages::account;
    Router::new()
        .route("/account", get(account::show))
        .route("/account/password", post(account::change_password))
        .route("/account/sessions/end-others", post(account::end_other_sessions))
        .route("/account/sessions/{session}/end", post(account::end_session))
        .route("/account/tokens", post(account::create_token))
        .route("/account/tokens/{token}/revoke", post(account::revoke_token))
        .route("/account/data", get(account::data))
        .route("/classes", get(pages::class::list).post(pages::class::create))
        .route("/classes/{class}", get(pages::class::show))
}

/// Classes and rosters: for those who teach them.
fn class_teachers() -> Router<App> {
    use pages::{class, roster};
    Router::new()
        .route("/classes/new", get(class::fresh))
        .route("/classes/{class}/settings", get(class::edit).post(class::change))
        .route("/classes/{class}/code", post(class::renew_code))
        .route("/classes/{class}/archive", post(class::archive))
        .route("/classes/{class}/restore", post(class::restore))
        .route("/classes/{class}/join.svg", get(class::join_code))
        .route("/classes/{class}/teachers", post(class::add_teacher))
        .route("/classes/{class}/teachers/{person}/remove", post(class::remove_teacher))
        .route("/classes/{class}/posts", post(class::give_post))
        .route("/classes/{class}/posts/take", post(class::take_post))
        .route("/classes/{class}/roster", get(roster::show))
        .route("/classes/{class}/roster/uploads", post(roster::upload).layer(DefaultBodyLimit::max(ROSTER_LIMIT)))
        .route("/classes/{class}/roster/uploads/{upload}", get(roster::preview).post(roster::apply))
        .route("/classes/{class}/roster/slips", post(roster::print))
        .route("/classes/{class}/roster/students", post(roster::add))
        .route("/classes/{class}/roster/{person}/rename", post(roster::rename))
        .route("/classes/{class}/roster/{person}/leave", post(roster::leave))
        .route("/classes/{class}/roster/{person}/return", post(roster::bring_back))
        .route("/classes/{class}/roster/{person}/transfer", get(roster::transfer::show).post(roster::transfer::confirm))
}

/// What a teacher does with a class's assignments and answers.
fn desk() -> Router<App> {
    use pages::give::{extension, key};
    use pages::gradebook::work;
    use pages::{give, gradebook, inquiry, mark, review};
    Router::new()
        .route("/classes/{class}/assign", get(give::list))
        .route("/classes/{class}/assign/{assignment}", get(give::show).post(give::give))
        .route("/classes/{class}/assign/{assignment}/take-back", post(give::take_back))
        .route("/classes/{class}/assign/{assignment}/file", get(key::file))
        .route("/classes/{class}/assign/{assignment}/keys", post(give::confirm))
        .route("/classes/{class}/assign/{assignment}/keys/{blank}", get(key::show).post(key::change))
        .route("/classes/{class}/assign/{assignment}/extensions", get(extension::show).post(extension::give))
        .route("/classes/{class}/assign/{assignment}/extensions/take", post(extension::take))
        .route("/classes/{class}/gradebook", get(gradebook::show))
        .route("/classes/{class}/gradebook/export", get(gradebook::export))
        .route("/classes/{class}/gradebook/{assignment}", get(gradebook::assignment))
        .route("/classes/{class}/gradebook/{assignment}/{person}", get(work::show).post(work::change))
        .route("/classes/{class}/review", get(review::show).post(review::decide))
        .route("/classes/{class}/review/{decision}/undo", post(review::undo))
        .route("/classes/{class}/review/inquiries/{inquiry}", post(inquiry::reply))
        .route("/classes/{class}/mark", get(mark::list))
        .route("/classes/{class}/mark/{question}/{attempt}", get(mark::show).post(mark::give))
}

/// For administrators.
fn administrators() -> Router<App> {
    use pages::admin;
    Router::new()
        .route("/admin", get(admin::show))
        .route("/admin/people", get(admin::people).post(admin::create))
        .route("/admin/people/{person}/link", post(admin::link))
        .route("/admin/people/{person}/role", post(admin::set_role))
        .route("/admin/people/{person}/disable", post(admin::disable))
        .route("/admin/people/{person}/enable", post(admin::enable))
        .route("/admin/classes", get(admin::classes))
        .route("/admin/audit", get(admin::audit))
        .route("/admin/plugins", get(admin::plugin::list))
        .route("/admin/plugins/{plugin}", get(admin::plugin::show))
        .route("/admin/plugins/{plugin}/enable", post(admin::plugin::enable))
        .route("/admin/plugins/{plugin}/disable", post(admin::plugin::disable))
        .route("/admin/plugins/{plugin}/retry", post(admin::plugin::retry))
        .route("/admin/plugins/{plugin}/roll-back", post(admin::plugin::roll_back))
        .route("/admin/plugins/{plugin}/settings", post(admin::plugin::change))
        .route("/admin/plugins/{plugin}/events/{delivery}/again", post(admin::plugin::again))
}

/// The JSON API; `api.rs` describes it.
fn api() -> Router<App> {
    Router::new()
        .route("/api/v1/openapi.json", get(api::openapi))
        .route("/api/v1/login", post(api::login::create))
        .route("/api/v1/me", get(api::me::show))
        .route("/api/v1/classes", get(api::class::list))
        .route(
            "/api/v1/classes/{class}/roster/preview",
            post(api::roster::preview).layer(DefaultBodyLimit::max(ROSTER_LIMIT)),
        )
        .route("/api/v1/classes/{class}/roster", put(api::roster::apply).layer(DefaultBodyLimit::max(ROSTER_LIMIT)))
        .route("/api/v1/classes/{class}/marks", get(api::marks::show))
        .route("/api/v1/classes/{class}/assignments/preview", post(api::assignment::preview))
        .route("/api/v1/classes/{class}/assignments", put(api::assignment::import))
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
        .route("/attempts/{attempt}/inquiries", post(pages::inquiry::ask))
        .route("/marks", get(pages::marks::show))
}

/// Pages of the tools that a class uses; each tool's manifest says for whom they are.
fn tools() -> Router<App> {
    use pages::plugin;
    let page = || get(plugin::show).post(plugin::show).layer(DefaultBodyLimit::max(plugin::BODY_LIMIT));
    Router::new()
        .route("/classes/{class}/tools", get(plugin::desk::show).post(plugin::desk::change))
        .route("/classes/{class}/tools/{plugin}/-/settings", get(plugin::settings::show).post(plugin::settings::change))
        .route("/classes/{class}/tools/-/marks", get(plugin::marks::show).post(plugin::marks::give))
        .route("/classes/{class}/tools/{plugin}", page())
        .route("/classes/{class}/tools/{plugin}/{*rest}", page())
        .route("/tools/{plugin}/{hash}/{*name}", get(plugin::file))
}

/// Files and probes for programs.
fn programs() -> Router<App> {
    Router::new()
        .route("/static/{hash}/{*name}", get(assets::show))
        .route("/healthz", get(pages::health::live))
        .route("/readyz", get(pages::health::ready))
}

fn fixed(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
