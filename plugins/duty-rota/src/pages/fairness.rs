//! Who carries how much: in figures that can be argued with, and the ledger of favours.

use std::collections::HashMap;

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::day;
use crate::people::People;
use crate::planning::fairness;
use crate::points;
use crate::rules::Rules;
use crate::semester::{self, Board, Scope, Term};
use crate::shift;
use crate::swap::{self, Favour};

/// How many favours the page lists.
const MOST_FAVOURS: usize = 30;

/// The page.
pub fn show(host: &Host) -> Result<Response> {
    let (me, today, rules) = (host.person()?, host.today(), Rules::of(host));
    let shifts = shift::all(host)?;
    let (first, last) = (shifts.first().map(|shift| shift.day), shifts.last().map(|shift| shift.day));
    let by_hand = first.zip(last).map(|(first, last)| Term { first, last, seed: 0, gap: 1 });
    let Some(term) = semester::term(host)?.or(by_hand) else {
        let values = json!({ "is_planned": false, "is_operator": me.is_operator() });
        return Ok(page("fairness.html", values).title("fairness"));
    };
    let board = Board::read(host, &rules, term, today, Scope::Free)?;
    let fair = fairness(&board.semester, &board.standing());
    let favours = swap::favours(host)?;
    let balances = balances(&favours);
    let most = fair.loads.iter().copied().fold(1.0, f64::max);
    let rows = board.students.iter().enumerate().map(|(index, student)| {
        let own =
            || shifts.iter().filter(|shift| shift.person == *student && (term.first..=term.last).contains(&shift.day));
        let balance = balances.get(student).copied().unwrap_or(0.0);
        json!({
            "name": board.people.name(*student),
            "is_me": *student == me.id,
            "shifts": own().count(),
            "kept": own().filter(|shift| shift.checked_in_at.is_some()).count(),
            "missed": own().filter(|shift| shift.is_missed(today) && shift.excused_at.is_none()).count(),
            "load": points::shown(fair.loads[index]),
            "target": points::shown(fair.targets[index]),
            "balance": points::shown(balance),
            "is_owing": balance < -0.01,
            // Hundredths of the widest bar.
            "bar": (fair.loads[index] / most * 100.0).round(),
            "mark": (fair.targets[index] / most * 100.0).round(),
        })
    });
    let values = json!({
        "is_planned": true,
        "jain": format!("{:.3}", fair.jain),
        "spread": points::shown(fair.spread),
        "mean": points::shown(fair.targets.iter().sum::<f64>() / fair.targets.len().max(1) as f64),
        "rows": rows.collect::<Vec<_>>(),
        "weights": { "weekend": points::of_hundredths(rules.weekend), "holiday": points::of_hundredths(rules.holiday) },
        "favours": favours.iter().rev().take(MOST_FAVOURS).map(|one| favour(one, &board.people)).collect::<Vec<_>>(),
    });
    Ok(page("fairness.html", values).title("fairness"))
}

/// What each person did for others, less what others did for them.
fn balances(favours: &[Favour]) -> HashMap<Uuid, f64> {
    let mut balances = HashMap::new();
    for favour in favours {
        *balances.entry(favour.giver).or_insert(0.0) += favour.weight;
        if let Some(receiver) = favour.receiver {
            *balances.entry(receiver).or_insert(0.0) -= favour.weight;
        }
    }
    balances
}

fn favour(favour: &Favour, people: &People) -> Value {
    json!({
        "giver": people.name(favour.giver),
        "receiver": favour.receiver.and_then(|receiver| people.name(receiver)),
        "day": day::shown(favour.day),
        "weight": points::shown(favour.weight),
        "word": if favour.is_exchange { "favour-exchange" } else { "favour-done" },
    })
}
