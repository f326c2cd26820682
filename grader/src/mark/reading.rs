//! Reading whole answers as quantities: numbers with units, dates, times, ranges and ratios.

use smallvec::SmallVec;

use super::character::begins_with;
use super::number::Number;
use super::numeral;
use super::quantity::{Bound, Quantity, Readings, Value};
use super::unit::Unit;

const BOUNDS_BEFORE: &[(&str, Bound)] = &[
    ("大约", Bound::About),
    ("大概", Bound::About),
    ("约为", Bound::About),
    ("约", Bound::About),
    ("近", Bound::About),
    ("将近", Bound::About),
    ("接近", Bound::About),
    ("不少于", Bound::AtLeast),
    ("不低于", Bound::AtLeast),
    ("至少", Bound::AtLeast),
    ("最少", Bound::AtLeast),
    (">=", Bound::AtLeast),
    ("大于等于", Bound::AtLeast),
    ("不小于", Bound::AtLeast),
    ("超过", Bound::More),
    ("大于", Bound::More),
    ("多于", Bound::More),
    ("高于", Bound::More),
    (">", Bound::More),
    ("不超过", Bound::AtMost),
    ("不多于", Bound::AtMost),
    ("不高于", Bound::AtMost),
    ("不大于", Bound::AtMost),
    ("最多", Bound::AtMost),
    ("至多", Bound::AtMost),
    ("<=", Bound::AtMost),
    ("小于等于", Bound::AtMost),
    ("不到", Bound::Less),
    ("不足", Bound::Less),
    ("少于", Bound::Less),
    ("小于", Bound::Less),
    ("低于", Bound::Less),
    ("<", Bound::Less),
];
const BOUNDS_BEHIND: &[(&str, Bound)] = &[
    ("左右", Bound::About),
    ("上下", Bound::About),
    ("以上", Bound::AtLeast),
    ("及以上", Bound::AtLeast),
    ("多", Bound::More),
    ("余", Bound::More),
    ("以下", Bound::AtMost),
    ("以内", Bound::AtMost),
    ("之内", Bound::AtMost),
    ("及以下", Bound::AtMost),
];

/// Longest text that is tried as a quantity, in characters.
const LONGEST: usize = 40;

/// What a whole text means as a quantity. More than one reading if it can mean several (`2019.12`), none if it is no quantity.
pub(super) fn readings(text: &[char]) -> Readings {
    let mut readings = Readings::new();
    if text.is_empty() || text.len() > LONGEST {
        return readings;
    }
    readings.extend(date(text));
    readings.extend(time(text));
    amount(text, &mut readings);
    readings
}

/// Reads a text from left to right.
struct Cursor<'a> {
    text: &'a [char],
    at: usize,
}

impl Cursor<'_> {
    fn take(&mut self, word: &str) -> bool {
        let found = begins_with(&self.text[self.at..], word);
        self.at += found.unwrap_or(0);
        found.is_some()
    }

    fn take_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.take(word))
    }

    fn take_bound(&mut self, bounds: &[(&str, Bound)]) -> Option<Bound> {
        let rest = &self.text[self.at..];
        let found = bounds.iter().filter_map(|(word, bound)| Some((begins_with(rest, word)?, *bound)));
        let (length, bound) = found.max_by_key(|(length, _)| *length)?;
        self.at += length;
        Some(bound)
    }

    fn number(&mut self) -> Option<Number> {
        let (number, end) = numeral::read(self.text, self.at)?;
        self.at = end;
        Some(number)
    }

    fn signed_number(&mut self) -> Option<Number> {
        let negative = self.take_any(&["-", "负", "零下"]);
        if !negative {
            self.take("+");
        }
        let number = self.number()?;
        Some(if negative { number.negated() } else { number })
    }

    fn integer(&mut self, range: std::ops::RangeInclusive<i128>) -> Option<i128> {
        self.number()?.as_integer().filter(|value| range.contains(value))
    }

    fn unit(&mut self) -> Option<Unit> {
        let (unit, length) = Unit::leading(&self.text[self.at..])?;
        self.at += length;
        Some(unit)
    }

    fn rest(&self) -> &[char] {
        &self.text[self.at..]
    }

    fn is_done(&self) -> bool {
        self.at == self.text.len()
    }
}

fn plain(value: Value) -> Quantity {
    Quantity { value, unit: None, bound: Bound::Exactly, ordinal: false, before_christ: false, slang: false }
}

/// `2019年12月31日`, `12月25号`, `2019-12`, `2019.12.31`.
fn date(text: &[char]) -> Option<Quantity> {
    let mut cursor = Cursor { text, at: 0 };
    cursor.take("公元");
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
        return cursor.is_done().then(|| plain(Value::Date { year: Some(first), month, day }));
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
    (named && cursor.is_done() && (year.is_some() || day.is_some())).then(|| plain(Value::Date { year, month, day }))
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
fn time(text: &[char]) -> Option<Quantity> {
    let mut cursor = Cursor { text, at: 0 };
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

/// A number with all that may stand around it, or two numbers as a range or ratio.
fn amount(text: &[char], readings: &mut Readings) -> Option<()> {
    let mut cursor = Cursor { text, at: 0 };
    let mut bound = cursor.take_bound(BOUNDS_BEFORE);
    let currency = currency_before(&mut cursor);
    let era_named = cursor.take("公元");
    let before_christ = cursor.take("前");
    let ordinal = !era_named && !before_christ && cursor.take("第");
    let number_start = cursor.at;
    let (number, half) = match cursor.signed_number() {
        Some(number) => (number, false),
        None if cursor.take("半") => (Number::integer(5).tenth(), true),
        None => return None,
    };
    let quantity = |value, unit, bound: Option<Bound>| Quantity {
        value,
        unit,
        bound: bound.unwrap_or(Bound::Exactly),
        ordinal,
        before_christ,
        slang: false,
    };
    if half && cursor.is_done() {
        return None;
    }
    if cursor.is_done() {
        readings.push(quantity(Value::Number(number), currency, bound));
        return Some(());
    }
    let after_number = cursor.at;
    // 五千米 is five thousand metres and five kilometres alike.
    if text[after_number - 1] == '千'
        && let Some(unit) = Unit::named(&text[after_number - 1..])
        && let Some((number, end)) = numeral::read(&text[..after_number - 1], number_start)
        && end + 1 == after_number
    {
        readings.push(quantity(Value::Number(number), Some(unit), bound));
    }
    if let Some(found) = range_or_ratio(&mut cursor, number, readings, &quantity, bound) {
        return found.then_some(());
    }
    cursor.at = after_number;
    if let (['w'], Some(ten_thousands)) = (cursor.rest(), number.times_ten_thousand()) {
        readings.push(Quantity { slang: true, ..quantity(Value::Number(ten_thousands), None, bound) });
    }
    bound = bound.or_else(|| cursor.take_bound(BOUNDS_BEHIND));
    let whole_units = cursor.take("整");
    let mut unit = currency;
    let mut number = number;
    if !cursor.is_done() && !whole_units {
        let mut trailing = Cursor { text, at: cursor.at };
        // 两个半, 一天半; the longest unit may have swallowed nothing of what follows.
        let read = trailing.unit()?;
        cursor.at = trailing.at;
        if unit.as_ref().is_some_and(|currency| !currency.same(&read)) {
            return None;
        }
        unit = Some(read);
        if cursor.take("半") {
            number = number.plus_half()?;
            // 一个半小时
            if !cursor.is_done() {
                unit = Some(cursor.unit()?);
            }
        }
        bound = bound.or_else(|| cursor.take_bound(BOUNDS_BEHIND));
    }
    let era_fits = !before_christ || unit.as_ref().is_some_and(Unit::is_year);
    (era_fits && cursor.is_done()).then(|| readings.push(quantity(Value::Number(number), unit, bound)))
}

fn currency_before(cursor: &mut Cursor<'_>) -> Option<Unit> {
    let start = cursor.at;
    if cursor.take_any(&["人民币", "¥", "rmb"]) {
        return Unit::named(&['元']);
    }
    if cursor.take_any(&["$", "us$"]) {
        return Unit::named(&['美', '元']);
    }
    cursor.at = start;
    None
}

/// `1~3`, `10万-20万`, `一到三个`, `1:3`, `1比3`. `None` if the text does not go on like that, `Some(false)` if it does but makes no sense.
fn range_or_ratio(
    cursor: &mut Cursor<'_>,
    first: Number,
    readings: &mut Readings,
    quantity: &dyn Fn(Value, Option<Unit>, Option<Bound>) -> Quantity,
    bound: Option<Bound>,
) -> Option<bool> {
    if cursor.take_any(&[":", "比"]) {
        let second = cursor.number()?;
        if !cursor.is_done() {
            return Some(false);
        }
        readings.push(quantity(Value::Ratio(first, second), None, bound));
        return Some(true);
    }
    let first_unit = cursor.unit();
    if !cursor.take_any(&["-", "~", "至", "到"]) {
        return None;
    }
    let second_start = cursor.at;
    let second = cursor.signed_number()?;
    let multiplier_end = cursor.at;
    let unit = if cursor.is_done() { None } else { Some(cursor.unit()?) };
    let agree = match (&first_unit, &unit) {
        (Some(one), Some(two)) => one.same(two),
        _ => true,
    };
    if !cursor.is_done() || !agree {
        return Some(false);
    }
    // 10~20万 is 10万~20万.
    let multiplier = cursor.text[second_start..multiplier_end]
        .iter()
        .rev()
        .take_while(|c| matches!(c, '万' | '亿' | '千' | '百'))
        .count();
    if multiplier > 0 && multiplier < multiplier_end - second_start && first_unit.is_none() {
        let mut scaled: SmallVec<[char; 16]> = cursor.text[..cursor.text.len()]
            .iter()
            .copied()
            .take_while(|c| !matches!(c, '-' | '~' | '至' | '到'))
            .collect();
        scaled.extend_from_slice(&cursor.text[multiplier_end - multiplier..multiplier_end]);
        if let Some((scaled_first, end)) = numeral::read(&scaled, 0)
            && end == scaled.len()
        {
            readings.push(quantity(Value::Range(scaled_first, second), unit.clone().or(first_unit.clone()), bound));
        }
    }
    readings.push(quantity(Value::Range(first, second), unit.or(first_unit), bound));
    Some(true)
}
