//! Duty rota (值班): operators plan who is on duty, students check in on the day, other tools ask who is there.

mod day;
mod plan;
mod rota;
mod shift;

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

#[derive(Default)]
struct DutyRota;

impl Plugin for DutyRota {
    fn page(&self, host: &Host, request: &Page) -> Result<Response> {
        match (request.method.as_str(), request.route.as_str()) {
            ("GET", "/") => rota::show(host),
            ("POST", "/shifts/{shift}/check-in") => rota::check_in(host, request.param("shift")?),
            ("GET", "/plan") => plan::show(host, request.query("day")),
            ("POST", "/plan") => plan::save(host, request),
            _ => Err(not_found()),
        }
    }

    fn widget(&self, host: &Host, _: &Widget) -> Result<View> {
        rota::widget(host)
    }

    fn service(&self, host: &Host, request: &Service) -> Result<Value> {
        let at = match &request.input["at"] {
            Value::Null => host.now(),
            at => at.as_str().and_then(|text| text.parse().ok()).ok_or_else(|| {
                invalid("\"at\" is no moment such as 2026-10-12T08:00:00+08:00; without it, now is meant").at("at")
            })?,
        };
        rota::on_duty(host, at)
    }

    fn facts(&self, host: &Host) -> Result<Facts> {
        let kept = shift::kept(host)?.into_iter();
        let one = |(person, shifts): (Uuid, i64)| StudentFacts {
            person,
            values: [("kept".to_owned(), shifts.into())].into_iter().collect(),
        };
        Ok(Facts { students: kept.map(one).collect() })
    }
}

plugin_sdk::plugin!(DutyRota);
