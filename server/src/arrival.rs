//! When a request arrived: the moment its head was read, before its body and before any waiting. Deadlines go by it.

use axum::extract::{FromRef, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::error::Error;

/// The time of arrival.
#[derive(Clone, Copy, Debug)]
pub struct Arrived(pub DateTime<Utc>);

/// Layer: notes the time of arrival.
pub async fn note(State(app): State<App>, mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(Arrived(app.clock.now()));
    next.run(request).await
}

impl<S> FromRequestParts<S> for Arrived
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let noted = parts.extensions.get::<Arrived>().copied();
        Ok(noted.unwrap_or_else(|| Arrived(App::from_ref(state).clock.now())))
    }
}
