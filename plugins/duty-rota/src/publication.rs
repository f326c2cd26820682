//! Publications: a slot on a day within the account's quota, written by an author, edited by somebody else, approved by a
//! teacher, published.

pub mod step;

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::protocol::value::Value;
use plugin_sdk::serde_json;

use crate::quota::{Quota, day_of};
use crate::shift::change::{self, done};
use crate::words;

/// The longest title, as the platform takes it, and the longest text as HTML, in characters.
pub const LONGEST: (usize, usize) = (64, 20_000);
/// How long after its day an approved publication is taken for what has gone out.
const LATE: TimeDelta = TimeDelta::days(7);
/// The longest name of an author, in characters.
const LONGEST_AUTHOR: usize = 16;
/// How often something is tried again that met another change.
const TRIES: usize = 8;
const COLUMNS: &str = "id, day, title, text, author_id, editor_id, state, note, draft, published_at, sent";

/// A publication.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Id.
    pub id: Uuid,
    /// Day of its slot.
    pub day: NaiveDate,
    /// Title.
    pub title: String,
    /// Text, paragraphs with empty lines between.
    pub text: String,
    /// Who writes it; none: nobody yet.
    pub author: Option<Uuid>,
    /// Who edited it.
    pub editor: Option<Uuid>,
    /// `planned`, `writing`, `editing`, `approving`, `approved`, `published` or `cancelled`.
    pub state: String,
    /// What an editor or a teacher wrote when it came back.
    pub note: String,
    /// Id of the draft in the account.
    pub draft: String,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// The channel's id of what went out; empty until the channel has told of it.
    pub sent: String,
}

impl Publication {
    /// Whether its day is over and it was not published.
    pub fn is_missed(&self, today: NaiveDate) -> bool {
        self.day < today && !matches!(self.state.as_str(), "published" | "cancelled")
    }

    /// Its title, or that it has none.
    pub fn shown_title(&self, host: &Host) -> String {
        if self.title.is_empty() { words::of(host).say("publication-untitled") } else { self.title.clone() }
    }

    /// Whether it went out without a slot: all that is known of it is the channel's id.
    fn is_unplanned(&self) -> bool {
        self.title.is_empty() && self.author.is_none() && !self.sent.is_empty()
    }

    /// The day that it uses; none, when it uses none.
    fn takes(&self, today: NaiveDate) -> Option<NaiveDate> {
        match self.published_at {
            Some(at) => Some(day_of(at)),
            None if self.state == "cancelled" || self.is_missed(today) => None,
            None => Some(self.day),
        }
    }
}

/// The class's publications from one day to another, by day.
pub fn between(host: &Host, first: NaiveDate, last: NaiveDate) -> Result<Vec<Publication>> {
    let values = params![host.class()?.id, first.to_string(), last.to_string()];
    select(host, "class_id = $1 and day between $2 and $3", values)
}

/// One publication of the class.
pub fn find(host: &Host, id: Uuid) -> Result<Publication> {
    select(host, "class_id = $1 and id = $2", params![host.class()?.id, id])?.pop().ok_or_else(not_found)
}

/// How many publications are left for the period of a day, `except` those that are to move or be published.
pub fn left(host: &Host, quota: Quota, on: NaiveDate, except: &[Uuid], only_published: bool) -> Result<usize> {
    let today = day_of(host.now());
    // What was planned elsewhere may have been published in this period.
    let near = between(host, on - TimeDelta::days(62), on + TimeDelta::days(62))?;
    let others = near.iter().filter(|one| !except.contains(&one.id) && (!only_published || one.published_at.is_some()));
    let taken: Vec<NaiveDate> = others.filter_map(|one| one.takes(today)).collect();
    Ok(quota.left(&taken, on))
}

/// Makes a slot; what is wrong with it as the key of a sentence.
pub fn create(host: &Host, on: NaiveDate, title: &str, author: Option<Uuid>) -> Result<Result<Uuid, &'static str>> {
    let title = title.trim();
    if title.is_empty() || title.chars().count() > LONGEST.0 {
        return Ok(Err("publication-title-wrong"));
    }
    if on < day_of(host.now()) {
        return Ok(Err("publication-day-past"));
    }
    let (quota, id) = (Quota::of(host), host.new_id());
    for _ in 0..TRIES {
        let revision = change::revision(host)?;
        if left(host, quota, on, &[], false)? == 0 {
            return Ok(Err(if quota == Quota::Daily { "quota-day-full" } else { "quota-month-full" }));
        }
        let batch = change::at_revision(host, host.batch(), revision)?.add(
            "insert into publication (id, class_id, day, title, text, author_id, state, note, draft, changed_at)
             values ($1, $2, $3, $4, '', $5, 'planned', '', '', $6)",
            params![id, host.class()?.id, on.to_string(), title, author, host.now()],
        );
        if done(batch)? {
            return Ok(Ok(id));
        }
    }
    Ok(Err("publication-changed"))
}

/// The account has published something: what somebody has marked already, else what was approved for the day or for one
/// of the days before, else something that nobody planned. The platform does not say its title.
pub fn was_sent(host: &Host, event: &Event) -> Result<()> {
    let at = event.data["at"].as_str().and_then(|text| text.parse().ok()).unwrap_or(event.at);
    let sent = event.data["publication"].as_str().unwrap_or_default();
    let on = day_of(at);
    let near = between(host, on - LATE, on + TimeDelta::days(31))?;
    let is_marked =
        |one: &&Publication| one.state == "published" && one.sent.is_empty() && day_of_published(one) == Some(on);
    let is_ready = |one: &&Publication| one.state == "approved" && one.day <= on;
    let found = near.iter().find(is_marked).or_else(|| near.iter().filter(is_ready).max_by_key(|one| one.day));
    let batch = host.batch().once(event.id);
    let batch = match found {
        Some(one) => batch.add(
            "update publication set state = 'published', published_at = $1, changed_at = $2, sent = $4 where id = $3",
            params![one.published_at.unwrap_or(at), host.now(), one.id, sent],
        ),
        None => batch.add(
            "insert into publication
               (id, class_id, day, title, text, state, note, draft, published_at, changed_at, sent)
             values ($1, $2, $3, '', '', 'published', '', '', $4, $5, $6)",
            params![host.new_id(), host.class()?.id, on.to_string(), at, host.now(), sent],
        ),
    };
    batch.run().map(drop)
}

/// What went out on a day without a slot.
pub fn unplanned(host: &Host, on: NaiveDate) -> Result<Option<Publication>> {
    Ok(between(host, on, on)?.into_iter().find(|one| one.is_unplanned() && day_of_published(one) == Some(on)))
}

/// A text with empty lines between its paragraphs, as HTML for the account's editor.
pub fn html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let paragraphs = escaped.replace("\r\n", "\n");
    let paragraphs = paragraphs.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| format!("<p>{}</p>", paragraph.replace('\n', "<br>"))).collect()
}

/// Asks the channel to put a publication among the account's drafts; the key of a sentence, and the channel's reason.
pub fn to_channel(host: &Host, publication: &Publication, author: &str) -> Result<(bool, &'static str, String)> {
    let author: String = author.chars().take(LONGEST_AUTHOR).collect();
    let input = json!({ "title": publication.title, "author": author, "content_html": html(&publication.text) });
    let answer: serde_json::Value = match host.service("channel.draft/1", input) {
        Ok(answer) => answer,
        Err(error) => {
            log::warn!("the channel takes no draft: {}", error.0);
            let key = if error.code() == Code::BadRequest { "draft-refused" } else { "draft-no-channel" };
            return Ok((false, key, String::new()));
        }
    };
    let language = if host.context().language == "en" { "en" } else { "zh" };
    let why = answer["why"][language].as_str().unwrap_or_default().to_owned();
    if answer["available"] != true {
        return Ok((false, "draft-not-available", why));
    }
    let draft = answer["draft"].as_str().unwrap_or_default();
    host.exec(
        "update publication set draft = $1, changed_at = $2 where id = $3 and class_id = $4",
        params![draft, host.now(), publication.id, host.class()?.id],
    )?;
    Ok((true, "draft-done", why))
}

fn day_of_published(one: &Publication) -> Option<NaiveDate> {
    one.published_at.map(day_of)
}

fn select(host: &Host, condition: &str, values: Vec<Value>) -> Result<Vec<Publication>> {
    let sql = format!("select {COLUMNS} from publication where {condition} order by day, id");
    let table = host.query(&sql, values)?;
    let one = |row: Row<'_>| {
        Ok(Publication {
            id: row.get("id")?,
            day: row.get::<String>("day")?.parse()?,
            title: row.get("title")?,
            text: row.get("text")?,
            author: row.get("author_id")?,
            editor: row.get("editor_id")?,
            state: row.get("state")?,
            note: row.get("note")?,
            draft: row.get("draft")?,
            published_at: row.get("published_at")?,
            sent: row.get("sent")?,
        })
    };
    table.iter().map(one).collect()
}
