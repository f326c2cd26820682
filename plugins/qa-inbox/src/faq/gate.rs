//! When an entry may answer by itself: only above a threshold learnt from the class's own confirmed pairs, which lies above
//! every text that was refused; and never to what is more like everyday talk.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, PoisonError};

use plugin_sdk::prelude::*;

use super::entry::Entry;
use super::kept::{self, Kept};
use super::pair::{self, Pair};
use crate::similarity::plain;

/// The fewest pairs that fit, before anything is learnt.
pub const ENOUGH: usize = 20;
/// Nothing below is ever sure: everyday talk and wrong entries stay below it.
const FLOOR: f32 = 0.7;
/// How far above what was refused.
const MARGIN: f32 = 1.1;
/// How far the best entry must be above the second.
const LEAD: f32 = 1.25;
/// Shorter texts can mean anything.
const SHORTEST: usize = 4;

/// What was learnt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gate {
    /// Too few confirmed pairs: so many that fit.
    Learning(usize),
    /// Nothing below is answered by itself.
    Above(f32),
}

static LEARNT: Mutex<Option<HashMap<u64, f32>>> = Mutex::new(None);

/// The entry that may answer a text without a person.
pub fn automatic(host: &Host, text: &str) -> Result<Option<Entry>> {
    if !host.setting("auto_reply").unwrap_or(true) || plain(text).chars().count() < SHORTEST {
        return Ok(None);
    }
    let kept = kept::of_class(host)?;
    let Gate::Above(threshold) = learn(&kept, &pair::all(host)?) else { return Ok(None) };
    Ok(sure(&kept, text).filter(|(gate, _)| *gate >= threshold).map(|(_, place)| kept.entries[place].clone()))
}

/// What the class has taught so far.
pub fn now(host: &Host) -> Result<Gate> {
    Ok(learn(&*kept::of_class(host)?, &pair::all(host)?))
}

/// How sure the best entry is, if it is ahead of the second and may answer by itself.
fn sure(kept: &Kept, text: &str) -> Option<(f32, usize)> {
    let hits = kept.index.nearest(text, 2);
    // What is nearest to everyday talk is none of the entries.
    let first = hits.first().filter(|hit| kept.entries.get(hit.entry).is_some_and(|entry| entry.automatic))?;
    let is_ahead = hits.get(1).is_none_or(|second| first.score >= second.score * LEAD);
    is_ahead.then_some((first.gate, first.entry))
}

fn learn(kept: &Kept, pairs: &[Pair]) -> Gate {
    let pairs: Vec<&Pair> = pairs.iter().filter(|pair| is_in_force(kept, pair)).collect();
    let fitting = pairs.iter().filter(|pair| pair.fits).count();
    if fitting < ENOUGH {
        return Gate::Learning(fitting);
    }
    let mut hasher = DefaultHasher::new();
    (kept.fingerprint, &pairs).hash(&mut hasher);
    let key = hasher.finish();
    let mut learnt = LEARNT.lock().unwrap_or_else(PoisonError::into_inner);
    let learnt = learnt.get_or_insert_default();
    if learnt.len() > 64 {
        learnt.clear();
    }
    Gate::Above(*learnt.entry(key).or_insert_with(|| threshold(kept, &pairs)))
}

/// Whether a pair still teaches something: that a text is answered by an entry which is gone says nothing about the others.
fn is_in_force(kept: &Kept, pair: &Pair) -> bool {
    !pair.fits || kept.entries.iter().any(|entry| Some(entry.id) == pair.faq)
}

/// Above every pair that would have been answered wrongly.
fn threshold(kept: &Kept, pairs: &[&Pair]) -> f32 {
    let is_wrong = |pair: &Pair, place: usize| {
        let is_same = pair.faq == Some(kept.entries[place].id);
        if pair.fits { !is_same } else { is_same || pair.faq.is_none() }
    };
    let of_pairs = pairs.iter().copied().filter_map(|pair| {
        let (gate, place) = sure(kept, &pair.text)?;
        is_wrong(pair, place).then_some(gate)
    });
    of_pairs.map(|gate| gate * MARGIN).fold(FLOOR, f32::max)
}
