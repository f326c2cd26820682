//! Durable hand-ins of 25 blanks over HTTP, beside raw one-row commits to a database of the same settings on the same
//! disk, in one interleaved run: `cargo bench -p tests --bench submit`. Client and server share the machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use server::rules::Rules;
use server::store::person::{NewPerson, Role};
use server::store::{person, session};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tests::sheet::Sheet;
use tests::{Client, Database, Site};
use uuid::Uuid;

const ROUNDS: usize = 3;
const SPAN: Duration = Duration::from_secs(3);
const STUDENTS: usize = 1024;
/// Fewer in a round means that something did not run.
const LEAST: usize = 100;

#[derive(Clone)]
struct Student {
    client: Client,
    attempts: Arc<AtomicUsize>,
}

fn source() -> String {
    let questions: String =
        (1..=25).map(|number| format!("{number}. 第{number}站叫[[第{number}号站台]]。\n\n")).collect();
    format!("---\ncourse: network-marketing\nchapter: wechat-platform\ntitle: 二十五空\n---\n\n{questions}")
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    let site = Site::start(Database::Sqlite).await.expect("SQLite is built in");
    let class = site.classroom(1).await;
    let assignment = class.assign(&site, &source(), Rules { show_verdicts: true, ..Rules::default() }).await;
    let students = join_all((0..STUDENTS).map(|index| student(&site, class.class.id, index))).await;
    let blanks = Sheet::open(&students[0].client, assignment).await.blanks;
    let mut raw = raw_database(&site).await;
    let names = ["raw commits", "hand-in, 1 connection", "hand-in, 64 connections", "sheet page, 16 connections"];
    let mut rates: Vec<Vec<f64>> = vec![Vec::new(); names.len()];
    let mut slow = Vec::new();
    for _ in 0..ROUNDS {
        rates[0].push(commits(&mut raw).await);
        let (rate, _) = load(&students, 1, |student| hand_in(student, assignment, &blanks)).await;
        rates[1].push(rate);
        let (rate, p99) = load(&students, 64, |student| hand_in(student, assignment, &blanks)).await;
        rates[2].push(rate);
        slow.push(p99);
        let (rate, _) = load(&students, 16, |student| page(student, assignment)).await;
        rates[3].push(rate);
    }
    let medians: Vec<f64> = rates
        .iter_mut()
        .map(|rates| {
            rates.sort_by(f64::total_cmp);
            rates[ROUNDS / 2]
        })
        .collect();
    slow.sort();
    for (name, rate) in names.iter().zip(&medians) {
        println!("{name:28} {rate:8.0}/s   {:.2} of raw commits", rate / medians[0]);
    }
    println!("hand-in, 64 connections: 99 % within {:.1} ms", slow[ROUNDS / 2].as_secs_f64() * 1_000.0);
    site.stop().await;
}

async fn student(site: &Site, class: Uuid, index: usize) -> Student {
    let (db, now) = (&site.app.db, site.app.clock.now());
    let new = NewPerson {
        login: format!("bench{index}"),
        name: format!("学生 {index}"),
        role: Role::Student,
        password_hash: None,
    };
    let id = person::create(db, new, now).await.expect("the login is free");
    let number = index.to_string();
    db.write(move |tx| {
        Box::pin(async move {
            server::execute!(
                tx,
                "insert into membership (class_id, person_id, role, student_number, joined_at) values ($1, $2, 'student', $3, $4)",
                class,
                id,
                number,
                now,
            )?;
            Ok(())
        })
    })
    .await
    .expect("the student joins");
    let person = person::find(db, id).await.expect("the database answers").expect("just created");
    let token = server::secret::new_token();
    session::create(db, server::secret::token_hash(&token), &person, "bench".into(), "127.0.0.1".into(), now)
        .await
        .expect("a session opens");
    let client = Client::new(&site.base).with_cookie(server::cookie::session_name(&site.app.config), &token);
    Student { client, attempts: Arc::default() }
}

async fn hand_in(student: Student, assignment: Uuid, blanks: &[Uuid]) {
    let attempt = student.attempts.fetch_add(1, Ordering::Relaxed) + 1;
    let mut form = vec![("attempt".to_owned(), attempt.to_string()), ("key".to_owned(), Uuid::new_v4().to_string())];
    form.extend(
        blanks.iter().enumerate().map(|(index, blank)| (format!("answer.{blank}"), format!("第{}号站台", index + 1))),
    );
    // One wrong answer, so that the attempt is used up.
    form[2].1 = "别的站".to_owned();
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    student.client.post(&format!("/assignments/{assignment}/hand-in"), &form).await.expect(303);
}

async fn page(student: Student, assignment: Uuid) {
    let next = student.attempts.load(Ordering::Relaxed) + 1;
    let page = student.client.get(&format!("/assignments/{assignment}?attempt={next}")).await.expect(200);
    assert!(page.bytes.len() > 10_000, "the page is whole");
}

/// Keeps so many requests in the air for [`SPAN`]: requests a second, and how long 99 in 100 took at most.
async fn load<F>(students: &[Student], connections: usize, request: impl Fn(Student) -> F) -> (f64, Duration)
where
    F: Future<Output = ()>,
{
    let start = Instant::now();
    let lanes = (0..connections).map(|lane| {
        let own: Vec<Student> = students.iter().skip(lane).step_by(connections).cloned().collect();
        let request = &request;
        async move {
            let mut took = Vec::new();
            for student in own.iter().cycle() {
                if start.elapsed() >= SPAN {
                    break;
                }
                let begun = Instant::now();
                request(student.clone()).await;
                took.push(begun.elapsed());
            }
            took
        }
    });
    let mut took: Vec<Duration> = join_all(lanes).await.into_iter().flatten().collect();
    let rate = took.len() as f64 / start.elapsed().as_secs_f64();
    took.sort();
    assert!(took.len() >= LEAST, "only {} requests were done", took.len());
    (rate, took[took.len() * 99 / 100])
}

async fn raw_database(site: &Site) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(site.folder().join("raw.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = options.connect().await.expect("the file opens");
    sqlx::query("create table answer (id integer primary key, text text not null)")
        .execute(&mut connection)
        .await
        .expect("the table is made");
    connection
}

async fn commits(connection: &mut SqliteConnection) -> f64 {
    let start = Instant::now();
    let mut done = 0;
    while start.elapsed() < SPAN {
        sqlx::query("insert into answer (text) values ($1)")
            .bind("第一号站台")
            .execute(&mut *connection)
            .await
            .expect("a row");
        done += 1;
    }
    assert!(done >= LEAST, "only {done} commits were done");
    connection.ping().await.expect("still there");
    done as f64 / start.elapsed().as_secs_f64()
}
