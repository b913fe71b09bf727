//! [`Lanes`]: threads for what waits for the file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use tokio::sync::oneshot;

/// How many read at a time.
const READERS: usize = 4;

/// One thread that writes and some that read; they are there once they have something to do, and end with this.
#[derive(Default)]
pub(super) struct Lanes {
    writer: OnceLock<Lane>,
    readers: OnceLock<Lane>,
}

/// What waits for the threads of a lane.
struct Lane(Sender<Job>);

type Job = Box<dyn FnOnce() + Send>;

impl Lanes {
    /// Does some work, unless nobody waits for it any longer when its turn has come; `None` if it panicked, or there is no
    /// thread for it.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        reads_only: bool,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let lane = match reads_only {
            true => self.readers.get_or_init(|| Lane::start("jmap-read", READERS)),
            false => self.writer.get_or_init(|| Lane::start("jmap-write", 1)),
        };
        let (sender, done) = oneshot::channel();
        let job: Job = Box::new(move || {
            if !sender.is_closed() {
                // Whoever waited may be gone meanwhile.
                let _ = sender.send(work());
            }
        });
        lane.0.send(job).ok()?;
        done.await.ok()
    }
}

impl Lane {
    fn start(name: &str, threads: usize) -> Self {
        let (sender, jobs) = mpsc::channel();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..threads {
            let jobs = Arc::clone(&jobs);
            // Where there are no threads to be had at all, nobody takes the jobs, and whoever waits is told so.
            let _ = thread::Builder::new().name(name.to_owned()).spawn(move || work(&jobs));
        }
        Self(sender)
    }
}

/// Does one job after the other, until there are no more to come.
fn work(jobs: &Mutex<Receiver<Job>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // Whoever waits for it hears of a panic by the end of the channel; the next job has nothing to do with it.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}
