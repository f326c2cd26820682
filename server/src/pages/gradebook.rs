//! The gradebook: the class at a glance, one assignment question by question, and the export.

mod cell;
pub mod work;

use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use encoding_rs::GB18030;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::desk::{Desk, Head, Place};
use crate::app::App;
use crate::error::{Error, Message, Result};
use crate::export::{self, FileKind};
use crate::moment;
use crate::notice::Notice;
use crate::points;
use crate::request::{Path, Query};
use crate::store::gradebook::questions;
use crate::store::gradebook::{self, Gradebook, State as Standing};
use crate::view::View;
use cell::{CellView, Words, cell_view, part_view, state_view};

/// Students on a page, so that the page of a large lecture stays light.
const ON_PAGE: usize = 100;

/// How to show the gradebook.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Wanted {
    /// `number` (default), `name` or `total`.
    #[serde(default)]
    sort: String,
    /// `desc`: the other way round.
    #[serde(default)]
    order: String,
    /// Counts from 1.
    page: Option<usize>,
    /// `all`: everybody on one page.
    #[serde(default)]
    show: String,
    /// `1`: those who left as well.
    #[serde(default)]
    left: String,
    /// `csv` or `xlsx`, for the export.
    #[serde(default)]
    format: String,
}

#[derive(Serialize)]
struct Page {
    head: Head,
    columns: Vec<ColumnView>,
    rows: Vec<RowView>,
    heads: Vec<SortView>,
    of: String,
    legend: bool,
    students: usize,
    left: Option<LeftView>,
    pages: Option<PagesView>,
    export_csv: String,
    export_xlsx: String,
    assignment: Option<AssignmentView>,
}

/// The assignment that the table is about.
#[derive(Serialize)]
struct AssignmentView {
    id: Uuid,
    title: String,
}

#[derive(Serialize)]
struct ColumnView {
    title: String,
    href: Option<String>,
    points: String,
}

#[derive(Serialize)]
struct SortView {
    label: String,
    href: String,
    /// For `aria-sort`: `ascending`, `descending` or `none`.
    sorted: &'static str,
}

#[derive(Serialize)]
struct LeftView {
    href: String,
    shown: bool,
    count: usize,
}

#[derive(Serialize)]
struct PagesView {
    page: usize,
    pages: usize,
    previous: Option<String>,
    next: Option<String>,
    all: String,
}

#[derive(Serialize)]
struct RowView {
    name: String,
    number: Option<String>,
    left: bool,
    total: String,
    cells: Vec<CellView>,
}

/// `GET /classes/{class}/gradebook`. A query such as `?1f3a.9c`, as the cells' links have it, leads to a student's work.
pub async fn show(
    view: View,
    desk: Desk,
    State(app): State<App>,
    RawQuery(query): RawQuery,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    if let Some((student, assignment)) =
        query.as_deref().filter(|query| !query.contains('=')).and_then(|query| query.split_once('.'))
    {
        return follow(&app, &desk, student, assignment).await;
    }
    let mut book = gradebook::load(&app.db, desk.class.id, None).await?;
    let left = leave_out(&mut book, &wanted);
    let words = Words::new(&view);
    let length = gradebook::ending_length(book.students.iter().map(|student| student.id));
    let endings: Vec<String> = {
        let length = gradebook::ending_length(book.assignments.iter().map(|column| column.id));
        book.assignments.iter().map(|column| gradebook::ending(column.id, length)).collect()
    };
    let order = order(&book, &wanted);
    let (range, pages) = paging(&wanted, order.len());
    let rows = order[range].iter().map(|index| {
        let student = &book.students[*index];
        let own = gradebook::ending(student.id, length);
        let cells = book.cells[*index].iter().zip(&endings).map(|(cell, ending)| cell_view(cell, &own, ending, &words));
        row_view(&book, *index, cells.collect())
    });
    let base = format!("/classes/{}/gradebook", desk.class.id);
    let columns = book.assignments.iter().map(|column| ColumnView {
        title: column.title.clone(),
        href: Some(format!("{base}/{}", column.id)),
        points: points::shown(column.points),
    });
    let page = Page {
        columns: columns.collect(),
        rows: rows.collect(),
        of: points::shown(book.points()),
        legend: !book.assignments.is_empty(),
        ..frame(&view, &desk, &wanted, &book, left, pages, None)
    };
    Ok(view.page("gradebook/show.html", "class", page)?.into_response())
}

/// `GET /classes/{class}/gradebook/{assignment}`: question by question.
pub async fn assignment(
    view: View,
    desk: Desk,
    State(app): State<App>,
    Path((_, assignment)): Path<(Uuid, Uuid)>,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>> {
    let mut book = gradebook::load(&app.db, desk.class.id, Some(assignment)).await?;
    if !book.narrow(assignment) {
        return Err(Error::NotFound);
    }
    let left = leave_out(&mut book, &wanted);
    let table = questions::load(&app.db, desk.class.id, assignment, &book).await?;
    let words = Words::new(&view);
    let order = order(&book, &wanted);
    let (range, pages) = paging(&wanted, order.len());
    let base = format!("/classes/{}/gradebook/{assignment}", desk.class.id);
    let rows = order[range].iter().map(|index| {
        let cell = &book.cells[*index][0];
        let has_work = !matches!(cell.state, Standing::NotStarted);
        let href = has_work.then(|| format!("{assignment}/{}", book.students[*index].id));
        let mut cells: Vec<CellView> =
            table.parts[*index].iter().map(|part| part_view(part, href.as_deref(), &words)).collect();
        cells.insert(0, CellView { href: href.clone(), ..state_view(cell, &view, &words) });
        row_view(&book, *index, cells)
    });
    let mut columns = vec![ColumnView {
        title: view.sentence(&Message::new("gradebook-column-state")),
        href: None,
        points: String::new(),
    }];
    columns.extend(table.questions.iter().map(|question| ColumnView {
        title: view.sentence(&Message::new("gradebook-question").with("number", &question.number)),
        href: None,
        points: points::shown(question.points),
    }));
    let column = &book.assignments[0];
    let title = AssignmentView { id: assignment, title: column.title.clone() };
    let page = Page {
        columns,
        rows: rows.collect(),
        of: points::shown(column.points),
        legend: true,
        ..frame(&view, &desk, &wanted, &book, left, pages, Some((title, base)))
    };
    view.page("gradebook/show.html", "class", page)
}

/// `GET /classes/{class}/gradebook/export?format=xlsx|csv`
pub async fn export(view: View, desk: Desk, State(app): State<App>, Query(wanted): Query<Wanted>) -> Result<Response> {
    let kind = FileKind::from_name(&wanted.format).ok_or(Error::invalid("gradebook-export-format"))?;
    let mut book = gradebook::load(&app.db, desk.class.id, None).await?;
    leave_out(&mut book, &wanted);
    let word = view.sentence(&Message::new("gradebook-export-sheet"));
    let day = moment::local(desk.now, desk.zone);
    let name = format!("{}-{word}-{}", desk.class.name, &day[..10]);
    export::download(export::marks::table(&book, view.language()), kind, &name).await
}

/// Leads to the work that a cell's short link names.
async fn follow(app: &App, desk: &Desk, student: &str, assignment: &str) -> Result<Response> {
    let base = format!("/classes/{}/gradebook", desk.class.id);
    Ok(match gradebook::find_by_endings(&app.db, desk.class.id, assignment, student).await? {
        Some((assignment, student)) => Redirect::to(&format!("{base}/{assignment}/{student}")).into_response(),
        // Somebody joined meanwhile whose id ends alike.
        None => Notice::info(Message::new("gradebook-link-unclear")).redirect(&base),
    })
}

/// Leaves out those who left, unless they are asked for; says how many they are.
fn leave_out(book: &mut Gradebook, wanted: &Wanted) -> usize {
    let left = book.students.iter().filter(|student| student.left_at.is_some()).count();
    if wanted.left != "1" {
        book.present();
    }
    left
}

/// The students in the order asked for, as places in the gradebook.
fn order(book: &Gradebook, wanted: &Wanted) -> Vec<usize> {
    let mut order: Vec<usize> = (0..book.students.len()).collect();
    match wanted.sort.as_str() {
        // In GB 18030 the usual characters stand in the order of their sounds.
        "name" => order.sort_by_cached_key(|index| GB18030.encode(&book.students[*index].name).0.into_owned()),
        "total" => order.sort_by_key(|index| book.total(*index)),
        _ => {}
    }
    if wanted.order == "desc" {
        order.reverse();
    }
    order
}

fn paging(wanted: &Wanted, count: usize) -> (std::ops::Range<usize>, Option<(usize, usize)>) {
    if wanted.show == "all" || count <= ON_PAGE {
        return (0..count, None);
    }
    let pages = count.div_ceil(ON_PAGE);
    let page = wanted.page.unwrap_or(1).clamp(1, pages);
    let start = (page - 1) * ON_PAGE;
    (start..(start + ON_PAGE).min(count), Some((page, pages)))
}

/// Everything of a page but its table.
fn frame(
    view: &View,
    desk: &Desk,
    wanted: &Wanted,
    book: &Gradebook,
    left: usize,
    pages: Option<(usize, usize)>,
    assignment: Option<(AssignmentView, String)>,
) -> Page {
    let deeper = assignment.iter().map(|(shown, _)| (shown.title.clone(), None)).collect();
    let query = |sort: &str, order: &str, page: usize, left: &str| {
        let mut query = format!("?sort={sort}");
        let rest = [("order", order), ("left", left)];
        rest.iter()
            .filter(|(_, value)| !value.is_empty())
            .for_each(|(name, value)| query.push_str(&format!("&{name}={value}")));
        if page > 1 {
            query.push_str(&format!("&page={page}"));
        }
        query
    };
    let sort = match wanted.sort.as_str() {
        "name" => "name",
        "total" => "total",
        _ => "number",
    };
    let order = if wanted.order == "desc" { "desc" } else { "" };
    let left_shown = if wanted.left == "1" { "1" } else { "" };
    let heads = ["number", "name", "total"].map(|name| {
        let current = name == sort;
        // The best come first when totals are asked for.
        let next = match (current, order, name) {
            (true, "desc", _) => "",
            (true, _, _) | (false, _, "total") => "desc",
            _ => "",
        };
        SortView {
            label: view.sentence(&Message { key: format!("gradebook-sort-{name}").into(), arguments: Vec::new() }),
            href: query(name, next, 1, left_shown),
            sorted: match (current, order) {
                (true, "desc") => "descending",
                (true, _) => "ascending",
                _ => "none",
            },
        }
    });
    let base = format!("/classes/{}/gradebook", desk.class.id);
    let suffix = if left_shown.is_empty() { "" } else { "&left=1" };
    Page {
        head: desk.head(view, Place::Gradebook, deeper),
        columns: Vec::new(),
        rows: Vec::new(),
        heads: heads.into(),
        of: String::new(),
        legend: false,
        students: book.students.len(),
        left: (left > 0).then(|| LeftView {
            href: query(sort, order, 1, if left_shown.is_empty() { "1" } else { "" }),
            shown: !left_shown.is_empty(),
            count: left,
        }),
        pages: pages.map(|(page, pages)| PagesView {
            page,
            pages,
            previous: (page > 1).then(|| query(sort, order, page - 1, left_shown)),
            next: (page < pages).then(|| query(sort, order, page + 1, left_shown)),
            all: format!("{}&show=all", query(sort, order, 1, left_shown)),
        }),
        export_csv: format!("{base}/export?format=csv{suffix}"),
        export_xlsx: format!("{base}/export?format=xlsx{suffix}"),
        assignment: assignment.map(|(shown, _)| shown),
    }
}

fn row_view(book: &Gradebook, index: usize, cells: Vec<CellView>) -> RowView {
    let student = &book.students[index];
    RowView {
        name: student.name.clone(),
        number: student.number.clone(),
        left: student.left_at.is_some(),
        total: points::shown(book.total(index)),
        cells,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_class_comes_in_pages_and_a_page_too_far_is_the_last() {
        let wanted = |page| Wanted { page, ..Wanted::default() };
        assert_eq!(paging(&wanted(None), 100), (0..100, None));
        assert_eq!(paging(&wanted(None), 101), (0..100, Some((1, 2))));
        assert_eq!(paging(&wanted(Some(9)), 101), (100..101, Some((2, 2))));
        assert_eq!(paging(&Wanted { show: "all".into(), ..Wanted::default() }, 300), (0..300, None));
    }
}
