//! One assignment on its way into the new class.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use grader::mark::Verdict;
use uuid::Uuid;

use super::blanks::Pairs;
use crate::error::Message;
use crate::marking;
use crate::marks::Earned;
use crate::rules::{self, Phase};
use crate::store::assignment::{Assignment, Form};
use crate::store::roster::transfer::{
    Answer, Attempt, Carry, Draft, Essay, Extension, File, Mark, Move, Override, Record,
};

/// One assignment on its way into the new class.
pub(super) struct Work<'r> {
    pub(super) moved: Move,
    pub(super) record: &'r Record,
    pub(super) new: &'r Assignment,
    pub(super) new_form: &'r Form,
    pub(super) pairs: Pairs,
    /// Attempts in the old class.
    pub(super) tries: Vec<&'r Attempt>,
    /// Attempts that are in the new class already.
    pub(super) there: Vec<&'r Attempt>,
    /// From an attempt in the old class to what it is in the new one.
    pub(super) attempts: HashMap<Uuid, Uuid>,
    /// What the attempts have earned in the new class afterwards.
    pub(super) after: Vec<Earned>,
    pub(super) notes: Vec<Message>,
}

impl Work<'_> {
    /// Writes everything down; whether something goes along.
    pub(super) fn carry(&mut self, carry: &mut Carry, now: DateTime<Utc>) -> bool {
        if self.pairs.is_empty() {
            self.notes.push(Message::new("roster-transfer-nothing-fits"));
            return false;
        }
        let fresh = self.number_attempts(carry, now);
        if self.attempts.is_empty() {
            return false;
        }
        self.pairs.tell(&self.written(), &mut self.notes);
        let new_marks = self.new_marks();
        let marks: Vec<Mark> = self.record.marks.iter().chain(&new_marks).cloned().collect();
        self.after = earned(self.record, &marks, self.new_form, &self.there);
        self.carry_later_overrides(carry);
        for attempt in &fresh {
            let blanks_points = match attempt.handed_in_at {
                Some(_) => self.carry_answers(attempt, carry),
                None => {
                    self.carry_drafts(attempt, carry);
                    continue;
                }
            };
            self.after.push(Earned {
                number: attempt.number,
                handed_in_at: attempt.handed_in_at.unwrap_or(now),
                counts: attempt.counts,
                blanks_points,
                essays_points: 0,
                waiting: 0,
                late_per_cent: attempt.late_per_cent,
            });
        }
        self.carry_essays(&fresh, &marks, carry);
        carry.marks.extend(new_marks);
        self.carry_inquiries(carry);
        if self.new.given_at.is_none() {
            self.notes.push(Message::new("roster-transfer-not-given"));
        }
        true
    }

    /// Fields of the old class in which the student wrote something.
    fn written(&self) -> HashSet<Uuid> {
        let tries: HashSet<Uuid> = self.tries.iter().map(|attempt| attempt.id).collect();
        let record = self.record;
        let answers = record.answers.iter().map(|answer| (answer.attempt_id, answer.blank_id, &answer.text));
        let essays = record.essays.iter().map(|essay| (essay.attempt_id, essay.question_id, &essay.text));
        let drafts = record.drafts.iter().map(|draft| (draft.attempt_id, draft.field, &draft.text));
        let files = record.files.iter().map(|file| (file.attempt_id, file.question_id, &file.name));
        answers
            .chain(essays)
            .chain(drafts)
            .chain(files)
            .filter(|(attempt, _, text)| tries.contains(attempt) && !text.trim().is_empty())
            .map(|(_, field, _)| field)
            .collect()
    }

    /// Gives the old class's attempts their place among the new class's. Returns those to write, with the ids they have there,
    /// and the attempt they come from in `carried_from`.
    fn number_attempts(&mut self, carry: &mut Carry, now: DateTime<Utc>) -> Vec<Attempt> {
        let root = |attempt: &Attempt| attempt.carried_from.unwrap_or(attempt.id);
        let known: HashMap<Uuid, Uuid> = self.there.iter().map(|attempt| (root(attempt), attempt.id)).collect();
        let is_open = self.there.iter().find(|attempt| attempt.handed_in_at.is_none());
        let taken = self.there.iter().filter(|attempt| attempt.handed_in_at.is_some());
        let mut number = taken.map(|attempt| attempt.number).max().unwrap_or(0);
        let (mut fresh, mut handed_in, mut already) = (Vec::new(), 0, 0);
        for attempt in &self.tries {
            if let Some(copy) = known.get(&root(attempt)) {
                self.attempts.insert(attempt.id, *copy);
                already += 1;
                continue;
            }
            if attempt.handed_in_at.is_none() {
                if is_open.is_some() || !self.takes_work(now) {
                    self.notes.push(Message::new("roster-transfer-draft-stays"));
                    continue;
                }
                self.notes.push(Message::new("roster-transfer-draft"));
            } else {
                handed_in += 1;
            }
            number += 1;
            let id = Uuid::now_v7();
            self.attempts.insert(attempt.id, id);
            fresh.push(Attempt {
                id,
                class_id: self.moved.to,
                assignment_id: self.new.id,
                number,
                carried_from: Some(root(attempt)),
                ..(*attempt).clone()
            });
        }
        if let Some(open) = is_open.filter(|open| open.number <= number) {
            carry.renumbered.push((open.id, number + 1));
        }
        if already > 0 {
            self.notes.insert(0, Message::new("roster-transfer-already").with("count", already));
        }
        if handed_in > 0 {
            self.notes.insert(0, Message::new("roster-transfer-attempts").with("count", handed_in));
        }
        let written = fresh.iter().map(|attempt| Attempt {
            // Unfinished work goes on in the new class as an attempt of its own.
            carried_from: attempt.carried_from.filter(|_| attempt.handed_in_at.is_some()),
            ..attempt.clone()
        });
        carry.attempts.extend(written);
        fresh
    }

    /// Whether the new class takes work from this student now.
    fn takes_work(&self, now: DateTime<Utc>) -> bool {
        let is_theirs = |extension: &&Extension| {
            (extension.assignment_id, extension.person_id) == (self.new.id, self.moved.person_id)
        };
        let extension = self.record.extensions.iter().find(is_theirs);
        let extension = extension.map(|found| rules::Extension { due_at: found.due_at, closes_at: found.closes_at });
        let phase: Phase = self.new.rules.times(extension).phase(now);
        self.new.given_at.is_some() && phase.takes_work()
    }

    /// The attempt of the old class that became this one.
    fn source(&self, attempt: &Attempt) -> Option<Uuid> {
        self.attempts.iter().find(|(_, copy)| **copy == attempt.id).map(|(source, _)| *source)
    }

    /// Marks an attempt's answers by the new class's keys. Points that a teacher gave by hand stay; what the new class has
    /// not decided yet keeps what the old one settled. Returns the points of the blanks.
    fn carry_answers(&mut self, attempt: &Attempt, carry: &mut Carry) -> i64 {
        let Some(source) = self.source(attempt) else { return 0 };
        let mut answers: HashMap<Uuid, (&Answer, bool)> = HashMap::new();
        for answer in self.record.answers.iter().filter(|answer| answer.attempt_id == source) {
            if let Some((blank, same_key)) = self.pairs.blank(answer.blank_id) {
                answers.insert(blank, (answer, same_key));
            }
        }
        let text = |blank: Uuid| answers.get(&blank).map(|(answer, _)| answer.text.clone()).unwrap_or_default();
        let marked = marking::mark(self.new_form, text);
        let mut points = 0;
        let mut waits = 0;
        for answer in marked.answers {
            let Some((before, same_key)) = answers.get(&answer.blank_id) else { continue };
            let by_hand: Vec<&Override> = self
                .record
                .overrides
                .iter()
                .filter(|change| (change.attempt_id, change.blank_id) == (source, before.blank_id))
                .collect();
            match by_hand.last().filter(|_| *same_key) {
                Some(last) => {
                    points += last.points;
                    carry.overrides.extend(by_hand.iter().map(|change| Override {
                        attempt_id: attempt.id,
                        blank_id: answer.blank_id,
                        ..(*change).clone()
                    }));
                }
                None if *same_key && answer.verdict == Verdict::Review && before.verdict != "review" => {
                    points += before.points;
                    carry.settled.push((attempt.id, answer.blank_id, before.points));
                }
                None => {
                    points += answer.points;
                    waits += i64::from(answer.verdict == Verdict::Review && before.verdict != "review");
                }
            }
            carry.answers.push((attempt.id, answer));
        }
        if waits > 0 {
            self.notes
                .push(Message::new("roster-transfer-review").with("count", waits).with("attempt", attempt.number));
        }
        points
    }

    fn carry_drafts(&self, attempt: &Attempt, carry: &mut Carry) {
        let Some(source) = self.source(attempt) else { return };
        for draft in self.record.drafts.iter().filter(|draft| draft.attempt_id == source) {
            let field = self.pairs.blank(draft.field).map(|(blank, _)| blank);
            if let Some(field) = field.or_else(|| self.pairs.text(draft.field).map(|(question, _)| question)) {
                carry.drafts.push(Draft { attempt_id: attempt.id, field, ..draft.clone() });
            }
        }
        self.carry_files(source, attempt.id, carry);
    }

    fn carry_files(&self, source: Uuid, attempt: Uuid, carry: &mut Carry) {
        for file in self.record.files.iter().filter(|file| file.attempt_id == source) {
            if let Some((question, _)) = self.pairs.text(file.question_id) {
                carry.files.push(File { attempt_id: attempt, question_id: question, ..file.clone() });
            }
        }
    }

    /// Marks that follow their texts, where the question is worth the same. Those that are in the new class already are not
    /// given twice.
    fn new_marks(&self) -> Vec<Mark> {
        let last = |attempt: Uuid, question: Uuid| {
            let is_its = |mark: &&Mark| (mark.attempt_id, mark.question_id) == (attempt, question);
            self.record.marks.iter().rfind(is_its).map(|mark| mark.marked_at)
        };
        let marks = self.record.marks.iter().filter_map(|mark| {
            let attempt_id = *self.attempts.get(&mark.attempt_id)?;
            let (question_id, true) = self.pairs.text(mark.question_id)? else { return None };
            last(attempt_id, question_id).is_none_or(|last| mark.marked_at > last).then(|| Mark {
                attempt_id,
                question_id,
                ..mark.clone()
            })
        });
        marks.collect()
    }

    /// Points given by hand after an attempt was taken along follow it, too, when its student comes back.
    fn carry_later_overrides(&mut self, carry: &mut Carry) {
        for change in &self.record.overrides {
            let there =
                self.attempts.get(&change.attempt_id).and_then(|copy| self.there.iter().find(|a| a.id == *copy));
            let (Some(copy), Some((blank_id, true))) = (there, self.pairs.blank(change.blank_id)) else { continue };
            let is_its = |other: &&Override| (other.attempt_id, other.blank_id) == (copy.id, blank_id);
            let last = self.record.overrides.iter().rfind(is_its);
            if last.is_some_and(|last| last.given_at >= change.given_at) {
                continue;
            }
            let answered = |answer: &&Answer| (answer.attempt_id, answer.blank_id) == (copy.id, blank_id);
            let Some(answer) = self.record.answers.iter().find(answered) else { continue };
            let before = carry.overrides.iter().rfind(is_its).or(last).map_or(answer.points, |last| last.points);
            if let Some(earned) = self.after.iter_mut().find(|earned| earned.number == copy.number) {
                earned.blanks_points += change.points - before;
            }
            carry.overrides.push(Override { attempt_id: copy.id, blank_id, ..change.clone() });
        }
    }

    /// Questions about marks that go along; one that waits only where none waits there about the same.
    fn carry_inquiries(&self, carry: &mut Carry) {
        let there: HashSet<Uuid> = self.there.iter().map(|attempt| attempt.id).collect();
        let waits = |field: Uuid| {
            let mut known = self.record.inquiries.iter();
            known.any(|other| other.open && other.field == field && there.contains(&other.attempt_id))
        };
        for inquiry in &self.record.inquiries {
            let field = self.pairs.blank(inquiry.field).or_else(|| self.pairs.text(inquiry.field));
            let Some((&attempt, (field, _))) = self.attempts.get(&inquiry.attempt_id).zip(field) else { continue };
            if !(inquiry.open && waits(field)) {
                carry.inquiries.push((inquiry.id, attempt, field));
            }
        }
    }

    /// Essays with their files.
    fn carry_essays(&mut self, fresh: &[Attempt], marks: &[Mark], carry: &mut Carry) {
        for attempt in fresh.iter().filter(|attempt| attempt.handed_in_at.is_some()) {
            let Some(source) = self.source(attempt) else { continue };
            self.carry_files(source, attempt.id, carry);
            for essay in self.record.essays.iter().filter(|essay| essay.attempt_id == source) {
                let Some((question_id, _)) = self.pairs.text(essay.question_id) else { continue };
                let origin = self.attempts.get(&essay.origin).copied().unwrap_or(attempt.id);
                let copy = Essay { attempt_id: attempt.id, question_id, text: essay.text.clone(), origin };
                if let Some(earned) = self.after.iter_mut().find(|earned| earned.number == attempt.number) {
                    match last_mark(marks, &copy) {
                        Some(points) => earned.essays_points += points,
                        None => earned.waiting += 1,
                    }
                }
                carry.essays.push(copy);
            }
        }
    }
}

/// What attempts earned, essays included.
pub(super) fn earned(record: &Record, marks: &[Mark], form: &Form, attempts: &[&Attempt]) -> Vec<Earned> {
    let handed_in = attempts.iter().filter_map(|attempt| Some((attempt, attempt.handed_in_at?)));
    handed_in
        .map(|(attempt, handed_in_at)| {
            let given = essays_of(record, form, attempt.id).map(|essay| last_mark(marks, essay));
            let (essays_points, waiting) = given.fold((0, 0), |(sum, waiting), mark| match mark {
                Some(points) => (sum + points, waiting),
                None => (sum, waiting + 1),
            });
            Earned {
                number: attempt.number,
                handed_in_at,
                counts: attempt.counts,
                blanks_points: attempt.blanks_points,
                essays_points,
                waiting,
                late_per_cent: attempt.late_per_cent,
            }
        })
        .collect()
}

fn essays_of<'r>(record: &'r Record, form: &'r Form, attempt: Uuid) -> impl Iterator<Item = &'r Essay> {
    let is_essay = |question: Uuid| form.essays().any(|essay| essay.id == question);
    record.essays.iter().filter(move |essay| essay.attempt_id == attempt && is_essay(essay.question_id))
}

/// The mark in force for a text; marks are in the order in which they were given.
fn last_mark(marks: &[Mark], essay: &Essay) -> Option<i64> {
    let is_its = |mark: &&Mark| (mark.attempt_id, mark.question_id) == (essay.origin, essay.question_id);
    marks.iter().rfind(is_its).map(|mark| mark.points)
}
