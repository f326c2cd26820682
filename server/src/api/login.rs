//! A token for a program, by login and password.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Refusal;
use crate::app::App;
use crate::entrance::{self, Caller};
use crate::error::{Error, Message, Result};
use crate::request;
use crate::secret::{new_token, token_hash};
use crate::store::person::Actor;
use crate::store::token::{self, NewToken};
use crate::store::{audit, sign_in};

/// How long a token lives: a term.
const TOKEN_LIFE: TimeDelta = TimeDelta::days(180);

/// Who wants a token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    /// What the person signs in with.
    login: String,
    /// The password.
    password: String,
    /// What the token is called in the list on the account page, such as `grader on LAPTOP`; at most 80 characters are kept.
    label: String,
}

/// The token. It is shown once.
#[derive(Serialize, ToSchema)]
pub struct LoginReply {
    /// To be sent as `Authorization: Bearer TOKEN`.
    token: String,
    /// Name of the person.
    name: String,
    /// `administrator`, `teacher` or `student`.
    role: &'static str,
    /// When it stops working.
    expires_at: DateTime<Utc>,
}

/// Trades login and password for a token. Guesses are limited as on the sign-in page.
#[utoipa::path(
    post,
    path = "/api/v1/login",
    tag = "account",
    security(()),
    request_body = LoginRequest,
    responses(
        (status = 201, body = LoginReply),
        (status = 400, body = Refusal, description = "The body is not the JSON described; `cause` says where"),
        (status = 422, body = Refusal, description = "Login or password is wrong"),
        (status = 429, body = Refusal, description = "Too many wrong tries; `Retry-After` says how long to wait")
    )
)]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    request::Json(request): request::Json<LoginRequest>,
) -> Result<(StatusCode, Json<LoginReply>)> {
    let known = entrance::check(&app, caller.trying(&request.login), &request.password)
        .await?
        .ok_or(Error::Invalid(Message::new("sign-in-refused")))?;
    let now = app.clock.now();
    let secret = new_token();
    let expires_at = now + TOKEN_LIFE;
    let label = match request.label.trim() {
        "" => "API".to_owned(),
        label => label.chars().filter(|character| !character.is_control()).take(80).collect(),
    };
    let new = NewToken { token_hash: token_hash(&secret), person_id: known.person.id, label, expires_at };
    let actor = Actor { id: known.person.id, address: caller.address.to_string() };
    let mut entry = actor.entry(now, "token.create", known.person.id);
    entry.detail = new.label.clone();
    let reserved = known.reserved;
    app.db
        .write(move |tx| {
            Box::pin(async move {
                sign_in::succeeded(tx, &reserved, now).await?;
                token::create_in(tx, &new, now).await?;
                audit::record(tx, entry).await
            })
        })
        .await?;
    let reply = LoginReply { token: secret, name: known.person.name, role: known.person.role.name(), expires_at };
    Ok((StatusCode::CREATED, Json(reply)))
}
