//! How long ago something was, in the largest unit that fits.

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

/// For a template: a key, and its number.
pub fn shown(from: DateTime<Utc>, to: DateTime<Utc>) -> Value {
    let minutes = (to - from).num_minutes().max(0);
    let (word, count) = match minutes {
        0..60 => ("age-minutes", minutes),
        60..1_440 => ("age-hours", minutes / 60),
        _ => ("age-days", minutes / 1_440),
    };
    json!({ "word": word, "count": count })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_in_the_largest_unit_that_fits() {
        let start = DateTime::UNIX_EPOCH;
        let cases = [
            (-1, "age-minutes", 0),
            (59, "age-minutes", 59),
            (60, "age-hours", 1),
            (1_439, "age-hours", 23),
            (1_440, "age-days", 1),
            (4_000, "age-days", 2),
        ];
        for (minutes, word, count) in cases {
            let age = shown(start, start + TimeDelta::minutes(minutes));
            assert_eq!(age, json!({ "word": word, "count": count }), "{minutes}");
        }
    }
}
