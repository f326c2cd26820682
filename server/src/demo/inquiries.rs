//! What students of the demo class ask about their marks, and what the teacher has answered so far.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::answers::Student;
use crate::app::App;
use crate::store::attempt;
use crate::store::class::Class;
use crate::store::inquiry::{self, Change, New, Reply};
use crate::store::person::Actor;

/// Questions, each with the teacher's answer, if there is one yet.
const INQUIRIES: [(&str, Option<&str>); 4] = [
    (
        "我写的和书上说的是一个意思，为什么不算对？",
        Some("意思接近，但这一空问的是书上给出的名称。请再读一读题目下面列出的那一节。"),
    ),
    ("我是按课堂笔记写的，能不能请老师再看一看？", None),
    ("前后两空我填反了，都算错吗？", Some("这两空有先后，填反了意思就变了，所以都算错。")),
    ("这一空我觉得两种说法都可以，书上第二节也用过我写的这个词。", None),
];

/// Lets some students ask about an answer that was marked wrong, one after the other since yesterday.
pub async fn ask(app: &App, class: &Class, teacher: &Actor, students: &[Student], now: DateTime<Utc>) -> Result<()> {
    let mut left = INQUIRIES.iter();
    for student in students.iter().skip(4) {
        let attempts = attempt::list_of_person(&app.db, student.id).await?;
        let Some(last) =
            attempts.iter().filter(|attempt| attempt.handed_in_at.is_some()).max_by_key(|a| a.handed_in_at)
        else {
            continue;
        };
        let answers = attempt::answers(&app.db, last.id).await?;
        let Some(wrong) = answers.iter().find(|answer| answer.verdict == "incorrect") else { continue };
        let Some((text, reply)) = left.next() else { break };
        let actor = Actor { id: student.id, address: teacher.address.clone() };
        let new = New { class_id: class.id, attempt_id: last.id, field: wrong.blank_id, text: (*text).to_owned() };
        inquiry::ask(&app.db, actor, new, now - TimeDelta::hours(20 - 4 * left.len() as i64)).await?;
        let Some(reply) = reply else { continue };
        let waiting = inquiry::waiting(&app.db, class.id, INQUIRIES.len() as i64).await?;
        if let Some(inquiry) = waiting.into_iter().find(|inquiry| inquiry.person_id == student.id) {
            let reply = Reply { inquiry, class_id: class.id, text: (*reply).to_owned(), change: Change::Nothing };
            inquiry::reply(&app.db, teacher.clone(), reply, now - TimeDelta::hours(2)).await?;
        }
    }
    Ok(())
}
