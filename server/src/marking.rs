//! From a student's texts to marked answers: the grader on the keys in force. What teachers decided about answers is part of
//! the key.

use grader::assignment as file;
use grader::mark::{Key, Mark, Verdict, mark_question, normal_form};
use uuid::Uuid;

use crate::store::assignment::{Form, Question};

/// The most characters of an answer; the grader takes no more.
pub const LONGEST_ANSWER: usize = 1_000;
/// The most characters of an essay or project.
pub const LONGEST_TEXT: usize = 20_000;

/// The compiled keys of an assignment, by question and blank. Kept with its [`Form`], which changes with every key version.
pub struct Keys(Vec<Vec<Key>>);

/// A marked attempt.
#[derive(Clone, Debug)]
pub struct Marked {
    /// One entry for each blank.
    pub answers: Vec<MarkedAnswer>,
    /// Points of all blanks in millionths.
    pub points: i64,
    /// Whether it uses up an attempt: not when only reviews or gaps are wrong.
    pub counts: bool,
}

/// One entry in one blank, marked.
#[derive(Clone, Debug)]
pub struct MarkedAnswer {
    /// Blank.
    pub blank_id: Uuid,
    /// As written.
    pub text: String,
    /// The form that equal answers share.
    pub normal_form: String,
    /// What the marking says.
    pub verdict: Verdict,
    /// Millionths of the key's points.
    pub credit: i64,
    /// Points in millionths.
    pub points: i64,
    /// The grader's reason as JSON.
    pub reason: String,
    /// Version of the key it was marked with.
    pub key_version: i64,
}

impl Keys {
    /// Compiles the keys. One that cannot be used counts as not known, so that its answers wait for the teacher.
    pub fn compile(questions: &[Question]) -> Self {
        let compile = |spec: &file::Blank| {
            Key::compile(spec).or_else(|error| {
                tracing::error!(%error, "a stored key cannot be used; its answers go to review");
                Key::compile(&file::Blank { key: Vec::new(), ..spec.clone() })
            })
        };
        Self(
            questions
                .iter()
                .map(|question| {
                    let keys = question.blanks.iter().map(|blank| {
                        let spec = file::Blank { points: file::Points(blank.points), ..blank.spec.clone() };
                        compile(&spec).expect("a blank without a key compiles")
                    });
                    keys.collect()
                })
                .collect(),
        )
    }
}

impl MarkedAnswer {
    /// Name of the verdict in the database.
    pub fn verdict_name(&self) -> &'static str {
        verdict_name(self.verdict)
    }
}

/// Name of a verdict in the database and in templates.
pub fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Correct => "correct",
        Verdict::Partial => "partial",
        Verdict::Incorrect => "incorrect",
        Verdict::Review => "review",
        Verdict::Unanswered => "unanswered",
    }
}

/// Marks all blanks of an assignment; `text` gives what stands in a blank.
pub fn mark(form: &Form, text: impl Fn(Uuid) -> String) -> Marked {
    let mut answers = Vec::new();
    for (question, keys) in form.questions.iter().zip(&form.keys().0) {
        let texts: Vec<String> = question.blanks.iter().map(|blank| text(blank.id)).collect();
        let given: Vec<&str> = texts.iter().map(String::as_str).collect();
        let marks = mark_question(keys, &given);
        let written = question.blanks.iter().zip(texts.iter().cloned()).zip(marks);
        answers.extend(written.map(|((blank, text), mark)| MarkedAnswer {
            blank_id: blank.id,
            normal_form: normal_form(&text),
            text,
            verdict: mark.verdict,
            credit: i64::from(mark.credit.0),
            points: points_of(question, &mark),
            reason: serde_json::to_string(&mark.reason).expect("a reason is plain data"),
            key_version: blank.key_version,
        }));
    }
    let points = answers.iter().map(|answer| answer.points).sum();
    let counts = uses_up(answers.iter().map(|answer| answer.verdict));
    Marked { answers, points, counts }
}

/// The blank whose key a decision about an answer belongs to: the answer's own, or in an order-free group the first whose key no
/// other answer of the attempt has earned.
pub fn decided_at(form: &Form, blank: Uuid, text: impl Fn(Uuid) -> String) -> Option<Uuid> {
    let holds = |question: &Question| question.blanks.iter().position(|known| known.id == blank);
    let (question, keys, own) = form
        .questions
        .iter()
        .zip(&form.keys().0)
        .find_map(|(question, keys)| Some((question, keys, holds(question)?)))?;
    let group = question.blanks[own].spec.group.as_ref();
    let texts: Vec<String> = question.blanks.iter().map(|blank| text(blank.id)).collect();
    let given: Vec<&str> = texts.iter().map(String::as_str).collect();
    let marks = mark_question(keys, &given);
    let is_earned = |place: usize| {
        let others = marks.iter().enumerate().filter(|(index, _)| *index != own);
        others.filter(|(_, mark)| mark.credit.0 > 0).any(|(_, mark)| mark.key == Some(place))
    };
    let in_group = |place: &usize| group.is_some() && question.blanks[*place].spec.group.as_ref() == group;
    let free = std::iter::once(own).chain((0..keys.len()).filter(in_group)).find(|place| !is_earned(*place));
    Some(question.blanks[free.unwrap_or(own)].id)
}

/// Points belong to the key: in a group an answer earns those of the blank whose key it was matched to.
fn points_of(question: &Question, mark: &Mark) -> i64 {
    let points = mark.key.and_then(|key| question.blanks.get(key)).map_or(0, |blank| blank.points);
    file::Points(points).times(mark.credit).0
}

/// Whether verdicts use up an attempt: something is wrong that is neither a gap nor waits for the teacher, or nothing is.
fn uses_up(verdicts: impl Iterator<Item = Verdict>) -> bool {
    let mut open = false;
    for verdict in verdicts {
        match verdict {
            Verdict::Incorrect | Verdict::Partial => return true,
            Verdict::Review | Verdict::Unanswered => open = true,
            Verdict::Correct => {}
        }
    }
    !open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_and_reviews_alone_do_not_use_up_an_attempt() {
        use Verdict::{Correct, Incorrect, Partial, Review, Unanswered};
        for (verdicts, used) in [
            (vec![Correct, Correct], true),
            (vec![], true),
            (vec![Correct, Unanswered], false),
            (vec![Correct, Review], false),
            (vec![Review, Unanswered], false),
            (vec![Review, Incorrect], true),
            (vec![Unanswered, Partial], true),
        ] {
            assert_eq!(uses_up(verdicts.iter().copied()), used, "{verdicts:?}");
        }
    }

    mod properties {
        use proptest::prelude::*;

        use super::*;

        fn form() -> Form {
            let source = "---\ntitle: 题\n---\n\n1. 每[[天]]群发[[1|一]]{unit=条}条，[[200]]{match=number}。\n\n\
                2. ① [[订阅号|%50%订阅]]{group=kind} ② [[服务号]]{group=kind} ③ [[]]。\n\n3. [[\\[a-z\\]+]]{match=regex}。\n";
            Form::of_file(source)
        }

        /// An answer: near a key, or any text at all.
        fn answer() -> impl Strategy<Value = String> {
            prop_oneof![
                "[天一1条200订阅服务号①②③ 　，。]{0,8}",
                "[-+0-9.,eE%万亿½²〇壹]{0,12}",
                "[\\x00-\\x{10ffff}]{0,30}",
                ("[a-z天(\\\\]", 0usize..1000).prop_map(|(text, times)| text.repeat(times)),
            ]
        }

        proptest! {
            #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

            #[test]
            fn whatever_is_answered_gets_a_mark_within_its_points(texts in proptest::collection::vec(answer(), 7)) {
                let form = form();
                let places: std::collections::HashMap<Uuid, usize> =
                    form.blanks().enumerate().map(|(index, blank)| (blank.id, index)).collect();
                let text = |blank: Uuid| texts[places[&blank]].clone();
                let marked = mark(&form, text);
                prop_assert_eq!(marked.answers.len(), places.len());
                let most: i64 = form.blanks().map(|blank| blank.points).sum();
                prop_assert!((0..=most).contains(&marked.points), "{} of {}", marked.points, most);
                for (answer, again) in marked.answers.iter().zip(&mark(&form, text).answers) {
                    prop_assert!((0..=1_000_000).contains(&answer.credit));
                    prop_assert_eq!((answer.verdict, answer.points), (again.verdict, again.points));
                    let is_credited = matches!(answer.verdict, Verdict::Correct | Verdict::Partial);
                    prop_assert_eq!(answer.points > 0, is_credited, "{:?}", answer);
                }
            }
        }
    }
}
