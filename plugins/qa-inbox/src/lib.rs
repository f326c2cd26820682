//! Q&A inbox (问答收件箱): followers' questions wait until somebody on duty claims and answers them.

mod age;
mod duty;
mod inbox;
mod question;

use plugin_sdk::prelude::*;

#[derive(Default)]
struct QaInbox;

impl Plugin for QaInbox {
    fn page(&self, host: &Host, request: &Page) -> Result<Response> {
        match (request.method.as_str(), request.route.as_str()) {
            ("GET", "/") => inbox::show(host),
            ("POST", "/questions") => inbox::ask(host, request),
            ("POST", "/questions/{question}/claim") => inbox::claim(host, request.param("question")?),
            ("POST", "/questions/{question}/answer") => inbox::answer(host, request),
            ("POST", "/questions/{question}/delete") => inbox::delete(host, request.param("question")?),
            _ => Err(not_found()),
        }
    }

    fn widget(&self, host: &Host, _: &Widget) -> Result<View> {
        inbox::widget(host)
    }

    fn facts(&self, host: &Host) -> Result<Facts> {
        question::facts(host)
    }
}

plugin_sdk::plugin!(QaInbox);
