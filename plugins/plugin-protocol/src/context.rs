//! What every operation comes with: who asks, where, when.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

/// The payload of every operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request<T> {
    /// Who, where, when.
    pub context: Context,
    /// What is asked; see [`op`](crate::op).
    pub input: T,
    /// When nobody waits any more, by the clock of the machine; none: no limit is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
}

/// Who asks, where and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Context {
    /// The server's clock when the call began.
    pub now: DateTime<Utc>,
    /// `zh-CN` or `en`.
    pub language: String,
    /// The class whose page, event or job it is; none for a job of the whole site.
    #[serde(default)]
    pub class: Option<Class>,
    /// The person who opened the page; none for events, jobs, and visitors of a public page.
    #[serde(default)]
    pub person: Option<Person>,
    /// The settings in force, without secrets.
    #[serde(default)]
    pub settings: Map<String, Value>,
    /// Where the plugin's pages begin in this class, such as `/classes/…/tools/notebook`.
    #[serde(default)]
    pub base: String,
    /// How people reach the site, such as `https://course.example.edu`; empty when nobody said.
    #[serde(default)]
    pub site: String,
}

/// A class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Id.
    pub id: Uuid,
    /// Name, such as 营销 2401 班.
    pub name: String,
    /// Term, such as 2026 秋.
    pub term: String,
    /// IANA name; decides what a day is.
    pub time_zone: String,
    /// Whether it is read only.
    #[serde(default)]
    pub archived: bool,
}

/// A person in a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// `student` or `teacher`.
    pub role: String,
    /// Number on the roster, for students.
    #[serde(default)]
    pub number: Option<String>,
    /// Posts held in the class, such as `operator`.
    #[serde(default)]
    pub posts: Vec<String>,
}

impl Person {
    /// Whether the person teaches the class.
    pub fn is_teacher(&self) -> bool {
        self.role == "teacher"
    }

    /// Whether the person runs the class's public account; teachers may do what operators do.
    pub fn is_operator(&self) -> bool {
        self.is_teacher() || self.posts.iter().any(|post| post == "operator")
    }
}
