//! A weekly timetable as people write it: `周三 19:00-20:40 1-16周 大学英语`, `周五 9-10节 单周 体育`,
//! `Wed 19:00-20:40 weeks 1-16 English`. The parts of a line stand in any order.

use plugin_sdk::chrono::{Datelike as _, NaiveDate, NaiveTime};

use crate::day;

/// The last week there can be.
const LAST_WEEK: i64 = 30;
const WEEKDAYS: [(&str, i64); 7] = [("一", 1), ("二", 2), ("三", 3), ("四", 4), ("五", 5), ("六", 6), ("日", 7)];
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// 1 is Monday.
    pub weekday: i64,
    /// When it begins and ends.
    pub hours: (NaiveTime, NaiveTime),
    /// First and last week of the term.
    pub weeks: (i64, i64),
    /// `all`, `odd` or `even` weeks.
    pub parity: String,
    /// What it is called.
    pub title: String,
}

/// What is wrong with a line, as a key of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The line, counted from 1.
    pub line: usize,
    /// The line itself.
    pub text: String,
    /// Key of the sentence.
    pub why: &'static str,
}

impl Course {
    /// Whether the course keeps somebody from duty in these hours of a day. Weeks are counted from the one of the
    /// term's first day.
    pub fn clashes(&self, on: NaiveDate, first_day: NaiveDate, hours: (NaiveTime, NaiveTime)) -> bool {
        let monday =
            |day: NaiveDate| day.num_days_from_ce() - i32::try_from(day.weekday().num_days_from_monday()).unwrap_or(0);
        let week = i64::from((monday(on) - monday(first_day)).div_euclid(7)) + 1;
        let is_week = match self.parity.as_str() {
            "odd" => week.rem_euclid(2) == 1,
            "even" => week.rem_euclid(2) == 0,
            _ => true,
        };
        i64::from(on.weekday().number_from_monday()) == self.weekday
            && (self.weeks.0..=self.weeks.1).contains(&week)
            && is_week
            && self.hours.0 < hours.1
            && hours.0 < self.hours.1
    }

    /// The course as a line that can be read again.
    pub fn line(&self, is_chinese: bool) -> String {
        let (from, until) = (self.hours.0.format("%H:%M"), self.hours.1.format("%H:%M"));
        let (first, last) = self.weeks;
        let index = usize::try_from(self.weekday - 1).unwrap_or(0);
        let parity = match (self.parity.as_str(), is_chinese) {
            ("odd", true) => " 单周",
            ("even", true) => " 双周",
            ("odd", false) => " odd",
            ("even", false) => " even",
            _ => "",
        };
        if is_chinese {
            let weekday = WEEKDAYS.get(index).map_or("一", |(name, _)| name);
            format!("周{weekday} {from}-{until} {first}-{last}周{parity} {}", self.title)
        } else {
            let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].get(index).unwrap_or(&"Mon");
            format!("{weekday} {from}-{until} weeks {first}-{last}{parity} {}", self.title)
        }
    }
}

/// The times of the periods, one a line.
pub fn periods(text: &str) -> Vec<(NaiveTime, NaiveTime)> {
    text.lines().filter_map(|line| hours(line.trim())).collect()
}

/// Reads a timetable, a course a line; empty lines are nothing.
pub fn parse(text: &str, periods: &[(NaiveTime, NaiveTime)]) -> Result<Vec<Course>, Wrong> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            let wrong = |why| Wrong { line: index + 1, text: line.trim().to_owned(), why };
            course(line, periods).map_err(wrong)
        })
        .collect()
}

/// Reads one course.
pub fn course(line: &str, periods: &[(NaiveTime, NaiveTime)]) -> Result<Course, &'static str> {
    let (mut weekday, mut found, mut weeks, mut parity) = (None, None, (1, LAST_WEEK), "all");
    let mut title: Vec<&str> = Vec::new();
    let mut unit = "";
    for token in line.split([' ', '\t', ',', ';', '，', '；', '、', '\u{3000}', '|']).filter(|token| !token.is_empty())
    {
        let lower = token.to_lowercase();
        if let Some(day) = weekday_of(&lower).filter(|_| weekday.is_none()) {
            weekday = Some(day);
        } else if let Some(time) = hours(&lower) {
            found = Some(time);
        } else if matches!(lower.as_str(), "weeks" | "week" | "periods" | "period") {
            unit = if lower.starts_with('w') { "周" } else { "节" };
            continue;
        } else if matches!(lower.as_str(), "单周" | "单" | "odd") {
            parity = "odd";
        } else if matches!(lower.as_str(), "双周" | "双" | "even") {
            parity = "even";
        } else if let Some((from, to)) = range(&lower, "节", unit) {
            let time = |number: i64| usize::try_from(number - 1).ok().and_then(|index| periods.get(index));
            let (Some(first), Some(last)) = (time(from), time(to)) else { return Err("course-period-unknown") };
            found = Some((first.0, last.1));
        } else if let Some(span) = range(lower.trim_end_matches(['单', '双', ')', '(', '）', '（']), "周", unit) {
            if span.1 > LAST_WEEK {
                return Err("course-weeks-wrong");
            }
            weeks = span;
            parity = if lower.contains('单') {
                "odd"
            } else if lower.contains('双') {
                "even"
            } else {
                parity
            };
        } else {
            title.push(token);
        }
        unit = "";
    }
    let weekday = weekday.ok_or("course-no-weekday")?;
    let hours = found.ok_or("course-no-time")?;
    let title: String = title.join(" ").chars().take(60).collect();
    Ok(Course { weekday, hours, weeks, parity: parity.to_owned(), title })
}

fn weekday_of(token: &str) -> Option<i64> {
    let chinese = ["周", "星期", "礼拜"].into_iter().find_map(|start| token.strip_prefix(start));
    if let Some(rest) = chinese {
        let rest = if rest == "天" { "日" } else { rest };
        return WEEKDAYS.iter().find(|(name, _)| *name == rest).map(|(_, number)| *number);
    }
    let index =
        DAYS.iter().position(|name| token.starts_with(name) && token.ends_with(|c: char| c.is_ascii_alphabetic()));
    let full = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    index.filter(|index| full[*index].starts_with(token)).and_then(|index| i64::try_from(index + 1).ok())
}

/// `19:00-20:40`, the first before the second.
fn hours(token: &str) -> Option<(NaiveTime, NaiveTime)> {
    let (from, until) = token.split_once(['-', '–', '—', '~', '～', '至'])?;
    let clock = |text: &str| day::parse_time(&text.replace('：', ":"));
    Some((clock(from)?, clock(until)?)).filter(|(from, until)| from < until)
}

/// `3-4节`, `第1-16周`, `8节`; without the unit where a word before has named it.
fn range(token: &str, unit: &str, named: &str) -> Option<(i64, i64)> {
    let rest = match token.strip_suffix(unit) {
        Some(rest) => rest,
        None if named == unit => token,
        None => return None,
    };
    let rest = rest.trim_start_matches('第');
    let (from, to) = rest.split_once(['-', '–', '~', '～', '至']).unwrap_or((rest, rest));
    Some((from.parse().ok()?, to.parse().ok()?)).filter(|(from, to): &(i64, i64)| *from >= 1 && from <= to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(hour: u32, minute: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn known() -> Vec<(NaiveTime, NaiveTime)> {
        periods("08:00-08:45\n08:55-09:40\n19:00-19:45\n19:55-20:40\n")
    }

    #[test]
    fn a_line_is_read_however_it_is_written() {
        let evening = (time(19, 0), time(20, 40));
        for line in [
            "周三 19:00-20:40 1-16周 大学英语",
            "大学英语,星期三,第1-16周,3-4节",
            "1-16周\t周三\t19：00～20：40\t大学英语",
        ] {
            let course = course(line, &known()).unwrap();
            assert_eq!((course.weekday, course.hours, course.weeks), (3, evening, (1, 16)), "{line}");
            assert_eq!((course.parity.as_str(), course.title.as_str()), ("all", "大学英语"), "{line}");
            assert_eq!(super::course(&course.line(true), &known()), Ok(course.clone()), "{line}");
            assert_eq!(super::course(&course.line(false), &known()), Ok(course), "{line}");
        }
        let english = course("Wed periods 3-4 weeks 2-10 odd Marketing in China", &known()).unwrap();
        assert_eq!((english.weekday, english.weeks, english.parity.as_str()), (3, (2, 10), "odd"));
        assert_eq!((english.hours, english.title.as_str()), (evening, "Marketing in China"));
        assert_eq!(course("周日 1节 2-8周(双)", &known()).unwrap().parity, "even");
    }

    #[test]
    fn a_line_that_cannot_be_read_says_why() {
        let wrong = |text: &str| parse(text, &known()).unwrap_err();
        assert_eq!(
            wrong("周三 19:00-20:40 英语\n\n19:00-20:40 体育"),
            Wrong { line: 3, text: "19:00-20:40 体育".into(), why: "course-no-weekday" }
        );
        assert_eq!(wrong("周三 英语").why, "course-no-time");
        assert_eq!(wrong("周三 20:40-19:00").why, "course-no-time");
        assert_eq!(wrong("周三 9-10节").why, "course-period-unknown");
        assert_eq!(wrong("周三 1节 1-99周").why, "course-weeks-wrong");
    }

    #[test]
    fn a_course_clashes_in_its_weeks_and_hours_alone() {
        let duty = (time(18, 0), time(22, 0));
        let monday = date("2026-09-07");
        let odd = course("周三 19:00-20:40 1-8周 单周 英语", &[]).unwrap();
        // The term begins on a Thursday: its week began on the Monday before.
        for first in [monday, date("2026-09-10")] {
            assert!(odd.clashes(date("2026-09-09"), first, duty));
            assert!(!odd.clashes(date("2026-09-16"), first, duty), "the second week is even");
            assert!(odd.clashes(date("2026-09-23"), first, duty));
            assert!(!odd.clashes(date("2026-11-04"), first, duty), "the ninth week is after the last");
            assert!(!odd.clashes(date("2026-09-10"), first, duty), "Thursday");
        }
        assert!(!odd.clashes(date("2026-09-09"), monday, (time(20, 40), time(22, 0))), "it ends when duty begins");
    }
}
