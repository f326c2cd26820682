//! Fan tracking (粉丝): a day's figures, how far the goal is, and what each day must bring.

mod board;
mod day;
mod figure;
mod progress;

use plugin_sdk::prelude::*;

#[derive(Default)]
struct FanTracking;

impl Plugin for FanTracking {
    fn page(&self, host: &Host, request: &Page) -> Result<Response> {
        match (request.method.as_str(), request.route.as_str()) {
            ("GET", "/") => board::show(host, request.query("day")),
            ("POST", "/figures") => board::enter(host, request),
            _ => Err(not_found()),
        }
    }

    fn widget(&self, host: &Host, _: &Widget) -> Result<View> {
        Ok(view("progress.html", json!({ "progress": progress::shown(host)? })))
    }

    fn facts(&self, host: &Host) -> Result<Facts> {
        figure::facts(host)
    }
}

plugin_sdk::plugin!(FanTracking);
