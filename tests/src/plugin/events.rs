//! Events: at least once, each effect once, and one that cannot be handled holds up nobody.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use plugin_protocol::Code;
use server::plugins::delivery::{run_due, sweep};
use server::store::plugin::delivery;
use server::store::roster;
use tests::both;

use super::stage::*;

fn hearing(id: &str, names: &[&str]) -> Manifest {
    manifest(id, json!({ "events": { "hears": names, "emits": names }, "permissions": ["tables"] }))
}

/// A host whose plugins note what they hear.
fn noting(site: &Site, plugins: Vec<Status>) -> (Host, Calls) {
    let calls = Calls::default();
    let noted = calls.clone();
    let host = host(site, plugins, move |plugin, _, _, input| {
        noted.lock().expect("no test panicked").push((plugin, input));
        async { Ok(Value::Null) }
    });
    (host, calls)
}

both!(an_event_reaches_the_plugins_of_its_class, |site| {
    let (one, other) = (site.classroom(1).await, site.classroom(1).await);
    let (near, far, deaf) = (hearing("near", &["note.added"]), hearing("far", &["note.added"]), hearing("deaf", &[]));
    enable(&site, &near, &[&one]).await;
    enable(&site, &far, &[&other]).await;
    enable(&site, &deaf, &[&one]).await;
    let (host, calls) = noting(&site, vec![ready(near.clone()), ready(far), ready(deaf)]);

    let own = scope(&host, &near, Some(one.class.id)).await;
    let emit = json!({ "name": "note.added", "data": { "text": "一" } });
    answer(&host, &near, &own, HostOp::Emit, emit).await.expect("it is told");
    run_due(&host).await.expect("it is delivered");
    run_due(&host).await.expect("nothing is left");
    let heard = seen(&calls);
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!(heard[0].0, "near");
    assert_eq!(heard[0].1["data"]["text"], "一");
    assert_eq!(heard[0].1["from"], "near");

    // An event of no class is for everybody who hears it.
    let nowhere = scope(&host, &near, None).await;
    answer(&host, &near, &nowhere, HostOp::Emit, json!({ "name": "note.added" })).await.expect("it is told");
    run_due(&host).await.expect("it is delivered");
    assert_eq!(seen(&calls).len(), 3);
});

both!(who_joins_and_leaves_a_class_is_told, |site| {
    let room = site.classroom(1).await;
    let plugin = hearing("near", &["class.member_joined", "class.member_left"]);
    enable(&site, &plugin, &[&room]).await;
    let (host, calls) = noting(&site, vec![ready(plugin)]);
    let (db, now) = (&site.app.db, site.app.clock.now());
    let (class_id, person) = (room.class.id, room.students[0].id);
    for present in [false, true] {
        roster::student::set_present(db, room.actor(), class_id, person, present, now).await.expect("it is noted");
    }
    roster::student::add(db, room.actor(), class_id, "20269999".into(), "学生 99".into(), now).await.expect("added");
    run_due(&host).await.expect("all is delivered");
    let names: Vec<String> = seen(&calls).iter().map(|(_, event)| event["name"].to_string()).collect();
    assert_eq!(names, ["\"class.member_left\"", "\"class.member_joined\"", "\"class.member_joined\""]);
    assert_eq!(seen(&calls)[0].1["data"]["person"], person.to_string());
    assert_eq!(seen(&calls)[0].1["from"], "course");
});

both!(what_a_batch_tells_is_told_if_the_batch_is_done, |site| {
    let room = site.classroom(1).await;
    let plugin = hearing("near", &["note.added"]);
    enable(&site, &plugin, &[&room]).await;
    let (host, calls) = noting(&site, vec![ready(plugin.clone())]);
    let own = scope(&host, &plugin, Some(room.class.id)).await;
    let batch = json!({ "statements": [], "once": "first", "emit": [{ "name": "note.added", "data": 1 }] });
    for _ in 0..2 {
        answer(&host, &plugin, &own, HostOp::Batch, batch.clone()).await.expect("it is done");
    }
    let wrong = json!({
        "statements": [{ "sql": "delete from nowhere" }],
        "emit": [{ "name": "note.added", "data": 2 }],
    });
    answer(&host, &plugin, &own, HostOp::Batch, wrong).await.expect_err("there is no such table");
    run_due(&host).await.expect("all is delivered");
    let heard: Vec<Value> = seen(&calls).iter().map(|(_, event)| event["data"].clone()).collect();
    assert_eq!(heard, [json!(1)]);

    // A key is remembered for long, and not for ever.
    for (days, told) in [(399, 1), (2, 2)] {
        site.app.clock.set(site.app.clock.now() + TimeDelta::days(days));
        sweep(&host).await.expect("old keys are forgotten");
        answer(&host, &plugin, &own, HostOp::Batch, batch.clone()).await.expect("it is done");
        run_due(&host).await.expect("all is delivered");
        assert_eq!(seen(&calls).len(), told, "after {days} more days");
    }
});

both!(an_event_that_fails_becomes_a_dead_letter_and_can_be_sent_again, |site| {
    let room = site.classroom(1).await;
    let plugin = hearing("near", &["note.added"]);
    enable(&site, &plugin, &[&room]).await;
    let works = Arc::new(AtomicUsize::new(0));
    let switch = works.clone();
    let host = host(&site, vec![ready(plugin.clone())], move |_, _, _, _| {
        let works = switch.load(Ordering::SeqCst) > 0;
        async move { if works { Ok(Value::Null) } else { Err(Failure::new(Code::PluginError, "no")) } }
    });
    let db = &site.app.db;
    let own = scope(&host, &plugin, Some(room.class.id)).await;
    answer(&host, &plugin, &own, HostOp::Emit, json!({ "name": "note.added" })).await.expect("it is told");
    for tries in 1..=5 {
        assert_eq!(delivery::dead(db, "near", 10).await.expect("the list").len(), 0, "before try {tries}");
        run_due(&host).await.expect("it is tried");
        site.app.clock.set(site.app.clock.now() + TimeDelta::minutes(10));
    }
    let dead = delivery::dead(db, "near", 10).await.expect("the list");
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].attempts, 5);
    assert_eq!(dead[0].last_failure.as_deref(), Some("plugin-error: no"));

    works.store(1, Ordering::SeqCst);
    run_due(&host).await.expect("a dead letter stays where it is");
    assert_eq!(delivery::counts(db, "near").await.expect("counts"), (0, 1));
    let now = site.app.clock.now();
    delivery::again(db, Some(room.actor()), "other", dead[0].id, now).await.expect_err("it is of another plugin");
    delivery::again(db, Some(room.actor()), "near", dead[0].id, now).await.expect("it is sent again");
    run_due(&host).await.expect("it is delivered");
    assert_eq!(delivery::counts(db, "near").await.expect("counts"), (0, 0));

    assert_eq!(delivery::sweep(db, now + TimeDelta::days(6)).await.expect("swept"), 0);
    assert_eq!(delivery::sweep(db, now + TimeDelta::days(8)).await.expect("swept"), 1);
});

/// How many events the next test sends; `COURSE_TESTS_EVENTS=10000` is the long run.
fn events() -> usize {
    std::env::var("COURSE_TESTS_EVENTS").ok().and_then(|count| count.parse().ok()).unwrap_or(300)
}

both!(every_event_takes_effect_once_though_workers_die, |site| {
    let room = site.classroom(1).await;
    let create = "create table heard (event uuid primary key, poison boolean not null)";
    let create = json!([{ "name": "001_heard", "sqlite": create, "postgres": create }]);
    let fields = json!({
        "events": { "hears": ["note.added"], "emits": ["note.added"] },
        "permissions": ["tables"], "migrations": create, "impersonal_tables": ["heard"],
    });
    let plugin = manifest("near", fields);
    enable(&site, &plugin, &[&room]).await;
    let (tried, died) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    // What the plugin does: its effect, once for each event. Every 100th call the worker dies, by turns before and after
    // it; under the poisoned event always.
    let inner = host(&site, vec![ready(plugin.clone())], |_, _, _, _| async { Ok(Value::Null) });
    let (calls, deaths, own) = (tried.clone(), died.clone(), plugin.clone());
    let tables = inner.shared.tables.of(&inner.parts, "near").await.expect("the tables open");
    tables.migrate(&plugin, site.app.clock.now()).await.expect("the tables are made");
    let host = host(&site, vec![ready(plugin.clone())], move |_, _, scope, event| {
        let (host, plugin) = (inner.clone(), own.clone());
        let call = calls.fetch_add(1, Ordering::SeqCst);
        let poison = event["data"] == "poison";
        let dies = call % 100 == 50;
        let late = call % 200 == 50;
        if dies || poison {
            deaths.fetch_add(1, Ordering::SeqCst);
        }
        async move {
            let died = || Failure::new(Code::WorkerDied, "signal 9");
            if poison || (dies && !late) {
                return Err(died());
            }
            let insert = "insert into heard (event, poison) values ($1, $2)";
            let parameters = json!([{ "uuid": event["id"] }, poison]);
            let once = event["id"].as_str().expect("an id");
            let batch = json!({ "once": once, "statements": [{ "sql": insert, "parameters": parameters }] });
            answer(&host, &plugin, &scope, HostOp::Batch, batch).await?;
            if dies { Err(died()) } else { Ok(Value::Null) }
        }
    });

    let count = events();
    let own = scope(&host, &plugin, Some(room.class.id)).await;
    for index in 0..count {
        let data = if index == count / 3 { json!("poison") } else { json!(index) };
        answer(&host, &plugin, &own, HostOp::Emit, json!({ "name": "note.added", "data": data })).await.expect("told");
    }
    let db = &site.app.db;
    let deliver = async || {
        for _ in 0..10 {
            run_due(&host).await.expect("they are delivered");
            site.app.clock.set(site.app.clock.now() + TimeDelta::seconds(10));
        }
    };
    deliver().await;
    // In a long run an event may lose its worker twice without a fault of its own: it is a dead letter, and sent again.
    let dead = delivery::dead(db, "near", 100).await.expect("the list");
    assert!(dead.len() <= 1 + count / 5_000, "{} of {count} were given up", dead.len());
    for letter in dead {
        delivery::again(db, None, "near", letter.id, site.app.clock.now()).await.expect("it is sent again");
    }
    deliver().await;
    assert_eq!(delivery::counts(db, "near").await.expect("counts"), (0, 1), "only the poisoned one is left");
    let dead = delivery::dead(db, "near", 10).await.expect("the list");
    assert_eq!((dead[0].data.as_str(), dead[0].deaths), ("\"poison\"", 2));
    assert!(died.load(Ordering::SeqCst) >= count / 100 + 2);
    assert!(tried.load(Ordering::SeqCst) > count, "some were handled again");
    let own = scope(&host, &plugin, Some(room.class.id)).await;
    let query = json!({ "sql": "select event from heard" });
    let rows = answer(&host, &plugin, &own, HostOp::Query, query).await;
    match count {
        ..=5_000 => assert_eq!(rows.expect("rows")["rows"].as_array().expect("rows").len(), count - 1),
        _ => {
            let query = json!({ "sql": "select count(*) as all_of_them from heard" });
            let rows = answer(&host, &plugin, &own, HostOp::Query, query).await.expect("one row");
            assert_eq!(rows["rows"][0][0], count - 1);
        }
    }
});

both!(two_nodes_deliver_each_event_once, |site| {
    let room = site.classroom(1).await;
    let plugin = hearing("near", &["note.added"]);
    enable(&site, &plugin, &[&room]).await;
    let (one, calls) = noting(&site, vec![ready(plugin.clone())]);
    let other = Host { shared: Shared::default(), ..one.clone() };
    let own = scope(&one, &plugin, Some(room.class.id)).await;
    for index in 0..250 {
        let emit = json!({ "name": "note.added", "data": index });
        answer(&one, &plugin, &own, HostOp::Emit, emit).await.expect("it is told");
    }
    let (first, second) = tokio::join!(run_due(&one), run_due(&other));
    first.and(second).expect("both deliver");
    let mut heard: Vec<i64> = seen(&calls).iter().filter_map(|(_, event)| event["data"].as_i64()).collect();
    heard.sort_unstable();
    assert_eq!(heard, (0..250).collect::<Vec<_>>());
});
