//! The first administrator comes in by the link that the server printed.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::entrance::Caller;
use crate::error::{Message, Result};
use crate::passwords;
use crate::request::{Form, Path};
use crate::store::person::{NewPerson, Role};
use crate::store::{activation, session};
use crate::view::View;

/// The form.
#[derive(Default, Deserialize)]
pub struct Setup {
    name: String,
    login: String,
    password: String,
}

#[derive(Default, Serialize)]
struct SetupPage<'a> {
    open: bool,
    name: &'a str,
    login: &'a str,
    name_error: Option<String>,
    login_error: Option<String>,
    password_error: Option<String>,
    least: usize,
}

/// `GET /setup/{code}`
pub async fn show(view: View, State(app): State<App>, Path(code): Path<String>) -> Result<Response> {
    let open = activation::is_setup_open(&app.db, &code, app.clock.now()).await?;
    let status = if open { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let page = SetupPage { open, least: passwords::SHORTEST, ..SetupPage::default() };
    Ok((status, view.page("setup/setup.html", "", page)?).into_response())
}

/// `POST /setup/{code}`
pub async fn create(
    view: View,
    State(app): State<App>,
    caller: Caller,
    Path(code): Path<String>,
    Form(form): Form<Setup>,
) -> Result<Response> {
    let now = app.clock.now();
    let (name, login) = (form.name.trim(), form.login.trim());
    let open = activation::is_setup_open(&app.db, &code, now).await?;
    let name_error = check_name(name).err();
    let login_error = check_login(login).err();
    let password_error = passwords::check(&form.password, &[login, name]).err();
    if !open || name_error.is_some() || login_error.is_some() || password_error.is_some() {
        let said = |error: Option<Message>| error.map(|message| view.sentence(&message));
        let page = SetupPage {
            open,
            name,
            login,
            name_error: said(name_error),
            login_error: said(login_error),
            password_error: said(password_error),
            least: passwords::SHORTEST,
        };
        let status = if open { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::NOT_FOUND };
        return Ok((status, view.page("setup/setup.html", "", page)?).into_response());
    }
    let new = NewPerson {
        login: login.to_lowercase(),
        name: name.to_owned(),
        role: Role::Administrator,
        password_hash: Some(passwords::hash(&form.password).await?),
    };
    let person = activation::set_up(&app.db, &code, new, caller.address.to_string(), now).await?;
    let entrance = caller.enter(&app, &person);
    session::open(&app.db, entrance.session.clone(), None, None, now).await?;
    Ok(entrance.redirect("/admin"))
}

/// A person's name: 1 to 64 characters on one line.
pub fn check_name(name: &str) -> Result<(), Message> {
    match crate::roster_file::check_name(name) {
        None => Ok(()),
        Some(_) => Err(Message::new("account-name-refused").with("most", crate::roster_file::LONGEST_NAME)),
    }
}

/// What a person signs in with: 1 to 32 letters, digits, dots, dashes or underscores.
pub fn check_login(login: &str) -> Result<(), Message> {
    match crate::roster_file::check_number(login) {
        None => Ok(()),
        Some(_) => Err(Message::new("account-login-refused")),
    }
}
