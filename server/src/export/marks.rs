//! The marks of a class as a table for the school's spreadsheet, and as data for programs.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Cell, Table};
use crate::i18n::{self, Language};
use crate::points;
use crate::store::gradebook::{self, Gradebook, Student};

/// The marks as a table: number, name, mark and state of each assignment, total.
pub fn table(book: &Gradebook, language: Language) -> Table {
    let word = |key: &str| i18n::plain(language, key);
    let mut header = vec![word("gradebook-export-number"), word("gradebook-export-name")];
    for column in &book.assignments {
        header.push(format!("{} ({})", column.title, points::exact(column.points)));
        header.push(format!("{} {}", column.title, word("gradebook-export-state")));
    }
    header.push(format!("{} ({})", word("gradebook-export-total"), points::exact(book.points())));
    let rows = book.students.iter().enumerate().map(|(index, student)| {
        let mut row = vec![text(student.number.clone()), Cell::Text(student.name.clone())];
        for cell in &book.cells[index] {
            row.push(cell.points.map_or(Cell::Empty, Cell::Points));
            row.push(Cell::Text(state(cell, language)));
        }
        row.push(Cell::Points(book.total(index)));
        row
    });
    Table { name: word("gradebook-export-sheet"), rows: rows.collect(), header }
}

fn text(value: Option<String>) -> Cell {
    value.map_or(Cell::Empty, Cell::Text)
}

/// Where a student stands, in words: `已批改，迟交扣 10%`.
pub fn state(cell: &gradebook::Cell, language: Language) -> String {
    let mut words = i18n::plain(language, &format!("gradebook-state-{}", cell.state.name()));
    if cell.late_per_cent > 0 {
        let late = crate::error::Message::new("gradebook-export-late").with("late", cell.late_per_cent);
        words.push_str(&i18n::sentence(language, &late));
    }
    words
}

/// The marks as data.
#[derive(Debug, Serialize, ToSchema)]
pub struct Marks {
    /// Assignments in the order of their being imported.
    pub assignments: Vec<AssignmentColumn>,
    /// Students by number.
    pub students: Vec<StudentMarks>,
}

/// An assignment.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignmentColumn {
    /// Id.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// Points of all its questions, exact, as a decimal number in text.
    pub points: String,
}

/// A student's marks.
#[derive(Debug, Serialize, ToSchema)]
pub struct StudentMarks {
    /// Id.
    pub id: Uuid,
    /// Number on the roster.
    pub number: Option<String>,
    /// Name.
    pub name: String,
    /// One entry for each assignment, in their order.
    pub marks: Vec<Mark>,
    /// Sum of the marks, exact.
    pub total: String,
}

/// A student's mark in an assignment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Mark {
    /// Assignment.
    pub assignment: Uuid,
    /// The mark, exact, as a decimal number in text; `null` as long as nothing was handed in.
    pub points: Option<String>,
    /// `not-started`, `writing`, `handed-in`, `review` or `marked`.
    pub state: &'static str,
    /// Per cent taken off for lateness.
    pub late_per_cent: i64,
    /// Answers that wait for a decision.
    pub reviews: i64,
    /// Essays that wait for a mark.
    pub waiting: i64,
}

/// The marks as data for programs.
pub fn data(book: &Gradebook) -> Marks {
    let assignments = book.assignments.iter().map(|column| AssignmentColumn {
        id: column.id,
        title: column.title.clone(),
        points: points::exact(column.points),
    });
    let student = |(index, student): (usize, &Student)| StudentMarks {
        id: student.id,
        number: student.number.clone(),
        name: student.name.clone(),
        marks: book.assignments.iter().zip(&book.cells[index]).map(|(column, cell)| mark(column.id, cell)).collect(),
        total: points::exact(book.total(index)),
    };
    Marks { assignments: assignments.collect(), students: book.students.iter().enumerate().map(student).collect() }
}

fn mark(assignment: Uuid, cell: &gradebook::Cell) -> Mark {
    Mark {
        assignment,
        points: cell.points.map(points::exact),
        state: cell.state.name(),
        late_per_cent: cell.late_per_cent,
        reviews: cell.reviews,
        waiting: cell.waiting,
    }
}
