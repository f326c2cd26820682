//! The report as a workbook: the week, and every day so far, for those who calculate on.

use plugin_sdk::chrono::{Datelike as _, NaiveDate};
use plugin_sdk::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::{Week, net};
use crate::progress::Progress;
use crate::series::{Day, Series};

/// Words of the sheets. The host renders pages, not workbooks, so they are here.
struct Words {
    week: &'static str,
    all: &'static str,
    heads: [&'static str; 8],
    summary: [&'static str; 8],
    sources: [&'static str; 4],
}

const CHINESE: Words = Words {
    week: "本周",
    all: "全部日期",
    heads: ["日期", "新关注", "取消关注", "净增", "累计人数", "来源", "值班", "已答提问"],
    summary: [
        "新关注合计",
        "取消关注合计",
        "净增合计",
        "上周净增",
        "目标人数",
        "每天要净增",
        "最近 14 天平均每天净增",
        "发布",
    ],
    sources: ["平台数据", "后台文件", "手工录入", "实时事件"],
};
const ENGLISH: Words = Words {
    week: "Week",
    all: "All days",
    heads: ["Day", "New", "Lost", "Net", "Total", "Source", "On duty", "Answered"],
    summary: [
        "New in all",
        "Lost in all",
        "Net in all",
        "Net of the week before",
        "Goal",
        "Needed each day (net)",
        "Mean net of the last 14 days",
        "Published",
    ],
    sources: ["platform", "back-office file", "typed", "live events"],
};

/// The file.
pub(super) fn bytes(host: &Host, week: &Week, series: &Series, progress: &Progress) -> Result<Vec<u8>> {
    let words = if host.context().language.starts_with("en") { &ENGLISH } else { &CHINESE };
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet();
    sheet.set_name(words.week)?;
    table(sheet, words, &week.days, Some(week), &bold)?;
    let below = u32::try_from(week.days.len()).unwrap_or_default() + 2;
    let values = [
        Some(week.sum(|figure| figure.gained)),
        Some(week.sum(|figure| figure.lost)),
        Some(net(&week.days)),
        week.before,
        Some(progress.goal),
        progress.needed(),
        progress.pace,
    ];
    for (row, (title, value)) in (below..).zip(words.summary.iter().zip(values)) {
        sheet.write_with_format(row, 0, *title, &bold)?;
        if let Some(value) = value {
            sheet.write(row, 1, value as f64)?;
        }
    }
    let published =
        week.stories.published.iter().flat_map(|(day, titles)| titles.iter().map(move |title| (day, title)));
    for (row, (day, title)) in (below + 8..).zip(published) {
        sheet.write_with_format(row, 0, words.summary[7], &bold)?;
        date(sheet, row, 1, *day)?;
        // Always text: a title that begins with = is no formula.
        sheet.write_string(row, 2, title)?;
    }
    let all = book.add_worksheet();
    all.set_name(words.all)?;
    table(all, words, &series.days, None, &bold)?;
    Ok(book.save_to_buffer()?)
}

fn table(sheet: &mut Worksheet, words: &Words, days: &[Day], week: Option<&Week>, bold: &Format) -> Result<()> {
    let columns = if week.is_some() { 8 } else { 6 };
    for (column, head) in (0..columns).zip(words.heads) {
        sheet.write_with_format(0, column, head, bold)?;
    }
    sheet.set_column_width(0, 24)?;
    sheet.set_freeze_panes(1, 1)?;
    for (row, day) in (1..).zip(days) {
        date(sheet, row, 0, day.day)?;
        if let Some(reading) = &day.reading {
            sheet.write(row, 1, reading.figure.gained as f64)?;
            sheet.write(row, 2, reading.figure.lost as f64)?;
            sheet.write_string(row, 5, words.sources[reading.source as usize])?;
        }
        sheet.write(row, 3, day.net)?;
        sheet.write(row, 4, day.total as f64)?;
        let Some(week) = week else { continue };
        if let Some(names) = week.stories.duty.get(&day.day) {
            sheet.write_string(row, 6, names.join("、"))?;
        }
        if let Some((_, answered)) = week.stories.questions.get(&day.day) {
            sheet.write(row, 7, *answered as f64)?;
        }
    }
    Ok(())
}

fn date(sheet: &mut Worksheet, row: u32, column: u16, day: NaiveDate) -> Result<()> {
    let year = u16::try_from(day.year()).unwrap_or(1900);
    let moment = ExcelDateTime::from_ymd(year, day.month() as u8, day.day() as u8)?;
    sheet.write_with_format(row, column, moment, &Format::new().set_num_format("yyyy-mm-dd"))?;
    Ok(())
}
