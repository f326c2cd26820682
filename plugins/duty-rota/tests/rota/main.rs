//! The rota in the kit: every page, with real tables and the manifest's permissions.

#![allow(missing_docs, clippy::unwrap_used)]

mod calendar;
mod duty;
mod plan;
mod publication;
mod service;
mod swap;
mod times;

use std::time::Duration;

use plugin_sdk::serde_json::Value;
use plugin_test::TestHost;

/// The clock of the kit shows the morning of this day, a Monday.
pub const TODAY: &str = "2026-10-12";
pub const TOMORROW: &str = "2026-10-13";
pub const DAY: Duration = Duration::from_secs(86_400);
pub const HOUR: Duration = Duration::from_secs(3_600);

pub fn host() -> TestHost {
    TestHost::new(&duty_rota::PLUGIN)
}

pub fn student(host: &TestHost, number: u32) -> String {
    host.as_student(number).person().to_string()
}

/// Plans a day with these students, and expects that it is done.
pub fn set(host: &TestHost, day: &str, chief: &str, deputy: &str) {
    let sent = host.as_operator().post(&format!("/days/{day}"), &[("chief", chief), ("deputy", deputy)]);
    assert_eq!(sent.expect(303).notice(), Some("plan-saved"));
}

/// The id of a shift: that of a post on a day.
pub fn shift(host: &TestHost, day: &str, post: &str) -> String {
    let rows = host.rows("select id, day, post from shift order by day", Vec::new()).rows;
    let text = |value: &plugin_sdk::protocol::value::Value| plugin_sdk::serde_json::to_value(value).unwrap();
    let row = rows.iter().find(|row| text(&row[1]) == day && text(&row[2]) == post);
    text(&row.unwrap_or_else(|| panic!("no shift {post} on {day}"))[0])["uuid"].as_str().unwrap().to_owned()
}

/// Who has a post on a day.
pub fn holder(host: &TestHost, day: &str, post: &str) -> Option<String> {
    let rows = host.rows("select person_id, day, post from shift", Vec::new()).rows;
    let text = |value: &plugin_sdk::protocol::value::Value| plugin_sdk::serde_json::to_value(value).unwrap();
    let row = rows.iter().find(|row| text(&row[1]) == day && text(&row[2]) == post)?;
    Some(text(&row[0])["uuid"].as_str().unwrap().to_owned())
}

/// The only number of a query.
pub fn count(host: &TestHost, sql: &str) -> i64 {
    match host.rows(sql, Vec::new()).rows[0][0] {
        plugin_sdk::protocol::value::Value::Integer(number) => number,
        ref other => panic!("{sql}: {other:?}"),
    }
}

pub fn names(values: &Value) -> Vec<&str> {
    values.as_array().unwrap().iter().map(|value| value["name"].as_str().unwrap_or("—")).collect()
}
