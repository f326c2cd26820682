//! A connection that looks as after half a semester: an unverified account whose messages arrive.

use plugin_sdk::chrono::{NaiveDate, NaiveTime};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::account::Account;
use crate::tier::Tier;

/// What came last, and how many minutes before midnight.
const LATEST: [(i64, &str, i64); 14] = [
    (31, "text", 0),
    (48, "subscribe", 0),
    (95, "text", 0),
    (96, "text", 1),
    (140, "subscribe", 0),
    (141, "subscribe", 0),
    (188, "image", 0),
    (230, "unsubscribe", 0),
    (305, "text", 0),
    (342, "voice", 0),
    (410, "subscribe", 0),
    (455, "text", 0),
    (601, "menu", 0),
    (655, "text", 0),
];

/// Fills the class's tables, unless the account has been connected.
pub fn fill(host: &Host, from: NaiveDate, today: NaiveDate) -> Result<Value> {
    let account = Account::open(host)?;
    if account.is_connected() {
        return Ok(json!({ "filled": false }));
    }
    // Midnight in +08:00.
    let moment = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc() - TimeDelta::hours(8);
    let (begun, midnight) = (moment(from), moment(today));
    let mut batch = host.batch().expect(
        1,
        "update account set tier = $2, found_by = 'followers-denied', probed_at = $3,
           verified_at = $4, callback_at = $5 where class_id = $1 and verified_at is null",
        params![
            account.class,
            Tier::Callback.letter(),
            midnight - TimeDelta::hours(17),
            begun,
            midnight - TimeDelta::minutes(31),
        ],
    );
    for (minutes, kind, repeats) in LATEST {
        let at = midnight - TimeDelta::minutes(minutes);
        batch = batch.add(
            "insert into delivery (class_id, digest, at, kind, encrypted, repeats, leased_until, answered_at)
             values ($1, $2, $3, $4, true, $5, $6, $6) on conflict do nothing",
            params![
                account.class,
                account.digest(&format!("demo\n{minutes}")),
                at,
                kind,
                repeats,
                at + TimeDelta::milliseconds(180),
            ],
        );
    }
    batch.run()?;
    Ok(json!({ "filled": true }))
}
