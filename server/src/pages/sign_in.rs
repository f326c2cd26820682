//! Signing in and out.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::cookie;
use crate::entrance::{self, Caller, own_path};
use crate::error::{Error, Message, Result};
use crate::request::{Form, Query};
use crate::store::person::{Actor, Role};
use crate::store::{audit, session};
use crate::view::View;

/// Where to go after signing in.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Next {
    next: String,
}

/// The form.
#[derive(Deserialize)]
pub struct SignIn {
    login: String,
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Serialize)]
struct SignInPage<'a> {
    login: &'a str,
    next: &'a str,
    error: Option<String>,
}

/// `GET /sign-in`
pub async fn show(view: View, Query(asked): Query<Next>) -> Result<Response> {
    if view.visitor.person.is_some() {
        return Ok(Redirect::to(own_path(&asked.next)).into_response());
    }
    let page = SignInPage { login: "", next: own_path(&asked.next), error: None };
    Ok(view.page("sign_in/sign_in.html", "", page)?.into_response())
}

/// `POST /sign-in`
pub async fn create(view: View, State(app): State<App>, caller: Caller, Form(form): Form<SignIn>) -> Result<Response> {
    let refused = |status: StatusCode, message: Message| -> Result<Response> {
        let page =
            SignInPage { login: form.login.trim(), next: own_path(&form.next), error: Some(view.sentence(&message)) };
        Ok((status, view.page("sign_in/sign_in.html", "", page)?).into_response())
    };
    let known = match entrance::check(&app, caller.trying(&form.login), &form.password).await {
        Ok(Some(known)) => known,
        Ok(None) => return refused(StatusCode::UNPROCESSABLE_ENTITY, Message::new("sign-in-refused")),
        Err(Error::SlowDown(seconds)) => {
            let mut reply = refused(StatusCode::TOO_MANY_REQUESTS, slow_down(seconds))?;
            reply.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            return Ok(reply);
        }
        Err(error) => return Err(error),
    };
    let now = app.clock.now();
    let entrance = caller.enter(&app, &known.person);
    session::open(&app.db, entrance.session.clone(), Some(known.reserved), known.stronger_hash, now).await?;
    if known.person.role != Role::Student {
        let actor = Actor { id: known.person.id, address: caller.address.to_string() };
        let entry = actor.entry(now, "account.sign-in", known.person.id);
        app.db.write(move |tx| Box::pin(async move { audit::record(tx, entry).await })).await?;
    }
    Ok(entrance.redirect(own_path(&form.next)))
}

/// The wait in minutes where it is long, else in seconds.
pub fn slow_down(seconds: i64) -> Message {
    if seconds > 90 {
        Message::new("sign-in-slow-minutes").with("minutes", (seconds + 59) / 60)
    } else {
        Message::new("sign-in-slow-seconds").with("seconds", seconds.max(1))
    }
}

/// `POST /sign-out`. The browser also forgets what scripts kept on it: drafts must not stay on a shared machine.
pub async fn end(view: View, State(app): State<App>) -> Result<Response> {
    if let (Some(person), Some(session)) = (&view.visitor.person, view.visitor.session) {
        session::end(&app.db, person.id, session).await?;
    }
    let mut reply = Redirect::to("/").into_response();
    let headers = reply.headers_mut();
    headers.append(header::SET_COOKIE, cookie::set(&app.config, cookie::session_name(&app.config), "", 0));
    headers.insert("clear-site-data", HeaderValue::from_static("\"storage\""));
    Ok(reply)
}
