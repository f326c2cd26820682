//! The steps of a publication, who may do which, and when.

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::protocol::value::Value;

use super::{LONGEST, Publication, TRIES, html, left};
use crate::day;
use crate::people::People;
use crate::quota::{Quota, day_of};
use crate::shift;
use crate::shift::change::{self, done};

/// How long afterwards it can be noted that something was published.
const NOTED_LATE: TimeDelta = TimeDelta::days(31);

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A student takes it on.
    Take,
    /// The author keeps what is written so far.
    Save,
    /// The author gives it to the editor.
    Submit,
    /// The editor passes it on to the teacher.
    Pass,
    /// The editor or the teacher gives it back.
    Return,
    /// The teacher approves it.
    Approve,
    /// It goes among the account's drafts.
    Draft,
    /// It has been published.
    Publish,
    /// Its slot moves to another day.
    Move,
    /// Its slot is given up.
    Cancel,
}

/// All steps by their names in addresses.
pub const STEPS: [(&str, Step); 10] = [
    ("take", Step::Take),
    ("save", Step::Save),
    ("submit", Step::Submit),
    ("pass", Step::Pass),
    ("return", Step::Return),
    ("approve", Step::Approve),
    ("draft", Step::Draft),
    ("publish", Step::Publish),
    ("move", Step::Move),
    ("cancel", Step::Cancel),
];

/// Who looks at a publication.
pub struct Reader {
    person: Person,
    /// Has the post of editor on the publication's day.
    is_editor: bool,
    /// Nobody writes it, or who did is not in the class any more.
    has_no_author: bool,
}

impl Reader {
    /// The person of the call.
    pub fn of(host: &Host, publication: &Publication) -> Result<Self> {
        let person = host.person()?.clone();
        let on_duty = shift::between(host, publication.day, publication.day)?;
        let is_editor = on_duty.iter().any(|shift| shift.post == "editor" && shift.person == person.id);
        let has_no_author = match publication.author {
            Some(author) => !People::of(host)?.is_student(author),
            None => true,
        };
        Ok(Self { person, is_editor, has_no_author })
    }

    /// Whether it is theirs to bring on: it waits for a step that they may do.
    pub fn may_go_on(&self, publication: &Publication) -> bool {
        let steps = [Step::Take, Step::Save, Step::Pass, Step::Approve, Step::Publish];
        steps.into_iter().any(|step| self.may(step, publication))
    }

    /// Whether they may do a step now.
    pub fn may(&self, step: Step, publication: &Publication) -> bool {
        let state = publication.state.as_str();
        let is_author = publication.author == Some(self.person.id);
        let runs = self.person.is_operator();
        let is_unfinished = !matches!(state, "published" | "cancelled");
        match step {
            Step::Take => matches!(state, "planned" | "writing") && self.has_no_author && !self.person.is_teacher(),
            Step::Save | Step::Submit => matches!(state, "planned" | "writing") && (is_author || runs),
            // Four eyes: nobody edits what they have written.
            Step::Pass => state == "editing" && !is_author && (self.is_editor || runs),
            Step::Return => {
                (state == "editing" && !is_author && (self.is_editor || runs))
                    || (matches!(state, "approving" | "approved") && self.person.is_teacher())
            }
            Step::Approve => matches!(state, "approving" | "editing") && self.person.is_teacher(),
            Step::Draft => state == "approved" && (is_author || self.is_editor || runs),
            Step::Publish => state == "approved" && (is_author || self.is_editor || runs),
            Step::Move | Step::Cancel => is_unfinished && runs,
        }
    }
}

/// Does a step other than [`Step::Draft`]; the key of a sentence that says that, or why not.
pub fn take(
    host: &Host,
    publication: &Publication,
    step: Step,
    request: &Page,
) -> Result<Result<&'static str, &'static str>> {
    let me = host.person()?.id;
    let (title, text) = (request.form("title").trim(), request.form("text").trim());
    let note: String = request.form("note").trim().chars().take(500).collect();
    let is_written = |title: &str, text: &str| {
        (1..=LONGEST.0).contains(&title.chars().count()) && html(text).chars().count() <= LONGEST.1
    };
    let now = Value::from(host.now());
    let (set, values, said): (&str, Vec<Value>, &str) = match step {
        Step::Take => ("author_id = $4, state = 'writing'", params![me], "publication-taken"),
        Step::Save | Step::Submit if !is_written(title, text) => return Ok(Err("publication-title-wrong")),
        Step::Submit if text.is_empty() => return Ok(Err("publication-text-missing")),
        Step::Save => {
            let author = publication.author.unwrap_or(me);
            let set = "title = $4, text = $5, author_id = $6, state = 'writing'";
            (set, params![title, text, author], "publication-saved")
        }
        Step::Submit => {
            let author = publication.author.unwrap_or(me);
            let set = "title = $4, text = $5, author_id = $6, note = '', state = 'editing'";
            (set, params![title, text, author], "publication-submitted")
        }
        Step::Pass => ("editor_id = $4, note = '', state = 'approving'", params![me], "publication-passed"),
        Step::Return if note.is_empty() => return Ok(Err("publication-note-missing")),
        Step::Return => ("note = $4, state = 'writing'", params![note], "publication-returned"),
        Step::Approve => ("note = '', state = 'approved'", params![], "publication-approved"),
        Step::Cancel => ("state = 'cancelled'", params![], "publication-cancelled"),
        Step::Publish => return publish(host, publication, request.form("day")),
        Step::Move => return move_to(host, publication, request.form("day")),
        Step::Draft => return Err(not_found()),
    };
    let sql = format!("update publication set {set}, changed_at = $3 where id = $1 and state = $2");
    let mut all = params![publication.id, &publication.state];
    all.push(now);
    all.extend(values);
    Ok(if done(host.batch().expect(1, &sql, all))? { Ok(said) } else { Err("publication-changed") })
}

/// The day on which it has most likely been published: that of its slot, or today when that is still to come.
pub fn likely_day(host: &Host, publication: &Publication) -> NaiveDate {
    publication.day.min(day_of(host.now()))
}

/// Says that it has been published on a day, if the account could publish then. What the channel has told of that day
/// without knowing its slot is this one.
fn publish(host: &Host, publication: &Publication, sent: &str) -> Result<Result<&'static str, &'static str>> {
    let (quota, today) = (Quota::of(host), day_of(host.now()));
    let on = match sent.trim() {
        "" => likely_day(host, publication),
        sent => match day::parse(sent).filter(|on| (today - NOTED_LATE..=today).contains(on)) {
            Some(on) => on,
            None => return Ok(Err("publication-published-day-wrong")),
        },
    };
    // Of a day that is over nobody says the hour.
    let noon = on.and_hms_opt(4, 0, 0).map_or(host.now(), |noon| noon.and_utc());
    let noted = if on == today { host.now() } else { noon };
    for _ in 0..TRIES {
        let revision = change::revision(host)?;
        let unplanned = super::unplanned(host, on)?;
        let mut except = vec![publication.id];
        except.extend(unplanned.as_ref().map(|one| one.id));
        if left(host, quota, on, &except, true)? == 0 {
            return Ok(Err("quota-used"));
        }
        let (at, sent) = match &unplanned {
            Some(one) => (one.published_at.unwrap_or(noted), one.sent.as_str()),
            None => (noted, publication.sent.as_str()),
        };
        let mut batch = change::at_revision(host, host.batch(), revision)?.expect(
            1,
            "update publication set state = 'published', published_at = $1, changed_at = $2, sent = $5
             where id = $3 and state = $4",
            params![at, host.now(), publication.id, &publication.state, sent],
        );
        if let Some(one) = &unplanned {
            batch = batch.expect(1, "delete from publication where id = $1 and title = ''", params![one.id]);
        }
        if done(batch)? {
            return Ok(Ok("publication-published"));
        }
        if super::find(host, publication.id)?.state != publication.state {
            break;
        }
    }
    Ok(Err("publication-changed"))
}

/// Moves the slot to another day that has one left.
fn move_to(host: &Host, publication: &Publication, sent: &str) -> Result<Result<&'static str, &'static str>> {
    let Some(on) = day::parse(sent).filter(|on: &NaiveDate| *on >= day_of(host.now())) else {
        return Ok(Err("publication-day-past"));
    };
    let quota = Quota::of(host);
    for _ in 0..TRIES {
        let revision = change::revision(host)?;
        if left(host, quota, on, &[publication.id], false)? == 0 {
            return Ok(Err(if quota == Quota::Daily { "quota-day-full" } else { "quota-month-full" }));
        }
        let batch = change::at_revision(host, host.batch(), revision)?.expect(
            1,
            "update publication set day = $1, changed_at = $2 where id = $3 and state = $4",
            params![on.to_string(), host.now(), publication.id, &publication.state],
        );
        if done(batch)? {
            return Ok(Ok("publication-moved"));
        }
        if super::find(host, publication.id)?.state != publication.state {
            break;
        }
    }
    Ok(Err("publication-changed"))
}

/// The student whom an operator chose as author; none for nobody.
pub fn author(people: &People, sent: &str) -> Result<Option<Uuid>, &'static str> {
    match sent.trim() {
        "" => Ok(None),
        sent => people.student(sent).map(Some).ok_or("plan-person-unknown"),
    }
}
