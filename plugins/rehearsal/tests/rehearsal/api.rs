//! The API as a client sees it: tokens, tiers, quotas, windows, error codes.

use std::time::Duration;

use chrono::TimeDelta;
use rehearsal::{Fault, Rehearsal, Tier, Way};
use serde_json::{Value, json};

use crate::account::{Account, Answer, options, room};

struct Client<'a> {
    room: &'a Rehearsal,
    token: String,
}

async fn token(room: &Rehearsal, force: bool) -> Value {
    let account = rehearsal::Account::default();
    let body = json!({ "grant_type": "client_credential", "appid": account.appid, "secret": account.secret, "force_refresh": force });
    post(room, "/cgi-bin/stable_token", &body.to_string()).await
}

async fn post(room: &Rehearsal, path: &str, body: &str) -> Value {
    let url = format!("{}{path}", room.url());
    reqwest::Client::new()
        .post(url)
        .body(body.to_owned())
        .send()
        .await
        .expect("an answer in JSON")
        .json()
        .await
        .expect("an answer in JSON")
}

async fn get(room: &Rehearsal, path: &str) -> Value {
    reqwest::get(format!("{}{path}", room.url()))
        .await
        .expect("an answer in JSON")
        .json()
        .await
        .expect("an answer in JSON")
}

impl<'a> Client<'a> {
    async fn new(room: &'a Rehearsal) -> Self {
        Self { room, token: token(room, false).await["access_token"].as_str().expect("a token").to_owned() }
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        post(self.room, &format!("{path}?access_token={}", self.token), &body.to_string()).await
    }

    async fn get(&self, path: &str, query: &str) -> Value {
        get(self.room, &format!("{path}?access_token={}&{query}", self.token)).await
    }

    async fn tell(&self, openid: &str) -> i64 {
        let body = json!({ "touser": openid, "msgtype": "text", "text": { "content": "答复" } });
        code(&self.post("/cgi-bin/message/custom/send", body).await)
    }
}

fn code(answer: &Value) -> i64 {
    answer["errcode"].as_i64().unwrap_or(0)
}

#[tokio::test]
async fn a_token_needs_the_right_account_and_dies_with_the_next_forced_one() {
    let room = room(Tier::S).await;
    let first = token(&room, false).await;
    assert_eq!(first["expires_in"].as_u64().unwrap().div_ceil(10) * 10, 7200);
    assert_eq!(token(&room, false).await["access_token"], first["access_token"]);
    let old = format!("/cgi-bin/user/get?access_token={}", first["access_token"].as_str().unwrap());
    assert_eq!(get(&room, &old).await["total"], 0);
    assert!(token(&room, true).await["access_token"].is_string());
    assert_eq!(code(&get(&room, &old).await), 40001);
    assert_eq!(code(&token(&room, true).await), 45011);
    assert_eq!(code(&get(&room, "/cgi-bin/user/get").await), 41001);
    assert_eq!(code(&get(&room, "/cgi-bin/user/get?access_token=x").await), 40014);
    for (query, expected) in [
        ("grant_type=client_credential&appid=wx1&secret=s", 40013),
        ("grant_type=client_credential&appid=wx7265686561727361&secret=s", 40125),
        ("grant_type=password&appid=wx7265686561727361&secret=s", 40002),
        ("grant_type=client_credential&secret=s", 41002),
        ("grant_type=client_credential&appid=wx7265686561727361", 41004),
    ] {
        assert_eq!(code(&get(&room, &format!("/cgi-bin/token?{query}")).await), expected, "{query}");
    }
    assert_eq!(code(&get(&room, "/cgi-bin/stable_token").await), 43002);
    let refused = get(&room, "/cgi-bin/token?grant_type=client_credential&appid=wx1&secret=s").await;
    assert!(refused["errmsg"].as_str().unwrap().starts_with("invalid appid rid: "), "{refused}");
}

#[tokio::test]
async fn a_token_grows_old_in_real_time_and_strangers_get_none() {
    let mut short = options(None, Tier::S);
    short.token_life = Duration::from_millis(50);
    let room = Rehearsal::start(short).await.unwrap();
    let client = Client::new(&room).await;
    let deadline = std::time::Instant::now() + Duration::from_secs(5);
    while code(&client.get("/cgi-bin/user/get", "").await) != 42001 {
        assert!(std::time::Instant::now() < deadline, "the token never grew old");
        tokio::task::yield_now().await;
    }
    let mut strict = options(None, Tier::S);
    strict.allowed_addresses = Some(vec!["10.0.0.1".parse().unwrap()]);
    let room = Rehearsal::start(strict).await.unwrap();
    let refused = token(&room, false).await;
    assert_eq!(code(&refused), 40164);
    assert!(refused["errmsg"].as_str().unwrap().contains("127.0.0.1"), "{refused}");
}

#[tokio::test]
async fn each_tier_opens_what_the_platform_opens() {
    let room = room(Tier::U).await;
    let client = Client::new(&room).await;
    let calls: [(&str, Value, Tier); 8] = [
        ("/cgi-bin/message/custom/send", json!({}), Tier::S),
        ("/cgi-bin/tags/create", json!({ "tag": { "name": "甲" } }), Tier::S),
        ("/datacube/getusersummary", json!({ "begin_date": "2026-08-01", "end_date": "2026-08-02" }), Tier::S),
        ("/cgi-bin/draft/add", json!({}), Tier::S),
        ("/cgi-bin/freepublish/submit", json!({}), Tier::S),
        ("/cgi-bin/message/mass/sendall", json!({}), Tier::S),
        ("/cgi-bin/message/mass/send", json!({}), Tier::F),
        ("/cgi-bin/qrcode/create", json!({}), Tier::F),
    ];
    for tier in Tier::ALL {
        room.set_tier(tier);
        assert_eq!(client.get("/cgi-bin/getcallbackip", "").await["ip_list"], json!(["127.0.0.1"]));
        for (path, body, needs) in &calls {
            let refused = code(&client.post(path, body.clone()).await) == 48001;
            assert_eq!(refused, tier < *needs, "{path} in tier {tier:?}");
        }
    }
    assert_eq!(room.calls("/cgi-bin/qrcode/create").refused[&48001], 3);
    assert_eq!(code(&client.get("/cgi-bin/no/such", "").await), 40066);
}

#[tokio::test]
async fn an_answer_later_is_bound_to_48_hours_and_five() {
    let account = Account::start(|_, _| Answer::Raw("success".to_owned())).await;
    let room = Rehearsal::start(options(Some(&account), Tier::S)).await.unwrap();
    let client = Client::new(&room).await;
    let (person, _) = room.join(Way::Search).await.unwrap();
    let openid = room.openid(person).unwrap();
    for expected in [0, 0, 0, 45047] {
        assert_eq!(client.tell(&openid).await, expected, "after a follow");
    }
    room.skip(TimeDelta::minutes(2));
    assert_eq!(client.tell(&openid).await, 45015);
    room.say(person, "问题").await.unwrap();
    for expected in [0, 0, 0, 0, 0, 45047] {
        assert_eq!(client.tell(&openid).await, expected, "after a message");
    }
    assert_eq!(room.window(person).unwrap().1, 0);
    room.say(person, "再问").await.unwrap();
    room.skip(TimeDelta::hours(48));
    assert_eq!(client.tell(&openid).await, 0);
    room.skip(TimeDelta::seconds(1));
    assert_eq!(client.tell(&openid).await, 45015);
    room.say(person, "走了").await.unwrap();
    room.leave(person).await.unwrap();
    assert_eq!(client.tell(&openid).await, 45015);
    assert_eq!(client.tell("oNobody").await, 40003);
    let long = json!({ "touser": openid, "msgtype": "text", "text": { "content": "字".repeat(683) } });
    assert_eq!(code(&client.post("/cgi-bin/message/custom/send", long).await), 45002);
    let later: Vec<_> = room.truth().letters.into_iter().map(|letter| letter.later.len()).collect();
    assert_eq!(later, [0, 5, 1, 0, 0]);
}

#[tokio::test]
async fn a_message_that_time_overtakes_is_known_from_one_that_was_late() {
    let room = room(Tier::S).await;
    let client = Client::new(&room).await;
    let (person, _) = room.join(Way::Search).await.unwrap();
    let openid = room.openid(person).unwrap();
    room.break_down(Fault::Slow(Duration::from_millis(60)));
    let (code, ()) = tokio::join!(client.tell(&openid), async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        room.skip(TimeDelta::hours(8));
    });
    assert_eq!((code, room.truth().overtaken), (45015, 1));
    room.mend();
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(client.tell(&openid).await, 45015);
    assert_eq!(room.truth().overtaken, 1, "the window had been closed when it was sent");
}

#[tokio::test]
async fn a_day_has_its_quota_and_a_new_day_a_new_one() {
    let room = room(Tier::S).await;
    room.set_daily_limit("/cgi-bin/user/get", 2);
    let client = Client::new(&room).await;
    for expected in [0, 0, 45009] {
        assert_eq!(code(&client.get("/cgi-bin/user/get", "").await), expected);
    }
    // The story begins at eight in the morning in +08:00: the day ends sixteen hours later.
    room.skip(TimeDelta::hours(15));
    assert_eq!(code(&client.get("/cgi-bin/user/get", "").await), 45009);
    room.skip(TimeDelta::hours(1));
    assert_eq!(code(&client.get("/cgi-bin/user/get", "").await), 0);
    client.get("/cgi-bin/user/get", "").await;
    let appid = json!({ "appid": rehearsal::Account::default().appid });
    for _ in 0..10 {
        assert_eq!(code(&client.post("/cgi-bin/clear_quota", appid.clone()).await), 0);
        assert_eq!(code(&client.get("/cgi-bin/user/get", "").await), 0);
    }
    assert_eq!(code(&client.post("/cgi-bin/clear_quota", appid).await), 48006);
}

#[tokio::test]
async fn publishing_is_bound_to_one_a_day_or_four_a_month() {
    let account = Account::start(|_, _| Answer::Raw("success".to_owned())).await;
    let room = Rehearsal::start(options(Some(&account), Tier::S)).await.unwrap();
    let client = Client::new(&room).await;
    room.join(Way::Search).await.unwrap();
    let send = |id: &str| json!({ "filter": { "is_to_all": true }, "msgtype": "text", "text": { "content": "群发" }, "clientmsgid": id });
    let first = client.post("/cgi-bin/message/mass/sendall", send("a")).await;
    assert_eq!(code(&first), 0, "{first}");
    let again = client.post("/cgi-bin/message/mass/sendall", send("a")).await;
    assert_eq!((code(&again), &again["msg_id"]), (45065, &first["msg_id"]));
    assert_eq!(code(&client.post("/cgi-bin/message/mass/sendall", send("b")).await), 45028);
    // The back office uses the same quota.
    assert_eq!(room.publish("一篇").await.unwrap_err().code, 45028);
    room.set_tier(Tier::F);
    for day in 0..4 {
        room.skip(TimeDelta::days(1));
        // One of September was used in the tier before.
        assert_eq!(room.publish("一篇").await.is_ok(), day < 3, "{day}");
    }
    room.skip(TimeDelta::days(27));
    assert!(room.publish("十月").await.is_ok());
    room.settle().await;
    let finished = account.told().iter().filter(|told| told.element("Event") == "MASSSENDJOBFINISH").count();
    assert_eq!(finished, room.truth().publications.len());
}

#[tokio::test]
async fn figures_come_the_next_morning_a_week_at_a_time() {
    let room = room(Tier::S).await;
    let client = Client::new(&room).await;
    let (person, _) = room.join(Way::Search).await.unwrap();
    room.join(Way::Card).await.unwrap();
    room.leave(person).await.unwrap();
    let ask = |begin: &str, end: &str| json!({ "begin_date": begin, "end_date": end });
    let summary = "/datacube/getusersummary";
    assert_eq!(code(&client.post(summary, ask("2026-09-01", "2026-09-01")).await), 61501);
    // Midnight to eight: counted, but not yet told.
    room.skip(TimeDelta::hours(20));
    assert_eq!(client.post(summary, ask("2026-09-01", "2026-09-01")).await["list"], json!([]));
    room.skip(TimeDelta::hours(4));
    let list = client.post(summary, ask("2026-08-28", "2026-09-01")).await;
    assert_eq!(
        list["list"],
        json!([
            { "ref_date": "2026-09-01", "user_source": 1, "new_user": 1, "cancel_user": 1 },
            { "ref_date": "2026-09-01", "user_source": 17, "new_user": 1, "cancel_user": 0 },
        ])
    );
    let total = client.post("/datacube/getusercumulate", ask("2026-09-01", "2026-09-01")).await;
    assert_eq!(total["list"][0]["cumulate_user"], 1);
    assert_eq!(code(&client.post(summary, ask("2026-08-24", "2026-09-01")).await), 61501);
    assert_eq!(code(&client.post(summary, ask("2026-9-1", "2026-09-01")).await), 61500);
}

#[tokio::test]
async fn a_body_must_be_raw_utf8_json() {
    let room = room(Tier::S).await;
    let client = Client::new(&room).await;
    let path = format!("/cgi-bin/tags/create?access_token={}", client.token);
    assert_eq!(code(&post(&room, &path, r#"{"tag":{"name":"\u7532"}}"#).await), 40033);
    assert_eq!(code(&post(&room, &path, r#"{"tag":"#).await), 47001);
    assert_eq!(code(&post(&room, &path, "").await), 44002);
    assert_eq!(post(&room, &path, r#"{"tag":{"name":"甲"}}"#).await["tag"]["name"], "甲");
    assert_eq!(code(&post(&room, &path, r#"{"tag":{"name":"甲"}}"#).await), 45157);
}

#[tokio::test]
async fn a_draft_needs_its_picture_and_is_published() {
    let account = Account::start(|_, _| Answer::Raw("success".to_owned())).await;
    let room = Rehearsal::start(options(Some(&account), Tier::S)).await.unwrap();
    let client = Client::new(&room).await;
    let draft =
        |thumb: &str| json!({ "articles": [{ "title": "标题", "content": "<p>正文</p>", "thumb_media_id": thumb }] });
    assert_eq!(code(&client.post("/cgi-bin/draft/add", draft("none")).await), 40007);
    let boundary = "--edge\r\ncontent-disposition: form-data; name=\"media\"; filename=\"封面.jpg\"\r\ncontent-type: image/jpeg\r\n\r\n\u{0}\u{1}\r\n--edge--\r\n";
    let url = format!("{}/cgi-bin/material/add_material?type=image&access_token={}", room.url(), client.token);
    let upload = reqwest::Client::new().post(url).header("content-type", "multipart/form-data; boundary=edge");
    let uploaded: Value = upload.body(boundary).send().await.unwrap().json().await.unwrap();
    let thumb = uploaded["media_id"].as_str().unwrap_or_else(|| panic!("{uploaded}"));
    let added = client.post("/cgi-bin/draft/add", draft(thumb)).await;
    let submitted = client.post("/cgi-bin/freepublish/submit", json!({ "media_id": added["media_id"] })).await;
    let state = client.post("/cgi-bin/freepublish/get", json!({ "publish_id": submitted["publish_id"] })).await;
    assert_eq!(state["publish_status"], 0, "{submitted} {state}");
    room.settle().await;
    let told = account.told();
    assert_eq!(told[0].element("Event"), "PUBLISHJOBFINISH");
    assert_eq!(told[0].element("article_id"), state["article_id"]);
}
