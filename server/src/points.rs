//! Points as people read and type them. Inside they are whole millionths.

/// Millionths in a point.
pub const ONE: i64 = 1_000_000;

/// Points with at most one decimal, rounded half up: `2.5`, `3`.
pub fn shown(millionths: i64) -> String {
    let tenths = (millionths.abs() + 50_000) / 100_000;
    let sign = if millionths < 0 && tenths > 0 { "-" } else { "" };
    match tenths % 10 {
        0 => format!("{sign}{}", tenths / 10),
        tenth => format!("{sign}{}.{tenth}", tenths / 10),
    }
}

/// Points exactly, for exports: no trailing zeros.
pub fn exact(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let (whole, rest) = (millionths.abs() / ONE, millionths.abs() % ONE);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let rest = format!("{rest:06}");
    format!("{sign}{whole}.{}", rest.trim_end_matches('0'))
}

/// Points as typed: a decimal number from 0 to 10,000 with at most six decimals, in either width.
pub fn parse(text: &str) -> Option<i64> {
    let text: String = text
        .trim()
        .chars()
        .map(|c| match c {
            '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
            '．' | '。' => '.',
            c => c,
        })
        .collect();
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 5 || rest.len() > 6 || !digits(whole) || !digits(rest) {
        return None;
    }
    let value = whole.parse::<i64>().ok()? * ONE + format!("{rest:0<6}").parse::<i64>().ok()?;
    (value <= 10_000 * ONE).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_rounded_up_and_zero_decimals_are_dropped() {
        assert_eq!(shown(2_450_000), "2.5");
        assert_eq!(shown(2_449_999), "2.4");
        assert_eq!(shown(3_000_000), "3");
        assert_eq!(shown(-40_000), "0");
    }

    #[test]
    fn what_is_typed_is_read_exactly() {
        assert_eq!(parse("２.５"), Some(2_500_000));
        assert_eq!(parse("0.333333"), Some(333_333));
        assert_eq!(parse("-1"), None);
        assert_eq!(parse("1e3"), None);
        assert_eq!(exact(333_333), "0.333333");
        assert_eq!(exact(2_500_000), "2.5");
    }
}
