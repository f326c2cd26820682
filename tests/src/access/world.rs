//! People of every kind, and the places they may or may not be in: each place a class with an assignment, a student's
//! work in it, and words that only some people may read.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use chrono::TimeDelta;
use server::app::App;
use server::rules::Rules;
use server::store::class::{self, Settings};
use server::store::person::{Actor, Person, Role};
use server::store::roster::student;
use server::store::roster::transfer::{Move, transfer};
use server::store::token::{self, NewToken};
use server::store::{admin, plugin, post, review, session};
use server::{cookie, secret};
use tests::sheet::Sheet;
use tests::{Reply, Site};
use tower::ServiceExt as _;
use uuid::Uuid;

/// People as the list tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    Visitor,
    /// The owner, with a session and a token that have run out.
    Expired,
    /// The teacher, with a session that was ended and a token that was revoked.
    Ended,
    /// A teacher of the class whose account an administrator closed.
    Disabled,
    /// The student whose work it is.
    Owner,
    Classmate,
    /// A classmate with a post in the class.
    Operator,
    /// Was in the class and left.
    Former,
    /// Was moved to the class of the next term.
    Moved,
    /// A student of the next term alone.
    Later,
    Teacher,
    /// Taught the class and was removed from it.
    FormerTeacher,
    OtherStudent,
    OtherTeacher,
    Administrator,
}

/// What somebody is in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Signed in by nothing that holds.
    Nobody,
    Stranger,
    /// A member of once: a stranger who knows the name of the class.
    Former,
    Owner,
    Classmate,
    Teacher,
    Administrator,
}

/// A class and what is in it.
pub struct Place {
    pub name: &'static str,
    ids: BTreeMap<&'static str, String>,
    relations: BTreeMap<Who, Relation>,
    secrets: Secrets,
}

/// Words that occur nowhere else.
#[derive(Clone, Default)]
struct Secrets {
    /// For teachers alone.
    keys: Vec<String>,
    /// For the student and teachers.
    work: Vec<String>,
    /// For members of the class.
    names: Vec<String>,
    /// Name of the class.
    class: Vec<String>,
}

/// Everybody's ways in, and where they lead.
pub struct World {
    pub places: Vec<Place>,
    router: Router,
    headers: BTreeMap<(Who, bool), HeaderMap>,
}

impl Place {
    /// An address with this place's ids; what the place has nothing of gets an id of nothing.
    pub fn fill(&self, path: &str) -> String {
        let mut address = path.to_owned();
        for (name, value) in &self.ids {
            address = address.replace(&format!("{{{name}}}"), value);
        }
        while let (Some(from), Some(to)) = (address.find('{'), address.find('}')) {
            address.replace_range(from..=to, &Uuid::now_v7().to_string());
        }
        address
    }

    pub fn relation(&self, who: Who) -> Relation {
        self.relations.get(&who).copied().unwrap_or(Relation::Stranger)
    }

    /// The same class, with everything else from another place: nothing is there for anybody.
    fn crossed(&self, other: &Place) -> Place {
        let mut ids = other.ids.clone();
        ids.insert("class", self.ids["class"].clone());
        Place { name: "crossed", ids, relations: self.relations.clone(), secrets: Secrets::default() }
    }
}

/// The names in braces.
pub fn names_in(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(|name| name.trim_start_matches('*'))
}

impl World {
    /// Sends a request straight into the router.
    pub async fn ask(&self, who: Who, method: &Method, address: &str, headers: HeaderMap, body: Bytes) -> Reply {
        let mut request = Request::builder().method(method.clone()).uri(address);
        let all = request.headers_mut().expect("the address is fine");
        all.extend(headers);
        all.extend(self.headers[&(who, address.starts_with("/api/"))].clone());
        let request = request.body(Body::from(body)).expect("the request is fine");
        let response = self.router.clone().oneshot(request).await.expect("a router does not fail");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("the body is whole").to_vec();
        Reply { status: parts.status, headers: parts.headers, bytes }
    }

    /// Gives every class a tool, and keeps something in it where that can be done: a word for members alone.
    pub async fn use_tool(&mut self, app: &App, actor: Actor, id: &'static str) {
        for place in &mut self.places {
            place.ids.insert("plugin", id.to_owned());
        }
        for index in 0..self.places.len() {
            let place = &self.places[index];
            let class = place.ids["class"].parse().expect("an id");
            plugin::class::add(&app.db, actor.clone(), class, id, app.clock.now()).await.expect("the class takes it");
            let owner = place.relations.iter().find(|(_, relation)| **relation == Relation::Owner);
            let (Some((&owner, _)), false) = (owner, matches!(place.name, "archived" | "crossed")) else { continue };
            let word = format!("记事{index}号");
            let form =
                HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))]);
            let address = place.fill("/classes/{class}/tools/{plugin}/notes");
            let reply = self.ask(owner, &Method::POST, &address, form, format!("text={word}").into()).await;
            assert_eq!(reply.status, 303, "{}", String::from_utf8_lossy(&reply.bytes));
            self.places[index].secrets.names.push(word);
        }
    }

    /// The first word in a reply that is not for this person.
    pub fn leak(&self, who: Who, reply: &Reply) -> Option<String> {
        let text = String::from_utf8_lossy(&reply.bytes);
        let forbidden = |place: &Place| {
            use Relation::{Administrator, Classmate, Former, Nobody, Owner, Stranger, Teacher};
            let Secrets { keys, work, names, class } = &place.secrets;
            let kinds: &[&Vec<String>] = match place.relation(who) {
                Teacher | Administrator => &[],
                Owner => &[keys],
                Classmate => &[keys, work],
                Former => &[keys, work, names],
                Nobody | Stranger => &[keys, work, names, class],
            };
            kinds.iter().flat_map(|words| words.iter()).find(|word| text.contains(word.as_str())).cloned()
        };
        self.places.iter().find_map(forbidden)
    }
}

struct Founder<'s> {
    site: &'s Site,
    people: BTreeMap<Who, Person>,
    headers: BTreeMap<(Who, bool), HeaderMap>,
}

impl Founder<'_> {
    async fn person(&mut self, who: Who, role: Role, name: &str) {
        let person = self.site.person(role, &format!("{who:?}").to_lowercase(), name).await;
        self.people.insert(who, person);
    }

    fn actor(&self, who: Who) -> Actor {
        Actor { id: self.people[&who].id, address: "127.0.0.1".into() }
    }

    /// A session and a token as they were made at `then`.
    async fn enter(&mut self, who: Who, person: &Person, then: chrono::DateTime<chrono::Utc>) -> (Uuid, Uuid) {
        let (cookie, bearer) = (secret::new_token(), secret::new_token());
        let db = &self.site.app.db;
        let hash = secret::token_hash(&cookie);
        let session = session::create(db, hash, person, "test".into(), "127.0.0.1".into(), then).await;
        let new = NewToken {
            person_id: person.id,
            token_hash: secret::token_hash(&bearer),
            label: "test".into(),
            expires_at: then + TimeDelta::days(100),
        };
        let token = token::create(db, new, then).await.expect("a token");
        let name = cookie::session_name(&self.site.app.config);
        for (api, header, value) in
            [(false, "cookie", format!("{name}={cookie}")), (true, "authorization", format!("Bearer {bearer}"))]
        {
            let value = HeaderValue::from_str(&value).expect("ASCII");
            self.headers.insert((who, api), HeaderMap::from_iter([(HeaderName::from_static(header), value)]));
        }
        (session.expect("a session"), token)
    }

    /// A class of a teacher with these students and the work of the first of them.
    async fn place(&self, name: &'static str, of: (Who, &str, &str), students: &[Who], mark: &str) -> Place {
        let (site, app) = (self.site, &self.site.app);
        let (teacher, term, chapter) = of;
        let (actor, now) = (self.actor(teacher), app.clock.now());
        let settings = Settings {
            course: "network-marketing".into(),
            name: format!("{name} class"),
            term: term.into(),
            join_rule: "roster".into(),
            time_zone: "Asia/Shanghai".into(),
        };
        let id = class::create(&app.db, actor.clone(), settings, now).await.expect("the class is founded");
        for who in students {
            let Person { login, name, .. } = &self.people[who];
            let added = student::add(&app.db, actor.clone(), id, login.clone(), name.clone(), now).await;
            added.unwrap_or_else(|error| panic!("{who:?} is no student of {name}: {error}"));
        }
        let class = class::find(&app.db, id).await.expect("the database answers").expect("just founded");
        let owner = &self.people[&students[0]];
        let room = tests::Classroom { class, teacher: self.people[&teacher].clone(), students: vec![owner.clone()] };
        let source = format!(
            "---\ncourse: network-marketing\nchapter: {chapter}\ntitle: 门禁\n---\n\n\
             1. 一年有[[钥匙{mark}]]个季节，[[生命周期长]]。\n\n2. 谈谈春天。{{essay points=5}}\n"
        );
        let assignment = room.assign(site, &source, Rules { show_verdicts: true, ..Rules::default() }).await;
        let browser = site.signed_in(owner).await;
        let sheet = Sheet::open(&browser, assignment).await;
        let question = sheet.texts[0];
        let file =
            reqwest::multipart::Part::bytes(format!("附件{mark}").into_bytes()).file_name(format!("文件{mark}.txt"));
        let form = reqwest::multipart::Form::new().text("attempt", "1").part("file", file);
        browser.multipart(&format!("/assignments/{assignment}/attachments/{question}"), form).await.expect(303);
        let sheet = Sheet::open(&browser, assignment).await;
        let href = sheet.html.split("href=\"/attachments/").nth(1).and_then(|rest| rest.split('"').next());
        let attachment = href.expect("the file is on the sheet").to_owned();
        let answers = [format!("答案{mark}"), "生命周期常".into()];
        let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
        let handed_in =
            sheet.send(&browser, &sheet.form(&answers, &format!("春天{mark}"))).await.expect(303).location();
        let attempt = handed_in.trim_start_matches("/attempts/").to_owned();
        let waiting = review::waiting(&app.db, id).await.expect("the queue");
        let cluster = waiting.first().expect("one answer waits").clone();
        let decide = review::Decide {
            class_id: id,
            blank_id: cluster.blank_id,
            normal_form: cluster.normal_form,
            sample: cluster.sample,
            share: grader::assignment::Share::NONE,
            seen: cluster.key_version,
        };
        let decided = review::decide(&app.db, actor, decide, now).await.expect("decided");
        let review::Decided::Done { decision, .. } = decided else { panic!("nobody else decides") };
        Place {
            name,
            ids: BTreeMap::from([
                ("class", id.to_string()),
                ("assignment", assignment.to_string()),
                ("person", owner.id.to_string()),
                ("attempt", attempt),
                ("question", question.to_string()),
                ("blank", sheet.blanks[0].to_string()),
                ("attachment", attachment),
                ("decision", decision.to_string()),
                ("course", "network-marketing".to_owned()),
                ("chapter", "wechat-platform".to_owned()),
                ("name", "qr-code.svg".to_owned()),
            ]),
            relations: BTreeMap::new(),
            secrets: Secrets {
                keys: vec![format!("钥匙{mark}"), room.class.join_code.clone()],
                work: vec![format!("答案{mark}"), format!("春天{mark}"), format!("附件{mark}"), format!("文件{mark}")],
                names: vec![owner.name.clone()],
                class: vec![format!("{name} class")],
            },
        }
    }
}

/// Founds everything.
pub async fn world(site: &Site) -> World {
    use Who::*;
    let (db, now) = (&site.app.db, site.app.clock.now());
    let mut founder = Founder { site, people: BTreeMap::new(), headers: BTreeMap::new() };
    for (who, role, name) in [
        (Owner, Role::Student, "欧阳一"),
        (Classmate, Role::Student, "司马二"),
        (Operator, Role::Student, "上官三"),
        (Former, Role::Student, "夏侯四"),
        (Moved, Role::Student, "诸葛五"),
        (OtherStudent, Role::Student, "东方六"),
        (Later, Role::Student, "皇甫七"),
        (Teacher, Role::Teacher, "教师 A"),
        (FormerTeacher, Role::Teacher, "教师 B"),
        (Disabled, Role::Teacher, "教师 C"),
        (OtherTeacher, Role::Teacher, "教师 D"),
        (Administrator, Role::Administrator, "管理员"),
    ] {
        founder.person(who, role, name).await;
    }
    let ours = [Owner, Classmate, Operator, Former, Moved];
    let mut own = founder.place("own", (Teacher, "2026 秋", "wechat-platform"), &ours, "壬辰").await;
    let mut archived = founder.place("archived", (Teacher, "2025 秋", "wechat-platform"), &ours[..4], "癸巳").await;
    let next = (Teacher, "2027 春", "wechat-platform");
    let mut next = founder.place("next term", next, &[Later, Classmate], "甲午").await;
    let mut other = founder.place("other", (OtherTeacher, "2026 秋", "wechat-platform"), &[OtherStudent], "乙未").await;

    let actor = founder.actor(Teacher);
    let id = |place: &Place| place.ids["class"].parse::<Uuid>().expect("an id");
    let person = |who: Who| founder.people[&who].id;
    for place in [&own, &archived] {
        post::give(db, actor.clone(), id(place), person(Operator), post::OPERATOR.into(), now).await.expect("a post");
        student::set_present(db, actor.clone(), id(place), person(Former), false, now).await.expect("leaves");
        for who in [FormerTeacher, Disabled] {
            let login = &founder.people[&who].login;
            class::add_teacher(db, actor.clone(), id(place), login, now).await.expect("a colleague");
        }
        class::remove_teacher(db, actor.clone(), id(place), person(FormerTeacher), now).await.expect("removed");
    }
    let moved = Move { person_id: person(Moved), from: id(&own), to: id(&next) };
    let plan = server::transfer::plans(&site.app, &[moved]).await.expect("a plan").pop().expect("of one move");
    transfer(db, actor.clone(), plan.carry, now).await.expect("moves");
    class::set_archived(db, actor, id(&archived), true, now).await.expect("archived");

    let member = Relation::Classmate;
    own.relations =
        [(Owner, Relation::Owner), (Classmate, member), (Operator, member), (Teacher, Relation::Teacher)].into();
    own.relations.extend([Former, FormerTeacher].map(|who| (who, Relation::Former)));
    archived.relations = own.relations.clone();
    own.relations.insert(Moved, Relation::Former);
    next.relations =
        [(Later, Relation::Owner), (Classmate, member), (Moved, member), (Teacher, Relation::Teacher)].into();
    other.relations = [(OtherStudent, Relation::Owner), (OtherTeacher, Relation::Teacher)].into();
    let crossed = own.crossed(&other);
    let mut places = vec![own, archived, next, other, crossed];
    for place in &mut places {
        place.relations.insert(Administrator, Relation::Administrator);
        place.relations.extend([Visitor, Expired, Ended, Disabled].map(|who| (who, Relation::Nobody)));
    }

    let people: Vec<(Who, Person)> = founder.people.iter().map(|(who, person)| (*who, person.clone())).collect();
    for (who, person) in &people {
        founder.enter(*who, person, now).await;
    }
    let (owner, teacher) = (founder.people[&Owner].clone(), founder.people[&Teacher].clone());
    founder.enter(Expired, &owner, now - TimeDelta::days(200)).await;
    let (session, token) = founder.enter(Ended, &teacher, now).await;
    session::end(db, teacher.id, session).await.expect("ended");
    token::revoke(db, teacher.id, token).await.expect("revoked");
    let administrator = founder.actor(Administrator);
    admin::set_disabled(db, administrator, founder.people[&Disabled].id, true, now).await.expect("disabled");
    for api in [false, true] {
        founder.headers.insert((Visitor, api), HeaderMap::new());
    }

    World { places, router: server::router::router(site.app.clone()), headers: founder.headers }
}
