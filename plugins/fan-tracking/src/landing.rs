//! The page that a student passes on: what the account is, how to find it, and the word that says who sent them. Nobody
//! has to follow for anything, and nothing is given for it; visitors leave no trace.

use plugin_sdk::prelude::*;

use crate::word;

/// The page, for anybody.
pub fn show(host: &Host, text: &str) -> Result<Response> {
    let number = word::number(text).ok_or_else(not_found)?;
    // A word that belongs to nobody leads nowhere.
    word::student(host, number)?.ok_or_else(not_found)?;
    let account = host.setting::<String>("account_name").filter(|name| !name.trim().is_empty());
    let values = json!({ "account": account, "word": word::word(number), "class": host.class()?.name });
    Ok(page("landing.html", values).title("landing"))
}
