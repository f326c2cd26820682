//! What the channel tells late, early or in vain: days and claims come out right all the same.

#![allow(missing_docs, clippy::unwrap_used)]

use plugin_sdk::chrono;
use plugin_sdk::protocol::{Code, Failure};
use plugin_sdk::serde_json::json;
use plugin_sdk::uuid::Uuid;

mod followers;

use followers::*;

#[test]
fn who_had_left_before_it_was_told_counts_for_the_day_and_is_not_there() {
    let host = host();
    host.hear("follower.gained", json!({ "follower": fan(1), "at": host.now(), "again": false, "left": true }));
    host.hear("follower.lost", json!({ "follower": fan(2), "at": host.now() }));
    let counted = host.rows("select gained, lost from live_hour", Vec::new()).rows;
    assert_eq!(format!("{counted:?}"), "[[Integer(1), Integer(1)]]");
    assert!(host.rows("select follower from follower", Vec::new()).rows.is_empty());
}

#[test]
fn a_claim_of_which_the_channel_asked_in_vain_counts_all_the_same() {
    let host = host();
    let words: Vec<String> = (1..=2).map(|student| word(&host, student)).collect();
    let said = [words[0].clone(), words[1].clone(), format!("本人{}", words[1]), "怎么投稿".to_owned()];
    host.provide("channel.message/1", move |input| {
        let number = input["message"].as_str().unwrap().parse::<Uuid>().unwrap().as_u128() as usize;
        let text = said.get(number).ok_or_else(|| Failure::new(Code::NotFound, "they have left"))?;
        Ok(json!({ "follower": fan(1), "at": "2026-10-12T00:00:00Z", "kind": "text", "text": text }))
    });
    let tell = |number: u128, message: u128| {
        let said =
            json!({ "follower": fan(number), "message": Uuid::from_u128(message), "at": host.now(), "kind": "text" });
        host.hear("message.received", said);
    };
    for number in 1..=3 {
        gained(&host, number);
    }
    tell(1, 0);
    // The second word was said later, but heard of first.
    pass(&host, 60);
    claim(&host, 2, &words[1]);
    let earlier = host.now() - chrono::TimeDelta::seconds(60);
    let said = json!({ "follower": fan(2), "message": Uuid::from_u128(0), "at": earlier, "kind": "text" });
    host.hear("message.received", said);
    tell(2, 1);
    tell(3, 1);
    tell(3, 2);
    // No claim, and somebody who has left.
    tell(3, 3);
    tell(4, 9);
    pass(&host, 8 * DAY);
    assert_eq!([1, 2].map(|student| credited(&host, student)), [2, 0]);
    assert_eq!(own(&host, 2)["has_own_account"], true);
}

#[test]
fn a_departure_that_was_told_before_its_time_is_counted_once_on_its_own_day() {
    let host = host();
    let told = host.now();
    let was = told - chrono::TimeDelta::hours(9);
    gained(&host, 1);
    lost(&host, 1);
    host.hear("follower.lost", json!({ "follower": fan(2), "at": was, "instead_of": told }));
    let days = host.rows("select day, sum(gained), sum(lost) from live_hour group by day order by day", Vec::new());
    let days = plugin_sdk::serde_json::to_value(&days.rows).unwrap();
    assert_eq!(days, json!([["2026-10-11", 0, 1], ["2026-10-12", 1, 0]]));
}

#[test]
fn where_no_departure_is_remembered_the_channel_says_who_has_left() {
    let host = host();
    host.set("departed_days", 0);
    host.provide("channel.window/1", |input| match input["follower"] == json!(fan(2)) {
        true => Ok(json!({ "left": 0, "can_send": false })),
        false => Err(Failure::new(Code::NotFound, "they have left")),
    });
    lost(&host, 1);
    gained(&host, 1);
    gained(&host, 2);
    let there = host.rows("select gained, (select count(*) from follower) from live_hour", Vec::new());
    let (there, marks) = (format!("{:?}", there.rows), host.rows("select hash from departed", Vec::new()));
    assert_eq!((there.as_str(), marks.rows.len()), ("[[Integer(2), Integer(1)]]", 0));
    // A channel that cannot say it now is asked again.
    host.provide("channel.window/1", |_| Err(Failure::new(Code::NotRunning, "it starts")));
    let gained = json!({ "follower": fan(3), "at": host.now(), "again": false });
    assert!(host.hear_again(Uuid::from_u128(3), 1, "follower.gained", gained).is_err());
}
