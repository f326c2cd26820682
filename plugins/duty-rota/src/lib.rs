//! Duty rota (值班): a fair plan of the semester, check-in and handover, swaps, publications with their quota, calendars;
//! other tools ask who is on duty.

pub mod planning;

mod calendar;
mod check_in;
mod day;
mod demo;
mod pages;
mod people;
mod points;
mod publication;
mod quota;
mod rules;
mod semester;
mod service;
mod shift;
mod swap;
mod times;
mod timetable;
mod why;
mod words;

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use pages::back;

#[derive(Default)]
struct DutyRota;

impl Plugin for DutyRota {
    fn page(&self, host: &Host, request: &Page) -> Result<Response> {
        match (request.method.as_str(), request.route.as_str()) {
            ("GET", "/") => pages::today::show(host),
            ("GET", "/shifts/{shift}") => pages::shift::show(host, request.param("shift")?),
            ("POST", "/shifts/{shift}/check-in") => {
                let (is_done, said) = check_in::check_in(host, request.param("shift")?, request.form("code"))?;
                Ok(back("/", is_done, said))
            }
            ("POST", "/shifts/{shift}/handover") => {
                let said = check_in::leave_note(host, request.param("shift")?, request.form("text"))?;
                Ok(back("/", said != "handover-other-day", said))
            }
            ("POST", "/shifts/{shift}/excuse") => {
                let id: Uuid = request.param("shift")?;
                Ok(back(format!("/shifts/{id}"), true, check_in::excuse(host, id)?))
            }
            ("POST", "/shifts/{shift}/kept") => {
                let id: Uuid = request.param("shift")?;
                let (is_done, said) = check_in::note_kept(host, id)?;
                Ok(back(format!("/shifts/{id}"), is_done, said))
            }
            ("POST", "/shifts/{shift}/offer") => pages::shift::offer(host, request.param("shift")?, request),
            ("GET", "/swaps") => pages::swap::show(host),
            ("POST", "/swaps/{swap}/{step}") => {
                pages::swap::step(host, request.param("swap")?, &request.param::<String>("step")?)
            }
            ("GET", "/times") => pages::times::show(host),
            ("POST", "/times/away") => pages::times::add_away(host, request),
            ("POST", "/times/away/{away}/delete") => pages::times::delete_away(host, request.param("away")?),
            ("POST", "/times/courses") => pages::times::save_courses(host, request),
            ("POST", "/times/calendar") => pages::times::renew_calendar(host, request),
            ("GET", "/calendar/{feed}") => calendar::answer(host, &request.param::<String>("feed")?),
            ("GET", "/publications") => pages::publication::list(host),
            ("POST", "/publications") => pages::publication::create(host, request),
            ("GET", "/publications/{publication}") => pages::publication::show(host, request.param("publication")?),
            ("POST", "/publications/{publication}/{step}") => {
                let step: String = request.param("step")?;
                pages::publication::do_step(host, request.param("publication")?, &step, request)
            }
            ("GET", "/fairness") => pages::fairness::show(host),
            ("GET", "/plan") => pages::plan::show(host, request),
            ("POST", "/plan") => pages::plan::publish(host, request),
            ("GET", "/plan/repair") => pages::repair::show(host, request),
            ("POST", "/plan/repair") => pages::repair::publish(host, request),
            ("POST", "/plan/special-days") => pages::plan::save_special(host, request),
            ("POST", "/plan/special-days/{day}/delete") => {
                pages::plan::delete_special(host, &request.param::<String>("day")?)
            }
            ("POST", "/plan/courses") => pages::plan::import_courses(host, request),
            ("GET", "/days/{day}") => pages::day::show(host, &request.param::<String>("day")?),
            ("POST", "/days/{day}") => pages::day::save(host, &request.param::<String>("day")?, request),
            ("GET", "/code") => pages::plan::code(host),
            _ => Err(not_found()),
        }
    }

    fn widget(&self, host: &Host, request: &Widget) -> Result<View> {
        match request.widget.as_str() {
            "mine" => pages::today::mine(host),
            _ => pages::today::widget(host),
        }
    }

    fn settings_changed(&self, host: &Host) -> Result<()> {
        if host.context().class.is_some() { calendar::note_hours(host) } else { Ok(()) }
    }

    fn event(&self, host: &Host, event: &Event) -> Result<()> {
        publication::was_sent(host, event)
    }

    fn job(&self, host: &Host, _: &Job) -> Result<()> {
        swap::expire(host)
    }

    fn service(&self, host: &Host, request: &Service) -> Result<Value> {
        match request.service.as_str() {
            "rota.on_duty/1" => service::on_duty(host, &request.input),
            "rota.days/1" => service::days(host, &request.input),
            "rota.demo/1" if request.caller == "host" => demo::fill(host, &request.input),
            "rota.demo/1" => Err(denied()),
            _ => Err(not_found()),
        }
    }

    fn erase_person(&self, host: &Host, person: Uuid) -> Result<()> {
        swap::forget(host, person)
    }

    fn facts(&self, host: &Host) -> Result<Facts> {
        service::facts(host)
    }
}

plugin_sdk::plugin!(DutyRota);
