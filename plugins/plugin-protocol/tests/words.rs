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

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Boolean),
        any::<i64>().prop_map(Value::Integer),
        // Up to fifteen digits: what shares and averages look like.
        (-(1i64 << 38)..1 << 38).prop_map(|eighths| Value::Number(eighths as f64 / 8.0)),
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

    /// JSON's reader may miss the last bit of a number with more than fifteen digits.
    #[test]
    fn a_number_comes_back_but_for_its_last_bit(number in prop::num::f64::NORMAL) {
        let Value::Number(back) = there_and_back(&Value::Number(number)) else { panic!("no number") };
        prop_assert!((back / number - 1.0).abs() <= f64::EPSILON, "{number} {back}");
    }

    #[test]
    fn a_body_comes_back_as_it_was(bytes in any::<Vec<u8>>()) {
        let body = Body::new(bytes.clone());
        prop_assert_eq!(there_and_back(&body).into_bytes(), bytes);
    }
}
