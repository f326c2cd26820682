//! Changing the key of one blank: what was typed is checked like a file, its effect is shown, and only what was shown is
//! put in place. The assignment's file follows.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use grader::assignment::Blank;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Message, Result};
use crate::importing::key::{self, Change, Finding, Found, Refused, Typed};
use crate::importing::{Importer, source};
use crate::media;
use crate::moment::Moment;
use crate::notice::Notice;
use crate::pages::desk::{Desk, Head, Place};
use crate::points;
use crate::request::{Form, Path};
use crate::store::give::keys::{self, Version};
use crate::store::import;
use crate::view::View;

#[derive(Serialize)]
struct Page {
    head: Head,
    title: String,
    back: String,
    question: String,
    blank: usize,
    /// The question's text around this blank.
    before: String,
    after: String,
    was: String,
    key: String,
    attributes: String,
    /// What changed since the form was opened, or what is wrong in it.
    error: Option<String>,
    meanwhile: Option<VersionLine>,
    findings: Vec<FindingLine>,
    effect: Option<EffectPart>,
    versions: Vec<VersionLine>,
}

/// A finding, with the blank as typed in three parts: before, at and behind the place it is about.
#[derive(Serialize)]
struct FindingLine {
    /// `error`, `warning` or `info`.
    kind: &'static str,
    message: String,
    help: Option<String>,
    place: Option<(String, String, String)>,
}

#[derive(Serialize)]
struct EffectPart {
    /// As the file would have it.
    notation: String,
    gains: Vec<ShiftLine>,
    losses: Vec<ShiftLine>,
}

#[derive(Serialize)]
struct ShiftLine {
    student: String,
    answers: Vec<String>,
    before: String,
    after: String,
}

#[derive(Serialize)]
struct VersionLine {
    notation: String,
    by: Option<String>,
    at: Moment,
}

/// What a form sends.
#[derive(Debug, Deserialize)]
pub struct Sent {
    key: String,
    #[serde(default)]
    attributes: String,
    /// The blank as it was when the form was opened.
    was: String,
    /// `save` puts in place what was shown; anything else shows.
    #[serde(default)]
    action: String,
}

/// What a page says beside the form.
#[derive(Default)]
struct Said {
    error: Option<Message>,
    meanwhile: bool,
    findings: Vec<Finding>,
    change: Option<Change>,
}

/// `GET /classes/{class}/assign/{assignment}/keys/{blank}`
pub async fn show(
    view: View,
    desk: Desk,
    State(app): State<App>,
    Path((_, assignment, blank)): Path<(Uuid, Uuid, Uuid)>,
) -> Result<Response> {
    let found = key::find(&app, desk.class.id, assignment, blank).await?;
    let typed = Typed::of(found.blank());
    page(&view, &desk, &app, (assignment, blank), &found, &typed, StatusCode::OK, Said::default()).await
}

/// `POST /classes/{class}/assign/{assignment}/keys/{blank}`: shows what a change would do, or makes it.
pub async fn change(
    view: View,
    desk: Desk,
    State(app): State<App>,
    Path((_, assignment, blank)): Path<(Uuid, Uuid, Uuid)>,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    desk.writable()?;
    let found = key::find(&app, desk.class.id, assignment, blank).await?;
    let typed = Typed { key: sent.key, attributes: sent.attributes };
    let ids = (assignment, blank);
    if found.notation() != sent.was {
        let said = Said { meanwhile: true, ..Said::default() };
        return page(&view, &desk, &app, ids, &found, &typed, StatusCode::CONFLICT, said).await;
    }
    let change = match key::plan(&app, &found, &typed, view.language()).await? {
        Ok(change) => change,
        Err(refused) => {
            let said = match refused {
                Refused::Findings(findings) => {
                    Said { error: Some(Message::new("give-key-refused")), findings, ..Said::default() }
                }
                Refused::Reaches(message) => Said { error: Some(message), ..Said::default() },
            };
            return page(&view, &desk, &app, ids, &found, &typed, StatusCode::UNPROCESSABLE_ENTITY, said).await;
        }
    };
    let back = format!("/classes/{}/assign/{assignment}#question-{}", desk.class.id, found.question.number);
    if change.is_empty() {
        return Ok(Notice::info(Message::new("give-key-same")).redirect(&back));
    }
    if sent.action != "save" {
        let said = Said { change: Some(change), ..Said::default() };
        return page(&view, &desk, &app, ids, &found, &typed, StatusCode::OK, said).await;
    }
    let importer = Importer { person_id: desk.actor.id, address: desk.actor.address.clone() };
    match key::apply(&app, &desk.class, found, change, importer).await {
        Ok(regraded) => {
            let message =
                Message::new("give-key-changed").with("attempts", regraded.attempts).with("changed", regraded.changed);
            Ok(Notice::success(message).redirect(&back))
        }
        // Something else of the assignment changed in this moment: looked at anew.
        Err(Error::Conflict(_)) => {
            let found = key::find(&app, desk.class.id, assignment, blank).await?;
            let said = Said { error: Some(Message::new("give-key-again")), ..Said::default() };
            page(&view, &desk, &app, ids, &found, &typed, StatusCode::CONFLICT, said).await
        }
        Err(error) => Err(error),
    }
}

/// `GET /classes/{class}/assign/{assignment}/file`: the assignment file as it holds now.
pub async fn file(desk: Desk, State(app): State<App>, Path((_, assignment)): Path<(Uuid, Uuid)>) -> Result<Response> {
    let held = import::held(&app.db, desk.class.id, assignment).await?.ok_or(Error::NotFound)?;
    let name = format!("{}.md", held.name.title);
    let headers = [
        (header::CONTENT_TYPE, "text/markdown; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, media::disposition(&name)),
    ];
    Ok((headers, source::in_force(&held)).into_response())
}

#[expect(clippy::too_many_arguments, reason = "the parts of one page, gathered in one place")]
async fn page(
    view: &View,
    desk: &Desk,
    app: &App,
    (assignment, blank): (Uuid, Uuid),
    found: &Found,
    typed: &Typed,
    status: StatusCode,
    said: Said,
) -> Result<Response> {
    let versions = keys::versions(&app.db, desk.class.id, blank).await?;
    let versions = lines(versions, |at| desk.moment(at, view))?;
    let meanwhile =
        |line: &VersionLine| VersionLine { notation: line.notation.clone(), by: line.by.clone(), at: line.at.clone() };
    let word = |key: &'static str| {
        let message = Message::new(key).with("question", &found.question.number).with("blank", found.position);
        view.sentence(&message)
    };
    let back = format!("/classes/{}/assign/{assignment}", desk.class.id);
    let (before, after) = around(found);
    let notation = typed.notation();
    let mut findings = said.findings;
    let effect = said.change.map(|change| {
        findings.extend(change.findings.iter().cloned());
        let shifts = |rise: bool| {
            let shifts = change.shifts.iter().filter(|shift| (shift.after > shift.before) == rise);
            shifts
                .map(|shift| ShiftLine {
                    student: shift.student.clone(),
                    answers: shift.answers.clone(),
                    before: points::shown(shift.before),
                    after: points::shown(shift.after),
                })
                .collect()
        };
        EffectPart { notation: notation.clone(), gains: shifts(true), losses: shifts(false) }
    });
    let page = Page {
        head: desk.head(
            view,
            Place::Give,
            vec![(found.title.clone(), Some(back.clone())), (word("give-key-place"), None)],
        ),
        title: word("give-key-change-one"),
        question: found.question.number.clone(),
        blank: found.position,
        before,
        after,
        was: found.notation(),
        key: typed.key.clone(),
        attributes: typed.attributes.clone(),
        error: said.error.map(|message| view.sentence(&message)),
        meanwhile: versions.first().filter(|_| said.meanwhile).map(meanwhile),
        findings: findings.iter().map(|finding| FindingLine::new(finding, &notation)).collect(),
        effect,
        versions,
        back,
    };
    Ok((status, view.page("give/key.html", "class", page)?).into_response())
}

impl FindingLine {
    fn new(finding: &Finding, notation: &str) -> Self {
        use grader::diagnostic::Severity;
        let part = |from: usize, to: usize| notation.chars().skip(from).take(to.saturating_sub(from)).collect();
        Self {
            kind: match finding.diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "info",
            },
            message: finding.diagnostic.message.clone(),
            help: finding.diagnostic.help.clone(),
            place: finding
                .place
                .as_ref()
                .map(|place| (part(0, place.start), part(place.start, place.end), part(place.end, usize::MAX))),
        }
    }
}

/// The versions as they stand in a file; those that differ only in what a file does not state (a teacher's decision about
/// an answer) are one.
fn lines(versions: Vec<Version>, moment: impl Fn(chrono::DateTime<chrono::Utc>) -> Moment) -> Result<Vec<VersionLine>> {
    let mut lines: Vec<VersionLine> = Vec::new();
    for version in versions {
        let spec: Blank = serde_json::from_str(&version.spec).map_err(Error::internal)?;
        let line = VersionLine { notation: source::notation(&spec), by: version.by, at: moment(version.at) };
        match lines.last_mut() {
            Some(newer) if newer.notation == line.notation => *newer = line,
            _ => lines.push(line),
        }
    }
    Ok(lines)
}

/// The words of the question before and behind the blank, its other blanks as gaps.
fn around(found: &Found) -> (String, String) {
    use grader::assignment::{Segment, segments};
    let (mut before, mut after) = (String::new(), String::new());
    let mut is_behind = false;
    for segment in segments(&found.question.text) {
        let side = if is_behind { &mut after } else { &mut before };
        match segment {
            Segment::Text(text) => side.push_str(&text),
            Segment::Blank(number) if number == found.position => is_behind = true,
            Segment::Blank(_) => side.push_str("＿＿"),
        }
    }
    (before, after)
}
