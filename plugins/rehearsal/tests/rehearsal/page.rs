//! The control page as a browser uses it, without script.

use std::collections::HashMap;

use rehearsal::{Rehearsal, Tier};

use crate::account::{Account, Answer, options};

struct Browser {
    client: reqwest::Client,
    base: String,
}

impl Browser {
    fn new(room: &Rehearsal, languages: &str) -> Self {
        let headers = [("accept-language", languages), ("sec-fetch-site", "same-origin")];
        let headers = headers
            .map(|(name, value)| (name.parse().expect("a header"), value.parse().expect("a header")))
            .into_iter()
            .collect();
        let client = reqwest::Client::builder().default_headers(headers).cookie_store(true).build().expect("a client");
        Self { client, base: room.url() }
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let answer = self.client.get(format!("{}{path}", self.base)).send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("UTF-8"))
    }

    /// Presses a button and reads the page that comes then.
    async fn press(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let fields: HashMap<_, _> = fields.iter().copied().collect();
        let answer = self.client.post(format!("{}{path}", self.base)).form(&fields).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.expect("UTF-8")
    }
}

async fn playing() -> (Rehearsal, Account) {
    let account = Account::start(|_, told| match told.element("MsgType") {
        "event" => Answer::Text("欢迎"),
        _ => Answer::Text("<b>收到</b>"),
    })
    .await;
    let room = Rehearsal::start(options(Some(&account), Tier::U)).await.expect("a free port");
    (room, account)
}

#[tokio::test]
async fn a_student_plays_a_follower_from_following_to_leaving() {
    let (room, _account) = playing().await;
    let browser = Browser::new(&room, "zh-CN,zh;q=0.9");
    let page = browser.press("/people", &[("way", "search")]).await;
    assert!(page.contains("关注者 1") && page.contains("欢迎"), "{page}");
    let page = browser.press("/people/0/say", &[("text", "<i>怎么投稿</i>"), ("kind", "text")]).await;
    assert!(page.contains("&lt;i&gt;怎么投稿") && page.contains("&lt;b&gt;收到"), "{page}");
    assert!(page.contains("公众号还能主动发 8 条"), "{page}");
    for kind in ["voice", "image", "location"] {
        browser.press("/people/0/say", &[("text", "操场"), ("kind", kind)]).await;
    }
    let page = browser.press("/people/0/leave", &[]).await;
    assert!(page.contains("已取消关注") && page.contains("再次关注"), "{page}");
    assert!(browser.press("/people/0/say", &[("text", "在吗")]).await.contains("要先关注"));
    let page = browser.press("/people/0/follow", &[("way", "search")]).await;
    assert!(page.contains("取消关注"), "{page}");
    assert_eq!(room.truth().followers[0].stays.len(), 2);
    assert_eq!(browser.get("/people/0/lines").await.1, room.conversation(0).len().to_string());
}

#[tokio::test]
async fn the_room_is_changed_by_its_buttons() {
    let (room, account) = playing().await;
    let browser = Browser::new(&room, "en-GB,en;q=0.9");
    for (path, fields, says) in [
        ("/room/verify", &[][..], "Verified"),
        ("/room/forge", &[], "the server took the message"),
        ("/room/wave", &[("people", "12"), ("way", "article")], "12 people will come"),
        ("/room/wave", &[("people", "many")], "could not be understood"),
        ("/room/publish", &[("title", "校园一周")], "The time of the rehearsal stands still"),
        ("/room/publish", &[("title", "又一篇")], "No mass sends are left"),
        ("/room/account", &[("tier", "F"), ("mode", "plain"), ("format", "xml")], "Set."),
        ("/room/account", &[("tier", "F"), ("mode", "safe"), ("format", "xml")], "give it with --aes-key"),
        ("/room/crowd", &[("rate", "3.5")], "Set."),
        ("/room/speed", &[("speed", "-1")], "could not be understood"),
        ("/room/callback", &[("callback", "ftp://x")], "cannot be a callback"),
        ("/room/callback", &[("callback", account.url.as_str())], "Set."),
        ("/room/break", &[("fault", "duplicates")], "The fault has begun"),
        ("/room/break", &[("fault", "tokens")], "The fault has begun"),
        ("/room/mend", &[], "Everything is mended"),
    ] {
        let page = browser.press(path, fields).await;
        assert!(page.contains(says), "{path} {fields:?}: {page}");
    }
    // What a button brought about is said once.
    assert!(!browser.get("/").await.1.contains("Everything is mended"));
    let page = browser.press("/people", &[("way", "scene"), ("scene", "stu_01")]).await;
    assert!(page.contains("Follower 1"), "{page}");
    assert_eq!(room.truth().scenes["stu_01"].followed, 1);
}

#[tokio::test]
async fn every_page_is_whole_in_both_languages() {
    let (room, _account) = playing().await;
    let (person, _) = room.join(rehearsal::Way::Search).await.unwrap();
    room.say(person, "你好").await.unwrap();
    reqwest::get(format!("{}/cgi-bin/user/get", room.url())).await.unwrap();
    for (languages, tag) in [("zh-CN", "zh-CN"), ("en", "en")] {
        let browser = Browser::new(&room, languages);
        for (path, status) in [
            ("/", 200),
            ("/people/0", 200),
            ("/requests", 200),
            ("/people/99", 404),
            ("/people/x", 404),
            ("/scan?ticket=no", 404),
        ] {
            let (got, page) = browser.get(path).await;
            assert_eq!(got, status, "{path}: {page}");
            assert!(page.contains(&format!("<html lang=\"{tag}\">")), "{path}");
            let prefixes = [
                "page", "overview", "play", "way", "person", "speed", "tier", "mode", "fault", "notice", "missing",
                "window", "kind", "days",
            ];
            for prefix in prefixes {
                assert!(!page.contains(&format!(">{prefix}-")), "{path} {tag}: a word of {prefix} is missing");
            }
        }
        let (_, page) = browser.get("/requests").await;
        assert!(page.contains("/cgi-bin/user/get") && page.contains("&lt;Content&gt;"), "{page}");
    }
    let browser = Browser::new(&room, "zh-CN");
    assert!(browser.press("/language", &[("language", "en")]).await.contains("Rehearsal room"));
    assert!(browser.get("/").await.1.contains("Rehearsal room"));
}

#[tokio::test]
async fn other_sites_can_press_nothing_and_nothing_runs_inline() {
    let (room, _account) = playing().await;
    let answer = reqwest::Client::new()
        .post(format!("{}/people", room.url()))
        .header("sec-fetch-site", "cross-site")
        .header("origin", "http://example.com")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 403);
    assert_eq!(room.truth().following, 0);
    let answer = reqwest::get(room.url()).await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let page = answer.text().await.unwrap();
    assert!(!page.contains("style=") && !page.contains("onclick") && !page.contains("<script>"), "{page}");
}

#[tokio::test]
async fn the_picture_of_a_code_leads_to_a_page_where_somebody_scans_it() {
    let (room, _account) = playing().await;
    room.set_tier(Tier::F);
    let account = rehearsal::Account::default();
    let query = format!("grant_type=client_credential&appid={}&secret={}", account.appid, account.secret);
    let answer = reqwest::get(format!("{}/cgi-bin/token?{query}", room.url())).await.unwrap();
    let token = answer.json::<serde_json::Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned();
    let body = r#"{"action_name":"QR_LIMIT_STR_SCENE","action_info":{"scene":{"scene_str":"stu_07"}}}"#;
    let url = format!("{}/cgi-bin/qrcode/create?access_token={token}", room.url());
    let code: serde_json::Value =
        reqwest::Client::new().post(url).body(body).send().await.unwrap().json().await.unwrap();
    let browser = Browser::new(&room, "zh-CN");
    let path = code["url"].as_str().unwrap().strip_prefix(&room.url()).unwrap().to_owned();
    let (status, page) = browser.get(&path).await;
    assert!(status == 200 && page.contains("stu_07"), "{page}");
    // The secret is covered where requests are shown.
    let (_, page) = browser.get("/requests").await;
    assert!(page.contains("secret=…") && !page.contains(&account.secret), "{page}");
}
