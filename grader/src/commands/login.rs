//! `grader login` and `grader logout`.

use std::io::IsTerminal;

use super::arguments::{Login, Logout};
use crate::client::Client;
use crate::credentials::{self, Access, Store, Stored};
use crate::session::{Color, Failure, Outcome, Session, harmless};

/// Signs in and keeps the token. The password is typed without echo or comes from stdin, never from an argument.
pub fn login(session: &Session, arguments: &Login) -> Result<Outcome, Failure> {
    let access = credentials::find(session, arguments.server.as_deref())?;
    let client = Client::new(session, Access { url: access.url.clone(), token: None });
    let host = access.url.split_once("://").map_or(access.url.as_str(), |(_, host)| host);
    if access.url.starts_with("http://") && !credentials::is_local(host) {
        session.say(&session.paint_words(Color::Doubtful, &session.words("plain-http", &[("url", &access.url)])));
    }
    let login = match &arguments.login {
        Some(login) => login.clone(),
        None if session.can_ask() => {
            session.ask(&session.words("ask-login", &[("url", &access.url)])).unwrap_or_default()
        }
        None => return Err(session.failure(Outcome::Usage, "login-needed", &[])),
    };
    if login.is_empty() {
        return Err(session.failure(Outcome::Usage, "login-needed", &[]));
    }
    let password = password(session, arguments)?;
    let reply = client.login(&login, &password, &label())?;
    let mut store = Store::load(session)?;
    let name = harmless(&reply.name);
    store.add(&access.url, Stored { token: reply.token, name: reply.name, expires_at: reply.expires_at });
    store.save(session)?;
    session.say(&session.words("logged-in", &[("name", &name), ("url", &access.url)]));
    Ok(Outcome::Fine)
}

fn password(session: &Session, arguments: &Login) -> Result<String, Failure> {
    let needed = || session.failure(Outcome::Usage, "password-needed", &[]);
    let password = if arguments.password_stdin || !std::io::stdin().is_terminal() {
        let mut line = String::new();
        match arguments.password_stdin {
            true => std::io::stdin().read_line(&mut line).map_err(|_| needed())?,
            false => return Err(needed()),
        };
        line
    } else {
        rpassword::prompt_password(session.words("ask-password", &[])).map_err(|_| needed())?
    };
    let password = password.trim_end_matches(['\n', '\r']).to_owned();
    if password.is_empty() { Err(needed()) } else { Ok(password) }
}

/// How the token is listed on the account page.
fn label() -> String {
    let host = ["HOSTNAME", "COMPUTERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|host| !host.is_empty()));
    let host = host.or_else(|| std::fs::read_to_string("/etc/hostname").ok()).unwrap_or_default();
    match host.trim() {
        "" => "grader".to_owned(),
        host => format!("grader on {}", harmless(host).chars().take(40).collect::<String>()),
    }
}

/// Forgets the token on this machine.
pub fn logout(session: &Session, arguments: &Logout) -> Result<Outcome, Failure> {
    let url = match &arguments.server {
        Some(url) => Some(
            credentials::normalised(url)
                .ok_or_else(|| session.failure(Outcome::Usage, "bad-server", &[("url", url), ("cause", &"")]))?,
        ),
        None => None,
    };
    let mut store = Store::load(session)?;
    match store.remove(url.as_deref()) {
        Some(url) => {
            store.save(session)?;
            session.say(&session.words("logged-out", &[("url", &url)]));
        }
        None => session.say(&session.words("not-logged-in", &[])),
    }
    Ok(Outcome::Fine)
}
