//! Codes, failures, values and bodies survive the way through JSON.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;

use chrono::DateTime;
use plugin_protocol::body::Body;
use plugin_protocol::code::CODES;
use plugin_protocol::host::HOST_OPS;
use plugin_protocol::op::OPS;
use plugin_protocol::value::Value;
use plugin_protocol::{Code, Failure};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

fn there_and_back<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_slice(&serde_json::to_vec(value).unwrap()).unwrap()
}

#[test]
fn every_number_and_name_stands_for_one_thing() {
    assert!(CODES.iter().all(|code| Code::from_number(code.number()) == Some(*code)));
    let names: BTreeSet<_> = CODES.iter().map(|code| code.name()).collect();
    assert_eq!(names.len(), CODES.len());
    assert_eq!(OPS.map(|op| op as u32).to_vec(), (1..=12).collect::<Vec<_>>(), "numbers never change");
    assert_eq!(HOST_OPS.map(|op| op as u32).to_vec(), (1..=11).collect::<Vec<_>>(), "numbers never change");
    let names: BTreeSet<_> = OPS.iter().map(|op| op.name()).collect();
    assert_eq!(names.len(), OPS.len());
}

#[test]
fn a_number_is_the_same_on_the_other_side_to_the_last_bit() {
    for number in [0.1 + 0.2, 1.0 / 3.0, -0.0, f64::MIN_POSITIVE, f64::MAX, 5e-324, 9_007_199_254_740_993.0, 1e21, 2.0]
    {
        let Value::Number(found) = there_and_back(&Value::Number(number)) else { panic!("{number} is another kind") };
        assert_eq!(found.to_bits(), number.to_bits(), "{number:e}");
    }
    // One of those that a quick reading of decimals misses by the last bit.
    let tricky = 51.248_179_010_055_06;
    assert_eq!(there_and_back(&Value::Number(tricky)), Value::Number(tricky));
    // What is no number has no JSON.
    assert_eq!(there_and_back(&Value::Number(f64::NAN)), Value::Null);
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Boolean),
        any::<i64>().prop_map(Value::Integer),
        any::<u64>()
            .prop_map(f64::from_bits)
            .prop_filter("JSON has no others", |n| n.is_finite())
            .prop_map(Value::Number),
        any::<String>().prop_map(Value::Text),
        any::<u128>().prop_map(|number| Value::Uuid { uuid: Uuid::from_u128(number) }),
        (-60_000_000_000i64..200_000_000_000, 0..1_000_000u32).prop_map(|(seconds, micros)| Value::Time {
            time: DateTime::from_timestamp(seconds, micros * 1_000).unwrap()
        }),
        any::<Vec<u8>>().prop_map(|bytes| Value::Bytes { bytes }),
    ]
}

proptest! {
    #[test]
    fn a_plugin_never_returns_a_code_of_the_hosts(number in any::<i32>()) {
        let code = Code::from_plugin(number);
        prop_assert!(code.number() < 100);
        prop_assert!(code.number() == number || code == Code::PluginError);
        prop_assert!((200..600).contains(&code.status()));
    }

    #[test]
    fn a_failure_comes_back_as_it_was(
        code in prop::sample::select(CODES.to_vec()), message in any::<String>(),
        place in any::<Option<String>>(), key in any::<Option<String>>(),
    ) {
        let place = place.map(Into::into);
        let failure = Failure { place, key: key.map(Into::into), ..Failure::new(code, message) };
        prop_assert_eq!(&there_and_back(&failure), &failure);
        prop_assert_eq!(&Failure::from_bytes(code, &failure.to_bytes()), &failure);
    }

    /// The code decides, whatever the bytes say.
    #[test]
    fn bytes_that_are_no_failure_keep_the_code(bytes in any::<Vec<u8>>()) {
        prop_assert_eq!(Failure::from_bytes(Code::Denied, &bytes).code, Code::Denied);
    }

    #[test]
    fn a_value_comes_back_as_it_was(value in value()) {
        prop_assert_eq!(there_and_back(&value), value);
    }

    #[test]
    fn a_body_comes_back_as_it_was(bytes in any::<Vec<u8>>()) {
        let body = Body::new(bytes.clone());
        prop_assert_eq!(there_and_back(&body).into_bytes(), bytes);
    }
}
