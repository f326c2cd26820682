//! The platform's API over HTTP: who may call what, how often, and what it answers.

mod codes;
mod customer;
mod failure;
mod figures;
mod gate;
mod library;
mod mass;
mod quota;
mod tags;
mod token;
mod users;

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Instant;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::options::{Options, Tier};
use crate::platform::{Parcel, Platform};

pub use codes::Codes;
pub use failure::Failure;
pub use gate::{Answered, Asked, serve};
pub use library::{Library, Upload};
pub use quota::Quota;
pub use tags::Tags;
pub use token::Tokens;

/// What the API remembers beside people.
pub struct State {
    pub tokens: Tokens,
    pub quota: Quota,
    pub tags: Tags,
    pub codes: Codes,
    pub library: Library,
    pub mass: mass::Mass,
    /// How many followers a list has at most.
    pub page: usize,
    /// What a call brought about and is still to be done.
    pub after: Vec<After>,
    last_message: i64,
}

impl State {
    pub fn new(options: &Options) -> Self {
        Self {
            tokens: Tokens::new(options),
            quota: Quota::default(),
            tags: Tags::default(),
            codes: Codes::default(),
            library: Library::default(),
            mass: mass::Mass::default(),
            page: 10_000,
            after: Vec::new(),
            last_message: 0,
        }
    }

    /// A new message's number: as long as the platform's, rising, none twice.
    pub fn number_message(&mut self, at: DateTime<Utc>) -> i64 {
        let by_time = at.timestamp().max(0) * 10_000_000;
        self.last_message = by_time.max(self.last_message + 1);
        self.last_message
    }
}

/// What a call brings about after its answer.
#[derive(Clone, Debug)]
pub enum After {
    /// The account is told that a job is over.
    Tell(Parcel),
    /// People read a publication, and some come.
    Read { publication: u64 },
}

/// A call that was let through.
pub struct Call {
    pub query: HashMap<String, String>,
    pub body: Value,
    pub files: Vec<Upload>,
    /// The platform's clock.
    pub now: DateTime<Utc>,
    /// This machine's, by which tokens age.
    pub real: Instant,
    /// Where this server is reached, for addresses in answers.
    pub base: String,
    pub from: IpAddr,
}

impl Call {
    /// A field of the body that must be text.
    pub fn text(&self, name: &str) -> Result<&str, Failure> {
        text(&self.body, name)
    }
}

/// A field that must be text and not empty.
pub fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str, Failure> {
    let found = value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    found.ok_or_else(|| Failure::saying(40097, format!("invalid args, {name} is missing or no text")))
}

/// An address of the API.
pub struct Address {
    pub path: &'static str,
    pub method: Method,
    /// The least tier that may call it.
    pub needs: Tier,
    /// How often in a day of +08:00.
    pub daily: u64,
    pub run: fn(&mut Platform, &Call) -> Result<Value, Failure>,
}

/// How an address is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Either,
}

const fn address(
    path: &'static str,
    method: Method,
    needs: Tier,
    daily: u64,
    run: fn(&mut Platform, &Call) -> Result<Value, Failure>,
) -> Address {
    Address { path, method, needs, daily, run }
}

/// Every address but those that fetch a token or show a picture. Limits are those of an account under 100,000 fans.
pub const ADDRESSES: &[Address] = {
    use Method::{Either, Get, Post};
    use Tier::{F, S, Zero};
    &[
        address("/cgi-bin/getcallbackip", Get, Zero, 10_000, gate::callback_addresses),
        address("/cgi-bin/get_api_domain_ip", Get, Zero, 10_000, gate::callback_addresses),
        address("/cgi-bin/clear_quota", Post, Zero, u64::MAX, quota::clear),
        address("/cgi-bin/user/get", Either, S, 500, users::list),
        address("/cgi-bin/user/info", Get, S, 500_000, users::show),
        address("/cgi-bin/user/info/batchget", Post, S, 500_000, users::show_many),
        address("/cgi-bin/user/info/updateremark", Post, S, 10_000, users::remark),
        address("/cgi-bin/tags/create", Post, S, 1_000, tags::create),
        address("/cgi-bin/tags/get", Either, S, 1_000, tags::list),
        address("/cgi-bin/tags/update", Post, S, 1_000, tags::rename),
        address("/cgi-bin/tags/delete", Post, S, 1_000, tags::delete),
        address("/cgi-bin/tags/members/batchtagging", Post, S, 100_000, tags::add),
        address("/cgi-bin/tags/members/batchuntagging", Post, S, 100_000, tags::remove),
        address("/cgi-bin/tags/getidlist", Post, S, 500_000, tags::of_user),
        address("/cgi-bin/user/tag/get", Either, S, 500, tags::members),
        address("/cgi-bin/qrcode/create", Post, F, 100_000, codes::create),
        address("/cgi-bin/message/custom/send", Post, S, 500_000, customer::send),
        address("/cgi-bin/message/custom/typing", Post, S, 500_000, customer::typing),
        address("/datacube/getusersummary", Post, S, 500, figures::summary),
        address("/datacube/getusercumulate", Post, S, 500, figures::cumulate),
        address("/cgi-bin/media/upload", Post, S, 100_000, library::upload),
        address("/cgi-bin/material/add_material", Post, S, 1_000, library::upload),
        address("/cgi-bin/media/uploadimg", Post, S, 100_000, library::upload_picture),
        address("/cgi-bin/draft/add", Post, S, 1_000, library::add_draft),
        address("/cgi-bin/draft/get", Post, S, 500, library::show_draft),
        address("/cgi-bin/draft/count", Either, S, 1_000, library::count_drafts),
        address("/cgi-bin/draft/delete", Post, S, 1_000, library::delete_draft),
        address("/cgi-bin/freepublish/submit", Post, S, 100, mass::publish),
        address("/cgi-bin/freepublish/get", Post, S, 100, mass::publication),
        address("/cgi-bin/message/mass/sendall", Post, S, 100, mass::send_all),
        address("/cgi-bin/message/mass/send", Post, F, 100, mass::send),
        address("/cgi-bin/message/mass/preview", Post, S, 100, mass::preview),
        address("/cgi-bin/message/mass/get", Post, S, 100, mass::status),
    ]
};

/// Sends an article to all followers from the back office.
pub fn send_to_all(platform: &mut Platform, title: &str, now: DateTime<Utc>) -> Result<u64, Failure> {
    let everybody = platform.people.iter().filter(|person| person.stay().is_some()).map(|person| person.number);
    let everybody = everybody.collect();
    mass::deliver(platform, &format!("[图文] {title}"), everybody, now)
}
