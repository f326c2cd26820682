//! From what students have done to points: so many for each, at most so many together.

use serde_json::{Map, Value};

use crate::points::ONE;

/// What a fact is worth to a teacher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Id of the fact.
    pub fact: String,
    /// Points for one, in millionths.
    pub each: i64,
    /// The most that it can earn, in millionths.
    pub most: Option<i64>,
}

impl Rate {
    /// Points for an amount, both in millionths.
    pub fn points(&self, amount: i64) -> i64 {
        let product = i128::from(amount.max(0)) * i128::from(self.each) / i128::from(ONE);
        let points = i64::try_from(product).unwrap_or(i64::MAX);
        self.most.map_or(points, |most| points.min(most))
    }
}

/// How much of a fact, in millionths; what is no number is nothing.
pub fn amount(values: &Map<String, Value>, fact: &str) -> i64 {
    match values.get(fact) {
        Some(Value::Number(number)) => match number.as_i64() {
            Some(whole) => whole.saturating_mul(ONE),
            // A conversion from a float stays within bounds.
            None => number.as_f64().map_or(0, |part| (part * ONE as f64).round() as i64),
        },
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn points_follow_the_amount_up_to_the_most() {
        let rate = |each, most| Rate { fact: "duties".into(), each, most };
        assert_eq!(rate(2 * ONE, None).points(3 * ONE), 6 * ONE);
        assert_eq!(rate(2 * ONE, Some(5 * ONE)).points(3 * ONE), 5 * ONE);
        assert_eq!(rate(ONE / 2, None).points(ONE * 3 / 2), ONE * 3 / 4);
        assert_eq!(rate(ONE, None).points(-ONE), 0, "nobody loses points by a fact");
        assert_eq!(rate(10_000 * ONE, Some(ONE)).points(i64::MAX), ONE, "no amount is too large to count");
    }

    #[test]
    fn an_amount_is_a_number_or_nothing() {
        let values = json!({ "a": 3, "b": 1.5, "c": "7", "d": 1e300, "e": u64::MAX });
        let amount = |fact| amount(values.as_object().unwrap(), fact);
        assert_eq!(amount("a"), 3 * ONE);
        assert_eq!(amount("b"), ONE * 3 / 2);
        assert_eq!((amount("c"), amount("none")), (0, 0));
        assert_eq!((amount("d"), amount("e")), (i64::MAX, i64::MAX));
    }
}
