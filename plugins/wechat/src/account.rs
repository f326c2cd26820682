//! The account of a class: which one it is, and the key that makes hashes of what must not be kept.

use hmac::{Hmac, KeyInit as _, Mac as _};
use plugin_sdk::prelude::*;
use plugin_sdk::protocol::{Code, Failure};
use sha2::Sha256;

use crate::follower;
use crate::hexadecimal::hexadecimal;

/// What the rehearsal server calls its account, unless it is told otherwise.
const REHEARSAL: &str = "gh_72656865617273";
/// Followers of a former account forgotten at a time.
const AT_A_TIME: i64 = 100;

/// The account of the call's class.
pub struct Account {
    /// The class.
    pub class: Uuid,
    /// What probing found; none before.
    pub tier: Option<String>,
    /// How it was found.
    pub found_by: Option<String>,
    /// When.
    pub probed_at: Option<DateTime<Utc>>,
    /// When the platform last checked the callback address.
    pub verified_at: Option<DateTime<Utc>>,
    /// When a message last came.
    pub callback_at: Option<DateTime<Utc>>,
    /// The picture of drafts at the platform.
    pub cover_id: Option<String>,
    /// The account's own name in messages, as the first one had it.
    original_id: Option<String>,
    hash_key: Vec<u8>,
}

impl Account {
    /// The account, made at the first call.
    ///
    /// # Errors
    /// [`Code::Busy`] while followers of the account before are still being forgotten.
    pub fn open(host: &Host) -> Result<Self> {
        let class = host.class()?.id;
        let identity = identity(host);
        loop {
            let table = host.query("select * from account where class_id = $1", params![class])?;
            let Some(row) = table.first() else {
                host.exec(
                    "insert into account (class_id, identity, hash_key) values ($1, $2, $3) on conflict do nothing",
                    params![class, identity.as_str(), rand::random::<[u8; 32]>().to_vec()],
                )?;
                continue;
            };
            if row.get::<String>("identity")? == identity {
                return Self::read(class, row);
            }
            if !follower::any(host, class)? {
                begin_anew(host, class, &identity)?;
                continue;
            }
            host.schedule("start-over", "start-over", host.now(), json!({}))?;
            let failure = Failure::new(Code::Busy, "followers of the account before are being forgotten");
            return Err(Error(failure.hint("try again in a minute")));
        }
    }

    fn read(class: Uuid, row: Row<'_>) -> Result<Self> {
        Ok(Self {
            class,
            tier: row.get("tier")?,
            found_by: row.get("found_by")?,
            probed_at: row.get("probed_at")?,
            verified_at: row.get("verified_at")?,
            callback_at: row.get("callback_at")?,
            cover_id: row.get("cover_id")?,
            original_id: row.get("original_id")?,
            hash_key: row.get("hash_key")?,
        })
    }

    /// Whether a message that names this account (gh_…) is ours: a rehearsal that goes on has the same token and AppID.
    /// The first one that comes decides.
    pub fn is_own(&self, host: &Host, named: &str) -> Result<bool> {
        let is_real = !is_rehearsal(host)
            && host.setting::<String>("api_server").is_some_and(|server| server.contains("weixin.qq.com"));
        if is_real && named == REHEARSAL {
            return Ok(false);
        }
        if let Some(own) = &self.original_id {
            return Ok(own == named);
        }
        host.exec(
            "update account set original_id = $2 where class_id = $1 and original_id is null",
            params![self.class, named],
        )?;
        Ok(true)
    }

    /// A hash that says nothing to anybody without this account's key.
    pub fn digest(&self, text: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.hash_key).expect("HMAC takes keys of any length");
        mac.update(text.as_bytes());
        hexadecimal(&mac.finalize().into_bytes())
    }

    /// Whether the platform has reached the callback address.
    pub fn is_connected(&self) -> bool {
        self.verified_at.is_some() || self.callback_at.is_some()
    }
}

/// The developer id, from the settings.
pub fn app_id(host: &Host) -> String {
    host.setting::<String>("app_id").unwrap_or_default().trim().to_owned()
}

/// Whether the class rehearses.
pub fn is_rehearsal(host: &Host) -> bool {
    host.setting::<String>("connection").is_some_and(|connection| connection == "rehearsal")
}

/// Forgets the account before, when the settings name another one.
pub fn start_over(host: &Host) -> Result<()> {
    let class = host.class()?.id;
    let (table, identity) =
        (host.query("select identity from account where class_id = $1", params![class])?, identity(host));
    if table.first().map(|row| row.get::<String>("identity")).transpose()?.is_none_or(|before| before == identity) {
        return Ok(());
    }
    while host.alive() {
        let ids: Vec<Uuid> = host
            .query("select id from follower where class_id = $1 order by id limit $2", params![class, AT_A_TIME])?
            .column("id")?;
        if ids.is_empty() {
            return begin_anew(host, class, &identity);
        }
        let forget = |batch, id: &Uuid| follower::forget(batch, class, *id, host.now());
        ids.iter().fold(host.batch(), forget).run()?;
    }
    Ok(())
}

/// What tells one account from another.
fn identity(host: &Host) -> String {
    format!("{}:{}", if is_rehearsal(host) { "rehearsal" } else { "live" }, app_id(host))
}

/// Empties everything that was about the account before.
fn begin_anew<'h>(host: &'h Host, class: Uuid, identity: &str) -> Result<()> {
    let tables = ["access_token", "api_use", "delivery", "departure", "fault", "figure", "figure_day", "scene", "tag"];
    let batch = host.batch().add(
        "update account set identity = $2, hash_key = $3, tier = null, found_by = null,
           probed_at = null, verified_at = null, callback_at = null, cover_id = null, original_id = null where class_id = $1",
        params![class, identity, rand::random::<[u8; 32]>().to_vec()],
    );
    let clear =
        |batch: Batch<'h>, table: &str| batch.add(&format!("delete from {table} where class_id = $1"), params![class]);
    tables.into_iter().fold(batch, clear).run()?;
    Ok(())
}
