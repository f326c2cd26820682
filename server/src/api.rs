//! The JSON API under `/api/v1`: what `grader` and a school's own programs use. A bearer token says who asks (see
//! [`auth`](crate::auth)); roles are checked by the same extractors as for pages, and errors are JSON in one shape.

pub mod assignment;
pub mod class;
pub mod login;
pub mod marks;
pub mod me;
pub mod roster;

use axum::Json;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi, ToSchema};

/// What every refusal looks like.
#[derive(serde::Serialize, ToSchema)]
pub struct Refusal {
    /// The refusal.
    error: Reason,
}

/// Why a request was refused.
#[derive(serde::Serialize, ToSchema)]
pub struct Reason {
    /// A stable name: `not-found`, `sign-in-needed`, `forbidden`, `method-not-allowed`, `unreadable`, `invalid`,
    /// `conflict`, `too-large`, `slow-down`, `unavailable` or `internal`.
    code: String,
    /// What happened, in the language that `Accept-Language` asks for.
    message: String,
    /// What to do about it.
    help: Option<String>,
    /// Where a request that cannot be read went wrong, for whoever writes the program; always in English.
    cause: Option<String>,
    /// Findings in the file that was sent, where there are any.
    diagnostics: Option<Vec<serde_json::Value>>,
    /// What to tell an administrator who looks into the log.
    request_id: Option<String>,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Classroom API",
        description = "Classes, rosters, assignments and marks for programs. Every call but login needs \
                       `Authorization: Bearer TOKEN`; tokens are made by login or on the account page."
    ),
    paths(
        login::create,
        me::show,
        class::list,
        roster::preview,
        roster::apply,
        assignment::preview,
        assignment::import,
        marks::show,
    ),
    components(schemas(Refusal)),
    modifiers(&BearerToken),
    security(("token" = []))
)]
struct Description;

struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        openapi.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

/// The description of the API.
pub fn description() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

/// `GET /api/v1/openapi.json`
pub async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(description())
}
