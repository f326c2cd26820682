//! The report as a workbook: the week, and every day so far, for those who calculate on.

use plugin_sdk::Words;
use plugin_sdk::chrono::{Datelike as _, NaiveDate};
use plugin_sdk::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::{Week, net};
use crate::progress::Progress;
use crate::series::{Day, Series};
use crate::words;

/// Keys of the columns' heads; the last two are of the week alone.
const HEADS: [&str; 8] = ["day-title", "gained", "lost", "net", "total", "source", "on-duty", "sheet-answered"];
/// Keys of the lines under the week.
const SUMMARY: [&str; 7] =
    ["sheet-gained", "sheet-lost", "sheet-net", "sheet-before", "sheet-goal", "sheet-needed", "sheet-pace"];

/// The file.
pub(super) fn bytes(host: &Host, week: &Week, series: &Series, progress: &Progress) -> Result<Vec<u8>> {
    let words = words::of(host);
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet();
    sheet.set_name(words.say("sheet-week"))?;
    table(sheet, &words, &week.days, Some(week), &bold)?;
    let below = u32::try_from(week.days.len()).unwrap_or_default() + 2;
    let values = [
        Some(week.sum(|figure| figure.gained)),
        Some(week.sum(|figure| figure.lost)),
        Some(net(&week.days)),
        week.before,
        Some(progress.goal),
        progress.needed().filter(|_| week.is_latest),
        progress.pace.filter(|_| week.is_latest),
    ];
    for (row, (title, value)) in (below..).zip(SUMMARY.iter().zip(values)) {
        sheet.write_with_format(row, 0, words.say(title), &bold)?;
        if let Some(value) = value {
            sheet.write(row, 1, value as f64)?;
        }
    }
    let published =
        week.stories.published.iter().flat_map(|(day, titles)| titles.iter().map(move |title| (day, title)));
    for (row, (day, title)) in (below + 8..).zip(published) {
        sheet.write_with_format(row, 0, words.say("published"), &bold)?;
        date(sheet, row, 1, *day)?;
        // Always text: a title that begins with = is no formula.
        sheet.write_string(row, 2, title)?;
    }
    let all = book.add_worksheet();
    all.set_name(words.say("sheet-all"))?;
    table(all, &words, &series.days, None, &bold)?;
    Ok(book.save_to_buffer()?)
}

fn table(sheet: &mut Worksheet, words: &Words, days: &[Day], week: Option<&Week>, bold: &Format) -> Result<()> {
    let columns = if week.is_some() { 8 } else { 6 };
    for (column, head) in (0..columns).zip(HEADS) {
        sheet.write_with_format(0, column, words.say(head), bold)?;
    }
    sheet.set_column_width(0, 24)?;
    sheet.set_freeze_panes(1, 1)?;
    for (row, day) in (1..).zip(days) {
        date(sheet, row, 0, day.day)?;
        if let Some(reading) = &day.reading {
            sheet.write(row, 1, reading.figure.gained as f64)?;
            sheet.write(row, 2, reading.figure.lost as f64)?;
            sheet.write_string(row, 5, words.say(&format!("source-{}", reading.source.name())))?;
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
