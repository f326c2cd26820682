//! Questions, answers and what belongs to them, as statements.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::value::Value;

use crate::clock::{self, Hours};
use crate::conversation::case::new_slug;
use crate::similarity::plain;
use crate::starter::{self, Starter};

const REMARKS: [&str; 3] = ["先说结论，再说原因，会更清楚。", "可以附上入口在哪里。", "语气很好，再短一点更好。"];
const ADDED: &str = "补充一句：拿不准的时候，直接回复我们就好。";

/// Statements with their parameters.
pub type Statements = Vec<(&'static str, Vec<Value>)>;

/// What is told so far.
pub struct Story<'h> {
    host: &'h Host,
    class: Uuid,
    students: Vec<Uuid>,
    asked: Vec<(&'static Starter, String)>,
    hours: Hours,
    number: usize,
    statements: Statements,
}

/// A question of the story.
struct Asked<'t> {
    id: Uuid,
    follower: Option<Uuid>,
    text: &'t str,
    at: DateTime<Utc>,
}

/// An answer of the story.
struct Given<'t> {
    person: Option<Uuid>,
    text: &'t str,
    at: DateTime<Utc>,
    delivery: &'static str,
    faq: Option<Uuid>,
}

impl<'h> Story<'h> {
    /// Of these students.
    pub fn new(host: &'h Host, students: Vec<Uuid>) -> Result<Self> {
        let mut reader = csv::Reader::from_reader(include_bytes!("asked.csv").as_slice());
        let mut asked = Vec::new();
        for line in reader.deserialize::<(String, String)>() {
            let (key, text) = line?;
            asked.extend(starter::entries().iter().find(|entry| entry.key == key).map(|entry| (entry, text)));
        }
        let (class, hours) = (host.class()?.id, Hours::of(host));
        Ok(Self { host, class, students, asked, hours, number: 0, statements: Vec::new() })
    }

    /// How many questions, and the statements.
    pub fn told(self) -> (usize, Statements) {
        (self.number, self.statements)
    }

    /// Somebody asked and somebody answered; every so often more happened.
    pub fn answered(&mut self, at: DateTime<Utc>) -> Result<()> {
        let number = self.number;
        let Some((entry, text)) = self.asked.get(number % self.asked.len().max(1)).cloned() else { return Ok(()) };
        let person = self.on_duty(at, number);
        let asked = self.ask(Some(self.host.new_id()), &text, at);
        // What comes late in the evening is answered in the morning.
        let is_late = clock::date(at) != clock::date(at + TimeDelta::hours(2));
        let took = if is_late { TimeDelta::minutes(610) } else { TimeDelta::minutes(2 + (number as i64 * 13) % 41) };
        let answered_at = at + took;
        let message = self.give(
            &asked,
            &Given {
                person: Some(person),
                text: &entry.answer,
                at: answered_at,
                delivery: "fetched",
                faq: Some(entry.id),
            },
        );
        self.respond(&asked, message, person, "first", at, answered_at);
        self.confirm(&asked, entry.id, person, answered_at);
        let mut last = answered_at;
        if number % 9 == 4 {
            let again = answered_at + TimeDelta::minutes(30);
            last = again + TimeDelta::minutes(12);
            self.say(&asked, "好的，那具体要准备什么呢", again);
            let next = Given { person: Some(person), text: ADDED, at: last, delivery: "fetched", faq: None };
            let message = self.give(&asked, &next);
            self.respond(&asked, message, person, "next", again, last);
        }
        if number.is_multiple_of(3) {
            self.review(message, number, answered_at + TimeDelta::hours(20));
        }
        let rating = (number % 4 == 1).then_some([1, 1, 2, 1, 3][number % 5]);
        self.state(&asked, Some((last, answered_at)), rating);
        Ok(())
    }

    /// Somebody asked and waits.
    pub fn open(&mut self, text: &str, at: DateTime<Utc>) {
        let asked = self.ask(Some(self.host.new_id()), text, at);
        self.state(&asked, None, None);
    }

    /// Entered by hand and answered, to be copied.
    pub fn copied(&mut self, text: &str, answer: &str, at: DateTime<Utc>) {
        self.answer_today(None, text, answer, at, "copy");
    }

    /// Answered, to be fetched.
    pub fn fetched(&mut self, text: &str, answer: &str, at: DateTime<Utc>) {
        let follower = Some(self.host.new_id());
        self.answer_today(follower, text, answer, at, "waiting");
    }

    fn answer_today(
        &mut self,
        follower: Option<Uuid>,
        text: &str,
        answer: &str,
        at: DateTime<Utc>,
        delivery: &'static str,
    ) {
        let (person, answered_at) = (self.on_duty(at, 0), at + TimeDelta::minutes(9));
        let asked = self.ask(follower, text, at);
        let given = Given { person: Some(person), text: answer, at: answered_at, delivery, faq: None };
        let message = self.give(&asked, &given);
        self.respond(&asked, message, person, "first", at, answered_at);
        self.state(&asked, Some((answered_at, answered_at)), None);
    }

    /// An entry of the class's own, and a draft that waits for the teacher.
    pub fn entries(&mut self, at: DateTime<Utc>) {
        let own = [
            (
                "approved",
                "怎样投自习室、小店的照片？",
                "照片怎么投\n拍了照片想给你们",
                "横着拍，三张以上，注明地点和拍摄日期，发到菜单“投稿”里的地址。",
            ),
            (
                "draft",
                "开奖时间在哪里看？",
                "什么时候开奖\n哪天公布中奖",
                "每次活动的开奖时间写在当期文章的末尾，结果在下一期公布。",
            ),
        ];
        for (place, (state, question, variants, answer)) in own.into_iter().enumerate() {
            let words = format!("{} {} {}", plain(question), plain(variants), plain(answer));
            let (id, person) = (self.host.new_id(), self.students[place % self.students.len()]);
            self.statements.push((
                "insert into faq (id, class_id, question, variants, answer, words, state, automatic, person_id, updated_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                params![id, self.class, question, variants, answer, words, state, true, person, at],
            ));
        }
    }

    /// Who was on duty: the rota knows, else everybody in turn.
    fn on_duty(&self, at: DateTime<Utc>, number: usize) -> Uuid {
        let told = self.host.service::<plugin_sdk::serde_json::Value>("rota.on_duty/1", json!({ "at": at }));
        let people = told.map(|told| told["people"].clone()).unwrap_or_default();
        let first = people.as_array().and_then(|people| people.get(number % people.len().max(1)));
        let known = first.and_then(|person| person["person"].as_str().or(person["id"].as_str())?.parse().ok());
        let day = clock::midnight(clock::date(at)).timestamp() / 86_400;
        let in_turn = usize::try_from(day).unwrap_or_default() * 2 + number % 2;
        known.unwrap_or(self.students[in_turn % self.students.len()])
    }

    fn ask<'t>(&mut self, follower: Option<Uuid>, text: &'t str, at: DateTime<Utc>) -> Asked<'t> {
        let asked = Asked { id: self.host.new_id(), follower, text, at };
        self.say(&asked, text, at);
        self.number += 1;
        asked
    }

    fn say(&mut self, asked: &Asked<'_>, text: &str, at: DateTime<Utc>) {
        self.statements.push((
            "insert into message (id, class_id, question_id, follower, author, kind, text, words, at, delivery)
             values ($1, $2, $3, $4, 'follower', 'question', $5, $6, $7, 'in')",
            params![self.host.new_id(), self.class, asked.id, asked.follower, text, plain(text), at],
        ));
    }

    fn give(&mut self, asked: &Asked<'_>, given: &Given<'_>) -> Uuid {
        let id = self.host.new_id();
        let delivered = (given.delivery == "fetched").then(|| given.at + TimeDelta::minutes(25));
        self.statements.push((
            "insert into message (id, class_id, question_id, follower, author, kind, person_id, text, words, at,
                delivery, delivered_at, faq_id)
             values ($1, $2, $3, $4, 'student', 'answer', $5, $6, $7, $8, $9, $10, $11)",
            params![
                id,
                self.class,
                asked.id,
                asked.follower,
                given.person,
                given.text,
                plain(given.text),
                given.at,
                given.delivery,
                delivered,
                given.faq
            ],
        ));
        id
    }

    fn respond(
        &mut self,
        asked: &Asked<'_>,
        message: Uuid,
        person: Uuid,
        kind: &str,
        since: DateTime<Utc>,
        at: DateTime<Utc>,
    ) {
        let (waited, own) = (self.hours.seconds(since, at), self.hours.own_seconds(since, at));
        self.statements.push((
            "insert into response (id, class_id, question_id, message_id, person_id, kind, day, waited, own)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![self.host.new_id(), self.class, asked.id, message, person, kind, clock::day(at), waited, own],
        ));
    }

    fn confirm(&mut self, asked: &Asked<'_>, faq: Uuid, person: Uuid, at: DateTime<Utc>) {
        self.statements.push((
            "insert into pair (id, class_id, question_id, faq_id, text, fits, person_id, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![self.host.new_id(), self.class, asked.id, faq, asked.text, true, person, at],
        ));
    }

    fn review(&mut self, message: Uuid, number: usize, at: DateTime<Utc>) {
        let reviewer = self.students[(number * 5 + 3) % self.students.len()];
        let grade = [1, 1, 2, 1, 2, 3][number % 6];
        let text = if grade == 1 { "" } else { REMARKS[number % REMARKS.len()] };
        self.statements.push((
            "insert into review (id, class_id, message_id, person_id, grade, text, at) values ($1, $2, $3, $4, $5, $6, $7)",
            params![self.host.new_id(), self.class, message, reviewer, grade, text, at],
        ));
    }

    /// The question itself, with when it was answered last and first.
    fn state(&mut self, asked: &Asked<'_>, answered: Option<(DateTime<Utc>, DateTime<Utc>)>, rating: Option<i64>) {
        let slug = asked.follower.map(|_| new_slug(self.host));
        self.statements.push((
            "insert into question (id, class_id, follower, text, asked, at, state, since, last_at, day, answered_day, words,
                slug, rating, rating_asked_at) values ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            params![
                asked.id,
                self.class,
                asked.follower,
                asked.text,
                asked.at,
                if answered.is_some() { "answered" } else { "open" },
                if answered.is_some() { None } else { Some(asked.at) },
                answered.map_or(asked.at, |(last, _)| last),
                clock::day(asked.at),
                answered.map(|(_, first)| clock::day(first)),
                plain(asked.text),
                slug,
                rating,
                rating.and(answered).map(|(last, _)| last)
            ],
        ));
    }
}
