//! Every automatic reply, to be confirmed or corrected.

use plugin_sdk::prelude::*;

use super::inbox;
use crate::clock;
use crate::conversation::message::{self, Message};
use crate::conversation::{case, state};
use crate::duty;
use crate::faq::pair;

/// The list.
pub fn list(host: &Host) -> Result<Response> {
    let replies = message::automatic(host)?;
    let ids: Vec<Uuid> = replies.iter().map(|message| message.question).collect();
    let cases = case::of_ids(host, &ids)?;
    let one = |message: &Message| {
        let case = cases.iter().find(|case| case.id == message.question);
        json!({
            "id": message.id,
            "question": message.question,
            "asked": case.map(|case| case.text.as_str()),
            "state": case.map(|case| case.state.as_str()),
            "rating_word": case.and_then(|case| case.rating).map(|grade| format!("rating-{grade}")),
            "text": message.text,
            "at": clock::shown(message.at, host.now()),
        })
    };
    let values = json!({
        "replies": replies.iter().map(one).collect::<Vec<_>>(),
        "is_on": host.setting("auto_reply").unwrap_or(true),
        "is_open": !host.class()?.archived,
    });
    Ok(page("automatic.html", values).title("automatic"))
}

/// Somebody says whether an automatic reply was right. A wrong one opens the question again, for a person.
pub fn judge(host: &Host, id: Uuid, fits: bool) -> Result<Response> {
    let message = message::find(host, id)?;
    if message.author != "faq" {
        return Err(not_found());
    }
    let case = case::find(host, message.question)?;
    pair::confirm(host, case.id, message.faq, &case.text, fits)?;
    if fits {
        return Ok(redirect("/automatic").notice("automatic-right-done"));
    }
    // What somebody has answered since is not opened again for it.
    let is_last = message::of_case(host, case.id)?.iter().all(|other| other.author != "student");
    if is_last && inbox::may_answer(host, &duty::now(host), &case)? {
        state::reopen(host, case.id)?;
    }
    Ok(redirect(format!("/questions/{}", case.id)).notice("automatic-wrong-done"))
}
