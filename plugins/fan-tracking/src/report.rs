//! The report of a week, from Monday to Sunday, as a page and as a workbook.

mod workbook;

use plugin_sdk::chrono::{Datelike as _, Days, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::curve::Stories;
use crate::number::{grouped, signed};
use crate::progress::Progress;
use crate::reading;
use crate::series::{Day, Series};
use crate::{day, milestone, outlook};

/// A week in figures.
struct Week {
    days: Vec<Day>,
    /// Net of the week before; none: nothing is known of it.
    before: Option<i64>,
    stories: Stories,
    /// What is needed and foretold is of today, so it stands in the report of the latest weeks alone.
    is_latest: bool,
}

impl Week {
    fn of(host: &Host, series: &Series, monday: NaiveDate, today: NaiveDate) -> Result<Self> {
        let complete = series.complete(today);
        let within = |from: NaiveDate| -> Vec<Day> {
            let to = from + Days::new(7);
            complete.iter().filter(|day| day.day >= from && day.day < to).cloned().collect()
        };
        let before = within(monday - Days::new(7));
        let before = (!before.is_empty()).then(|| net(&before));
        let stories = Stories::of(host, monday, monday + Days::new(6))?;
        Ok(Self { days: within(monday), before, stories, is_latest: monday + Days::new(14) > today })
    }

    fn sum(&self, of: fn(&crate::reading::Figure) -> i64) -> i64 {
        self.days.iter().filter_map(Day::figure).map(of).sum()
    }

    fn questions(&self) -> (i64, i64) {
        let all = self.stories.questions.values();
        all.fold((0, 0), |sum, (asked, answered)| (sum.0 + asked, sum.1 + answered))
    }
}

/// The page.
pub fn show(host: &Host, request: &Page) -> Result<Response> {
    let today = host.today();
    let series = Series::new(&reading::all(host)?);
    let monday = monday(request.query("week"), today);
    let week = Week::of(host, &series, monday, today)?;
    let progress = Progress::of(host, &series)?;
    let bands = if week.is_latest { outlook::bands(&series, &progress) } else { Vec::new() };
    let best = week.days.iter().max_by(|one, other| one.net.total_cmp(&other.net));
    let (asked, answered) = week.questions();
    let in_week = |day: NaiveDate| (monday..monday + Days::new(7)).contains(&day);
    let milestones: Vec<String> = milestone::milestones(&series, progress.goal)
        .into_iter()
        .filter(|milestone| milestone.day.is_some_and(in_week))
        .map(|milestone| grouped(milestone.level))
        .collect();
    let first = series.days.first().map(|day| start(day.day));
    let earlier = monday - Days::new(7);
    let later = monday + Days::new(7);
    let values = json!({
        "monday": monday.to_string(),
        "from": day::shown(monday),
        "to": day::shown(monday + Days::new(6)),
        "is_empty": week.days.is_empty(),
        "is_running": later > today,
        "earlier": first.filter(|first| earlier >= *first).map(|_| earlier.to_string()),
        "later": (later <= today).then(|| later.to_string()),
        "gained": grouped(week.sum(|figure| figure.gained)),
        "lost": grouped(week.sum(|figure| figure.lost)),
        "net": signed(net(&week.days)),
        "before": week.before.map(signed),
        "total": week.days.last().map(|day| grouped(day.total)),
        "each_day": (!week.days.is_empty()).then(|| grouped((net(&week.days) as f64 / week.days.len() as f64).round() as i64)),
        "best": best.map(|best| json!({ "day": day::shown(best.day), "net": signed(best.net.round() as i64) })),
        "asked": asked,
        "answered": answered,
        "has_questions": !week.stories.questions.is_empty(),
        "published": week.stories.published.iter().map(|(day, titles)| json!({ "day": day::shown(*day), "titles": titles })).collect::<Vec<_>>(),
        "milestones": milestones,
        "odd": week.days.iter().filter(|day| day.off.is_some() || !day.others.is_empty()).count(),
        "is_latest": week.is_latest,
        "progress": progress.shown(),
        "outlook": if week.is_latest { outlook::shown(&series, &progress, &bands) } else { Value::Null },
        "days": week.days.iter().map(|day| line(&week, day)).collect::<Vec<_>>(),
    });
    Ok(page("report.html", values).title("report"))
}

/// The workbook.
pub fn download_workbook(host: &Host, request: &Page) -> Result<Response> {
    let today = host.today();
    let series = Series::new(&reading::all(host)?);
    let monday = monday(request.query("week"), today);
    let week = Week::of(host, &series, monday, today)?;
    let progress = Progress::of(host, &series)?;
    let bytes = workbook::bytes(host, &week, &series, &progress)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(download(&format!("followers-{monday}.xlsx"), kind, bytes))
}

fn line(week: &Week, day: &Day) -> Value {
    let figure = day.figure();
    let questions = week.stories.questions.get(&day.day);
    json!({
        "day": day::shown(day.day),
        "gained": figure.map(|figure| grouped(figure.gained)),
        "lost": figure.map(|figure| grouped(figure.lost)),
        "net": signed(day.net.round() as i64),
        "total": grouped(day.total),
        "duty": week.stories.duty.get(&day.day),
        "answered": questions.map(|(_, answered)| answered),
    })
}

fn net(days: &[Day]) -> i64 {
    days.iter().map(|day| day.net).sum::<f64>().round() as i64
}

/// The Monday of the week that was asked for, or of the last whole week.
fn monday(asked: &str, today: NaiveDate) -> NaiveDate {
    let asked = day::parse(asked).filter(|day| *day <= today && *day > today - Days::new(3_660));
    start(asked.unwrap_or(today - Days::new(7)))
}

fn start(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_monday_and_the_last_whole_one_is_shown_first() {
        let on = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let today = on("2026-10-14");
        assert_eq!(monday("", today), on("2026-10-05"));
        assert_eq!(monday("2026-10-14", today), on("2026-10-12"));
        assert_eq!(monday("2026-10-11", today), on("2026-10-05"));
        for other in ["2026-10-15", "soon", "0001-01-01"] {
            assert_eq!(monday(other, today), on("2026-10-05"), "{other}");
        }
    }
}
