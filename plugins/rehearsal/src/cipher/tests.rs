//! Vectors made for these tests; `tests/peers` has an independent implementation read and write the same.

use super::*;

const KEY: &str = "Zm9yVGVzdHNPbmx5Tm90QVJlYWxLZXkxMjM0NTY3ODl";
const APPID: &str = "wx0123456789abcdef";
const RANDOM: [u8; 16] = *b"0123456789abcdef";

fn cipher() -> Cipher {
    Cipher::new(KEY, APPID).unwrap()
}

#[test]
fn a_signature_sorts_joins_and_hashes() {
    assert_eq!(signature(&["a", "b", "c"]), "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_eq!(signature(&["c", "a", "b"]), "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_eq!(
        signature(&["class_token_2026", "1772323200", "1320562132"]),
        "b1adf6c288e9283376a6396f143f46ed33593cad"
    );
}

#[test]
fn a_message_is_encrypted_as_the_platform_does_it() {
    let plain = "<xml><ToUserName><![CDATA[gh_class2026]]></ToUserName><FromUserName>\
        <![CDATA[oFan0000000000000000000000A7]]></FromUserName><CreateTime>1772323200</CreateTime>\
        <MsgType><![CDATA[text]]></MsgType><Content><![CDATA[aaaa]]></Content><MsgId>24680135790000001</MsgId></xml>";
    let encrypted = cipher().encrypt(plain, RANDOM);
    assert!(encrypted.starts_with("aZxPzmKLLYrUoI91Ior9iSK5lqEjq/SM0CIRPaGGR7lfNqSYnmCvkmBD3sHQ"), "{encrypted}");
    assert!(encrypted.ends_with("ebVDbaeqcL9A3AkxUMOfhBZa5zpBBRGDUG8=") || encrypted.ends_with("BBRGDUG8="));
    assert_eq!(
        signature(&["class_token_2026", "1772323200", "1320562132", &encrypted]),
        "a2cbcc24aef3153dd719c9ac56a54281545bfb09"
    );
    assert_eq!(cipher().decrypt(&encrypted).unwrap(), plain);
}

#[test]
fn every_length_of_filling_survives() {
    for length in 0..70 {
        let text = "字".repeat(length / 3) + &"a".repeat(length % 3);
        assert_eq!(cipher().decrypt(&cipher().encrypt(&text, RANDOM)).unwrap(), text);
    }
}

#[test]
fn what_was_not_made_for_this_account_is_refused() {
    let other = Cipher::new(KEY, "wxffffffffffffffff").unwrap();
    assert_eq!(cipher().decrypt(&other.encrypt("hello", RANDOM)), Err(Broken::Appid));
    assert_eq!(cipher().decrypt("not base64!"), Err(Broken::Base64));
    assert_eq!(cipher().decrypt("AAAA"), Err(Broken::Length));
    assert_eq!(cipher().decrypt(""), Err(Broken::Length));
    // Fillings of 0 and of 33, and a length inside that goes beyond the end.
    for (encrypted, why) in [
        ("aZxPzmKLLYrUoI91Ior9iUyP0si/MqPFFmldgwS7oMcP+WPI7kVwTBo0EWXtYOkUXEoIW8hP3PzrKLDsQ4DG+w==", Broken::Padding),
        ("aZxPzmKLLYrUoI91Ior9iUyP0si/MqPFFmldgwS7oMe8rbgKBN0SImQC97831AhlbGL7AT8/jj9Myr85megOkA==", Broken::Padding),
        ("aZxPzmKLLYrUoI91Ior9iZBHmgf10+i+TSjC5ZkkpJYV7ZkYQZwo8VxpAw+t+R7ln1DdFIP8NnA9Uc+TjifdnA==", Broken::Inside),
    ] {
        assert_eq!(cipher().decrypt(encrypted), Err(why), "{encrypted}");
    }
}

#[test]
fn a_key_says_what_is_wrong_with_it() {
    assert_eq!(Cipher::new("short", APPID).err(), Some(BadKey::Length(5)));
    let key = KEY.replacen('y', "-", 1);
    assert_eq!(Cipher::new(&key, APPID).err(), Some(BadKey::Character(4)));
}
