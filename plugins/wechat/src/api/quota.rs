//! Calls are counted here, by the day in +08:00, so that one the platform would refuse is never made.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;

use super::call::{Call, Trouble};
use crate::day;

/// How often a call was made today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// Its path.
    pub call: String,
    /// How often.
    pub count: i64,
}

/// Counts a call, unless there have been as many today as the platform allows.
pub fn take(host: &Host, call: Call) -> Result<(), Trouble> {
    take_of(host, call.path, call.most_a_day)
}

/// The same for anything that has a name.
pub fn take_of(host: &Host, name: &str, most: i64) -> Result<(), Trouble> {
    let done = host
        .batch()
        .expect(
            1,
            "insert into api_use (class_id, day, call, count) values ($1, $2, $3, 1)
             on conflict (class_id, day, call) do update set count = api_use.count + 1 where api_use.count < $4",
            params![host.class()?.id, day::of(host.now()).to_string(), name, most],
        )
        .run();
    match done {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Code::Conflict => Err(Trouble::UsedUp),
        Err(error) => Err(Trouble::Own(error)),
    }
}

/// What was used today.
pub fn used(host: &Host) -> Result<Vec<Used>> {
    let table = host.query(
        "select call, count from api_use where class_id = $1 and day = $2 order by call",
        params![host.class()?.id, day::of(host.now()).to_string()],
    )?;
    table.iter().map(|row| Ok(Used { call: row.get("call")?, count: row.get("count")? })).collect()
}

/// Forgets the days before yesterday.
pub fn sweep(host: &Host) -> Result<()> {
    let before = day::of(host.now() - TimeDelta::days(1)).to_string();
    host.exec("delete from api_use where class_id = $1 and day < $2", params![host.class()?.id, before])?;
    Ok(())
}
