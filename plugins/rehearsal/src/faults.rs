//! What can be broken on purpose, and the way neighbours change places.

use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::lock::lock;

/// Something that goes wrong on the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The API answers every call with the HTTP status 502.
    ServerErrors,
    /// The API answers every call with the code −1 (busy).
    Busy,
    /// Nobody listens at the API's address, the control page included.
    Refused,
    /// The API takes so long for every answer.
    Slow(Duration),
    /// Everything is told to the account twice, one after the other.
    Duplicates,
    /// Two things that are told at the same time arrive in the other order.
    Reordered,
    /// Everything is told to the account three times at once.
    ThreeAtOnce,
    /// No access token that was given out is good any more. Over as soon as it happened.
    TokensInvalid,
}

/// Which faults there are now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    pub server_errors: bool,
    pub busy: bool,
    pub refused: bool,
    pub slow: Option<Duration>,
    pub duplicates: bool,
    pub reordered: bool,
    pub three_at_once: bool,
}

impl Faults {
    /// Adds a fault.
    pub fn add(&mut self, fault: Fault) {
        match fault {
            Fault::ServerErrors => self.server_errors = true,
            Fault::Busy => self.busy = true,
            Fault::Refused => self.refused = true,
            Fault::Slow(delay) => self.slow = Some(delay),
            Fault::Duplicates => self.duplicates = true,
            Fault::Reordered => self.reordered = true,
            Fault::ThreeAtOnce => self.three_at_once = true,
            Fault::TokensInvalid => {}
        }
    }
}

/// Lets the second of two overtake the first.
#[derive(Default)]
pub struct Swap {
    held: Mutex<Option<oneshot::Sender<()>>>,
}

/// Nobody is held for longer when no second one comes.
const PATIENCE: Duration = Duration::from_millis(500);

/// Whoever has this may go; when it is dropped, the one that was overtaken follows.
pub struct Turn(Option<oneshot::Sender<()>>);

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(first) = self.0.take() {
            // The first may have lost patience and gone.
            let _ = first.send(());
        }
    }
}

impl Swap {
    /// The first waits until a second one is through, or for a while.
    pub async fn pass(&self) -> Turn {
        let waiting = {
            let mut held = lock(&self.held);
            match held.take() {
                Some(first) => return Turn(Some(first)),
                None => {
                    let (sender, receiver) = oneshot::channel();
                    *held = Some(sender);
                    receiver
                }
            }
        };
        // Ends as well when the sender is dropped.
        let _ = tokio::time::timeout(PATIENCE, waiting).await;
        Turn(None)
    }
}
