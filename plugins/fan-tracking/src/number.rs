//! Numbers as people read them.

/// A whole number with its thousands apart: 12,345.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// With its sign, where it is a change: +12.
pub fn signed(number: i64) -> String {
    if number > 0 { format!("+{}", grouped(number)) } else { grouped(number) }
}

/// To the nearest whole number, with its thousands apart.
pub fn rounded(number: f64) -> String {
    grouped(number.round() as i64)
}

/// As people type it: spaces and thousands' commas, full-width digits too. None: it is no whole number from 0 to `most`.
pub fn typed(text: &str, most: i64) -> Option<i64> {
    let plain: String = text.trim().chars().filter(|sign| !matches!(sign, ',' | '，' | ' ')).map(narrow).collect();
    let is_number = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
    plain.parse().ok().filter(|number| is_number && (0..=most).contains(number))
}

/// A full-width letter, digit or sign as its narrow one.
pub fn narrow(sign: char) -> char {
    match sign {
        '！'..='～' => char::from_u32(sign as u32 - '！' as u32 + '!' as u32).unwrap_or(sign),
        '\u{3000}' => ' ',
        sign => sign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_written_as_people_do() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!((grouped(-1_000), signed(5), signed(-5)), ("−1,000".into(), "+5".into(), "−5".into()));
        assert_eq!((typed(" 1,234 ", 9_999), typed("１２", 99), typed("12", 11)), (Some(1_234), Some(12), None));
        for wrong in ["", "-1", "+1", "1.5", "many", "99999999999999999999"] {
            assert_eq!(typed(wrong, i64::MAX), None, "{wrong}");
        }
    }
}
