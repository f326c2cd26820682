//! Answers that are quantities as a whole: numbers with units, dates, times, ranges and ratios, compared as what they are.

use smallvec::SmallVec;

use super::number::Number;
use super::unit::Unit;

/// A quantity as it was read from a whole text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Quantity {
    pub(super) value: Value,
    pub(super) unit: Option<Unit>,
    pub(super) bound: Bound,
    pub(super) ordinal: bool,
    pub(super) era: Era,
    /// 10w for 10万, BC221: understood, but not how one writes.
    pub(super) slang: bool,
}

/// The era of a year, as far as it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Era {
    Unsaid,
    BeforeChrist,
    AfterChrist,
}

/// What kind of quantity, and how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Number(Number),
    Range(Number, Number),
    Ratio(Number, Number),
    Date { year: Option<i128>, month: i128, day: Option<i128> },
    Time { hour: i128, minute: i128, second: Option<i128> },
}

/// How exact a quantity is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    Exactly,
    About,
    More,
    AtLeast,
    Less,
    AtMost,
}

impl Bound {
    /// 1 for more than the number, -1 for less, 0 for neither.
    fn direction(self) -> i32 {
        match self {
            Bound::Exactly | Bound::About => 0,
            Bound::More | Bound::AtLeast => 1,
            Bound::Less | Bound::AtMost => -1,
        }
    }
}

/// The readings of one text; most have none or one.
pub(super) type Readings = SmallVec<[Quantity; 2]>;

/// How an answer compares with a key, both being quantities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    /// The same quantity.
    Equal,
    /// The same size in another form, such as another unit: a teacher may want to see it.
    SameSize,
    /// The same number of something else.
    OtherUnit,
    /// Another number.
    OtherNumber,
}

/// Units that are printed around a blank, and whether anything else is printed behind it.
#[derive(Clone, Debug, Default)]
pub(super) struct PrintedUnits {
    pub(super) units: SmallVec<[Unit; 2]>,
    pub(super) other_text_behind: bool,
    /// A sign of percent is printed behind the blank.
    pub(super) percent: bool,
    /// 公元前 is printed before the blank.
    pub(super) before_christ: bool,
}

impl Quantity {
    /// How an answer compares with this key.
    pub(super) fn compare(&self, answer: &Quantity, printed: &PrintedUnits) -> Comparison {
        let size = self.compare_value(answer, printed.percent);
        let units = self.compare_units(answer, printed);
        if units == Comparison::OtherUnit && self.converts_into(answer, printed) {
            return Comparison::SameSize;
        }
        if size == Comparison::OtherNumber {
            return size;
        }
        if self.bound != answer.bound {
            let contrary = self.bound.direction() * answer.bound.direction() < 0;
            return if contrary { Comparison::OtherNumber } else { Comparison::SameSize };
        }
        let era = self.compare_era(answer, printed.before_christ);
        if era != Comparison::Equal {
            return era;
        }
        if self.slang != answer.slang || self.ordinal != answer.ordinal {
            return Comparison::SameSize;
        }
        match (size, units) {
            (Comparison::Equal, units) => units,
            (size, Comparison::Equal) => size,
            (_, units) => units,
        }
    }

    /// The years before Christ are not those after; who leaves the era out may have meant it.
    fn compare_era(&self, answer: &Quantity, before_christ_printed: bool) -> Comparison {
        use Era::{AfterChrist, BeforeChrist, Unsaid};
        let own = if before_christ_printed && self.era == Unsaid { BeforeChrist } else { self.era };
        match (own, answer.era) {
            (BeforeChrist, AfterChrist) | (Unsaid | AfterChrist, BeforeChrist) => Comparison::OtherNumber,
            (BeforeChrist, Unsaid) if !before_christ_printed => Comparison::SameSize,
            _ => Comparison::Equal,
        }
    }

    fn compare_value(&self, answer: &Quantity, percent_printed: bool) -> Comparison {
        let numbers = |one: &Number, other: &Number| match one.same_size(other) {
            true if one.form == other.form && one.leading_zeros == other.leading_zeros => Comparison::Equal,
            true => Comparison::SameSize,
            false if one.differs_in_percent_sign(other) && percent_printed => Comparison::Equal,
            false if one.differs_in_percent_sign(other) => Comparison::SameSize,
            false => Comparison::OtherNumber,
        };
        match (&self.value, &answer.value) {
            (Value::Number(one), Value::Number(other)) => numbers(one, other),
            (Value::Ratio(a, b), Value::Ratio(c, d)) if (a, b) != (c, d) && a.in_proportion(b, c, d) => {
                Comparison::SameSize
            }
            (Value::Range(a, b), Value::Range(c, d)) | (Value::Ratio(a, b), Value::Ratio(c, d)) => {
                match (numbers(a, c), numbers(b, d)) {
                    (Comparison::Equal, second) => second,
                    (Comparison::SameSize, second) if second != Comparison::OtherNumber => Comparison::SameSize,
                    _ => Comparison::OtherNumber,
                }
            }
            (Value::Date { year: a, month, day }, Value::Date { year: b, month: other_month, day: other_day }) => {
                // 19年 may stand for 2019年.
                let short =
                    |one: i128, other: i128| one < 100 && other % 100 == one || other < 100 && one % 100 == other;
                let agree = |one: &Option<i128>, other: &Option<i128>| match (one, other) {
                    (Some(one), Some(other)) => one == other || short(*one, *other),
                    _ => true,
                };
                if (a, month, day) == (b, other_month, other_day) {
                    Comparison::Equal
                } else if month == other_month && agree(a, b) && agree(day, other_day) {
                    Comparison::SameSize
                } else {
                    Comparison::OtherNumber
                }
            }
            (Value::Time { hour, minute, second }, Value::Time { hour: h, minute: m, second: s }) => {
                let equal = (hour, minute, second.unwrap_or(0)) == (h, m, s.unwrap_or(0));
                if equal { Comparison::Equal } else { Comparison::OtherNumber }
            }
            (Value::Ratio(over, under), Value::Number(number)) | (Value::Number(number), Value::Ratio(over, under))
                if number.is_fraction_of(over, under) =>
            {
                Comparison::SameSize
            }
            // 2019 where the key is 2019年12月, and the reverse.
            (Value::Date { year, .. }, Value::Number(number)) | (Value::Number(number), Value::Date { year, .. })
                if year.is_some() && number.as_integer() == *year =>
            {
                Comparison::SameSize
            }
            _ => Comparison::OtherNumber,
        }
    }

    fn compare_units(&self, answer: &Quantity, printed: &PrintedUnits) -> Comparison {
        let Some(given) = &answer.unit else { return Comparison::Equal };
        let mut known = self.unit.iter().chain(&printed.units).peekable();
        if known.peek().is_none() {
            let is_year = matches!(&self.value, Value::Number(number) if number.as_integer().is_some_and(|year| (1000..=2100).contains(&year)));
            let fits = given.is_measure_word() && (given.is_general() || !printed.other_text_behind)
                || (is_year && given.is_year());
            return if fits { Comparison::Equal } else { Comparison::SameSize };
        }
        if known.clone().any(|unit| unit.surely_same(given)) {
            return Comparison::Equal;
        }
        // 500个 for 500人 counts the same things in a careless way.
        if known.clone().any(|unit| unit.same(given)) {
            return Comparison::SameSize;
        }
        // 60次 where 次/分 is printed repeats a part of it; 4条/月 where 条 is says more than was asked.
        if printed.units.iter().any(|unit| unit.counts_out(given)) {
            return Comparison::Equal;
        }
        let partly = |unit: &Unit| unit.counts_out(given) || given.counts_out(unit) || unit.counts_alike(given);
        if known.any(partly) { Comparison::SameSize } else { Comparison::OtherUnit }
    }

    /// Whether the answer says the same in another unit, such as 5000米 for 5公里.
    fn converts_into(&self, answer: &Quantity, printed: &PrintedUnits) -> bool {
        let pairs: SmallVec<[(&Number, &Number); 2]> = match (&self.value, &answer.value) {
            (Value::Number(one), Value::Number(other)) => SmallVec::from_slice(&[(one, other)]),
            (Value::Range(a, b), Value::Range(c, d)) => SmallVec::from_slice(&[(a, c), (b, d)]),
            _ => return false,
        };
        let Some(given) = &answer.unit else { return false };
        self.unit.iter().chain(&printed.units).any(|unit| match unit.worth(given) {
            Some((own, others)) => pairs.iter().all(|(one, other)| one.same_size_scaled(own, other, others)),
            None => false,
        })
    }

    /// The quantity in one fixed way of writing, under which equal answers cluster.
    pub(super) fn standard(&self) -> String {
        let bound = match self.bound {
            Bound::Exactly => "",
            Bound::About => "约",
            Bound::More => ">",
            Bound::AtLeast => "≥",
            Bound::Less => "<",
            Bound::AtMost => "≤",
        };
        let era = if self.era == Era::BeforeChrist { "公元前" } else { "" };
        let ordinal = if self.ordinal { "第" } else { "" };
        let value = match &self.value {
            Value::Number(number) => number.to_string(),
            Value::Range(first, second) => format!("{first}~{second}"),
            Value::Ratio(first, second) => format!("{first}:{second}"),
            Value::Date { year, month, day } => {
                let year = year.map(|year| format!("{year}-")).unwrap_or_default();
                let day = day.map(|day| format!("-{day:02}")).unwrap_or_default();
                format!("{year}{month:02}{day}")
            }
            Value::Time { hour, minute, second } => match second {
                Some(second) => format!("{hour}:{minute:02}:{second:02}"),
                None => format!("{hour}:{minute:02}"),
            },
        };
        let unit = self.unit.as_ref().map_or_else(String::new, Unit::standard);
        format!("{bound}{era}{ordinal}{value}{unit}")
    }
}
