//! The two calls that fetch an access token.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::call::Call;
use crate::clock::day_of;
use crate::failure::Failure;
use crate::platform::Platform;

/// `POST /cgi-bin/stable_token`
pub fn stable(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let field = |name: &str| call.body.get(name).and_then(Value::as_str).map(str::to_owned);
    admit(platform, call, field("grant_type"), field("appid"), field("secret"))?;
    let force = match call.body.get("force_refresh") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(force)) => *force,
        Some(_) => return Err(Failure::new(47001)),
    };
    platform.state.tokens.stable(force, day_of(real_time()), call.real).map(answer)
}

/// `GET /cgi-bin/token`
pub fn plain(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let field = |name: &str| call.query.get(name).cloned();
    admit(platform, call, field("grant_type"), field("appid"), field("secret"))?;
    platform.state.tokens.plain(day_of(real_time()), call.real).map(answer)
}

/// Tokens age by this machine's clock, and so do their quotas.
fn real_time() -> DateTime<Utc> {
    Utc::now()
}

fn answer((token, seconds): (String, u64)) -> Value {
    json!({ "access_token": token, "expires_in": seconds })
}

fn admit(
    platform: &Platform,
    call: &Call,
    grant: Option<String>,
    appid: Option<String>,
    secret: Option<String>,
) -> Result<(), Failure> {
    if grant.as_deref() != Some("client_credential") {
        return Err(Failure::new(40002));
    }
    let appid = appid.filter(|text| !text.is_empty()).ok_or_else(|| Failure::new(41002))?;
    let secret = secret.filter(|text| !text.is_empty()).ok_or_else(|| Failure::new(41004))?;
    if appid != platform.account.appid {
        return Err(Failure::new(40013));
    }
    if secret != platform.account.secret {
        return Err(Failure::new(40125));
    }
    if !platform.state.tokens.admits(call.from) {
        return Err(Failure::saying(40164, format!("invalid ip {}, not in whitelist", call.from)));
    }
    Ok(())
}
