//! When students cannot be on duty: courses and days away, in the plugin's tables.

use std::collections::HashMap;

use plugin_sdk::chrono::{NaiveDate, NaiveTime};
use plugin_sdk::prelude::*;

use crate::day;
use crate::planning::Block;
use crate::rules::Rules;
use crate::shift::change::{add_rows, done};
use crate::timetable::Course;

/// Days on which a person is away.
#[derive(Clone, Debug)]
pub struct Away {
    /// Id.
    pub id: Uuid,
    /// Who.
    pub person: Uuid,
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// Why, in their words.
    pub reason: String,
}

/// A day that is not as the calendar says.
#[derive(Clone, Debug)]
pub struct SpecialDay {
    /// `holiday`, `workday` or `off`.
    pub kind: String,
    /// What it is called.
    pub title: String,
}

/// Everything that keeps students of a class from duty.
pub struct Times {
    away: Vec<Away>,
    courses: HashMap<Uuid, Vec<Course>>,
    /// By day.
    pub special: HashMap<NaiveDate, SpecialDay>,
    first_day: NaiveDate,
    hours: (NaiveTime, NaiveTime),
}

impl Times {
    /// Those of the call's class; weeks of courses are counted from the week of `first_day`, unless another is set.
    pub fn of(host: &Host, rules: &Rules, first_day: NaiveDate) -> Result<Self> {
        let first_day = rules.weeks_from.unwrap_or(first_day);
        let courses = courses(host, None)?.into_iter().fold(HashMap::new(), |mut all, (person, course)| {
            all.entry(person).or_insert_with(Vec::new).push(course);
            all
        });
        Ok(Self { away: away(host, None)?, courses, special: special_days(host)?, first_day, hours: rules.hours })
    }

    /// Why a person cannot be on duty on a day.
    pub fn block(&self, person: Uuid, on: NaiveDate) -> Option<Block> {
        let is_away = |away: &Away| away.person == person && (away.first..=away.last).contains(&on);
        if self.away.iter().any(is_away) {
            return Some(Block::Away);
        }
        let is_holiday = self.special.get(&on).is_some_and(|special| special.kind == "holiday");
        let clashes = |course: &Course| course.clashes(on, self.first_day, self.hours);
        let has_course = !is_holiday && self.courses.get(&person).is_some_and(|own| own.iter().any(clashes));
        has_course.then_some(Block::Course)
    }

    /// What a shift on a day counts.
    pub fn weight(&self, on: NaiveDate, rules: &Rules) -> i64 {
        match self.special.get(&on).map(|special| special.kind.as_str()) {
            Some("holiday") => rules.holiday,
            Some("workday") => crate::planning::POINT,
            _ if day::is_weekend(on) => rules.weekend,
            _ => crate::planning::POINT,
        }
    }

    /// Whether there is duty on a day.
    pub fn has_duty(&self, on: NaiveDate) -> bool {
        self.special.get(&on).is_none_or(|special| special.kind != "off")
    }
}

/// Days away, of one person or of the class.
pub fn away(host: &Host, person: Option<Uuid>) -> Result<Vec<Away>> {
    let table = host.query(
        "select id, person_id, first_day, last_day, reason from away where class_id = $1 order by first_day, id",
        params![host.class()?.id],
    )?;
    let one = |row: Row<'_>| {
        Ok(Away {
            id: row.get("id")?,
            person: row.get("person_id")?,
            first: row.get::<String>("first_day")?.parse()?,
            last: row.get::<String>("last_day")?.parse()?,
            reason: row.get("reason")?,
        })
    };
    let all = table.iter().map(one).collect::<Result<Vec<Away>>>()?;
    Ok(all.into_iter().filter(|away| person.is_none_or(|person| away.person == person)).collect())
}

/// Courses with whose they are, of one person or of the class.
pub fn courses(host: &Host, person: Option<Uuid>) -> Result<Vec<(Uuid, Course)>> {
    let mut all = Vec::new();
    let mut last = Uuid::nil();
    // A class of a hundred with a full timetable is more than one query may return.
    loop {
        let table = host.query(
            "select id, person_id, weekday, starts, ends, first_week, last_week, parity, title from course
             where class_id = $1 and id > $2 order by id limit 4000",
            params![host.class()?.id, last],
        )?;
        for row in table.iter() {
            let time = |name: &str| -> Result<NaiveTime> {
                Ok(day::parse_time(&row.get::<String>(name)?).unwrap_or_default())
            };
            let course = Course {
                weekday: row.get("weekday")?,
                hours: (time("starts")?, time("ends")?),
                weeks: (row.get("first_week")?, row.get("last_week")?),
                parity: row.get("parity")?,
                title: row.get("title")?,
            };
            all.push((row.get("person_id")?, course));
            last = row.get("id")?;
        }
        if table.len() < 4000 {
            break;
        }
    }
    all.retain(|(owner, _)| person.is_none_or(|person| *owner == person));
    all.sort_by_key(|(owner, course)| (*owner, course.weekday, course.hours));
    Ok(all)
}

/// Puts timetables in the place of those that these students had.
pub fn replace_courses(host: &Host, timetables: &[(Uuid, Vec<Course>)]) -> Result<bool> {
    let class = host.class()?.id;
    let mut batch = host.batch();
    for (person, courses) in timetables {
        batch = batch.add("delete from course where class_id = $1 and person_id = $2", params![class, *person]);
        let rows = courses.iter().map(|course| {
            let (starts, ends) = course.hours;
            params![
                host.new_id(),
                class,
                *person,
                course.weekday,
                starts.format("%H:%M").to_string(),
                ends.format("%H:%M").to_string(),
                course.weeks.0,
                course.weeks.1,
                &course.parity,
                &course.title,
            ]
        });
        let sql =
            "insert into course (id, class_id, person_id, weekday, starts, ends, first_week, last_week, parity, title)
                   values {rows}";
        batch = add_rows(batch, sql, rows.collect());
    }
    done(batch)
}

/// The special days of the class.
pub fn special_days(host: &Host) -> Result<HashMap<NaiveDate, SpecialDay>> {
    let table =
        host.query("select day, kind, title from special_day where class_id = $1", params![host.class()?.id])?;
    let one = |row: Row<'_>| {
        let special = SpecialDay { kind: row.get("kind")?, title: row.get("title")? };
        Ok((row.get::<String>("day")?.parse()?, special))
    };
    table.iter().map(one).collect()
}
