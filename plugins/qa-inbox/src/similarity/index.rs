//! Entries by their features: TF-IDF cosine ranks, BM25 gates.

use std::collections::HashMap;

use super::Synonyms;
use super::feature::{Feature, Piece, pieces};
use super::posting::Postings;

/// BM25's saturation and length.
const K1: f32 = 1.2;
const B: f32 = 0.6;
/// How much the whole entry counts beside its best wording.
const WHOLE: f32 = 1.0;
/// How much the second and third best wording count beside the best: a text is like what it is about in several ways.
const NEXT: f32 = 0.6;
/// How much a piece of the answer counts beside one of the questions.
const ANSWER: f32 = 0.3;

/// The wordings of an entry.
#[derive(Clone, Debug)]
pub struct Text<'t> {
    /// Ways to ask it.
    pub questions: Vec<&'t str>,
    /// What is answered.
    pub answer: &'t str,
}

/// An entry that is like a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its place among the entries.
    pub entry: usize,
    /// How like, for ranking.
    pub score: f32,
    /// How sure, for an automatic reply: a share of what a perfect match would have.
    pub gate: f32,
    /// The words of the text that agreed.
    pub words: Vec<String>,
}

/// Entries, ready to be asked.
pub struct Index {
    synonyms: Synonyms,
    features: HashMap<Feature, u32>,
    rarity: Vec<f32>,
    /// Rarity of what no entry has.
    unknown: f32,
    /// Feature → wording and weight.
    wordings: Postings<(u32, f32)>,
    /// Feature → entry, weight in the whole entry, saturated count.
    wholes: Postings<(u32, f32, f32)>,
    entry_of: Vec<u32>,
    entries: usize,
}

impl Index {
    /// Of these entries.
    pub fn new(texts: &[Text<'_>], synonyms: Synonyms) -> Self {
        let mut index = Self {
            synonyms,
            features: HashMap::new(),
            rarity: Vec::new(),
            unknown: 0.0,
            wordings: Postings::default(),
            wholes: Postings::default(),
            entry_of: Vec::new(),
            entries: texts.len(),
        };
        let mut bags = Vec::with_capacity(texts.len());
        for text in texts {
            let questions: Vec<_> = text.questions.iter().map(|question| index.bag(question, 1.0)).collect();
            bags.push((questions, index.bag(text.answer, ANSWER)));
        }
        index.features.shrink_to_fit();
        index.weigh(&bags);
        index.fill(&bags);
        index
    }

    /// The entries that are most like a text, the best first.
    pub fn nearest(&self, text: &str, most: usize) -> Vec<Hit> {
        let (asked, signs) = pieces(text, &self.synonyms);
        let (known, norm, best_possible) = self.weights(&asked);
        if norm <= 0.0 {
            return Vec::new();
        }
        let (mut wordings, mut wholes) = (vec![0.0_f32; self.entry_of.len()], vec![0.0_f32; self.entries]);
        let mut gates = vec![0.0_f32; self.entries];
        for (id, weight, plain_weight) in &known {
            let place = *id as usize;
            for (wording, other) in self.wordings.of(*id) {
                wordings[*wording as usize] += weight * other;
            }
            for (entry, other, saturated) in self.wholes.of(*id) {
                wholes[*entry as usize] += weight * other;
                gates[*entry as usize] += self.rarity[place] * plain_weight * saturated;
            }
        }
        let mut scores: Vec<f32> = wholes.iter().map(|whole| WHOLE * whole / norm).collect();
        // The three best of each entry, the best first.
        let mut best = vec![[0.0_f32; 3]; self.entries];
        for (wording, score) in wordings.iter().enumerate() {
            let of = &mut best[self.entry_of[wording] as usize];
            let place = of.iter().position(|other| score > other);
            if let Some(place) = place {
                of[place..].rotate_right(1);
                of[place] = *score;
            }
        }
        for (score, [first, second, third]) in scores.iter_mut().zip(&best) {
            *score += (first + NEXT * (second + third)) / norm;
        }
        let mut ranked: Vec<usize> = (0..self.entries).filter(|entry| scores[*entry] > 0.0).collect();
        ranked.sort_by(|one, other| scores[*other].total_cmp(&scores[*one]).then(one.cmp(other)));
        ranked.truncate(most);
        let hit = |entry: usize| Hit {
            entry,
            score: scores[entry],
            gate: gates[entry] / best_possible,
            words: self.agreed(entry, &asked, &signs),
        };
        ranked.into_iter().map(hit).collect()
    }

    /// The features of a text with their weights, and how often each is there.
    fn bag(&mut self, text: &str, share: f32) -> HashMap<u32, f32> {
        let mut bag = HashMap::new();
        for piece in pieces(text, &self.synonyms).0 {
            let next = self.features.len() as u32;
            let id = *self.features.entry(piece.feature).or_insert(next);
            *bag.entry(id).or_insert(0.0) += piece.weight * share;
        }
        bag
    }

    /// How rare each feature is among the entries.
    fn weigh(&mut self, bags: &[(Vec<HashMap<u32, f32>>, HashMap<u32, f32>)]) {
        let mut counts = vec![0_u32; self.features.len()];
        for (questions, _) in bags {
            let mut seen: Vec<u32> = questions.iter().flat_map(|bag| bag.keys().copied()).collect();
            seen.sort_unstable();
            seen.dedup();
            seen.iter().for_each(|id| counts[*id as usize] += 1);
        }
        let all = self.entries as f32;
        let rarity = |count: u32| (1.0 + (all - count as f32 + 0.5) / (count as f32 + 0.5)).ln();
        self.rarity = counts.into_iter().map(|count| rarity(count.max(1))).collect();
        self.unknown = rarity(1);
    }

    fn fill(&mut self, bags: &[(Vec<HashMap<u32, f32>>, HashMap<u32, f32>)]) {
        let (mut wordings, mut wholes) = (Vec::new(), Vec::new());
        let length = |bag: &HashMap<u32, f32>| bag.values().sum::<f32>();
        let sums: Vec<HashMap<u32, f32>> = bags.iter().map(|(questions, answer)| whole(questions, answer)).collect();
        let mean = sums.iter().map(length).sum::<f32>() / sums.len().max(1) as f32;
        for (entry, ((questions, _), sum)) in bags.iter().zip(&sums).enumerate() {
            for question in questions {
                let wording = self.entry_of.len() as u32;
                self.entry_of.push(entry as u32);
                for (id, weight) in self.normed(question) {
                    wordings.push((id, (wording, weight)));
                }
            }
            let long = 1.0 - B + B * length(sum) / mean.max(f32::EPSILON);
            for (id, weight) in self.normed(sum) {
                let count = sum[&id];
                let saturated = count * (K1 + 1.0) / (count + K1 * long);
                wholes.push((id, (entry as u32, weight, saturated)));
            }
        }
        self.wordings = Postings::new(wordings, self.features.len());
        self.wholes = Postings::new(wholes, self.features.len());
    }

    fn normed(&self, bag: &HashMap<u32, f32>) -> Vec<(u32, f32)> {
        let weights: Vec<(u32, f32)> =
            bag.iter().map(|(id, count)| (*id, damped(*count) * self.rarity[*id as usize])).collect();
        let norm = weights.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(f32::EPSILON);
        weights.into_iter().map(|(id, weight)| (id, weight / norm)).collect()
    }

    /// What is asked as feature, weight for the cosine, weight for the gate; its norm; and the gate of a perfect match.
    fn weights(&self, asked: &[Piece]) -> (Vec<(u32, f32, f32)>, f32, f32) {
        let mut bag: HashMap<Feature, f32> = HashMap::new();
        asked.iter().for_each(|piece| *bag.entry(piece.feature).or_insert(0.0) += piece.weight);
        let (mut known, mut square, mut possible) = (Vec::with_capacity(bag.len()), 0.0, 0.0);
        for (feature, count) in bag {
            let id = self.features.get(&feature);
            let rarity = id.map_or(self.unknown, |id| self.rarity[*id as usize]);
            let (weight, plain_weight) = (damped(count) * rarity, count.min(1.0));
            square += weight * weight;
            possible += rarity * plain_weight;
            if let Some(id) = id {
                known.push((*id, weight, plain_weight));
            }
        }
        // Sums are in the order of the map, which differs from run to run, unless they are sorted.
        known.sort_unstable_by_key(|(id, ..)| *id);
        (known, square.sqrt(), possible.max(f32::EPSILON))
    }

    /// The words of a text that an entry has as well, in their order.
    fn agreed(&self, entry: usize, asked: &[Piece], signs: &[char]) -> Vec<String> {
        let mut is_in = vec![false; signs.len()];
        for piece in asked.iter().filter(|piece| piece.feature >> 60 != 3 || piece.to - piece.from > 1) {
            let Some(id) = self.features.get(&piece.feature) else { continue };
            let has = self.wholes.of(*id).iter().any(|(other, ..)| *other as usize == entry);
            if has {
                is_in[piece.from..piece.to].fill(true);
            }
        }
        let mut words = vec![String::new()];
        for (sign, is_in) in signs.iter().zip(is_in) {
            match words.last_mut() {
                Some(last) if is_in => last.push(*sign),
                Some(last) if !last.is_empty() => words.push(String::new()),
                _ => {}
            }
        }
        words.retain(|word| !word.is_empty());
        let mut seen = std::collections::HashSet::new();
        words.retain(|word| seen.insert(word.clone()));
        words
    }
}

fn whole(questions: &[HashMap<u32, f32>], answer: &HashMap<u32, f32>) -> HashMap<u32, f32> {
    let mut sum = answer.clone();
    for (id, count) in questions.iter().flatten() {
        *sum.entry(*id).or_insert(0.0) += count;
    }
    sum
}

fn damped(count: f32) -> f32 {
    if count > 1.0 { 1.0 + count.ln() } else { count }
}
