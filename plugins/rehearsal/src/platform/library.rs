//! Files that were uploaded, and drafts of articles.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use serde_json::Value;

/// What was uploaded and drafted.
#[derive(Default)]
pub struct Library {
    media: HashSet<String>,
    drafts: BTreeMap<String, Draft>,
    last: u64,
}

/// Articles that are not published yet.
pub struct Draft {
    pub articles: Vec<Value>,
    pub updated: DateTime<Utc>,
}

impl Library {
    /// Makes a file known by a name.
    pub fn keep_media(&mut self, media: &str) {
        self.media.insert(media.to_owned());
    }

    /// Whether a file is known.
    pub fn has_media(&self, media: &str) -> bool {
        self.media.contains(media)
    }

    /// A draft.
    pub fn draft(&self, name: &str) -> Option<&Draft> {
        self.drafts.get(name)
    }

    /// How many drafts there are.
    pub fn count_drafts(&self) -> usize {
        self.drafts.len()
    }

    /// Throws a draft away.
    pub fn remove_draft(&mut self, name: &str) -> Option<Draft> {
        self.drafts.remove(name)
    }

    /// The title of a draft's first article.
    pub fn title_of(&self, draft: &str) -> Option<String> {
        let article = self.drafts.get(draft)?.articles.first()?;
        article.get("title").and_then(Value::as_str).map(str::to_owned)
    }

    /// A new name for a file or a draft.
    pub fn name(&mut self) -> String {
        self.last += 1;
        let hash = <sha1::Sha1 as sha1::Digest>::digest(format!("media {}", self.last));
        data_encoding::BASE64URL_NOPAD.encode(&[&hash[..], &hash[..]].concat())
    }

    /// Keeps a draft; gives its name.
    pub fn put(&mut self, articles: Vec<Value>, updated: DateTime<Utc>) -> String {
        let name = self.name();
        self.drafts.insert(name.clone(), Draft { articles, updated });
        name
    }
}
