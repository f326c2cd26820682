use plugin_protocol::context::Context;
use plugin_protocol::op::View;
use serde_json::json;

use super::*;

#[test]
fn a_plugin_has_the_components_words_and_files_of_this_site() {
    let template = r#"{{ <button label={t(key="layout-cancel")} kind="quiet" /> }}{{ asset(name="look.css") }} {{ asset(name="style.css") }}"#;
    let manifest: Manifest = serde_json::from_value(json!({
        "id": "notes", "version": "0.1.0", "title": { "zh": "笔记", "en": "Notes" },
        "templates": { "a.html": template },
        "assets": { "look.css": { "content_type": "text/css", "body": { "text": "p {}" } } },
    }))
    .unwrap();
    assert_eq!(plugin_render::problems(&manifest, SITE), [""; 0]);
    let context = json!({ "now": "2026-10-12T00:00:00Z", "language": "zh-CN", "base": "/classes/7/tools/notes" });
    let context: Context = serde_json::from_value(context).unwrap();
    let view = View { template: "a.html".into(), ..View::default() };
    let html = Renderer::new(&manifest).view(&context, &view).unwrap().html;
    let beginning = r#"<button class="button is-quiet" type="submit">取消</button>/tools/notes/"#;
    assert!(html.starts_with(beginning) && html.contains("/static/"), "{html}");
}

#[test]
fn the_refusals_of_forms_have_words_in_both_languages() {
    for key in ["plugin-field-required", "plugin-field-unreadable"] {
        for tag in plugin_render::LANGUAGES {
            let values = [("field".into(), "X".into())].into();
            let sentence = (SITE.sentence)(tag, key, &values);
            assert!(sentence.is_some_and(|sentence| sentence.contains('X')), "{key} in {tag}");
        }
    }
}
