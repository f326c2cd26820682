//! The tables of a plugin, read as no plugin can: all rows of all classes.

use std::time::Duration;

use plugin_database::Store;
use plugin_protocol::host::Query;
use plugin_protocol::value::Value;
use server::plugins::host::Host;

/// Rows read at a time.
const PAGE: usize = 1_000;

/// A plugin's tables.
pub struct Tables(Store);

impl Tables {
    pub async fn of(host: &Host, id: &str) -> Self {
        Self(host.shared.tables.of(&host.parts, id).await.expect("the tables open"))
    }

    /// All rows of a query that ends in an order.
    pub async fn rows(&self, sql: &str) -> Vec<Vec<Value>> {
        let mut all = Vec::new();
        loop {
            let sql = format!("{sql} limit {PAGE} offset {}", all.len());
            let query = Query { sql, parameters: Vec::new() };
            let answer = self.0.query(&query, Duration::from_secs(20)).await;
            let mut rows = answer.unwrap_or_else(|failure| panic!("{}: {failure}", query.sql)).rows;
            let is_last = rows.len() < PAGE;
            all.append(&mut rows);
            if is_last {
                return all;
            }
        }
    }

    /// The first column, as text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        self.rows(sql).await.into_iter().map(|row| text(&row[0])).collect()
    }

    /// The only number.
    pub async fn number(&self, sql: &str) -> i64 {
        number(&self.rows(sql).await[0][0])
    }

    /// Events that have not left yet.
    pub async fn outbox(&self) -> usize {
        self.0.outbox(1).await.expect("the outbox").len()
    }

    /// The tables in which a text stands.
    pub async fn with(&self, wanted: &[String]) -> Vec<String> {
        let mut found = Vec::new();
        for table in self.0.tables().await.expect("the list of tables") {
            for row in self.rows(&format!("select * from {table}")).await {
                let row: Vec<String> = row.iter().map(text).collect();
                let row = row.join("\u{1}");
                found.extend(wanted.iter().filter(|text| row.contains(*text)).map(|text| format!("{table}: {text}")));
            }
        }
        found
    }
}

/// A value as text: an id as it is written, nothing as nothing.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) => text.clone(),
        Value::Uuid { uuid } => uuid.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Time { time } => time.to_rfc3339(),
        Value::Bytes { bytes } => String::from_utf8_lossy(bytes).into_owned(),
        Value::Boolean(_) | Value::Number(_) => format!("{value:?}"),
    }
}

/// A value as a number.
pub fn number(value: &Value) -> i64 {
    match value {
        Value::Integer(number) => *number,
        other => panic!("{other:?} is no number"),
    }
}

/// A value as a time.
pub fn time(value: &Value) -> chrono::DateTime<chrono::Utc> {
    match value {
        Value::Time { time } => *time,
        other => panic!("{other:?} is no time"),
    }
}
