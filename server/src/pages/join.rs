//! Coming in: by the code of a class, or by a slip or link with a code of one's own.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::entrance::Caller;
use crate::error::{Error, Message, Result};
use crate::moment::{DEFAULT_ZONE, Stamp};
use crate::notice::Notice;
use crate::pages::sign_in::slow_down;
use crate::passwords;
use crate::request::{Form, Path, Query};
use crate::roster_file::{check_name, check_number, clean_name, clean_number};
use crate::secret::normal_code;
use crate::store::class::{self, Class};
use crate::store::join::{self, Claim};
use crate::store::person::{NewPerson, Person, Role};
use crate::store::{activation, sign_in};
use crate::view::View;

/// The class code in the address of a QR code.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    code: String,
}

/// The form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Join {
    code: String,
    number: String,
    name: String,
    password: String,
}

#[derive(Default, Serialize)]
struct JoinPage<'a> {
    code: &'a str,
    class_name: Option<&'a str>,
    class_term: &'a str,
    closed: bool,
    number: &'a str,
    name: &'a str,
    error: Option<String>,
    code_error: Option<String>,
    password_error: Option<String>,
    least: usize,
}

impl<'a> JoinPage<'a> {
    fn new(form: &'a Join, class: Option<&'a Class>) -> Self {
        Self {
            code: &form.code,
            class_name: class.map(|class| class.name.as_str()),
            class_term: class.map_or("", |class| class.term.as_str()),
            closed: class.is_some_and(|class| class.join_rule == "closed"),
            number: &form.number,
            name: &form.name,
            least: passwords::SHORTEST,
            ..Self::default()
        }
    }
}

/// `GET /join`
pub async fn show(view: View, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response> {
    let form = Join { code: asked.code, ..Join::default() };
    let class = if form.code.is_empty() { None } else { class::by_join_code(&app.db, &form.code).await? };
    let mut page = JoinPage::new(&form, class.as_ref());
    if class.is_none() && !form.code.is_empty() {
        page.code_error = Some(view.sentence(&Message::new("join-no-such-class")));
    }
    Ok(view.page("join/join.html", "", page)?.into_response())
}

/// `POST /join`: a visitor claims their place on the roster; who is signed in comes along as they are.
pub async fn create(view: View, State(app): State<App>, caller: Caller, Form(form): Form<Join>) -> Result<Response> {
    let number = clean_number(&form.number);
    let name = clean_name(&form.name);
    let asked = sign_in::Try { device: None, ..caller.trying(&format!("join:{number}")) };
    let class = class::by_join_code(&app.db, &form.code).await?;
    let refused =
        |status: StatusCode, change: &dyn Fn(&mut JoinPage<'_>, String), message: Message| -> Result<Response> {
            let mut page = JoinPage::new(&form, class.as_ref());
            change(&mut page, view.sentence(&message));
            Ok((status, view.page("join/join.html", "", page)?).into_response())
        };
    let invalid = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(found) = &class else {
        return refused(invalid, &|page, text| page.code_error = Some(text), Message::new("join-no-such-class"));
    };
    let now = app.clock.now();
    if let Some(person) = &view.visitor.person {
        return match join::join_as(&app.db, person, found, caller.address.to_string(), now).await {
            Ok(()) => Ok(Notice::success(Message::new("join-joined").with("class", &found.name))
                .redirect(&format!("/classes/{}", found.id))),
            Err(Error::Invalid(message)) => refused(invalid, &|page, text| page.error = Some(text), message),
            Err(error) => Err(error),
        };
    }
    if check_number(&number).is_some() || check_name(&name).is_some() {
        return refused(invalid, &|page, text| page.error = Some(text), Message::new("join-incomplete"));
    }
    if let Err(message) = passwords::check(&form.password, &[&number, &name, &found.name, &found.course]) {
        return refused(invalid, &|page, text| page.password_error = Some(text), message);
    }
    let turn = passwords::turn().await?;
    let reserved = match sign_in::reserve(&app.db, asked, now).await {
        Ok(reserved) => reserved,
        Err(Error::SlowDown(seconds)) => {
            let change: &dyn Fn(&mut JoinPage<'_>, String) = &|page, text| page.error = Some(text);
            let mut reply = refused(StatusCode::TOO_MANY_REQUESTS, change, slow_down(seconds))?;
            reply.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            return Ok(reply);
        }
        Err(error) => return Err(error),
    };
    let claim = join::look_up(&app.db, found, &number, &name).await?;
    // The hash is made in any case: a stranger must not tell by the time whether a number and a name fit.
    let hash = turn.hash(form.password.clone()).await?;
    drop(turn);
    let not_matched = || refused(invalid, &|page, text| page.error = Some(text), Message::new("join-refused"));
    if claim == Claim::Refused {
        sign_in::failed(&app.db, reserved, app.clock.now()).await?;
        return not_matched();
    }
    let newcomer =
        NewPerson { login: number.to_lowercase(), name: name.clone(), role: Role::Student, password_hash: Some(hash) };
    let person = Person {
        id: uuid::Uuid::nil(),
        login: newcomer.login.clone(),
        name,
        role: Role::Student,
        language: None,
        theme: String::new(),
        font_size: String::new(),
    };
    let entrance = caller.enter(&app, &person);
    match join::claim(&app.db, found, claim, newcomer, entrance.session.clone(), reserved, now).await {
        Ok(_) => Ok(entrance.redirect(&format!("/classes/{}", found.id))),
        Err(Error::Conflict(_)) => not_matched(),
        Err(error) => Err(error),
    }
}

/// The code on a slip.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Code {
    code: String,
}

#[derive(Serialize)]
struct CodePage<'a> {
    code: &'a str,
    error: Option<String>,
}

/// `GET /activate`: where a code from a slip is typed. With a code it leads to the page of the code.
pub async fn enter_code(view: View, Query(asked): Query<Code>) -> Result<Response> {
    let code = normal_code(&asked.code);
    if !code.is_empty() {
        return Ok(Redirect::to(&format!("/activate/{code}")).into_response());
    }
    Ok(view.page("join/code.html", "", CodePage { code: "", error: None })?.into_response())
}

/// A password for the account of a code.
#[derive(Deserialize)]
pub struct NewPassword {
    password: String,
}

#[derive(Serialize)]
struct ActivatePage<'a> {
    code: &'a str,
    name: &'a str,
    login: &'a str,
    activated: bool,
    expires: Stamp,
    password_error: Option<String>,
    least: usize,
}

/// `GET /activate/{code}`
pub async fn show_code(view: View, State(app): State<App>, Path(code): Path<String>) -> Result<Response> {
    code_page(&view, &app, &code, None).await
}

async fn code_page(view: &View, app: &App, code: &str, refused: Option<Message>) -> Result<Response> {
    let Some(usable) = activation::find(&app.db, code, app.clock.now()).await? else {
        let error = Some(view.sentence(&Message::new("join-code-refused")));
        return Ok((StatusCode::NOT_FOUND, view.page("join/code.html", "", CodePage { code, error })?).into_response());
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ActivatePage {
        code,
        name: &usable.person.name,
        login: &usable.person.login,
        activated: usable.activated,
        expires: Stamp::new(usable.expires_at, DEFAULT_ZONE),
        password_error: refused.map(|message| view.sentence(&message)),
        least: passwords::SHORTEST,
    };
    Ok((status, view.page("join/activate.html", "", page)?).into_response())
}

/// `POST /activate/{code}`
pub async fn activate(
    view: View,
    State(app): State<App>,
    caller: Caller,
    Path(code): Path<String>,
    Form(form): Form<NewPassword>,
) -> Result<Response> {
    let Some(usable) = activation::find(&app.db, &code, app.clock.now()).await? else {
        return code_page(&view, &app, &code, None).await;
    };
    if let Err(message) = passwords::check(&form.password, &[&usable.person.login, &usable.person.name]) {
        return code_page(&view, &app, &code, Some(message)).await;
    }
    let hash = passwords::hash(&form.password).await?;
    let entrance = caller.enter(&app, &usable.person);
    match activation::activate(&app.db, &code, hash, entrance.session.clone(), app.clock.now()).await {
        Ok(()) => Ok(entrance.redirect("/")),
        Err(Error::NotFound) => code_page(&view, &app, &code, None).await,
        Err(error) => Err(error),
    }
}
