//! When the platform is asked next what the account may do. Whoever notices that it may do something else asks for it here.

use plugin_sdk::prelude::*;

use crate::account;

/// Key of the probe that is planned for now.
const SOON: &str = "soon";

/// Has the platform asked in a moment, if it can be.
pub fn plan(host: &Host) -> Result<()> {
    let can = !account::app_id(host).is_empty() && host.secret("app_secret")?.is_some_and(|secret| !secret.is_empty());
    if can { host.schedule("probe", SOON, host.now(), json!({})) } else { Ok(()) }
}

/// It has been asked.
pub fn done(host: &Host) -> Result<()> {
    host.unschedule("probe", SOON)
}
