//! The platform's interface: a call is counted before it is made, carries the token, and is made once more when the token
//! has run out. What comes back as an error never holds the address, the token or the secret.

mod call;
mod error_code;
mod quota;
mod request;
mod token;

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::body::Body;
use plugin_sdk::serde_json::Value;

pub use call::{Call, Trouble};
pub use error_code::{Explained, explain, explain_in_rehearsal};
pub use quota::{sweep, used};

use crate::fault::{self, Kind};
use crate::probe;
use request::{address, send};

/// Codes that say that the token is none any more.
const TOKEN_CODES: [i64; 3] = [40_001, 40_014, 42_001];
/// The code for: this account may not call this.
pub const NOT_PERMITTED: i64 = 48_001;

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
                beside(fault::mended(host, call.path, token::PATH));
                return Ok(answer);
            }
            code if TOKEN_CODES.contains(&code) && !is_second => token = token::renewed(host, &token)?,
            code => return Err(refused(host, call, code)),
        }
    }
    Err(Trouble::Unclear)
}

/// Notes what the platform refused. A permission that has gone means another tier.
fn refused(host: &Host, call: Call, code: i64) -> Trouble {
    if code == NOT_PERMITTED {
        beside(probe::plan(host));
    } else if !error_code::is_about_follower(code) {
        beside(fault::note(host, Kind::Interface, call.path, Some(code)));
    }
    Trouble::Refused(code)
}

/// What is noted beside a call changes nothing about what the platform did.
fn beside(done: Result<()>) {
    if let Err(error) = done {
        log::warn!("what became of a call could not be noted: {}", error.code().name());
    }
}
