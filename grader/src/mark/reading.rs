//! Reading whole answers as quantities: numbers with units, dates, times, ranges and ratios.

use smallvec::SmallVec;

use super::calendar::{date, time};
use super::character::begins_with;
use super::cursor::{BOUNDS_BEFORE, BOUNDS_BEHIND, Cursor};
use super::number::{Form, Number};
use super::numeral;
use super::quantity::{Bound, Era, Quantity, Readings, Value};
use super::unit::Unit;

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

/// A number with all that may stand around it, or two numbers as a range or ratio.
fn amount(text: &[char], readings: &mut Readings) -> Option<()> {
    let (text, latin_era) = without_latin_era(text);
    let mut cursor = Cursor::new(text);
    // 每分钟60次 is 60次/分.
    let rate = if cursor.take("每") { Some(cursor.unit()?) } else { one_period(&mut cursor) };
    let each_said = text.first() == Some(&'每');
    let mut bound = cursor.take_bound(BOUNDS_BEFORE);
    let currency = currency_before(&mut cursor);
    let era_named = cursor.take("公元");
    let era = match latin_era {
        Era::Unsaid if cursor.take("前") => Era::BeforeChrist,
        Era::Unsaid if era_named => Era::AfterChrist,
        said => said,
    };
    let ordinal = era == Era::Unsaid && cursor.take("第");
    let number_start = cursor.at;
    let quantity = |value, unit: Option<Unit>, bound: Option<Bound>| Quantity {
        value,
        unit: match (unit, &rate) {
            (Some(unit), Some(rate)) => Some(unit.per(rate)),
            (unit, _) => unit,
        },
        bound: bound.unwrap_or(Bound::Exactly),
        ordinal,
        era,
        slang: latin_era != Era::Unsaid,
    };
    if let Some(range) = bracketed_range(&mut cursor) {
        let unit = if cursor.is_done() { None } else { Some(cursor.unit()?) };
        return cursor.is_done().then(|| readings.push(quantity(range, unit, bound)));
    }
    let (number, half) = match cursor.signed_number() {
        Some(number) => (number, false),
        None if cursor.take("半") => (Number::integer(5).tenth(), true),
        None => return None,
    };
    if half && cursor.is_done() {
        return None;
    }
    if cursor.is_done() {
        return (rate.is_none() || currency.is_some() && each_said)
            .then(|| readings.push(quantity(Value::Number(number), currency, bound)));
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
    if let Some(value) = with_exponent(&mut cursor, number) {
        let unit = if cursor.is_done() { None } else { cursor.unit() };
        if cursor.is_done() {
            readings.push(Quantity { slang: true, ..quantity(Value::Number(value), unit, bound) });
        }
        cursor.at = after_number;
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
    let dated = latin_era != Era::Unsaid || era_named;
    let era_fits = era == Era::Unsaid || dated || unit.as_ref().is_some_and(Unit::is_year);
    // 每天4 says no more than each day of what.
    let rate_fits = rate.is_none() || unit.as_ref().is_some_and(|unit| each_said || unit.is_measure_word());
    (era_fits && rate_fits && cursor.is_done()).then(|| readings.push(quantity(Value::Number(number), unit, bound)))
}

/// 一周 before a number: 一周两次 is 每周两次, but 一小时30分 is a length of time.
fn one_period(cursor: &mut Cursor<'_>) -> Option<Unit> {
    let (first, rest) = cursor.text.split_first()?;
    let (unit, length) = matches!(first, '一' | '1').then(|| Unit::leading(rest)).flatten()?;
    let counted = unit.is_period().then(|| numeral::read(cursor.text, 1 + length)).flatten();
    counted.is_some_and(|(_, end)| end < cursor.text.len()).then(|| {
        cursor.at = 1 + length;
        unit
    })
}

/// `BC221`, `221 B.C.`, `AD618`: the era in letters, and the text without it.
fn without_latin_era(text: &[char]) -> (&[char], Era) {
    const ERAS: [(&str, Era); 4] =
        [("bc", Era::BeforeChrist), ("b.c.", Era::BeforeChrist), ("ad", Era::AfterChrist), ("a.d.", Era::AfterChrist)];
    if !text.first().is_some_and(|c| matches!(c, 'a' | 'b'))
        && !text.last().is_some_and(|c| matches!(c, 'c' | 'd' | '.'))
    {
        return (text, Era::Unsaid);
    }
    for (written, era) in ERAS {
        let length = written.len();
        // The point at the end has gone with the marks that end an answer.
        let at_end = if text.last() == Some(&'.') { written } else { written.trim_end_matches('.') };
        if begins_with(text, written).is_some() && text.get(length).is_some_and(char::is_ascii_digit) {
            return (&text[length..], era);
        }
        let rest = text.len().saturating_sub(at_end.len());
        if rest > 0 && text[rest - 1].is_ascii_digit() && begins_with(&text[rest..], at_end).is_some() {
            return (&text[..rest], era);
        }
    }
    (text, Era::Unsaid)
}

/// `(4~10)*10^9`: both ends times the power behind the brackets.
fn bracketed_range(cursor: &mut Cursor<'_>) -> Option<Value> {
    let inside = cursor.rest().strip_prefix(&['('])?;
    let close = inside.iter().position(|c| *c == ')')?;
    let mut range = Cursor::new(&inside[..close]);
    let first = range.signed_number()?;
    range.take_any(&["-", "~", "至", "到"]).then_some(())?;
    let second = range.signed_number()?;
    let behind = cursor.at + close + 2;
    if !range.is_done() || !matches!(cursor.text[behind..], ['*' | 'x', '1', '0', '^', ..]) {
        return None;
    }
    let times = |number: Number| {
        let mut scaled: SmallVec<[char; 24]> = number.to_string().chars().collect();
        scaled.extend_from_slice(&cursor.text[behind..]);
        let (scaled_number, end) = numeral::read(&scaled, 0)?;
        Some((scaled_number, cursor.text.len() - (scaled.len() - end)))
    };
    let ((first, _), (second, end)) = (times(first)?, times(second)?);
    cursor.at = end;
    Some(Value::Range(first, second))
}

/// `2e5` as calculators write it.
fn with_exponent(cursor: &mut Cursor<'_>, number: Number) -> Option<Number> {
    cursor.take("e").then_some(())?;
    let negative = cursor.take("-");
    let digits = cursor.rest().iter().take_while(|c| c.is_ascii_digit()).count();
    let power: u32 = cursor.rest()[..digits].iter().collect::<String>().parse().ok().filter(|&power| power <= 24)?;
    cursor.at += digits;
    if negative { number.divided_by_power(power) } else { number.times_power(power) }
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
    if first_unit.is_none()
        && let Some(scaled) = with_multiplier_of(first, &cursor.text[second_start..multiplier_end])
    {
        readings.push(quantity(Value::Range(scaled, second), unit.clone(), bound));
    }
    readings.push(quantity(Value::Range(first, second), unit.or(first_unit), bound));
    Some(true)
}

/// 10~20万 is 10万~20万, 10~20% is 10%~20%, 4~10*10^9 is 4*10^9~10*10^9: the first number with what stands behind the second one.
fn with_multiplier_of(first: Number, second: &[char]) -> Option<Number> {
    let power = second.windows(4).position(|part| matches!(part, ['*' | 'x', '1', '0', '^']));
    let multiplier = match power {
        Some(at) => &second[at..],
        None => {
            let count = second.iter().rev().take_while(|c| matches!(c, '万' | '亿' | '千' | '百' | '%' | '‰')).count();
            &second[second.len() - count..]
        }
    };
    if multiplier.is_empty() || multiplier.len() == second.len() || first.form != Form::Plain {
        return None;
    }
    let mut scaled: SmallVec<[char; 24]> = first.to_string().chars().collect();
    scaled.extend_from_slice(multiplier);
    numeral::read(&scaled, 0).filter(|(_, end)| *end == scaled.len()).map(|(number, _)| number)
}
