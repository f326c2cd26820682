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
    let mut all = Vec::new();
    for (index, line) in lines {
        let wrong = |why| Wrong { line: index + 1, text: line.trim().to_owned(), why };
        all.extend(courses(line, periods).map_err(wrong)?);
    }
    Ok(all)
}

/// What a number in a line counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Week,
    Period,
}

/// What has been read of a line.
#[derive(Default)]
struct Line<'l> {
    weekdays: Vec<i64>,
    hours: Vec<(NaiveTime, NaiveTime)>,
    periods: Vec<(i64, i64)>,
    weeks: Vec<(i64, i64, &'static str)>,
    parity: Option<&'static str>,
    title: Vec<&'l str>,
}

/// Reads one line: a course for each of its days, hours and weeks, such as `1-8周,10-16周`.
pub fn courses(line: &str, periods: &[(NaiveTime, NaiveTime)]) -> Result<Vec<Course>, &'static str> {
    let mut read = Line::default();
    let mut named = None;
    for chunk in line.split([' ', '\t', ';', '；', '\u{3000}', '|']).filter(|chunk| !chunk.is_empty()) {
        // Numbers that commas join have the unit of the one that names it.
        let mut bare: Vec<&str> = Vec::new();
        let mut unit = named.take();
        for token in chunk.split([',', '，', '、']).filter(|token| !token.is_empty()) {
            let lower = token.to_lowercase();
            let is_bare = span(&lower).is_some();
            if is_bare && unit.is_none() {
                bare.push(token);
            } else if let Some((unit_of, span, parity)) = counted(&lower, unit)? {
                for token in bare.drain(..) {
                    read.count(unit_of, self::span(token).unwrap_or(span), parity)?;
                }
                read.count(unit_of, span, parity)?;
                unit = Some(unit_of);
            } else {
                read.title.append(&mut bare);
                unit = read.other(token, &lower);
            }
        }
        read.title.append(&mut bare);
        named = unit.filter(|_| matches!(chunk.to_lowercase().as_str(), "weeks" | "week" | "periods" | "period"));
    }
    read.finish(periods)
}

impl<'l> Line<'l> {
    fn count(&mut self, unit: Unit, span: (i64, i64), parity: Option<&'static str>) -> Result<(), &'static str> {
        match unit {
            Unit::Week if span.1 > LAST_WEEK => return Err("course-weeks-wrong"),
            Unit::Week => self.weeks.push((span.0, span.1, parity.unwrap_or_default())),
            Unit::Period => self.periods.push(span),
        }
        Ok(())
    }

    /// Anything that counts nothing; the unit that it names for the number after it.
    fn other(&mut self, token: &'l str, lower: &str) -> Option<Unit> {
        if let Some(day) = weekday_of(lower) {
            self.weekdays.push(day);
        } else if let Some(time) = hours(lower) {
            self.hours.push(time);
        } else {
            match lower {
                "weeks" | "week" => return Some(Unit::Week),
                "periods" | "period" => return Some(Unit::Period),
                "单周" | "单" | "odd" => self.parity = Some("odd"),
                "双周" | "双" | "even" => self.parity = Some("even"),
                _ => self.title.push(token),
            }
        }
        None
    }

    fn finish(mut self, periods: &[(NaiveTime, NaiveTime)]) -> Result<Vec<Course>, &'static str> {
        // Periods that follow one another are one time.
        self.periods.sort_unstable();
        let mut joined: Vec<(i64, i64)> = Vec::new();
        for (from, to) in self.periods {
            match joined.last_mut() {
                Some(last) if from <= last.1 + 1 => last.1 = last.1.max(to),
                _ => joined.push((from, to)),
            }
        }
        for (from, to) in joined {
            let time = |number: i64| usize::try_from(number - 1).ok().and_then(|index| periods.get(index));
            let (Some(first), Some(last)) = (time(from), time(to)) else { return Err("course-period-unknown") };
            self.hours.push((first.0, last.1));
        }
        if self.weekdays.is_empty() {
            return Err("course-no-weekday");
        }
        if self.hours.is_empty() {
            return Err("course-no-time");
        }
        if self.weeks.is_empty() {
            self.weeks.push((1, LAST_WEEK, ""));
        }
        let title: String = self.title.join(" ").chars().take(60).collect();
        let mut courses = Vec::new();
        for weekday in &self.weekdays {
            for hours in &self.hours {
                for (first, last, parity) in &self.weeks {
                    let parity = if parity.is_empty() { self.parity.unwrap_or("all") } else { parity };
                    courses.push(Course {
                        weekday: *weekday,
                        hours: *hours,
                        weeks: (*first, *last),
                        parity: parity.to_owned(),
                        title: title.clone(),
                    });
                }
            }
        }
        Ok(courses)
    }
}

/// `3-4节`, `第1-16周`, `2-8周(双)`, `1-15单周`; or a number whose unit was named before. What looks like one and cannot be
/// read is refused rather than taken for a title.
fn counted(token: &str, named: Option<Unit>) -> Result<Option<(Unit, (i64, i64), Option<&'static str>)>, &'static str> {
    if let (Some(span), Some(unit)) = (span(token), named) {
        return Ok(Some((unit, span, None)));
    }
    let has_number = token.trim_start_matches('第').starts_with(|sign: char| sign.is_ascii_digit());
    let (unit, wrong) = match token {
        _ if !has_number => return Ok(None),
        _ if token.contains('周') => (Unit::Week, "course-weeks-wrong"),
        _ if token.contains('节') => (Unit::Period, "course-period-unknown"),
        _ => return Ok(None),
    };
    let parity = match (token.contains('单'), token.contains('双')) {
        (true, false) => Some("odd"),
        (false, true) => Some("even"),
        _ => None,
    };
    let plain: String = token.chars().filter(|sign| !"单双()（）".contains(*sign)).collect();
    let number = plain.strip_suffix(['周', '节']).and_then(span);
    number.map(|span| Some((unit, span, parity))).ok_or(wrong)
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

/// `3-4`, `第3-4`, `8`: the first not after the last.
fn span(token: &str) -> Option<(i64, i64)> {
    let rest = token.trim_start_matches('第');
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

    /// The only course of a line.
    fn course(line: &str, periods: &[(NaiveTime, NaiveTime)]) -> Result<Course, &'static str> {
        courses(line, periods).map(|courses| match <[Course; 1]>::try_from(courses) {
            Ok([course]) => course,
            Err(courses) => panic!("{line}: {courses:?}"),
        })
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
            assert_eq!(self::course(&course.line(true), &known()), Ok(course.clone()), "{line}");
            assert_eq!(self::course(&course.line(false), &known()), Ok(course), "{line}");
        }
        let english = course("Wed periods 3-4 weeks 2-10 odd Marketing in China", &known()).unwrap();
        assert_eq!((english.weekday, english.weeks, english.parity.as_str()), (3, (2, 10), "odd"));
        assert_eq!((english.hours, english.title.as_str()), (evening, "Marketing in China"));
        assert_eq!(course("周日 1节 2-8周(双)", &known()).unwrap().parity, "even");
        let numbered = course("周三 3-4节 高等数学 2", &known()).unwrap();
        assert_eq!((numbered.hours, numbered.title.as_str()), (evening, "高等数学 2"));
    }

    #[test]
    fn what_timetables_of_a_school_say_in_one_line_is_several_courses() {
        let evening = (time(19, 0), time(20, 40));
        let read = |line: &str| {
            let all = courses(line, &known()).unwrap();
            assert!(all.iter().all(|one| one.title == "大学英语"), "{line}: {all:?}");
            all.into_iter().map(|one| (one.weekday, one.hours, one.weeks, one.parity)).collect::<Vec<_>>()
        };
        let all = |weekday, weeks| (weekday, evening, weeks, "all".to_owned());
        for line in [
            "周三 19:00-20:40 1-8周,10-16周 大学英语",
            "周三 3-4节 1-8,10-16周 大学英语",
            "周三 第3,4节 第1-8周，第10-16周 大学英语",
            "大学英语,星期三,3-4节,1-8周,10-16周",
            "Wed periods 3-4 weeks 1-8,10-16 大学英语",
        ] {
            assert_eq!(read(line), [all(3, (1, 8)), all(3, (10, 16))], "{line}");
        }
        let odd = (3, evening, (1, 15), "odd".to_owned());
        assert_eq!(read("周三 3-4节 1-15单周 大学英语"), std::slice::from_ref(&odd));
        assert_eq!(read("周三 3-4节 1-15周(单),16周 大学英语"), [odd, all(3, (16, 16))]);
        assert_eq!(read("周一,周三 3-4节 1-8周 大学英语"), [all(1, (1, 8)), all(3, (1, 8))]);
        let morning = (time(8, 0), time(8, 45));
        let twice = [(3, morning, (1, 30), "all".to_owned()), (3, evening, (1, 30), "all".to_owned())];
        assert_eq!(read("周三 1,3,4节 大学英语"), twice);
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
        for weeks in ["1-99周", "1-8-16周", "16-1周", "1周到8周"] {
            assert_eq!(wrong(&format!("周三 1节 {weeks}")).why, "course-weeks-wrong", "{weeks}");
        }
        assert_eq!(wrong("周三 3到4节").why, "course-period-unknown");
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
