use plugin_protocol::op::Notice;
use serde_json::json;

use super::*;

fn manifest(templates: Json) -> Manifest {
    serde_json::from_value(json!({
        "id": "notes", "version": "0.1.0", "title": { "zh": "笔记", "en": "Notes" },
        "templates": templates,
        "locales": {
            "zh-CN": "hello = 你好,{ $name }\nnotes = 笔记",
            "en": "hello = Hello { $name }\nnotes = Notes\ncount = { $n ->\n   [one] one note\n  *[other] { $n } notes\n }"
        },
        "assets": { "look.css": { "content_type": "text/css", "body": { "text": "p {}" } } },
    }))
    .unwrap()
}

fn request(language: &str, input: Json) -> Vec<u8> {
    let context = json!({ "now": "2026-10-12T00:00:00Z", "language": language, "base": "/classes/7/tools/notes" });
    serde_json::to_vec(&json!({ "context": context, "input": input })).unwrap()
}

fn page(template: &str, language: &str, values: Json) -> Result<(String, String), Failure> {
    let renderer = Renderer::new(&manifest(json!({ "a.html": template })));
    let reply = json!({ "kind": "view", "template": "a.html", "values": values, "title": "notes" });
    let reply = serde_json::to_vec(&reply).unwrap();
    let (code, bytes) = renderer.finish(Op::Http as u32, 0, reply, &request(language, Json::Null));
    match serde_json::from_slice(&bytes) {
        Ok(Response::Rendered { html, title, .. }) if code == 0 => Ok((html, title)),
        _ => Err(Failure::from_bytes(Code::from_number(code).unwrap(), &bytes)),
    }
}

#[test]
fn values_are_escaped_and_words_are_the_plugins_own() {
    let template = r#"{{ t(key="hello", name=who) }} {{ url(path="/x") }} {{ asset(name="look.css") }} {{ t(key="layout-cancel") }}"#;
    let (html, title) = page(template, "zh-CN", json!({ "who": "<script>" })).unwrap();
    assert!(html.starts_with("你好,&lt;script&gt; /classes/7/tools/notes/x /tools/notes/"), "{html}");
    assert!(html.ends_with("取消"), "the site's words too: {html}");
    assert_eq!(title, "笔记");
    let (html, title) = page(r#"{{ t(key="count", n=1) }} {{ t(key="count", n=3) }}"#, "en", Json::Null).unwrap();
    assert_eq!((html.as_str(), title.as_str()), ("one note 3 notes", "Notes"));
}

#[test]
fn the_sites_components_are_there() {
    let (html, _) = page(r#"{{ <button label="OK" kind="quiet" /> }}"#, "en", Json::Null).unwrap();
    assert_eq!(html.trim(), r#"<button class="button is-quiet" type="submit">OK</button>"#);
}

#[test]
fn a_broken_template_says_where() {
    let failure = page("{{ missing.deep }}", "en", Json::Null).unwrap_err();
    assert_eq!((failure.code, failure.place.as_deref()), (Code::PluginError, Some("templates/a.html")));
    let failure = page("{% if %}", "en", Json::Null).unwrap_err();
    assert!(failure.message.contains("a.html"), "{failure:?}");
    let failure = page("x", "en", json!([1])).unwrap_err();
    assert!(failure.message.contains("object"), "{failure:?}");
    assert!(Renderer::new(&manifest(json!({ "b.html": "{% for %}" }))).check().is_err());
}

#[test]
fn failures_and_notices_are_put_into_words() {
    let renderer = Renderer::new(&manifest(json!({})));
    let mut failure = Failure::new(Code::BadRequest, "");
    failure.key = Some("hello".into());
    failure.arguments.insert("name".into(), "A".into());
    let (code, bytes) = renderer.finish(Op::Http as u32, 1, failure.to_bytes(), &request("en", Json::Null));
    let shown = Failure::from_bytes(Code::BadRequest, &bytes);
    assert_eq!((code, shown.message.as_str(), shown.key), (1, "Hello A", None));

    let notice = Notice { kind: "success".into(), text: "notes".into(), arguments: serde_json::Map::new() };
    let reply = bytes_of(&Response::Redirect { to: "/".into(), notice: Some(notice) });
    let (_, bytes) = renderer.finish(Op::Http as u32, 0, reply, &request("zh-CN", Json::Null));
    assert!(String::from_utf8(bytes).unwrap().contains("笔记"));
}

#[test]
fn what_is_no_view_stays_as_it_is() {
    let renderer = Renderer::new(&manifest(json!({})));
    let reply = b"{\"any\":1}".to_vec();
    assert_eq!(renderer.finish(Op::Service as u32, 0, reply.clone(), b"junk"), (0, reply.clone()));
    let (code, _) = renderer.finish(Op::Http as u32, 0, reply, &request("en", Json::Null));
    assert_eq!(code, Code::PluginError.number(), "an answer that is none is the plugin's fault");
}

fn bytes_of(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}
