//! An acknowledged answer is on disk. The real program is killed at random moments while students write and hand in;
//! afterwards nothing that was acknowledged may be missing, and nothing sent twice may be there twice.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::Utc;
use rand::RngExt;
use reqwest::Method;
use serde_json::json;
use server::clock::Clock;
use server::db::Db;
use server::on;
use server::rules::Rules;
use server::store::session;
use server::{cookie, secret};
use tests::{Client, Database, Site, binary};
use uuid::Uuid;

/// How often the server is killed.
const KILLS: u32 = 20;
/// How many writes must have been acknowledged in all: a loop that acknowledged nothing proves nothing.
const ACKNOWLEDGED: u64 = 2_000;
/// Students who write at the same time.
const STUDENTS: usize = 8;

const ASSIGNMENT: &str = "---\ncourse: network-marketing\nchapter: wechat-platform\ntitle: 断电练习\n---\n\n\
    1. 春天来了，[[燕子]]飞回北方；秋天到了，它又飞回[[南方]]。\n\n2. 一年有[[四|4]]个季节。\n";

/// What one student knows to be acknowledged.
#[derive(Default)]
struct Known {
    /// The highest sequence of each field, acknowledged for the attempt in progress.
    drafts: BTreeMap<Uuid, i64>,
    /// Keys of acknowledged hand-ins with the place they led to.
    handed_in: Vec<(Uuid, String)>,
    /// A hand-in that was sent and not answered; it is sent again with the same key.
    unanswered: Option<Uuid>,
}

struct Student {
    client: Client,
    known: Known,
    sequence: i64,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed_sqlite() {
    kill_loop(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed_postgres() {
    kill_loop(Database::Postgres).await;
}

async fn kill_loop(database: Database) {
    let Some(site) = Site::start(database).await else { return };
    let folder = site.folder().to_owned();
    site.app.clock.set(Utc::now());
    let room = site.classroom(STUDENTS).await;
    let assignment = room.assign(&site, ASSIGNMENT, Rules { show_verdicts: true, ..Rules::default() }).await;
    let blanks: Vec<Uuid> = on!(&site.app.db, |c| sqlx::query_scalar("select id from blank").fetch_all(c).await)
        .expect("the database answers");
    assert_eq!(blanks.len(), 3);
    let mut tokens = Vec::new();
    for person in &room.students {
        let token = secret::new_token();
        let hash = secret::token_hash(&token);
        let now = Clock::system().now();
        session::create(&site.app.db, hash, person, "test".into(), "127.0.0.1".into(), now).await.expect("a session");
        tokens.push(token);
    }
    let url = site.database_url.clone();
    let keep = site.close().await;

    let mut students: Vec<Student> = tokens
        .iter()
        .map(|token| Student {
            client: Client::new("").with_cookie(cookie::PLAIN_COOKIE, token),
            known: Known::default(),
            sequence: 0,
        })
        .collect();
    let acknowledged = Arc::new(AtomicU64::new(0));
    for kill in 0..=KILLS {
        let (mut child, base) = start(&url, &folder);
        for student in &mut students {
            student.client = student.client.clone().at(&base);
            check(student, assignment).await;
        }
        if kill == KILLS {
            interrupt(&mut child);
            break;
        }
        // The server dies once this many more writes were acknowledged, in the middle of whatever it is doing.
        let until = acknowledged.load(Ordering::SeqCst) + rand::rng().random_range(100..160);
        let mut working = Vec::new();
        for student in students.drain(..) {
            let (acknowledged, blanks) = (acknowledged.clone(), blanks.clone());
            working.push(tokio::spawn(write_until_death(student, assignment, blanks, acknowledged)));
        }
        while acknowledged.load(Ordering::SeqCst) < until {
            assert!(child.try_wait().expect("the child is ours").is_none(), "the server ended by itself");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        child.kill().expect("the child is ours");
        child.wait().expect("the child is ours");
        for student in working {
            students.push(student.await.expect("a student does not panic"));
        }
    }

    let db = server::db::open(&url, true).await.expect("the database opens");
    for student in &students {
        for (key, _) in &student.known.handed_in {
            let rows: i64 = on!(&db, |c| sqlx::query_scalar("select count(*) from attempt where hand_in_key = $1")
                .bind(key.to_string())
                .fetch_one(c)
                .await)
            .expect("the database answers");
            assert_eq!(rows, 1, "hand-in {key} is there {rows} times");
        }
    }
    let handed_in: usize = students.iter().map(|student| student.known.handed_in.len()).sum();
    let stored: i64 = on!(&db, |c| sqlx::query_scalar("select count(*) from attempt where handed_in_at is not null")
        .fetch_one(c)
        .await)
    .expect("the database answers");
    assert_eq!(stored as usize, handed_in, "every hand-in was acknowledged in the end, and is there once");
    if let Db::Sqlite(sqlite) = &db {
        let verdict: String =
            sqlx::query_scalar("pragma integrity_check").fetch_one(&sqlite.readers).await.expect("the check runs");
        assert_eq!(verdict, "ok");
    }
    db.close().await;
    drop(keep);
    let acknowledged = acknowledged.load(Ordering::SeqCst);
    println!("{KILLS} kills, {acknowledged} acknowledged writes, {handed_in} hand-ins: 0 lost, 0 doubled");
    assert!(acknowledged >= ACKNOWLEDGED, "only {acknowledged} acknowledged writes");
}

/// Writes drafts and hands in now and then, until the server is gone.
async fn write_until_death(
    mut student: Student,
    assignment: Uuid,
    blanks: Vec<Uuid>,
    acknowledged: Arc<AtomicU64>,
) -> Student {
    for step in 1_u64.. {
        let fine = if step % 9 == 0 {
            hand_in(&mut student, assignment, &blanks).await
        } else {
            save(&mut student, assignment, &blanks).await
        };
        match fine {
            true => acknowledged.fetch_add(1, Ordering::SeqCst),
            false => return student,
        };
    }
    student
}

async fn save(student: &mut Student, assignment: Uuid, blanks: &[Uuid]) -> bool {
    student.sequence += 1;
    let attempt = student.known.handed_in.len() + 1;
    let fields: Vec<_> = blanks
        .iter()
        .map(
            |field| json!({"field": field, "text": format!("草稿 {}", student.sequence), "sequence": student.sequence}),
        )
        .collect();
    let body = json!({"attempt": attempt, "fields": fields});
    let request = student.client.request(Method::POST, &format!("/assignments/{assignment}/draft")).json(&body);
    let Some(reply) = student.client.try_send(request).await else { return false };
    let reply = reply.expect(200).value();
    for saved in reply["saved"].as_array().expect("a list of fields") {
        let field = saved["field"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        student.known.drafts.insert(field, saved["sequence"].as_i64().expect("a number"));
    }
    true
}

async fn hand_in(student: &mut Student, assignment: Uuid, blanks: &[Uuid]) -> bool {
    let key = *student.known.unanswered.get_or_insert_with(Uuid::now_v7);
    let attempt = (student.known.handed_in.len() + 1).to_string();
    let mut form = vec![("attempt".to_owned(), attempt), ("key".to_owned(), key.to_string())];
    form.extend(blanks.iter().map(|blank| (format!("answer.{blank}"), "燕子".to_owned())));
    let request = student.client.request(Method::POST, &format!("/assignments/{assignment}/hand-in")).form(&form);
    let Some(reply) = student.client.try_send(request).await else { return false };
    let place = reply.expect(303).location();
    student.known.handed_in.push((key, place));
    student.known.unanswered = None;
    student.known.drafts.clear();
    true
}

/// After a restart: what was acknowledged is there, and sending again what was not answered is the same hand-in.
async fn check(student: &mut Student, assignment: Uuid) {
    for (_, place) in student.known.handed_in.iter().rev().take(2) {
        student.client.get(place).await.expect(200);
    }
    if !student.known.drafts.is_empty() && student.known.unanswered.is_none() {
        let sheet = student.client.get(&format!("/assignments/{assignment}")).await.expect(200).text();
        for (field, acknowledged) in &student.known.drafts {
            let input = sheet.split("<input").find(|input| input.contains(&format!("data-field=\"{field}\"")));
            let input = input.unwrap_or_else(|| panic!("the sheet has no blank {field}"));
            let stored = input.split("data-sequence=\"").nth(1).and_then(|rest| rest.split('"').next());
            let stored: i64 = stored.and_then(|number| number.parse().ok()).expect("a saved blank has its sequence");
            assert!(stored >= *acknowledged, "a draft went back from {acknowledged} to {stored}");
        }
    }
    if student.known.unanswered.is_some() {
        let blanks: Vec<Uuid> = student.known.drafts.keys().copied().collect();
        assert!(hand_in(student, assignment, &blanks).await, "the server answers after a restart");
    }
}

/// Starts the program on a port of its own.
fn start(url: &str, folder: &std::path::Path) -> (Child, String) {
    let mut child = Command::new(binary::server())
        .args(["--listen", "127.0.0.1:0", "--database", url, "--data"])
        .arg(folder)
        .env("COURSE_ALLOW_UNSAFE_POSTGRES", "true")
        .env("COURSE_LOG", "error")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("stdout is piped")).read_line(&mut line).expect("the server speaks");
    let base = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap_or_else(|| panic!("{line:?}"));
    (child, base.to_owned())
}

/// Whoever reads its words may end before the server: a terminal that was closed, `server | head -1`.
#[test]
fn a_server_whose_words_nobody_reads_stops_when_it_is_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("an address");
    let mut child = Command::new(binary::server())
        .args(["--listen", &free.to_string(), "--data"])
        .arg(folder.path())
        .env("COURSE_LOG", "debug")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the server starts");
    drop((child.stdout.take(), child.stderr.take()));
    let answer = within(|| {
        let mut visit = TcpStream::connect(free).ok()?;
        visit.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
        visit.write_all(b"GET / HTTP/1.0\r\n\r\n").ok()?;
        let mut answer = String::new();
        visit.read_to_string(&mut answer).is_ok().then_some(answer)
    });
    let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    let ended = within(|| child.try_wait().expect("the child is ours"));
    let _ = child.kill();
    assert!(answer.as_ref().is_some_and(|answer| answer.starts_with("HTTP/1.0 ")), "{answer:?}");
    assert_eq!(ended.and_then(|ended| ended.code()), Some(0));
}

/// What is there within a while.
fn within<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        match look() {
            None if Instant::now() < end => std::thread::sleep(Duration::from_millis(50)),
            found => return found,
        }
    }
}

fn interrupt(child: &mut Child) {
    let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    let _ = child.wait();
}
