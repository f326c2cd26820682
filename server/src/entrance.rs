//! The way in: a password is checked under the limits on guessing, a session is prepared with its cookies.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};

use crate::address::ClientAddress;
use crate::app::App;
use crate::cookie;
use crate::error::Result;
use crate::passwords;
use crate::secret::{new_token, token_hash};
use crate::store::person::{self, Person};
use crate::store::session::{self, NewSession};
use crate::store::sign_in::{self, Reserved, Try};

/// Browsers keep no cookie longer.
const DEVICE_SECONDS: i64 = 400 * 24 * 60 * 60;

/// What a request tells about the browser that sent it.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Where it comes from.
    pub address: ClientAddress,
    /// What it calls itself.
    pub user_agent: String,
    device: Option<String>,
    former: Option<String>,
}

impl FromRequestParts<App> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let address = ClientAddress::from_request_parts(parts, app).await?;
        let sent = |name: &str| cookie::value(&parts.headers, name).map(str::to_owned);
        Ok(Self {
            address,
            user_agent: user_agent(&parts.headers),
            device: sent(cookie::device_name(&app.config)).filter(|device| device.len() >= 32),
            former: sent(cookie::session_name(&app.config)),
        })
    }
}

fn user_agent(headers: &HeaderMap) -> String {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

impl Caller {
    /// A try to get in as `login`, for the limits.
    pub fn trying(&self, login: &str) -> Try {
        Try { login: login.to_owned(), network: self.address.network(), device: self.device.as_deref().map(token_hash) }
    }

    /// A new session for a person on this browser, and the cookies that go with it. The token is new at every sign-in.
    pub fn enter(&self, app: &App, person: &Person) -> Entrance {
        let token = new_token();
        let device = self.device.clone().unwrap_or_else(new_token);
        let seconds = session::life(person.role).1.num_seconds();
        Entrance {
            session: NewSession {
                token_hash: token_hash(&token),
                person: person.clone(),
                user_agent: self.user_agent.clone(),
                address: self.address.to_string(),
                device: token_hash(&device),
                replaces: self.former.as_deref().map(token_hash),
            },
            cookies: [
                cookie::set(&app.config, cookie::session_name(&app.config), &token, seconds),
                cookie::set(&app.config, cookie::device_name(&app.config), &device, DEVICE_SECONDS),
            ],
        }
    }
}

/// A session that is about to be opened.
pub struct Entrance {
    /// What the store opens.
    pub session: NewSession,
    cookies: [HeaderValue; 2],
}

impl Entrance {
    /// Sends the browser on with its cookies.
    pub fn redirect(self, to: &str) -> Response {
        let [session, device] = self.cookies;
        (AppendHeaders([(header::SET_COOKIE, session), (header::SET_COOKIE, device)]), Redirect::to(to)).into_response()
    }
}

/// Somebody who knew the password.
pub struct Known {
    /// Who.
    pub person: Person,
    /// The try, to be forgiven with the session that follows.
    pub reserved: Reserved,
    /// A hash with today's parameters, where the stored one is weaker.
    pub stronger_hash: Option<String>,
}

/// Checks a password under the limits on guessing; `None` when it is wrong, there is no such account, it is closed, or it
/// was never activated: all of them look and take the same.
///
/// # Errors
/// [`Error::SlowDown`](crate::error::Error::SlowDown) when there were too many failures.
pub async fn check(app: &App, asked: Try, password: &str) -> Result<Option<Known>> {
    let turn = passwords::turn().await?;
    let reserved = sign_in::reserve(&app.db, asked.clone(), app.clock.now()).await?;
    let (person, hash) = match person::credentials(&app.db, &asked.login).await? {
        Some((person, hash)) => (Some(person), hash),
        None => (None, None),
    };
    let outdated = hash.as_deref().is_some_and(passwords::is_outdated);
    let right = turn.verify(password.to_owned(), hash).await?;
    match person.filter(|_| right) {
        None => {
            sign_in::failed(&app.db, reserved, app.clock.now()).await?;
            Ok(None)
        }
        Some(person) => {
            let stronger_hash = if outdated { Some(turn.hash(password.to_owned()).await?) } else { None };
            Ok(Some(Known { person, reserved, stronger_hash }))
        }
    }
}

/// Where to go after signing in: a path of ours, or the front page. `//host`, `/\host` and control characters, which
/// browsers read as another site, lead to the front page.
pub fn own_path(next: &str) -> &str {
    let mut characters = next.chars();
    let own = characters.next() == Some('/')
        && !matches!(characters.next(), Some('/' | '\\'))
        && !next.chars().any(|character| character.is_control() || character == '\\' || character.is_whitespace());
    if own && HeaderValue::from_str(next).is_ok() && next.is_ascii() { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::own_path;

    #[test]
    fn only_our_own_paths_are_followed() {
        for own in ["/", "/classes/1?x=1", "/assignments/018f#top"] {
            assert_eq!(own_path(own), own);
        }
        for foreign in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "evil",
            "/a\r\nSet-Cookie: x=1",
            "/\t/evil",
            "javascript:alert(1)",
            "/a\\b",
        ] {
            assert_eq!(own_path(foreign), "/", "{foreign:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_text_leads_to_another_site(next in "[/\\\\:@.#?a-z\t\r\n ]{0,6}.{0,8}") {
            let path = own_path(&next);
            prop_assert!(path.starts_with('/') && !path.starts_with("//"), "{:?}", path);
            prop_assert!(path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\'), "{:?}", path);
        }
    }
}
