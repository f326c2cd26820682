//! Q&A inbox (问答收件箱): what followers ask goes to the students on duty, who answer it with the help of the class's FAQ.

mod age;
mod channel;
mod clock;
mod conversation;
mod daily;
mod demo;
mod duty;
mod faq;
mod names;
mod pages;
mod public;
mod response;
mod review;
pub mod similarity;
pub mod starter;

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use conversation::{delivery, forget, reply};
use pages::{automatic, figures, inbox, reviews};

#[derive(Default)]
struct QaInbox;

impl Plugin for QaInbox {
    fn page(&self, host: &Host, request: &Page) -> Result<Response> {
        if request.method == "GET" { get(host, request) } else { post(host, request) }
    }

    fn widget(&self, host: &Host, _: &Widget) -> Result<View> {
        inbox::widget(host)
    }

    fn event(&self, host: &Host, event: &Event) -> Result<()> {
        channel::hear(host, event)
    }

    fn job(&self, host: &Host, job: &Job) -> Result<()> {
        match job.job.as_str() {
            "deliver" => delivery::try_again(host),
            _ => forget::sweep(host),
        }
    }

    fn service(&self, host: &Host, request: &Service) -> Result<Value> {
        match request.service.as_str() {
            "inbox.reply/1" => reply::reply(host, &request.input),
            "inbox.daily/1" => daily::daily(host, &request.input),
            "inbox.demo/1" if request.caller == "host" => demo::fill(host, &request.input),
            "inbox.demo/1" => Err(denied()),
            _ => Err(not_found()),
        }
    }

    fn facts(&self, host: &Host) -> Result<Facts> {
        response::facts(host)
    }
}

fn get(host: &Host, request: &Page) -> Result<Response> {
    match request.route.as_str() {
        "/" => inbox::show(host),
        "/done" => inbox::done(host, request.query("state")),
        "/search" => inbox::search(host, request.query("q")),
        "/questions/{question}" => pages::conversation::show(host, request),
        "/faq" => pages::faq::list(host),
        "/faq/new" => pages::faq::new(host, request),
        "/faq/{entry}" => pages::faq::show(host, request.param("entry")?),
        "/faq/export.csv" => pages::faq::export(host, "csv"),
        "/faq/export.json" => pages::faq::export(host, "json"),
        "/automatic" => automatic::list(host),
        "/reviews" => reviews::list(host),
        "/figures" => figures::show(host, request),
        "/figures/cases" => figures::cases(host, request),
        "/figures/rated/{grade}" => figures::rated(host, request.param("grade")?, request.query("days")),
        "/a/{slug}" => public::show(host, &request.param::<String>("slug")?),
        _ => Err(not_found()),
    }
}

fn post(host: &Host, request: &Page) -> Result<Response> {
    match request.route.as_str() {
        "/questions" => inbox::ask(host, request),
        "/questions/{question}/claim" => inbox::claim(host, request.param("question")?),
        "/questions/{question}/release" => inbox::release(host, request.param("question")?),
        "/questions/{question}/answer" => pages::conversation::answer(host, request),
        "/questions/{question}/none-fits" => pages::conversation::none_fits(host, request.param("question")?),
        "/questions/{question}/close" => {
            pages::conversation::change(host, request.param("question")?, "close", request.form("read"))
        }
        "/questions/{question}/reopen" => pages::conversation::change(host, request.param("question")?, "reopen", ""),
        "/questions/{question}/assign" => pages::conversation::assign(host, request),
        "/questions/{question}/delete" => pages::conversation::delete(host, request.param("question")?),
        "/messages/{message}/copied" => inbox::copied(host, request.param("message")?),
        "/messages/{message}/right" => automatic::judge(host, request.param("message")?, true),
        "/messages/{message}/wrong" => automatic::judge(host, request.param("message")?, false),
        "/messages/{message}/review" => reviews::write(host, request),
        "/faq" | "/faq/{entry}" => pages::faq::save(host, request),
        "/faq/{entry}/state" => pages::faq::change(host, request),
        "/faq/import" => pages::faq::import(host, request),
        _ => Err(not_found()),
    }
}

plugin_sdk::plugin!(QaInbox);
