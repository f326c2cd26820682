//! What a student adds to the class's project, in words: the sum and the facts behind it.

use serde::Serialize;

use crate::error::Message;
use crate::points;
use crate::store::project::{Counted, OfStudent};
use crate::view::View;

/// A student's own share for a template.
#[derive(Clone, Debug, Serialize)]
pub struct ShareView {
    /// The class's points and the student's, and what they make together.
    pub sum: String,
    /// One line a fact.
    pub lines: Vec<String>,
}

/// A student's own share; none: none was given.
pub fn share(view: &View, of: &OfStudent) -> Option<ShareView> {
    let (own, together) = (of.own?, of.points()?);
    let key = match of.project.points {
        None => "project-share-alone",
        Some(class) if class.saturating_add(own) > together => "project-share-most",
        Some(_) => "project-share-sum",
    };
    let sum = Message::new(key)
        .with("class", points::exact(of.project.points.unwrap_or_default()))
        .with("own", points::exact(own))
        .with("total", points::exact(together));
    let lines = of.facts.iter().map(|fact| view.sentence(&line(fact, view.language().tag()))).collect();
    Some(ShareView { sum: view.sentence(&sum), lines })
}

/// How a fact earned its points.
pub fn line(fact: &Counted, language: &str) -> Message {
    let is_most = fact.most == Some(fact.points);
    Message::new(if is_most { "project-share-line-most" } else { "project-share-line" })
        .with("tool", fact.tool.in_language(language))
        .with("fact", fact.title.in_language(language))
        .with("amount", points::exact(fact.amount))
        .with("each", points::exact(fact.each))
        .with("points", points::exact(fact.points))
}
