//! The answer page of a question: anybody with its address reads the answers, and nothing about anybody.

use plugin_sdk::prelude::*;

use crate::clock;
use crate::conversation::case::{self, Case};
use crate::conversation::message;

/// The address of a question's answer page, where people can reach the site.
pub fn link_of(host: &Host, case: &Case) -> Option<String> {
    let (site, base) = (host.context().site.trim_end_matches('/'), &host.context().base);
    let slug = case.slug.as_ref()?;
    (!site.is_empty()).then(|| format!("{site}{base}/a/{slug}"))
}

/// The same, by the question's id.
pub fn link(host: &Host, question: Uuid) -> Result<Option<String>> {
    Ok(link_of(host, &case::find(host, question)?))
}

/// The page.
pub fn show(host: &Host, slug: &str) -> Result<Response> {
    let case = case::of_slug(host, slug)?;
    let messages = message::of_case(host, case.id)?;
    let is_answer = |message: &&message::Message| message.kind == "answer";
    let answers: Vec<_> = messages
        .iter()
        .filter(is_answer)
        .map(|message| {
            json!({
                "text": message.text,
                "at": clock::shown(message.at, host.now()),
                "is_automatic": message.author == "faq",
            })
        })
        .collect();
    let values = json!({ "answers": answers, "state": case.state, "asked": clock::shown(case.at, host.now()) });
    Ok(page("answer.html", values).title("answer-page"))
}
