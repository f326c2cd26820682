//! Who has which shift of a semester: the least burdened first, then small moves as long as they even out the burden.
//! Pure: the same semester and the same seed give the same plan.

mod fairness;
mod greedy;
mod random;
mod reason;
mod repair;
mod search;
mod state;

pub use fairness::{Fairness, fairness, jain};
pub use reason::{Reason, reasons};
pub use repair::{MOST_MOVED, Move, repair};

use state::State;

/// Weight of a shift on a usual day. Others are counted in the same unit: a weekend of one and a half points is 150.
pub const POINT: i64 = 100;
/// Tries of the local search.
const TRIES: u32 = 200_000;

/// A semester to be planned.
#[derive(Clone, Debug, Default)]
pub struct Semester {
    /// Its days with duty, in their order.
    pub days: Vec<Day>,
    /// Posts of a day.
    pub posts: usize,
    /// Who can be on duty.
    pub people: Vec<Helper>,
    /// Days from one shift of a person to the next, at least.
    pub gap: i32,
    /// Shifts that stay as they are: one entry for each slot (see [`Semester::slot`]).
    pub fixed: Vec<Fixed>,
    /// Decides between equals.
    pub seed: u64,
}

/// A day with duty.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// Days since some first one, to count gaps.
    pub number: i32,
    /// What a shift counts, [`POINT`]s.
    pub weight: i64,
}

/// Somebody who can be on duty.
#[derive(Clone, Debug, Default)]
pub struct Helper {
    /// In the class from this day on; what was before is not theirs to make up for.
    pub from: i32,
    /// For each day of the semester why they cannot, if they cannot.
    pub blocked: Vec<Option<Block>>,
    /// Decides between equals together with the seed, whatever the order of the list is.
    pub key: u64,
}

/// Why somebody cannot be on duty on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// A course.
    Course,
    /// They have said that they are away.
    Away,
    /// They are not in the class yet.
    NotYet,
}

/// What is certain about a slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fixed {
    /// Nothing: it is to be planned.
    #[default]
    Open,
    /// This person has it, and keeps it.
    Held(usize),
    /// There is no duty, or it is past and counts for nobody.
    Closed,
}

/// A plan: who has which slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// One entry for each slot; none: nobody can.
    pub holders: Vec<Option<usize>>,
    /// The gap that was kept: smaller than the one that was asked for where the class is too small for it.
    pub gap: i32,
}

impl Semester {
    /// Number of the slot of a post on a day, both counted from 0.
    pub fn slot(&self, day: usize, post: usize) -> usize {
        day * self.posts + post
    }

    /// How many slots there are.
    pub fn slots(&self) -> usize {
        self.days.len() * self.posts
    }

    /// What is certain about a slot.
    pub fn fixed(&self, slot: usize) -> Fixed {
        self.fixed.get(slot).copied().unwrap_or_default()
    }

    /// The day of a slot.
    pub fn day(&self, slot: usize) -> Day {
        self.days[slot / self.posts]
    }

    /// Why somebody cannot be on duty in a slot, whatever else they do.
    pub fn blocked(&self, person: usize, slot: usize) -> Option<Block> {
        let helper = &self.people[person];
        if self.day(slot).number < helper.from {
            return Some(Block::NotYet);
        }
        helper.blocked.get(slot / self.posts).copied().flatten()
    }

    /// What each person should carry: every shift is shared among those who are in the class on its day.
    pub fn targets(&self) -> Vec<f64> {
        let mut targets = vec![0.0; self.people.len()];
        for (index, day) in self.days.iter().enumerate() {
            let slots = (0..self.posts).filter(|post| self.fixed(self.slot(index, *post)) != Fixed::Closed).count();
            let present: Vec<usize> = (0..self.people.len()).filter(|p| self.people[*p].from <= day.number).collect();
            for person in &present {
                targets[*person] += day.weight as f64 * slots as f64 / present.len() as f64;
            }
        }
        targets
    }
}

/// Plans everything that is open. The gap gives way, day by day, where otherwise a slot stayed empty.
pub fn plan(semester: &Semester) -> Plan {
    let mut gap = semester.gap.max(1);
    // More than this many days apart is impossible when everybody takes their turn.
    if let Some(most) = i32::try_from(semester.people.len() / semester.posts.max(1)).ok().filter(|most| *most > 0) {
        gap = gap.min(most);
    }
    let mut best: Option<State<'_>> = None;
    while gap >= 1 {
        let mut state = State::new(semester, gap);
        greedy::fill(&mut state);
        repair::fill_empty(&mut state);
        let is_better = best.as_ref().is_none_or(|best| state.empty() < best.empty());
        if is_better {
            best = Some(state);
        }
        if best.as_ref().is_some_and(|best| best.empty() == 0) {
            break;
        }
        gap -= 1;
    }
    let mut state = best.unwrap_or_else(|| State::new(semester, 1));
    search::even_out(&mut state, TRIES);
    Plan { gap: state.gap, holders: state.holders }
}
