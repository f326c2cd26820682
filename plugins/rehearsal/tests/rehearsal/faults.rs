//! What goes wrong on purpose does, and nothing else.

use std::time::{Duration, Instant};

use rehearsal::{Fault, Rehearsal, Tier, Way};

use crate::account::{Account, Answer, options, room};

async fn status(room: &Rehearsal) -> Result<(u16, String), reqwest::Error> {
    let answer = reqwest::get(format!("{}/cgi-bin/user/get", room.url())).await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}

#[tokio::test]
async fn the_platform_is_down_busy_or_slow_until_it_is_mended() {
    let room = room(Tier::S).await;
    room.break_down(Fault::ServerErrors);
    assert_eq!(status(&room).await.unwrap().0, 502);
    room.mend();
    room.break_down(Fault::Busy);
    assert!(status(&room).await.unwrap().1.contains("\"errcode\":-1"));
    room.mend();
    room.break_down(Fault::Slow(Duration::from_millis(60)));
    let start = Instant::now();
    status(&room).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(60));
    room.mend();
    assert!(status(&room).await.unwrap().1.contains("41001"));
}

#[tokio::test]
async fn a_refused_connection_is_refused_and_comes_back_at_the_same_address() {
    let room = room(Tier::S).await;
    status(&room).await.unwrap();
    room.break_down(Fault::Refused);
    let deadline = Instant::now() + Duration::from_secs(5);
    while !status(&room).await.is_err_and(|error| error.is_connect()) {
        assert!(Instant::now() < deadline, "it still answers");
    }
    room.mend();
    while status(&room).await.is_err() {
        assert!(Instant::now() < deadline, "it does not come back");
    }
}

#[tokio::test]
async fn a_token_may_become_invalid_at_once() {
    let room = room(Tier::S).await;
    let account = rehearsal::Account::default();
    let fetch = async || {
        let query = format!("grant_type=client_credential&appid={}&secret={}", account.appid, account.secret);
        let answer = reqwest::get(format!("{}/cgi-bin/token?{query}", room.url())).await.unwrap();
        let answer: serde_json::Value = answer.json().await.unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    };
    let list = async |token: String| {
        let answer = reqwest::get(format!("{}/cgi-bin/user/get?access_token={token}", room.url())).await.unwrap();
        answer.json::<serde_json::Value>().await.unwrap()
    };
    let token = fetch().await;
    assert_eq!(list(token.clone()).await["total"], 0);
    room.break_down(Fault::TokensInvalid);
    assert_eq!(list(token).await["errcode"], 40001);
    assert_eq!(list(fetch().await).await["total"], 0);
}

#[tokio::test]
async fn the_same_is_told_twice_or_three_times_at_once_and_other_answers_are_noticed() {
    let account = Account::start(|_, _| Answer::Text("一样")).await;
    let room = Rehearsal::start(options(Some(&account), Tier::U)).await.unwrap();
    room.break_down(Fault::Duplicates);
    let (person, welcome) = room.join(Way::Search).await.unwrap();
    assert_eq!((welcome.tries.len(), welcome.repeats.len(), welcome.problem), (1, 1, None));
    room.mend();
    room.break_down(Fault::ThreeAtOnce);
    let answer = room.say(person, "你好").await.unwrap();
    assert_eq!((answer.tries.len(), answer.repeats.len(), answer.problem), (1, 2, None));
    let told = account.told();
    assert_eq!(told.len(), 5);
    assert!(told[2..].iter().all(|one| one.body == told[2].body && one.query == told[2].query));
    let forgetful = Account::start(|before, _| Answer::Text(if before == 0 { "甲" } else { "乙" })).await;
    room.set_callback(&forgetful.url).unwrap();
    let answer = room.say(person, "再来").await.unwrap();
    assert_eq!(answer.problem.unwrap().key, "problem-repeat-differs");
}

#[tokio::test]
async fn whoever_follows_and_leaves_at_once_is_told_of_in_the_other_order() {
    let account = Account::start(|_, _| Answer::Raw("success".to_owned())).await;
    let room = Rehearsal::start(options(Some(&account), Tier::U)).await.unwrap();
    let person = room.arrive();
    room.break_down(Fault::Reordered);
    let (followed, left) = tokio::join!(room.follow(person, Way::Search), room.leave(person));
    followed.unwrap();
    left.unwrap();
    let events: Vec<_> = account.told().iter().map(|told| told.element("Event").to_owned()).collect();
    assert_eq!(events, ["unsubscribe", "subscribe"]);
    assert_eq!(room.truth().following, 0);
}
