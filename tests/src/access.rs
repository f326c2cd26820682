//! Who gets in where: every route for every kind of person, from one list ([`access.txt`](../access.txt)).

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::json;
use server::rules::Rules;
use server::secret;
use server::store::person::{Person, Role};
use server::store::roster::student;
use server::store::token::{self, NewToken};
use tests::{Client, Site, both};
use uuid::Uuid;

const LIST: &str = include_str!("access.txt");
const ROUTER: &str = include_str!("../../server/src/router.rs");
const ASSIGNMENT: &str =
    "---\ncourse: network-marketing\nchapter: wechat-platform\ntitle: 门禁\n---\n\n1. 一年有[[四]]个季节。\n";

/// People as the list tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Visitor,
    /// The student whose attempt it is.
    Owner,
    Classmate,
    /// Was in the class and left.
    Former,
    Teacher,
    OtherStudent,
    OtherTeacher,
    Administrator,
}

/// What somebody must get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// Neither "sign in", nor "forbidden", nor a fault of the server.
    In,
    SignIn,
    Forbidden,
    Nothing,
}

fn expected(audience: &str, who: Who) -> Expected {
    use Expected::{Forbidden, In, Nothing, SignIn};
    use Who::{Administrator, Classmate, Former, OtherStudent, OtherTeacher, Owner, Teacher, Visitor};
    match (audience, who) {
        ("everybody", _) => In,
        (_, Visitor) => SignIn,
        ("person", _) => In,
        ("school", Teacher | OtherTeacher | Administrator) => In,
        ("school", _) => Forbidden,
        ("administrator", Administrator) => In,
        ("administrator", _) => Forbidden,
        (_, Former | OtherStudent | OtherTeacher) => Nothing,
        ("student", Teacher | Administrator) => Forbidden,
        ("teacher", Owner | Classmate) => Forbidden,
        ("owner", Classmate) => Nothing,
        ("member" | "teacher" | "learner" | "student" | "owner", _) => In,
        (other, _) => panic!("the list names an unknown audience {other}"),
    }
}

fn list() -> Vec<(Method, &'static str, &'static str)> {
    let lines = LIST.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let mut word = || words.next().unwrap_or_else(|| panic!("a word is missing: {line}"));
            (word().parse().expect("a method"), word(), word())
        })
        .collect()
}

#[test]
fn the_list_names_every_route_and_no_other() {
    let in_router: BTreeSet<&str> = ROUTER
        .split("route(")
        .skip(1)
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
        .collect();
    let in_list: BTreeSet<&str> = list().into_iter().map(|(_, path, _)| path).collect();
    assert!(in_router.len() >= 80, "the router is read wrongly: {}", in_router.len());
    assert_eq!(in_router, in_list);
}

both!(every_route_lets_in_whom_the_list_names, |site| {
    let people = people(&site).await;
    let mut checks = 0;
    let mut faults = Vec::new();
    // Refusals first: what is let in may change who is where.
    for round in [false, true] {
        for (method, path, audience) in list() {
            for (who, browser) in &people.browsers {
                let wanted = expected(audience, *who);
                if (wanted == Expected::In) != round || (round && method != Method::GET) {
                    continue;
                }
                let is_api = path.starts_with("/api/");
                let client = if is_api { &people.programs[who] } else { browser };
                let address = people.fill(path);
                let request = client.request(method.clone(), &address);
                let request = if is_api && method != Method::GET { request.json(&json!({})) } else { request };
                let reply = client.send(request).await;
                let status = reply.status.as_u16();
                let is_sign_in =
                    status == 401 || (status == 303 && reply.headers["location"].as_bytes().starts_with(b"/sign-in"));
                let fine = match wanted {
                    Expected::In => !is_sign_in && status != 403 && status < 500,
                    Expected::SignIn => is_sign_in,
                    Expected::Forbidden => status == 403,
                    Expected::Nothing => status == 404,
                };
                checks += 1;
                if !fine {
                    faults.push(format!("{method} {path} ({audience}) for {who:?}: {status}, not {wanted:?}"));
                }
            }
        }
    }
    println!("{checks} checks");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(checks >= 600, "only {checks} checks");
});

struct People {
    browsers: BTreeMap<Who, Client>,
    programs: BTreeMap<Who, Client>,
    ids: BTreeMap<&'static str, String>,
}

impl People {
    fn fill(&self, path: &str) -> String {
        let mut address = path.to_owned();
        for (name, value) in &self.ids {
            address = address.replace(&format!("{{{name}}}"), value);
        }
        while let (Some(from), Some(to)) = (address.find('{'), address.find('}')) {
            address.replace_range(from..=to, &Uuid::now_v7().to_string());
        }
        address
    }
}

async fn people(site: &Site) -> People {
    let room = site.classroom(3).await;
    let other = site.classroom(1).await;
    let assignment = room.assign(site, ASSIGNMENT, Rules { show_verdicts: true, ..Rules::default() }).await;
    let administrator = site.person(Role::Administrator, "admin", "管理员").await;
    let (owner, former) = (&room.students[0], &room.students[2]);
    let browser = site.signed_in(owner).await;
    let sheet = browser.get(&format!("/assignments/{assignment}")).await.expect(200).text();
    let blank = sheet.split("name=\"answer.").nth(1).and_then(|rest| rest.split('"').next()).expect("one blank");
    let key = Uuid::now_v7().to_string();
    let field = format!("answer.{blank}");
    let fields = [("attempt", "1"), ("key", key.as_str()), (field.as_str(), "四")];
    let place = browser.post(&format!("/assignments/{assignment}/hand-in"), &fields).await.expect(303).location();
    let now = site.app.clock.now();
    student::set_present(&site.app.db, room.actor(), room.class.id, former.id, false, now).await.expect("leaves");

    let everybody: [(Who, &Person); 7] = [
        (Who::Owner, owner),
        (Who::Classmate, &room.students[1]),
        (Who::Former, former),
        (Who::Teacher, &room.teacher),
        (Who::OtherStudent, &other.students[0]),
        (Who::OtherTeacher, &other.teacher),
        (Who::Administrator, &administrator),
    ];
    let mut browsers = BTreeMap::from([(Who::Visitor, site.visitor())]);
    let mut programs = browsers.clone();
    for (who, person) in everybody {
        browsers.insert(who, site.signed_in(person).await);
        let token = secret::new_token();
        let new = NewToken {
            person_id: person.id,
            token_hash: secret::token_hash(&token),
            label: "test".into(),
            expires_at: now + chrono::TimeDelta::days(1),
        };
        token::create(&site.app.db, new, now).await.expect("a token");
        programs.insert(who, site.visitor().with_header("authorization", &format!("Bearer {token}")));
    }
    let ids = BTreeMap::from([
        ("class", room.class.id.to_string()),
        ("assignment", assignment.to_string()),
        ("person", owner.id.to_string()),
        ("attempt", place.trim_start_matches("/attempts/").to_owned()),
        ("course", "network-marketing".to_owned()),
        ("chapter", "wechat-platform".to_owned()),
        ("name", "qr-code.svg".to_owned()),
    ]);
    People { browsers, programs, ids }
}
