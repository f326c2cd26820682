//! Text as it is compared and searched: one width, one case, letters and figures only.

/// The letters and figures of a text in lower case and half width, without signs and spaces.
pub fn plain(text: &str) -> String {
    text.chars().map(narrow).filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Full-width letters, figures and signs in half width.
fn narrow(sign: char) -> char {
    match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
        _ => sign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_signs_and_spaces_make_no_difference() {
        assert_eq!(plain("　Ａ/B 测试，怎么做？！"), "ab测试怎么做");
        assert_eq!(plain("😀 … \n"), "");
    }
}
