//! What a plugin can do.

use plugin_protocol::op::{Event, Facts, Health, Job, Page, Response, Service, Upgrade, View, Widget};
use plugin_protocol::{Code, Failure};
use serde_json::Value;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::host::Host;

/// A plugin. Implement what the manifest declares; everything else answers that there is no such operation.
#[allow(unused_variables)]
pub trait Plugin: Default + Send + Sync + 'static {
    /// Once, before anything else. The host cannot be asked yet.
    fn start(&self) -> Result<()> {
        Ok(())
    }

    /// A page under the plugin's prefix. The host has checked the route and who may open it.
    fn page(&self, host: &Host, request: &Page) -> Result<Response> {
        Err(unsupported("page"))
    }

    /// A box on the class page.
    fn widget(&self, host: &Host, request: &Widget) -> Result<View> {
        Err(unsupported("widget"))
    }

    /// Something happened. The same event may come again: use [`Batch::once`](crate::Batch::once) with its id.
    fn event(&self, host: &Host, event: &Event) -> Result<()> {
        Err(unsupported("event"))
    }

    /// It is time for a job of the manifest.
    fn job(&self, host: &Host, job: &Job) -> Result<()> {
        Err(unsupported("job"))
    }

    /// Another plugin asks for a service that the manifest provides.
    fn service(&self, host: &Host, request: &Service) -> Result<Value> {
        Err(unsupported("service"))
    }

    /// A word for the administrator; nothing when all is well.
    fn health(&self, host: &Host) -> Result<Health> {
        Ok(Health::default())
    }

    /// After the migrations of a new version, before it is used.
    fn migrate_data(&self, host: &Host, upgrade: &Upgrade) -> Result<()> {
        Ok(())
    }

    /// What is known about a person beside the columns that the manifest declares.
    fn export_person(&self, host: &Host, person: Uuid) -> Result<Value> {
        Ok(Value::Null)
    }

    /// Forgets a person beside the columns that the manifest declares.
    fn erase_person(&self, host: &Host, person: Uuid) -> Result<()> {
        Ok(())
    }

    /// Settings have changed; those of the context are the new ones.
    fn settings_changed(&self, host: &Host) -> Result<()> {
        Ok(())
    }

    /// What each student of the class has done, for the gradebook.
    fn facts(&self, host: &Host) -> Result<Facts> {
        Err(unsupported("facts"))
    }
}

fn unsupported(what: &str) -> Error {
    Error(Failure::new(Code::Unsupported, format!("this plugin has no {what}")))
}
