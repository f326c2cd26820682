//! The rehearsal room of the demo: a simulated platform whose account is that of the demo class, so that whoever runs the
//! demo can be a follower too. It lives in this process and ends with it.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result, bail};
use plugin_protocol::manifest::{Manifest, SettingKind};
use plugin_protocol::op::{HOST, Op, Service};
use rehearsal::{Account, Options, Rehearsal, StartError};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::half_semester;
use crate::app::App;
use crate::plugins::context;
use crate::plugins::setting;
use crate::secret;
use crate::store::class::Class;
use crate::store::person::Actor;
use crate::store::plugin::setting::{self as stored, Change};

/// The port that `server rehearse` takes as well.
const USUAL_PORT: u16 = 8090;
/// A channel that can be connected with a rehearsal provides this, for the server alone: it says what has to be set.
const SERVICE: &str = "channel.rehearsal/1";

/// A simulated platform.
pub struct Room {
    platform: Rehearsal,
    account: Account,
}

/// What a channel wants to be set, in words of its own.
#[derive(Deserialize)]
struct Wanted {
    /// Where the platform finds it, under its pages.
    callback: String,
    /// Settings of the site.
    site: Map<String, Value>,
    /// Settings of the class.
    class: Map<String, Value>,
}

impl Room {
    /// Opens it at an address; without one at the usual port, or a free one where that is taken.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn open(listen: Option<SocketAddr>) -> Result<Self> {
        // Whoever can reach the class's callback must not be able to pretend to be the platform.
        let account = Account { secret: secret::random_code(32), token: secret::random_code(32), ..Account::default() };
        let options = |listen| Options { listen, account: account.clone(), ..Options::default() };
        let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let platform = match listen {
            Some(listen) => Rehearsal::start(options(listen)).await,
            None => match Rehearsal::start(options(local(USUAL_PORT))).await {
                Err(StartError::Listen(_)) => Rehearsal::start(options(local(0))).await,
                other => other,
            },
        };
        let platform =
            platform.context("the rehearsal room cannot open; choose another --rehearsal, or --no-rehearsal")?;
        Ok(Self { platform, account })
    }

    /// Where followers are played.
    pub fn url(&self) -> String {
        self.platform.url()
    }

    /// Makes the class's account that of this room; gives the callback's address.
    ///
    /// # Errors
    /// When no channel runs that can be connected, it says something unexpected, or somebody connected it elsewhere.
    pub async fn set_up(&self, app: &App, class: &Class, actor: Actor, site: &str) -> Result<String> {
        let list = app.plugins.list();
        let channel = list.iter().find(|status| status.manifest.provides.iter().any(|name| name == SERVICE));
        let manifest = &channel.context("no channel is there that could be connected")?.manifest;
        half_semester::until_ready(app, &manifest.id).await?;
        let input = json!({
            "api": self.platform.url(),
            "app_id": self.account.appid,
            "app_secret": self.account.secret,
            "token": self.account.token,
        });
        let ask = Service { service: SERVICE.to_owned(), caller: HOST.to_owned(), input };
        let wanted: Wanted = half_semester::ask(app, manifest, class, Op::Service, &ask).await?;
        let before = stored::list(&app.db, &manifest.id, Some(class.id)).await?;
        let is_other = |(name, value): (&String, &Value)| {
            before
                .iter()
                .any(|one| one.class_id.is_some() && one.name == *name && !one.is_secret && one.value != *value)
        };
        if wanted.class.iter().any(is_other) {
            bail!("somebody connected the account otherwise, and it stays so; begin again with --fresh");
        }
        let now = app.clock.now();
        stored::set(&app.db, actor.clone(), &manifest.id, None, changes(manifest, wanted.site)?, now).await?;
        stored::set(&app.db, actor, &manifest.id, Some(class.id), changes(manifest, wanted.class)?, now).await?;
        let () = half_semester::ask(app, manifest, class, Op::SettingsChanged, &()).await?;
        Ok(format!("{site}{}{}", context::base(class.id, &manifest.id), wanted.callback))
    }

    /// Lets the platform find the class, as somebody does who presses 提交 in its back office.
    ///
    /// # Errors
    /// When the callback does not answer as it should.
    pub async fn connect(&self, callback: &str) -> Result<()> {
        self.platform.set_callback(callback)?;
        self.platform.verify().await.map_err(|problem| anyhow::anyhow!("{problem}"))
    }
}

/// Values that fit the plugin's settings.
fn changes(manifest: &Manifest, values: Map<String, Value>) -> Result<Vec<Change>> {
    let change = |(name, value): (String, Value)| {
        let known = manifest.settings.iter().find(|setting| setting.name == name);
        let setting = known.with_context(|| format!("{} has no setting {name}", manifest.id))?;
        if let Err(message) = setting::check(setting, &value) {
            bail!("{name} of {} cannot be {value}: {}", manifest.id, message.key);
        }
        Ok(Change { name, value: Some(value), is_secret: setting.kind == SettingKind::Secret })
    };
    values.into_iter().map(change).collect()
}
