//! What the students and the teacher do, through the pages: a plan, checking in, answering. Whoever sees an error looks
//! whether it was done all the same, and does it again if not.

use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike as _, Utc};
use chrono_tz::Asia::Shanghai;
use server::store::person::Person;
use tests::{Client, Reply};
use uuid::Uuid;

use super::class::{CHANNEL, FANS, INBOX, ROTA, Semester};
use super::tables::text;

/// How long one goes on trying, and how soon: a tool that failed often is left alone for ten seconds.
const PATIENCE: Duration = Duration::from_secs(60);
const AGAIN: Duration = Duration::from_millis(50);
/// The most questions that are answered at a time.
const AT_A_TIME: usize = 5;

/// An answer that a student gave.
#[derive(Debug)]
pub struct Answered {
    /// Its words, which no other answer has.
    pub text: String,
    /// To whom; none: to a question that was typed.
    pub openid: Option<String>,
    /// When, by the platform's clock.
    pub at: DateTime<Utc>,
}

/// What was done so far.
#[derive(Default)]
pub struct Done {
    pub answers: Vec<Answered>,
    /// Days on which the student on duty checked in.
    pub kept: Vec<NaiveDate>,
}

impl Semester {
    pub fn day(&self) -> NaiveDate {
        self.site.app.clock.now().with_timezone(&Shanghai).date_naive()
    }

    fn hour(&self) -> u32 {
        self.site.app.clock.now().with_timezone(&Shanghai).hour()
    }

    /// Opens a page; a worker that is killed under it three times makes an error, and one tries again.
    pub async fn open(&self, client: &Client, address: &str) -> Reply {
        let end = Instant::now() + PATIENCE;
        loop {
            let page = client.get(address).await;
            if !page.status.is_server_error() {
                return page.expect(200);
            }
            assert!(Instant::now() < end, "{address} cannot be opened: {page}");
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Sends a form that may be sent twice.
    pub async fn send(&self, client: &Client, address: &str, form: &[(&str, &str)]) -> Reply {
        let end = Instant::now() + PATIENCE;
        loop {
            let reply = client.post(address, form).await;
            if !reply.status.is_server_error() {
                return reply;
            }
            assert!(Instant::now() < end, "{address} cannot be sent: {reply}");
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// The teacher plans the whole semester.
    pub async fn plan(&self, days: i64) {
        let teacher = self.client(&self.class.teacher).await;
        let (first, last) = (self.day().to_string(), (self.day() + TimeDelta::days(days)).to_string());
        let preview =
            self.open(&teacher, &self.address(ROTA, &format!("/plan?first={first}&last={last}"))).await.text();
        let seen = preview.split_once("name=\"seen\" value=\"").expect("a preview").1;
        let seen = seen.split_once('"').expect("a value").0;
        let form = [("first", first.as_str()), ("last", &last), ("seed", "1"), ("seen", seen)];
        teacher.post(&self.address(ROTA, "/plan"), &form).await.expect(303);
    }

    /// Everybody gets a claim word.
    pub async fn words(&self) -> Vec<String> {
        self.open(&self.client(&self.class.teacher).await, &self.address(FANS, "/credit")).await;
        let word = regex::Regex::new(r"\bA\d{3}\b").expect("it is one");
        let mut words = Vec::new();
        for student in &self.class.students {
            let page = self.open(&self.client(student).await, &self.address(FANS, "/credit")).await.text();
            let found = word.find(&page).map(|word| word.as_str().to_owned());
            words.push(found.unwrap_or_else(|| panic!("no claim word: {page}")));
        }
        words
    }

    /// The student who is on duty today.
    pub async fn on_duty(&self) -> &Person {
        let sql = format!("select person_id from shift where day = '{}' order by post", self.day());
        let found = self.tables(ROTA).await.texts(&sql).await;
        let person: Uuid = found.first().expect("somebody is on duty every day").parse().expect("an id");
        self.class.students.iter().find(|student| student.id == person).expect("a student of the class")
    }

    /// The student on duty checks in and answers what waits.
    pub async fn duty(&self, done: &mut Done) {
        if !(8..22).contains(&self.hour()) {
            return;
        }
        let student = self.on_duty().await;
        let client = self.client(student).await;
        if !done.kept.contains(&self.day()) {
            let sql = format!("select id from shift where day = '{}' order by post", self.day());
            let shift = self.tables(ROTA).await.texts(&sql).await.remove(0);
            self.send(&client, &self.address(ROTA, &format!("/shifts/{shift}/check-in")), &[]).await.expect(303);
            done.kept.push(self.day());
        }
        self.open(&client, &self.address(INBOX, "")).await;
        let sql = "select cast(id as text), follower from question where state = 'open' order by since, id";
        let waiting = self.tables(INBOX).await.rows(sql).await;
        for row in waiting.into_iter().take(AT_A_TIME) {
            self.answer(&client, &text(&row[0]), &text(&row[1]), done).await;
        }
    }

    async fn answer(&self, client: &Client, question: &str, follower: &str, done: &mut Done) {
        let page = self.address(INBOX, &format!("/questions/{question}"));
        let words = format!("第{}号回答，请看。", done.answers.len() + 1);
        let at = self.platform.now();
        let sql = format!("select openid from follower where id = '{follower}'");
        let openid = if follower.is_empty() { None } else { self.tables(CHANNEL).await.texts(&sql).await.pop() };
        let claimed = self.send(client, &format!("{page}/claim"), &[]).await;
        if claimed.status.as_u16() == 404 {
            // Its follower has just left.
            return;
        }
        claimed.expect(303);
        let form = [("text", words.as_str())];
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let sent = client.post(&format!("{page}/answer"), &form).await;
            let is_there = self.tables(INBOX).await;
            let is_there = is_there.texts(&format!("select id from message where text = '{words}'")).await;
            match sent.status.as_u16() {
                303 => assert_eq!(is_there.len(), 1, "an answer that was taken is there once"),
                404 => return,
                // The lease may have been the other's, or the answer was taken before the worker was killed.
                _ if is_there.is_empty() => {
                    let again = self.send(client, &format!("{page}/claim"), &[]).await;
                    if again.status.as_u16() == 404 {
                        return;
                    }
                    tokio::time::sleep(AGAIN).await;
                    continue;
                }
                _ => {}
            }
            done.answers.push(Answered { text: words, openid, at });
            return;
        }
        panic!("{page} cannot be answered");
    }
}
