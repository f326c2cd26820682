//! Content out of and into a plugin's file.

use plugin_protocol::manifest::Migration;
use plugin_protocol::value::Value;
use plugin_protocol::{Code, Failure};
use tokio::sync::mpsc;

use super::value::{failure, read};
use super::{Guarded, SqliteTables, locked, text};
use crate::copy::{HOST_CONTENT, Piece, check_names, insert, select, without_table};

impl SqliteTables {
    /// Sends everything that the tables hold, as it is at one moment. Blocks.
    pub fn send(&self, to: &mpsc::Sender<Result<Piece, Failure>>) -> Result<(), Failure> {
        let mut names = self.tables()?;
        names.extend(HOST_CONTENT.map(str::to_owned));
        let connection = self.readers.first().map_or_else(|| self.writer(), locked);
        connection.set_up("begin")?;
        let sent = names.into_iter().try_for_each(|name| connection.send_table(name, to));
        connection.set_up("rollback")?;
        sent
    }

    /// Does migrations, and puts rows into their tables in place of what is there. Blocks.
    pub fn receive(
        &self,
        migrations: &[Migration],
        now: chrono::DateTime<chrono::Utc>,
        mut pieces: mpsc::Receiver<Piece>,
    ) -> Result<(), Failure> {
        self.migrate_each(migrations, now)?;
        let mut names = self.tables()?;
        names.extend(HOST_CONTENT.map(str::to_owned));
        let writer = self.writer();
        writer.transaction(|| {
            writer.set_up("pragma defer_foreign_keys = on")?;
            for name in names {
                writer.set_up(&format!("delete from \"{name}\""))?;
            }
            let mut sql = None;
            while let Some(piece) = pieces.blocking_recv() {
                match piece {
                    Piece::Table { name, columns } => {
                        check_names(&name, &columns)?;
                        sql = Some(insert(&name, &columns, ""));
                    }
                    Piece::Row(values) => {
                        writer.execute(sql.as_deref().ok_or_else(without_table)?, &values)?;
                    }
                }
            }
            Ok(())
        })
    }
}

impl Guarded {
    fn send_table(&self, name: String, to: &mpsc::Sender<Result<Piece, Failure>>) -> Result<(), Failure> {
        let gone = |_| Failure::new(Code::Cancelled, "nobody takes the rows");
        let sql = "select name from pragma_table_xinfo($1) where hidden = 0 order by name";
        let columns: Vec<String> = self.rows(sql, &[(&name).into()])?.rows.into_iter().flatten().map(text).collect();
        let mut statement = self.prepare(&select(&name, &columns), &[])?;
        let declared: Vec<Option<String>> =
            statement.columns().iter().map(|column| column.decl_type().map(str::to_ascii_lowercase)).collect();
        to.blocking_send(Ok(Piece::Table { name, columns })).map_err(gone)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|error| failure(&error))? {
            let mut values: Vec<Value> = Vec::with_capacity(declared.len());
            for (index, declared) in declared.iter().enumerate() {
                values.push(read(row.get_ref(index).map_err(|error| failure(&error))?, declared.as_deref()));
            }
            to.blocking_send(Ok(Piece::Row(values))).map_err(gone)?;
        }
        Ok(())
    }
}
