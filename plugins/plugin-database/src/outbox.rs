//! Events that wait to be told: written in the same transaction as what they tell of.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

/// An event that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxEvent {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Class; none for the whole site.
    pub class: Option<Uuid>,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Events that led to it.
    pub hops: i64,
    /// What to say.
    pub data: Value,
}
