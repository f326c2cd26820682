//! The days in a table of the back office: which column is which, what each line says, and what does not fit.

use std::collections::BTreeMap;

use plugin_sdk::chrono::{Days, NaiveDate};

use super::rows::{Refusal, Rows};
use crate::day::OLDEST;
use crate::number::narrow;

/// More followers than any account has.
const MOST: i64 = 2_000_000_000;
/// The most days of a file.
pub const MOST_DAYS: usize = 800;

/// What the back office and its versions call the columns.
const DATE: [&str; 6] = ["时间", "日期", "统计时间", "统计日期", "date", "day"];
const GAINED: [&str; 6] = ["新关注人数", "新增人数", "新关注", "新增关注", "新增关注人数", "new"];
const LOST: [&str; 5] = ["取消关注人数", "取关人数", "取消关注", "取关", "cancelled"];
const NET: [&str; 5] = ["净增关注人数", "净增人数", "净增", "净增关注", "net"];
const TOTAL: [&str; 6] = ["累积关注人数", "累计关注人数", "累积人数", "累计人数", "累计关注", "total"];

/// A day of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Day.
    pub day: NaiveDate,
    /// New.
    pub gained: i64,
    /// Lost.
    pub lost: i64,
    /// Net, as the file says it.
    pub net: Option<i64>,
    /// Total.
    pub total: Option<i64>,
}

struct Columns {
    date: usize,
    gained: usize,
    lost: usize,
    net: Option<usize>,
    total: Option<usize>,
}

/// The days of a file, in their order.
pub fn days(sheets: &[Rows], today: NaiveDate) -> Result<Vec<Line>, Refusal> {
    for rows in sheets {
        if let Some((head, columns)) = head(rows) {
            return lines(rows, head, &columns, today);
        }
    }
    Err(Refusal::new("import-head"))
}

fn head(rows: &Rows) -> Option<(usize, Columns)> {
    rows.iter().enumerate().find_map(|(index, row)| {
        let place = |names: &[&str]| row.iter().position(|cell| names.contains(&title(cell).as_str()));
        let columns = Columns {
            date: place(&DATE)?,
            gained: place(&GAINED)?,
            lost: place(&LOST)?,
            net: place(&NET),
            total: place(&TOTAL),
        };
        Some((index, columns))
    })
}

/// A title without what versions add to it: spaces, units in brackets.
fn title(cell: &str) -> String {
    let plain: String = cell.chars().map(narrow).filter(|sign| !sign.is_whitespace()).collect();
    plain.split('(').next().unwrap_or_default().to_lowercase()
}

fn lines(rows: &Rows, head: usize, columns: &Columns, today: NaiveDate) -> Result<Vec<Line>, Refusal> {
    let mut lines: BTreeMap<NaiveDate, Line> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate().skip(head + 1) {
        let place = index + 1;
        let text = |column: usize| row.get(column).map(String::as_str).unwrap_or_default();
        let first = text(columns.date);
        // Sums and remarks below the days have no day.
        if first.is_empty() || ["合计", "总计", "汇总"].contains(&first) {
            continue;
        }
        let day = date(first).ok_or_else(|| Refusal::at("import-date", place, first))?;
        if day > today {
            return Err(Refusal::at("import-future", place, first));
        }
        if day < today - OLDEST {
            return Err(Refusal::at("import-old", place, first));
        }
        let number =
            |column: usize| count(text(column)).ok_or_else(|| Refusal::at("import-number", place, text(column)));
        let maybe = |column: Option<usize>| column.filter(|column| !text(*column).is_empty());
        let line = Line {
            day,
            gained: number(columns.gained)?,
            lost: number(columns.lost)?,
            net: maybe(columns.net)
                .map(|column| signed(text(column)).ok_or_else(|| Refusal::at("import-number", place, text(column))))
                .transpose()?,
            total: maybe(columns.total).map(number).transpose()?,
        };
        match lines.insert(day, line.clone()) {
            Some(before) if before != line => return Err(Refusal::at("import-twice", place, first)),
            _ => {}
        }
        if lines.len() > MOST_DAYS {
            return Err(Refusal::new("import-large"));
        }
    }
    if lines.is_empty() { Err(Refusal::new("import-no-days")) } else { Ok(lines.into_values().collect()) }
}

fn count(text: &str) -> Option<i64> {
    signed(text).filter(|number| *number >= 0)
}

/// A whole number as files have it: 1,234 or 1234.0 or −12.
fn signed(text: &str) -> Option<i64> {
    let plain: String = text
        .chars()
        .map(narrow)
        .filter(|sign| !matches!(sign, ',' | ' ' | '，'))
        .map(|sign| if sign == '−' { '-' } else { sign })
        .collect();
    let whole = match plain.split_once('.') {
        Some((whole, decimals)) if decimals.bytes().all(|digit| digit == b'0') => whole,
        Some(_) => return None,
        None => &plain,
    };
    whole.parse().ok().filter(|number: &i64| number.abs() <= MOST)
}

/// A day as files have it: 2026-10-01, 2026/10/1, 2026年10月1日, 20261001, or as Excel counts days.
fn date(text: &str) -> Option<NaiveDate> {
    let text: String = text.chars().map(narrow).collect();
    let text = text.split([' ', 'T']).next().unwrap_or_default();
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return NaiveDate::parse_from_str(text, "%Y%m%d").ok();
    }
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月', '日']).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => {
            NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        }
        // From 2009 on, so that a number in the wrong column is no day.
        [days] => {
            let days: u64 = days.parse().ok().filter(|days| (40_000..80_000).contains(days))?;
            NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
