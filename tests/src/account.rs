//! Accounts: the first administrator, passwords, sessions, tokens, looks, one's own data, people come and gone.

use reqwest::Method;
use server::passwords;
use server::store::activation;
use server::store::person::{self, NewPerson, Person, Role};
use tests::{Client, Site, both};

const PASSWORD: &str = "粉笔灰落在讲台上";
const OTHER: &str = "黑板擦得很干净了";

async fn with_password(site: &Site, role: Role, login: &str) -> Person {
    let hash = passwords::hash(PASSWORD).await.expect("a hash");
    let new = NewPerson { login: login.into(), name: format!("人 {login}"), role, password_hash: Some(hash) };
    let id = person::create(&site.app.db, new, site.app.clock.now()).await.expect("the login is free");
    person::find(&site.app.db, id).await.expect("the database answers").expect("just created")
}

async fn enters(client: &Client, login: &str, password: &str) -> bool {
    client.post("/sign-in", &[("login", login), ("password", password)]).await.status == 303
}

fn between(text: &str, start: &str, end: &str) -> String {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start} in {text}"));
    rest.split_once(end).unwrap_or_else(|| panic!("no {end} after {start}")).0.to_owned()
}

both!(the_first_administrator_comes_in_by_the_printed_link_once, |site| {
    let (db, now) = (&site.app.db, site.app.clock.now());
    let link = activation::setup_link(db, now).await.expect("the database answers").expect("nobody is here");
    let again = activation::setup_link(db, now).await.expect("the database answers").expect("nobody is here");
    assert_ne!(link, again);
    assert!(link.len() >= "/setup/".len() + 28, "at least 128 bits: {link}");

    let client = site.visitor();
    client.get("/setup/222222222222222222222222222").await.expect(404);
    client.get(&link).await.expect(200);
    let typed = [("name", "教师 A"), ("login", "boss"), ("password", "short")];
    let page = client.post(&link, &typed).await.expect(422).text();
    assert!(page.contains("教师 A") && page.contains("至少 8 个字符"), "{page}");

    site.set_time("2026-10-12 09:00:01");
    client.get(&link).await.expect(404);
    client.post(&link, &[("name", "教师 A"), ("login", "boss"), ("password", PASSWORD)]).await.expect(404);
    site.set_time("2026-10-12 08:30:00");
    let reply = client.post(&again, &[("name", "教师 A"), ("login", "Boss"), ("password", PASSWORD)]).await.expect(303);
    assert_eq!(reply.location(), "/admin");
    client.get("/admin").await.expect(200);
    // Neither link works a second time, and no new one is made.
    for used in [&link, &again] {
        site.visitor().get(used).await.expect(404);
        let typed = [("name", "x"), ("login", "x"), ("password", PASSWORD)];
        site.visitor().post(used, &typed).await.expect(404);
    }
    assert_eq!(activation::setup_link(db, now).await.expect("the database answers"), None);
    assert!(enters(&site.visitor(), "boss", PASSWORD).await);
});

both!(changing_the_password_ends_the_other_sessions, |site| {
    let person = with_password(&site, Role::Teacher, "teacher").await;
    let (here, there) = (site.signed_in(&person).await, site.signed_in(&person).await);
    here.post("/account/password", &[("current", "wrong one"), ("password", OTHER)]).await.expect(422);
    for weak in ["1234567", "password1", "teacher-1", "88888888"] {
        here.post("/account/password", &[("current", PASSWORD), ("password", weak)]).await.expect(422);
    }
    there.get("/account").await.expect(200);
    here.post("/account/password", &[("current", PASSWORD), ("password", OTHER)]).await.expect(303);
    here.get("/account").await.expect(200);
    there.get("/account").await.expect(303);
    assert!(!enters(&site.visitor(), "teacher", PASSWORD).await);
    assert!(enters(&site.visitor(), "teacher", OTHER).await);
});

both!(sessions_are_listed_and_ended_by_their_owner_only, |site| {
    let person = with_password(&site, Role::Student, "20260001").await;
    let stranger = with_password(&site, Role::Student, "20260002").await;
    let stranger = site.signed_in(&stranger).await;
    let (here, there) = (site.signed_in(&person).await, site.signed_in(&person).await);
    let page = here.get("/account").await.expect(200).text();
    let end = format!("/account/sessions/{}/end", between(&page, "/account/sessions/", "/end"));
    stranger.post(&end, &[]).await.expect(303);
    there.get("/account").await.expect(200);
    here.post(&end, &[]).await.expect(303);
    there.get("/account").await.expect(303);
    let third = site.signed_in(&person).await;
    here.post("/account/sessions/end-others", &[]).await.expect(303);
    third.get("/account").await.expect(303);
    here.get("/account").await.expect(200);
});

both!(a_token_is_shown_once_and_works_until_revoked, |site| {
    let person = with_password(&site, Role::Teacher, "teacher").await;
    let client = site.signed_in(&person).await;
    let page = client.post("/account/tokens", &[("label", "grader 办公室"), ("days", "30")]).await.expect(200).text();
    let token = between(&page, "name=\"token\" type=\"text\" value=\"", "\"");
    let program = Client::new(&site.base).with_header("authorization", &format!("Bearer {token}"));
    let me = program.get("/api/v1/me").await.expect(200).value();
    assert_eq!((me["login"].as_str(), me["role"].as_str()), (Some("teacher"), Some("teacher")));
    // A cookie opens pages, a token the API; neither opens the other.
    client.get("/api/v1/me").await.expect(401);
    program.get("/account").await.expect(303);

    let page = client.get("/account").await.expect(200).text();
    assert!(page.contains("grader 办公室") && !page.contains(&token));
    let revoke = format!("/account/tokens/{}/revoke", between(&page, "/account/tokens/", "/revoke"));
    let other = with_password(&site, Role::Teacher, "other").await;
    site.signed_in(&other).await.post(&revoke, &[]).await.expect(303);
    program.get("/api/v1/me").await.expect(200);
    client.post(&revoke, &[]).await.expect(303);
    program.get("/api/v1/me").await.expect(401);
});

both!(programs_log_in_with_a_password, |site| {
    with_password(&site, Role::Teacher, "teacher").await;
    let body = serde_json::json!({"login": "Teacher", "password": PASSWORD, "label": "grader on LAPTOP"});
    let reply = site.visitor().json(Method::POST, "/api/v1/login", &body).await.expect(201).value();
    assert_eq!(reply["role"], "teacher");
    let token = reply["token"].as_str().expect("a token");
    let program = Client::new(&site.base).with_header("authorization", &format!("Bearer {token}"));
    program.get("/api/v1/classes").await.expect(200);
    site.set_time("2027-06-01 08:00:00");
    program.get("/api/v1/classes").await.expect(401);
    let extra = serde_json::json!({"login": "teacher", "password": PASSWORD, "label": "x", "role": "administrator"});
    let reply = site.visitor().json(Method::POST, "/api/v1/login", &extra).await.expect(400).value();
    assert_eq!(reply["error"]["code"], "unreadable");
    assert!(reply["error"]["cause"].as_str().expect("a cause").contains("role"), "{reply}");
    let described = site.visitor().get("/api/v1/openapi.json").await.expect(200).value();
    for path in ["/api/v1/login", "/api/v1/me", "/api/v1/classes", "/api/v1/classes/{class}/roster"] {
        assert!(described["paths"][path].is_object(), "{path}");
    }
});

both!(looks_follow_a_visitor_without_an_account, |site| {
    let client = site.visitor();
    let page = client.get("/").await.expect(200).text();
    assert!(page.contains("lang=\"zh-CN\"") && page.contains("data-theme=\"auto\""), "{page}");
    let fields = [("language", "en"), ("theme", "dark"), ("font_size", "huge"), ("return", "/sign-in")];
    assert_eq!(client.post("/preferences", &fields).await.expect(303).location(), "/sign-in");
    let page = client.get("/").await.expect(200).text();
    for part in ["lang=\"en\"", "data-theme=\"dark\"", "data-font=\"huge\""] {
        assert!(page.contains(part), "{part}");
    }
    client.post("/preferences", &[("theme", "pink\"><script>"), ("return", "/")]).await.expect(303);
    assert!(client.get("/").await.text().contains("data-theme=\"dark\""));
    // With an account the choice is the person's, on every device.
    let person = site.person(Role::Student, "20260001", "学生 01").await;
    site.signed_in(&person).await.post("/preferences", &[("language", "en"), ("return", "/")]).await.expect(303);
    assert!(site.signed_in(&person).await.get("/").await.text().contains("lang=\"en\""));
});

both!(ones_own_data_holds_nothing_of_others_and_no_secrets, |site| {
    let room = site.classroom(2).await;
    let [first, second] = &room.students[..] else { panic!("two students") };
    let client = site.signed_in(first).await;
    let reply = client.get("/account/data").await.expect(200);
    assert!(reply.headers["content-disposition"].to_str().expect("ASCII").starts_with("attachment"));
    let text = reply.text();
    let data = reply.value();
    assert_eq!(data["account"]["login"], first.login.as_str());
    assert_eq!(data["classes"][0]["name"], room.class.name.as_str());
    assert_eq!(data["sessions"].as_array().map(Vec::len), Some(1));
    for secret in [second.login.as_str(), second.name.as_str(), "hash", "$argon2"] {
        assert!(!text.contains(secret), "{secret}");
    }
});

both!(staff_come_by_a_link_and_go_at_once, |site| {
    let boss = site.person(Role::Administrator, "boss", "管理员").await;
    let admin = site.signed_in(&boss).await;
    let form = [("name", "教师 A"), ("login", "Teacher-A"), ("role", "teacher")];
    let page = admin.post("/admin/people", &form).await.expect(200).text();
    let link = format!("/activate/{}", between(&page, "/activate/", "\""));
    admin.post("/admin/people", &form).await.expect(422);

    let teacher = site.visitor();
    teacher.post(&link, &[("password", "teacher-a")]).await.expect(422);
    teacher.post(&link, &[("password", PASSWORD)]).await.expect(303);
    teacher.get("/classes/new").await.expect(200);
    site.visitor().get(&link).await.expect(404);
    site.visitor().post(&link, &[("password", OTHER)]).await.expect(404);
    assert!(enters(&site.visitor(), "teacher-a", PASSWORD).await);

    let (person, _) = person::credentials(&site.app.db, "teacher-a").await.expect("the database").expect("the teacher");
    let at = format!("/admin/people/{}", person.id);
    teacher.post(&format!("{at}/role"), &[("role", "administrator")]).await.expect(403);
    // A new link ends what was signed in with the old password.
    let page = admin.post(&format!("{at}/link"), &[]).await.expect(200).text();
    let link = format!("/activate/{}", between(&page, "/activate/", "\""));
    site.visitor().post(&link, &[("password", OTHER)]).await.expect(303);
    teacher.get("/account").await.expect(303);
    assert!(!enters(&site.visitor(), "teacher-a", PASSWORD).await);

    let back = site.visitor();
    assert!(enters(&back, "teacher-a", OTHER).await);
    admin.post(&format!("{at}/disable"), &[]).await.expect(303);
    back.get("/account").await.expect(303);
    assert!(!enters(&site.visitor(), "teacher-a", OTHER).await);
    admin.post(&format!("{at}/enable"), &[]).await.expect(303);
    assert!(enters(&site.visitor(), "teacher-a", OTHER).await);
    admin.post(&format!("/admin/people/{}/disable", boss.id), &[]).await.expect(409);
    let log = admin.get("/admin/audit").await.expect(200).text();
    for action in ["person.create", "person.link", "person.disable", "person.enable", "account.activate"] {
        assert!(log.contains(action), "{action}");
    }
    assert!(!log.contains(&link));
});

both!(a_link_runs_out, |site| {
    site.person(Role::Teacher, "teacher", "教师 A").await;
    let link = activation::password_link(&site.app.db, None, "TEACHER", site.app.clock.now()).await.expect("a link");
    site.set_time("2026-10-15 07:59:59");
    site.visitor().get(&link).await.expect(200);
    site.set_time("2026-10-15 08:00:00");
    site.visitor().get(&link).await.expect(404);
    site.visitor().post(&link, &[("password", PASSWORD)]).await.expect(404);
});

both!(the_administrators_pages_are_theirs, |site| {
    let room = site.classroom(1).await;
    for (person, status) in [(&room.teacher, 403), (&room.students[0], 403)] {
        let client = site.signed_in(person).await;
        for path in ["/admin", "/admin/people", "/admin/classes", "/admin/audit"] {
            client.get(path).await.expect(status);
            site.visitor().get(path).await.expect(303);
        }
        client.post("/admin/people", &[("name", "x"), ("login", "x"), ("role", "administrator")]).await.expect(403);
        client.post(&format!("/admin/people/{}/link", room.teacher.id), &[]).await.expect(403);
    }
    let boss = site.person(Role::Administrator, "boss", "管理员").await;
    let admin = site.signed_in(&boss).await;
    for path in
        ["/", "/admin", "/admin/people?query=%25&role=student", "/admin/classes", "/admin/audit?page=2", "/classes"]
    {
        admin.get(path).await.expect(200);
    }
});
