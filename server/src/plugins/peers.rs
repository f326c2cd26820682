//! The plugins as those see them who call them from beside the requests: host services, deliveries, jobs.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use plugin_protocol::op::Op;
use plugin_protocol::{Code, Failure};
use serde::Serialize;
use serde_json::Value;

use super::{Plugins, Scope, Status};

type Answer = Pin<Box<dyn Future<Output = Result<Value, Failure>> + Send>>;

/// What there is, and a way to call it. Whoever keeps one inside of [`Plugins`] makes it of weak references.
#[derive(Clone)]
pub struct Peers {
    list: Arc<dyn Fn() -> Vec<Status> + Send + Sync>,
    ask: Arc<dyn Fn(String, Op, Scope, Value) -> Answer + Send + Sync>,
}

impl Peers {
    /// Of two functions.
    pub fn new<F>(
        list: impl Fn() -> Vec<Status> + Send + Sync + 'static,
        ask: impl Fn(String, Op, Scope, Value) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Value, Failure>> + Send + 'static,
    {
        let ask = move |id, op, scope, input| -> Answer { Box::pin(ask(id, op, scope, input)) };
        Self { list: Arc::new(list), ask: Arc::new(ask) }
    }

    /// Every plugin that was found.
    pub fn list(&self) -> Vec<Status> {
        (self.list)()
    }

    /// Does an operation of a plugin.
    ///
    /// # Errors
    /// The plugin's own, and those of the host.
    pub async fn ask(&self, id: &str, op: Op, scope: Scope, input: &impl Serialize) -> Result<Value, Failure> {
        let input = serde_json::to_value(input).map_err(|error| Failure::new(Code::BadRequest, error.to_string()))?;
        (self.ask)(id.to_owned(), op, scope, input).await
    }
}

impl From<Plugins> for Peers {
    fn from(plugins: Plugins) -> Self {
        let listed = plugins.clone();
        Self::new(
            move || listed.list(),
            move |id, op, scope, input| {
                let plugins = plugins.clone();
                async move { plugins.ask(&id, op, scope, input).await }
            },
        )
    }
}
