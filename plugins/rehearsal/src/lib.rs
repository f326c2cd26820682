//! The rehearsal room (排练室): a simulated WeChat platform that speaks the real protocol over real HTTP, for a class that
//! practises before its account is live, and for tests.
//!
//! [`Rehearsal::start`] takes [`Options`] and gives an API (`/cgi-bin/…`, `/datacube/…`) and a control page at one
//! address. People are played by a program ([`Rehearsal::follow`], [`Rehearsal::say`], [`Rehearsal::leave`] …), by
//! hand on the control page, or by a [crowd](CrowdOptions) that follows from a seed and lives as fast as one likes.
//! What really happened is kept as [`Truth`].
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use rehearsal::{Options, Rehearsal, Tier, Way};
//!
//! let callback = Some("http://127.0.0.1:3000/callback".to_owned());
//! let room = Rehearsal::start(Options { callback, tier: Tier::S, ..Options::default() }).await?;
//! room.verify().await?;
//! let (person, welcome) = room.join(Way::Search).await?;
//! println!("the newcomer reads {:?}", welcome.seen);
//! let answer = room.say(person, "怎么投稿?").await?;
//! println!("and then {:?} {:?}", answer.seen, answer.problem);
//! println!("{} follow", room.truth().following);
//! # Ok(())
//! # }
//! ```
//!
//! # Which way things go
//!
//! `people`, `message`, `cipher` and `words` know nothing of the rest. `platform` holds what the platform knows and
//! how it changes; `api` answers calls upon it; `callback` tells the account and judges (`reply`) what it answers;
//! `crowd` decides who does what; `room` puts them together with a `clock`, `story` lets it go on, and `server` and
//! `page` show it over HTTP.
//!
//! # Real time and the story's
//!
//! The five seconds, the pause between tries and the life of a token are always real. `CreateTime`, windows, quotas
//! and figures follow [`Options::stamps`].

mod api;
mod callback;
mod cipher;
mod clock;
mod crowd;
mod exchange;
mod failure;
mod faults;
mod lock;
mod message;
mod options;
mod page;
mod people;
mod platform;
mod rehearsal;
mod reply;
mod room;
mod server;
mod start;
mod story;
mod truth;
mod words;

pub use callback::{Attempt, Delivered, Seen};
pub use cipher::BadKey;
pub use crowd::Wave;
pub use failure::Failure;
pub use faults::Fault;
pub use message::Content;
pub use options::{Account, CrowdOptions, Format, Mode, Options, Stamps, Tier};
pub use people::{Line, Speaker, Stay, Way};
pub use platform::Refusal;
pub use rehearsal::Rehearsal;
pub use reply::Reply;
pub use start::StartError;
pub use truth::{Calls, Day, Follower, Letter, Outcome, Publication, Purpose, Scene, Source, Truth};
pub use words::{Language, Problem};
