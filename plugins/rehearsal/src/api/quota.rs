//! Setting the counters of calls back.

use serde_json::{Value, json};

use super::call::Call;
use crate::clock::day_of;
use crate::failure::Failure;
use crate::platform::Platform;

/// `POST /cgi-bin/clear_quota`
pub fn clear(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    if call.text("appid")? != platform.account.appid {
        return Err(Failure::new(40013));
    }
    platform.state.quota.clear(day_of(call.now))?;
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}
