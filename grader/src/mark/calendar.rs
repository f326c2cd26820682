//! Reading dates and times of day.

use super::cursor::Cursor;
use super::quantity::{Bound, Era, Quantity, Value};

fn plain(value: Value) -> Quantity {
    Quantity { value, unit: None, bound: Bound::Exactly, ordinal: false, era: Era::Unsaid, slang: false }
}

/// `2019年12月31日`, `12月25号`, `2019-12`, `2019.12.31`.
pub(super) fn date(text: &[char]) -> Option<Quantity> {
    let mut cursor = Cursor::new(text);
    let era = match () {
        () if cursor.take("公元前") => Era::BeforeChrist,
        () if cursor.take("公元") => Era::AfterChrist,
        () => Era::Unsaid,
    };
    let first = digits_of_year(text, &mut cursor)?;
    let figures = text[..cursor.at].iter().filter(|c| c.is_ascii_digit()).count();
    let (year, month) = if cursor.take("年") {
        (Some(first), cursor.integer(1..=12)?)
    } else if figures == 4 && (1000..3000).contains(&first) && cursor.rest().first().is_some_and(|c| "-/.".contains(*c))
    {
        let separator = cursor.rest()[0];
        cursor.at += 1;
        // 2019.12 would be read as one number.
        let month_digits = cursor.rest().iter().take_while(|c| c.is_ascii_digit()).count();
        let month = short_integer(&cursor.rest()[..month_digits], 12)?;
        cursor.at += month_digits;
        let mut day = None;
        if cursor.rest().first() == Some(&separator) {
            cursor.at += 1;
            let digits = cursor.rest().iter().take_while(|c| c.is_ascii_digit()).count();
            day = Some(short_integer(&cursor.rest()[..digits], 31)?);
            cursor.at += digits;
            cursor.take_any(&["日", "号"]);
        } else {
            cursor.take_any(&["月份", "月"]);
        }
        return cursor.is_done().then(|| Quantity { era, ..plain(Value::Date { year: Some(first), month, day }) });
    } else {
        cursor.at = 0;
        (None, cursor.integer(1..=12)?)
    };
    if !cursor.take("月") {
        return None;
    }
    cursor.take("份");
    let day = if cursor.is_done() { None } else { Some(cursor.integer(1..=31)?) };
    let named = day.is_none() || cursor.take_any(&["日", "号"]) || year.is_some();
    // 3月 alone is read as a number with a unit.
    (named && cursor.is_done() && (year.is_some() || day.is_some()))
        .then(|| Quantity { era, ..plain(Value::Date { year, month, day }) })
}

fn short_integer(digits: &[char], most: i128) -> Option<i128> {
    let text: String = digits.iter().collect();
    text.parse().ok().filter(|value| digits.len() <= 2 && (1..=most).contains(value))
}

/// A year; two Chinese digits (九八年) are one too.
fn digits_of_year(text: &[char], cursor: &mut Cursor<'_>) -> Option<i128> {
    let start = cursor.at;
    let figures = text[start..].iter().take_while(|c| c.is_ascii_digit()).count();
    if figures > 0 {
        cursor.at += figures;
        let digits: String = text[start..start + figures].iter().collect();
        return digits.parse().ok().filter(|_| figures <= 4);
    }
    cursor.integer(0..=9999)
}

/// `8:30`, `08:30:00`, `8点30分`, `八点半`, `20时`.
pub(super) fn time(text: &[char]) -> Option<Quantity> {
    let mut cursor = Cursor::new(text);
    let figures = |cursor: &mut Cursor<'_>, most: i128| {
        let count = cursor.rest().iter().take_while(|c| c.is_ascii_digit()).count();
        let digits: String = cursor.rest()[..count].iter().collect();
        cursor.at += count;
        digits.parse::<i128>().ok().filter(|value| (1..=2).contains(&count) && *value <= most)
    };
    if text.contains(&':') {
        let hour = figures(&mut cursor, 24)?;
        cursor.take(":").then_some(())?;
        let two_digits = cursor.rest().len() == 2 || cursor.rest().get(2) == Some(&':');
        let minute = two_digits.then(|| figures(&mut cursor, 59)).flatten()?;
        let second = if cursor.take(":") { Some(figures(&mut cursor, 59)?) } else { None };
        return cursor.is_done().then(|| plain(Value::Time { hour, minute, second }));
    }
    let hour = cursor.integer(0..=24)?;
    cursor.take_any(&["点钟", "点", "时"]).then_some(())?;
    if cursor.is_done() {
        return Some(plain(Value::Time { hour, minute: 0, second: None }));
    }
    let minute = if cursor.take("半") {
        30
    } else if cursor.take("整") {
        0
    } else {
        let minute = cursor.integer(0..=59)?;
        cursor.take("分");
        minute
    };
    let second = if cursor.is_done() { None } else { Some(cursor.integer(0..=59)?) };
    if second.is_some() && !cursor.take("秒") {
        return None;
    }
    cursor.is_done().then(|| plain(Value::Time { hour, minute, second }))
}
