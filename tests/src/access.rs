//! Who gets in where: every route for every kind of person in every kind of place, from one list
//! ([`access.txt`](../access.txt)), and that no reply holds a word that is not for its reader.

mod world;

use std::collections::BTreeSet;

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Method};
use futures_util::StreamExt as _;
use futures_util::stream;
use plugin_loader::file;
use plugin_protocol::manifest::Audience;
use tests::binary;

use crate::plugin::room::{Database, Room, in_room};

pub use world::{Place, Relation, Who, World, names_in, world};

const LIST: &str = include_str!("access.txt");
const ROUTER: &str = include_str!("../../server/src/router.rs");

/// Ids of things that the places do not have.
const NOWHERE: [&str; 8] = ["code", "delivery", "hash", "note", "session", "token", "upload", "request"];
/// The tool that the classes use.
const TOOL: &str = "notebook";
/// What the tool does without a body.
const TOOL_WITHOUT_BODY: [&str; 1] = ["/mirror"];
/// Requests at a time.
const AT_ONCE: usize = 8;

const EVERYBODY: [Who; 15] = [
    Who::Visitor,
    Who::Expired,
    Who::Ended,
    Who::Disabled,
    Who::Owner,
    Who::Classmate,
    Who::Operator,
    Who::Former,
    Who::Moved,
    Who::Later,
    Who::Teacher,
    Who::FormerTeacher,
    Who::OtherStudent,
    Who::OtherTeacher,
    Who::Administrator,
];

/// A line of the list.
pub struct Route {
    pub method: Method,
    pub path: String,
    pub audience: &'static str,
    /// Does its work without a body.
    pub bodiless: bool,
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

fn expected(route: &Route, place: &Place, who: Who) -> Expected {
    use Expected::{Forbidden, In, Nothing, SignIn};
    use Relation::{Administrator, Classmate, Former, Nobody, Owner, Stranger, Teacher};
    let in_school = matches!(who, Who::Teacher | Who::FormerTeacher | Who::OtherTeacher | Who::Administrator);
    // The class is one, everything else in the address another's.
    let is_crossed = place.name == "crossed" && has_several_ids(route);
    match (route.audience, place.relation(who)) {
        ("everybody", _) => In,
        ("tool-public", _) => In,
        (_, Nobody) => SignIn,
        ("person", _) => In,
        ("school", _) if in_school => In,
        ("school", _) => Forbidden,
        ("administrator", Administrator) => In,
        ("administrator", _) => Forbidden,
        (_, Stranger | Former) => Nothing,
        ("student", Teacher | Administrator) => Forbidden,
        ("tool-operator", Owner | Classmate) if who == Who::Operator => In,
        ("teacher" | "tool-operator" | "tool-teacher", Owner | Classmate) => Forbidden,
        ("owner", Classmate) => Nothing,
        ("self", Classmate | Teacher | Administrator) => Nothing,
        ("teacher", _) if is_crossed => Nothing,
        ("member" | "teacher" | "learner" | "student" | "owner" | "self", _) => In,
        ("tool-member" | "tool-operator" | "tool-teacher", _) => In,
        (other, _) => panic!("the list names an unknown audience {other}"),
    }
}

/// The list.
pub fn list() -> Vec<Route> {
    let lines = LIST.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let mut word = || words.next().unwrap_or_else(|| panic!("a word is missing: {line}"));
            let method = word();
            let bodiless = method.ends_with('!');
            let method = method.trim_end_matches('!').parse().expect("a method");
            Route { method, path: word().to_owned(), audience: word(), bodiless }
        })
        .collect()
}

/// The list, with the routes of the tool as its manifest has them.
fn with_tool() -> Vec<Route> {
    let manifest = file::read(&binary::plugin(TOOL)).expect("the fixture is built").manifest;
    let of_tool = manifest.routes.iter().map(|route| Route {
        method: route.method.parse().expect("a method"),
        path: format!("/classes/{{class}}/tools/{{plugin}}{}", route.path.trim_end_matches('/')),
        audience: match route.audience {
            Audience::Public => "tool-public",
            Audience::Member => "tool-member",
            Audience::Operator => "tool-operator",
            Audience::Teacher => "tool-teacher",
        },
        bodiless: TOOL_WITHOUT_BODY.contains(&route.path.as_str()),
    });
    list().into_iter().filter(|route| route.audience != "manifest").chain(of_tool).collect()
}

/// Whether an address names something of a class beside the class. A tool is nobody's.
fn has_several_ids(route: &Route) -> bool {
    let ids = names_in(&route.path).filter(|name| *name != "plugin").count();
    route.path.contains("{class}") && ids > 1 && !route.audience.starts_with("tool-")
}

#[test]
fn the_list_names_every_route_and_no_other() {
    let in_router: BTreeSet<&str> = ROUTER
        .split("route(")
        .skip(1)
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
        .collect();
    let list = list();
    let in_list: BTreeSet<&str> = list.iter().filter_map(|route| route.path.split('?').next()).collect();
    assert!(in_router.len() >= 80, "the router is read wrongly: {}", in_router.len());
    assert_eq!(in_router, in_list);
    let of_tool: BTreeSet<&str> = with_tool().iter().map(|route| route.audience).collect();
    for audience in ["tool-public", "tool-member", "tool-operator", "tool-teacher"] {
        assert!(of_tool.contains(audience), "the tool has no route for {audience}");
    }
}

/// What is wrong with the reply to somebody who asks for a route in a place.
async fn fault(world: &World, route: &Route, place: &Place, who: Who, wanted: Expected) -> Option<String> {
    let address = place.fill(&route.path);
    let is_get = route.method == Method::GET;
    // A body that is none of ours: refused after it is known who asks, so nothing changes whoever it is.
    let body = (!is_get && !route.bodiless).then_some("x");
    let kind = body.map(|_| (CONTENT_TYPE, HeaderValue::from_static("text/plain")));
    let headers = kind.into_iter().collect();
    let reply = world.ask(who, &route.method, &address, headers, body.unwrap_or_default().into()).await;
    let status = reply.status.as_u16();
    let location = reply.headers.get("location").map(|value| value.to_str().unwrap_or("?").to_owned());
    let is_sign_in = status == 401 || (status == 303 && location.is_some_and(|to| to.starts_with("/sign-in")));
    let is_nowhere = names_in(&route.path).any(|name| NOWHERE.contains(&name));
    let fine = match wanted {
        Expected::In if is_get => (200..400).contains(&status) && !is_sign_in || (is_nowhere && status == 404),
        Expected::In => matches!(status, 400 | 409 | 413 | 422) || (is_nowhere && status == 404),
        Expected::SignIn => is_sign_in,
        Expected::Forbidden => status == 403,
        // A body that cannot be read may be refused before it is looked for what it would change.
        Expected::Nothing => status == 404 || (place.name == "crossed" && body.is_some() && status == 400),
    };
    let asked = format!("{} {} ({}, {}) for {who:?}", route.method, route.path, route.audience, place.name);
    if !fine {
        return Some(format!("{asked}: {status}, not {wanted:?}"));
    }
    world.leak(who, &reply).map(|word| format!("{asked}: the reply holds {word}"))
}

in_room!(every_route_lets_in_whom_the_list_names_and_tells_nobody_more, [TOOL], |room| {
    let mut world = world(&room.site).await;
    world.use_tool(&room.site.app, room.class.actor(), TOOL).await;
    let routes = with_tool();
    let mut asked = Vec::new();
    for route in &routes {
        for place in &world.places {
            let is_placed =
                names_in(&route.path).any(|name| matches!(name, "class" | "assignment" | "attempt" | "attachment"));
            let tells_more = match place.name {
                "own" => true,
                "crossed" => has_several_ids(route),
                _ => is_placed,
            };
            if !tells_more {
                continue;
            }
            for who in EVERYBODY {
                let wanted = expected(route, place, who);
                // What needs no body would be done.
                if wanted != Expected::In || !route.bodiless {
                    asked.push((route, place, who, wanted));
                }
            }
        }
    }
    let checks = asked.len();
    let faults: Vec<String> = stream::iter(asked)
        .map(|(route, place, who, wanted)| fault(&world, route, place, who, wanted))
        .buffer_unordered(AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await;
    println!("{checks} checks");
    assert!(faults.is_empty(), "{} of {checks}:\n{}", faults.len(), faults.join("\n"));
    assert!(checks >= 4_500, "only {checks} checks");
});
