//! The rehearsal as a program starts it, plays in it, and asks what was true.

use std::net::SocketAddr;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::JoinHandle;

use crate::callback::{self, Delivered};
use crate::crowd::Wave;
use crate::failure::Failure;
use crate::faults::Fault;
use crate::message::{Article, Content};
use crate::options::{CrowdOptions, Format, Mode, Options, Tier};
use crate::people::{Line, Way};
use crate::platform::{Deed, Refusal};
use crate::room::Room;
use crate::server;
use crate::start::{StartError, check, check_callback, check_speed};
use crate::story;
use crate::truth::{Purpose, Truth};
use crate::words::Problem;

/// A running rehearsal; it ends when this is dropped. Everything can be called from many tasks at once.
pub struct Rehearsal {
    room: std::sync::Arc<Room>,
    tasks: Vec<JoinHandle<()>>,
}

impl Rehearsal {
    /// Begins a rehearsal: the API and the control page answer when this returns.
    pub async fn start(mut options: Options) -> Result<Self, StartError> {
        check(&options)?;
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(16)
            .build()?;
        let listener = server::bind(options.listen).await?;
        let address = listener.local_addr()?;
        options.listen = address;
        let (room, errands) = Room::new(options, address, http);
        let mut tasks = story::begin(&room, errands);
        tasks.push(tokio::spawn(server::serve(room.clone(), listener)));
        Ok(Self { room, tasks })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.room.address
    }

    /// The API's base and the control page, without a slash at the end.
    pub fn url(&self) -> String {
        self.room.base()
    }

    /// Asks the callback to prove that it knows the token, as the platform does when a server is connected.
    pub async fn verify(&self) -> Result<(), Problem> {
        callback::verify(&self.room).await
    }

    /// Sends a message with a signature made from another token; gives the status of the answer, which should refuse.
    pub async fn forge(&self, text: &str) -> Result<u16, Problem> {
        callback::forge(&self.room, text).await
    }

    /// A new person, who does not follow yet.
    pub fn arrive(&self) -> usize {
        self.room.platform().arrive()
    }

    /// A new person follows.
    pub async fn join(&self, way: Way) -> Result<(usize, Delivered), Refusal> {
        let person = self.arrive();
        Ok((person, self.follow(person, way).await?))
    }

    /// Somebody follows, perhaps once more.
    pub async fn follow(&self, person: usize, way: Way) -> Result<Delivered, Refusal> {
        story::act(&self.room, person, Deed::Follow(way)).await
    }

    /// Somebody leaves.
    pub async fn leave(&self, person: usize) -> Result<Delivered, Refusal> {
        story::act(&self.room, person, Deed::Leave).await
    }

    /// Somebody writes.
    pub async fn say(&self, person: usize, text: &str) -> Result<Delivered, Refusal> {
        self.send(person, Content::text(text)).await
    }

    /// Somebody sends anything.
    pub async fn send(&self, person: usize, content: Content) -> Result<Delivered, Refusal> {
        story::act(&self.room, person, Deed::Say { content, purpose: Purpose::Played, article: None }).await
    }

    /// Somebody writes under an article of a publication.
    pub async fn comment(&self, person: usize, text: &str, publication: u64, index: u8) -> Result<Delivered, Refusal> {
        let article = Some(Article { data: publication.to_string(), index });
        let content = Content::text(text);
        story::act(&self.room, person, Deed::Say { content, purpose: Purpose::Played, article }).await
    }

    /// A follower scans a code with this scene.
    pub async fn scan(&self, person: usize, scene: &str) -> Result<Delivered, Refusal> {
        story::act(&self.room, person, Deed::Scan(scene.to_owned())).await
    }

    /// A follower taps a menu's button.
    pub async fn click(&self, person: usize, key: &str) -> Result<Delivered, Refusal> {
        story::act(&self.room, person, Deed::Click(key.to_owned())).await
    }

    /// A follower taps a menu's link.
    pub async fn view(&self, person: usize, url: &str) -> Result<Delivered, Refusal> {
        story::act(&self.room, person, Deed::View(url.to_owned())).await
    }

    /// A follower lets the account know where they are.
    pub async fn locate(&self, person: usize, latitude: f64, longitude: f64) -> Result<Delivered, Refusal> {
        story::act(&self.room, person, Deed::Locate { latitude, longitude }).await
    }

    /// People come in a wave, from now on.
    pub fn wave(&self, wave: Wave) {
        self.room.wave(wave);
    }

    /// The owner sends an article to all followers from the back office. Gives the publication's number, or the
    /// platform's refusal when the quota is used up.
    pub async fn publish(&self, title: &str) -> Result<u64, Failure> {
        self.room.publish(title)
    }

    /// What the account may do from now on.
    pub fn set_tier(&self, tier: Tier) {
        self.room.platform().tier = tier;
    }

    /// How callbacks are encrypted from now on; one that encrypts needs the key that the rehearsal began with.
    pub fn set_mode(&self, mode: Mode) -> Result<(), StartError> {
        let mut platform = self.room.platform();
        if mode != Mode::Plain && platform.account.aes_key.is_none() {
            return Err(StartError::NoKey(mode));
        }
        platform.mode = mode;
        Ok(())
    }

    /// The form of callbacks from now on.
    pub fn set_format(&self, format: Format) {
        self.room.platform().format = format;
    }

    /// Where the account is told from now on.
    pub fn set_callback(&self, url: &str) -> Result<(), StartError> {
        check_callback(url)?;
        self.room.platform().callback = Some(url.to_owned());
        Ok(())
    }

    /// How fast people live from now on; see [`Options::speed`].
    pub fn set_speed(&self, speed: f64) -> Result<(), StartError> {
        check_speed(speed)?;
        self.room.set_speed(speed);
        Ok(())
    }

    /// Who comes by themselves from tomorrow on.
    pub fn set_crowd(&self, crowd: CrowdOptions) {
        *self.room.crowd().options() = crowd;
    }

    /// Another daily limit of an address of the API, such as `/cgi-bin/user/get`.
    pub fn set_daily_limit(&self, path: &str, daily: u64) {
        self.room.platform().state.quota.set(path, daily);
    }

    /// How many followers a page of their list has, instead of 10,000.
    pub fn set_page_size(&self, size: usize) {
        self.room.platform().state.page = size.max(1);
    }

    /// Something goes wrong from now on.
    pub fn break_down(&self, fault: Fault) {
        self.room.break_down(fault);
    }

    /// Nothing goes wrong any more.
    pub fn mend(&self) {
        self.room.mend();
    }

    /// The story's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.room.clock.now()
    }

    /// Moves the clock on without letting anybody do what they had planned meanwhile; they do it late.
    pub fn skip(&self, span: TimeDelta) {
        self.room.clock.move_to(self.now() + span);
    }

    /// Lives so long as quickly as the account answers, and waits until it was told everything. Gives how many things
    /// happened.
    pub async fn live(&self, span: TimeDelta) -> usize {
        self.room.live_until(self.now() + span).await
    }

    /// Waits until the account was told everything that happened so far.
    pub async fn settle(&self) {
        self.room.settle().await;
    }

    /// What really happened.
    pub fn truth(&self) -> Truth {
        let now = self.room.clock.platform();
        self.room.platform().truth(now)
    }

    /// What somebody wrote and read; empty for nobody.
    pub fn conversation(&self, person: usize) -> Vec<Line> {
        self.room.platform().people.get(person).map(|person| person.talk.clone()).unwrap_or_default()
    }

    /// Until when and how often the account may write to somebody.
    pub fn window(&self, person: usize) -> Option<(DateTime<Utc>, u8)> {
        let now = self.room.clock.platform();
        self.room.platform().people.get(person)?.window(now)
    }

    /// Somebody's name towards the account.
    pub fn openid(&self, person: usize) -> Result<String, Refusal> {
        self.room.platform().person(person).map(|person| person.openid.clone())
    }

    /// How often a call of the API went well, and how often it was refused with which code.
    pub fn calls(&self, path: &str) -> crate::truth::Calls {
        self.room.platform().calls.get(path).cloned().unwrap_or_default()
    }
}

impl Drop for Rehearsal {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}
