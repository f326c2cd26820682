//! What was asked beside the marks of a sheet, and the form to ask.

use std::collections::HashSet;

use uuid::Uuid;

use super::typed::Typed;
use crate::app::App;
use crate::auth::AttemptMember;
use crate::error::{Message, Result};
use crate::moment::local;
use crate::pages::assignment::asking::{AskingView, Choice, ThreadView};
use crate::pages::assignment::questions::{QuestionView, TextView};
use crate::store::inquiry::{self as store, Inquiry, LONGEST};
use crate::view::View;

/// Puts what was asked, and the form to ask, into the questions of a marked sheet. `answered`: blanks that were on the sheet.
pub async fn fill(
    questions: &mut [QuestionView],
    view: &View,
    app: &App,
    member: &AttemptMember,
    answered: &HashSet<Uuid>,
    typed: Option<Typed>,
) -> Result<()> {
    let zone = member.standing.zone;
    let known = store::of_attempt(&app.db, member.attempt.id).await?;
    let may_ask = !member.teaches && !member.standing.archived && member.attempt.handed_in_at.is_some();
    for question in questions.iter_mut() {
        let blanks: Vec<_> = question.parts.iter().filter_map(|part| part.blank.as_ref()).collect();
        let place = |field: Uuid| blanks.iter().position(|blank| blank.id == field).map(|place| place + 1);
        let of_blank = |place: usize| view.sentence(&Message::new("inquiry-blank").with("blank", place));
        let is_here = |inquiry: &&Inquiry| inquiry.field == question.id || place(inquiry.field).is_some();
        let threads: Vec<ThreadView> = known
            .iter()
            .filter(is_here)
            .map(|inquiry| ThreadView {
                place: place(inquiry.field).filter(|_| blanks.len() > 1).map(of_blank),
                text: inquiry.text.clone(),
                asked_at: local(inquiry.asked_at, zone),
                reply: inquiry.reply.clone(),
                replied_at: inquiry.replied_at.map(|at| local(at, zone)),
                changed: inquiry.changed,
            })
            .collect();
        let is_open = |field: Uuid| known.iter().any(|inquiry| inquiry.field == field && inquiry.reply.is_none());
        let mut choices: Vec<Choice> = blanks
            .iter()
            .enumerate()
            .filter(|(_, blank)| answered.contains(&blank.id) && !matches!(blank.state, "correct" | "review"))
            .map(|(index, blank)| Choice {
                value: blank.id,
                label: match blank.value.is_empty() {
                    true => of_blank(index + 1),
                    false => view.sentence(
                        &Message::new("inquiry-blank-answer").with("blank", index + 1).with("answer", &blank.value),
                    ),
                },
            })
            .collect();
        let is_marked = |text: &TextView| !text.waiting && (!text.value.is_empty() || !text.files.is_empty());
        if question.kind == "essay" && question.text.as_ref().is_some_and(is_marked) {
            choices.push(Choice { value: question.id, label: question.label.clone() });
        }
        choices.retain(|choice| !is_open(choice.value));
        let typed = typed.as_ref().filter(|typed| typed.about == question.id || place(typed.about).is_some());
        if threads.is_empty() && (choices.is_empty() || !may_ask) && typed.is_none() {
            continue;
        }
        let action = format!("/attempts/{}/inquiries", member.attempt.id);
        question.asking = Some(AskingView {
            threads,
            action: (may_ask && !choices.is_empty()).then_some(action),
            choices,
            chosen: typed.map(|typed| typed.about),
            text: typed.map(|typed| typed.sent.text.clone()).unwrap_or_default(),
            error: typed.map(|typed| typed.error.clone()),
            most: LONGEST,
        });
    }
    Ok(())
}
