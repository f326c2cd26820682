use super::*;
use crate::cipher::signature;

const KEY: &str = "Zm9yVGVzdHNPbmx5Tm90QVJlYWxLZXkxMjM0NTY3ODl";

fn cipher() -> Cipher {
    Cipher::new(KEY, "wx0123456789abcdef").unwrap()
}

fn judged(body: &str, mode: Mode, format: Format) -> Result<Reply, &'static str> {
    let cipher = cipher();
    let expected = Expected { account: "gh_class", openid: "oFan", mode, format, token: "word", cipher: Some(&cipher) };
    read(body.as_bytes(), &expected).map_err(|problem| {
        assert_ne!(problem.to_string(), problem.key, "a sentence for it");
        problem.key
    })
}

fn with(inside: &str) -> String {
    format!(
        "<xml><ToUserName><![CDATA[oFan]]></ToUserName><FromUserName><![CDATA[gh_class]]></FromUserName>\
         <CreateTime>1772323200</CreateTime>{inside}</xml>"
    )
}

fn text(words: &str) -> String {
    with(&format!("<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{words}]]></Content>"))
}

fn sealed(inside: &str, signed: impl Fn(&str) -> String) -> String {
    let encrypted = cipher().encrypt(inside, [7; 16]);
    let signature = signed(&encrypted);
    format!(
        "<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>\
         <TimeStamp>1772323201</TimeStamp><Nonce><![CDATA[n1]]></Nonce></xml>"
    )
}

fn well_signed(encrypted: &str) -> String {
    signature(&["word", "1772323201", "n1", encrypted])
}

#[test]
fn good_answers_are_read() {
    for (body, reply) in [
        (String::new(), Reply::Nothing),
        ("success".to_owned(), Reply::Nothing),
        (text("你好 <b>&amp; ]]]]><![CDATA[>"), Reply::Text("你好 <b>&amp; ]]>".to_owned())),
        (with("<MsgType>text</MsgType><Content>1 &lt; 2 &#x4f60;</Content>"), Reply::Text("1 < 2 你".to_owned())),
        (
            with("<MsgType>image</MsgType><Image><MediaId>m1</MediaId></Image>"),
            Reply::Media { kind: "image".to_owned(), media: "m1".to_owned() },
        ),
        (
            with(
                "<MsgType>news</MsgType><ArticleCount>1</ArticleCount><Articles><item><Title>t</Title>\
                 <Description>d</Description><PicUrl>p</PicUrl><Url>u</Url></item></Articles>",
            ),
            Reply::News(vec![("t".to_owned(), "u".to_owned())]),
        ),
        (with("<MsgType>transfer_customer_service</MsgType>"), Reply::Transfer),
    ] {
        assert_eq!(judged(&body, Mode::Plain, Format::Xml), Ok(reply.clone()), "{body}");
        assert_eq!(judged(&body, Mode::Compat, Format::Xml), Ok(reply), "{body}");
    }
}

#[test]
fn each_mistake_is_named() {
    let good = text("好");
    for (body, key) in [
        ("Success".to_owned(), "problem-text-outside"),
        ("\"success\"".to_owned(), "problem-json"),
        ("{}".to_owned(), "problem-json"),
        (format!("\u{feff}{good}"), "problem-byte-order-mark"),
        (good.replace("</xml>", ""), "problem-not-closed"),
        (good.replace("xml>", "message>"), "problem-root"),
        (format!("{good}{good}"), "problem-root"),
        (good.replace("</Content>", ""), "problem-not-xml"),
        (format!("<!DOCTYPE x>{good}"), "problem-doctype"),
        (good.replace("<CreateTime>1772323200", "<CreateTime>&bomb;"), "problem-entity"),
        (good.replace("oFan", "oOther"), "problem-wrong-follower"),
        (good.replace("oFan", "gh_class"), "problem-not-swapped"),
        (good.replace("gh_class", "gh_other"), "problem-wrong-account"),
        (good.replace("1772323200", "2026-03-01"), "problem-create-time"),
        (good.replace("[text]", "[speech]"), "problem-message-type"),
        (text(""), "problem-empty"),
        (good.replace("MsgType>", "msgtype>"), "problem-missing"),
        (good.replace("<MsgType>", "<MsgType>text</MsgType><MsgType>"), "problem-twice"),
        (text(&"字".repeat(683)), "problem-text-too-long"),
        (with("<MsgType>voice</MsgType>"), "problem-missing"),
        (with("<MsgType>news</MsgType><ArticleCount>2</ArticleCount><Articles></Articles>"), "problem-articles"),
        (with(&"<a>".repeat(12)), "problem-too-deep"),
        (sealed(&good, well_signed), "problem-encrypted-in-plain-mode"),
    ] {
        assert_eq!(judged(&body, Mode::Plain, Format::Xml), Err(key), "{body}");
    }
    let expected =
        Expected { account: "g", openid: "o", mode: Mode::Plain, format: Format::Xml, token: "t", cipher: None };
    assert_eq!(read(b"<xml>\xff</xml>", &expected).unwrap_err().key, "problem-not-utf8");
}

#[test]
fn encrypted_answers_are_opened_and_their_signature_is_checked() {
    let good = text("好");
    let reply = Ok(Reply::Text("好".to_owned()));
    assert_eq!(judged(&sealed(&good, well_signed), Mode::Safe, Format::Xml), reply);
    assert_eq!(judged(&sealed(&good, well_signed), Mode::Compat, Format::Xml), reply);
    assert_eq!(judged("success", Mode::Safe, Format::Xml), Ok(Reply::Nothing));
    let url_signature = |_: &str| signature(&["word", "1772323201", "n1"]);
    for (body, key) in [
        (good.clone(), "problem-clear-in-safe-mode"),
        (sealed(&good, url_signature), "problem-signature-without-text"),
        (sealed(&good, |_| "0".repeat(40)), "problem-signature"),
        (sealed(&good, well_signed).replace("<Nonce><![CDATA[n1]]></Nonce>", ""), "problem-missing"),
        (sealed("not xml", well_signed), "problem-text-outside"),
    ] {
        assert_eq!(judged(&body, Mode::Safe, Format::Xml), Err(key), "{body}");
    }
    let foreign = Cipher::new(KEY, "wxffffffffffffffff").unwrap().encrypt(&good, [7; 16]);
    let body = format!(
        "<xml><Encrypt>{foreign}</Encrypt><MsgSignature>{}</MsgSignature><TimeStamp>1772323201</TimeStamp>\
         <Nonce>n1</Nonce></xml>",
        well_signed(&foreign)
    );
    assert_eq!(judged(&body, Mode::Safe, Format::Xml), Err("problem-encrypted-appid"));
}

#[test]
fn where_json_is_chosen_an_answer_may_be_json() {
    let body =
        r#"{"ToUserName":"oFan","FromUserName":"gh_class","CreateTime":1772323200,"MsgType":"text","Content":"好"}"#;
    assert_eq!(judged(body, Mode::Plain, Format::Json), Ok(Reply::Text("好".to_owned())));
    assert_eq!(judged(&text("好"), Mode::Plain, Format::Json), Ok(Reply::Text("好".to_owned())));
    assert_eq!(judged("\"success\"", Mode::Plain, Format::Json), Err("problem-json-object"));
    assert_eq!(judged("{\"ToUserName\":", Mode::Plain, Format::Json), Err("problem-not-json"));
}
