//! The tables of the plugins, opened when they are first asked for.

use std::collections::HashMap;
use std::sync::Arc;

use plugin_database::{PostgresTables, SqliteTables, Store};
use plugin_protocol::{Code, Failure};
use tokio::sync::Mutex;

use super::context::Parts;
use super::failure::not_answered;
use crate::db::Db;
use crate::store::plugin;

/// The tables that are open, by plugin.
#[derive(Clone, Default)]
pub struct Tables {
    open: Arc<Mutex<HashMap<String, Store>>>,
}

impl Tables {
    /// The tables of a plugin: a file in the data directory, or a schema with a role of its own.
    ///
    /// # Errors
    /// When the file or the schema cannot be made; the failure says why.
    pub async fn of(&self, parts: &Parts, plugin: &str) -> Result<Store, Failure> {
        let mut open = self.open.lock().await;
        if let Some(store) = open.get(plugin) {
            return Ok(store.clone());
        }
        let store = match &parts.db {
            Db::Sqlite(_) => {
                let folder = parts.config.storage.data.join("plugins");
                let path = folder.join(format!("{plugin}.db"));
                let opened = tokio::task::spawn_blocking(move || {
                    std::fs::create_dir_all(&folder)
                        .map_err(|error| unavailable(format!("{} cannot be made: {error}", folder.display())))?;
                    SqliteTables::open(&path)
                });
                let tables = opened.await.map_err(|_| unavailable("the server stops".into()))??;
                Store::Sqlite(Arc::new(tables))
            }
            Db::Postgres(pool) => {
                let password = plugin::role_password(&parts.db, plugin, parts.clock.now()).await;
                let password = password.map_err(|error| not_answered(&error))?;
                let tables = PostgresTables::open(pool, plugin, &password).await;
                Store::Postgres(tables.map_err(|error| unavailable(error.to_string()))?)
            }
        };
        open.insert(plugin.to_owned(), store.clone());
        Ok(store)
    }

    /// Closes all of them.
    pub async fn close(&self) {
        for (_, store) in self.open.lock().await.drain() {
            store.close().await;
        }
    }
}

fn unavailable(why: String) -> Failure {
    Failure::new(Code::Busy, why).at("the plugin's tables")
}
