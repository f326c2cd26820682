//! What the account can do, for everybody in the class.

use plugin_sdk::prelude::*;

use crate::account::{self, Account};
use crate::{departure, follower, tier};

/// The page.
pub fn show(host: &Host) -> Result<Response> {
    let found = tier::of(&Account::open(host)?);
    let language = host.context().language.as_str();
    let values = json!({
        "tier": found.tier.letter(),
        "name": found.tier.name().in_language(language),
        "can": found.tier.can().in_language(language),
        "next": found.tier.next().map(|next| next.in_language(language)),
        "is_rehearsal": account::is_rehearsal(host),
        "followers": follower::count(host)?,
        "keeps_marks": departure::days(host) > 0,
        "is_teacher": host.person()?.is_teacher(),
    });
    Ok(page("member.html", values))
}
