//! Signing in: right passwords get in however many come at once, guesses get nowhere, nothing tells who has an account.

use std::time::{Duration, Instant};

use futures_util::stream::{FuturesUnordered, StreamExt};
use reqwest::Method;
use serde_json::json;
use server::passwords;
use server::store::person::{self, NewPerson, Role};
use server::store::sign_in::{ADDRESS_LIMIT, sweep};
use tests::{Client, Database, Site, at, both};

const PASSWORD: &str = "粉笔灰落在讲台上";

async fn with_password(site: &Site, role: Role, login: &str, hash: &str) {
    let new = NewPerson { login: login.into(), name: format!("人 {login}"), role, password_hash: Some(hash.into()) };
    person::create(&site.app.db, new, site.app.clock.now()).await.expect("the login is free");
}

async fn sign_in(client: &Client, login: &str, password: &str) -> u16 {
    client.post("/sign-in", &[("login", login), ("password", password)]).await.status.as_u16()
}

/// A browser that comes through the trusted proxy from this address.
fn from(site: &Site, address: &str) -> Client {
    site.visitor().with_header("x-forwarded-for", address)
}

async fn behind_a_proxy(database: Database) -> Option<Site> {
    Site::start_with(database, |config| config.trusted_proxies = vec!["127.0.0.1".parse().expect("an address")]).await
}

both!(sixty_students_behind_one_address_get_in_within_ten_seconds, |site| {
    let hash = passwords::hash(PASSWORD).await.expect("a hash");
    for number in 0..60 {
        with_password(&site, Role::Student, &format!("2026{number:04}"), &hash).await;
    }
    let before = Instant::now();
    let mut rush: FuturesUnordered<_> = (0..60)
        .map(|number| {
            let client = site.visitor();
            async move { sign_in(&client, &format!("2026{number:04}"), PASSWORD).await }
        })
        .collect();
    let mut inside = 0;
    while let Some(status) = rush.next().await {
        assert_eq!(status, 303);
        inside += 1;
    }
    assert_eq!(inside, 60);
    assert!(before.elapsed() < Duration::from_secs(10), "{:?}", before.elapsed());
});

async fn guesses_at_one_account(site: Site) {
    let hash = passwords::hash(PASSWORD).await.expect("a hash");
    with_password(&site, Role::Teacher, "teacher", &hash).await;
    let owner = from(&site, "203.0.113.200");
    assert_eq!(sign_in(&owner, "teacher", PASSWORD).await, 303);

    let (mut evaluated, mut refused) = (0, 0);
    for wave in 0..10 {
        let mut guesses: FuturesUnordered<_> = (0..100)
            .map(|guess| {
                let client = from(&site, &format!("203.0.113.{}", guess % 50));
                async move { sign_in(&client, "Teacher", &format!("guess number {wave} {guess}")).await }
            })
            .collect();
        while let Some(status) = guesses.next().await {
            match status {
                422 => evaluated += 1,
                429 => refused += 1,
                other => panic!("a guess was answered with {other}"),
            }
        }
    }
    assert_eq!(evaluated + refused, 1_000);
    assert!((1..=20).contains(&evaluated), "{evaluated} guesses were evaluated");

    // Meanwhile: the right password is of no use to a stranger, and the owner's own device gets in.
    let stranger = from(&site, "203.0.113.201");
    let reply = stranger.post("/sign-in", &[("login", "teacher"), ("password", PASSWORD)]).await.expect(429);
    assert!(reply.headers.contains_key("retry-after"));
    assert_eq!(sign_in(&owner, "teacher", PASSWORD).await, 303);
    // Another account's device is no pass.
    with_password(&site, Role::Teacher, "other", &hash).await;
    let other = from(&site, "203.0.113.202");
    assert_eq!(sign_in(&other, "other", PASSWORD).await, 303);
    assert_eq!(sign_in(&other, "teacher", PASSWORD).await, 429);

    site.set_time("2026-10-12 09:00:01");
    assert_eq!(sign_in(&stranger, "teacher", PASSWORD).await, 303);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_guesses_at_one_account_are_stopped_sqlite() {
    guesses_at_one_account(behind_a_proxy(Database::Sqlite).await.expect("SQLite is built in")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_guesses_at_one_account_are_stopped_postgres() {
    if let Some(site) = behind_a_proxy(Database::Postgres).await {
        guesses_at_one_account(site).await;
    }
}

both!(spraying_many_accounts_from_one_address_is_slowed, |site| {
    let client = site.visitor();
    let mut evaluated = 0;
    for number in 0..200 {
        match sign_in(&client, &format!("sprayed{number}"), "password1").await {
            422 => evaluated += 1,
            429 => {}
            other => panic!("{other}"),
        }
    }
    let allowed = ADDRESS_LIMIT..=ADDRESS_LIMIT + 1;
    assert!(allowed.contains(&evaluated), "{evaluated} tries were evaluated");
    // Slowed, not shut: one more in each ten seconds.
    site.set_time("2026-10-12 08:00:11");
    assert_eq!(sign_in(&client, "sprayed300", "password1").await, 422);
    assert_eq!(sign_in(&client, "sprayed301", "password1").await, 429);
});

both!(a_forgetful_class_is_no_spraying, |site| {
    let hash = passwords::hash(PASSWORD).await.expect("a hash");
    for number in 0..40 {
        let login = format!("2026{number:04}");
        with_password(&site, Role::Student, &login, &hash).await;
        let client = site.visitor();
        assert_eq!(sign_in(&client, &login, "mistyped once").await, 422, "{login}");
        assert_eq!(sign_in(&client, &login, PASSWORD).await, 303, "{login}");
    }
});

both!(nothing_tells_whether_a_login_exists, |site| {
    let hash = passwords::hash(PASSWORD).await.expect("a hash");
    with_password(&site, Role::Teacher, "known-login", &hash).await;
    site.person(Role::Student, "never-active", "学生 01").await;
    let mut bodies = Vec::new();
    for login in ["known-login", "never-active", "no-such-one"] {
        let reply =
            site.visitor().post("/sign-in", &[("login", login), ("password", "wrong password")]).await.expect(422);
        bodies.push(reply.text().replace(login, "LOGIN"));
    }
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(bodies[0], bodies[2]);
    for login in ["known-login", "no-such-one"] {
        let body = json!({"login": login, "password": "wrong password", "label": "test"});
        let reply = site.visitor().json(Method::POST, "/api/v1/login", &body).await.expect(422);
        assert_eq!(reply.value()["error"]["code"], "invalid");
    }
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_login_takes_as_long_as_a_known_one() {
    let site = behind_a_proxy(Database::Sqlite).await.expect("SQLite is built in");
    let hash = passwords::hash(PASSWORD).await.expect("a hash");
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..24 {
        with_password(&site, Role::Student, &format!("known{number}"), &hash).await;
        let client = from(&site, &format!("203.0.113.{number}"));
        for (prefix, times) in [("known", &mut known), ("unknown", &mut unknown)] {
            let before = Instant::now();
            assert_eq!(sign_in(&client, &format!("{prefix}{number}"), "wrong password").await, 422);
            times.push(before.elapsed());
        }
    }
    known.sort();
    unknown.sort();
    // Without a hash for unknown logins the ratio would be ten or more. Other tests share the machine: the quickest
    // tries are compared, and generously.
    let ratio = known[2].as_secs_f64() / unknown[2].as_secs_f64();
    assert!((0.6..=1.7).contains(&ratio), "known {:?}, unknown {:?}", known[2], unknown[2]);
}

both!(signing_in_leads_only_to_our_own_pages, |site| {
    let hash = passwords::hash(PASSWORD).await.expect("a hash");
    with_password(&site, Role::Teacher, "teacher", &hash).await;
    let cases = [
        ("/classes?x=1", "/classes?x=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\t/evil.example", "/"),
        ("", "/"),
    ];
    for (next, expected) in cases {
        let fields = [("login", "teacher"), ("password", PASSWORD), ("next", next)];
        let reply = site.visitor().post("/sign-in", &fields).await.expect(303);
        assert_eq!(reply.location(), expected, "{next:?}");
        let client = site.signed_in(&owner(&site).await).await;
        let query: String = next.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let reply = client.get(&format!("/sign-in?next={query}")).await.expect(303);
        assert_eq!(reply.location(), expected, "{next:?}");
        let back = client.post("/preferences", &[("theme", "dark"), ("return", next)]).await.expect(303);
        assert_eq!(back.location(), expected, "{next:?}");
    }
    // A page that needs a sign-in comes back to itself.
    let reply = site.visitor().get("/account").await.expect(303);
    assert_eq!(reply.location(), "/sign-in?next=/account");
});

async fn owner(site: &Site) -> person::Person {
    person::credentials(&site.app.db, "teacher").await.expect("the database answers").expect("the teacher").0
}

both!(a_token_is_new_at_every_sign_in_and_dead_after_sign_out, |site| {
    let hash = passwords::hash(PASSWORD).await.expect("a hash");
    with_password(&site, Role::Student, "20260001", &hash).await;
    let client = site.visitor();
    let token = |reply: &tests::Reply| {
        let cookies: Vec<String> =
            reply.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("ASCII").to_owned()).collect();
        let cookie =
            cookies.iter().find(|cookie| cookie.starts_with("sid=")).unwrap_or_else(|| panic!("{cookies:?}")).clone();
        for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        cookie["sid=".len()..cookie.find(';').expect("attributes")].to_owned()
    };
    let fields = [("login", "20260001"), ("password", PASSWORD)];
    let first = token(&client.post("/sign-in", &fields).await.expect(303));
    let second = token(&client.post("/sign-in", &fields).await.expect(303));
    assert_ne!(first, second);
    assert!(second.len() >= 43, "256 bits in base64url: {second}");
    let replay = |token: &str| Client::new(&site.base).with_cookie("sid", token);
    // Signing in again on the same browser ended its former session.
    replay(&first).get("/account").await.expect(303);
    replay(&second).get("/account").await.expect(200);
    let out = client.post("/sign-out", &[]).await.expect(303);
    assert_eq!(out.headers["clear-site-data"], "\"storage\"");
    replay(&second).get("/account").await.expect(303);
    client.get("/account").await.expect(303);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_https_the_cookie_is_bound_to_the_host() {
    let change = |config: &mut server::config::Config| config.public_url = Some("https://course.example.edu".into());
    let site = Site::start_with(Database::Sqlite, change).await.expect("SQLite is built in");
    let hash = passwords::hash(PASSWORD).await.expect("a hash");
    with_password(&site, Role::Student, "20260001", &hash).await;
    let reply = site.visitor().post("/sign-in", &[("login", "20260001"), ("password", PASSWORD)]).await.expect(303);
    for cookie in reply.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().expect("ASCII");
        assert!(cookie.starts_with("__Host-") && cookie.contains("; Secure") && !cookie.contains("Domain"), "{cookie}");
    }
}

both!(sessions_run_out_by_role, |site| {
    for (role, login, idle, within) in [
        (Role::Administrator, "admin", "2026-10-12 08:31:00", "2026-10-12 08:29:00"),
        (Role::Teacher, "teacher", "2026-10-12 20:01:00", "2026-10-12 19:59:00"),
        (Role::Student, "student", "2026-10-26 08:01:00", "2026-10-26 07:59:00"),
    ] {
        site.set_time(Site::START);
        let person = site.person(role, login, login).await;
        let (used, unused) = (site.signed_in(&person).await, site.signed_in(&person).await);
        site.set_time(within);
        used.get("/account").await.expect(200);
        site.set_time(idle);
        unused.get("/account").await.expect(303);
        used.get("/account").await.expect(200);
    }
    sweep(&site.app.db, at("2027-10-12 08:00:00")).await.expect("old sessions go");
});
