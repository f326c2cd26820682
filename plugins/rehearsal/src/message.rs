//! What the platform tells an account: messages of followers and events, as XML or JSON.

mod wire;

use serde::{Deserialize, Serialize};

pub use wire::{Fields, Value, body, fields};

/// What a follower sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Content {
    /// Words; `menu` is the item's id when they come from a click into a menu message.
    Text {
        /// The words.
        text: String,
        /// `bizmsgmenuid`.
        menu: Option<String>,
    },
    /// A picture.
    Image {
        /// Where it can be seen.
        picture: String,
        /// By which name the API knows it.
        media: String,
    },
    /// A voice message.
    Voice {
        /// By which name the API knows it.
        media: String,
        /// What the platform understood, if it listens.
        recognition: Option<String>,
    },
    /// A video, or a short one.
    Video {
        /// By which name the API knows it.
        media: String,
        /// Its still picture.
        thumbnail: String,
        /// `shortvideo` instead of `video`.
        short: bool,
    },
    /// A place.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
        /// How far the map is zoomed in.
        scale: u8,
        /// The place's name.
        label: String,
    },
    /// A shared page.
    Link {
        /// Its title.
        title: String,
        /// A line about it.
        description: String,
        /// Its address.
        url: String,
    },
}

impl Content {
    /// Plain words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), menu: None }
    }

    /// The message's type, as the platform names it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Image { .. } => "image",
            Self::Voice { .. } => "voice",
            Self::Video { short: false, .. } => "video",
            Self::Video { short: true, .. } => "shortvideo",
            Self::Location { .. } => "location",
            Self::Link { .. } => "link",
        }
    }

    /// What a reader of the conversation sees.
    pub fn shown(&self) -> String {
        match self {
            Self::Text { text, .. } => text.clone(),
            Self::Image { .. } => "[图片]".to_owned(),
            Self::Voice { recognition: Some(words), .. } => format!("[语音] {words}"),
            Self::Voice { recognition: None, .. } => "[语音]".to_owned(),
            Self::Video { .. } => "[视频]".to_owned(),
            Self::Location { label, .. } => format!("[位置] {label}"),
            Self::Link { title, .. } => format!("[链接] {title}"),
        }
    }
}

/// What happens, and is no message.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Somebody follows, perhaps through a code.
    Subscribe(Option<Scan>),
    /// Somebody leaves.
    Unsubscribe,
    /// A follower scans a code.
    Scan(Scan),
    /// A tap on a menu's button.
    Click(String),
    /// A tap on a menu's link.
    View(String),
    /// Where a follower is who let the account know.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
    },
    /// A mass send is over.
    MassFinished(MassReport),
    /// A publication is online.
    PublishFinished {
        /// Its job.
        publish_id: u64,
        /// Its article.
        article_id: String,
        /// Where it is read.
        url: String,
    },
}

/// A code that was scanned.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    /// The scene, without prefix.
    pub scene: String,
    /// The code's ticket.
    pub ticket: String,
}

/// What became of a mass send.
#[derive(Clone, Debug, PartialEq)]
pub struct MassReport {
    /// The job's number.
    pub id: u64,
    /// How many it was for.
    pub total: usize,
    /// How many got it.
    pub sent: usize,
    /// How many could not get it.
    pub failed: usize,
}

impl Event {
    /// The event's name, in the platform's own spelling.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Subscribe(_) => "subscribe",
            Self::Unsubscribe => "unsubscribe",
            Self::Scan(_) => "SCAN",
            Self::Click(_) => "CLICK",
            Self::View(_) => "VIEW",
            Self::Location { .. } => "LOCATION",
            Self::MassFinished(_) => "MASSSENDJOBFINISH",
            Self::PublishFinished { .. } => "PUBLISHJOBFINISH",
        }
    }

    /// Whether the person sees that nobody answered: they wait in the conversation.
    pub fn is_waited_for(&self) -> bool {
        matches!(self, Self::Subscribe(_) | Self::Scan(_) | Self::Click(_))
    }
}

/// One thing the account is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Matter {
    /// A message, its number and the article it came from.
    Message {
        /// What was sent.
        content: Content,
        /// The platform's number of it.
        id: i64,
        /// The article under which it was written.
        article: Option<Article>,
    },
    /// An event.
    Event(Event),
}

/// The article under which a message was written.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Article {
    /// `MsgDataId` of its publication.
    pub data: String,
    /// Its place in the publication, from 1.
    pub index: u8,
}
