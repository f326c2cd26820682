//! A person's own page: how pages look, password, sessions, tokens, everything stored.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::auth::SignedIn;
use crate::cookie;
use crate::entrance::{self, Caller, own_path};
use crate::error::{Error, Message, Result};
use crate::i18n;
use crate::moment::{DEFAULT_ZONE, Stamp};
use crate::notice::Notice;
use crate::pages::sign_in::slow_down;
use crate::passwords;
use crate::plugins::personal;
use crate::request::{Form, Path};
use crate::secret::{new_token, token_hash};
use crate::store::person::{Actor, Person, Role};

use crate::store::token::NewToken;
use crate::store::{account, audit, personal_data, session, token};
use crate::view::View;

/// How long a token may live, in days; the first is proposed.
const TOKEN_DAYS: &[i64] = &[90, 7, 30, 365];
/// How long a browser keeps the looks of a visitor without an account: a year.
const PREFERENCE_SECONDS: i64 = 365 * 24 * 60 * 60;

#[derive(Serialize)]
struct AccountPage<'a> {
    name: &'a str,
    login: &'a str,
    role_name: String,
    sessions: Vec<SessionLine>,
    tokens: Vec<TokenLine>,
    days: Vec<Choice>,
    least: usize,
    current_error: Option<String>,
    password_error: Option<String>,
    label_error: Option<String>,
}

#[derive(Serialize)]
struct SessionLine {
    id: Uuid,
    is_this: bool,
    browser: String,
    address: String,
    since: Stamp,
    seen: Stamp,
}

#[derive(Serialize)]
struct TokenLine {
    id: Uuid,
    label: String,
    made: Stamp,
    used: Option<Stamp>,
    expires: Stamp,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

/// What is wrong in the forms of the page.
#[derive(Default)]
struct Mistakes {
    current: Option<Message>,
    password: Option<Message>,
    label: Option<Message>,
}

/// `GET /account`
pub async fn show(view: View, SignedIn(person): SignedIn, State(app): State<App>) -> Result<Response> {
    page(&view, &app, &person, StatusCode::OK, Mistakes::default()).await
}

async fn page(view: &View, app: &App, person: &Person, status: StatusCode, mistakes: Mistakes) -> Result<Response> {
    let now = app.clock.now();
    let moment = |at: DateTime<Utc>| Stamp::new(at, DEFAULT_ZONE);
    let sessions = session::list(&app.db, person, now).await?;
    let tokens = token::list(&app.db, person.id, now).await?;
    let said = |message: Option<Message>| message.map(|message| view.sentence(&message));
    let page = AccountPage {
        name: &person.name,
        login: &person.login,
        role_name: view.sentence(&role_name(person.role)),
        sessions: sessions
            .into_iter()
            .map(|line| SessionLine {
                id: line.id,
                is_this: view.visitor.session == Some(line.id),
                browser: view.sentence(&browser(&line.user_agent)),
                address: line.address,
                since: moment(line.created_at),
                seen: moment(line.last_seen_at),
            })
            .collect(),
        tokens: tokens
            .into_iter()
            .map(|line| TokenLine {
                id: line.id,
                label: line.label,
                made: moment(line.created_at),
                used: line.last_used_at.map(moment),
                expires: moment(line.expires_at),
            })
            .collect(),
        days: TOKEN_DAYS
            .iter()
            .map(|days| Choice {
                value: days.to_string(),
                label: view.sentence(&Message::new("account-token-days").with("days", days)),
            })
            .collect(),
        least: passwords::SHORTEST,
        current_error: said(mistakes.current),
        password_error: said(mistakes.password),
        label_error: said(mistakes.label),
    };
    Ok((status, view.page("account/account.html", "account", page)?).into_response())
}

/// A role in words.
pub fn role_name(role: Role) -> Message {
    Message::new(match role {
        Role::Administrator => "account-role-administrator",
        Role::Teacher => "account-role-teacher",
        Role::Student => "account-role-student",
    })
}

/// The browser and the system behind a user agent, as far as they can be told in two words.
fn browser(user_agent: &str) -> Message {
    let first = |names: &[(&'static str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map_or("", |(_, name)| name)
    };
    let browser = first(&[
        ("MicroMessenger", "WeChat"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
        ("grader", "grader"),
    ]);
    let system = first(&[
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        ("", "") => Message::new("account-browser-unknown"),
        (one, "") | ("", one) => Message::new("account-browser").with("browser", one),
        (browser, system) => Message::new("account-browser-on").with("browser", browser).with("system", system),
    }
}

/// The form of a new password.
#[derive(Deserialize)]
pub struct NewPassword {
    current: String,
    password: String,
}

/// `POST /account/password`: the current password is asked for under the limits on guessing; other sessions end.
pub async fn change_password(
    view: View,
    SignedIn(person): SignedIn,
    actor: Actor,
    caller: Caller,
    State(app): State<App>,
    Form(form): Form<NewPassword>,
) -> Result<Response> {
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    if let Err(message) = passwords::check(&form.password, &[&person.login, &person.name]) {
        let mistakes = Mistakes { password: Some(message), ..Mistakes::default() };
        return page(&view, &app, &person, refused, mistakes).await;
    }
    let known = match entrance::check(&app, caller.trying(&person.login), &form.current).await {
        Ok(Some(known)) => known,
        Ok(None) => {
            let mistakes = Mistakes { current: Some(Message::new("account-password-wrong")), ..Mistakes::default() };
            return page(&view, &app, &person, refused, mistakes).await;
        }
        Err(Error::SlowDown(seconds)) => {
            let mistakes = Mistakes { current: Some(slow_down(seconds)), ..Mistakes::default() };
            return page(&view, &app, &person, StatusCode::TOO_MANY_REQUESTS, mistakes).await;
        }
        Err(error) => return Err(error),
    };
    let hash = passwords::hash(&form.password).await?;
    account::change_password(&app.db, actor, hash, view.visitor.session, known.reserved, app.clock.now()).await?;
    Ok(Notice::success(Message::new("account-password-changed")).redirect("/account"))
}

/// `POST /account/sessions/{session}/end`
pub async fn end_session(
    view: View,
    SignedIn(person): SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    if view.visitor.session == Some(id) {
        return crate::pages::sign_in::end(view, State(app)).await;
    }
    session::end(&app.db, person.id, id).await?;
    Ok(Notice::success(Message::new("account-session-ended")).redirect("/account"))
}

/// `POST /account/sessions/end-others`
pub async fn end_other_sessions(view: View, SignedIn(person): SignedIn, State(app): State<App>) -> Result<Response> {
    let ended = session::end_others(&app.db, person.id, view.visitor.session).await?;
    Ok(Notice::success(Message::new("account-sessions-ended").with("count", ended)).redirect("/account"))
}

/// The form of a new token.
#[derive(Deserialize)]
pub struct TokenForm {
    label: String,
    days: i64,
}

#[derive(Serialize)]
struct TokenPage {
    label: String,
    token: String,
    expires: Stamp,
}

/// `POST /account/tokens`: the one page that shows the token.
pub async fn create_token(
    view: View,
    SignedIn(person): SignedIn,
    actor: Actor,
    State(app): State<App>,
    Form(form): Form<TokenForm>,
) -> Result<Response> {
    let label = form.label.trim().to_owned();
    let length = label.chars().count();
    if length == 0 || length > 80 || label.chars().any(char::is_control) || !TOKEN_DAYS.contains(&form.days) {
        let mistakes = Mistakes { label: Some(Message::new("account-token-label-refused")), ..Mistakes::default() };
        return page(&view, &app, &person, StatusCode::UNPROCESSABLE_ENTITY, mistakes).await;
    }
    let now = app.clock.now();
    let secret = new_token();
    let expires_at = now + TimeDelta::days(form.days);
    let new = NewToken { token_hash: token_hash(&secret), person_id: person.id, label: label.clone(), expires_at };
    let mut entry = actor.entry(now, "token.create", person.id);
    entry.detail = label.clone();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                token::create_in(tx, &new, now).await?;
                audit::record(tx, entry).await
            })
        })
        .await?;
    let page = TokenPage { label, token: secret, expires: Stamp::new(expires_at, DEFAULT_ZONE) };
    Ok(view.page("account/token.html", "account", page)?.into_response())
}

/// `POST /account/tokens/{token}/revoke`
pub async fn revoke_token(
    SignedIn(person): SignedIn,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    token::revoke(&app.db, person.id, id).await?;
    Ok(Notice::success(Message::new("account-token-revoked")).redirect("/account"))
}

#[derive(Serialize)]
struct Download {
    #[serde(flatten)]
    data: personal_data::PersonalData,
    plugins: serde_json::Map<String, serde_json::Value>,
}

/// `GET /account/data`: everything stored about the person, as a file.
pub async fn data(SignedIn(person): SignedIn, State(app): State<App>) -> Result<Response> {
    let data = personal_data::read(&app.db, person.id, app.clock.now()).await?;
    let plugins = personal::export(&app.plugin_host(), person.id).await?;
    let data = Download { data, plugins };
    let text = serde_json::to_vec_pretty(&data).map_err(Error::internal)?;
    let name = HeaderValue::from_static("attachment; filename=\"my-data.json\"");
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], text).into_response())
}

/// The form in the footer.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Preferences {
    language: Option<String>,
    theme: Option<String>,
    font_size: Option<String>,
    #[serde(rename = "return")]
    back: String,
}

/// `POST /preferences`: for everybody; a visitor without an account keeps them in cookies.
pub async fn set_preferences(view: View, State(app): State<App>, Form(form): Form<Preferences>) -> Result<Response> {
    let allowed = |value: Option<String>, among: &[&str]| value.filter(|value| among.contains(&value.as_str()));
    let language = form.language.as_deref().and_then(i18n::from_tag).map(|language| language.tag().to_owned());
    let theme = allowed(form.theme, &["auto", "light", "dark"]);
    let font_size = allowed(form.font_size, &["small", "normal", "large", "huge"]);
    let mut reply = Redirect::to(own_path(&form.back)).into_response();
    for (name, value) in [("lang", &language), ("theme", &theme), ("font", &font_size)] {
        if let Some(value) = value {
            reply.headers_mut().append(header::SET_COOKIE, cookie::set(&app.config, name, value, PREFERENCE_SECONDS));
        }
    }
    if let Some(person) = &view.visitor.person {
        account::set_preferences(&app.db, person.id, language, theme, font_size).await?;
    }
    Ok(reply)
}
