//! Jobs: at their moment in the class's time, each on one node, tried again when they fail.

use std::sync::atomic::{AtomicBool, Ordering};

use plugin_protocol::Code;
use server::plugins::jobs::run_due;
use server::store::class::{self, Settings};
use server::store::plugin::{incident, job};
use tests::both;

use super::stage::*;

fn with_jobs(jobs: Value) -> Manifest {
    manifest("clock", json!({ "jobs": jobs, "permissions": ["schedule"] }))
}

fn noting(site: &Site, plugin: &Manifest) -> (Host, Calls, Arc<AtomicBool>) {
    let (calls, fails) = (Calls::default(), Arc::new(AtomicBool::new(false)));
    let (noted, failing) = (calls.clone(), fails.clone());
    let host = host(site, vec![ready(plugin.clone())], move |_, _, scope, input| {
        let class = scope.context.class.map(|class| class.name).unwrap_or_default();
        noted.lock().expect("no test panicked").push((class, input));
        let fails = failing.load(Ordering::SeqCst);
        async move { if fails { Err(Failure::new(Code::PluginError, "no")) } else { Ok(Value::Null) } }
    });
    (host, calls, fails)
}

fn moments(calls: &Calls) -> Vec<(String, String)> {
    seen(calls).into_iter().map(|(class, job)| (class, job["due_at"].as_str().unwrap_or_default().to_owned())).collect()
}

both!(in_an_archived_class_only_what_says_so_runs, |site| {
    let plugin = with_jobs(json!([
        { "id": "morning", "schedule": "30 8 * * *" },
        { "id": "forget", "schedule": "30 8 * * *", "in_archive": true },
    ]));
    let room = site.classroom(1).await;
    enable(&site, &plugin, &[&room]).await;
    let (host, calls, _) = noting(&site, &plugin);
    run_due(&host).await.expect("they are planned");
    let now = site.app.clock.now();
    class::set_archived(&site.app.db, room.actor(), room.class.id, true, now).await.expect("it is archived");
    for day in 12..14 {
        site.set_time(&format!("2026-10-{day} 08:30:00"));
        run_due(&host).await.expect("what is due runs");
    }
    let names: Vec<_> = seen(&calls).into_iter().map(|(_, job)| job["job"].clone()).collect();
    assert_eq!(names, ["forget", "forget"]);
});

both!(a_job_runs_in_the_time_of_each_class, |site| {
    let plugin = with_jobs(json!([
        { "id": "morning", "schedule": "30 8 * * *" },
        { "id": "site", "schedule": "0 9 * * *", "for_each_class": false },
    ]));
    let (here, there) = (site.classroom(1).await, site.classroom(1).await);
    let settings = Settings {
        course: there.class.course.clone(),
        name: "柏林班".into(),
        term: there.class.term.clone(),
        join_rule: "roster".into(),
        time_zone: "Europe/Berlin".into(),
    };
    let now = site.app.clock.now();
    class::change(&site.app.db, there.actor(), there.class.id, settings, now).await.expect("it moves");
    enable(&site, &plugin, &[&here, &there]).await;
    let (host, calls, _) = noting(&site, &plugin);

    run_due(&host).await.expect("they are planned");
    assert_eq!(seen(&calls), []);
    site.set_time("2026-10-12 08:30:00");
    run_due(&host).await.expect("one runs");
    run_due(&host).await.expect("once");
    assert_eq!(moments(&calls), [(here.class.name.clone(), "2026-10-12T00:30:00Z".to_owned())]);
    site.set_time("2026-10-12 09:00:10");
    run_due(&host).await.expect("that of the site runs");
    assert_eq!(moments(&calls)[1], (String::new(), "2026-10-12T01:00:00Z".to_owned()));
    site.set_time("2026-10-12 14:31:00");
    run_due(&host).await.expect("that of the other class runs");
    assert_eq!(moments(&calls)[2], ("柏林班".to_owned(), "2026-10-12T06:30:00Z".to_owned()));

    // A class that no longer uses the plugin has no jobs.
    let now = site.app.clock.now();
    plugin::class::remove(&site.app.db, here.actor(), here.class.id, "clock", now).await.expect("it is taken away");
    site.set_time("2026-10-13 08:30:00");
    run_due(&host).await.expect("nothing runs");
    assert_eq!(seen(&calls).len(), 3);
});

both!(two_nodes_run_each_job_once, |site| {
    let plugin = with_jobs(json!([{ "id": "morning", "schedule": "30 8 * * *" }]));
    let rooms = [site.classroom(0).await, site.classroom(0).await, site.classroom(0).await];
    enable(&site, &plugin, &rooms.iter().collect::<Vec<_>>()).await;
    let (one, calls, _) = noting(&site, &plugin);
    let other = one.clone();
    let (first, second) = tokio::join!(run_due(&one), run_due(&other));
    first.and(second).expect("both plan");
    site.set_time("2026-10-12 08:30:01");
    let (first, second) = tokio::join!(run_due(&one), run_due(&other));
    first.and(second).expect("both run");
    let mut names: Vec<String> = moments(&calls).into_iter().map(|(class, _)| class).collect();
    names.sort();
    let mut expected: Vec<String> = rooms.iter().map(|room| room.class.name.clone()).collect();
    expected.sort();
    assert_eq!(names, expected);
});

both!(a_moment_that_passed_is_made_up_for_where_the_manifest_says_so, |site| {
    let plugin = with_jobs(json!([
        { "id": "counted", "schedule": "30 8 * * *", "for_each_class": false, "catch_up": true },
        { "id": "reminder", "schedule": "30 8 * * *", "for_each_class": false },
    ]));
    enable(&site, &plugin, &[]).await;
    let (host, calls, _) = noting(&site, &plugin);
    run_due(&host).await.expect("they are planned");
    site.set_time("2026-10-15 12:00:00");
    run_due(&host).await.expect("one is made up for");
    run_due(&host).await.expect("once");
    let ran: Vec<_> = seen(&calls).into_iter().map(|(_, job)| (job["job"].clone(), job["due_at"].clone())).collect();
    assert_eq!(ran, [(json!("counted"), json!("2026-10-15T00:30:00Z"))]);
});

both!(a_job_of_its_own_choice_runs_at_its_moment, |site| {
    let plugin = with_jobs(json!([{ "id": "remind" }]));
    let room = site.classroom(0).await;
    enable(&site, &plugin, &[&room]).await;
    let (host, calls, fails) = noting(&site, &plugin);
    let own = scope(&host, &plugin, Some(room.class.id)).await;
    let at = |moment: &str, key: &str| json!({ "job": "remind", "at": tests::at(moment), "key": key, "data": { "key": key } });
    for plan in [
        at("2026-10-12 08:10:00", "moved"),
        at("2026-10-12 09:00:00", "moved"),
        at("2026-10-12 08:10:00", "kept"),
        at("2026-10-12 08:10:00", "cancelled"),
        json!({ "job": "remind", "at": null, "key": "cancelled" }),
    ] {
        answer(&host, &plugin, &own, HostOp::Schedule, plan).await.expect("it is planned");
    }
    let unknown = json!({ "job": "other", "at": null, "key": "a" });
    assert_eq!(answer(&host, &plugin, &own, HostOp::Schedule, unknown).await.expect_err("no job").code, Code::NotFound);

    run_due(&host).await.expect("nothing is due");
    assert_eq!(seen(&calls), []);
    site.set_time("2026-10-12 08:10:00");
    run_due(&host).await.expect("one runs");
    assert_eq!(seen(&calls).len(), 1);
    assert_eq!(seen(&calls)[0].1["data"]["key"], "kept");

    // The other fails five times, longer apart each time, and is given up.
    fails.store(true, Ordering::SeqCst);
    for moment in ["09:00:00", "09:00:01", "09:00:06", "09:00:36", "09:02:36", "09:30:00"] {
        site.set_time(&format!("2026-10-12 {moment}"));
        run_due(&host).await.expect("it is tried");
        run_due(&host).await.expect("not twice");
    }
    assert_eq!(seen(&calls).len(), 6);
    assert_eq!(moments(&calls)[5].1, "2026-10-12T01:00:00Z", "it is still for the same moment");
    let left = job::list(&site.app.db, "clock").await.expect("the list");
    assert_eq!(left, []);
    let incidents = incident::list(&site.app.db, "clock", 10).await.expect("the list");
    assert_eq!(incidents.len(), 1);
    assert!(incidents[0].detail.contains("plugin-error: no"), "{}", incidents[0].detail);
});
