//! What was handed in with one attempt, question by question, as a teacher reads it.

use std::collections::HashMap;

use grader::mark::Reason;
use uuid::Uuid;

use super::{BlankWork, Change, EssayWork, QuestionWork, Refused};
use crate::app::App;
use crate::error::Result;
use crate::i18n::Language;
use crate::pages::assignment::questions::{FileView, QuestionView, of_points};
use crate::pages::desk::Desk;
use crate::points;
use crate::store::assignment::{Blank, Kind, Question};
use crate::store::attempt::{self, Answer, Attempt, Essay};
use crate::store::gradebook::work::{self as store, Override};
use crate::store::{attachment, give};
use crate::view::View;

/// Everything handed in with one attempt.
pub(super) struct Work {
    answers: HashMap<Uuid, Answer>,
    overrides: Vec<Override>,
    essays: HashMap<Uuid, Essay>,
    files: Vec<attachment::Attachment>,
}

impl Work {
    /// Reads it.
    pub(super) async fn load(app: &App, attempt: &Attempt) -> Result<Self> {
        let answers = attempt::answers(&app.db, attempt.id).await?;
        let essays = attempt::essays(&app.db, attempt.id).await?;
        Ok(Self {
            answers: answers.into_iter().map(|answer| (answer.blank_id, answer)).collect(),
            overrides: store::overrides(&app.db, attempt.id).await?,
            essays: essays.into_iter().map(|essay| (essay.question_id, essay)).collect(),
            files: attachment::of_attempt(&app.db, attempt.id).await?,
        })
    }

    /// A question with what the student wrote in it.
    pub(super) fn question(
        &self,
        question: &Question,
        mut shown: QuestionView,
        desk: &Desk,
        view: &View,
        refused: Option<&Refused>,
    ) -> QuestionWork {
        let language = view.language();
        for part in &mut shown.parts {
            let Some(blank_view) = &mut part.blank else { continue };
            let Some(blank) = question.blanks.iter().find(|blank| blank.id == blank_view.id) else { continue };
            let answer = self.answers.get(&blank.id);
            blank_view.state = answer.map_or("unanswered", |answer| state(answer, blank));
            blank_view.value = answer.map(|answer| answer.text.clone()).unwrap_or_default();
            blank_view.reason = answer.and_then(|answer| reason(answer, language));
            // In a group a right answer may stand beside another one's key: say it only where something is wrong.
            let right = blank_view.state == "correct";
            blank_view.key = Some(give::key_text(&blank.spec)).filter(|key| !right && !key.is_empty());
            blank_view.points = answer
                .filter(|answer| answer.override_points.is_some())
                .map(|answer| of_points(Some(in_force(answer)), blank.points, language));
        }
        if question.kind == Kind::Blanks {
            let earned: i64 =
                question.blanks.iter().filter_map(|blank| self.answers.get(&blank.id)).map(in_force).sum();
            // What is right needs no second reading.
            shown.section = shown.section.filter(|_| earned < question.points);
            shown.points = of_points(Some(earned), question.points, language);
        }
        let blanks = question
            .blanks
            .iter()
            .filter_map(|blank| Some(self.blank(blank, self.answers.get(&blank.id)?, desk, view, refused)))
            .collect();
        QuestionWork { essay: self.essay(question, desk), blanks, view: shown }
    }

    fn blank(&self, blank: &Blank, answer: &Answer, desk: &Desk, view: &View, refused: Option<&Refused>) -> BlankWork {
        let refused = refused.filter(|refused| refused.sent.blank == blank.id);
        let history: Vec<Change> = self
            .overrides
            .iter()
            .filter(|change| change.blank_id == blank.id)
            .map(|change| Change {
                points: points::exact(change.points),
                reason: change.reason.clone(),
                name: change.name.clone(),
                at: desk.moment(change.given_at, view),
            })
            .collect();
        BlankWork {
            id: blank.id,
            position: blank.position,
            answer: answer.text.clone(),
            points: points::exact(in_force(answer)),
            of: points::exact(blank.points),
            seen: self.overrides.iter().find(|change| change.blank_id == blank.id).map(|change| change.id),
            typed_points: refused
                .map_or_else(|| points::exact(in_force(answer)), |refused| refused.sent.points.clone()),
            typed_reason: refused.map(|refused| refused.sent.reason.clone()).unwrap_or_default(),
            error: refused.map(|refused| refused.error.clone()),
            open: refused.is_some(),
            history,
        }
    }

    fn essay(&self, question: &Question, desk: &Desk) -> Option<EssayWork> {
        let essay = self.essays.get(&question.id)?;
        Some(EssayWork {
            text: essay.text.clone(),
            files: FileView::of_question(&self.files, question.id),
            points: essay.points.map(points::shown),
            comment: essay.comment.clone(),
            href: format!("/classes/{}/mark/{}/{}", desk.class.id, question.id, essay.origin),
        })
    }
}

/// Points of an answer, a change by hand included.
fn in_force(answer: &Answer) -> i64 {
    answer.override_points.unwrap_or(answer.points)
}

/// The state of a blank: the verdict, or what points given by hand amount to.
fn state(answer: &Answer, blank: &Blank) -> &'static str {
    match answer.override_points {
        Some(points) if points >= blank.points => "correct",
        Some(points) if points > 0 => "partial",
        Some(_) => "incorrect",
        None => ["correct", "partial", "incorrect", "review"]
            .into_iter()
            .find(|known| *known == answer.verdict)
            .unwrap_or("unanswered"),
    }
}

/// Why, where that is more than the verdict: the grader's full reason, or the words of whoever gave points by hand.
fn reason(answer: &Answer, language: Language) -> Option<String> {
    if answer.override_points.is_some() {
        return answer.override_reason.clone();
    }
    let reason = serde_json::from_str::<Reason>(&answer.reason).ok()?;
    let adds = !matches!(reason, Reason::Unanswered | Reason::Same | Reason::Pattern);
    adds.then(|| reason.full_text(language))
}
