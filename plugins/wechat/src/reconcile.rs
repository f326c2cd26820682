//! Compares those we know with the platform's list of followers, where the account may read it: who left without our
//! hearing of it is forgotten too.

use std::collections::HashSet;

use plugin_sdk::prelude::*;

use crate::account::Account;
use crate::api::{self, Call};
use crate::early::Early;
use crate::{departure, follower, tier};

const LIST: Call = Call::get("/cgi-bin/user/get", 500);
/// Followers read from the table, and forgotten, at a time.
const AT_A_TIME: i64 = 100;
/// Who did something this lately may have come while the list was read.
const SETTLED: TimeDelta = TimeDelta::hours(1);

/// Forgets who is not on the list any more.
pub fn run(host: &Host) -> Result<()> {
    let account = Account::open(host)?;
    if !tier::of(&account).tier.is_verified() || !follower::any(host, account.class)? {
        return Ok(());
    }
    let Some(listed) = listed(host)? else { return Ok(()) };
    let mut after = String::new();
    while host.alive() {
        let table = host.query(
            "select id, openid, seen_at from follower where class_id = $1 and openid > $2 order by openid limit $3",
            params![account.class, after.as_str(), AT_A_TIME],
        )?;
        let mut batch = host.batch();
        let mut count = 0;
        for row in table.iter() {
            after = row.get("openid")?;
            if !listed.contains(&after) && row.get::<DateTime<Utc>>("seen_at")? < host.now() - SETTLED {
                let now = host.now();
                batch = follower::forget(batch, account.class, row.get("id")?, now);
                batch = departure::remember(batch, host, &account, &after, now, &Early::default().and(now));
                count += 1;
            }
        }
        if count > 0 {
            batch.run()?;
            departure::plan_sweep(host)?;
            log::info!("{count} followers had left without our hearing of it");
        }
        if table.is_empty() {
            return Ok(());
        }
    }
    Ok(())
}

/// The whole list; none when it cannot be read to its end.
fn listed(host: &Host) -> Result<Option<HashSet<String>>> {
    let (mut all, mut next) = (HashSet::new(), String::new());
    loop {
        let query = if next.is_empty() { String::new() } else { format!("&next_openid={next}") };
        let page = match api::call(host, LIST, &query, None) {
            Ok(page) => page,
            Err(trouble) => {
                trouble.or_own()?;
                return Ok(None);
            }
        };
        let ids = page["data"]["openid"].as_array().into_iter().flatten().filter_map(|id| id.as_str());
        let before = all.len();
        all.extend(ids.map(str::to_owned));
        let total = page["total"].as_u64().unwrap_or(0);
        next = page["next_openid"].as_str().unwrap_or_default().to_owned();
        if next.is_empty() || all.len() == before {
            // A list that ends early would make us forget people who still follow.
            return Ok((u64::try_from(all.len()).unwrap_or(u64::MAX) >= total).then_some(all));
        }
        if !next.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
            return Ok(None);
        }
    }
}
