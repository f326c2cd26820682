//! The platform's interface in the kit: tiers, the one token, figures, codes, tags, drafts.

#![allow(missing_docs, clippy::unwrap_used)]

mod kit;

use std::time::Duration;

use kit::interface::{Interface, SEND, in_tier, send, tier, who_wrote};
use kit::{FAN, OTHER_FAN, event, everything, follower, host, seconds, tell, text, told};
use plugin_sdk::protocol::Code;
use plugin_sdk::serde_json::{Value, json};
use plugin_test::TestHost;

const TOKEN: &str = "/cgi-bin/stable_token";

#[test]
fn the_tier_is_found_by_asking_and_explained() {
    let host = host();
    let told_tier = tier(&host);
    assert_eq!((&told_tier["tier"], told_tier["name"]["zh"].as_str()), (&json!("0"), Some("还没有接入")));
    assert!(told_tier["next"]["zh"].as_str().unwrap().contains("接入服务器"));
    tell(&host, &text(FAN, 1, 1, "a"));
    assert_eq!(tier(&host)["tier"], "U", "messages arrive");

    for (kind, letter, found, next) in
        [("U", "U", "48001", "认证后"), ("S", "S", "48001", "服务号"), ("F", "F", "60 秒", "")]
    {
        let interface = Interface::of(&host, kind);
        host.post("/account/probe", &[]).redirects_to("/account");
        let told_tier = tier(&host);
        assert_eq!(told_tier["tier"], letter);
        assert!(told_tier["found_by"]["zh"].as_str().unwrap().contains(found), "{told_tier}");
        assert!(told_tier["next"]["zh"].as_str().unwrap_or_default().contains(next));
        assert_eq!(told_tier["checked_at"], "2026-10-12T00:00:00Z");
        let page = host.as_student(1).get("/");
        assert_eq!(page.values()["tier"], letter);
        drop(interface);
    }
    let changed: Vec<Value> =
        host.events().into_iter().filter(|event| event.name == "tier.changed").map(|event| event.data).collect();
    assert_eq!(changed, [json!({ "tier": "S" }), json!({ "tier": "F" })]);
    host.as_student(1).post("/account/probe", &[]).expect(403);
}

#[test]
fn what_hinders_probing_is_said_with_its_remedy_and_changes_no_tier() {
    let (host, interface) = in_tier("S");
    interface
        .change(|state| state.answers.insert(TOKEN.into(), json!({ "errcode": 40_164, "errmsg": "not in whitelist" })));
    host.advance(Duration::from_secs(7_200));
    assert_eq!(host.post("/account/probe", &[]).redirects_to("/account").notice(), Some("probe-failed"));
    let fault = host.get("/account").values()["faults"][0].clone();
    assert_eq!((&fault["code"], &fault["word"]), (&json!(40_164), &json!("fault-interface")));
    assert!(fault["do"].as_str().unwrap().contains("白名单"));
    assert_eq!(tier(&host)["tier"], "S");
    interface.change(|state| state.answers.clear());
    assert_eq!(host.post("/account/probe", &[]).notice(), Some("probe-done"));
    assert_eq!(host.get("/account").values()["faults"], json!([]), "what works again is no fault");
    interface.change(|state| state.is_away = true);
    host.advance(Duration::from_secs(7_200));
    assert_eq!(host.post("/account/probe", &[]).notice(), Some("probe-failed"));
    assert_eq!(host.get("/account").values()["faults"][0]["word"], "fault-unreachable");
    host.post("/account/faults/clear", &[]).redirects_to("/account");
    assert_eq!(host.get("/account").values()["faults"], json!([]));
}

#[test]
fn new_settings_have_the_account_checked() {
    let host = host();
    assert!(host.scheduled().is_empty(), "there is nothing to ask with");
    let interface = Interface::of(&host, "S");
    host.advance(Duration::from_secs(1));
    assert_eq!((interface.calls("/cgi-bin/user/get"), tier(&host)["tier"].as_str()), (1, Some("S")));
}

#[test]
fn a_probe_without_secret_says_what_is_missing() {
    let host = host();
    assert_eq!(host.post("/account/probe", &[]).redirects_to("/account").notice(), Some("probe-not-set"));
    assert!(host.fetches().is_empty());
}

#[test]
fn many_calls_at_once_fetch_one_token() {
    let (host, interface) = in_tier("S");
    let ids: Vec<String> = (0..8)
        .map(|number| {
            tell(&host, &text(&format!("oFan{number}"), seconds(&host), 100 + number, "a"));
            follower(&host)
        })
        .collect();
    let fetched = interface.calls(TOKEN);
    host.advance(Duration::from_secs(7_200 - 301));
    send(&host, &ids[0], "early");
    assert_eq!(interface.calls(TOKEN), fetched, "it holds until five minutes before its end");
    host.advance(Duration::from_secs(1));
    std::thread::scope(|scope| {
        for id in &ids {
            let host = &host;
            scope.spawn(move || assert_eq!(send(host, id, &format!("key of {id}"))["result"], "sent"));
        }
    });
    assert_eq!(interface.calls(TOKEN), fetched + 1);
    let kept = everything(&host);
    assert!(!kept.contains("token-1") && !kept.contains(kit::SECRET), "{kept}");
}

#[test]
fn another_secret_fetches_another_token() {
    let (host, interface) = in_tier("S");
    let (id, fetched) = (who_wrote(&host), interface.calls(TOKEN));
    assert_eq!(send(&host, &id, "a")["result"], "sent");
    interface.change(|state| state.secret = "another-secret".into());
    host.set("app_secret", "another-secret");
    assert_eq!(send(&host, &id, "b")["result"], "sent");
    assert_eq!(interface.calls(TOKEN), fetched + 1, "the old token cannot be opened with the new secret");
}

#[test]
fn one_call_that_works_says_nothing_about_the_others() {
    let (host, interface) = in_tier("S");
    let id = who_wrote(&host);
    interface.change(|state| state.answers.insert(SEND.into(), json!({ "errcode": 48_004 })));
    let told = send(&host, &id, "a");
    assert!(told["hint"]["zh"].as_str().unwrap().contains("（错误码 48004）"), "{told}");
    host.post("/account/probe", &[]).redirects_to("/account");
    let faults = host.get("/account").values()["faults"].clone();
    assert_eq!((faults.as_array().unwrap().len(), &faults[0]["code"]), (1, &json!(48_004)));
    interface.change(|state| state.answers.clear());
    assert_eq!(send(&host, &id, "a")["result"], "sent");
    assert_eq!(host.get("/account").values()["faults"], json!([]));
}

#[test]
fn a_refused_token_is_renewed_once() {
    let (host, interface) = in_tier("S");
    let id = who_wrote(&host);
    interface.change(|state| state.revoked = 1);
    assert_eq!(send(&host, &id, "a")["result"], "sent");
    assert_eq!(interface.change(|state| state.tokens), 2);
    // A platform that refuses whatever it gives is not asked for ever.
    interface.change(|state| state.answers.insert(SEND.into(), json!({ "errcode": 42_001 })));
    let (calls, fetched) = (interface.calls(SEND), interface.calls(TOKEN));
    let refused = send(&host, &id, "b");
    assert_eq!(refused["result"], "failed");
    assert!(refused["hint"]["zh"].as_str().unwrap().contains("AppSecret"));
    assert_eq!(interface.calls(SEND), calls + 2);
    assert_eq!(interface.calls(TOKEN), fetched + 2, "the same token, then a forced one");
    interface.change(|state| state.answers.clear());
    assert_eq!(send(&host, &id, "b")["result"], "sent", "what was not sent may be tried again");
}

#[test]
fn figures_come_by_day_until_they_are_complete() {
    let (host, interface) = in_tier("S");
    let day = |day: &str, source: i64, new: i64, cancel: i64| json!({ "ref_date": day, "user_source": source, "new_user": new, "cancel_user": cancel });
    let changes = json!({ "list": [
        day("2026-10-10", 0, 5, 1), day("2026-10-10", 30, 7, 0), day("2026-10-10", 43, 1, 0), day("2026-10-11", 0, 2, 0),
    ] });
    interface.change(|state| {
        state.answers.insert("/datacube/getusersummary".into(), changes);
        let totals = json!({ "list": [{ "ref_date": "2026-10-10", "user_source": 0, "cumulate_user": 120 }] });
        state.answers.insert("/datacube/getusercumulate".into(), totals);
    });
    host.run_job("figures");
    let asked =
        || host.service("channel.daily_figures/1", json!({ "from": "2026-10-01", "to": "2026-10-31" })).unwrap();
    let sources = json!([
        { "source": "other", "gained": 6, "lost": 1 }, { "source": "qr", "gained": 7, "lost": 0 },
    ]);
    let first = json!({
        "date": "2026-10-10", "gained": 13, "lost": 1, "total": 120, "sources": sources,
        "fetched_at": "2026-10-12T00:00:00Z",
    });
    assert_eq!(asked(), json!({ "available": true, "days": [first] }), "yesterday is not ready");
    let last = host.fetches().iter().rfind(|fetch| fetch.url.contains("getusersummary")).unwrap().clone();
    let last: Value = plugin_sdk::serde_json::from_slice(last.body.as_bytes()).unwrap();
    assert_eq!(last["end_date"], "2026-10-11", "never today");

    interface.change(|state| {
        let totals = json!({ "list": [{ "ref_date": "2026-10-11", "cumulate_user": 122 }] });
        state.answers.insert("/datacube/getusercumulate".into(), totals);
    });
    host.advance(Duration::from_secs(3_600));
    host.run_job("figures");
    assert_eq!(asked()["days"][1]["total"], 122);
    assert_eq!(asked()["days"].as_array().unwrap().len(), 2);
    let order: Vec<String> =
        host.fetches().iter().filter(|one| one.url.contains("datacube")).map(|one| one.url.clone()).collect();
    assert!(
        order[0].contains("cumulate") && order[1].contains("summary"),
        "changes may become ready in between: {order:?}"
    );

    // The platform corrects a day; it is asked once more on the next morning, and then no more.
    interface.change(|state| {
        let totals = json!({ "list": [{ "ref_date": "2026-10-11", "cumulate_user": 121 }] });
        state.answers.insert("/datacube/getusercumulate".into(), totals);
    });
    host.run_job("figures");
    assert_eq!(asked()["days"][1]["total"], 122, "not on the same day");
    host.advance(Duration::from_secs(24 * 3_600));
    host.run_job("figures");
    assert_eq!(asked()["days"][1]["total"], 121);
    interface.change(|state| {
        let totals = json!({ "list": [{ "ref_date": "2026-10-11", "cumulate_user": 7 }] });
        state.answers.insert("/datacube/getusercumulate".into(), totals);
    });
    host.advance(Duration::from_secs(24 * 3_600));
    host.run_job("figures");
    assert_eq!(asked()["days"][1]["total"], 121);

    let (lower, _) = in_tier("U");
    let asked = lower.service("channel.daily_figures/1", json!({ "from": "2026-10-01", "to": "2026-10-31" })).unwrap();
    assert_eq!((&asked["available"], &asked["days"]), (&json!(false), &json!([])));
    assert!(asked["why"]["zh"].is_string());
    lower.run_job("figures");
    assert!(!lower.fetches().iter().any(|fetch| fetch.url.contains("datacube")), "what is not allowed is not asked");
    let wrong = lower.service("channel.daily_figures/1", json!({ "from": "2026-10-02", "to": "2026-10-01" }));
    let wrong = wrong.unwrap_err();
    assert_eq!((wrong.code, wrong.place.as_deref()), (Code::BadRequest, Some("to")));
}

#[test]
fn a_scene_has_one_code() {
    let (host, interface) = in_tier("F");
    let code = |scene: &str| host.service("channel.scene_code/1", json!({ "scene": scene }));
    let calls = interface.calls("/cgi-bin/qrcode/create");
    let first = code("stu_A07").unwrap();
    assert_eq!(first, json!({ "available": true, "url": "http://weixin.qq.com/q/stu_A07" }));
    assert_eq!(code("stu_A07").unwrap(), first);
    assert_eq!(interface.calls("/cgi-bin/qrcode/create"), calls + 1);
    assert_eq!(code("").unwrap_err().code, Code::BadRequest);
    assert_eq!(code(&"长".repeat(65)).unwrap_err().code, Code::BadRequest);
    let (lower, interface) = in_tier("S");
    let calls = interface.calls("/cgi-bin/qrcode/create");
    let told = lower.service("channel.scene_code/1", json!({ "scene": "stu_A07" })).unwrap();
    assert_eq!(told["available"], false);
    assert_eq!(interface.calls("/cgi-bin/qrcode/create"), calls);
}

#[test]
fn tags_and_drafts_go_to_the_platform() {
    let (host, interface) = in_tier("S");
    let id = who_wrote(&host);
    for _ in 0..2 {
        let told = host.service("channel.tag/1", json!({ "follower": id, "tag": "问过报名" })).unwrap();
        assert_eq!(told, json!({ "available": true }));
    }
    assert_eq!(interface.calls("/cgi-bin/tags/create"), 1);
    assert_eq!(interface.calls("/cgi-bin/tags/members/batchtagging"), 2);
    let draft = json!({ "title": "秋季招新", "author": "学生 01", "content_html": "<p>来吧</p>", "digest": "一句话" });
    for _ in 0..2 {
        let told = host.service("channel.draft/1", draft.clone()).unwrap();
        assert_eq!(told, json!({ "available": true, "draft": "draft-1" }));
    }
    assert_eq!(interface.calls("/cgi-bin/material/add_material"), 1);
    let sent = host.fetches().iter().rfind(|fetch| fetch.url.contains("draft/add")).unwrap().clone();
    let sent: Value = plugin_sdk::serde_json::from_slice(sent.body.as_bytes()).unwrap();
    assert_eq!(sent["articles"][0]["thumb_media_id"], "cover-1");
    assert_eq!(sent["articles"][0]["title"], "秋季招新");
    let long = json!({ "title": "长".repeat(65), "author": "", "content_html": "a" });
    assert_eq!(host.service("channel.draft/1", long).unwrap_err().code, Code::BadRequest);
    let (lower, _) = in_tier("U");
    assert_eq!(lower.service("channel.draft/1", draft).unwrap()["available"], false);
}

#[test]
fn who_left_unheard_is_found_and_forgotten() {
    let (host, interface) = in_tier("S");
    tell(&host, &event(FAN, seconds(&host), "subscribe", ""));
    let gone = follower(&host);
    tell(&host, &event(OTHER_FAN, seconds(&host), "subscribe", ""));
    interface.change(|state| state.followers = vec![OTHER_FAN.into(), "oSomebodyElse".into()]);
    host.run_job("reconcile");
    assert_eq!(told(&host).iter().filter(|name| *name == "follower.lost").count(), 0, "they came a moment ago");
    host.advance(Duration::from_secs(7_200));
    // A list that ends early is no reason to forget anybody.
    interface.change(|state| {
        let short = json!({ "total": 9, "count": 1, "data": { "openid": ["oSomebodyElse"] }, "next_openid": "" });
        state.answers.insert("/cgi-bin/user/get".into(), short)
    });
    host.run_job("reconcile");
    assert!(!told(&host).contains(&"follower.lost".into()));
    interface.change(|state| state.answers.clear());
    host.run_job("reconcile");
    let last = host.events().last().unwrap().clone();
    assert_eq!((last.name.as_str(), last.data["follower"].as_str()), ("follower.lost", Some(gone.as_str())));
    let kept = everything(&host);
    assert!(!kept.contains(FAN) && kept.contains(OTHER_FAN));
}

#[test]
fn a_list_of_several_pages_is_read_to_its_end_or_forgets_nobody() {
    let (host, interface) = in_tier("S");
    tell(&host, &event(FAN, seconds(&host), "subscribe", ""));
    host.advance(Duration::from_secs(2 * 3_600));
    let many: Vec<String> = (0..5).map(|number| format!("oSomebody{number}")).collect();
    interface.change(|state| (state.followers, state.page) = (many.clone(), 2));
    // A refusal on a later page; whoever follows is on the last one.
    interface.change(|state| state.refuses_after = 1);
    host.run_job("reconcile");
    assert!(everything(&host).contains(FAN), "the list was not read to its end");
    interface.change(|state| (state.followers, state.refuses_after) = ([many.clone(), vec![FAN.into()]].concat(), 0));
    host.run_job("reconcile");
    assert!(everything(&host).contains(FAN), "it is on the last page");
    interface.change(|state| state.followers = many);
    host.run_job("reconcile");
    assert!(!everything(&host).contains(FAN));
}

#[test]
fn calls_are_counted_by_the_day_and_stop_at_the_platforms_bound() {
    let (host, interface) = in_tier("S");
    host.change("update api_use set count = 500 where call = '/cgi-bin/user/get'", Vec::new());
    let calls = interface.calls("/cgi-bin/user/get");
    assert_eq!(host.post("/account/probe", &[]).notice(), Some("probe-used-up"));
    assert_eq!(interface.calls("/cgi-bin/user/get"), calls);
    let quotas = host.get("/account").values()["quotas"].clone();
    let line = quotas.as_array().unwrap().iter().find(|line| line["word"] == "quota-followers").unwrap().clone();
    assert_eq!((&line["count"], &line["most"]), (&json!(500), &json!(500)));
    host.advance(Duration::from_secs(16 * 3_600));
    assert_eq!(host.post("/account/probe", &[]).notice(), Some("probe-done"), "a new day in +08:00");
}

#[test]
fn the_rehearsal_server_takes_the_platforms_place() {
    let host = host();
    host.set("rehearsal_server", "http://localhost:9001/{class}/");
    host.set("connection", "rehearsal");
    host.set("app_secret", kit::SECRET);
    host.serve(|fetch| {
        let class = plugin_test::CLASS;
        assert!(fetch.url.starts_with(&format!("http://localhost:9001/{class}/cgi-bin/")), "{}", fetch.url);
        let body = match fetch.url.contains("stable_token") {
            true => json!({ "access_token": "t", "expires_in": 7200 }),
            false => json!({ "errcode": 48_001 }),
        };
        let body = plugin_sdk::protocol::body::Body::Text(body.to_string());
        Ok(plugin_sdk::protocol::host::Fetched { status: 200, headers: Vec::new(), body })
    });
    assert_eq!(host.post("/account/probe", &[]).notice(), Some("probe-done"));
    let page = host.get("/account");
    assert_eq!((&page.values()["is_rehearsal"], &page.values()["mode"]), (&json!(true), &json!("plain")));
    assert_eq!(page.values()["app_id"], kit::APP);
}

#[test]
fn only_the_host_is_told_what_connects_a_rehearsal() {
    let host = TestHost::new(&wechat::PLUGIN);
    let asked = || json!({ "api": "http://127.0.0.1:8090", "app_id": "wx0", "app_secret": "s", "token": "abc" });
    assert_eq!(host.service("channel.rehearsal/1", asked()).unwrap_err().code, Code::Denied);
    let told = host.service_for("host", "channel.rehearsal/1", asked()).unwrap();
    assert_eq!(told["callback"], "/callback");
    assert_eq!(told["site"], json!({ "rehearsal_server": "http://127.0.0.1:8090" }));
    let settings = told["class"].as_object().unwrap();
    assert_eq!((&settings["connection"], &settings["encrypted_only"]), (&json!("rehearsal"), &json!(false)));
    assert_eq!((&settings["app_id"], &settings["token"]), (&json!("wx0"), &json!("abc")));
    assert!(host.service_for("host", "channel.rehearsal/1", json!({})).is_err());
}

#[test]
fn the_demo_is_filled_once_and_by_the_host_alone() {
    let host = TestHost::new(&wechat::PLUGIN);
    let asked = || json!({ "from": "2026-09-01", "to": "2026-12-31", "today": "2026-10-12" });
    assert_eq!(host.service("channel.demo/1", asked()).unwrap_err().code, Code::Denied);
    assert_eq!(host.service_for("host", "channel.demo/1", asked()).unwrap(), json!({ "filled": true }));
    let filled = everything(&host);
    assert_eq!(host.service_for("host", "channel.demo/1", asked()).unwrap(), json!({ "filled": false }));
    assert_eq!(everything(&host), filled);
    assert_eq!(tier(&host)["tier"], "U");
    let page = host.get("/account");
    assert_eq!(page.values()["callbacks"].as_array().unwrap().len(), 14);
    assert_eq!(page.values()["callbacks"][0]["at"], "10-11 23:29");
    assert!(page.values()["steps"].as_array().unwrap()[2..4].iter().all(|step| step["done"] == true));
}
