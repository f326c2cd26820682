//! Which blank and which essay of one class's assignment is which of another's.

use std::collections::{HashMap, HashSet};

use grader::assignment::Blank as Spec;
use uuid::Uuid;

use crate::error::Message;
use crate::store::assignment::{Blank, Form, Kind, Question};

/// What fits, and what does not.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// From a blank of the old class to the new class's, and whether the same answers earn the same there.
    blanks: HashMap<Uuid, (Uuid, bool)>,
    /// The same for essays; whether they are worth the same.
    texts: HashMap<Uuid, (Uuid, bool)>,
    /// What is to be said of a field of the old class, if the student wrote something there; in the order of the sheet.
    remarks: Vec<(Uuid, Message)>,
}

/// Pairs questions by number, and blanks within them: by their place where the text is the same, else by key. An essay is the
/// same when its text is.
pub(super) fn pair(old: &Form, new: &Form) -> Pairs {
    let mut pairs = Pairs::default();
    for question in &old.questions {
        let other = new.questions.iter().find(|other| other.number == question.number);
        match other {
            Some(other) if other.kind == question.kind => pairs.question(question, other),
            Some(_) => pairs.stays(question, "roster-transfer-question-other"),
            None => pairs.stays(question, "roster-transfer-question-missing"),
        }
    }
    pairs
}

impl Pairs {
    /// The new class's blank for one of the old class, and whether its key is the same.
    pub fn blank(&self, old: Uuid) -> Option<(Uuid, bool)> {
        self.blanks.get(&old).copied()
    }

    /// The new class's essay for one of the old class, and whether it is worth the same.
    pub fn text(&self, old: Uuid) -> Option<(Uuid, bool)> {
        self.texts.get(&old).copied()
    }

    /// Whether nothing fits.
    pub fn is_empty(&self) -> bool {
        self.blanks.is_empty() && self.texts.is_empty()
    }

    /// The remarks on fields in which something was written; one for a question that stays as a whole.
    pub fn tell(&self, written: &HashSet<Uuid>, notes: &mut Vec<Message>) {
        for (_, remark) in self.remarks.iter().filter(|(field, _)| written.contains(field)) {
            if !notes.contains(remark) {
                notes.push(remark.clone());
            }
        }
    }

    fn question(&mut self, old: &Question, new: &Question) {
        match old.kind {
            Kind::Blanks => self.blanks(old, new),
            Kind::Essay if is_same_text(old, new) => {
                self.texts.insert(old.id, (new.id, old.points == new.points));
                if old.points != new.points {
                    self.remark(old.id, Message::new("roster-transfer-essay-worth").with("question", &old.number));
                }
            }
            Kind::Essay => self.stays(old, "roster-transfer-question-other"),
            Kind::Project => self.stays(old, "roster-transfer-project"),
        }
    }

    fn blanks(&mut self, old: &Question, new: &Question) {
        let same_places = is_same_text(old, new) && old.blanks.len() == new.blanks.len();
        let mut free: Vec<usize> = (0..new.blanks.len()).collect();
        let mut found = 0;
        for (place, blank) in old.blanks.iter().enumerate() {
            let fits = |other: &usize| match same_places {
                true => *other == place,
                false => shares_key(&blank.spec, &new.blanks[*other].spec),
            };
            // Where a key occurs more than once, the same place is the better guess.
            let at =
                free.iter().position(|other| *other == place && fits(other)).or_else(|| free.iter().position(fits));
            let Some(at) = at else { continue };
            let other = &new.blanks[free.remove(at)];
            let same_key = is_same_key(blank, other);
            self.blanks.insert(blank.id, (other.id, same_key));
            found += 1;
            if !same_key {
                self.remark(blank.id, of_blank("roster-transfer-key", old, blank));
            }
        }
        if found == 0 {
            return self.stays(old, "roster-transfer-question-other");
        }
        for blank in old.blanks.iter().filter(|blank| !self.blanks.contains_key(&blank.id)).collect::<Vec<_>>() {
            self.remark(blank.id, of_blank("roster-transfer-blank-missing", old, blank));
        }
    }

    /// A question of which nothing goes along.
    fn stays(&mut self, question: &Question, key: &'static str) {
        let remark = Message::new(key).with("question", &question.number);
        self.remark(question.id, remark.clone());
        for blank in &question.blanks {
            self.remark(blank.id, remark.clone());
        }
    }

    fn remark(&mut self, field: Uuid, message: Message) {
        self.remarks.push((field, message));
    }
}

fn of_blank(key: &'static str, question: &Question, blank: &Blank) -> Message {
    Message::new(key).with("question", &question.number).with("blank", blank.position)
}

/// Whether two questions ask the same, whatever their spacing.
fn is_same_text(one: &Question, other: &Question) -> bool {
    one.text.split_whitespace().eq(other.text.split_whitespace())
}

/// Whether an answer is credited by both keys.
fn shares_key(one: &Spec, other: &Spec) -> bool {
    one.key.iter().any(|key| other.key.iter().any(|known| known.text == key.text))
}

/// Whether the same answer earns the same, but for what teachers decided about single answers.
fn is_same_key(old: &Blank, new: &Blank) -> bool {
    let (one, other) = (&old.spec, &new.spec);
    old.points == new.points
        && one.key == other.key
        && one.unit == other.unit
        && one.match_kind == other.match_kind
        && one.group.is_some() == other.group.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(questions: &str) -> Form {
        Form::of_file(&format!("---\ntitle: 试\n---\n\n{questions}\n"))
    }

    /// For each blank of the old form the place of the new one, and whether its key is the same.
    fn places(old: &str, new: &str) -> Vec<Option<(usize, bool)>> {
        let (old, new) = (form(old), form(new));
        let pairs = pair(&old, &new);
        let place = |id: Uuid| new.blanks().position(|blank| blank.id == id).expect("a blank of the new form");
        old.blanks().map(|blank| pairs.blank(blank.id).map(|(id, same)| (place(id), same))).collect()
    }

    #[test]
    fn the_same_text_has_the_same_gaps_whatever_their_keys() {
        assert_eq!(places("1. 甲[[一]]乙[[二]]。", "1. 甲[[一]]乙[[三]]。"), [Some((0, true)), Some((1, false))]);
        assert_eq!(places("1. 甲[[一]]乙[[二]]。", "1. 甲[[二]]乙[[一]]。"), [Some((0, false)), Some((1, false))]);
    }

    #[test]
    fn in_another_text_a_blank_is_known_by_its_key() {
        assert_eq!(
            places("1. 甲[[一]]乙[[二]]丙[[三]]。", "1. 丙[[三]]，甲[[一|壹]]。"),
            [Some((1, false)), None, Some((0, true))]
        );
        assert_eq!(places("1. 甲[[一]]。", "1. 丁[[四]]。"), [None]);
    }

    #[test]
    fn questions_go_by_their_number() {
        assert_eq!(places("1. 甲[[一]]。\n\n2. 乙[[二]]。", "1. 乙[[二]]。\n\n2. 甲[[一]]。"), [None, None]);
        assert_eq!(places("3. 甲[[一]]。", "1. 丁[[四]]。\n\n3. 甲[[一]]。"), [Some((1, true))]);
    }

    #[test]
    fn what_is_worth_something_else_is_another_key() {
        assert_eq!(places("1. 甲[[一]]。", "1. 甲[[一]]{points=2}。"), [Some((0, false))]);
    }

    #[test]
    fn essays_go_by_their_text_and_worth() {
        let old = form("1. 说说甲。{essay points=10}\n\n2. 说说乙。{essay points=10}\n\n3. 说说丙。{essay points=10}");
        let new = form("1. 说说甲。{essay points=10}\n\n2. 说说乙。{essay points=5}\n\n3. 说说丁。{essay points=10}");
        let pairs = pair(&old, &new);
        let found: Vec<Option<bool>> =
            old.texts().map(|question| pairs.text(question.id).map(|(_, same)| same)).collect();
        assert_eq!(found, [Some(true), Some(false), None]);
        let mut notes = Vec::new();
        pairs.tell(&HashSet::from([old.questions[2].id]), &mut notes);
        assert_eq!(notes, [Message::new("roster-transfer-question-other").with("question", "3")]);
    }
}
