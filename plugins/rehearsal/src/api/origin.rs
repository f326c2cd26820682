//! Where callbacks come from.

use serde_json::{Value, json};

use super::call::Call;
use crate::failure::Failure;
use crate::platform::Platform;

/// `GET /cgi-bin/getcallbackip`: the addresses from which callbacks come.
pub fn callback_addresses(_: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let own = if call.from.is_ipv6() { "::1" } else { "127.0.0.1" };
    Ok(json!({ "ip_list": [own] }))
}
