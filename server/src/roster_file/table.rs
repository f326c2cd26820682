//! A table out of a file, before anybody knows what its columns mean.

/// One row that is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Row of the table, from 1.
    pub row: u32,
    /// Cells from the left; missing ones are empty.
    pub cells: Vec<String>,
}

impl Line {
    /// The cell of a column; empty where the row is shorter.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// Rows in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Table {
    /// The rows that are not empty.
    pub rows: Vec<Line>,
}
