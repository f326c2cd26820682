//! What the account is told, how often, and what the follower sees.

use std::time::Duration;

use rehearsal::{Content, Format, Outcome, Rehearsal, Seen, StartError, Tier, Way};

use crate::account::{Account, Answer, options};

const UNAVAILABLE: &str = "该公众号暂时无法提供服务，请稍后再试";

#[tokio::test]
async fn a_newcomer_is_welcomed_and_answered() {
    let account = Account::start(|_, told| match told.element("MsgType") {
        "event" => Answer::Text("欢迎"),
        _ => Answer::Text("收到"),
    })
    .await;
    let room = Rehearsal::start(options(Some(&account), Tier::U)).await.unwrap();
    room.verify().await.unwrap();
    let (person, welcome) = room.join(Way::Search).await.unwrap();
    assert_eq!(welcome.seen.text(), "欢迎");
    let answer = room.say(person, "怎么投稿？]]> <b>").await.unwrap();
    assert_eq!((answer.seen.text(), answer.problem), ("收到", None));
    let told = account.told();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].element("Event"), "subscribe");
    assert_eq!(told[0].element("CreateTime"), "1788220800");
    assert_eq!(told[1].element("Content"), "怎么投稿？]]]]><![CDATA[> <b>");
    assert_eq!(told[1].element("FromUserName"), room.openid(person).unwrap());
    assert_eq!(told[1].query["openid"], room.openid(person).unwrap());
    assert!(told[1].element("MsgId").parse::<i64>().unwrap() > 0);
    assert!(!told[1].query.contains_key("msg_signature"));
    let shown: Vec<_> = room.conversation(person).into_iter().map(|line| line.text).collect();
    assert_eq!(shown, ["已关注", "欢迎", "怎么投稿？]]> <b>", "收到"]);
}

#[tokio::test]
async fn every_kind_of_message_and_event_has_its_fields() {
    let account = Account::start(|_, _| Answer::Raw("success".to_owned())).await;
    let room = Rehearsal::start(options(Some(&account), Tier::F)).await.unwrap();
    let (person, _) = room.join(Way::Scene("stu_A07".to_owned())).await.unwrap();
    let media = || "m1".to_owned();
    let contents = [
        Content::Image { picture: "http://p".to_owned(), media: media() },
        Content::Voice { media: media(), recognition: Some("你好".to_owned()) },
        Content::Video { media: media(), thumbnail: "t".to_owned(), short: false },
        Content::Video { media: media(), thumbnail: "t".to_owned(), short: true },
        Content::Location { latitude: 30.5, longitude: 114.25, scale: 15, label: "图书馆".to_owned() },
        Content::Link { title: "t".to_owned(), description: "d".to_owned(), url: "u".to_owned() },
        Content::Text { text: "满意".to_owned(), menu: Some("101".to_owned()) },
    ];
    for content in contents {
        assert_eq!(room.send(person, content).await.unwrap().seen, Seen::Nothing);
    }
    room.comment(person, "文章里写错了", 77, 2).await.unwrap();
    room.scan(person, "stu_A07").await.unwrap();
    room.click(person, "ABOUT").await.unwrap();
    room.view(person, "https://example.com/").await.unwrap();
    room.locate(person, 30.5, 114.25).await.unwrap();
    room.leave(person).await.unwrap();
    room.publish("一篇").await.unwrap();
    room.settle().await;
    let told = account.told();
    let kinds: Vec<_> = told
        .iter()
        .map(|told| match told.element("MsgType") {
            "event" => told.element("Event").to_owned(),
            kind => kind.to_owned(),
        })
        .collect();
    let expected =
        "subscribe image voice video shortvideo location link text text SCAN CLICK VIEW LOCATION unsubscribe";
    assert_eq!(kinds[..14].join(" "), expected);
    assert_eq!(kinds[14], "MASSSENDJOBFINISH");
    assert_eq!((told[0].element("EventKey"), told[0].element("Ticket").is_empty()), ("qrscene_stu_A07", false));
    assert_eq!(told[2].element("Recognition"), "你好");
    assert_eq!(told[5].element("Location_X"), "30.500000");
    assert_eq!(told[7].element("bizmsgmenuid"), "101");
    assert_eq!((told[8].element("MsgDataId"), told[8].element("Idx")), ("77", "2"));
    assert_eq!(told[9].element("EventKey"), "stu_A07");
    assert_eq!((told[14].element("TotalCount"), told[14].element("Status")), ("0", "send success"));
    assert!(!told[14].element("MsgID").is_empty());
}

#[tokio::test]
async fn json_has_the_same_fields() {
    let account = Account::start(|_, told| {
        let sent: serde_json::Value = serde_json::from_str(&told.body).unwrap();
        assert!(sent["MsgId"].is_i64() && sent["CreateTime"].is_i64() || sent["MsgType"] == "event");
        Answer::Raw(format!(
            r#"{{"ToUserName":{},"FromUserName":{},"CreateTime":1,"MsgType":"text","Content":"好"}}"#,
            sent["FromUserName"], sent["ToUserName"]
        ))
    })
    .await;
    let room = Rehearsal::start(options(Some(&account), Tier::U)).await.unwrap();
    room.set_format(Format::Json);
    let (person, _) = room.join(Way::Card).await.unwrap();
    assert_eq!(room.say(person, "你好").await.unwrap().seen.text(), "好");
}

#[tokio::test]
async fn without_an_answer_the_same_request_comes_three_times_in_all() {
    let account = Account::start(|before, _| match before {
        0 => Answer::Status(500),
        1 => Answer::Late(Duration::from_secs(2)),
        _ => Answer::Text("第三次"),
    })
    .await;
    let room = Rehearsal::start(options(Some(&account), Tier::U)).await.unwrap();
    let (_, welcome) = room.join(Way::Search).await.unwrap();
    assert_eq!((welcome.seen.text(), welcome.tries.len()), ("第三次", 3));
    let keys: Vec<_> = welcome.tries[..2].iter().map(|attempt| attempt.answer.as_ref().unwrap_err().key).collect();
    assert_eq!(keys, ["failure-status", "failure-slow"]);
    let told = account.told();
    assert!(told.iter().all(|one| one.body == told[0].body && one.query == told[0].query));
}

#[tokio::test]
async fn after_three_tries_the_follower_reads_that_the_account_is_unavailable() {
    let account = Account::start(|_, _| Answer::Status(503)).await;
    let room = Rehearsal::start(options(Some(&account), Tier::U)).await.unwrap();
    let (person, welcome) = room.join(Way::Search).await.unwrap();
    assert_eq!((welcome.seen, welcome.tries.len()), (Seen::Unavailable, 3));
    assert_eq!(room.say(person, "在吗").await.unwrap().seen, Seen::Unavailable);
    assert_eq!(room.conversation(person).last().unwrap().text, UNAVAILABLE);
    // Nobody waits in the conversation any more.
    assert_eq!(room.leave(person).await.unwrap().seen, Seen::Nothing);
    let truth = room.truth();
    assert!(truth.letters.iter().all(|letter| letter.outcome == Outcome::Unanswered && letter.tries == 3));
}

#[tokio::test]
async fn a_bad_answer_is_not_asked_for_again_and_is_explained() {
    let account = Account::start(|_, _| Answer::Raw("{\"text\":\"好\"}".to_owned())).await;
    let room = Rehearsal::start(options(Some(&account), Tier::U)).await.unwrap();
    let (_, welcome) = room.join(Way::Search).await.unwrap();
    assert_eq!((welcome.seen, welcome.tries.len()), (Seen::Unavailable, 1));
    assert_eq!(welcome.problem.unwrap().key, "problem-json");
    assert_eq!(room.truth().letters[0].outcome, Outcome::Refused);
}

#[tokio::test]
async fn nobody_answers_at_an_address_where_nobody_listens() {
    // A port that was free a moment ago may be another test's now.
    let free = "127.0.0.1:1";
    let room = Rehearsal::start(options(None, Tier::U)).await.unwrap();
    assert_eq!(room.verify().await.unwrap_err().key, "failure-no-callback");
    room.set_callback(&format!("http://{free}/wx")).unwrap();
    assert_eq!(room.verify().await.unwrap_err().key, "failure-unreachable");
    let (_, welcome) = room.join(Way::Search).await.unwrap();
    assert_eq!(welcome.problem.unwrap().key, "failure-unreachable");
}

#[tokio::test]
async fn a_server_that_does_not_know_the_token_is_found_out() {
    let account = Account::start(|_, _| Answer::Status(403)).await;
    let room = Rehearsal::start(options(Some(&account), Tier::U)).await.unwrap();
    assert_eq!(room.forge("我是微信").await, Ok(403));
    let careless = Account::start(|_, _| Answer::Text("好")).await;
    room.set_callback(&careless.url).unwrap();
    assert_eq!(room.forge("我是微信").await, Ok(200));
}

#[tokio::test]
async fn only_followers_write_and_nobody_follows_twice() {
    let account = Account::start(|_, _| Answer::Raw(String::new())).await;
    let room = Rehearsal::start(options(Some(&account), Tier::U)).await.unwrap();
    let person = room.arrive();
    assert!(room.say(person, "你好").await.is_err());
    assert!(room.say(99, "你好").await.unwrap_err().to_string().contains("no person 99"));
    room.follow(person, Way::Search).await.unwrap();
    assert!(room.follow(person, Way::Search).await.is_err());
    let error = room.join(Way::Scene("stu_1".to_owned())).await.unwrap_err();
    assert!(error.to_string().contains("needs tier F"), "{error}");
    assert_eq!(account.told().len(), 1);
    assert_eq!(room.truth().following, 1);
}

#[tokio::test]
async fn without_a_connection_people_come_all_the_same() {
    let account = Account::start(|_, _| Answer::Raw(String::new())).await;
    let room = Rehearsal::start(options(Some(&account), Tier::Zero)).await.unwrap();
    room.join(Way::Search).await.unwrap();
    assert!(account.told().is_empty());
    let truth = room.truth();
    assert_eq!((truth.following, truth.letters[0].outcome), (1, Outcome::NotConnected));
}

#[tokio::test]
async fn a_start_that_cannot_be_says_what_to_do() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let said = |options| async { Rehearsal::start(options).await.err().unwrap().to_string() };
    let listen = taken.local_addr().unwrap();
    let text = said(rehearsal::Options { listen, ..options(None, Tier::U) }).await;
    assert!(text.contains(&listen.to_string()) && text.contains("--listen"), "{text}");
    let callback = Some("https://example.com/".to_owned());
    let text = said(rehearsal::Options { callback, ..options(None, Tier::U) }).await;
    assert!(text.contains("http://"), "{text}");
    let mut keyless = options(None, Tier::U);
    keyless.mode = rehearsal::Mode::Safe;
    assert!(matches!(Rehearsal::start(keyless).await.err().unwrap(), StartError::NoKey(_)));
    let mut fast = options(None, Tier::U);
    fast.speed = f64::NAN;
    assert!(matches!(Rehearsal::start(fast).await.err().unwrap(), StartError::Speed(_)));
}
