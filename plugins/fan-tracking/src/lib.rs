//! Fan tracking (粉丝): a day's figures from every source, how far the goal is and what each day must bring, what may
//! come, who brought followers, a report for each week.

mod board;
mod campaign;
mod channel;
mod chart;
mod claim;
mod credit;
mod curve;
mod day;
mod days;
mod demo;
mod forecast;
mod import;
mod landing;
mod live;
mod milestone;
mod number;
mod outlook;
mod people;
mod progress;
mod publication;
mod qr;
mod random;
mod reading;
mod report;
mod series;
mod word;
mod words;

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use progress::Progress;
use series::Series;

#[derive(Default)]
struct FanTracking;

impl Plugin for FanTracking {
    fn page(&self, host: &Host, request: &Page) -> Result<Response> {
        match (request.method.as_str(), request.route.as_str()) {
            ("GET", "/") => board::show(host, request.query("day")),
            ("GET", "/days") => days::show(host),
            ("POST", "/figures") => board::enter(host, request),
            ("GET", "/curve") => curve::show(host, request),
            ("GET", "/report") => report::show(host, request),
            ("GET", "/report.xlsx") => report::download_workbook(host, request),
            ("GET", "/import") => import::show(host),
            ("POST", "/import") => import::take(host, request),
            ("GET", "/import/{upload}") => import::preview(host, request.param("upload")?),
            ("POST", "/import/{upload}") => import::confirm(host, request.param("upload")?),
            ("POST", "/import/{upload}/undo") => import::undo(host, request.param("upload")?),
            ("GET", "/credit") => credit::desk::show(host),
            ("POST", "/declarations") => credit::desk::declare(host, request),
            ("POST", "/declarations/{declaration}") => {
                credit::desk::decide(host, request.param("declaration")?, request)
            }
            ("POST", "/corrections") => credit::desk::correct(host, request),
            ("GET", "/campaigns") => campaign::show(host),
            ("POST", "/campaigns") => campaign::add(host, request),
            ("GET", "/go/{word}") => landing::show(host, &request.param::<String>("word")?),
            _ => Err(not_found()),
        }
    }

    fn widget(&self, host: &Host, _: &Widget) -> Result<View> {
        let progress = Progress::of(host, &Series::new(&reading::all(host)?))?;
        Ok(view("progress.html", json!({ "progress": progress.shown() })))
    }

    fn event(&self, host: &Host, event: &Event) -> Result<()> {
        match event.name.as_str() {
            "follower.gained" => live::gained(host, event),
            "follower.lost" => live::lost(host, event),
            "message.received" => claim::heard(host, event),
            "publication.sent" => publication::sent(host, event),
            // A tier that can do more tells figures that were not to be had before.
            "tier.changed" => channel::reconcile(host).map(drop),
            other => Err(invalid(format!("nobody waits for {other} here"))),
        }
    }

    fn job(&self, host: &Host, job: &Job) -> Result<()> {
        if job.job == "sweep" {
            live::sweep(host)?;
            return import::sweep(host);
        }
        let changed = channel::reconcile(host)?;
        log::info!("the platform's figures changed {changed} days");
        Ok(())
    }

    fn service(&self, host: &Host, request: &Service) -> Result<Value> {
        match request.service.as_str() {
            "fans.claim/1" => claim::service(host, &request.input),
            "fans.progress/1" => progress::service(host),
            "fans.demo/1" if request.caller == "host" => demo::fill(host, &request.input),
            "fans.demo/1" => Err(denied()),
            _ => Err(not_found()),
        }
    }

    fn facts(&self, host: &Host) -> Result<Facts> {
        credit::facts(host)
    }
}

plugin_sdk::plugin!(FanTracking);
