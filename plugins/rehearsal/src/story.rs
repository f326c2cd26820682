//! How the story goes on: people do things, and the account is told.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::callback::{self, Delivered};
use crate::platform::{Deed, Refusal};
use crate::room::{BREATH, Errand, Room};

/// Carries what stands in the room's lanes and lets the story live, until the tasks are aborted.
pub fn begin(room: &Arc<Room>, errands: Vec<mpsc::UnboundedReceiver<Errand>>) -> Vec<JoinHandle<()>> {
    let carriers = errands.into_iter().map(|errands| tokio::spawn(carry(room.clone(), errands)));
    let mut tasks: Vec<_> = carriers.collect();
    tasks.push(tokio::spawn(live(room.clone())));
    tasks
}

/// Lets somebody do something now, and waits until the account was told.
pub async fn act(room: &Room, person: usize, deed: Deed) -> Result<Delivered, Refusal> {
    let parcel = room.platform().act(person, deed, room.clock.platform())?;
    Ok(callback::deliver(room, parcel).await)
}

async fn carry(room: Arc<Room>, mut errands: mpsc::UnboundedReceiver<Errand>) {
    while let Some(errand) = errands.recv().await {
        let (parcel, done) = match errand {
            Errand::Tell(parcel, done) => (parcel, done),
            Errand::Reached(sender) => {
                drop(sender);
                continue;
            }
        };
        if room.faults().reordered {
            // Whoever is overtaken must not hold up the one who overtakes.
            let room = room.clone();
            tokio::spawn(async move {
                callback::deliver(&room, parcel).await;
                drop(done);
            });
            // Things that are told in the same moment would all be two by two; a breath keeps their order otherwise.
            tokio::task::yield_now().await;
        } else {
            callback::deliver(&room, parcel).await;
        }
    }
}

/// Lets the story go on by itself while its clock runs.
async fn live(room: Arc<Room>) {
    loop {
        let next = room.crowd().next();
        let wait = next.and_then(|at| room.clock.wait(at));
        match wait {
            None => room.bell.notified().await,
            Some(wait) => {
                tokio::select! {
                    () = room.bell.notified() => {}
                    () = tokio::time::sleep(wait) => {
                        let mut steps = 0;
                        while room.step(room.clock.now(), None).is_some() {
                            steps += 1;
                            if steps % BREATH == 0 {
                                room.settle().await;
                            }
                        }
                    }
                }
            }
        }
    }
}
