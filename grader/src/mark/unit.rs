//! Measure words and units, simple (公里) and compound (次/分, m/s^2, L·mol^-1): which mean the same, and which convert into each other.

use smallvec::SmallVec;

use super::character::begins_with;
use super::unit_table::{Dimension, Word, table};

/// A unit that was read: a product of words, each raised to a power.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    factors: SmallVec<[Factor; 2]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Factor {
    word: u16,
    power: i8,
}

/// What a unit comes to: each dimension (or, for what has none in common with others, its meaning) with its power.
type Signature = SmallVec<[((Dimension, u16), i8); 4]>;

/// Most words that one unit is made of.
const MOST_FACTORS: usize = 4;

impl Unit {
    /// The unit that these characters name, all of them.
    pub(super) fn named(characters: &[char]) -> Option<Unit> {
        let (unit, length) = Unit::leading(characters)?;
        (length == characters.len()).then_some(unit)
    }

    /// The longest unit at the start of these characters, and its length.
    pub(super) fn leading(characters: &[char]) -> Option<(Unit, usize)> {
        // 10^9/L counts what is not named.
        let (factor, mut at) = match characters {
            ['/', rest @ ..] => {
                let (factor, length) = Factor::leading(rest, true)?;
                (Factor { power: -factor.power, ..factor }, 1 + length)
            }
            _ => Factor::leading(characters, false)?,
        };
        let mut factors: SmallVec<[Factor; 2]> = SmallVec::from_slice(&[factor]);
        while factors.len() < MOST_FACTORS {
            let divides = match characters.get(at) {
                Some('/' | '每') => true,
                Some('·' | '*') => false,
                _ => break,
            };
            let Some((factor, length)) = Factor::leading(&characters[at + 1..], true) else { break };
            factors.push(if divides { Factor { power: -factor.power, ..factor } } else { factor });
            at += 1 + length;
        }
        Some((Unit { factors }, at))
    }

    /// This unit for each one of the other: 次 for each 分.
    pub(super) fn per(&self, other: &Unit) -> Unit {
        let mut factors = self.factors.clone();
        factors.extend(other.factors.iter().map(|factor| Factor { power: -factor.power, ..*factor }));
        Unit { factors }
    }

    /// Whether both can mean the same unit.
    pub(super) fn same(&self, other: &Unit) -> bool {
        self.agrees(other, |one, two| one.meanings.iter().any(|meaning| two.meanings.contains(meaning)))
    }

    /// Whether the other one means what this one means first of all, or is the same word. In a compound unit the other words tell
    /// which meaning is the right one: 分 in 次/分 is no money.
    pub(super) fn surely_same(&self, other: &Unit) -> bool {
        let compound = self.is_compound();
        self.agrees(other, |one, two| {
            let first = if compound { &one.meanings[..] } else { &one.meanings[..1] };
            let sure = !one.is_unsure && !two.is_unsure;
            std::ptr::eq(one, two) || sure && first.iter().any(|meaning| two.meanings.contains(meaning))
        }) || self.is_same_space(other)
    }

    /// Whether it can be an area or volume.
    fn is_space(&self) -> bool {
        let raised = |word: &Word| word.meanings.iter().any(|&meaning| table().meaning(meaning).power > 1);
        self.factors.iter().any(|factor| factor.power > 1 || raised(factor.word()))
    }

    /// Whether both are the same area or volume: 平米 and m^2, mL and cm^3.
    fn is_same_space(&self, other: &Unit) -> bool {
        if !self.is_space() || !other.is_space() {
            return false;
        }
        let others = other.worths();
        self.worths().iter().any(|(signature, (over, under))| {
            let space = matches!(signature[..], [((Dimension::Length, _), 2 | 3)]);
            let as_large = |(other, worth): &(Signature, (i128, i128))| {
                other == signature && over.checked_mul(worth.1) == worth.0.checked_mul(*under)
            };
            space && others.iter().any(as_large)
        })
    }

    /// Whether both differ in nothing but the measure words with which they count.
    pub(super) fn counts_alike(&self, other: &Unit) -> bool {
        self.agrees(other, |one, two| {
            let same = one.meanings.iter().any(|meaning| two.meanings.contains(meaning));
            same || is_measure_word(one) && is_measure_word(two)
        })
    }

    /// Whether the factors of both can be paired so that each pair agrees.
    fn agrees(&self, other: &Unit, agree: impl Fn(&Word, &Word) -> bool) -> bool {
        let mut free: SmallVec<[Factor; 4]> = SmallVec::from_slice(&other.factors);
        self.factors.len() == other.factors.len()
            && self.factors.iter().all(|one| {
                let fits = |two: &Factor| one.power == two.power && agree(one.word(), two.word());
                free.iter().position(fits).map(|at| free.swap_remove(at)).is_some()
            })
    }

    /// Whether it only counts things.
    pub(super) fn is_measure_word(&self) -> bool {
        self.single().is_some_and(is_measure_word)
    }

    /// Whether it counts things or money for each of something else, and `other` is what it counts: 次 in 次/分.
    pub(super) fn counts_out(&self, other: &Unit) -> bool {
        let counted = self.factors[0];
        let counts = counted.power == 1
            && counted
                .word()
                .meanings
                .iter()
                .any(|&m| matches!(table().meaning(m).dimension, Dimension::Count | Dimension::Money));
        self.factors.len() > 1 && counts && Unit { factors: SmallVec::from_slice(&[counted]) }.same(other)
    }

    /// Whether it can be a time in which something happens so many times.
    pub(super) fn is_period(&self) -> bool {
        let times = |&m: &u16| matches!(table().meaning(m).dimension, Dimension::Time | Dimension::Months);
        self.single().is_some_and(|word| word.meanings.iter().any(times))
    }

    /// Whether it is made of several words.
    pub(super) fn is_compound(&self) -> bool {
        self.factors.len() > 1
    }

    /// Whether it measures something and does not merely count or name what counts.
    pub(super) fn is_physical(&self) -> bool {
        let counts = |word: &Word| {
            word.meanings.iter().any(|&m| matches!(table().meaning(m).dimension, Dimension::Count | Dimension::Own))
        };
        self.is_compound() || self.single().is_some_and(|word| !counts(word))
    }

    /// Whether it is 个, which can stand for any measure word.
    pub(super) fn is_general(&self) -> bool {
        self.single().is_some_and(|word| word.characters[..] == ['个'])
    }

    /// Whether it can be a calendar year.
    pub(super) fn is_year(&self) -> bool {
        self.single().is_some_and(|word| word.characters[0] == '年')
    }

    fn single(&self) -> Option<&'static Word> {
        match self.factors[..] {
            [Factor { word, power: 1 }] => Some(table().word(word)),
            _ => None,
        }
    }

    /// What both are worth in their common base unit, if they measure the same thing.
    pub(super) fn worth(&self, other: &Unit) -> Option<((i128, i128), (i128, i128))> {
        let others = other.worths();
        self.worths().into_iter().find_map(|(signature, worth)| {
            let (_, other_worth) = others.iter().find(|(other, _)| *other == signature)?;
            Some((worth, *other_worth))
        })
    }

    /// What it comes to, in each of its meanings.
    fn worths(&self) -> SmallVec<[(Signature, (i128, i128)); 2]> {
        let mut all: SmallVec<[(Signature, (i128, i128)); 2]> = SmallVec::new();
        all.push((Signature::new(), (1, 1)));
        for factor in &self.factors {
            let meanings = &factor.word().meanings;
            all = all
                .iter()
                .flat_map(|(signature, worth)| {
                    meanings.iter().filter_map(move |&meaning| factor.multiply(meaning, signature, *worth))
                })
                .collect();
        }
        for (signature, _) in &mut all {
            signature.retain(|(_, power)| *power != 0);
            signature.sort_unstable();
        }
        all
    }

    /// One way to write every unit that means the same.
    pub(super) fn standard(&self) -> String {
        let mut text = String::new();
        for (at, factor) in self.factors.iter().enumerate() {
            if at > 0 || factor.power < 0 {
                text.push(if factor.power < 0 { '/' } else { '·' });
            }
            text.extend(table().standard(factor.word));
            let power = factor.power.abs();
            if power != 1 {
                text.push_str(&format!("^{power}"));
            }
        }
        text
    }
}

impl Factor {
    /// `米`, `m^2`, `平方米`, and inside of a compound unit `s-1`.
    fn leading(characters: &[char], inside: bool) -> Option<(Factor, usize)> {
        const RAISED: [(&str, i8); 4] = [("平方", 2), ("立方", 3), ("二次方", 2), ("三次方", 3)];
        let named = |(prefix, power): &(&str, i8)| Some((begins_with(characters, prefix)?, *power));
        let prefix =
            matches!(characters.first()?, '平' | '立' | '二' | '三').then(|| RAISED.iter().find_map(named)).flatten();
        let raised = prefix.and_then(|(start, power)| {
            let word = table().leading(&characters[start..])?;
            let measures =
                |&meaning: &u16| matches!(table().meaning(meaning).dimension, Dimension::Length | Dimension::Time);
            let length = table().word(word).characters.len();
            table().word(word).meanings.iter().any(measures).then_some((Factor { word, power }, start + length))
        });
        if raised.is_some() {
            return raised;
        }
        let word = table().leading(characters)?;
        let length = table().word(word).characters.len();
        let is_letters = characters[length - 1].is_ascii_alphabetic();
        let (power, written) = match characters[length..] {
            ['^', '-', digit, ..] => (digit.to_digit(10).map(|digit| -(digit as i8)), 3),
            ['^', digit, ..] => (digit.to_digit(10).map(|digit| digit as i8), 2),
            // mol-1, but 1m/s-2m/s is a range.
            ['-', digit @ '1'..='3'] | ['-', digit @ '1'..='3', '·' | '*', ..]
                if is_letters && (inside || length > 2) =>
            {
                (digit.to_digit(10).map(|digit| -(digit as i8)), 2)
            }
            [digit @ '2'..='3'] | [digit @ '2'..='3', '/' | '·' | '*', ..] if is_letters => {
                (digit.to_digit(10).map(|digit| digit as i8), 1)
            }
            _ => (None, 0),
        };
        // v^2 is a variable, not square volts.
        let squares = |&m: &u16| matches!(table().meaning(m).dimension, Dimension::Length | Dimension::Time);
        let may_be_raised = || table().word(word).meanings.iter().any(squares);
        if power.is_some_and(|power| power > 1) && !may_be_raised() {
            return None;
        }
        Some(match power.filter(|power| *power != 0) {
            Some(power) => (Factor { word, power }, length + written),
            None => (Factor { word, power: 1 }, length),
        })
    }

    fn word(self) -> &'static Word {
        table().word(self.word)
    }

    /// The product with this factor in one of its meanings, or none if it cannot be told exactly.
    fn multiply(self, meaning: u16, signature: &Signature, worth: (i128, i128)) -> Option<(Signature, (i128, i128))> {
        let known = table().meaning(meaning);
        let own = matches!(known.dimension, Dimension::Count | Dimension::Own);
        let dimension = (known.dimension, if own { meaning } else { u16::MAX });
        let mut signature = signature.clone();
        let power = known.power.checked_mul(self.power)?;
        match signature.iter_mut().find(|(other, _)| *other == dimension) {
            Some((_, sum)) => *sum += power,
            None => signature.push((dimension, power)),
        }
        let times = u32::from(self.power.unsigned_abs());
        let (over, under) = (known.worth.0.checked_pow(times)?, known.worth.1.checked_pow(times)?);
        let (over, under) = if self.power < 0 { (under, over) } else { (over, under) };
        Some((signature, (worth.0.checked_mul(over)?, worth.1.checked_mul(under)?)))
    }
}

fn is_measure_word(word: &Word) -> bool {
    word.meanings.iter().any(|&meaning| table().meaning(meaning).dimension == Dimension::Count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(word: &str) -> Unit {
        Unit::named(&word.chars().collect::<Vec<_>>()).unwrap_or_else(|| panic!("{word} is no unit"))
    }

    #[test]
    fn words_for_one_unit_are_the_same_and_others_are_not() {
        for (one, other) in
            [("km", "公里"), ("公里", "千米"), ("元", "块"), ("公斤", "kg"), ("天", "日"), ("人", "名"), ("位", "比特")]
        {
            assert!(unit(one).same(&unit(other)), "{one} {other}");
        }
        for (one, other) in [
            ("公里", "米"),
            ("里", "公里"),
            ("斤", "公斤"),
            ("月", "个月"),
            ("元", "美元"),
            ("条", "次"),
            ("字节", "位"),
        ] {
            assert!(!unit(one).same(&unit(other)), "{one} {other}");
        }
    }

    #[test]
    fn compound_units_are_read_in_all_forms() {
        for (one, other) in [
            ("次/分", "次每分钟"),
            ("m/s", "米每秒"),
            ("m/s", "m·s^-1"),
            ("m/s^2", "米每二次方秒"),
            ("m/s^2", "m/s2"),
            ("l/mol", "升/摩尔"),
            ("l/mol", "l·mol-1"),
            ("kg/m^3", "千克每立方米"),
            ("km/h", "公里/小时"),
            ("平方公里", "km^2"),
        ] {
            assert!(unit(one).same(&unit(other)), "{one} {other}");
        }
        for (one, other) in
            [("次/分", "次/秒"), ("m/s", "m/s^2"), ("m/s", "s/m"), ("l/mol", "mol/l"), ("m^2", "m"), ("km/s", "m/s")]
        {
            assert!(!unit(one).same(&unit(other)), "{one} {other}");
        }
    }

    #[test]
    fn what_measures_the_same_converts() {
        for (one, other) in
            [("km/h", "m/s"), ("ml", "cm^3"), ("公顷", "m^2"), ("mv", "kv"), ("g/l", "g/dl"), ("次/分", "次/秒")]
        {
            assert!(unit(one).worth(&unit(other)).is_some(), "{one} {other}");
        }
        for (one, other) in [("v", "a"), ("m", "m^2"), ("元", "美元"), ("条", "次")] {
            assert!(unit(one).worth(&unit(other)).is_none(), "{one} {other}");
        }
    }
}
