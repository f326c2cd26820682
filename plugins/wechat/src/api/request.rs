//! A request to the platform, and the JSON that comes back.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::protocol::body::Body;
use plugin_sdk::protocol::host::{Fetch, Fetched};
use plugin_sdk::serde_json::{self, Value};

use super::beside;
use super::call::Trouble;
use crate::account;
use crate::fault::{self, Kind};

/// Sends a request and reads the JSON that comes back.
pub fn send(host: &Host, method: &str, url: &str, headers: &[(&str, &str)], body: Body) -> Result<Value, Trouble> {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let fetch = Fetch { method: method.to_owned(), url: url.to_owned(), headers, body };
    let failed = |kind: Trouble| {
        beside(fault::note(host, Kind::Unreachable, "", None));
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
                // Nobody waits any more, and the platform may have done it.
                Code::Cancelled => Err(Trouble::Unclear),
                _ => failed(Trouble::Unclear),
            }
        }
    }
}

/// Where the interface is: that of the platform, or of the rehearsal server.
pub fn address(host: &Host) -> String {
    let name = if account::is_rehearsal(host) { "rehearsal_server" } else { "api_server" };
    let address: String = host.setting(name).unwrap_or_default();
    let class = host.class().map(|class| class.id.to_string()).unwrap_or_default();
    address.trim().trim_end_matches('/').replace("{class}", &class)
}
