//! The host of a test.

mod make;
mod observe;
mod operate;
mod page;

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use plugin_protocol::context::{Context, Person, Request};
use plugin_protocol::op::Op;
use plugin_protocol::{Code, Failure};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::people::{self, ARCHIVED_CLASS, OPERATOR, OTHER_CLASS};
use crate::runner::Runner;
use crate::state::State;

/// How long a call of a test may take, as `host.time_left()` says it.
const PATIENCE: TimeDelta = TimeDelta::seconds(5);

/// A plugin with a host around it, seen by one person of one class; a teacher at first. Other views share everything
/// else: tables, clock, events.
#[derive(Clone)]
pub struct TestHost {
    state: Arc<State>,
    runner: Arc<dyn Runner>,
    class: Uuid,
    person: Option<Person>,
    language: String,
    is_waited_for: bool,
}

impl TestHost {
    /// The same, seen by the student with this number, from 1 to [`STUDENTS`](crate::STUDENTS).
    #[must_use]
    pub fn as_student(&self, number: u32) -> Self {
        Self { person: Some(people::student(self.class, number)), ..self.clone() }
    }

    /// The same, seen by the student who runs the public account.
    #[must_use]
    pub fn as_operator(&self) -> Self {
        self.as_student(OPERATOR)
    }

    /// The same, seen by a teacher.
    #[must_use]
    pub fn as_teacher(&self) -> Self {
        Self { person: Some(people::teacher()), ..self.clone() }
    }

    /// The same, seen by somebody who has not signed in.
    #[must_use]
    pub fn as_visitor(&self) -> Self {
        Self { person: None, ..self.clone() }
    }

    /// The same in another class, seen by a teacher.
    #[must_use]
    pub fn in_other_class(&self) -> Self {
        Self { class: OTHER_CLASS, person: Some(people::teacher()), ..self.clone() }
    }

    /// The same in a class that is archived, and so read only, seen by a teacher.
    #[must_use]
    pub fn in_archived_class(&self) -> Self {
        Self { class: ARCHIVED_CLASS, person: Some(people::teacher()), ..self.clone() }
    }

    /// The same in a language, `zh-CN` or `en`.
    #[must_use]
    pub fn in_language(&self, tag: &str) -> Self {
        Self { language: tag.to_owned(), ..self.clone() }
    }

    /// The same, but nobody waits for the answers: `host.alive()` is false in the plugin.
    #[must_use]
    pub fn abandoned(&self) -> Self {
        Self { is_waited_for: false, ..self.clone() }
    }

    /// Id of the person who sees it.
    pub fn person(&self) -> Uuid {
        self.person.as_ref().map(|person| person.id).expect("a visitor is no person of the class")
    }

    fn context(&self) -> Context {
        let world = self.state.world();
        Context {
            now: world.now,
            language: self.language.clone(),
            class: Some(people::class(self.class)),
            person: self.person.clone(),
            settings: world.settings.clone(),
            base: format!("/classes/{}/tools/{}", self.class, self.state.manifest.id),
            site: "https://course.example.edu".into(),
        }
    }

    fn call<T: DeserializeOwned>(&self, op: Op, input: &impl Serialize) -> Result<T, Failure> {
        self.call_in(self.context(), op, input)
    }

    /// A call in which no person takes part: an event, a job, a service.
    fn call_by_host<T: DeserializeOwned>(&self, op: Op, input: &impl Serialize) -> Result<T, Failure> {
        self.call_in(Context { person: None, ..self.context() }, op, input)
    }

    fn call_in<T: DeserializeOwned>(&self, context: Context, op: Op, input: &impl Serialize) -> Result<T, Failure> {
        let time = if self.is_waited_for { PATIENCE } else { TimeDelta::zero() };
        let request = Request { context: context.clone(), input, until: Some(Utc::now() + time) };
        let request = serde_json::to_vec(&request).expect("what a test sends has only text for keys");
        let token = self.state.begin(context, self.is_waited_for);
        let (code, bytes) = self.runner.call(token, op as u32, &request);
        self.state.end(token);
        match Code::from_plugin(code) {
            Code::Ok => serde_json::from_slice(&bytes).map_err(|error| {
                let answer = String::from_utf8_lossy(&bytes);
                Failure::new(Code::Protocol, format!("the answer to {} is wrong: {error}: {answer}", op.name()))
            }),
            code => Err(Failure::from_bytes(code, &bytes)),
        }
    }

    #[track_caller]
    fn done<T: DeserializeOwned>(&self, op: Op, input: &impl Serialize) -> T {
        self.call(op, input).unwrap_or_else(|failure| panic!("{}: {failure} {failure:?}", op.name()))
    }
}
