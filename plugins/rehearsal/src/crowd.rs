//! Who comes by themselves and what they do: a story that follows from a seed.

mod habits;
mod questions;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use crate::clock::{day_of, next, start_of};
use crate::options::CrowdOptions;
use crate::people::Way;
use crate::platform::{Deed, Parcel, Platform};

/// Many who come within hours.
#[derive(Clone, Debug)]
pub struct Wave {
    /// How many.
    pub people: usize,
    /// How they come.
    pub way: Way,
    /// Within about so many hours most of them are there.
    pub hours: f64,
    /// The publication that brought them: some ask about it.
    pub publication: Option<u64>,
}

/// What is going to happen.
#[derive(Clone, Debug)]
pub enum Intent {
    /// A day begins: who will come?
    Morning(NaiveDate),
    /// Somebody new comes.
    Arrive { way: Way, publication: Option<u64> },
    /// Somebody comes back.
    Return { person: usize, way: Way },
    /// Somebody leaves.
    Leave { person: usize },
    /// Somebody asks or says something.
    Ask { person: usize, publication: Option<u64> },
    /// Somebody asks for the answer that waits.
    Pull { person: usize },
    /// Somebody says who brought them.
    Claim { person: usize, word: String },
}

/// What is planned, and the dice.
pub struct Crowd {
    options: CrowdOptions,
    dice: ChaCha8Rng,
    plan: BinaryHeap<Reverse<Planned>>,
    last: u64,
}

struct Planned {
    at: DateTime<Utc>,
    order: u64,
    intent: Intent,
}

impl PartialEq for Planned {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.order) == (other.at, other.order)
    }
}

impl Eq for Planned {}

impl PartialOrd for Planned {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Planned {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

impl Crowd {
    /// A story that begins with a day.
    pub fn new(options: &CrowdOptions, seed: u64, begin: DateTime<Utc>) -> Self {
        let dice = ChaCha8Rng::seed_from_u64(seed);
        let mut crowd = Self { options: options.clone(), dice, plan: BinaryHeap::new(), last: 0 };
        crowd.plan(begin, Intent::Morning(day_of(begin)));
        crowd
    }

    /// Who comes from now on.
    pub fn options(&mut self) -> &mut CrowdOptions {
        &mut self.options
    }

    /// When the next thing happens.
    pub fn next(&self) -> Option<DateTime<Utc>> {
        self.plan.peek().map(|planned| planned.0.at)
    }

    /// The next thing that is due by a moment.
    pub fn due(&mut self, until: DateTime<Utc>) -> Option<(DateTime<Utc>, Intent)> {
        self.next().filter(|at| *at <= until)?;
        self.plan.pop().map(|planned| (planned.0.at, planned.0.intent))
    }

    /// Lets it happen and plans what follows. What the account must be told is returned.
    pub fn resolve(
        &mut self,
        intent: Intent,
        platform: &mut Platform,
        at: DateTime<Utc>,
        shown: DateTime<Utc>,
    ) -> Option<Parcel> {
        let (person, deed) = match intent {
            Intent::Morning(day) => {
                self.morning(day, at, platform.state.codes.scenes(shown));
                return None;
            }
            Intent::Arrive { way, publication } => {
                let person = platform.arrive();
                self.newcomer(person, &way, publication, at);
                (person, Deed::Follow(way))
            }
            Intent::Return { person, way } => (person, Deed::Follow(way)),
            Intent::Leave { person } => (person, Deed::Leave),
            Intent::Ask { person, publication } => {
                let deed = self.question(publication);
                self.after_question(person, &deed, at);
                (person, deed)
            }
            Intent::Pull { person } => (person, self.pull()),
            Intent::Claim { person, word } => (person, self.claim(word)),
        };
        // Whoever left in the meantime does not do it, and a code that ran out leads nowhere.
        platform.act(person, deed, shown).ok()
    }

    /// Plans a wave.
    pub fn wave(&mut self, wave: Wave, now: DateTime<Utc>) {
        for _ in 0..wave.people {
            let hours = self.gap(wave.hours / 2.5);
            let arrive = Intent::Arrive { way: wave.way.clone(), publication: wave.publication };
            self.plan(now + span(hours * 3600.0), arrive);
        }
    }

    /// People read a publication: some come, a few of them because it was passed on, and some followers ask.
    pub fn read(&mut self, publication: u64, following: usize, now: DateTime<Utc>) {
        let hit = if self.dice.random_bool(0.2) { 5.0 } else { 1.0 };
        let share = self.dice.random_range(0.01..0.08) * hit;
        let people = 3 + (following as f64 * share) as usize;
        let passed_on = people / 4;
        for (people, way) in [(people - passed_on, Way::Article), (passed_on, Way::Reprint)] {
            self.wave(Wave { people, way, hours: 36.0, publication: Some(publication) }, now);
        }
    }

    /// Exponentially distributed with this mean: the time between things that know nothing of one another.
    fn gap(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.dice.random::<f64>()).ln()
    }

    /// Between two spans, every order of magnitude equally likely.
    fn between(&mut self, least: f64, most: f64) -> f64 {
        (self.dice.random_range(least.ln()..most.ln())).exp()
    }

    fn plan(&mut self, at: DateTime<Utc>, intent: Intent) {
        self.last += 1;
        self.plan.push(Reverse(Planned { at, order: self.last, intent }));
    }

    /// A day's arrivals: gaps without memory, spread over the hours in which people are awake.
    fn morning(&mut self, day: NaiveDate, now: DateTime<Utc>, made: Vec<&str>) {
        self.plan(start_of(next(day)), Intent::Morning(next(day)));
        let scenes = [self.options.scenes.clone(), made.into_iter().map(str::to_owned).collect()].concat();
        let mut passed = 0.0;
        let rate = self.options.arrivals_per_day;
        if rate <= 0.0 {
            return;
        }
        loop {
            passed += self.gap(1.0 / rate);
            if passed >= 1.0 {
                break;
            }
            let hour = self.hour();
            let way = self.way(&scenes);
            let at = start_of(day) + span(hour * 3600.0);
            if at >= now {
                self.plan(at, Intent::Arrive { way, publication: None });
            }
        }
    }
}

/// A span of so many seconds.
fn span(seconds: f64) -> TimeDelta {
    TimeDelta::milliseconds((seconds * 1000.0) as i64)
}

#[cfg(test)]
mod tests;
