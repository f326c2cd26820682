//! What a plugin has done, and left in its tables.

use chrono::{DateTime, Utc};
use plugin_database::LONGEST;
use plugin_protocol::host::{Batch, Fetch, Log, Query, Rows, Schedule, Statement};
use plugin_protocol::manifest::Manifest;
use plugin_protocol::value::Value;

use super::TestHost;
use crate::fetch::is_for;
use crate::state::Told;

impl TestHost {
    /// What the clock shows.
    pub fn now(&self) -> DateTime<Utc> {
        self.state.world().now
    }

    /// What the plugin declares.
    pub fn manifest(&self) -> &Manifest {
        &self.state.manifest
    }

    /// The events that it told, in their order.
    pub fn events(&self) -> Vec<Told> {
        self.state.world().events.clone()
    }

    /// What it wrote to the log.
    pub fn logs(&self) -> Vec<Log> {
        self.state.world().logs.clone()
    }

    /// The requests that it sent to other servers.
    pub fn fetches(&self) -> Vec<Fetch> {
        self.state.world().servers.asked.clone()
    }

    /// Those with this method and address; a query counts only where the address has one.
    pub fn fetches_of(&self, method: &str, address: &str) -> Vec<Fetch> {
        let mut asked = self.fetches();
        asked.retain(|asked| is_for(asked, method, address));
        asked
    }

    /// The jobs that it has scheduled and that are still to come.
    pub fn scheduled(&self) -> Vec<Schedule> {
        self.state.world().scheduled.values().cloned().collect()
    }

    /// Changes rows of its tables, as a worker that was killed may have left them.
    #[track_caller]
    pub fn change(&self, sql: &str, parameters: Vec<Value>) {
        let statement = Statement { sql: sql.to_owned(), parameters, expect_rows: None };
        let batch = Batch { statements: vec![statement], ..Batch::default() };
        let done = self.state.tables.batch(&batch, &[], self.now(), LONGEST);
        done.unwrap_or_else(|failure| panic!("{sql}: {failure}"));
    }

    /// Rows of its tables.
    #[track_caller]
    pub fn rows(&self, sql: &str, parameters: Vec<Value>) -> Rows {
        let query = Query { sql: sql.to_owned(), parameters };
        self.state.tables.query(&query, LONGEST).unwrap_or_else(|failure| panic!("{sql}: {failure}"))
    }
}
