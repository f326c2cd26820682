//! Lines of a calendar (RFC 5545, 3.1): escaped, ended with CRLF, folded at 75 octets between characters. The crates
//! that write calendars were tried: the one in wide use lets a folded line grow to 76 octets.

/// The longest line, in octets, without its end.
const LONGEST: usize = 75;

/// A calendar that is being written.
#[derive(Default)]
pub(super) struct Lines(String);

impl Lines {
    /// Adds a line whose value needs no escaping: a time, a number, a word of the format.
    pub(super) fn add(&mut self, name: &str, value: &str) {
        self.fold(&format!("{name}:{value}"));
    }

    /// Adds a line with any text.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        let mut line = format!("{name}:");
        for sign in text.chars() {
            match sign {
                '\\' | ';' | ',' => line.extend(['\\', sign]),
                '\n' => line.push_str("\\n"),
                // No other is allowed in a text.
                sign if sign.is_control() => line.push(' '),
                sign => line.push(sign),
            }
        }
        self.fold(&line);
    }

    /// All of it.
    pub(super) fn finish(self) -> String {
        self.0
    }

    fn fold(&mut self, line: &str) {
        let mut length = 0;
        for sign in line.chars() {
            if length + sign.len_utf8() > LONGEST {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(sign);
            length += sign.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Lines;

    fn written(text: &str) -> String {
        let mut lines = Lines::default();
        lines.text("SUMMARY", text);
        lines.finish()
    }

    #[test]
    fn a_line_is_folded_at_its_last_octet() {
        assert_eq!(written(&"a".repeat(67)), format!("SUMMARY:{}\r\n", "a".repeat(67)));
        assert_eq!(written(&"a".repeat(68)), format!("SUMMARY:{}\r\n a\r\n", "a".repeat(67)));
        // 22 characters of three octets fill 66 of the 67 that are left; the next one goes to the next line.
        assert_eq!(written(&"班".repeat(23)), format!("SUMMARY:{}\r\n 班\r\n", "班".repeat(22)));
        assert_eq!(written(&"a".repeat(67 + 74 + 1)).split("\r\n").map(str::len).collect::<Vec<_>>(), [75, 75, 2, 0]);
        assert_eq!(written("a, b; c\\d\ne"), "SUMMARY:a\\, b\\; c\\\\d\\ne\r\n");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever a text holds: no line is longer than 75 octets, no character is broken, and it can be read again.
        #[test]
        fn lines_are_folded_between_characters(text in "(\\PC|[，。一-龥]|[ ;,\\\\\"]|\n|🎓){0,200}") {
            let written = written(&text);
            prop_assert!(written.ends_with("\r\n"));
            prop_assert!(!written.replace("\r\n", "").contains(['\r', '\n']), "every line ends with CRLF");
            for (index, line) in written.trim_end_matches("\r\n").split("\r\n").enumerate() {
                prop_assert!(line.len() <= 75, "{} octets: {line:?}", line.len());
                prop_assert!(index == 0 || (line.starts_with(' ') && line.len() > 1));
            }
            let joined = written.replace("\r\n ", "");
            let value = joined.trim_end_matches("\r\n").strip_prefix("SUMMARY:").unwrap_or("no name");
            let (mut read, mut signs) = (String::new(), value.chars());
            while let Some(sign) = signs.next() {
                match (sign, if sign == '\\' { signs.next() } else { None }) {
                    (_, Some('n')) => read.push('\n'),
                    (_, Some(escaped)) => read.push(escaped),
                    (sign, None) => read.push(sign),
                }
            }
            prop_assert_eq!(read, text);
        }
    }
}
