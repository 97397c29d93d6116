//! The few threads that hash.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
    time::Duration,
};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use tokio::sync::oneshot;

use super::memory::Memory;
use crate::db::Fault;

type Work = Box<dyn FnOnce(&mut Memory) + Send>;

/// How much less urgent to the system than whatever answers requests: they go on while a flood of passwords is
/// checked on the same cores.
const NICENESS: i32 = 10;
/// How long a thread without work keeps its memory.
const KEEPS_MEMORY: Duration = Duration::from_secs(2);

/// Threads of their own, so that what a hash takes of memory is taken only as often as there are threads. They end when
/// the last clone is dropped.
#[derive(Clone)]
pub struct Threads(Sender<Work>);

impl Threads {
    pub fn start(many: usize) -> Result<Self, Fault> {
        let (sender, receiver) = unbounded();
        for _ in 0..many {
            let receiver = receiver.clone();
            thread::Builder::new()
                .name("hashing".to_owned())
                .spawn(move || work_off(&receiver))
                .map_err(|e| Fault::broken("starting a thread for passwords", e))?;
        }
        Ok(Self(sender))
    }

    /// Does it after what came before.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let lost = || Fault::broken("hashing a password", "the thread did not answer");
        let (answer, answered) = oneshot::channel();
        // Whoever asked may be gone before it is their turn, or before the end.
        let work = Box::new(move |memory: &mut Memory| {
            if !answer.is_closed() {
                drop(answer.send(work(memory)));
            }
        });
        self.0.send(work).map_err(|_| lost())?;
        answered.await.map_err(|_| lost())
    }
}

fn work_off(receiver: &Receiver<Work>) {
    be_less_urgent();
    let mut memory = Memory::default();
    loop {
        let work = match receiver.recv_timeout(KEEPS_MEMORY) {
            Ok(work) => work,
            Err(RecvTimeoutError::Timeout) => {
                memory = Memory::default();
                let Ok(work) = receiver.recv() else { return };
                work
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
        // A panic is told to whoever waits by the answer that never comes, and the thread goes on.
        if catch_unwind(AssertUnwindSafe(|| work(&mut memory))).is_err() {
            memory = Memory::default();
        }
    }
}

/// Linux gives each thread a niceness of its own; where that is not so, all threads stay alike.
fn be_less_urgent() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICENESS) {
        tracing::debug!(%error, "threads for passwords are as urgent as others");
    }
}
