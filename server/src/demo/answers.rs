//! What a student of some skill writes into blanks: right in many spellings, nearly right, mixed up, or nothing.

use std::collections::HashMap;

use rand::RngExt;
use rand::rngs::StdRng;
use uuid::Uuid;

use crate::store::assignment::{Blank, Form, Question};

/// A student of the demo class.
#[derive(Clone, Debug)]
pub struct Student {
    /// Person.
    pub id: Uuid,
    /// Chance of knowing a key, from 0 to 1.
    pub skill: f64,
}

impl Student {
    /// The same student after looking at the marked sheet.
    pub fn wiser(&self) -> Self {
        Self { id: self.id, skill: (self.skill + 1.0) / 2.0 }
    }
}

/// One try at all blanks of an assignment.
pub fn write(form: &Form, student: &Student, dice: &mut StdRng) -> HashMap<Uuid, String> {
    let mut written = HashMap::new();
    for question in &form.questions {
        for (index, place) in order(question, dice).into_iter().enumerate() {
            let answer = one(&question.blanks[place], question, student, dice);
            written.insert(question.blanks[index].id, answer);
        }
    }
    written
}

/// Which key's answer stands in which blank: within an order-free group students write in any order.
fn order(question: &Question, dice: &mut StdRng) -> Vec<usize> {
    let mut places: Vec<usize> = (0..question.blanks.len()).collect();
    for one in 0..places.len() {
        let other = dice.random_range(0..places.len());
        let group = &question.blanks[one].spec.group;
        if group.is_some() && *group == question.blanks[other].spec.group && dice.random_bool(0.5) {
            places.swap(one, other);
        }
    }
    places
}

fn one(blank: &Blank, question: &Question, student: &Student, dice: &mut StdRng) -> String {
    let key = &blank.spec.key;
    let Some(first) = key.first() else { return String::new() };
    if dice.random_bool(student.skill) {
        let full = key.iter().take(3).map(|alternative| alternative.text.as_str());
        let choices: Vec<&str> = full.collect();
        let weight = dice.random_range(0..10);
        let text = if weight < 7 { first.text.as_str() } else { choices[dice.random_range(0..choices.len())] };
        return spelling(text, dice);
    }
    match dice.random_range(0..10) {
        0..=2 => String::new(),
        3 | 4 => slip(&first.text, dice),
        5..=7 => {
            let other = &question.blanks[dice.random_range(0..question.blanks.len())];
            other.spec.key.first().map(|alternative| alternative.text.clone()).unwrap_or_default()
        }
        _ => ["流量", "广告", "朋友圈", "用户", "内容", "不知道", "平台", "推广"][dice.random_range(0..8)].to_owned(),
    }
}

/// The same answer as phones and hands write it.
fn spelling(text: &str, dice: &mut StdRng) -> String {
    match dice.random_range(0..12) {
        0 => format!("{text}。"),
        1 => format!(" {text}"),
        2 => text
            .chars()
            .map(|c| match c {
                '0'..='9' => char::from_u32(c as u32 - '0' as u32 + '０' as u32).unwrap_or(c),
                c => c,
            })
            .collect(),
        3 => format!("“{text}”"),
        _ => text.to_owned(),
    }
}

/// One character missing, or two changed over: a teacher would want to look.
fn slip(text: &str, dice: &mut StdRng) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    if characters.len() < 3 {
        return text.chars().rev().collect();
    }
    let at = dice.random_range(0..characters.len() - 1);
    if dice.random_bool(0.5) {
        characters.swap(at, at + 1);
    } else {
        characters.remove(at);
    }
    characters.into_iter().collect()
}
