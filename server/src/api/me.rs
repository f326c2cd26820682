//! Whose token it is.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::Refusal;
use crate::auth::SignedIn;

/// A person.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// Name.
    name: String,
    /// What the person signs in with.
    login: String,
    /// `administrator`, `teacher` or `student`.
    role: &'static str,
}

/// The person of the token.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    tag = "account",
    responses((status = 200, body = Me), (status = 401, body = Refusal))
)]
pub async fn show(SignedIn(person): SignedIn) -> Json<Me> {
    Json(Me { name: person.name, login: person.login, role: person.role.name() })
}
