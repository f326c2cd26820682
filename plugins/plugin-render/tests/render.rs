//! Templates and words of a plugin on a small site.

#![allow(missing_docs, clippy::unwrap_used)]

use fluent_bundle::FluentValue;
use plugin_protocol::manifest::Manifest;
use plugin_protocol::op::{Notice, Op, Response};
use plugin_protocol::{Code, Failure};
use plugin_render::{Renderer, Site, problems};
use serde::Serialize;
use serde_json::{Value as Json, json};

const SITE: Site = Site {
    components: || {
        let button = "{% component button(label: string) -%}<button>{{ label }}</button>{%- endcomponent button %}";
        vec![("components/form.html".into(), button.into())]
    },
    sentence: |tag, key, values| match key {
        "cancel" => Some(if tag == "en" { "Cancel" } else { "取消" }.into()),
        "plugin-field-required" => Some(match &values["field"] {
            FluentValue::String(text) => format!("{text} is missing"),
            other => panic!("{other:?} is no text"),
        }),
        _ => None,
    },
    asset: |manifest, name| manifest.assets.contains_key(name).then(|| format!("/files/{name}")),
};

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

fn renderer(templates: Json) -> Renderer {
    Renderer::new(&manifest(templates), SITE)
}

fn request(language: &str, input: Json) -> Vec<u8> {
    let context = json!({ "now": "2026-10-12T00:00:00Z", "language": language, "base": "/classes/7/tools/notes" });
    serde_json::to_vec(&json!({ "context": context, "input": input })).unwrap()
}

fn page(template: &str, language: &str, values: Json) -> Result<(String, String), Failure> {
    let renderer = renderer(json!({ "a.html": template }));
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
    let template =
        r#"{{ t(key="hello", name=who) }} {{ url(path="/x") }} {{ asset(name="look.css") }} {{ t(key="cancel") }}"#;
    let (html, title) = page(template, "zh-CN", json!({ "who": "<script>" })).unwrap();
    assert!(html.starts_with("你好,&lt;script&gt; /classes/7/tools/notes/x /files/look.css"), "{html}");
    assert!(html.ends_with("取消"), "the site's words too: {html}");
    assert_eq!(title, "笔记");
    let (html, title) = page(r#"{{ t(key="count", n=1) }} {{ t(key="count", n=3) }}"#, "en", Json::Null).unwrap();
    assert_eq!((html.as_str(), title.as_str()), ("one note 3 notes", "Notes"));
}

#[test]
fn the_sites_components_are_there() {
    let (html, _) = page(r#"{{ <button label="OK" /> }}"#, "en", Json::Null).unwrap();
    assert_eq!(html.trim(), r#"<button>OK</button>"#);
}

#[test]
fn a_broken_template_says_where() {
    let failure = page("{{ missing.deep }}", "en", Json::Null).unwrap_err();
    assert_eq!((failure.code, failure.place.as_deref()), (Code::PluginError, Some("templates/a.html")));
    let failure = page("{% if %}", "en", Json::Null).unwrap_err();
    assert!(failure.message.contains("a.html"), "{failure:?}");
    let failure = page("x", "en", json!([1])).unwrap_err();
    assert!(failure.message.contains("object"), "{failure:?}");
    assert!(renderer(json!({ "b.html": "{% for %}" })).check().is_err());
}

#[test]
fn failures_and_notices_are_put_into_words() {
    let renderer = renderer(json!({}));
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
    let renderer = renderer(json!({}));
    let reply = b"{\"any\":1}".to_vec();
    assert_eq!(renderer.finish(Op::Service as u32, 0, reply.clone(), b"junk"), (0, reply.clone()));
    let (code, _) = renderer.finish(Op::Http as u32, 0, reply, &request("en", Json::Null));
    assert_eq!(code, Code::PluginError.number(), "an answer that is none is the plugin's fault");
}

#[test]
fn a_refusal_names_the_field_as_its_label_does() {
    let mut manifest = manifest(json!({}));
    manifest.locales.insert("en".into(), "field-full-name = Your name\ntoo-long = { $field }: { $most }".into());
    let renderer = Renderer::new(&manifest, SITE);
    let refused = |key: &str, field: &str| {
        let mut failure = Failure::new(Code::BadRequest, "").at(field);
        failure.key = Some(key.into());
        failure.arguments.insert("most".into(), 3.into());
        let (_, bytes) = renderer.finish(Op::Http as u32, 1, failure.to_bytes(), &request("en", Json::Null));
        Failure::from_bytes(Code::BadRequest, &bytes).message
    };
    assert_eq!(refused("plugin-field-required", "full_name"), "Your name is missing");
    assert_eq!(refused("plugin-field-required", "age"), "age is missing", "it has no label of its own");
    assert_eq!(refused("too-long", "full_name"), "Your name: 3");
}

#[test]
fn words_that_are_used_are_there() {
    let mut manifest = manifest(json!({
        "a.html": r#"{{ t(key="hello") }} {{ t(key="cancel") }} {{ t(key="post-" ~ post) }} {{ t(key=why) }}"#,
    }));
    assert_eq!(
        problems(&manifest, SITE),
        ["locales/zh-CN.ftl: no sentence count", "templates/a.html: no sentence begins with post- in locales/"]
    );
    for tag in ["zh-CN", "en"] {
        manifest.locales.insert(tag.into(), "hello = x\npost-cleaning = y".into());
    }
    assert_eq!(problems(&manifest, SITE), [""; 0]);
    manifest.templates.insert("b.html".into(), r#"{{ t(key="gone", n=1) }}"#.into());
    assert_eq!(problems(&manifest, SITE), ["templates/b.html: no sentence gone in locales/"]);
    manifest.locales.insert("en".into(), "hello = x\n= y".into());
    assert!(problems(&manifest, SITE).iter().any(|problem| problem.starts_with("locales/en.ftl: ")));
}

fn bytes_of(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

#[test]
fn an_address_is_below_the_tool_and_its_first_page_has_no_slash() {
    let below = |path| plugin_render::below("/classes/7/tools/wishes", path);
    assert_eq!(below("/"), "/classes/7/tools/wishes");
    assert_eq!(below("/?day=2026-10-12#enter"), "/classes/7/tools/wishes?day=2026-10-12#enter");
    assert_eq!(below("/#end"), "/classes/7/tools/wishes#end");
    assert_eq!(below("/days?all=true"), "/classes/7/tools/wishes/days?all=true");
}
