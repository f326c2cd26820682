//! The semester of a class as the planner takes it: days, students, what is certain already.

use std::collections::HashMap;

use plugin_sdk::chrono::{Datelike as _, Days, NaiveDate};
use plugin_sdk::prelude::*;

use crate::people::People;
use crate::planning::{Block, Day, Fixed, Helper, Plan, Semester};
use crate::rules::Rules;
use crate::shift::change::{self, Change};
use crate::shift::{self, POSTS, Shift};
use crate::times::Times;

/// The longest semester, in days.
pub const LONGEST: u64 = 250;
/// How far ahead shifts are looked for that a new plan gives up.
const AHEAD: u64 = 400;

/// First and last day, seed and gap of a class's semester.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// Decides between equals.
    pub seed: i64,
    /// The gap that the plan keeps.
    pub gap: i32,
}

/// What is read for planning, at one revision.
pub struct Board {
    /// The days and students for the planner.
    pub semester: Semester,
    /// The term.
    pub term: Term,
    /// Students, in the planner's order.
    pub students: Vec<Uuid>,
    /// Days, in the planner's order.
    pub days: Vec<NaiveDate>,
    /// The shift of each slot, if there is one.
    pub shifts: Vec<Option<Shift>>,
    /// Slots whose shift a new plan gives up: no duty there any more.
    pub dropped: Vec<usize>,
    /// Shifts to come that lie outside the term, which a new plan gives up too.
    outside: Vec<Shift>,
    /// The revision at which all of it was read.
    pub revision: i64,
    /// Names.
    pub people: People,
}

/// What may be planned anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// What nobody has yet.
    Free,
    /// Everything that is still to come.
    Coming,
    /// Everything that is still to come may move, but all of it stands so far: for repairs.
    Repair,
}

/// The semester that was planned; none before.
pub fn term(host: &Host) -> Result<Option<Term>> {
    let table = host
        .query("select first_day, last_day, seed, gap from semester where class_id = $1", params![host.class()?.id])?;
    let one = |row: Row<'_>| {
        Ok(Term {
            first: row.get::<String>("first_day")?.parse()?,
            last: row.get::<String>("last_day")?.parse()?,
            seed: row.get("seed")?,
            gap: i32::try_from(row.get::<i64>("gap")?).unwrap_or(1),
        })
    };
    table.first().map(one).transpose()
}

/// The first day of the rota: that of the planned semester, else of the first shift that was planned by hand.
pub fn first_day(host: &Host) -> Result<NaiveDate> {
    if let Some(term) = term(host)? {
        return Ok(term.first);
    }
    let table = host.query("select min(day) as day from shift where class_id = $1", params![host.class()?.id])?;
    let first = table.first().map(|row| row.get::<Option<String>>("day")).transpose()?.flatten();
    Ok(first.and_then(|first| first.parse().ok()).unwrap_or(host.today()))
}

impl Board {
    /// Reads everything for a term. Days before `today` are what they were.
    pub fn read(host: &Host, rules: &Rules, term: Term, today: NaiveDate, scope: Scope) -> Result<Self> {
        // First: what is read afterwards may be newer, and then nothing is written.
        let revision = change::revision(host)?;
        let people = People::of(host)?;
        let weeks_from = if scope == Scope::Repair { first_day(host)? } else { term.first };
        let times = Times::of(host, rules, weeks_from)?;
        let shifts = shift::between(host, term.first, term.last)?;
        let joined = joined(host)?;
        let students: Vec<Uuid> = people.students.iter().map(|student| student.id).collect();
        let count = u64::try_from((term.last - term.first).num_days() + 1).unwrap_or(0).min(LONGEST);
        let days: Vec<NaiveDate> = (0..count).map(|number| term.first + Days::new(number)).collect();

        let first_of = |student: &Uuid| {
            joined.get(student).copied().unwrap_or(
                // Whoever is not known yet has joined since the plan was made.
                if joined.is_empty() { term.first } else { today.max(term.first) },
            )
        };
        let helper = |student: &Uuid| {
            let first = first_of(student);
            let block = |on: &NaiveDate| match times.block(*student, *on) {
                None if *on < first => Some(Block::NotYet),
                block => block,
            };
            let (high, low) = student.as_u64_pair();
            Helper {
                from: if rules.catches_up { i32::MIN } else { number(first) },
                blocked: days.iter().map(block).collect(),
                key: high ^ low,
            }
        };
        let helpers = students.iter().map(helper).collect();
        let by_place: HashMap<(NaiveDate, &str), &Shift> =
            shifts.iter().map(|shift| ((shift.day, shift.post.as_str()), shift)).collect();
        let is_outside = |shift: &Shift| shift.is_open(today) && !(term.first..=term.last).contains(&shift.day);
        let mut outside = Vec::new();
        if scope != Scope::Repair {
            outside = shift::between(host, today, today + Days::new(AHEAD))?;
            outside.retain(is_outside);
        }
        let (mut fixed, mut held, mut dropped) = (Vec::new(), Vec::new(), Vec::new());
        for on in &days {
            for post in POSTS {
                let shift = by_place.get(&(*on, post)).copied();
                let holder = shift.and_then(|shift| students.iter().position(|student| *student == shift.person));
                let is_planned = rules.posts.contains(&post) && times.has_duty(*on);
                let certain = certain(shift, holder, is_planned, today, scope);
                let certain = if shift.is_none() && *on < today { Fixed::Closed } else { certain };
                if certain == Fixed::Closed && shift.is_some_and(|shift| shift.is_open(today)) {
                    dropped.push(held.len());
                }
                held.push(shift.cloned());
                fixed.push(certain);
            }
        }
        let day = |on: &NaiveDate| Day { number: number(*on), weight: times.weight(*on, rules) };
        let semester = Semester {
            days: days.iter().map(day).collect(),
            posts: POSTS.len(),
            people: helpers,
            gap: rules.gap,
            fixed,
            seed: u64::from_ne_bytes(term.seed.to_ne_bytes()),
        };
        Ok(Self { semester, term, students, days, shifts: held, dropped, outside, revision, people })
    }

    /// The plan as it stands.
    pub fn standing(&self) -> Plan {
        let holder = |shift: &Option<Shift>| {
            let person = shift.as_ref()?.person;
            self.students.iter().position(|student| *student == person)
        };
        let holders = self.shifts.iter().enumerate().map(|(slot, shift)| match self.semester.fixed(slot) {
            Fixed::Closed => None,
            _ => holder(shift),
        });
        Plan { holders: holders.collect(), gap: self.term.gap.max(1) }
    }

    /// What must change so that the plan holds; `reason` is why a slot's holder has it.
    pub fn changes(&self, plan: &Plan, mut reason: impl FnMut(usize) -> String) -> Vec<Change> {
        let mut changes = Vec::new();
        for (slot, holder) in plan.holders.iter().enumerate() {
            let before = self.shifts.get(slot).cloned().flatten();
            let after = holder.map(|person| self.students[person]);
            let stays = before.as_ref().map(|shift| shift.person) == after;
            let changes_hands = self.semester.fixed(slot) == Fixed::Open && !stays;
            if !changes_hands && !self.dropped.contains(&slot) {
                continue;
            }
            let (day, post) = self.place(slot);
            let after = after.map(|person| (person, reason(slot)));
            changes.push(Change { before, day, post: post.to_owned(), after });
        }
        let given_up = |shift: &Shift| Change {
            before: Some(shift.clone()),
            day: shift.day,
            post: shift.post.clone(),
            after: None,
        };
        changes.extend(self.outside.iter().map(given_up));
        changes
    }

    /// Lets a slot be filled anew although it is today's.
    pub fn free(&mut self, slot: usize) {
        if let Some(fixed) = self.semester.fixed.get_mut(slot) {
            *fixed = Fixed::Open;
        }
    }

    /// Day and post of a slot.
    pub fn place(&self, slot: usize) -> (NaiveDate, &'static str) {
        (self.days[slot / POSTS.len()], POSTS[slot % POSTS.len()])
    }

    /// The slot of a shift, if it lies in the term.
    pub fn slot_of(&self, shift: Uuid) -> Option<usize> {
        self.shifts.iter().position(|held| held.as_ref().is_some_and(|held| held.id == shift))
    }

    /// Students of whom it is not kept yet since when they are planned.
    pub fn unknown(&self, host: &Host, today: NaiveDate) -> Result<Vec<(Uuid, NaiveDate)>> {
        let known = joined(host)?;
        let first = if known.is_empty() { self.term.first } else { today.max(self.term.first) };
        Ok(self
            .students
            .iter()
            .filter(|student| !known.contains_key(student))
            .map(|student| (*student, first))
            .collect())
    }
}

/// What is certain about a slot. `holder` is none where the shift's holder has left the class.
fn certain(shift: Option<&Shift>, holder: Option<usize>, is_planned: bool, today: NaiveDate, scope: Scope) -> Fixed {
    let Some(shift) = shift else {
        return if is_planned { Fixed::Open } else { Fixed::Closed };
    };
    let is_kept = shift.checked_in_at.is_some();
    match holder {
        // Who missed a shift gets another one; what somebody did who has left counts for nobody.
        Some(_) if shift.is_missed(today) => Fixed::Closed,
        None if is_kept || shift.day < today => Fixed::Closed,
        Some(holder) if is_kept || shift.day <= today => Fixed::Held(holder),
        // A repair gives up nothing, and what has been planned stays where there is still duty.
        Some(holder) if (scope == Scope::Free && is_planned) || (scope == Scope::Repair && !is_planned) => {
            Fixed::Held(holder)
        }
        _ if is_planned => Fixed::Open,
        _ => Fixed::Closed,
    }
}

/// Since when students are planned.
pub fn joined(host: &Host) -> Result<HashMap<Uuid, NaiveDate>> {
    let table = host.query("select person_id, first_day from helper where class_id = $1", params![host.class()?.id])?;
    let one = |row: Row<'_>| Ok((row.get("person_id")?, row.get::<String>("first_day")?.parse()?));
    table.iter().map(one).collect()
}

/// A day's number, to count days between.
pub fn number(on: NaiveDate) -> i32 {
    on.num_days_from_ce()
}
