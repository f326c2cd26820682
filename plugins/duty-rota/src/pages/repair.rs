//! Somebody cannot after all, or has left: filling their shifts with as few other changes as possible.

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use super::back;
use crate::day;
use crate::people::People;
use crate::planning::{Block, Move, Plan, fairness, reasons, repair};
use crate::points;
use crate::rules::Rules;
use crate::semester::{self, Board, Scope, Term};
use crate::shift::change::write;
use crate::shift::{self, Shift, word};
use crate::times::Times;
use crate::why;

/// A shift whose holder cannot keep it.
pub struct Trouble {
    /// The shift.
    pub shift: Shift,
    /// Key of the sentence that says why.
    pub why: &'static str,
}

/// The shifts to come whose holders have left, or are away or in a course.
pub fn troubles(host: &Host) -> Result<Vec<Trouble>> {
    let (people, rules) = (People::of(host)?, Rules::of(host));
    let today = rules.first_to_plan(host);
    let Some(term) = term(host, today)? else { return Ok(Vec::new()) };
    let times = Times::of(host, &rules, semester::first_day(host)?)?;
    let coming = shift::between(host, today, term.last)?.into_iter().filter(|shift| shift.is_open(today));
    let trouble = |shift: Shift| {
        let why = match times.block(shift.person, shift.day) {
            _ if !people.is_student(shift.person) => "trouble-left",
            Some(Block::Course) => "trouble-course",
            Some(_) => "trouble-away",
            None => return None,
        };
        Some(Trouble { shift, why })
    };
    Ok(coming.filter_map(trouble).collect())
}

/// What would change.
struct Proposal {
    board: Board,
    vacated: Vec<usize>,
    moves: Vec<Move>,
    fingerprint: String,
    /// The shift whose holder is declared absent by this.
    absent: Option<Shift>,
}

/// The troubles, and what would mend them.
pub fn show(host: &Host, request: &Page) -> Result<Response> {
    let proposal = propose(host, request.query("shift"))?;
    form(host, proposal.as_ref(), None)
}

/// Mends what was previewed.
pub fn publish(host: &Host, request: &Page) -> Result<Response> {
    let Some(proposal) = propose(host, request.form("shift"))? else { return Err(not_found()) };
    let is_done = proposal.fingerprint == request.form("seen") && put_in_force(host, &proposal)?;
    if !is_done {
        return Ok(form(host, Some(&proposal), Some("plan-changed"))?.status(409));
    }
    Ok(back("/plan/repair", true, "repair-done"))
}

fn put_in_force(host: &Host, proposal: &Proposal) -> Result<bool> {
    let board = &proposal.board;
    let plan = planned(proposal);
    let slots: Vec<usize> = (0..plan.holders.len()).collect();
    let reasons = reasons(&board.semester, &plan, &slots);
    let gap = plan.gap;
    let changes = board
        .changes(&plan, |slot| reasons[slot].as_ref().map_or_else(String::new, |one| why::planned("repair", one, gap)));
    let class = host.class()?.id;
    write(host, board.revision, &changes, |batch| {
        let Some(absent) = &proposal.absent else { return batch };
        let on = absent.day.to_string();
        batch.add(
            "insert into away (id, class_id, person_id, first_day, last_day, reason) values ($1, $2, $3, $4, $5, '')",
            params![host.new_id(), class, absent.person, on.clone(), on],
        )
    })
}

/// What would mend the troubles, or the absence of one shift's holder; none: there is nothing to mend.
fn propose(host: &Host, sent: &str) -> Result<Option<Proposal>> {
    let rules = Rules::of(host);
    let today = rules.first_to_plan(host);
    let Some(term) = term(host, today)? else { return Ok(None) };
    let mut board = Board::read(host, &rules, term, today, Scope::Repair)?;
    let absent = match sent.trim() {
        "" => None,
        sent => {
            let id: Uuid = sent.parse().map_err(|_| not_found())?;
            let found = shift::find(host, id)?.ok_or_else(not_found)?;
            if !found.is_open(today) || board.slot_of(id).is_none() {
                return Ok(None);
            }
            Some(found)
        }
    };
    let gone: Vec<Uuid> = match &absent {
        Some(shift) => vec![shift.id],
        None => troubles(host)?.into_iter().map(|trouble| trouble.shift.id).collect(),
    };
    let vacated: Vec<usize> = gone.iter().filter_map(|id| board.slot_of(*id)).collect();
    if vacated.is_empty() {
        return Ok(None);
    }
    let standing = board.standing();
    for slot in &vacated {
        board.free(*slot);
        // Whoever cannot is not asked again, whatever their times say.
        let day = slot / board.semester.posts;
        if let (Some(person), Some(_)) = (standing.holders[*slot], &absent) {
            board.semester.people[person].blocked[day] = Some(Block::Away);
        }
    }
    let moves = repair(&board.semester, &standing, &vacated);
    let fingerprint =
        moves.iter().fold(format!("{}", board.revision), |text, one| format!("{text}-{}.{}", one.slot, one.to));
    Ok(Some(Proposal { board, vacated, moves, fingerprint, absent }))
}

/// The term; of a rota that was made by hand, the days it has.
fn term(host: &Host, today: NaiveDate) -> Result<Option<Term>> {
    if let Some(term) = semester::term(host)? {
        return Ok(Some(term));
    }
    let coming = shift::between(host, today, today + TimeDelta::days(200))?;
    let (Some(first), Some(last)) = (coming.first(), coming.last()) else { return Ok(None) };
    Ok(Some(Term { first: first.day, last: last.day, seed: 0, gap: 1 }))
}

fn form(host: &Host, proposal: Option<&Proposal>, error: Option<&str>) -> Result<Response> {
    let (today, people) = (Rules::of(host).first_to_plan(host), People::of(host)?);
    let place = |shift: &Shift| {
        json!({
            "id": shift.id,
            "day": day::shown(shift.day),
            "word": word(&shift.post),
            "name": people.name(shift.person),
        })
    };
    let troubles: Vec<Value> =
        troubles(host)?.iter().map(|trouble| json!({ "shift": place(&trouble.shift), "why": trouble.why })).collect();
    let coming = shift::between(host, today, today + TimeDelta::days(27))?;
    let coming: Vec<Value> = coming.iter().filter(|shift| shift.is_open(today)).map(place).collect();
    let values = json!({
        "troubles": troubles,
        "coming": coming,
        "absent": proposal.and_then(|proposal| proposal.absent.as_ref()).map(place),
        "proposal": proposal.map(|proposal| shown(proposal, &people)),
        "error": error,
        "is_open": !host.class()?.archived,
    });
    Ok(page("repair.html", values).title("repair"))
}

/// The plan as it stands once the proposal is in force.
fn planned(proposal: &Proposal) -> Plan {
    let mut plan = proposal.board.standing();
    for slot in &proposal.vacated {
        plan.holders[*slot] = None;
    }
    for done in &proposal.moves {
        plan.holders[done.slot] = Some(done.to);
    }
    plan
}

/// A proposal for the template: each move with why this person.
fn shown(proposal: &Proposal, people: &People) -> Value {
    let board = &proposal.board;
    let plan = planned(proposal);
    let slots: Vec<usize> = proposal.moves.iter().map(|done| done.slot).collect();
    let reasons = reasons(&board.semester, &plan, &slots);
    let fair = fairness(&board.semester, &plan);
    let name = |person: usize| people.name(board.students[person]);
    let moves = proposal.moves.iter().zip(reasons).map(|(done, reason)| {
        let (on, post) = board.place(done.slot);
        let before = board.shifts[done.slot].as_ref().map(|shift| people.name(shift.person));
        json!({
            "day": day::shown(on),
            "word": word(post),
            "from": before,
            "to": name(done.to),
            "is_other": !proposal.vacated.contains(&done.slot),
            "why": reason.map(|reason| json!({
                "load": points::shown(reason.load), "target": points::shown(reason.target), "free": reason.free,
            })),
        })
    });
    let filled: Vec<usize> = proposal.moves.iter().map(|done| done.slot).collect();
    json!({
        "seen": proposal.fingerprint,
        "moves": moves.collect::<Vec<_>>(),
        "others": proposal.moves.iter().filter(|done| !proposal.vacated.contains(&done.slot)).count(),
        "unfilled": proposal.vacated.iter().filter(|slot| !filled.contains(slot)).count(),
        "jain": format!("{:.3}", fair.jain),
        "spread": points::shown(fair.spread),
    })
}
