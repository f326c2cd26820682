//! Habits: how people find the account, what newcomers do next, what they write.

use chrono::{DateTime, TimeDelta, Utc};
use rand::RngExt;

use super::questions::{Question, bank};
use super::{Crowd, Intent, span};
use crate::message::{Article, Content};
use crate::people::Way;
use crate::platform::Deed;
use crate::truth::Purpose;

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3600.0;
const DAY: f64 = 86_400.0;

/// How much happens in each hour of a day, in +08:00: breakfast, lunch, and most of all the evening.
const HOURS: [u32; 24] = [2, 1, 0, 0, 0, 0, 1, 3, 5, 5, 5, 6, 9, 8, 5, 5, 5, 6, 8, 10, 12, 13, 10, 5];

impl Crowd {
    /// An hour of the day with its fraction.
    pub(super) fn hour(&mut self) -> f64 {
        let mut left = self.dice.random_range(0..HOURS.iter().sum::<u32>());
        let hour = HOURS.iter().position(|weight| {
            let here = left < *weight;
            left = left.saturating_sub(*weight);
            here
        });
        hour.unwrap_or(12) as f64 + self.dice.random::<f64>()
    }

    /// How somebody finds the account.
    pub(super) fn way(&mut self, scenes: &[String]) -> Way {
        match self.dice.random_range(0..100) {
            0..35 if !scenes.is_empty() => Way::Scene(scenes[self.dice.random_range(0..scenes.len())].clone()),
            0..65 => Way::Search,
            65..82 => Way::Card,
            82..92 => Way::Article,
            _ => Way::Other,
        }
    }

    /// What a newcomer will do.
    pub(super) fn newcomer(&mut self, person: usize, way: &Way, publication: Option<u64>, at: DateTime<Utc>) {
        if self.dice.random_bool(self.options.cheaters) {
            self.cheat(person, way, at);
            return;
        }
        let words = &self.options.claim_words;
        if !words.is_empty() && way.scene().is_none() && self.dice.random_bool(self.options.claims) {
            let word = words[self.dice.random_range(0..words.len())].clone();
            let later = self.between(20.0, 10.0 * MINUTE);
            self.plan(at + span(later), Intent::Claim { person, word });
        }
        if self.dice.random_bool(self.options.asks) {
            for _ in 0..self.dice.random_range(1..=3) {
                let later = self.between(MINUTE, 20.0 * DAY);
                self.plan(at + span(later), Intent::Ask { person, publication });
            }
        }
        if self.dice.random_bool(self.options.leaves) {
            let left = at + span(self.between(10.0 * MINUTE, 60.0 * DAY));
            self.plan(left, Intent::Leave { person });
            if self.dice.random_bool(self.options.returns) {
                let back = left + span(self.between(DAY, 20.0 * DAY));
                self.plan(back, Intent::Return { person, way: Way::Search });
            }
        }
    }

    /// Follows and leaves, again and again, always the same way.
    fn cheat(&mut self, person: usize, way: &Way, at: DateTime<Utc>) {
        let mut now = at;
        if let (None, Some(word)) = (way.scene(), self.options.claim_words.first().cloned()) {
            self.plan(now + TimeDelta::seconds(15), Intent::Claim { person, word });
        }
        for round in 0..self.dice.random_range(2..=4) {
            if round > 0 {
                now += span(self.between(HOUR, 30.0 * HOUR));
                self.plan(now, Intent::Return { person, way: way.clone() });
            }
            now += span(self.between(2.0 * MINUTE, 90.0 * MINUTE));
            self.plan(now, Intent::Leave { person });
        }
    }

    /// Something that somebody writes; under an article when a publication brought them.
    pub(super) fn question(&mut self, publication: Option<u64>) -> Deed {
        let article = publication
            .filter(|_| self.dice.random_bool(0.6))
            .map(|publication| Article { data: publication.to_string(), index: 1 });
        let questions = bank();
        let wanted = match self.dice.random_range(0..100) {
            0..80 => |question: &&Question| question.is_on_topic(),
            80..92 => |question: &&Question| question.topic == "-",
            _ => |question: &&Question| question.topic == "~",
        };
        let fitting: Vec<_> = questions.iter().filter(wanted).collect();
        let question = fitting[self.dice.random_range(0..fitting.len())];
        let media = format!("media-{}", self.dice.random::<u64>());
        let content = match self.dice.random_range(0..100) {
            0..93 => Content::text(question.text),
            93..97 => Content::Voice { media, recognition: Some(question.text.to_owned()) },
            97..99 => Content::Image { picture: format!("http://mmbiz.qpic.cn/{media}/0"), media },
            _ => Content::Link {
                title: question.text.to_owned(),
                description: "朋友转来的".to_owned(),
                url: "https://example.com/".to_owned(),
            },
        };
        Deed::Say { content, purpose: question.purpose(), article }
    }

    /// Whoever asked may come back for the answer, or for its sake only say thank you.
    pub(super) fn after_question(&mut self, person: usize, deed: &Deed, at: DateTime<Utc>) {
        let asked = matches!(deed, Deed::Say { purpose: Purpose::Question { .. }, .. });
        if asked && self.dice.random_bool(0.4) {
            let later = self.between(10.0 * MINUTE, 20.0 * HOUR);
            self.plan(at + span(later), Intent::Pull { person });
        }
    }

    /// Asks for the answer that waits.
    pub(super) fn pull(&mut self) -> Deed {
        let words = ["查", "查", "查一下", "有回复了吗", "在吗"];
        let content = Content::text(words[self.dice.random_range(0..words.len())]);
        Deed::Say { content, purpose: Purpose::Pull, article: None }
    }

    /// Says who brought them, as exactly as people do.
    pub(super) fn claim(&mut self, word: String) -> Deed {
        let written = match self.dice.random_range(0..10) {
            0 => format!(" {word} "),
            1 => word.to_lowercase(),
            _ => word.clone(),
        };
        Deed::Say { content: Content::text(written), purpose: Purpose::Claim { word }, article: None }
    }
}
