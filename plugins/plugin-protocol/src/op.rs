//! The operations of a plugin, what goes in and what comes out. A plugin answers [`Code::Unsupported`](crate::Code) to
//! those it does not have.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::body::Body;

/// An operation of a plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u16)]
pub enum Op {
    /// A page: [`Page`] → [`Response`].
    Http = 1,
    /// A box on the class page: [`Widget`] → [`View`].
    Widget = 2,
    /// Something happened: [`Event`] → nothing.
    Event = 3,
    /// It is time: [`Job`] → nothing.
    Job = 4,
    /// Another plugin asks: [`Service`] → any JSON.
    Service = 5,
    /// Is it well?: nothing → [`Health`].
    Health = 6,
    /// After the migrations of an upgrade: [`Upgrade`] → nothing.
    MigrateData = 7,
    /// What is known about a person beside the declared columns: [`Subject`] → any JSON.
    ExportPerson = 8,
    /// Forget a person beside the declared columns: [`Subject`] → nothing.
    ErasePerson = 9,
    /// Settings have changed; the context holds the new ones: nothing → nothing.
    SettingsChanged = 10,
    /// What each student of the class has done: nothing → [`Facts`].
    Facts = 11,
    /// The host's own, done beside the plugin in its worker: [`Render`] → [`Rendered`].
    Render = 12,
}

/// All operations.
pub const OPS: [Op; 12] = [
    Op::Http,
    Op::Widget,
    Op::Event,
    Op::Job,
    Op::Service,
    Op::Health,
    Op::MigrateData,
    Op::ExportPerson,
    Op::ErasePerson,
    Op::SettingsChanged,
    Op::Facts,
    Op::Render,
];

impl Op {
    /// The operation with this number.
    pub fn from_number(number: u32) -> Option<Self> {
        OPS.into_iter().find(|op| *op as u32 == number)
    }

    /// Its name in logs and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Op::Http => "http",
            Op::Widget => "widget",
            Op::Event => "event",
            Op::Job => "job",
            Op::Service => "service",
            Op::Health => "health",
            Op::MigrateData => "migrate-data",
            Op::ExportPerson => "export-person",
            Op::ErasePerson => "erase-person",
            Op::SettingsChanged => "settings-changed",
            Op::Facts => "facts",
            Op::Render => "render",
        }
    }
}

/// A request for a page under the plugin's prefix.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// `GET` or `POST`.
    pub method: String,
    /// The route of the manifest that matched, such as `/notes/{note}`.
    pub route: String,
    /// The path below the prefix, such as `/notes/17`.
    pub path: String,
    /// What the names in the route stand for.
    #[serde(default)]
    pub params: Map<String, Value>,
    /// Names and values of the query, in their order.
    #[serde(default)]
    pub query: Vec<(String, String)>,
    /// Names and values of the form, in their order.
    #[serde(default)]
    pub form: Vec<(String, String)>,
    /// Files of the form.
    #[serde(default)]
    pub files: Vec<Upload>,
    /// Type of a body that is no form.
    #[serde(default)]
    pub content_type: String,
    /// A body that is no form.
    #[serde(default)]
    pub body: Body,
}

/// A file sent with a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Name of the field.
    pub field: String,
    /// Name of the file, as the browser says.
    pub name: String,
    /// Its bytes.
    pub body: Body,
}

/// What answers a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Response {
    /// A page of the site.
    View(View),
    /// HTML for the site's layout: what the host makes of a view beside the plugin.
    Rendered {
        /// The HTML.
        html: String,
        /// Title of the page; the plugin's own where it is empty.
        #[serde(default)]
        title: String,
        /// Status.
        #[serde(default = "ok")]
        status: u16,
    },
    /// Another page, after a form.
    Redirect {
        /// Path below the prefix, such as `/notes/17`.
        to: String,
        /// What the next page says above its content.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notice: Option<Notice>,
    },
    /// Bytes as they are: a download, a calendar, an answer for a program.
    Bytes {
        /// Status.
        #[serde(default = "ok")]
        status: u16,
        /// Type.
        content_type: String,
        /// Name to save it under; it is shown in the browser without one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        download: Option<String>,
        /// The bytes.
        body: Body,
    },
}

const fn ok() -> u16 {
    200
}

/// A template of the plugin and its values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Name of the template in the manifest.
    pub template: String,
    /// Its values, an object.
    #[serde(default)]
    pub values: Value,
    /// Title of the page: a key of the plugin's translations, or the words themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Status other than 200: 400, 404, 409 or 422 for a form shown again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// A sentence above a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// `success`, `info` or `error`.
    pub kind: String,
    /// Key of the plugin's translations, or the words themselves.
    pub text: String,
    /// Arguments of the sentence.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub arguments: Map<String, Value>,
}

/// A box on the class page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Widget {
    /// Id in the manifest.
    pub widget: String,
}

/// Something happened. It comes at least once, and not always in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Id; the same when it comes again.
    pub id: Uuid,
    /// Name, such as `follower.gained`.
    pub name: String,
    /// Plugin that emitted it.
    pub from: String,
    /// When.
    pub at: DateTime<Utc>,
    /// How many tries there have been, this one included.
    pub attempt: u32,
    /// What its emitter says.
    #[serde(default)]
    pub data: Value,
}

/// It is time for a job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Id in the manifest.
    pub job: String,
    /// The moment it is for; the same when it is tried again.
    pub due_at: DateTime<Utc>,
    /// What [`host::Schedule`](crate::host::Schedule) put in.
    #[serde(default)]
    pub data: Value,
}

/// The caller of a service that the host itself asks for.
pub const HOST: &str = "host";

/// A service asked for by another plugin, or by the host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Its name with version, such as `rota.on_duty/1`.
    pub service: String,
    /// Plugin that asks, or [`HOST`].
    pub caller: String,
    /// What it sends.
    #[serde(default)]
    pub input: Value,
}

/// How a plugin feels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// A word for the administrator, such as "token refused since 08:00"; empty: all is well.
    #[serde(default)]
    pub note: String,
}

/// The version that runs from now on, and the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upgrade {
    /// Version before; none at the first start.
    #[serde(default)]
    pub from: Option<String>,
    /// Version now.
    pub to: String,
}

/// A person, for export and erasure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Id of the person.
    pub person: Uuid,
}

/// What students have done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// One entry for each student with something to say.
    pub students: Vec<StudentFacts>,
}

/// What a student has done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StudentFacts {
    /// Who.
    pub person: Uuid,
    /// Fact id of the manifest → how much.
    pub values: Map<String, Value>,
}

impl StudentFacts {
    /// A student of whom nothing has been counted yet.
    pub fn new(person: Uuid) -> Self {
        Self { person, values: Map::new() }
    }

    /// The same with a fact of the manifest.
    #[must_use]
    pub fn with(mut self, fact: &str, value: impl Into<Value>) -> Self {
        self.values.insert(fact.to_owned(), value.into());
        self
    }
}

impl FromIterator<StudentFacts> for Facts {
    fn from_iter<I: IntoIterator<Item = StudentFacts>>(students: I) -> Self {
        Self { students: students.into_iter().collect() }
    }
}

/// Templates to render.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Render {
    /// What to render.
    pub view: View,
}

/// What was rendered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// HTML that goes into the site's layout.
    pub html: String,
    /// Title in the language of the call.
    #[serde(default)]
    pub title: String,
}
