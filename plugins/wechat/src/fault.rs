//! What went wrong last, by kind, for the teachers' page. Never what was sent, and no secret.

use plugin_sdk::prelude::*;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A callback came before app id and token were set.
    Setup,
    /// A callback had a wrong signature.
    Signature,
    /// A callback was not encrypted although only encrypted ones are taken.
    Plain,
    /// A callback could not be decrypted with the keys that are set.
    Key,
    /// A callback was no message.
    Body,
    /// The platform's interface refused a call.
    Interface,
    /// The platform's interface could not be reached.
    Unreachable,
    /// A callback was encrypted, and no key is set.
    NoKey,
    /// A callback was another account's.
    Account,
}

impl Kind {
    /// Its name in the table and in the translations.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Setup => "setup",
            Kind::Signature => "signature",
            Kind::Plain => "plain",
            Kind::Key => "key",
            Kind::Body => "body",
            Kind::Interface => "interface",
            Kind::Unreachable => "unreachable",
            Kind::NoKey => "no-key",
            Kind::Account => "account",
        }
    }
}

/// Something that went wrong.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Name of its kind.
    pub kind: String,
    /// The platform's code.
    pub code: Option<i64>,
    /// When last.
    pub at: DateTime<Utc>,
    /// How often since it was cleared; those of one minute count once.
    pub count: i64,
}

/// Notes a fault. Who floods the address with nonsense makes one row a minute.
///
/// `call` is the path of the interface's call, empty where it is about none.
pub fn note(host: &Host, kind: Kind, call: &str, code: Option<i64>) -> Result<()> {
    host.exec(
        "insert into fault (class_id, kind, call, code, at, count) values ($1, $2, $6, $3, $4, 1)
         on conflict (class_id, kind, call) do update
         set code = excluded.code, at = excluded.at, count = fault.count + 1
         where fault.at <= $5 or coalesce(fault.code, 0) <> coalesce(excluded.code, 0)",
        params![host.class()?.id, kind.name(), code, host.now(), host.now() - TimeDelta::minutes(1), call],
    )?;
    Ok(())
}

/// What went wrong, the latest first.
pub fn list(host: &Host) -> Result<Vec<Fault>> {
    let table = host.query(
        "select kind, code, at, count from fault where class_id = $1 order by at desc, kind, call",
        params![host.class()?.id],
    )?;
    let one = |row: Row<'_>| {
        Ok(Fault { kind: row.get("kind")?, code: row.get("code")?, at: row.get("at")?, count: row.get("count")? })
    };
    table.iter().map(one).collect()
}

/// Takes them off the page.
pub fn clear(host: &Host) -> Result<()> {
    host.exec("delete from fault where class_id = $1", params![host.class()?.id])?;
    Ok(())
}

/// This call works again, and with it the token and the way to the platform.
pub fn mended(host: &Host, call: &str, token: &str) -> Result<()> {
    let class = host.class()?.id;
    let which = "(kind = 'interface' and call in ($2, $3)) or kind = 'unreachable'";
    let sql = format!("select count(*) as faults from fault where class_id = $1 and ({which})");
    if host.query(&sql, params![class, call, token])?.value::<i64>()? > 0 {
        host.exec(&format!("delete from fault where class_id = $1 and ({which})"), params![class, call, token])?;
    }
    Ok(())
}
