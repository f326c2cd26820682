//! The room: platform, people, clock and faults together, and what is due next.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, mpsc, watch};

use crate::api;
use crate::clock::Clock;
use crate::crowd::Crowd;
use crate::failure::Failure;
use crate::faults::{Fault, Faults, Swap};
use crate::lock::lock;
use crate::options::Options;
use crate::platform::{After, Parcel, Platform};
use crate::words::Problem;

/// So many people are served at the same time; what one person does stays in order.
const LANES: usize = 8;

/// After so many steps the account catches up, so that the story does not run away from it, nor memory fill.
pub const BREATH: usize = 64;

/// All parts of a rehearsal.
pub struct Room {
    pub options: Options,
    pub address: SocketAddr,
    pub clock: Clock,
    pub http: reqwest::Client,
    pub swap: Swap,
    /// False while nobody may listen at the address.
    pub open: watch::Sender<bool>,
    platform: Mutex<Platform>,
    crowd: Mutex<Crowd>,
    faults: Mutex<Faults>,
    lanes: Vec<mpsc::UnboundedSender<Errand>>,
    /// What the last button of the page brought about, and whether that is good.
    notice: Mutex<Option<(bool, Problem)>>,
    /// Rung when the story's speed or plan changed.
    pub bell: Notify,
}

/// What stands in a lane. Whoever waits keeps the other end of the sender, which is dropped when it is done.
pub enum Errand {
    Tell(Parcel, Option<mpsc::Sender<()>>),
    Reached(mpsc::Sender<()>),
}

impl Room {
    /// A room, and the ends of its lanes, from which somebody must take what is to be told.
    pub fn new(
        options: Options,
        address: SocketAddr,
        http: reqwest::Client,
    ) -> (Arc<Self>, Vec<mpsc::UnboundedReceiver<Errand>>) {
        let begin = options.begin.unwrap_or_else(Utc::now);
        let (lanes, errands): (Vec<_>, Vec<_>) = (0..LANES).map(|_| mpsc::unbounded_channel()).unzip();
        let room = Arc::new(Self {
            clock: Clock::new(begin, options.speed, options.stamps),
            platform: Mutex::new(Platform::new(&options)),
            crowd: Mutex::new(Crowd::new(&options.crowd, options.seed, begin)),
            faults: Mutex::default(),
            swap: Swap::default(),
            notice: Mutex::default(),
            open: watch::Sender::new(true),
            bell: Notify::new(),
            options,
            address,
            http,
            lanes,
        });
        (room, errands)
    }

    pub fn platform(&self) -> MutexGuard<'_, Platform> {
        lock(&self.platform)
    }

    pub fn crowd(&self) -> MutexGuard<'_, Crowd> {
        lock(&self.crowd)
    }

    pub fn faults(&self) -> Faults {
        *lock(&self.faults)
    }

    pub fn give_notice(&self, good: bool, notice: Problem) {
        *lock(&self.notice) = Some((good, notice));
    }

    pub fn take_notice(&self) -> Option<(bool, Problem)> {
        lock(&self.notice).take()
    }

    /// Where this server is reached.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The sender of a parcel; the platform itself tells about mass sends.
    pub fn openid_of(&self, parcel: &Parcel) -> String {
        let platform = self.platform();
        parcel.person.map_or_else(|| "mphelper".to_owned(), |number| platform.people[number].openid.clone())
    }

    pub fn set_speed(&self, speed: f64) {
        self.clock.set_speed(speed);
        self.bell.notify_one();
    }

    pub fn break_down(&self, fault: Fault) {
        if fault == Fault::TokensInvalid {
            self.platform().state.tokens.end_all();
        }
        lock(&self.faults).add(fault);
        self.open.send_replace(!self.faults().refused);
    }

    pub fn mend(&self) {
        *lock(&self.faults) = Faults::default();
        self.open.send_replace(true);
    }

    /// Does what a call brought about: tells, and lets people read.
    pub fn follow_up(&self, done: Option<&mpsc::Sender<()>>) {
        let after = std::mem::take(&mut self.platform().state.after);
        for after in after {
            match after {
                After::Tell(parcel) => self.send(parcel, done.cloned()),
                After::Read { publication } => {
                    let following = self.platform().people.iter().filter(|person| person.stay().is_some()).count();
                    self.crowd().read(publication, following, self.clock.now());
                    self.bell.notify_one();
                }
            }
        }
    }

    /// Sends an article to all followers as its owner does in the back office: the same quota as over the API.
    pub fn publish(&self, title: &str) -> Result<u64, Failure> {
        let now = self.clock.platform();
        let id = api::send_to_all(&mut self.platform(), title, now)?;
        self.follow_up(None);
        Ok(id)
    }

    /// People come in a wave.
    pub fn wave(&self, wave: crate::crowd::Wave) {
        self.crowd().wave(wave, self.clock.now());
        self.bell.notify_one();
    }

    fn send(&self, parcel: Parcel, done: Option<mpsc::Sender<()>>) {
        let lane = parcel.person.unwrap_or(0) % LANES;
        // A lane is closed only when the rehearsal ends.
        let _ = self.lanes[lane].send(Errand::Tell(parcel, done));
    }

    /// Lets the next thing happen that is due by `until`; `None` when nothing is.
    pub fn step(&self, until: DateTime<Utc>, done: Option<&mpsc::Sender<()>>) -> Option<()> {
        let mut crowd = self.crowd();
        let (at, intent) = crowd.due(until)?;
        self.clock.move_to(at);
        let parcel = crowd.resolve(intent, &mut self.platform(), at, self.clock.shown(at));
        drop(crowd);
        if let Some(parcel) = parcel {
            self.send(parcel, done.cloned());
        }
        self.follow_up(done);
        Some(())
    }

    /// Lives until a moment as quickly as the account answers. Gives how much happened.
    pub async fn live_until(&self, until: DateTime<Utc>) -> usize {
        let (done, mut finished) = mpsc::channel::<()>(1);
        let mut steps = 0;
        while self.step(until, Some(&done)).is_some() {
            steps += 1;
            if steps % BREATH == 0 {
                self.settle().await;
            }
        }
        self.clock.move_to(until);
        drop(done);
        // Every errand holds a sender; all are gone when the last one was told.
        finished.recv().await;
        steps
    }

    /// Waits until all that was sent so far was told.
    pub async fn settle(&self) {
        let (done, mut finished) = mpsc::channel::<()>(1);
        for lane in &self.lanes {
            let _ = lane.send(Errand::Reached(done.clone()));
        }
        drop(done);
        finished.recv().await;
    }
}
