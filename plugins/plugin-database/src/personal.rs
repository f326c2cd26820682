//! What a manifest says about people in its tables, as statements.

use plugin_protocol::host::{Query, Statement};
use plugin_protocol::manifest::{Erase, Manifest, PersonalData};
use plugin_protocol::value::Value;
use uuid::Uuid;

/// The rows about a person: a name and a query for each declared column. The name is the table's, with the column behind
/// it where a table has several.
pub(crate) fn exports(manifest: &Manifest, person: Uuid) -> impl Iterator<Item = (String, Query)> {
    let declared = &manifest.personal_data;
    declared.iter().map(move |data| {
        let is_alone = declared.iter().filter(|other| other.table == data.table).count() == 1;
        let name = if is_alone { data.table.clone() } else { format!("{}.{}", data.table, data.person) };
        (name, export(data, person))
    })
}

fn export(data: &PersonalData, person: Uuid) -> Query {
    let columns = match data.columns.as_slice() {
        [] => "*".to_owned(),
        columns => columns.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", "),
    };
    Query {
        sql: format!("select {columns} from \"{}\" where \"{}\" = $1", data.table, data.person),
        parameters: vec![Value::Uuid { uuid: person }],
    }
}

/// What makes the tables forget a person.
pub(crate) fn erase(manifest: &Manifest, person: Uuid) -> Vec<Statement> {
    let statement = |data: &PersonalData| {
        let (table, column) = (&data.table, &data.person);
        Statement {
            sql: match data.erase {
                Erase::Delete => format!("delete from \"{table}\" where \"{column}\" = $1"),
                Erase::Detach => format!("update \"{table}\" set \"{column}\" = null where \"{column}\" = $1"),
            },
            parameters: vec![Value::Uuid { uuid: person }],
            expect_rows: None,
        }
    };
    manifest.personal_data.iter().map(statement).collect()
}

/// Tables that the manifest names neither as personal nor as impersonal.
pub(crate) fn undeclared(manifest: &Manifest, tables: Vec<String>) -> Vec<String> {
    let is_declared = |table: &String| {
        manifest.impersonal_tables.contains(table) || manifest.personal_data.iter().any(|data| data.table == *table)
    };
    tables.into_iter().filter(|table| !is_declared(table)).collect()
}

/// The columns that erasure empties: table and column.
pub(crate) fn detached(manifest: &Manifest) -> impl Iterator<Item = (&str, &str)> {
    let declared = manifest.personal_data.iter().filter(|data| data.erase == Erase::Detach);
    declared.map(|data| (data.table.as_str(), data.person.as_str()))
}
