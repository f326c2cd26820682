//! What the host answers, and to whom it refuses.

use plugin_protocol::{Code, Failure};
use server::store::plugin::setting::{self, Change};
use server::store::post;
use tests::both;

use super::stage::*;

fn quiet(site: &Site, plugins: Vec<Status>) -> Host {
    host(site, plugins, |_, _, _, _| async { Ok(Value::Null) })
}

fn code(outcome: Result<Value, Failure>) -> Code {
    outcome.expect_err("it is refused").code
}

both!(nothing_is_given_without_its_permission, |site| {
    let room = site.classroom(1).await;
    let bare = manifest("bare", json!({}));
    enable(&site, &bare, &[&room]).await;
    let host = quiet(&site, vec![ready(bare.clone())]);
    let own = scope(&host, &bare, Some(room.class.id)).await;
    let asked = [
        (HostOp::Query, json!({ "sql": "select 1" })),
        (HostOp::Batch, json!({ "statements": [] })),
        (HostOp::Roster, json!({})),
        (HostOp::Classes, Value::Null),
        (HostOp::Secret, json!({ "name": "token" })),
        (HostOp::Schedule, json!({ "job": "a", "at": null, "key": "a" })),
        (HostOp::Emit, json!({ "name": "note.added" })),
        (HostOp::Service, json!({ "service": "rota.on_duty/1" })),
        (HostOp::Fetch, json!({ "method": "GET", "url": "https://example.com/" })),
    ];
    for (op, input) in asked {
        let refused = answer(&host, &bare, &own, op, input).await.expect_err("it is refused");
        assert_eq!(refused.code, Code::Denied, "{}: {refused}", op.name());
        assert!(refused.hint.is_some(), "{}: {refused}", op.name());
    }
    answer(&host, &bare, &own, HostOp::Log, json!({ "level": "info", "message": "fine" })).await.expect("it is taken");
    assert_eq!(answer(&host, &bare, &own, HostOp::Settings, Value::Null).await.expect("none"), json!({}));

    let junk = host::answer(&host, &bare, &own, HostOp::Log, b"{\n \"level\": 7}").await.expect_err("it is no line");
    assert_eq!(junk.code, Code::BadRequest);
    assert_eq!(junk.place.as_deref(), Some("log, line 2, column 11"));
    let loud = json!({ "level": "loud", "message": "" });
    assert_eq!(code(answer(&host, &bare, &own, HostOp::Log, loud).await), Code::BadRequest);
});

both!(only_classes_that_use_the_plugin_are_reached, |site| {
    let (own_room, other, stranger) = (site.classroom(2).await, site.classroom(1).await, site.classroom(1).await);
    let plugin = manifest("near", json!({ "permissions": ["roster"] }));
    enable(&site, &plugin, &[&own_room, &other]).await;
    let (db, now) = (&site.app.db, site.app.clock.now());
    let student = &own_room.students[1];
    post::give(db, own_room.actor(), own_room.class.id, student.id, "operator".into(), now).await.expect("given");
    let host = quiet(&site, vec![ready(plugin.clone())]);
    let own = scope(&host, &plugin, Some(own_room.class.id)).await;

    let roster = answer(&host, &plugin, &own, HostOp::Roster, Value::Null).await.expect("the class's own");
    let people = roster["people"].as_array().expect("people");
    let roles: Vec<&str> = people.iter().filter_map(|person| person["role"].as_str()).collect();
    assert_eq!(roles, ["teacher", "student", "student"]);
    assert_eq!(people[2]["posts"], json!(["operator"]));
    let of = |room: &Classroom| json!({ "class": room.class.id });
    let roster = answer(&host, &plugin, &own, HostOp::Roster, of(&other)).await.expect("it uses the plugin too");
    assert_eq!(roster["people"].as_array().map(Vec::len), Some(2));
    assert_eq!(code(answer(&host, &plugin, &own, HostOp::Roster, of(&stranger)).await), Code::Denied);
    assert_eq!(code(answer(&host, &plugin, &own, HostOp::Settings, of(&stranger)).await), Code::Denied);
    let nowhere = scope(&host, &plugin, None).await;
    assert_eq!(code(answer(&host, &plugin, &nowhere, HostOp::Roster, Value::Null).await), Code::BadRequest);

    let classes = answer(&host, &plugin, &nowhere, HostOp::Classes, Value::Null).await.expect("two");
    assert_eq!(classes["classes"].as_array().map(Vec::len), Some(2));
});

both!(a_secret_reaches_the_plugin_alone, |site| {
    let room = site.classroom(0).await;
    let title = json!({ "zh": "项", "en": "item" });
    let plugin = manifest(
        "near",
        json!({ "permissions": ["secrets"], "settings": [
            { "name": "token", "title": title, "kind": "secret" },
            { "name": "limit", "title": title, "kind": "number", "default": 5 },
        ]}),
    );
    enable(&site, &plugin, &[&room]).await;
    let host = quiet(&site, vec![ready(plugin.clone())]);
    let (db, now, class_id) = (&site.app.db, site.app.clock.now(), room.class.id);
    let secret = |text: &str| Change { name: "token".into(), value: Some(json!(text)), is_secret: true };
    let limit = Change { name: "limit".into(), value: Some(json!(7)), is_secret: false };
    let changes = vec![secret("of the class"), limit];
    setting::set(db, room.actor(), "near", None, vec![secret("of the site")], now).await.expect("set");
    let own = scope(&host, &plugin, Some(class_id)).await;
    let ask = || answer(&host, &plugin, &own, HostOp::Secret, json!({ "name": "token" }));
    assert_eq!(ask().await.expect("the site's")["value"], "of the site");
    setting::set(db, room.actor(), "near", Some(class_id), changes, now).await.expect("set");
    assert_eq!(ask().await.expect("the class's")["value"], "of the class");
    let in_force = answer(&host, &plugin, &own, HostOp::Settings, Value::Null).await.expect("without secrets");
    assert_eq!(in_force, json!({ "limit": 7 }));
    let context = scope(&host, &plugin, Some(class_id)).await.context;
    assert!(!serde_json::to_string(&context).expect("JSON").contains("of the"), "{context:?}");
    let stored = setting::list(db, "near", Some(class_id)).await.expect("the list");
    assert!(stored.iter().all(|one| !one.is_secret || one.value.is_null()));
    let logged = server::store::audit::list(db, 0, 20).await.expect("the log");
    assert!(logged.iter().any(|entry| entry.action == "plugin.settings"), "{logged:?}");
    assert!(!format!("{logged:?}").contains("of the class"));
    let other = json!({ "name": "limit" });
    assert_eq!(code(answer(&host, &plugin, &own, HostOp::Secret, other).await), Code::NotFound);
});

both!(a_service_is_asked_through_the_host, |site| {
    let room = site.classroom(1).await;
    let asking = manifest(
        "asking",
        json!({ "wants": ["rota.on_duty/1", "rota.coming/1", "rota.gone/1", "rota.fell/1", "rota.off/1"], "needs": ["rota.down/1"] }),
    );
    let offering = manifest("offering", json!({ "provides": ["rota.on_duty/1"] }));
    let coming = manifest("coming", json!({ "provides": ["rota.coming/1"] }));
    let down = manifest("down", json!({ "provides": ["rota.down/1", "rota.fell/1"] }));
    let off = manifest("off", json!({ "provides": ["rota.off/1"] }));
    // It comes first, and no class uses it.
    let another = manifest("another", json!({ "provides": ["rota.on_duty/1"] }));
    enable(&site, &asking, &[&room]).await;
    enable(&site, &offering, &[]).await;
    enable(&site, &another, &[]).await;
    for used in [&coming, &down, &off] {
        enable(&site, used, &[&room]).await;
    }
    let restarting = Status { state: State::Restarting, ..ready(coming) };
    let stopped = Status { state: State::Quarantined, ..ready(down) };
    let off = Status { state: State::Disabled, ..ready(off) };
    let host = host(
        &site,
        vec![ready(asking.clone()), ready(another), ready(offering.clone()), restarting, stopped, off],
        |id, _, scope, input| async move {
            let left = scope.deadline.saturating_duration_since(std::time::Instant::now()).as_millis();
            Ok(json!({ "id": id, "caller": input["caller"], "chain": scope.chain, "sooner": left < 20_000,
                   "base": scope.context.base }))
        },
    );
    let own = scope(&host, &asking, Some(room.class.id)).await;
    let ask = |service: &str| json!({ "service": service, "input": 1 });
    let unused = answer(&host, &asking, &own, HostOp::Service, ask("rota.on_duty/1")).await;
    assert_eq!(code(unused), Code::Unsupported, "the class does not use it");
    enable(&site, &offering, &[&room]).await;
    let said = answer(&host, &asking, &own, HostOp::Service, ask("rota.on_duty/1")).await.expect("an answer");
    assert_eq!((&said["id"], &said["caller"]), (&json!("offering"), &json!("asking")));
    assert_eq!((&said["chain"], &said["sooner"]), (&json!(["asking"]), &json!(true)));
    assert!(said["base"].as_str().is_some_and(|base| base.ends_with("/tools/offering")), "{said}");

    let coming = answer(&host, &asking, &own, HostOp::Service, ask("rota.coming/1")).await;
    assert_eq!(coming.expect("it is asked and waited for")["id"], "coming");
    assert_eq!(code(answer(&host, &asking, &own, HostOp::Service, ask("rota.gone/1")).await), Code::Unsupported);
    assert_eq!(code(answer(&host, &asking, &own, HostOp::Service, ask("rota.down/1")).await), Code::NotRunning);
    // What fell will be back, and what was switched off will not.
    assert_eq!(code(answer(&host, &asking, &own, HostOp::Service, ask("rota.fell/1")).await), Code::NotRunning);
    assert_eq!(code(answer(&host, &asking, &own, HostOp::Service, ask("rota.off/1")).await), Code::Unsupported);
    assert_eq!(code(answer(&host, &asking, &own, HostOp::Service, ask("rota.else/1")).await), Code::Denied);
    let waiting = Scope { chain: vec!["offering".into()], ..own.clone() };
    let circle = answer(&host, &asking, &waiting, HostOp::Service, ask("rota.on_duty/1")).await.expect_err("a circle");
    assert_eq!(circle.code, Code::Conflict);
    assert!(circle.message.contains("offering → asking → offering"), "{circle}");
});

both!(events_that_answer_events_come_to_an_end, |site| {
    let plugin = manifest("near", json!({ "events": { "emits": ["note.added"] } }));
    enable(&site, &plugin, &[]).await;
    let host = quiet(&site, vec![ready(plugin.clone())]);
    let own = scope(&host, &plugin, None).await;
    let emit = || json!({ "name": "note.added" });
    answer(&host, &plugin, &Scope { hops: 7, ..own.clone() }, HostOp::Emit, emit()).await.expect("the eighth");
    let ninth = answer(&host, &plugin, &Scope { hops: 8, ..own }, HostOp::Emit, emit()).await;
    assert_eq!(code(ninth), Code::Conflict);
});

/// A server elsewhere.
async fn elsewhere() -> String {
    use axum::response::Redirect;
    use axum::routing::{get, post};
    let router = axum::Router::new()
        .route("/echo", post(|body: String| async move { format!("你说：{body}") }))
        .route("/away", get(|| async { Redirect::temporary("http://169.254.169.254/") }))
        .route("/large", get(|| async { vec![0_u8; 5 * 1024 * 1024] }))
        .route("/never", get(std::future::pending::<()>));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

both!(other_servers_are_reached_as_the_manifest_says, |site| {
    let room = site.classroom(0).await;
    let address = elsewhere().await;
    let title = json!({ "zh": "项", "en": "item" });
    let plugin = manifest(
        "near",
        json!({ "http": [address, "{of_class}"], "settings": [{ "name": "of_class", "title": title }] }),
    );
    enable(&site, &plugin, &[&room]).await;
    let host = quiet(&site, vec![ready(plugin.clone())]);
    let own = scope(&host, &plugin, Some(room.class.id)).await;
    let fetch = |method: &str, url: String| {
        let body = if method == "POST" { "早" } else { "" };
        let input = json!({ "method": method, "url": url, "body": { "text": body } });
        answer(&host, &plugin, &own, HostOp::Fetch, input)
    };
    let said = fetch("POST", format!("http://{address}/echo")).await.expect("an answer");
    assert_eq!((&said["status"], &said["body"]["text"]), (&json!(200), &json!("你说：早")));
    let away = fetch("GET", format!("http://{address}/away")).await.expect("an answer");
    assert_eq!(away["status"], 307, "a redirect is not followed");
    assert_eq!(code(fetch("GET", format!("http://{address}/large")).await), Code::BadRequest);
    assert_eq!(code(fetch("GET", "http://127.0.0.1:1/".into()).await), Code::Denied);
    assert_eq!(code(fetch("GET", format!("http://{address}@example.com/")).await), Code::BadRequest);
    assert_eq!(code(fetch("GET", "file:///etc/passwd".into()).await), Code::BadRequest);
    let hurried = Scope { deadline: std::time::Instant::now() + std::time::Duration::from_millis(100), ..own.clone() };
    let never = json!({ "method": "GET", "url": format!("http://{address}/never") });
    assert_eq!(code(answer(&host, &plugin, &hurried, HostOp::Fetch, never).await), Code::Timeout);

    // What a teacher puts into a setting opens no way into the server's own network.
    let other = elsewhere().await;
    let (db, now, class_id) = (&site.app.db, site.app.clock.now(), room.class.id);
    let set = Change { name: "of_class".into(), value: Some(json!(other)), is_secret: false };
    setting::set(db, room.actor(), "near", Some(class_id), vec![set], now).await.expect("set");
    assert_eq!(code(fetch("POST", format!("http://{other}/echo")).await), Code::Denied);
});
