//! Those who follow, followed, or may: their stays, what they read and wrote, and when the account may write to them.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::message::Content;
use crate::words::Problem;

/// How somebody came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "by", content = "scene", rename_all = "lowercase")]
pub enum Way {
    /// Found by search.
    Search,
    /// Somebody passed on the account's card.
    Card,
    /// Tapped the account's name in an article.
    Article,
    /// Came from a reprint.
    Reprint,
    /// Scanned a code with this scene.
    Scene(String),
    /// Any other.
    Other,
}

impl Way {
    /// The number of this source in the figures of a day.
    pub fn source(&self) -> u16 {
        match self {
            Self::Search => 1,
            Self::Card => 17,
            Self::Scene(_) => 30,
            Self::Article => 57,
            Self::Reprint => 161,
            Self::Other => 0,
        }
    }

    /// What a user's record calls it.
    pub fn recorded(&self) -> &'static str {
        match self {
            Self::Search => "ADD_SCENE_SEARCH",
            Self::Card => "ADD_SCENE_PROFILE_CARD",
            Self::Scene(_) => "ADD_SCENE_QR_CODE",
            Self::Article => "ADD_SCENE_PROFILE_LINK",
            Self::Reprint => "ADD_SCENE_REPRINT",
            Self::Other => "ADD_SCENE_OTHERS",
        }
    }

    /// The scene, where there is one.
    pub fn scene(&self) -> Option<&str> {
        match self {
            Self::Scene(scene) => Some(scene),
            _ => None,
        }
    }
}

/// From following to leaving.
#[derive(Clone, Debug, Serialize)]
pub struct Stay {
    /// When it began.
    pub from: DateTime<Utc>,
    /// When it ended, if it did.
    pub until: Option<DateTime<Utc>>,
    /// How it began.
    pub way: Way,
}

/// What the account may write, and until when.
#[derive(Clone, Copy, Debug)]
struct Grant {
    until: DateTime<Utc>,
    left: u8,
}

/// Who said a line of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The follower.
    Follower,
    /// The account, at once or later.
    Account,
    /// The platform itself: 该公众号暂时无法提供服务 and the like.
    Platform,
}

/// A line of a conversation.
#[derive(Clone, Debug)]
pub struct Line {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub speaker: Speaker,
    /// What one sees.
    pub text: String,
    /// What can be tapped in it: ids and words.
    pub choices: Vec<(String, String)>,
    /// Why the platform speaks for the account.
    pub problem: Option<Problem>,
}

/// One person; the number is theirs for ever.
#[derive(Clone, Debug)]
pub struct Person {
    /// From 0, in the order of appearance.
    pub number: usize,
    /// Their name towards this account.
    pub openid: String,
    /// Every time they followed.
    pub stays: Vec<Stay>,
    /// The conversation.
    pub talk: Vec<Line>,
    /// Tags the account gave.
    pub tags: BTreeSet<u32>,
    /// A remark the account made.
    pub remark: String,
    /// When the account last showed that it types.
    pub typing: Option<DateTime<Utc>>,
    message_grant: Option<Grant>,
    brief_grant: Option<Grant>,
}

/// Why the account may not write to somebody now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// More than 48 hours (a minute after a follow, scan or tap) passed.
    Window,
    /// All messages of the window are used.
    Quota,
}

impl Person {
    /// Somebody who does not follow yet.
    pub fn new(number: usize, openid: String) -> Self {
        Self {
            number,
            openid,
            stays: Vec::new(),
            talk: Vec::new(),
            tags: BTreeSet::new(),
            remark: String::new(),
            typing: None,
            message_grant: None,
            brief_grant: None,
        }
    }

    /// The stay that goes on.
    pub fn stay(&self) -> Option<&Stay> {
        self.stays.last().filter(|stay| stay.until.is_none())
    }

    /// Ends the stay: what the platform knew beside it is gone.
    pub fn leave(&mut self, at: DateTime<Utc>) {
        if let Some(stay) = self.stays.last_mut() {
            stay.until = Some(at);
        }
        self.tags.clear();
        self.remark.clear();
        (self.message_grant, self.brief_grant, self.typing) = (None, None, None);
    }

    /// A message opens a window of 48 hours and five answers.
    pub fn wrote(&mut self, at: DateTime<Utc>) {
        self.message_grant = Some(Grant { until: at + TimeDelta::hours(48), left: 5 });
    }

    /// A follow, a scan or a tap opens one of a minute and three.
    pub fn tapped(&mut self, at: DateTime<Utc>) {
        self.brief_grant = Some(Grant { until: at + TimeDelta::minutes(1), left: 3 });
    }

    /// Takes one message from the window that closes first.
    pub fn take(&mut self, at: DateTime<Utc>) -> Result<(), Closed> {
        let grants = [&mut self.brief_grant, &mut self.message_grant].into_iter().flatten();
        let mut open: Vec<_> = grants.filter(|grant| at <= grant.until).collect();
        if open.is_empty() {
            return Err(Closed::Window);
        }
        open.sort_by_key(|grant| grant.until);
        let grant = open.into_iter().find(|grant| grant.left > 0).ok_or(Closed::Quota)?;
        grant.left -= 1;
        Ok(())
    }

    /// Until when the account may write, and how often.
    pub fn window(&self, at: DateTime<Utc>) -> Option<(DateTime<Utc>, u8)> {
        let grants = [self.brief_grant, self.message_grant].into_iter().flatten();
        let open: Vec<_> = grants.filter(|grant| at <= grant.until).collect();
        let until = open.iter().map(|grant| grant.until).max()?;
        Some((until, open.iter().map(|grant| grant.left).sum()))
    }

    /// Adds a line to the conversation.
    pub fn hear(&mut self, at: DateTime<Utc>, speaker: Speaker, text: impl Into<String>) -> &mut Line {
        let line = Line { at, speaker, text: text.into(), choices: Vec::new(), problem: None };
        self.talk.push(line);
        self.talk.last_mut().expect("a line was just added")
    }

    /// Adds what they say themselves.
    pub fn speak(&mut self, at: DateTime<Utc>, content: &Content) {
        self.hear(at, Speaker::Follower, content.shown());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    #[test]
    fn a_message_may_be_answered_five_times_in_two_days() {
        let mut person = Person::new(0, "o".to_owned());
        assert_eq!(person.take(at(0)), Err(Closed::Window));
        person.wrote(at(0));
        assert_eq!(person.window(at(1)), Some((at(48 * 60), 5)));
        for _ in 0..5 {
            assert_eq!(person.take(at(48 * 60)), Ok(()));
        }
        assert_eq!(person.take(at(48 * 60)), Err(Closed::Quota));
        assert_eq!(person.take(at(48 * 60 + 1)), Err(Closed::Window));
        person.wrote(at(48 * 60 + 2));
        assert_eq!(person.take(at(48 * 60 + 3)), Ok(()));
    }

    #[test]
    fn a_follow_may_be_answered_three_times_in_a_minute() {
        let mut person = Person::new(0, "o".to_owned());
        person.tapped(at(0));
        for _ in 0..3 {
            assert_eq!(person.take(at(1)), Ok(()));
        }
        assert_eq!(person.take(at(1)), Err(Closed::Quota));
        assert_eq!(person.take(at(2)), Err(Closed::Window));
    }

    #[test]
    fn the_window_that_closes_first_is_used_first_and_leaving_closes_all() {
        let mut person = Person::new(0, "o".to_owned());
        person.wrote(at(0));
        person.tapped(at(0));
        assert_eq!(person.window(at(0)), Some((at(48 * 60), 8)));
        for _ in 0..3 {
            assert_eq!(person.take(at(0)), Ok(()));
        }
        assert_eq!(person.window(at(2)), Some((at(48 * 60), 5)));
        person.leave(at(3));
        assert_eq!(person.take(at(3)), Err(Closed::Window));
    }
}
