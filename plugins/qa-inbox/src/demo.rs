//! Half a semester of an inbox that looks true: questions of every day, answers by the class, grades, reviews, and what
//! waits today. The same input gives the same semester.

mod story;

use plugin_sdk::chrono::{Days, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::clock;
use crate::daily::date;
use story::Story;

/// How many ask on the days of a week, from Monday on.
const OF_WEEK: [usize; 7] = [1, 2, 1, 1, 2, 3, 0];
/// The longest time that is filled, in days.
const MOST_DAYS: usize = 120;

/// Answers `inbox.demo/1`, once for a class.
pub fn fill(host: &Host, input: &Value) -> Result<Value> {
    let (from, to, today) = (date(input, "from")?, date(input, "to")?, date(input, "today")?);
    let class = host.class()?.id;
    let students: Vec<Uuid> =
        host.roster()?.into_iter().filter(|person| !person.is_teacher()).map(|person| person.id).collect();
    if students.is_empty() {
        return Ok(json!({ "questions": 0 }));
    }
    let mut story = Story::new(host, students)?;
    for (place, day) in from.iter_days().take_while(|day| *day <= to && *day < today).take(MOST_DAYS).enumerate() {
        for number in 0..OF_WEEK[place % 7] {
            let hour = [9, 13, 20, 22][(place + number) % 4];
            let minute = (place * 17 + number * 23) as i64 % 60;
            story.answered(clock::midnight(day) + TimeDelta::hours(hour) + TimeDelta::minutes(minute))?;
        }
    }
    waiting(host, &mut story, today)?;
    let (questions, batch) = story.told();
    let mut all = host.batch().once(format!("demo {class}"));
    for (sql, parameters) in batch {
        all = all.add(sql, parameters);
    }
    let done = all.run()?;
    Ok(json!({ "questions": if done.repeated { 0 } else { questions } }))
}

/// What is still to do today.
fn waiting(host: &Host, story: &mut Story<'_>, today: NaiveDate) -> Result<()> {
    // Nothing has happened after now, and a day that is over ends in the afternoon.
    let until = host.now().min(clock::midnight(today) + TimeDelta::hours(16));
    let ago = |minutes: i64| until - TimeDelta::minutes(minutes);
    story.open("请问这学期还招特约作者吗 我会摄影", ago(190));
    story.open("抽奖什么时候开奖", ago(75));
    story.open("想问下抽奖哪天开奖呀", ago(62));
    story.open("刚才那篇的地图打不开", ago(24));
    story.open("学生公众号能开通赞赏吗", ago(6));
    story.copied("后台留言：能不能出一期自习室地图？", "好主意，已经记进选题单，下周开选题会讨论。", ago(140));
    story.fetched("你们的照片是用手机拍的吗", "是的，都是用手机拍的，光线不够的时候加一盏补光灯。", ago(110));
    let yesterday = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    story.entries(clock::midnight(yesterday) + TimeDelta::hours(17));
    Ok(())
}
