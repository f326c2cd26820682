//! Every page of the channel and the tools in a class with half a semester of data, for its teacher and for a student.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use plugin_protocol::manifest::{Audience, Manifest, Route};
use plugin_protocol::op::{HOST, Op, Service};
use serde_json::{Value, json};
use server::plugins::Scope;
use server::plugins::context::{self, Parts};
use server::store::person::Person;
use tests::Database;

use super::NOTHING;
use super::class::{CHANNEL, FANS, INBOX, ROTA, Semester, TOOLS};
use super::log::Log;

/// Pages of one route that are looked at.
const EACH: usize = 3;

impl Semester {
    /// Fills every tool as the demo class has it.
    async fn fill(&self) {
        for id in TOOLS {
            let status = self.site.app.plugins.status(id).expect("it is known");
            let service = status.manifest.provides.iter().find(|name| name.ends_with(".demo/1")).expect("all have one");
            let parts = Parts::from(&self.site.app);
            let context = context::of_nobody(&parts, &status.manifest, Some(self.class.class.id)).await;
            let scope = Scope::new(context.expect("the class is there"), std::time::Duration::from_secs(60));
            let input = json!({ "from": "2026-08-17", "to": "2026-12-07", "today": "2026-10-12" });
            let ask = Service { service: service.clone(), caller: HOST.to_owned(), input };
            let _: Value = self.site.app.plugins.ask(id, Op::Service, scope, ask).await.expect("it is filled");
        }
    }

    /// Follows all links of a tool from its first page and from these; gives the routes that were opened.
    async fn walk(&self, id: &str, person: &Person, more: &[String]) -> BTreeSet<String> {
        let status = self.site.app.plugins.status(id).expect("it is known");
        let client = self.client(person).await;
        let base = self.address(id, "");
        let link = regex::Regex::new(r##"href="([^"#]+)"##).expect("it is one");
        let mut waiting: VecDeque<String> = more.iter().map(|rest| format!("{base}{rest}")).collect();
        waiting.push_front(base.clone());
        let (mut seen, mut opened) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
        while let Some(address) = waiting.pop_front() {
            let Some(rest) = address.strip_prefix(&base).filter(|rest| !rest.starts_with("/-")) else { continue };
            let path = rest.split('?').next().unwrap_or_default().to_owned();
            let Some(route) = route(&status.manifest, &path) else { continue };
            let times = opened.entry(route.path.clone()).or_default();
            if *times >= EACH || !seen.insert(address.clone()) {
                continue;
            }
            *times += 1;
            let page = client.get(&address).await;
            assert_eq!(page.status.as_u16(), 200, "{address}: {page}");
            if let Ok(text) = String::from_utf8(page.bytes) {
                waiting.extend(
                    link.captures_iter(&text).map(|found| found[1].replace("&amp;", "&").replace("&#x2F;", "/")),
                );
            }
        }
        opened.into_keys().collect()
    }
}

/// The route of a page; the one that is written out wins.
fn route<'m>(manifest: &'m Manifest, path: &str) -> Option<&'m Route> {
    let parts = |path: &str| path.trim_matches('/').split('/').map(str::to_owned).collect::<Vec<_>>();
    let given = parts(path);
    let fits = |route: &&Route| {
        let wanted = parts(&route.path);
        wanted.len() == given.len()
            && wanted.iter().zip(&given).all(|(want, give)| want.starts_with('{') || want == give)
    };
    manifest
        .routes
        .iter()
        .filter(|route| route.method == "GET")
        .filter(fits)
        .min_by_key(|route| route.path.matches('{').count())
}

async fn pages(database: Database) {
    let Some(semester) = Semester::begin(database, NOTHING, 1, &Log::default()).await else { return };
    semester.fill().await;
    let words = semester.words().await;
    let first = |sql: &'static str, id: &'static str| {
        let semester = &semester;
        async move { semester.tables(id).await.texts(sql).await.into_iter().next().expect("the demo has one") }
    };
    let slug = first("select slug from question where slug is not null order by id", INBOX).await;
    let shift = first("select cast(id as text) from shift where day = '2026-10-12' order by id", ROTA).await;
    let teacher = semester.client(&semester.class.teacher).await;
    teacher.post(&semester.address(ROTA, "/times/calendar"), &[]).await.expect(303);
    let feed = first("select token from feed order by token", ROTA).await;
    for (id, more) in [
        (CHANNEL, vec![]),
        (FANS, vec![format!("/go/{}", words[0]), "/report.xlsx".to_owned(), "/import".to_owned()]),
        (
            ROTA,
            vec![
                format!("/shifts/{shift}"),
                format!("/calendar/{feed}.ics"),
                "/days/2026-10-13".to_owned(),
                "/code".to_owned(),
                "/plan/repair".to_owned(),
            ],
        ),
        (
            INBOX,
            vec![
                format!("/a/{slug}"),
                "/figures/cases".to_owned(),
                "/figures/rated/1".to_owned(),
                "/search?q=投稿".to_owned(),
            ],
        ),
    ] {
        let manifest = semester.site.app.plugins.status(id).expect("it is known").manifest;
        for (person, is_teacher) in [(&semester.class.teacher, true), (&semester.class.students[0], false)] {
            let may = |audience| is_teacher || matches!(audience, Audience::Public | Audience::Member);
            let allowed = |rest: &&String| {
                route(&manifest, rest.split('?').next().unwrap_or_default()).is_some_and(|route| may(route.audience))
            };
            let more: Vec<String> = more.iter().filter(allowed).cloned().collect();
            let opened = semester.walk(id, person, &more).await;
            // The platform's own address answers nobody else.
            let routes = manifest.routes.iter().filter(|route| route.method == "GET" && route.path != "/callback");
            let missed: Vec<_> = routes
                .filter(|route| may(route.audience) && !opened.contains(&route.path))
                .map(|route| &route.path)
                .collect();
            assert_eq!(missed, Vec::<&String>::new(), "{id}, teacher: {is_teacher}");
        }
    }
    semester.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_opens_sqlite() {
    pages(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_opens_postgres() {
    pages(Database::Postgres).await;
}
