//! A class without any connection: it types what the back office shows, imports its file, and copies answers by hand.

use plugin_protocol::value::Value;
use rehearsal::{Letter, Purpose};

use super::class::{FANS, INBOX, Semester};
use super::duty::Done;
use super::tables::{number, text};

/// What was typed so far.
#[derive(Default)]
pub struct Typed {
    /// Letters that were looked at.
    letters: usize,
    /// Questions, each under words of its own.
    questions: Vec<String>,
    /// Followers declared, by student.
    declared: Vec<i64>,
}

impl std::fmt::Display for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} questions and {} followers typed", self.questions.len(), self.declared.iter().sum::<i64>())
    }
}

impl Semester {
    /// In the morning: the figures of the day before, what was asked since, whom the students brought.
    pub async fn type_day(&self, words: &[String], typed: &mut Typed) {
        let (truth, today) = (self.platform.truth(), self.day().to_string());
        let day = (self.day() - chrono::TimeDelta::days(1)).to_string();
        let teacher = self.client(&self.class.teacher).await;
        if let Some(of_day) = truth.days.iter().find(|one| one.date.to_string() == day) {
            let figures = [of_day.gained, of_day.lost, of_day.total].map(|figure| figure.to_string());
            let [gained, lost, total] = figures.each_ref().map(String::as_str);
            let form = [("day", day.as_str()), ("gained", gained), ("lost", lost), ("total", total)];
            self.send(&teacher, &self.address(FANS, "/figures"), &form).await.expect(303);
        }
        let new = &truth.letters[typed.letters..];
        typed.letters = truth.letters.len();
        let is_question =
            |letter: &&Letter| matches!(letter.purpose, Some(Purpose::Question { .. } | Purpose::OffTopic));
        for letter in new.iter().filter(is_question) {
            let question = format!("{}（第{}条）", letter.text, letter.number);
            let client = self.client(&self.class.students[letter.number % 6]).await;
            let sql = format!("select cast(id as text) from question where text = '{question}' order by id");
            self.once(&client, &self.address(INBOX, "/questions"), &[("text", &question)], INBOX, &sql).await;
            typed.questions.push(question);
        }
        typed.declared.resize(words.len(), 0);
        for (index, word) in words.iter().enumerate() {
            let is_of =
                |letter: &&Letter| matches!(&letter.purpose, Some(Purpose::Claim { word: said }) if said == word);
            let count = new.iter().filter(is_of).count();
            if count == 0 {
                continue;
            }
            let note = format!("{word} {}", typed.letters);
            let sql = format!("select cast(id as text) from declaration where note = '{note}' order by id");
            let client = self.client(&self.class.students[index]).await;
            let form = [("day", today.as_str()), ("followers", &count.to_string()), ("note", &note)];
            let declaration = self.once(&client, &self.address(FANS, "/declarations"), &form, FANS, &sql).await;
            let decide = self.address(FANS, &format!("/declarations/{declaration}"));
            self.send(&teacher, &decide, &[("decision", "accept")]).await.expect(303);
            typed.declared[index] += count as i64;
        }
    }

    /// The answers go into the back office by hand.
    pub async fn copy(&self) {
        let sql = "select cast(id as text) from message where delivery = 'copy' order by at, id";
        for message in self.tables(INBOX).await.texts(sql).await {
            let client = self.client(self.on_duty().await).await;
            self.send(&client, &self.address(INBOX, &format!("/messages/{message}/copied")), &[]).await.expect(303);
        }
    }

    /// The file of the back office, whole, twice.
    pub async fn import(&self) {
        let truth = self.platform.truth();
        let mut file = String::from("\u{feff}时间,新关注人数,取消关注人数,净增关注人数,累积关注人数\n");
        for day in truth.days.iter().filter(|day| day.date < self.day()) {
            let net = day.gained as i64 - day.lost as i64;
            file.push_str(&format!("{},{},{},{net},{}\n", day.date, day.gained, day.lost, day.total));
        }
        let teacher = self.client(&self.class.teacher).await;
        for number in 1..=2 {
            let name = format!("{number}.csv");
            let sql = format!("select cast(id as text) from upload where name = '{name}' order by at, id");
            let preview = loop {
                let part = reqwest::multipart::Part::bytes(file.clone().into_bytes()).file_name(name.clone());
                let form = reqwest::multipart::Form::new().part("file", part);
                teacher.multipart(&self.address(FANS, "/import"), form).await;
                if let Some(id) = self.tables(FANS).await.texts(&sql).await.first() {
                    break self.address(FANS, &format!("/import/{id}"));
                }
            };
            self.send(&teacher, &preview, &[]).await.expect(303);
        }
    }

    /// Everything that was typed is there once.
    pub async fn typed_agrees(&self, typed: &Typed, done: &Done) {
        let truth = self.platform.truth();
        let over = truth.days.iter().filter(|day| day.date < self.day());
        let expected: Vec<_> = over.map(|day| (day.date.to_string(), day.gained, day.lost, day.total)).collect();
        let tables = self.tables(FANS).await;
        for sql in [
            "select day, gained, lost, total from reading where source = 'typed' order by day",
            "select day, gained, lost, total from upload_day where upload_id =
                 (select id from upload where name = '1.csv' and state = 'done' order by at limit 1) order by day",
        ] {
            let rows = tables.rows(sql).await;
            let figure = |value: &Value| usize::try_from(number(value)).expect("no figure is below zero");
            let rows = rows.iter().map(|row| (text(&row[0]), figure(&row[1]), figure(&row[2]), figure(&row[3])));
            assert_eq!(rows.collect::<Vec<_>>(), expected, "{sql}");
        }
        let questions = self.tables(INBOX).await.texts("select text from question order by text").await;
        let mut expected = typed.questions.clone();
        expected.sort_unstable();
        assert_eq!(questions, expected);
        let sql = "select text from message where delivery = 'done' order by text";
        let mut expected: Vec<_> = done.answers.iter().map(|answer| answer.text.clone()).collect();
        expected.sort_unstable();
        assert_eq!(self.tables(INBOX).await.texts(sql).await, expected);
        assert!(typed.questions.len() > 3 && !done.answers.is_empty());
        // A week later all of them count.
        self.move_to(self.site.app.clock.now() + chrono::TimeDelta::days(8));
        assert_eq!(self.facts(FANS, "credited").await, typed.declared);
    }

    /// Sends a form that must not be taken twice: after an error one looks whether it was. Gives the id of what it made.
    async fn once(
        &self,
        client: &tests::Client,
        address: &str,
        form: &[(&str, &str)],
        tool: &str,
        sql: &str,
    ) -> String {
        loop {
            let sent = client.post(address, form).await;
            let made = self.tables(tool).await.texts(sql).await;
            assert!(made.len() < 2, "{address} was taken twice");
            match made.into_iter().next() {
                Some(made) => return made,
                None => assert!(sent.status.is_server_error(), "{address}: {sent}"),
            }
        }
    }
}
