//! The platform's interface: a call is counted before it is made, carries the token, and is made once more when the token
//! has run out. What comes back as an error never holds the address, the token or the secret.

mod error_code;
mod quota;
mod token;

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::protocol::body::Body;
use plugin_sdk::protocol::host::{Fetch, Fetched};
use plugin_sdk::serde_json::{self, Value};

pub use error_code::{Explained, explain};
pub use quota::{sweep, used};

use crate::account;
use crate::fault::{self, Kind};

/// Codes that say that the token is none any more.
const TOKEN_CODES: [i64; 3] = [40_001, 40_014, 42_001];
/// The code for: this account may not call this.
pub const NOT_PERMITTED: i64 = 48_001;

/// A call of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path below the interface's address.
    pub path: &'static str,
    /// The most calls a day.
    pub most_a_day: i64,
}

impl Call {
    /// A call that is asked with GET.
    pub const fn get(path: &'static str, most_a_day: i64) -> Self {
        Self { method: "GET", path, most_a_day }
    }

    /// A call with a JSON body.
    pub const fn post(path: &'static str, most_a_day: i64) -> Self {
        Self { method: "POST", path, most_a_day }
    }
}

/// Why a call was not answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// App id or secret is missing.
    NotSet,
    /// As many calls as the platform allows have been made today, so this one was not.
    UsedUp,
    /// The platform refused, with this code.
    Refused(i64),
    /// The platform was not reached, so it did nothing.
    Unreachable,
    /// It did not answer in time, or not in its own language: it may have done what was asked.
    Unclear,
    /// The plugin's own trouble, such as its tables.
    Own(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble::Own(error)
    }
}

impl Trouble {
    /// The plugin's own trouble as an error; any other as a value.
    pub fn or_own(self) -> Result<Self> {
        match self {
            Trouble::Own(error) => Err(error),
            other => Ok(other),
        }
    }

    /// In words.
    pub fn explained(&self) -> Explained {
        match self {
            Trouble::NotSet => error_code::NOT_SET,
            Trouble::UsedUp => error_code::USED_UP,
            Trouble::Refused(code) => explain(*code),
            Trouble::Unreachable => error_code::UNREACHABLE,
            Trouble::Unclear | Trouble::Own(_) => error_code::UNCLEAR,
        }
    }
}

/// Makes a call. `query` is what follows the token in the address.
pub fn call(host: &Host, call: Call, query: &str, body: Option<&Value>) -> Result<Value, Trouble> {
    let body = body.map(|body| Body::Text(body.to_string()));
    with_token(host, call, query, &[("content-type", "application/json")], body.unwrap_or_default())
}

/// Makes a call with a body of any type.
pub fn with_token(
    host: &Host,
    call: Call,
    query: &str,
    headers: &[(&str, &str)],
    body: Body,
) -> Result<Value, Trouble> {
    quota::take(host, call)?;
    let mut token = token::valid(host)?;
    for is_second in [false, true] {
        let url = format!("{}{}?access_token={token}{query}", address(host), call.path);
        let answer = send(host, call.method, &url, headers, body.clone())?;
        match answer["errcode"].as_i64().unwrap_or(0) {
            0 => {
                fault::mended(host)?;
                return Ok(answer);
            }
            code if TOKEN_CODES.contains(&code) && !is_second => token = token::renewed(host, &token)?,
            code => return Err(refused(host, code)?),
        }
    }
    Err(Trouble::Unclear)
}

/// Notes what the platform refused. A permission that has gone means another tier.
fn refused(host: &Host, code: i64) -> Result<Trouble> {
    if code == NOT_PERMITTED {
        crate::tier::plan_probe(host)?;
    } else if !error_code::is_about_follower(code) {
        fault::note(host, Kind::Interface, Some(code))?;
    }
    Ok(Trouble::Refused(code))
}

/// Sends a request and reads the JSON that comes back.
fn send(host: &Host, method: &str, url: &str, headers: &[(&str, &str)], body: Body) -> Result<Value, Trouble> {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let fetch = Fetch { method: method.to_owned(), url: url.to_owned(), headers, body };
    let failed = |kind: Trouble| {
        fault::note(host, Kind::Unreachable, None)?;
        Err(kind)
    };
    match host.fetch(&fetch) {
        Ok(Fetched { status: 200, body, .. }) => match serde_json::from_slice::<Value>(body.as_bytes()) {
            Ok(answer) if answer.is_object() => Ok(answer),
            _ => failed(Trouble::Unclear),
        },
        Ok(_) => failed(Trouble::Unclear),
        Err(error) => {
            log::warn!("the platform's interface could not be reached: {}", error.0.code.name());
            match error.code() {
                Code::NotFound | Code::Denied | Code::BadRequest => failed(Trouble::Unreachable),
                Code::Cancelled => Err(Trouble::Own(error)),
                _ => failed(Trouble::Unclear),
            }
        }
    }
}

/// Where the interface is: that of the platform, or of the rehearsal server.
fn address(host: &Host) -> String {
    let name = if account::is_rehearsal(host) { "rehearsal_server" } else { "api_server" };
    let address: String = host.setting(name).unwrap_or_default();
    let class = host.class().map(|class| class.id.to_string()).unwrap_or_default();
    address.trim().trim_end_matches('/').replace("{class}", &class)
}
