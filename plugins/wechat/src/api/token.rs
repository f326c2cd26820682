//! The token of the interface: one for all calls and all workers, renewed five minutes before it ends.
//!
//! Who finds it old takes a lease in the table and fetches a new one; everybody else waits for the row. It lies in the
//! table encrypted with the account's secret, so that a copy of the tables opens nothing.

use std::time::Duration;

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::body::Body;

use super::beside;
use super::call::Trouble;
use super::quota;
use super::request::{address, send};
use crate::account;
use crate::cipher::Cipher;
use crate::fault::{self, Kind};

/// Where it is fetched.
pub const PATH: &str = "/cgi-bin/stable_token";
/// How long before its end a token is renewed.
const EARLY: TimeDelta = TimeDelta::minutes(5);
/// How long one worker has for fetching.
const LEASE: TimeDelta = TimeDelta::seconds(15);
/// How often those who wait look.
const LOOK: Duration = Duration::from_millis(20);
/// The most tokens a day that may be forced while another one is valid.
const FORCED_A_DAY: i64 = 20;
/// The most tokens a day.
const FETCHED_A_DAY: i64 = 100_000;

/// Id and secret of the account.
struct Key {
    app_id: String,
    secret: String,
}

/// A token that holds for a while yet.
pub fn valid(host: &Host) -> Result<String, Trouble> {
    wait_or_fetch(host, &key(host)?, None)
}

/// Another token, because the platform refuses this one; the one of somebody who has renewed it already is as good.
pub fn renewed(host: &Host, refused: &str) -> Result<String, Trouble> {
    let key = key(host)?;
    if let Some(stored) = stored(host, &key)? {
        if stored.token != refused {
            return Ok(stored.token);
        }
        host.exec(
            "update access_token set sealed = null where class_id = $1 and sealed = $2",
            params![host.class()?.id, stored.sealed],
        )?;
    }
    wait_or_fetch(host, &key, Some(refused))
}

fn wait_or_fetch(host: &Host, key: &Key, refused: Option<&str>) -> Result<String, Trouble> {
    loop {
        if let Some(stored) = stored(host, key)? {
            return Ok(stored.token);
        }
        if lease(host)? {
            return fetched(host, key, refused);
        }
        host.sleep(LOOK)?;
    }
}

fn key(host: &Host) -> Result<Key, Trouble> {
    let (app_id, secret) = (account::app_id(host), host.secret("app_secret")?.unwrap_or_default());
    if app_id.is_empty() || secret.is_empty() {
        return Err(Trouble::NotSet);
    }
    Ok(Key { app_id, secret })
}

/// A token of the table.
struct Stored {
    token: String,
    sealed: String,
}

fn stored(host: &Host, key: &Key) -> Result<Option<Stored>> {
    let table = host.query(
        "select sealed from access_token where class_id = $1 and sealed is not null and expires_at > $2",
        params![host.class()?.id, host.now() + EARLY],
    )?;
    let Some(row) = table.first() else { return Ok(None) };
    let sealed: String = row.get("sealed")?;
    if let Some(token) = Cipher::of_secret(&key.secret).decrypt(&sealed, &key.app_id) {
        return Ok(Some(Stored { token, sealed }));
    }
    // It was fetched with another secret, so it must not keep anybody from fetching a new one.
    let sql = "update access_token set sealed = null where class_id = $1 and sealed = $2";
    host.exec(sql, params![host.class()?.id, sealed])?;
    Ok(None)
}

/// Whether it is this call that fetches a token: nobody else does, and nobody just has.
fn lease(host: &Host) -> Result<bool> {
    let touched = host.exec(
        "insert into access_token (class_id, leased_until) values ($1, $3)
         on conflict (class_id) do update set leased_until = excluded.leased_until
         where access_token.leased_until <= $2
           and (access_token.sealed is null or access_token.expires_at <= $4)",
        params![host.class()?.id, host.now(), host.now() + LEASE, host.now() + EARLY],
    )?;
    Ok(touched == 1)
}

/// Fetches a token and gives the lease back, whether it came or not.
fn fetched(host: &Host, key: &Key, refused: Option<&str>) -> Result<String, Trouble> {
    let answer = ask(host, key, refused);
    let class = host.class()?.id;
    let kept = match &answer {
        Ok((token, seconds)) => host.exec(
            "update access_token set sealed = $2, expires_at = $3, leased_until = $4 where class_id = $1",
            params![
                class,
                Cipher::of_secret(&key.secret).encrypt(token, &key.app_id, rand::random()),
                host.now() + TimeDelta::seconds(*seconds),
                host.now(),
            ],
        ),
        Err(_) => {
            host.exec("update access_token set leased_until = $2 where class_id = $1", params![class, host.now()])
        }
    };
    let (token, _) = answer?;
    kept?;
    Ok(token)
}

fn ask(host: &Host, key: &Key, refused: Option<&str>) -> Result<(String, i64), Trouble> {
    let first = ask_once(host, key, false)?;
    if refused != Some(first.0.as_str()) {
        return Ok(first);
    }
    // The platform holds a token for good that it refuses itself.
    quota::take_of(host, "stable_token/force", FORCED_A_DAY)?;
    ask_once(host, key, true)
}

fn ask_once(host: &Host, key: &Key, force: bool) -> Result<(String, i64), Trouble> {
    quota::take_of(host, PATH, FETCHED_A_DAY)?;
    let body = json!({
        "grant_type": "client_credential",
        "appid": key.app_id,
        "secret": key.secret,
        "force_refresh": force,
    });
    let url = format!("{}{PATH}", address(host));
    let answer = send(host, "POST", &url, &[("content-type", "application/json")], Body::Text(body.to_string()))
        .map_err(not_asked)?;
    match answer["errcode"].as_i64() {
        None | Some(0) => {
            let token = answer["access_token"].as_str().filter(|token| !token.is_empty());
            let token = token.ok_or(Trouble::Unreachable)?.to_owned();
            Ok((token, answer["expires_in"].as_i64().unwrap_or(7_200).clamp(0, 7_200)))
        }
        Some(code) => {
            beside(fault::note(host, Kind::Interface, PATH, Some(code)));
            Err(Trouble::Refused(code))
        }
    }
}

/// Whatever became of the token, the call that needs it has not been made.
fn not_asked(trouble: Trouble) -> Trouble {
    if trouble == Trouble::Unclear { Trouble::Unreachable } else { trouble }
}
