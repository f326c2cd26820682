//! A plan while it is being made.

use super::{Fixed, Semester};

/// A plan while it is being made.
#[derive(Clone)]
pub(super) struct State<'s> {
    pub(super) semester: &'s Semester,
    pub(super) gap: i32,
    pub(super) holders: Vec<Option<usize>>,
    /// What each person carries.
    pub(super) loads: Vec<i64>,
    /// What each person should carry.
    pub(super) targets: Vec<f64>,
    /// The days on which each person has a shift, in no order: a dozen of them, so that looking at all is quickest.
    days: Vec<Vec<i32>>,
}

impl<'s> State<'s> {
    pub(super) fn new(semester: &'s Semester, gap: i32) -> Self {
        let people = semester.people.len();
        let mut state = Self {
            semester,
            gap,
            holders: vec![None; semester.slots()],
            loads: vec![0; people],
            targets: semester.targets(),
            days: vec![Vec::new(); people],
        };
        for slot in 0..semester.slots() {
            if let Fixed::Held(person) = semester.fixed(slot) {
                state.put(slot, person);
            }
        }
        state
    }

    /// A plan that stands, as a state.
    pub(super) fn of(semester: &'s Semester, gap: i32, holders: &[Option<usize>]) -> Self {
        let mut state = Self::new(semester, gap);
        for (slot, holder) in holders.iter().enumerate() {
            if let (Some(person), None) = (holder, state.holders[slot]) {
                state.put(slot, *person);
            }
        }
        state
    }

    pub(super) fn put(&mut self, slot: usize, person: usize) {
        let day = self.semester.day(slot);
        self.holders[slot] = Some(person);
        self.loads[person] += day.weight;
        self.days[person].push(day.number);
    }

    /// Takes a slot from who has it.
    pub(super) fn take(&mut self, slot: usize) -> Option<usize> {
        let person = self.holders[slot].take()?;
        let day = self.semester.day(slot);
        self.loads[person] -= day.weight;
        if let Some(place) = self.days[person].iter().position(|number| *number == day.number) {
            self.days[person].swap_remove(place);
        }
        Some(person)
    }

    pub(super) fn is_movable(&self, slot: usize) -> bool {
        self.semester.fixed(slot) == Fixed::Open
    }

    /// Whether no other shift of a person is too near to a day; the one on `except` does not count.
    pub(super) fn is_apart(&self, person: usize, number: i32, except: Option<i32>) -> bool {
        self.days[person].iter().all(|other| Some(*other) == except || (other - number).abs() >= self.gap)
    }

    /// Whether a person may have a slot beside what they have.
    pub(super) fn may(&self, person: usize, slot: usize) -> bool {
        self.semester.blocked(person, slot).is_none() && self.is_apart(person, self.semester.day(slot).number, None)
    }

    /// How far a person is above what they should carry.
    pub(super) fn surplus(&self, person: usize) -> f64 {
        self.loads[person] as f64 - self.targets[person]
    }

    /// The last day before this one on which a person has a shift.
    pub(super) fn last_before(&self, person: usize, number: i32) -> Option<i32> {
        self.days[person].iter().copied().filter(|day| *day < number).max()
    }

    /// The open slots that nobody has.
    pub(super) fn empty(&self) -> usize {
        (0..self.holders.len()).filter(|slot| self.holders[*slot].is_none() && self.is_movable(*slot)).count()
    }
}
