//! Key terms (主要知识点): the definition list of a chapter, and marking a term where the text first uses it.

use std::collections::HashSet;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};
use regex::Regex;

use super::heading::word_anchor;
use super::model::Term;
use crate::markdown::{Located, attribute, body_text};

/// Finds terms in running text.
pub(super) struct Marker {
    terms: Vec<Term>,
    pattern: Option<Regex>,
    /// Terms already marked in this section.
    seen: HashSet<usize>,
}

impl Marker {
    pub(super) fn new(terms: &[Term]) -> Self {
        // Of two terms that start at the same place the longer one wins, so longer ones come first.
        let mut names: Vec<&str> =
            terms.iter().map(|term| term.name.as_str()).filter(|name| name.chars().count() > 1).collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let alternatives: Vec<String> = names.iter().map(|name| regex::escape(name)).collect();
        let pattern =
            (!alternatives.is_empty()).then(|| Regex::new(&format!("(?i){}", alternatives.join("|"))).ok()).flatten();
        Self { terms: terms.to_vec(), pattern, seen: HashSet::new() }
    }

    /// A new section starts: every term is marked again once.
    pub(super) fn start_section(&mut self) {
        self.seen.clear();
    }

    /// The text as HTML with the first use of each term linked to its definition; `None` when there is none.
    pub(super) fn mark(&mut self, text: &str) -> Option<String> {
        let pattern = self.pattern.as_ref()?;
        let mut html = String::new();
        let mut done = 0;
        for found in pattern.find_iter(text) {
            let name = found.as_str().to_lowercase();
            let Some(index) = self.terms.iter().position(|term| term.name.to_lowercase() == name) else { continue };
            if !stands_alone(text, found.start(), found.end()) || !self.seen.insert(index) {
                continue;
            }
            html.push_str(&body_text(&text[done..found.start()]));
            html.push_str("<a class=\"term\" href=\"#");
            html.push_str(&attribute(&self.terms[index].anchor));
            html.push_str("\">");
            html.push_str(&body_text(found.as_str()));
            html.push_str("</a>");
            done = found.end();
        }
        (done > 0).then(|| html + &body_text(&text[done..]))
    }
}

/// Whether no Latin word is cut: `AI` is not in `AIDA`.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let cut = |left: Option<char>, right: Option<char>| {
        left.zip(right).is_some_and(|(left, right)| left.is_ascii_alphanumeric() && right.is_ascii_alphanumeric())
    };
    !cut(text[..start].chars().next_back(), text[start..].chars().next())
        && !cut(text[..end].chars().next_back(), text[end..].chars().next())
}

/// The terms of a definition list, wherever it stands in these events.
pub(super) fn collect(events: &[Located<'_>]) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    let mut text = String::new();
    let mut open: Vec<usize> = Vec::new();
    for (event, _) in events {
        match event {
            Event::Start(Tag::DefinitionListTitle | Tag::DefinitionListDefinition) => text.clear(),
            Event::Text(part) | Event::Code(part) => text.push_str(part),
            Event::End(TagEnd::Paragraph | TagEnd::Item) | Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(TagEnd::DefinitionListTitle) => {
                if terms.last().is_some_and(|term| !term.definition.is_empty()) {
                    open.clear();
                }
                let name = text.split(['（', '(']).next().unwrap_or(&text).trim();
                let name = if name.is_empty() { text.trim() } else { name };
                open.push(terms.len());
                terms.push(Term {
                    name: name.to_owned(),
                    definition: String::new(),
                    anchor: word_anchor("term", name),
                });
            }
            Event::End(TagEnd::DefinitionListDefinition) => {
                for index in &open {
                    let definition = &mut terms[*index].definition;
                    if !definition.is_empty() {
                        definition.push('\n');
                    }
                    definition.push_str(text.trim());
                }
            }
            _ => {}
        }
    }
    terms
}

/// The opening tag of a term's title.
pub(super) fn title_tag(term: &Term) -> CowStr<'static> {
    format!("<dt id=\"{}\">", attribute(&term.anchor)).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::parse;

    fn term(name: &str) -> Term {
        Term { name: name.to_owned(), definition: "义".to_owned(), anchor: word_anchor("term", name) }
    }

    #[test]
    fn a_definition_list_is_read() {
        let terms = collect(&parse("私域流量（private traffic）\n: 属于**自己**的\n  用户。\n\nAIDA\n: 四步。\n"));
        assert_eq!(terms.len(), 2);
        assert_eq!((terms[0].name.as_str(), terms[0].anchor.as_str()), ("私域流量", "term-私域流量"));
        assert_eq!(terms[0].definition, "属于自己的 用户。");
        assert_eq!(terms[1].definition, "四步。");
    }

    #[test]
    fn the_first_use_in_a_section_is_linked_and_the_longer_term_wins() {
        let mut marker = Marker::new(&[term("微信"), term("企业微信"), term("AI")]);
        assert_eq!(
            marker.mark("企业微信和微信，微信。").as_deref(),
            Some(
                "<a class=\"term\" href=\"#term-企业微信\">企业微信</a>和<a class=\"term\" href=\"#term-微信\">微信</a>，微信。"
            )
        );
        assert_eq!(marker.mark("又是微信"), None);
        marker.start_section();
        assert!(marker.mark("又是微信<b>").expect("marked again").ends_with("</a>&lt;b&gt;"));
        assert_eq!(marker.mark("AIDA模型"), None);
        assert!(marker.mark("用ai写").is_some());
    }

    #[test]
    fn without_terms_nothing_is_marked() {
        assert_eq!(Marker::new(&[]).mark("微信"), None);
    }
}
