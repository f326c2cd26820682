//! The allow-list: what may stand in HTML made from Markdown. No scripts, styles, vector graphics, forms or frames.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

static ALLOWED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from([
            "a",
            "blockquote",
            "br",
            "code",
            "dd",
            "del",
            "details",
            "div",
            "dl",
            "dt",
            "em",
            "figcaption",
            "figure",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "img",
            "li",
            "ol",
            "p",
            "pre",
            "section",
            "span",
            "strong",
            "summary",
            "sup",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ]))
        .clean_content_tags(HashSet::from([
            "script", "style", "svg", "math", "template", "noscript", "iframe", "object",
        ]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "id", "rel", "role"])),
            ("div", HashSet::from(["id", "tabindex"])),
            ("dt", HashSet::from(["id"])),
            ("h2", HashSet::from(["id"])),
            ("h3", HashSet::from(["id"])),
            ("h4", HashSet::from(["id"])),
            ("img", HashSet::from(["alt", "decoding", "height", "loading", "src", "width"])),
            ("ol", HashSet::from(["start"])),
            ("th", HashSet::from(["scope"])),
        ]))
        .allowed_classes(HashMap::from([
            ("a", HashSet::from(["heading-number", "term"])),
            ("details", HashSet::from(["qa"])),
            ("div", HashSet::from(["qa-answer", "table-scroll"])),
            ("dl", HashSet::from(["terms"])),
            ("section", HashSet::from(["summary"])),
            ("sup", HashSet::from(["footnote-reference"])),
            ("td", HashSet::from(["center", "number"])),
            ("th", HashSet::from(["center", "number"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .strip_comments(true);
    builder
});

/// HTML with everything taken out that is not allowed.
pub(super) fn clean(html: &str) -> String {
    ALLOWED.clean(html).to_string()
}

/// Whether elements of this name may stand in the HTML.
#[cfg(test)]
pub(super) fn is_allowed(tag: &str) -> bool {
    ALLOWED.clone_tags().contains(tag)
}
