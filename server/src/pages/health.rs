//! Probes for whoever looks after the machine: whether the process lives, and whether it can do its work.

use axum::extract::State;
use axum::http::StatusCode;

use crate::app::App;
use crate::on;

/// `GET /healthz`: the process answers.
pub async fn live() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers.
pub async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    let answer: sqlx::Result<i64> =
        on!(&app.db, |c| sqlx::query_scalar("select count(*) from setting").fetch_one(c).await);
    match answer {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
