//! A student's sheet as a browser without scripts has it: fields, hidden values, and sending them.

use regex::Regex;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Client, Reply};

/// An open sheet.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its assignment.
    pub assignment: Uuid,
    /// Number of the attempt.
    pub attempt: i64,
    /// Idempotency key of the hand-in.
    pub key: String,
    /// Ids of the blanks in the order of the page.
    pub blanks: Vec<Uuid>,
    /// Ids of the questions that take a text.
    pub texts: Vec<Uuid>,
    /// What stands in the blanks.
    pub values: Vec<String>,
    /// The page.
    pub html: String,
}

impl Sheet {
    /// Opens the sheet of an assignment.
    pub async fn open(client: &Client, assignment: Uuid) -> Self {
        let html = client.get(&format!("/assignments/{assignment}")).await.expect(200).text();
        Self::read(assignment, html)
    }

    /// Opens the sheet of a further attempt.
    pub async fn again(client: &Client, assignment: Uuid, attempt: i64) -> Self {
        let html = client.get(&format!("/assignments/{assignment}?attempt={attempt}")).await.expect(200).text();
        Self::read(assignment, html)
    }

    /// Reads the sheet in a page.
    #[track_caller]
    pub fn read(assignment: Uuid, html: String) -> Self {
        let all = |pattern: &str| -> Vec<String> {
            let pattern = Regex::new(pattern).expect("the pattern is fine");
            pattern.captures_iter(&html).map(|found| found[1].to_owned()).collect()
        };
        let ids = |pattern: &str| all(pattern).iter().map(|id| id.parse().expect("an id")).collect();
        let one = |pattern: &str| all(pattern).pop().unwrap_or_else(|| panic!("no {pattern} in {html}"));
        Self {
            assignment,
            attempt: one(r#"name="attempt" value="(\d+)""#).parse().expect("a number"),
            key: one(r#"name="key" value="([^"]+)""#),
            blanks: ids(r#"name="answer\.([0-9a-f-]+)""#),
            texts: ids(r#"name="text\.([0-9a-f-]+)""#),
            values: all(r#"name="answer\.[^>]* value="([^"]*)""#),
            html,
        }
    }

    /// The fields of the form with these texts in the blanks, in order, and this one in every essay.
    pub fn form(&self, answers: &[&str], essay: &str) -> Vec<(String, String)> {
        let mut form = vec![("attempt".into(), self.attempt.to_string()), ("key".into(), self.key.clone())];
        let texts = answers.iter().copied().chain(std::iter::repeat(""));
        form.extend(self.blanks.iter().zip(texts).map(|(id, text)| (format!("answer.{id}"), text.to_owned())));
        form.extend(self.texts.iter().map(|id| (format!("text.{id}"), essay.to_owned())));
        form
    }

    /// Sends a form.
    pub async fn send(&self, client: &Client, form: &[(String, String)]) -> Reply {
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        client.post(&format!("/assignments/{}/hand-in", self.assignment), &form).await
    }

    /// Hands in as a browser without scripts does.
    pub async fn hand_in(&self, client: &Client, answers: &[&str]) -> Reply {
        self.send(client, &self.form(answers, "")).await
    }

    /// Hands in as the page's script does.
    pub async fn hand_in_by_script(&self, client: &Client, answers: &[&str]) -> Reply {
        let path = format!("/assignments/{}/hand-in", self.assignment);
        let request = client.request(Method::POST, &path).header("accept", "text/html-fragment");
        client.send(request.form(&self.form(answers, ""))).await
    }

    /// Saves fields: (field, text, sequence).
    pub async fn save(&self, client: &Client, fields: &[(Uuid, &str, i64)]) -> Reply {
        let fields: Vec<Value> = fields
            .iter()
            .map(|(field, text, sequence)| json!({"field": field, "text": text, "sequence": sequence}))
            .collect();
        let body = json!({"attempt": self.attempt, "fields": fields});
        client.json(Method::POST, &format!("/assignments/{}/draft", self.assignment), &body).await
    }
}
