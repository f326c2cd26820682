//! All that the platform knows, and how it changes when people do something.

mod codes;
mod deed;
mod library;
mod mass;
mod quota;
mod state;
mod tags;
mod tokens;

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{DateTime, NaiveDate, Utc};
use data_encoding::BASE64URL_NOPAD;
use sha1::{Digest, Sha1};

use crate::clock::{day_of, next};
use crate::exchange::Exchange;
use crate::message::{Content, Event, Matter, Scan};
use crate::options::{Account, Format, Mode, Options, Tier};
use crate::people::{Person, Speaker, Stay, Way};
use crate::truth::{self, Calls, Day, Follower, Letter, Outcome, Publication, Purpose, Truth};
use crate::words::Problem;
use state::State;

pub use deed::{Deed, Parcel, Refusal};
pub use state::After;
pub use tags::STARRED;

/// As many of the last requests as the page shows.
const REMEMBERED: usize = 100;

/// All that the platform knows.
pub struct Platform {
    pub account: Account,
    pub callback: Option<String>,
    pub mode: Mode,
    pub format: Format,
    pub tier: Tier,
    pub people: Vec<Person>,
    pub letters: Vec<Letter>,
    pub publications: Vec<Publication>,
    pub calls: BTreeMap<String, Calls>,
    pub exchanges: VecDeque<Exchange>,
    pub overtaken: usize,
    pub state: State,
    openids: HashMap<String, usize>,
    last_message: HashMap<usize, usize>,
    days: BTreeMap<NaiveDate, Day>,
    seed: u64,
}

impl Platform {
    pub fn new(options: &Options) -> Self {
        Self {
            account: options.account.clone(),
            callback: options.callback.clone(),
            mode: options.mode,
            format: options.format,
            tier: options.tier,
            people: Vec::new(),
            letters: Vec::new(),
            publications: Vec::new(),
            calls: BTreeMap::new(),
            exchanges: VecDeque::new(),
            overtaken: 0,
            state: State::new(options),
            openids: HashMap::new(),
            last_message: HashMap::new(),
            days: BTreeMap::new(),
            seed: options.seed,
        }
    }

    /// A new person, who does not follow yet. The name follows from seed, account and number alone.
    pub fn arrive(&mut self) -> usize {
        let number = self.people.len();
        let name = Sha1::digest(format!("{}/{}/{number}", self.seed, self.account.appid));
        let openid = format!("o{}", BASE64URL_NOPAD.encode(&name));
        self.openids.insert(openid.clone(), number);
        self.people.push(Person::new(number, openid));
        number
    }

    pub fn person(&self, number: usize) -> Result<&Person, Refusal> {
        self.people.get(number).ok_or(Refusal::NobodyThere(number))
    }

    pub fn by_openid(&mut self, openid: &str) -> Option<&mut Person> {
        self.openids.get(openid).map(|number| &mut self.people[*number])
    }

    /// Whether somebody could come this way.
    pub fn could_follow(&mut self, way: &Way, at: DateTime<Utc>) -> Result<(), Refusal> {
        way.scene().map_or(Ok(()), |scene| self.code(scene, at).map(drop))
    }

    /// Lets somebody do something; what is returned must be told to the account.
    pub fn act(&mut self, number: usize, deed: Deed, at: DateTime<Utc>) -> Result<Parcel, Refusal> {
        let follows = self.person(number)?.stay().is_some();
        match (&deed, follows) {
            (Deed::Follow(_), true) => return Err(Refusal::Following(number)),
            (Deed::Follow(_), false) | (_, true) => {}
            (_, false) => return Err(Refusal::NotFollowing(number)),
        }
        let mut purpose = None;
        let matter = match deed {
            Deed::Follow(way) => Matter::Event(Event::Subscribe(self.follow(number, way, at)?)),
            Deed::Leave => {
                self.leave(number, at);
                Matter::Event(Event::Unsubscribe)
            }
            Deed::Say { content, purpose: why, article } => {
                purpose = Some(why);
                let person = &mut self.people[number];
                person.speak(at, &content);
                person.wrote(at);
                let id = self.state.number_message(at);
                if let Content::Image { media, .. } | Content::Voice { media, .. } = &content {
                    self.state.library.keep_media(media);
                }
                Matter::Message { content, id, article }
            }
            Deed::Scan(scene) => {
                let scan = self.code(&scene, at)?;
                self.tap(number, at, format!("[扫码] {scene}"));
                Matter::Event(Event::Scan(scan))
            }
            Deed::Click(key) => {
                self.tap(number, at, format!("[菜单] {key}"));
                Matter::Event(Event::Click(key))
            }
            Deed::View(url) => Matter::Event(Event::View(url)),
            Deed::Locate { latitude, longitude } => Matter::Event(Event::Location { latitude, longitude }),
        };
        Ok(self.parcel(Some(number), matter, purpose, at))
    }

    /// Writes down something to be told to the account.
    pub fn parcel(
        &mut self,
        person: Option<usize>,
        matter: Matter,
        purpose: Option<Purpose>,
        at: DateTime<Utc>,
    ) -> Parcel {
        let (what, text, message) = match &matter {
            Matter::Message { content, id, .. } => (content.kind(), content.shown(), Some(*id)),
            Matter::Event(event) => {
                let text = match event {
                    Event::Subscribe(Some(scan)) | Event::Scan(scan) => scan.scene.clone(),
                    Event::Click(key) | Event::View(key) => key.clone(),
                    _ => String::new(),
                };
                (event.name(), text, None)
            }
        };
        let number = self.letters.len();
        if let (Some(person), true) = (person, message.is_some()) {
            self.last_message.insert(person, number);
        }
        self.letters.push(Letter {
            number,
            at,
            openid: person.map(|person| self.people[person].openid.clone()),
            what: what.to_owned(),
            text,
            message,
            purpose,
            tries: 0,
            outcome: Outcome::Waiting,
            reply: None,
            later: Vec::new(),
            problem: None,
        });
        Parcel { letter: number, person, at, matter }
    }

    fn follow(&mut self, number: usize, way: Way, at: DateTime<Utc>) -> Result<Option<Scan>, Refusal> {
        let scan = way.scene().map(|scene| self.code(scene, at)).transpose()?;
        let day = self.day(at);
        day.gained += 1;
        day.sources.entry(way.source()).or_default().gained += 1;
        let person = &mut self.people[number];
        person.stays.push(Stay { from: at, until: None, way });
        person.tapped(at);
        person.hear(at, Speaker::Platform, "已关注");
        Ok(scan)
    }

    fn leave(&mut self, number: usize, at: DateTime<Utc>) {
        let person = &mut self.people[number];
        let source = person.stay().map_or(0, |stay| stay.way.source());
        person.leave(at);
        person.hear(at, Speaker::Platform, "已取消关注");
        let day = self.day(at);
        day.lost += 1;
        day.sources.entry(source).or_default().lost += 1;
    }

    fn tap(&mut self, number: usize, at: DateTime<Utc>, shown: String) {
        let person = &mut self.people[number];
        person.tapped(at);
        person.hear(at, Speaker::Follower, shown);
    }

    /// The code with a scene; a 服务号 may have any, since its owner makes what is needed.
    fn code(&mut self, scene: &str, at: DateTime<Utc>) -> Result<Scan, Refusal> {
        let codes = &mut self.state.codes;
        let known = codes.ticket_of(scene, at);
        let ticket = known.or_else(|| (self.tier == Tier::F).then(|| codes.make(scene, false, None)));
        let ticket = ticket.ok_or_else(|| Refusal::NoSuchCode(scene.to_owned()))?;
        Ok(Scan { scene: scene.to_owned(), ticket })
    }

    fn day(&mut self, at: DateTime<Utc>) -> &mut Day {
        let date = day_of(at);
        self.days.entry(date).or_insert_with(|| Day { date, ..Day::default() })
    }

    /// What somebody reads later belongs to the last thing they wrote.
    pub fn read_later(&mut self, number: usize, text: String) {
        if let Some(letter) = self.last_message.get(&number) {
            self.letters[*letter].later.push(text);
        }
    }

    /// Writes down what became of a letter, and lets the follower see it.
    pub fn settle(
        &mut self,
        parcel: &Parcel,
        tries: usize,
        outcome: Outcome,
        reply: Option<String>,
        problem: Option<Problem>,
    ) {
        let letter = &mut self.letters[parcel.letter];
        letter.tries = tries;
        letter.outcome = outcome;
        letter.reply.clone_from(&reply);
        letter.problem = problem.as_ref().map(Problem::to_string);
        let Some(person) = parcel.person.map(|number| &mut self.people[number]) else { return };
        if let Some(reply) = reply {
            let speaker = if outcome == Outcome::Replied { Speaker::Account } else { Speaker::Platform };
            person.hear(parcel.at, speaker, reply).problem = problem;
        }
    }

    /// Keeps a request for the page.
    pub fn remember(&mut self, exchange: Exchange) {
        self.exchanges.push_front(exchange);
        self.exchanges.truncate(REMEMBERED);
    }

    /// Every day up to `today`, without gaps, with totals.
    pub fn days(&self, today: NaiveDate) -> Vec<Day> {
        let Some((first, _)) = self.days.first_key_value() else { return Vec::new() };
        let (mut date, mut total, mut days) = (*first, 0, Vec::new());
        while date <= today.max(*self.days.last_key_value().map_or(first, |(last, _)| last)) {
            let mut day = self.days.get(&date).cloned().unwrap_or_else(|| Day { date, ..Day::default() });
            total = total + day.gained - day.lost;
            day.total = total;
            days.push(day);
            date = next(date);
        }
        days
    }

    pub fn truth(&self, now: DateTime<Utc>) -> Truth {
        let mut scenes: BTreeMap<String, truth::Scene> = BTreeMap::new();
        for person in &self.people {
            for (at, stay) in person.stays.iter().enumerate() {
                let Some(scene) = stay.way.scene() else { continue };
                let entry = scenes.entry(scene.to_owned()).or_default();
                entry.followed += 1;
                if at == 0 {
                    entry.first += 1;
                    entry.staying += usize::from(stay.until.is_none());
                }
            }
        }
        Truth {
            account: self.account.original_id.clone(),
            seed: self.seed,
            now,
            following: self.people.iter().filter(|person| person.stay().is_some()).count(),
            days: self.days(day_of(now)),
            scenes,
            followers: self.people.iter().filter(|person| !person.stays.is_empty()).map(follower).collect(),
            overtaken: self.overtaken,
            letters: self.letters.clone(),
            publications: self.publications.clone(),
            calls: self.calls.clone(),
        }
    }
}

fn follower(person: &Person) -> Follower {
    Follower {
        number: person.number,
        openid: person.openid.clone(),
        following: person.stay().is_some(),
        stays: person.stays.clone(),
    }
}
