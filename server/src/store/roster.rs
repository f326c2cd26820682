//! The roster of a class: its students by number, compared with a file and brought in line with it.
//! A student who leaves keeps their marks; only access ends.

mod apply;
pub(in crate::store) mod presence;
pub mod student;
pub mod transfer;
pub mod upload;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::{FromRow, QueryBuilder};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::roster_file::Row;
use crate::{on, on_tx};

pub use apply::{Agreed, Outcome, apply};

/// A student on the roster, present or left.
#[derive(Clone, Debug, FromRow)]
pub struct Entry {
    /// Id of the person.
    pub person_id: Uuid,
    /// Student number, as the roster writes it.
    pub number: String,
    /// Name.
    pub name: String,
    /// Whether the student has chosen a password.
    pub activated: bool,
    /// How the student came in: `roster`, `hand`, `code`, `transfer`.
    pub origin: String,
    /// Since when.
    pub joined_at: DateTime<Utc>,
    /// When the student left, if so.
    pub left_at: Option<DateTime<Utc>>,
}

/// A number and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Named {
    /// Student number.
    pub number: String,
    /// Name.
    pub name: String,
}

/// A number whose name changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Renamed {
    /// Student number.
    pub number: String,
    /// Name on the roster.
    pub before: String,
    /// Name in the file.
    pub after: String,
}

/// What a file would change.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// In the file, never in the class.
    pub added: Vec<Named>,
    /// In both, with another name.
    pub renamed: Vec<Renamed>,
    /// In the class, not in the file. They stay unless the teacher says they left.
    pub missing: Vec<(Uuid, Named)>,
    /// In the file, had left.
    pub returned: Vec<Named>,
    /// In both, equal.
    pub unchanged: usize,
    /// Rows whose number belongs to somebody else of the school: row and number.
    pub taken: Vec<(u32, String)>,
}

impl Difference {
    /// Whether applying it, with nobody leaving, changes anything.
    pub fn changes(&self) -> usize {
        self.added.len() + self.renamed.len() + self.returned.len()
    }
}

/// Somebody of the school whose login is a number of the file, but who was never in the class as a student.
#[derive(Clone, Debug, FromRow)]
pub struct Known {
    id: Uuid,
    login: String,
    name: String,
    role: String,
}

const ENTRIES: &str = "select m.person_id, coalesce(m.student_number, p.login) as number, p.name,
       p.password_hash is not null as activated, m.origin, m.joined_at, m.left_at
     from membership m join person p on p.id = m.person_id
     where m.class_id = $1 and m.role = 'student' order by m.student_number, p.id";

/// All students a class has or had, by number.
pub async fn entries(db: &Db, class_id: Uuid) -> Result<Vec<Entry>> {
    Ok(on!(db, |c| sqlx::query_as(ENTRIES).bind(class_id).fetch_all(c).await)?)
}

async fn entries_in(tx: &mut Tx, class_id: Uuid) -> Result<Vec<Entry>> {
    Ok(on_tx!(tx, |c| sqlx::query_as(ENTRIES).bind(class_id).fetch_all(c).await)?)
}

/// What a preview was made against: changes with every change of numbers, names and who has left.
pub fn fingerprint(entries: &[Entry]) -> String {
    let mut hash = Sha256::new();
    for entry in entries {
        for part in [entry.number.as_str(), &entry.name, if entry.left_at.is_some() { "left" } else { "" }] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
    }
    data_encoding::HEXLOWER.encode(&hash.finalize()[..16])
}

/// A number as a login: numbers that differ in case only are one student.
pub fn login_of(number: &str) -> String {
    number.to_lowercase()
}

/// Whether two spellings are one name: width, spaces and the kind of middle dot do not matter.
pub fn is_same_name(one: &str, other: &str) -> bool {
    let plain = |name: &str| -> String {
        name.nfkc()
            .filter(|character| !character.is_whitespace())
            .map(|character| if matches!(character, '•' | '‧' | '・' | '∙' | '⋅' | '･') { '·' } else { character })
            .flat_map(char::to_lowercase)
            .collect()
    };
    plain(one) == plain(other)
}

/// What the rows would change in the class, read only.
pub async fn preview(db: &Db, class_id: Uuid, rows: &[Row]) -> Result<(String, Difference)> {
    let entries = entries(db, class_id).await?;
    let mut known = Vec::new();
    for logins in strangers(&entries, rows).chunks(5_000) {
        known.extend::<Vec<Known>>(on!(db, |c| known_query(logins).build_query_as().fetch_all(c).await)?);
    }
    Ok((fingerprint(&entries), compare(&entries, &known, rows)))
}

/// Logins of the rows that the class does not have.
fn strangers(entries: &[Entry], rows: &[Row]) -> Vec<String> {
    let present: std::collections::HashSet<String> = entries.iter().map(|entry| login_of(&entry.number)).collect();
    rows.iter().map(|row| login_of(&row.number)).filter(|login| !present.contains(login)).collect()
}

fn known_query<DB>(logins: &[String]) -> QueryBuilder<DB>
where
    DB: sqlx::Database,
    DB::Arguments: Default,
    String: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
{
    let mut query = QueryBuilder::new("select id, login, name, role from person where login in (");
    let mut list = query.separated(", ");
    for login in logins {
        list.push_bind(login.clone());
    }
    query.push(")");
    query
}

/// Compares the class with the rows of a file (whose numbers are unique).
fn compare(entries: &[Entry], known: &[Known], rows: &[Row]) -> Difference {
    let by_login: HashMap<String, &Entry> = entries.iter().map(|entry| (login_of(&entry.number), entry)).collect();
    let known: HashMap<&str, &Known> = known.iter().map(|person| (person.login.as_str(), person)).collect();
    let mut in_file = std::collections::HashSet::new();
    let mut difference = Difference::default();
    for row in rows {
        let login = login_of(&row.number);
        let named = || Named { number: row.number.clone(), name: row.name.clone() };
        match (by_login.get(&login), known.get(login.as_str())) {
            (Some(entry), _) => {
                if entry.left_at.is_some() {
                    difference.returned.push(named());
                }
                if entry.name != row.name {
                    let (before, after) = (entry.name.clone(), row.name.clone());
                    difference.renamed.push(Renamed { number: row.number.clone(), before, after });
                } else if entry.left_at.is_none() {
                    difference.unchanged += 1;
                }
            }
            // One student may be in several classes; a teacher's login or another student's number is a mistake.
            (None, Some(person)) if person.role != "student" || !is_same_name(&person.name, &row.name) => {
                difference.taken.push((row.row, row.number.clone()));
            }
            (None, _) => difference.added.push(named()),
        }
        in_file.insert(login);
    }
    difference.missing = entries
        .iter()
        .filter(|entry| entry.left_at.is_none() && !in_file.contains(&login_of(&entry.number)))
        .map(|entry| (entry.person_id, Named { number: entry.number.clone(), name: entry.name.clone() }))
        .collect();
    difference
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: &str, name: &str, left: bool) -> Entry {
        let at = "2026-09-01T00:00:00Z".parse().unwrap();
        Entry {
            person_id: Uuid::now_v7(),
            number: number.into(),
            name: name.into(),
            activated: false,
            origin: "roster".into(),
            joined_at: at,
            left_at: left.then_some(at),
        }
    }

    fn row(number: &str, name: &str) -> Row {
        Row { row: 2, number: number.into(), name: name.into() }
    }

    fn known(login: &str, name: &str, role: &str) -> Known {
        Known { id: Uuid::now_v7(), login: login.into(), name: name.into(), role: role.into() }
    }

    #[test]
    fn every_kind_of_change_is_told_apart() {
        let class = [
            entry("A1", "学生 01", false),
            entry("a2", "学生 02", false),
            entry("a3", "学生 03", true),
            entry("a4", "学生 04", false),
        ];
        let rows = [row("a1", "学生 01"), row("A2", "学生 二"), row("a3", "学生 03"), row("a5", "学生 05")];
        let difference = compare(&class, &[], &rows);
        assert_eq!(difference.unchanged, 1);
        assert_eq!(
            difference.renamed,
            [Renamed { number: "A2".into(), before: "学生 02".into(), after: "学生 二".into() }]
        );
        assert_eq!(difference.returned, [Named { number: "a3".into(), name: "学生 03".into() }]);
        assert_eq!(difference.added, [Named { number: "a5".into(), name: "学生 05".into() }]);
        assert_eq!(difference.missing.iter().map(|(_, named)| named.number.as_str()).collect::<Vec<_>>(), ["a4"]);
        assert_eq!(difference.changes(), 3);
    }

    #[test]
    fn a_number_of_somebody_else_is_not_taken_over() {
        let school = [
            known("b1", "学生 · 甲", "student"),
            known("b2", "学生 乙", "student"),
            known("teacher", "教师 A", "teacher"),
        ];
        let rows = [row("b1", "学生•甲"), row("b2", "学生 丙"), row("teacher", "教师 A")];
        let difference = compare(&[], &school, &rows);
        assert_eq!(difference.added.len(), 1);
        assert_eq!(difference.taken.iter().map(|(_, number)| number.as_str()).collect::<Vec<_>>(), ["b2", "teacher"]);
    }

    #[test]
    fn the_fingerprint_sees_names_and_leaving() {
        let class = [entry("a1", "学生 01", false)];
        let mut changed = class.clone();
        changed[0].left_at = Some(changed[0].joined_at);
        assert_ne!(fingerprint(&class), fingerprint(&changed));
        changed = class.clone();
        changed[0].name = "学生 一".into();
        assert_ne!(fingerprint(&class), fingerprint(&changed));
    }
}
