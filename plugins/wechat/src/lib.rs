//! The class's WeChat public account (公众号): messages in, answers out, figures, and what the account may do.
//!
//! Other plugins see followers and messages under ids of this one; the platform's own ids stay here, and go when a
//! follower leaves.

mod account;
mod api;
mod callback;
mod cipher;
mod day;
mod demo;
mod departure;
mod draft;
mod early;
mod fault;
mod figures;
mod follower;
mod hexadecimal;
mod input;
mod pages;
mod probe;
mod reconcile;
mod scene;
mod send;
mod service;
mod tag;
mod tier;
mod words;

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

#[derive(Default)]
struct WeChat;

impl Plugin for WeChat {
    fn page(&self, host: &Host, request: &Page) -> Result<Response> {
        match (request.method.as_str(), request.route.as_str()) {
            ("GET", "/callback") => callback::check(host, request),
            ("POST", "/callback") => Ok(callback::receive(host, request)),
            ("GET", "/") => pages::member::show(host),
            ("GET", "/account") => pages::account::show(host),
            ("POST", "/account/probe") => pages::account::probe(host),
            ("POST", "/account/faults/clear") => pages::account::clear_faults(host),
            _ => Err(not_found()),
        }
    }

    fn job(&self, host: &Host, job: &Job) -> Result<()> {
        match job.job.as_str() {
            // What the platform refuses is on the teachers' page; the job itself has not failed.
            "probe" => tier::probe(host).map(drop),
            "figures" => figures::fetch(host),
            "reconcile" => reconcile::run(host),
            "sweep" => {
                departure::sweep(host)?;
                api::sweep(host)?;
                callback::sweep(host)
            }
            "missed" => callback::tell_missed(host),
            "sweep-departures" => departure::sweep(host),
            "start-over" => account::start_over(host),
            _ => Err(not_found()),
        }
    }

    fn service(&self, host: &Host, request: &Service) -> Result<Value> {
        service::answer(host, request)
    }

    fn settings_changed(&self, host: &Host) -> Result<()> {
        if host.context().class.is_none() {
            return Ok(());
        }
        // Another account has other followers, and may do other things.
        account::start_over(host)?;
        departure::sweep(host)?;
        probe::plan(host)
    }
}

plugin_sdk::plugin!(WeChat);
