//! The rules of an assignment as a form: read, checked, and what to warn about.

use chrono::{DateTime, Days, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{form_time, local_time};
use crate::error::Message;
use crate::rules::{BellRule, Counting, RevealKeys, Rules};
use crate::store::give::Listed;
use crate::view::View;

/// The form as typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RulesForm {
    #[serde(default)]
    opens: String,
    #[serde(default)]
    due: String,
    #[serde(default)]
    closes: String,
    /// Empty: as many as wanted.
    #[serde(default)]
    attempts: String,
    #[serde(default)]
    counting: String,
    #[serde(default)]
    bell: String,
    /// `taken` or `refused`.
    #[serde(default)]
    late: String,
    #[serde(default)]
    late_per_day: String,
    #[serde(default)]
    late_floor: String,
    #[serde(default)]
    reveal: String,
    /// `on`, or nothing.
    #[serde(default)]
    verdicts: String,
    /// The assignment's `updated_at` when the form was made.
    #[serde(default)]
    pub seen: String,
    /// `give` or `preview`.
    #[serde(default)]
    action: String,
}

/// What is wrong, by field.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Errors {
    opens: Option<String>,
    due: Option<String>,
    closes: Option<String>,
    attempts: Option<String>,
    late_per_day: Option<String>,
    late_floor: Option<String>,
    #[serde(skip)]
    messages: Vec<(Field, Message)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Opens,
    Due,
    Closes,
    Attempts,
    LatePerDay,
    LateFloor,
}

impl Errors {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    fn add(&mut self, field: Field, message: Message) {
        self.messages.push((field, message));
    }

    /// The first sentence for each field in the visitor's language.
    pub fn in_words(mut self, view: &View) -> Self {
        for (field, message) in std::mem::take(&mut self.messages) {
            let place = match field {
                Field::Opens => &mut self.opens,
                Field::Due => &mut self.due,
                Field::Closes => &mut self.closes,
                Field::Attempts => &mut self.attempts,
                Field::LatePerDay => &mut self.late_per_day,
                Field::LateFloor => &mut self.late_floor,
            };
            place.get_or_insert_with(|| view.sentence(&message));
        }
        self
    }
}

impl RulesForm {
    /// The form for these rules.
    pub fn new(rules: &Rules, zone: Tz, seen: String) -> Self {
        Self {
            opens: form_time(rules.opens_at, zone),
            due: form_time(rules.due_at, zone),
            closes: form_time(rules.closes_at, zone),
            attempts: rules.attempts_allowed.map(|allowed| allowed.to_string()).unwrap_or_default(),
            counting: match rules.counting {
                Counting::Best => "best",
                Counting::Last => "last",
                Counting::First => "first",
            }
            .into(),
            bell: match rules.bell_rule {
                BellRule::HandIn => "hand-in",
                BellRule::None => "none",
            }
            .into(),
            late: if rules.late_per_day.is_some() { "taken" } else { "refused" }.into(),
            late_per_day: rules.late_per_day.unwrap_or(10).to_string(),
            late_floor: rules.late_floor.to_string(),
            reveal: match rules.reveal_keys {
                RevealKeys::Never => "never",
                RevealKeys::HandedIn => "handed-in",
                RevealKeys::Closed => "closed",
                RevealKeys::Always => "always",
            }
            .into(),
            verdicts: if rules.show_verdicts { "on" } else { "" }.into(),
            seen,
            action: String::new(),
        }
    }

    /// The same form, made at another state of the assignment.
    pub fn seen_at(self, seen: String) -> Self {
        Self { seen, ..self }
    }

    /// Whether the form only asks what the rules would say.
    pub fn is_preview(&self) -> bool {
        self.action == "preview"
    }

    /// The rules it holds, and what is wrong with them; what is wrong is left out of the rules.
    pub fn read(&self, zone: Tz) -> (Rules, Errors) {
        let mut errors = Errors::default();
        let mut time = |field: Field, text: &str| {
            local_time(text, zone).unwrap_or_else(|message| {
                errors.add(field, message);
                None
            })
        };
        let mut rules = Rules {
            opens_at: time(Field::Opens, &self.opens),
            due_at: time(Field::Due, &self.due),
            closes_at: time(Field::Closes, &self.closes),
            attempts_allowed: None,
            counting: match self.counting.as_str() {
                "last" => Counting::Last,
                "first" => Counting::First,
                _ => Counting::Best,
            },
            bell_rule: if self.bell == "none" { BellRule::None } else { BellRule::HandIn },
            late_per_day: None,
            late_floor: 0,
            reveal_keys: match self.reveal.as_str() {
                "never" => RevealKeys::Never,
                "handed-in" => RevealKeys::HandedIn,
                "always" => RevealKeys::Always,
                _ => RevealKeys::Closed,
            },
            show_verdicts: !self.verdicts.is_empty(),
        };
        if !self.attempts.trim().is_empty() {
            match whole(&self.attempts, 1, 99) {
                Some(allowed) => rules.attempts_allowed = Some(allowed),
                None => errors.add(Field::Attempts, Message::new("give-attempts-malformed")),
            }
        }
        if self.late != "refused" {
            match whole(&self.late_per_day, 0, 100) {
                Some(per_day) => rules.late_per_day = Some(per_day),
                None => errors.add(Field::LatePerDay, Message::new("give-per-cent-malformed")),
            }
            match whole(&self.late_floor, 0, 100) {
                Some(floor) => rules.late_floor = floor,
                None => errors.add(Field::LateFloor, Message::new("give-per-cent-malformed")),
            }
        }
        let wrong_order = |first: Option<DateTime<Utc>>, then: Option<DateTime<Utc>>| {
            first.zip(then).is_some_and(|(first, then)| then <= first)
        };
        if wrong_order(rules.opens_at, rules.due_at) {
            errors.add(Field::Due, Message::new("give-due-before-opening"));
        }
        if wrong_order(rules.opens_at, rules.closes_at) {
            errors.add(Field::Closes, Message::new("give-closes-before-opening"));
        }
        if rules.due_at.zip(rules.closes_at).is_some_and(|(due, closes)| closes < due) {
            errors.add(Field::Closes, Message::new("give-closes-before-due"));
        }
        (rules, errors)
    }
}

/// A whole number within bounds, in either width, with or without a sign for per cent.
fn whole(text: &str, least: i64, most: i64) -> Option<i64> {
    let points = crate::points::parse(text.trim().trim_end_matches(['%', '％']))?;
    let number = points / crate::points::ONE;
    (points % crate::points::ONE == 0 && (least..=most).contains(&number)).then_some(number)
}

/// What suits most assignments: due in a week at the end of the day, late work for another week, keys after that.
pub fn defaults(now: DateTime<Utc>, zone: Tz) -> Rules {
    let evening = |days: u64| {
        let day = now.with_timezone(&zone).date_naive().checked_add_days(Days::new(days))?;
        let time = NaiveTime::from_hms_opt(23, 59, 59)?;
        Some(zone.from_local_datetime(&day.and_time(time)).latest()?.to_utc())
    };
    Rules {
        opens_at: None,
        due_at: evening(7).or(Some(now + TimeDelta::days(7))),
        closes_at: evening(14).or(Some(now + TimeDelta::days(14))),
        attempts_allowed: Some(3),
        counting: Counting::Best,
        bell_rule: BellRule::HandIn,
        late_per_day: Some(10),
        late_floor: 50,
        reveal_keys: RevealKeys::Closed,
        show_verdicts: true,
    }
}

/// What is allowed but perhaps not meant.
pub fn warnings(rules: &Rules, listed: &Listed, now: DateTime<Utc>) -> Vec<Message> {
    let mut warnings = Vec::new();
    let mut warn = |holds: bool, message: Message| {
        if holds {
            warnings.push(message);
        }
    };
    let has_passed = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at <= now);
    let times = rules.times(None);
    warn(listed.open > 0, Message::new("give-warn-open").with("count", listed.open));
    warn(listed.unconfirmed > 0, Message::new("give-warn-unconfirmed").with("count", listed.unconfirmed));
    warn(has_passed(times.closes_at), Message::new("give-warn-closed"));
    warn(!has_passed(times.closes_at) && has_passed(times.due_at), Message::new("give-warn-due-passed"));
    warn(times.closes_at.is_none() && rules.reveal_keys == RevealKeys::Closed, Message::new("give-warn-keys-never"));
    warn(
        rules.late_per_day.is_none() && rules.due_at.zip(rules.closes_at).is_some_and(|(due, closes)| closes > due),
        Message::new("give-warn-late-refused"),
    );
    warn(rules.late_per_day.is_some() && rules.due_at.is_none(), Message::new("give-warn-never-late"));
    warn(
        rules.reveal_keys == RevealKeys::Always && rules.attempts_allowed != Some(1),
        Message::new("give-warn-keys-always"),
    );
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Tz = chrono_tz::Asia::Shanghai;

    fn form(change: impl FnOnce(&mut RulesForm)) -> RulesForm {
        let now = ZONE.with_ymd_and_hms(2026, 11, 22, 8, 30, 0).unwrap().to_utc();
        let mut form = RulesForm::new(&defaults(now, ZONE), ZONE, String::new());
        change(&mut form);
        form
    }

    #[test]
    fn a_form_gives_back_the_rules_it_was_made_from() {
        let now = ZONE.with_ymd_and_hms(2026, 11, 22, 8, 30, 0).unwrap().to_utc();
        let (rules, errors) = form(|_| {}).read(ZONE);
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(rules, defaults(now, ZONE));
        assert_eq!(form(|_| {}).due, "2026-11-29T23:59:59");
    }

    #[test]
    fn times_in_the_wrong_order_are_refused_beside_their_field() {
        let cases: [(fn(&mut RulesForm), Field); 6] = [
            (|form| form.closes = "2026-11-25T00:00".into(), Field::Closes),
            (|form| form.opens = "2026-12-30T08:00:00".into(), Field::Due),
            (|form| form.due = "tomorrow".into(), Field::Due),
            (|form| form.attempts = "0".into(), Field::Attempts),
            (|form| form.late_per_day = "101".into(), Field::LatePerDay),
            (|form| form.late_floor = "-1".into(), Field::LateFloor),
        ];
        for (change, field) in cases {
            let (_, errors) = form(change).read(ZONE);
            assert_eq!(errors.messages.first().map(|(field, _)| *field), Some(field), "{errors:?}");
        }
    }

    #[test]
    fn figures_in_full_width_and_without_seconds_are_understood() {
        let (rules, errors) = form(|form| {
            form.attempts = "２".into();
            form.late_per_day = "１５％".into();
            form.due = "2026-11-30T20:00".into();
        })
        .read(ZONE);
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!((rules.attempts_allowed, rules.late_per_day), (Some(2), Some(15)));
        assert_eq!(form_time(rules.due_at, ZONE), "2026-11-30T20:00:00");
    }

    #[test]
    fn a_time_that_the_clock_skips_does_not_exist() {
        let berlin = chrono_tz::Europe::Berlin;
        assert!(local_time("2026-03-29T02:30", berlin).is_err());
        assert!(local_time("2026-10-25T02:30", berlin).unwrap().is_some());
    }

    mod properties {
        use proptest::prelude::*;

        use super::*;

        /// What may stand in a field: what belongs there, and anything.
        fn field() -> impl Strategy<Value = String> {
            prop_oneof![
                "[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,2}[T ][0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2})?",
                "2026-11-2[0-9]T[01][0-9]:[0-5][0-9]",
                "-?[0-9]{0,20}",
                proptest::sample::select(vec!["best", "last", "none", "on", "taken", "refused", "never", ""])
                    .prop_map(str::to_owned),
                ".{0,12}",
            ]
        }

        proptest! {
            #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

            #[test]
            fn whatever_is_typed_is_refused_or_makes_rules_that_hold(typed in proptest::array::uniform11(field())) {
                let [opens, due, closes, attempts, counting, bell, late, late_per_day, late_floor, reveal, verdicts] = typed;
                let form = RulesForm {
                    opens, due, closes, attempts, counting, bell, late, late_per_day, late_floor, reveal, verdicts,
                    ..RulesForm::default()
                };
                let (rules, errors) = form.read(ZONE);
                if errors.is_empty() {
                    let in_order = |first: Option<DateTime<Utc>>, then: Option<DateTime<Utc>>| {
                        first.zip(then).is_none_or(|(first, then)| first <= then)
                    };
                    prop_assert!(in_order(rules.opens_at, rules.due_at) && in_order(rules.due_at, rules.closes_at));
                    prop_assert!(rules.attempts_allowed.is_none_or(|allowed| (1..=99).contains(&allowed)));
                    prop_assert!(rules.late_per_day.is_none_or(|per_day| (0..=100).contains(&per_day)));
                    // Written into a form and read again they are the same.
                    let (again, errors) = RulesForm::new(&rules, ZONE, String::new()).read(ZONE);
                    prop_assert!(errors.is_empty());
                    prop_assert_eq!(again.attempts_allowed, rules.attempts_allowed);
                    prop_assert_eq!((again.counting, again.bell_rule), (rules.counting, rules.bell_rule));
                }
            }
        }
    }
}
