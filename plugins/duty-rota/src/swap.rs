//! Swaps: offered, accepted, if the class wants agreed to by a teacher, and then done in one batch with every rule
//! checked again.

use std::collections::BTreeMap;

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::protocol::value::Value;

use crate::day;
use crate::people::People;
use crate::planning::{Block, POINT};
use crate::rules::Rules;
use crate::semester::{self, number};
use crate::shift::change::{self, Change, done};
use crate::shift::{self, Shift};
use crate::times::Times;
use crate::why;

/// How often a swap is tried again that met another change.
const TRIES: usize = 8;

const COLUMNS: &str = "id, shift_id, person_id, partner_id, return_shift_id, state, note, expires_at";

/// Somebody wants to give a shift away.
#[derive(Clone, Debug)]
pub struct Swap {
    /// Id.
    pub id: Uuid,
    /// The shift.
    pub shift: Uuid,
    /// Who has it.
    pub person: Uuid,
    /// Who is asked, or who has accepted; none: anybody may.
    pub partner: Option<Uuid>,
    /// What is wanted for it; none: it is a favour.
    pub in_return: Option<Uuid>,
    /// `offered`, `accepted`, `done`, `withdrawn`, `refused`, `expired` or `void`.
    pub state: String,
    /// A word to the others.
    pub note: String,
    /// When the offer ends.
    pub expires_at: DateTime<Utc>,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// A teacher must agree.
    Waiting,
    /// It cannot be: the key of a sentence.
    Refused(&'static str),
}

/// The swaps of the class, the latest first; those that ended only of late.
pub fn all(host: &Host) -> Result<Vec<Swap>> {
    let since = host.now() - TimeDelta::days(60);
    let condition = "class_id = $1 and created_at >= $2 order by id desc limit 200";
    select(host, condition, params![host.class()?.id, since])
}

/// Those that still wait.
pub fn open(host: &Host) -> Result<Vec<Swap>> {
    let condition = "class_id = $1 and state in ('offered', 'accepted') and expires_at > $2 order by id";
    select(host, condition, params![host.class()?.id, host.now()])
}

/// One swap of the class.
pub fn find(host: &Host, id: Uuid) -> Result<Swap> {
    let found = select(host, "class_id = $1 and id = $2", params![host.class()?.id, id])?.pop();
    let is_over = |swap: &Swap| matches!(swap.state.as_str(), "offered" | "accepted") && swap.expires_at <= host.now();
    let found = found.ok_or_else(not_found)?;
    Ok(if is_over(&found) { Swap { state: "expired".into(), ..found } } else { found })
}

/// Offers a shift of one's own: to somebody or everybody as a favour, or for another shift.
pub fn offer(host: &Host, own: &Shift, to: Option<Uuid>, in_return: Option<&Shift>, note: &str) -> Result<Outcome> {
    let (rules, today) = (Rules::of(host), host.today());
    let until = day::moment(host, own.day, rules.hours.1);
    if !own.is_open(today) || until <= host.now() {
        return Ok(Outcome::Refused("swap-over"));
    }
    let people = People::of(host)?;
    let to = in_return.map(|shift| shift.person).or(to);
    if to.is_some_and(|to| to == own.person || !people.is_student(to)) {
        return Ok(Outcome::Refused("swap-person-unknown"));
    }
    if let Some(wanted) = in_return {
        let ends = day::moment(host, wanted.day, rules.hours.1);
        if !wanted.is_open(today) || ends <= host.now() {
            return Ok(Outcome::Refused("swap-over"));
        }
        if let Some(why) = Checks::of(host, &rules)?.conflict(own.person, wanted, Some(own), "swap-own-") {
            return Ok(Outcome::Refused(why));
        }
    }
    if open(host)?.iter().any(|swap| swap.shift == own.id && swap.person == own.person) {
        return Ok(Outcome::Refused("swap-offered-already"));
    }
    let ends = in_return.map_or(until, |wanted| day::moment(host, wanted.day, rules.hours.1)).min(until);
    let note: String = note.trim().chars().take(200).collect();
    host.exec(
        "insert into swap (id, class_id, shift_id, person_id, partner_id, return_shift_id, state, note, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, 'offered', $7, $8, $9)",
        params![
            host.new_id(),
            host.class()?.id,
            own.id,
            own.person,
            to,
            in_return.map(|shift| shift.id),
            note,
            host.now(),
            ends.min(host.now() + rules.swap_time),
        ],
    )?;
    Ok(Outcome::Done)
}

/// Accepts an offer.
pub fn accept(host: &Host, id: Uuid, person: Uuid) -> Result<Outcome> {
    let rules = Rules::of(host);
    if !rules.needs_approval {
        return exchange(host, &rules, id, "offered", Some(person));
    }
    let swap = find(host, id)?;
    if let Some(why) = refused(&swap, "offered", Some(person)) {
        return Ok(Outcome::Refused(why));
    }
    let found = match changes(host, &rules, &swap, person)? {
        Ok(found) => found,
        Err(why) => return Ok(Outcome::Refused(why)),
    };
    // It has been answered: the teacher has time until duty ends.
    let first = found.changes.iter().map(|change| change.day).min().unwrap_or(found.day);
    let accepted = host.exec(
        "update swap set state = 'accepted', partner_id = $1, expires_at = $4
         where id = $2 and class_id = $3 and state = 'offered'",
        params![person, id, host.class()?.id, day::moment(host, first, rules.hours.1)],
    )?;
    Ok(if accepted == 1 { Outcome::Waiting } else { Outcome::Refused("swap-taken") })
}

/// A teacher agrees, or an operator where nobody has to.
pub fn approve(host: &Host, id: Uuid) -> Result<Outcome> {
    exchange(host, &Rules::of(host), id, "accepted", None)
}

/// Ends a swap that waits: `withdrawn` or `refused`.
pub fn end(host: &Host, id: Uuid, state: &str) -> Result<Outcome> {
    let ended = host.exec(
        "update swap set state = $1, decided_at = $2
         where id = $3 and class_id = $4 and state in ('offered', 'accepted')",
        params![state, host.now(), id, host.class()?.id],
    )?;
    Ok(if ended == 1 { Outcome::Done } else { Outcome::Refused("swap-over") })
}

/// Does the swap: all of it, or nothing when a rule speaks against it now.
fn exchange(host: &Host, rules: &Rules, id: Uuid, state: &str, person: Option<Uuid>) -> Result<Outcome> {
    for _ in 0..TRIES {
        let revision = change::revision(host)?;
        let swap = find(host, id)?;
        if let Some(why) = refused(&swap, state, person) {
            return Ok(Outcome::Refused(why));
        }
        let Some(partner) = person.or(swap.partner) else { return Ok(Outcome::Refused("swap-over")) };
        let found = match changes(host, rules, &swap, partner)? {
            Ok(found) => found,
            Err(why) => return Ok(Outcome::Refused(why)),
        };
        let class = host.class()?.id;
        let done = change::write(host, revision, &found.changes, |batch| {
            let batch = batch.expect(
                1,
                "update swap set state = 'done', partner_id = $1, decided_at = $2 where id = $3 and state = $4",
                params![partner, host.now(), swap.id, state],
            );
            let Some((giver, receiver, weight, kind)) = found.favour else { return batch };
            batch.add(
                "insert into favour (id, class_id, giver_id, receiver_id, day, weight, kind, at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)",
                params![host.new_id(), class, giver, receiver, found.day.to_string(), weight, kind, host.now()],
            )
        })?;
        if done {
            return Ok(Outcome::Done);
        }
    }
    Ok(Outcome::Refused("swap-changed"))
}

/// Why a step is not for this person or this moment.
fn refused(swap: &Swap, state: &str, person: Option<Uuid>) -> Option<&'static str> {
    match swap.state.as_str() {
        now if now == state => {}
        "expired" => return Some("swap-expired"),
        "done" | "accepted" => return Some("swap-taken"),
        _ => return Some("swap-over"),
    }
    let person = person?;
    if person == swap.person {
        return Some("swap-own");
    }
    swap.partner.filter(|partner| *partner != person).map(|_| "swap-not-for-you")
}

struct Found {
    changes: Vec<Change>,
    day: NaiveDate,
    /// Who did whom a favour, of what weight and kind.
    favour: Option<(Uuid, Uuid, i64, &'static str)>,
}

/// What changes when `partner` takes the shift; or why that cannot be.
fn changes(host: &Host, rules: &Rules, swap: &Swap, partner: Uuid) -> Result<Result<Found, &'static str>> {
    let today = host.today();
    let is_theirs = |shift: &Shift, person: Uuid| shift.person == person && shift.is_open(today);
    let Some(given) = shift::find(host, swap.shift)?.filter(|shift| is_theirs(shift, swap.person)) else {
        return Ok(Err("swap-over"));
    };
    let wanted = match swap.in_return {
        Some(id) => match shift::find(host, id)?.filter(|shift| is_theirs(shift, partner)) {
            Some(wanted) => Some(wanted),
            None => return Ok(Err("swap-over")),
        },
        None => None,
    };
    let checks = Checks::of(host, rules)?;
    if !checks.people.is_student(partner) {
        return Ok(Err("swap-person-unknown"));
    }
    // Somebody may take over from who has left, but gives them nothing.
    if wanted.is_some() && !checks.people.is_student(swap.person) {
        return Ok(Err("swap-over"));
    }
    if let Some(why) = checks.conflict(partner, &given, wanted.as_ref(), "swap-") {
        return Ok(Err(why));
    }
    let weight = checks.times.weight(given.day, rules);
    let Some(wanted) = wanted else {
        let changes = vec![Change::hand_over(&given, partner, why::simple("favour"))];
        return Ok(Ok(Found { changes, day: given.day, favour: Some((partner, swap.person, weight, "favour")) }));
    };
    if let Some(why) = checks.conflict(swap.person, &wanted, Some(&given), "swap-other-") {
        return Ok(Err(why));
    }
    let more = weight - checks.times.weight(wanted.day, rules);
    let favour = match more {
        0 => None,
        more if more > 0 => Some((partner, swap.person, more, "exchange")),
        less => Some((swap.person, partner, -less, "exchange")),
    };
    let changes = vec![
        Change::hand_over(&given, partner, why::simple("swap")),
        Change::hand_over(&wanted, swap.person, why::simple("swap")),
    ];
    Ok(Ok(Found { changes, day: given.day, favour }))
}

/// What may speak against somebody having a shift.
pub struct Checks {
    shifts: Vec<Shift>,
    times: Times,
    people: People,
    gap: i32,
}

impl Checks {
    /// Reads it.
    pub fn of(host: &Host, rules: &Rules) -> Result<Self> {
        let term = semester::term(host)?;
        let today = host.today();
        let times = Times::of(host, rules, semester::first_day(host)?)?;
        let gap = term.map_or(1, |term| term.gap.min(rules.gap));
        // Two shifts are too near only if both are near today or later.
        let shifts = shift::between(host, today - TimeDelta::days(31), today + TimeDelta::days(400))?;
        Ok(Self { shifts, times, people: People::of(host)?, gap })
    }

    /// Why somebody cannot have a shift while giving up another one; the key of a sentence beginning with `prefix`.
    pub fn conflict(&self, person: Uuid, wanted: &Shift, gives: Option<&Shift>, prefix: &str) -> Option<&'static str> {
        let words = |one: [&'static str; 3]| match prefix {
            "swap-" => one[0],
            "swap-own-" => one[1],
            _ => one[2],
        };
        match self.times.block(person, wanted.day) {
            Some(Block::Course) => return Some(words(["swap-course", "swap-own-course", "swap-other-course"])),
            Some(_) => return Some(words(["swap-away", "swap-own-away", "swap-other-away"])),
            None => {}
        }
        let others = self.shifts.iter().filter(|shift| {
            shift.person == person && Some(shift.id) != gives.map(|shift| shift.id) && shift.id != wanted.id
        });
        let gap = others.map(|shift| (number(shift.day) - number(wanted.day)).abs()).min();
        match gap {
            Some(0) => Some(words(["swap-same-day", "swap-own-same-day", "swap-other-same-day"])),
            Some(days) if days < self.gap => Some(words(["swap-near", "swap-own-near", "swap-other-near"])),
            _ => None,
        }
    }
}

/// What somebody did for others against what others did for them, points; and how many shifts they took over.
pub fn favours(host: &Host) -> Result<Vec<Favour>> {
    let table = host.query(
        "select giver_id, receiver_id, day, weight, kind from favour where class_id = $1 order by at, id",
        params![host.class()?.id],
    )?;
    let one = |row: Row<'_>| {
        Ok(Favour {
            giver: row.get("giver_id")?,
            receiver: row.get("receiver_id")?,
            day: row.get::<String>("day")?.parse()?,
            weight: row.get::<i64>("weight")? as f64 / POINT as f64,
            is_exchange: row.get::<String>("kind")? == "exchange",
        })
    };
    table.iter().map(one).collect()
}

/// Somebody did somebody a favour.
pub struct Favour {
    /// Who took over.
    pub giver: Uuid,
    /// For whom; none: they are not known any more.
    pub receiver: Option<Uuid>,
    /// Day of the shift.
    pub day: NaiveDate,
    /// Points.
    pub weight: f64,
    /// In an exchange of shifts of different weight.
    pub is_exchange: bool,
}

/// Who has whose shift in the end, as a favour: days and helpers. What went back to where it came from is none.
pub fn helped(favours: &[Favour]) -> Vec<(NaiveDate, Uuid)> {
    // Nobody has two shifts on a day, so day and holder are the shift.
    let mut owners: BTreeMap<(NaiveDate, Uuid), Option<Uuid>> = BTreeMap::new();
    for favour in favours.iter().filter(|favour| !favour.is_exchange) {
        let before = favour.receiver.and_then(|receiver| owners.remove(&(favour.day, receiver)));
        let owner = before.unwrap_or(favour.receiver);
        if owner != Some(favour.giver) {
            owners.insert((favour.day, favour.giver), owner);
        }
    }
    owners.into_keys().collect()
}

/// Ends the offers whose time is over.
pub fn expire(host: &Host) -> Result<()> {
    let batch = host.batch().add(
        "update swap set state = 'expired', decided_at = $1
         where class_id = $2 and state in ('offered', 'accepted') and expires_at <= $1",
        params![host.now(), host.class()?.id],
    );
    done(batch).map(drop)
}

/// Ends what waits for somebody who is forgotten: an offer to them alone is none to everybody.
pub fn forget(host: &Host, person: Uuid) -> Result<()> {
    let sql = "update swap set state = 'void' where partner_id = $1 and state in ('offered', 'accepted')";
    host.exec(sql, params![person]).map(drop)
}

fn select(host: &Host, condition: &str, values: Vec<Value>) -> Result<Vec<Swap>> {
    let table = host.query(&format!("select {COLUMNS} from swap where {condition}"), values)?;
    let one = |row: Row<'_>| {
        Ok(Swap {
            id: row.get("id")?,
            shift: row.get("shift_id")?,
            person: row.get("person_id")?,
            partner: row.get("partner_id")?,
            in_return: row.get("return_shift_id")?,
            state: row.get("state")?,
            note: row.get("note")?,
            expires_at: row.get("expires_at")?,
        })
    };
    table.iter().map(one).collect()
}
