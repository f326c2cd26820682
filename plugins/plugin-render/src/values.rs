//! What sentences get.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_bundle::FluentValue;
use serde_json::{Map, Value as Json};
use tera::Kwargs;

/// What a sentence gets.
pub type Values = HashMap<Cow<'static, str>, FluentValue<'static>>;

/// The same from arguments as they travel.
pub(crate) fn travelled(arguments: &Map<String, Json>) -> Values {
    let one = |(name, found): (&String, &Json)| {
        let text = found.as_str().map_or_else(|| found.to_string(), str::to_owned);
        (Cow::Owned(name.replace('_', "-")), value(&text))
    };
    arguments.iter().map(one).collect()
}

/// What a sentence gets: a number where the text is how that number is written, so that plurals fit; else the text (`007`).
pub fn value(text: &str) -> FluentValue<'static> {
    match FluentValue::try_number(text) {
        FluentValue::Number(number) if number.as_string() == text => FluentValue::Number(number),
        _ => FluentValue::from(text.to_owned()),
    }
}

/// What a sentence gets from a call of `t`: everything but its key, with `-` for `_` in the names.
pub fn values(arguments: &Kwargs) -> Values {
    let mut values = HashMap::new();
    for (name, found) in arguments.iter() {
        let Some(name) = name.as_str().filter(|name| *name != "key") else { continue };
        let found = if let Some(number) = found.as_i64() {
            FluentValue::from(number)
        } else if let Some(number) = found.as_f64() {
            FluentValue::from(number)
        } else {
            value(&found.to_string())
        };
        values.insert(name.replace('_', "-").into(), found);
    }
    values
}
