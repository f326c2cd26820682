//! What people ask: our own bank, several ways of asking the same, and what an account of a class is not for.

use std::sync::LazyLock;

use crate::truth::Purpose;

static BANK: LazyLock<Vec<Question>> = LazyLock::new(|| {
    let lines = include_str!("questions.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut topic = "";
    lines
        .filter_map(|line| match line.strip_prefix("= ") {
            Some(name) => {
                topic = name;
                None
            }
            None => Some(Question { topic, text: line }),
        })
        .collect()
});

/// One way of asking something.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// The same for all ways of asking the same; `-` off topic, `~` small talk.
    pub topic: &'static str,
    /// The words.
    pub text: &'static str,
}

impl Question {
    /// Whether the account is for it.
    pub fn is_on_topic(&self) -> bool {
        !matches!(self.topic, "-" | "~")
    }

    pub(super) fn purpose(&self) -> Purpose {
        match self.topic {
            "-" => Purpose::OffTopic,
            "~" => Purpose::Chat,
            topic => Purpose::Question { topic: topic.to_owned() },
        }
    }
}

/// All that people ask.
pub fn bank() -> &'static [Question] {
    &BANK
}
