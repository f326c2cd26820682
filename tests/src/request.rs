//! Requests that cannot be read are refused in the product's own form, on every route: a page with a way on, or JSON.

use axum::body::Bytes;
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method};
use serde_json::Value;
use tests::{Reply, both};

use crate::access::{self, Who};

/// Names that queries use; each is sent twice and with a value that is none.
const QUERY: &str = "assignment=x&assignment=y&attempt=x&attempt=y&blank=x&blank=y&code=a&code=b&q=1&q=2&in=1&in=2\
    &course=1&course=2&next=1&next=2&v=1&v=2&page=x&page=y&sort=1&sort=2&left=x&left=y&all=x&all=y&person=x&person=y\
    &format=1&format=2&base=1&base=2&decided=x&decided=y&by=x&by=y&version=x&version=y\
    &done=x&done=y&student=x&student=y&names=1&names=2&query=1&query=2&role=1&role=2&order=1&order=2";

/// Bodies that are not what any form or any JSON of ours is.
fn spoilt_bodies() -> Vec<(&'static str, Option<&'static str>, Bytes)> {
    vec![
        ("nothing", None, Bytes::new()),
        ("plain text", Some("text/plain"), "hello".into()),
        ("a form without our fields", Some("application/x-www-form-urlencoded"), "x=1".into()),
        ("half JSON", Some("application/json"), "{\"fields\": [".into()),
        ("other JSON", Some("application/json"), "{\"x\": 1}".into()),
        ("a form with files that has no boundary", Some("multipart/form-data"), "x".into()),
        ("a broken form with files", Some("multipart/form-data; boundary=x"), "--x\r\n".into()),
        ("too much", Some("application/x-www-form-urlencoded"), vec![b'x'; 24 << 20].into()),
        ("too much JSON", Some("application/json"), vec![b' '; 24 << 20].into()),
    ]
}

/// What is wrong with a refusal; `None` when it is one of ours.
fn fault(reply: &Reply, json: bool, language: &str) -> Option<String> {
    let status = reply.status.as_u16();
    let kind = reply.headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or("?").to_owned());
    let kind = kind.unwrap_or_default();
    if status >= 500 {
        return Some("a fault of the server".into());
    }
    if json {
        let Ok(value) = serde_json::from_slice::<Value>(&reply.bytes) else {
            return Some(format!("no JSON but {kind}"));
        };
        let error = &value["error"];
        let whole = ["code", "message", "help"].iter().all(|field| error[field].is_string());
        return (!whole || kind != "application/json").then(|| format!("{kind}: {value}"));
    }
    let page = String::from_utf8_lossy(&reply.bytes);
    let whole =
        kind.starts_with("text/html") && page.contains(&format!("<html lang=\"{language}\"")) && page.contains("<h1");
    (!whole).then(|| format!("{kind}: {}", page.chars().take(200).collect::<String>()))
}

both!(no_route_refuses_in_plain_text, |site| {
    let world = access::world(&site).await;
    let place = &world.places[0];
    let bodies = spoilt_bodies();
    let (mut refusals, mut unreadable, mut faults) = (0, 0, Vec::new());
    for route in access::list() {
        let who = match route.audience {
            "everybody" => Who::Visitor,
            "student" | "person" | "learner" | "owner" | "self" => Who::Owner,
            "administrator" => Who::Administrator,
            _ => Who::Teacher,
        };
        let is_api = route.path.starts_with("/api/");
        let address = place.fill(&route.path);
        let mut requests = vec![("another method", &Method::DELETE, address.clone(), None, Bytes::new())];
        for part in route.path.split(['/', '?']).filter(|part| part.starts_with('{')) {
            let odd = place.fill(&route.path.replace(part, "%FF"));
            requests.push(("a segment that is no text", &route.method, odd, None, Bytes::new()));
        }
        if route.method == Method::GET {
            let odd = format!("{}?{QUERY}", address.split('?').next().unwrap_or_default());
            requests.push(("a spoilt query", &route.method, odd, None, Bytes::new()));
        } else if !route.bodiless {
            for (name, kind, body) in &bodies {
                requests.push((*name, &route.method, address.clone(), *kind, body.clone()));
            }
        }
        let mut spoilt_body_refused = route.method == Method::GET || route.bodiless;
        for (index, (name, method, address, kind, body)) in requests.into_iter().enumerate() {
            let language = if index % 2 == 0 { "zh-CN" } else { "en" };
            let said = [(ACCEPT_LANGUAGE, language), (ACCEPT, "text/html")];
            let said = said.into_iter().chain(kind.map(|kind| (CONTENT_TYPE, kind)));
            let headers: HeaderMap = said.map(|(name, value)| (name, HeaderValue::from_static(value))).collect();
            let reply = world.ask(who, method, &address, headers, body).await;
            if reply.status.as_u16() < 400 {
                continue;
            }
            let json = is_api || name.ends_with("JSON");
            refusals += 1;
            unreadable += usize::from(reply.status == 400);
            spoilt_body_refused |= matches!(reply.status.as_u16(), 400 | 413 | 422);
            if let Some(fault) = fault(&reply, json, language) {
                faults.push(format!("{} {} with {name}: {} {fault}", route.method, route.path, reply.status));
            }
        }
        // What a body means is the plugin's matter, and here is none.
        if !spoilt_body_refused && !route.path.contains("{plugin}") {
            faults.push(format!("{} {} takes any body", route.method, route.path));
        }
    }
    println!("{refusals} refusals, {unreadable} of them of what cannot be read");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(refusals >= 500 && unreadable >= 200, "only {refusals} refusals, {unreadable} unreadable");
});

both!(a_link_that_was_cut_off_says_so_and_leads_on, |site| {
    let room = site.classroom(1).await;
    let teacher = site.signed_in(&room.teacher).await;
    let address = format!("/classes/{}/review?done=x", room.class.id);
    let chinese = teacher.get(&address).await.expect(400).text();
    assert!(chinese.contains("地址问号后面的内容读不懂") && chinese.contains("href=\"/\""), "{chinese}");
    let english = teacher.clone().with_header("accept-language", "en").get(&address).await.expect(400).text();
    assert!(english.contains("cannot be read"), "{english}");
    let opened = teacher.get(&format!("/classes/{}/posts", room.class.id)).await.expect(405);
    assert!(opened.headers["allow"].to_str().expect("ASCII").contains("POST"));
    assert!(opened.text().contains("这个地址不能这样打开"));
});
