//! Why a person has a shift, in figures that the page puts into words.

use super::state::State;
use super::{Block, POINT, Plan, Semester};

/// Why a person has a shift.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reason {
    /// What they carry in the whole plan, points.
    pub load: f64,
    /// What they should carry, points.
    pub target: f64,
    /// How many in the class.
    pub people: usize,
    /// How many of them could have had this shift, the person included.
    pub free: usize,
    /// How many have a course.
    pub course: usize,
    /// How many have said that they are away, or are not in the class yet.
    pub away: usize,
    /// How many have another shift too near to it.
    pub near: usize,
    /// Days since the person's shift before.
    pub rested: Option<i32>,
}

/// The reasons of slots of a plan; none for one that nobody has.
pub fn reasons(semester: &Semester, plan: &Plan, slots: &[usize]) -> Vec<Option<Reason>> {
    let mut state = State::of(semester, plan.gap, &plan.holders);
    slots.iter().map(|slot| reason(&mut state, *slot)).collect()
}

fn reason(state: &mut State<'_>, slot: usize) -> Option<Reason> {
    let semester = state.semester;
    let day = semester.day(slot);
    let person = state.holders[slot]?;
    let mut reason = Reason {
        load: state.loads[person] as f64 / POINT as f64,
        target: state.targets[person] / POINT as f64,
        people: semester.people.len(),
        rested: state.last_before(person, day.number).map(|last| day.number - last),
        ..Reason::default()
    };
    state.take(slot);
    for other in 0..semester.people.len() {
        match semester.blocked(other, slot) {
            Some(Block::Course) => reason.course += 1,
            Some(Block::Away | Block::NotYet) => reason.away += 1,
            None if other != person && !state.is_apart(other, day.number, None) => reason.near += 1,
            None => reason.free += 1,
        }
    }
    state.put(slot, person);
    Some(reason)
}
