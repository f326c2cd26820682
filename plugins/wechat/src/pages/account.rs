//! The teachers' page: how to connect the account step by step, what it may do, what was used and what went wrong.

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::account::{self, Account};
use crate::api::{self, Trouble};
use crate::callback;
use crate::cipher::Cipher;
use crate::day;
use crate::fault::{self, Fault};
use crate::{follower, tier};

/// What the platform allows a day, of what is worth showing.
const SHOWN: [(&str, &str, i64); 5] = [
    ("/cgi-bin/message/custom/send", "quota-send", 500_000),
    ("/cgi-bin/user/get", "quota-followers", 500),
    ("/cgi-bin/qrcode/create", "quota-scenes", 100_000),
    ("/datacube/getusersummary", "quota-figures", 1_000),
    ("stable_token/force", "quota-token", 20),
];

/// The page.
pub fn show(host: &Host) -> Result<Response> {
    let account = Account::open(host)?;
    let language = host.context().language.as_str();
    let found = tier::of(&account);
    let faults = fault::list(host)?;
    let latest = callback::latest(host)?;
    let values = json!({
        "address": address(host),
        "address_problem": address_problem(host),
        "steps": steps(host, &account)?,
        "tier": {
            "letter": found.tier.letter(),
            "name": found.tier.name().in_language(language),
            "found_by": found.by.in_language(language),
            "checked_at": found.at.map(day::minute),
            "can": found.tier.can().in_language(language),
            "next": found.tier.next().map(|next| next.in_language(language)),
        },
        "is_rehearsal": account::is_rehearsal(host),
        "app_id": account::app_id(host),
        "mode": if host.setting::<bool>("encrypted_only").unwrap_or(true) { "safe" } else { "plain" },
        "is_open": !host.class()?.archived,
        "followers": follower::count(host)?,
        "quotas": quotas(host)?,
        "faults": faults.iter().map(|fault| shown(host, fault, language)).collect::<Vec<_>>(),
        "callbacks": latest.iter().map(|delivered| json!({
            "at": day::minute(delivered.at),
            "kind": format!("kind-{}", delivered.kind),
            "encrypted": delivered.encrypted,
            "repeats": delivered.repeats,
            "took": delivered.answered_at.map(|at| (at - delivered.at).num_milliseconds().max(0)),
        })).collect::<Vec<_>>(),
    });
    Ok(page("account.html", values).title("account-title"))
}

/// A teacher has the account checked now.
pub fn probe(host: &Host) -> Result<Response> {
    Ok(match tier::probe(host)? {
        Ok(()) => redirect("/account").notice("probe-done"),
        Err(Trouble::NotSet) => redirect("/account").warning("probe-not-set"),
        Err(Trouble::UsedUp) => redirect("/account").warning("probe-used-up"),
        Err(_) => redirect("/account").warning("probe-failed"),
    })
}

/// A teacher has read what went wrong.
pub fn clear_faults(host: &Host) -> Result<Response> {
    fault::clear(host)?;
    Ok(redirect("/account").notice("faults-cleared"))
}

/// Where the platform finds us; without the site's own address when nobody said what it is.
fn address(host: &Host) -> String {
    let context = host.context();
    format!("{}{}/callback", context.site, context.base)
}

/// Key of what is wrong with the address: the platform only calls ports 80 and 443.
fn address_problem(host: &Host) -> Option<&'static str> {
    let site = host.context().site.as_str();
    let authority = site.split_once("://").map_or(site, |(_, rest)| rest).split('/').next().unwrap_or_default();
    let port = authority.rsplit_once(':').map(|(_, port)| port);
    if site.is_empty() {
        Some("address-unknown")
    } else if account::is_rehearsal(host) {
        None
    } else if port.is_some_and(|port| port != "80" && port != "443") {
        Some("address-port")
    } else if authority.starts_with("localhost") || authority.starts_with("127.") {
        Some("address-local")
    } else {
        None
    }
}

/// The steps to a connected account, and which are done.
fn steps(host: &Host, account: &Account) -> Result<Vec<Value>> {
    let has = |name: &str| Ok::<_, Error>(host.secret(name)?.is_some_and(|secret| !secret.is_empty()));
    let key = host.secret("aes_key")?.unwrap_or_default();
    let needs_key = host.setting::<bool>("encrypted_only").unwrap_or(true);
    let key_word = if key.is_empty() || Cipher::from_encoded(&key).is_some() { "step-token" } else { "step-key-wrong" };
    let has_key = Cipher::from_encoded(&key).is_some() || (key.is_empty() && !needs_key);
    let step = |word: &str, done: bool| json!({ "word": word, "done": done, "at": null });
    let at = |word: &str, at: Option<DateTime<Utc>>| json!({ "word": word, "done": at.is_some(), "at": at.map(day::minute) });
    let has_secret = has("app_secret")?;
    Ok(vec![
        step("step-id", !account::app_id(host).is_empty()),
        step(key_word, has("token")? && has_key),
        at("step-address", account.verified_at),
        at("step-message", account.callback_at),
        at("step-secret", account.probed_at.filter(|_| has_secret)),
    ])
}

fn quotas(host: &Host) -> Result<Vec<Value>> {
    let used = api::used(host)?;
    let count = |call: &str| used.iter().find(|used| used.call == call).map_or(0, |used| used.count);
    let shown = SHOWN.iter().map(|(call, word, most)| json!({ "word": word, "count": count(call), "most": most }));
    Ok(shown.filter(|line| line["count"] != 0).collect())
}

fn shown(host: &Host, fault: &Fault, language: &str) -> Value {
    let explain = if account::is_rehearsal(host) { api::explain_in_rehearsal } else { api::explain };
    let explained = fault.code.map(explain);
    json!({
        "word": format!("fault-{}", fault.kind),
        "remedy": format!("remedy-{}", fault.kind),
        "code": fault.code,
        "what": explained.map(|explained| explained.what.in_language(language)),
        "do": explained.map(|explained| explained.remedy.in_language(language)),
        "at": day::minute(fault.at),
        "count": fault.count,
    })
}
