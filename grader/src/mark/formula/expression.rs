//! What a formula says: sums, products, powers. Written in one way, and worked out with numbers in the place of its letters.

/// A part of a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    Number(String),
    Symbol(String),
    Sum(Vec<Expression>),
    Negative(Box<Expression>),
    Product(Vec<Expression>),
    Reciprocal(Box<Expression>),
    Power(Box<Expression>, Box<Expression>),
    /// A function, an interval, a sign before or behind: whatever keeps the order of its parts.
    Applied(String, Vec<Expression>),
}

use Expression::{Applied, Negative, Number, Power, Product, Reciprocal, Sum, Symbol};

/// Most factors that a power is written out in.
const MOST_FACTORS: usize = 6;

impl Expression {
    pub(super) fn root(of: Expression) -> Expression {
        let half = Reciprocal(Box::new(Number("2".to_string())));
        Power(Box::new(of), Box::new(half))
    }

    /// One way to write what differs in notation and order only. Equal texts are equal formulas.
    pub(super) fn canonical(&self) -> String {
        match self {
            Number(digits) => match fraction(digits) {
                Some((over, 1)) => over.to_string(),
                Some(_) => Product(vec![self.clone()]).canonical(),
                None => digits.clone(),
            },
            Symbol(name) => name.clone(),
            Sum(_) => {
                let mut terms = Vec::new();
                self.collect_terms(false, &mut terms);
                terms.sort();
                format!("({})", terms.concat())
            }
            Negative(_) => {
                let mut terms = Vec::new();
                self.collect_terms(false, &mut terms);
                format!("({})", terms.concat())
            }
            Product(_) | Reciprocal(_) => self.canonical_product(),
            Power(base, exponent) => match whole(exponent) {
                Some(_) => self.canonical_product(),
                None => format!("{}^{}", base.canonical(), exponent.canonical()),
            },
            Applied(name, parts) => {
                let parts: Vec<String> = parts.iter().map(Expression::canonical).collect();
                format!("{name}[{}]", parts.join(","))
            }
        }
    }

    fn collect_terms(&self, negative: bool, terms: &mut Vec<String>) {
        match self {
            Sum(parts) => parts.iter().for_each(|part| part.collect_terms(negative, terms)),
            Negative(inner) => inner.collect_terms(!negative, terms),
            other => terms.push(format!("{}{}", if negative { '-' } else { '+' }, other.canonical())),
        }
    }

    fn canonical_product(&self) -> String {
        let (mut over, mut under, mut negative) = (Vec::new(), Vec::new(), false);
        self.collect_factors(false, &mut over, &mut under, &mut negative);
        for factors in [&mut over, &mut under] {
            factors.retain(|factor| factor != "1");
            let is_number = |factor: &String| factor.starts_with(|c: char| c.is_ascii_digit());
            let letters: std::collections::BTreeSet<&String> =
                factors.iter().filter(|factor| !is_number(factor)).collect();
            // Three letters may be a name (sum=0), and matrices do not commute: what may be either keeps its order.
            let named = letters.len() > 2;
            let keeps_order = |factor: &String| !is_number(factor) && (named || may_be_matrix(factor));
            let (fixed, mut free): (Vec<String>, Vec<String>) = factors.drain(..).partition(keeps_order);
            free.sort();
            free.extend(fixed);
            *factors = free;
        }
        let sign = if negative { "-" } else { "" };
        match (over.len(), under.is_empty()) {
            (0, true) => format!("{sign}1"),
            (1, true) => format!("{sign}{}", over[0]),
            (_, true) => format!("{sign}{{{}}}", over.join(" ")),
            _ => format!("{sign}{{{}/{}}}", over.join(" "), under.join(" ")),
        }
    }

    fn collect_factors(&self, inverse: bool, over: &mut Vec<String>, under: &mut Vec<String>, negative: &mut bool) {
        match self {
            Product(parts) => parts.iter().for_each(|part| part.collect_factors(inverse, over, under, negative)),
            Reciprocal(inner) => inner.collect_factors(!inverse, over, under, negative),
            Negative(inner) => {
                *negative = !*negative;
                inner.collect_factors(inverse, over, under, negative);
            }
            Number(digits) => match fraction(digits) {
                Some((top, bottom)) => {
                    let (top, bottom) = if inverse { (bottom, top) } else { (top, bottom) };
                    over.push(top.to_string());
                    under.push(bottom.to_string());
                }
                None => (if inverse { under } else { over }).push(digits.clone()),
            },
            Power(base, exponent) => match whole(exponent) {
                Some(power) => {
                    for _ in 0..power.unsigned_abs() {
                        base.collect_factors(inverse != (power < 0), over, under, negative);
                    }
                }
                None => (if inverse { under } else { over }).push(self.canonical()),
            },
            other => (if inverse { under } else { over }).push(other.canonical()),
        }
    }

    /// The value with a number for each letter, the same for the same letter; functions that are not known give some number of their parts.
    pub(super) fn value(&self, trial: u32) -> f64 {
        match self {
            Number(digits) => digits.parse().unwrap_or(f64::NAN),
            Symbol(name) if name == "π" => std::f64::consts::PI,
            Symbol(name) => some_number(name, trial),
            Sum(parts) => parts.iter().map(|part| part.value(trial)).sum(),
            Negative(inner) => -inner.value(trial),
            Product(parts) => parts.iter().map(|part| part.value(trial)).product(),
            Reciprocal(inner) => 1.0 / inner.value(trial),
            Power(base, exponent) => base.value(trial).powf(exponent.value(trial)),
            Applied(name, parts) => {
                let values: Vec<f64> = parts.iter().map(|part| part.value(trial)).collect();
                match (name.as_str(), values.as_slice()) {
                    ("sin", [x]) => x.sin(),
                    ("cos", [x]) => x.cos(),
                    ("tan", [x]) => x.tan(),
                    ("ln", [x]) => x.ln(),
                    // To which base a logarithm is, is often not said.
                    (name, [x]) if name == "lg" || name.starts_with("log") => x.log10(),
                    ("exp", [x]) => x.exp(),
                    _ => {
                        let parts = values.iter().enumerate().map(|(at, value)| value * (at as f64 + 1.7).sqrt());
                        some_number(name, trial) + parts.sum::<f64>().sin()
                    }
                }
            }
        }
    }

    /// Every letter and name that occurs.
    pub(super) fn symbols(&self, all: &mut Vec<String>) {
        match self {
            Number(_) => {}
            Symbol(name) => all.push(name.clone()),
            Negative(inner) | Reciprocal(inner) => inner.symbols(all),
            Power(base, exponent) => {
                base.symbols(all);
                exponent.symbols(all);
            }
            Sum(parts) | Product(parts) | Applied(_, parts) => parts.iter().for_each(|part| part.symbols(all)),
        }
    }
}

/// A capital, perhaps with an index or raised to something, or a function of one.
fn may_be_matrix(factor: &str) -> bool {
    let factor = factor.trim_start_matches(['(', '{', '+', '-']);
    let mut characters = factor.chars();
    characters.next().is_some_and(char::is_uppercase) && !factor.contains('[')
}

/// A whole exponent that is worth writing out.
fn whole(exponent: &Expression) -> Option<i32> {
    let power = match exponent {
        Number(digits) => digits.parse::<i32>().ok()?,
        Negative(inner) => -whole(inner)?,
        _ => return None,
    };
    (power != 0 && power.unsigned_abs() as usize <= MOST_FACTORS).then_some(power)
}

/// A decimal as a fraction in lowest terms.
fn fraction(digits: &str) -> Option<(i64, i64)> {
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if digits.len() > 12 {
        return None;
    }
    let (mut over, mut under) = (format!("{whole}{part}").parse::<i64>().ok()?, 10_i64.checked_pow(part.len() as u32)?);
    for prime in [2, 5] {
        while over % prime == 0 && under % prime == 0 && under > 1 {
            (over, under) = (over / prime, under / prime);
        }
    }
    Some((over, under))
}

/// A number between 0.3 and 2.3 that depends on nothing but the name and the trial.
fn some_number(name: &str, trial: u32) -> f64 {
    let hash = super::super::prepared::hash(name.as_bytes()) ^ u64::from(trial).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (hash ^ hash >> 31).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    0.3 + 2.0 * ((mixed >> 11) as f64 / (1_u64 << 53) as f64)
}
