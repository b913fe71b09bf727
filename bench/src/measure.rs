//! Measuring: all take turns within each round, so that what disturbs the machine disturbs all of them alike.

use std::hint::black_box;
use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

use crate::data::DataSet;
use crate::subject::{Contest, Subject};

/// How often everybody is measured if nobody says.
pub(crate) const ROUNDS: usize = 7;

/// A turn goes over the data until about this much is read: a few milliseconds would be mostly noise.
const TURN: usize = 10_000_000;

/// One contest on one data set.
pub(crate) struct Outcome {
    pub(crate) data: &'static str,
    pub(crate) measurement: &'static str,
    /// Texts in all, and how many of them nobody was measured on.
    pub(crate) texts: usize,
    pub(crate) not_utf8: usize,
    /// On how many texts each one failed or panicked.
    pub(crate) failures: Vec<(&'static str, usize)>,
    pub(crate) left_out: usize,
    /// Bytes of iCalendar that the measured texts have.
    pub(crate) bytes: usize,
    pub(crate) pairs: Vec<Pair>,
}

/// One of our ways beside one peer.
pub(crate) struct Pair {
    pub(crate) ours: Speed,
    pub(crate) peer: Speed,
    pub(crate) ratio: f64,
    /// The lowest and the highest ratio of a single round.
    pub(crate) spread: (f64, f64),
    pub(crate) target: f64,
}

#[derive(Clone, Copy)]
pub(crate) struct Speed {
    pub(crate) name: &'static str,
    /// Megabytes of iCalendar a second, whatever the direction: so both sides of a pair do the same work.
    pub(crate) megabytes: f64,
}

struct Runner<'s> {
    subject: &'s Subject,
    inputs: Vec<Vec<String>>,
    times: Vec<Duration>,
}

/// Runs a contest.
pub(crate) fn contest(contest: &Contest, data: &DataSet, rounds: usize) -> Outcome {
    let subjects = contest.ours.iter().chain(contest.peers.iter().map(|(subject, _)| subject));
    let mut runners: Vec<_> =
        subjects.map(|subject| Runner { subject, inputs: Vec::new(), times: Vec::new() }).collect();
    let mut failures: Vec<_> = runners.iter().map(|runner| (runner.subject.name, 0)).collect();
    let mut texts = Vec::new();

    // What anybody cannot do is left out for all. This is the warm-up as well.
    quietly(|| {
        for text in &data.texts {
            let tried: Vec<_> =
                runners.iter().map(|runner| attempt(runner.subject, text)).collect();
            for ((_, count), tried) in failures.iter_mut().zip(&tried) {
                *count += usize::from(tried.is_none());
            }
            if tried.iter().all(Option::is_some) {
                texts.push(text.as_str());
                for (runner, inputs) in runners.iter_mut().zip(tried.into_iter().flatten()) {
                    runner.inputs.extend(inputs);
                }
            }
        }
    });

    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let passes = (TURN / bytes.max(1)).max(1);
    for _ in 0..rounds {
        for runner in &mut runners {
            let time = runner.turn(&texts, passes);
            runner.times.push(time);
        }
    }

    let megabytes = (bytes * passes) as f64 / 1e6;
    let speed = |runner: &Runner<'_>| Speed {
        name: runner.subject.name,
        megabytes: megabytes / median(runner.times.iter().map(Duration::as_secs_f64)),
    };
    let (ours, peers) = runners.split_at(contest.ours.len());
    let mut pairs = Vec::new();
    for (peer, (_, target)) in peers.iter().zip(contest.peers) {
        for our in ours {
            let ratios = our.times.iter().zip(&peer.times);
            let ratios = ratios.map(|(our, peer)| peer.as_secs_f64() / our.as_secs_f64());
            pairs.push(Pair {
                ours: speed(our),
                peer: speed(peer),
                ratio: speed(our).megabytes / speed(peer).megabytes,
                spread: ratios
                    .fold((f64::MAX, 0.0), |(low, high), ratio| (ratio.min(low), ratio.max(high))),
                target: *target,
            });
        }
    }
    Outcome {
        data: data.name,
        measurement: contest.name,
        texts: data.texts.len() + data.not_utf8,
        not_utf8: data.not_utf8,
        left_out: data.texts.len() - texts.len(),
        failures,
        bytes,
        pairs,
    }
}

impl Runner<'_> {
    /// The time that all texts take, `passes` times.
    fn turn(&self, texts: &[&str], passes: usize) -> Duration {
        let start = Instant::now();
        for _ in 0..passes {
            if self.subject.prepare.is_none() {
                for text in texts {
                    let _ = black_box((self.subject.run)(black_box(text)));
                }
            }
            for input in self.inputs.iter().flatten() {
                let _ = black_box((self.subject.run)(black_box(input)));
            }
        }
        start.elapsed()
    }
}

/// What the subject's task takes for this text, if the task can be done; `Some(None)` is the text itself.
fn attempt(subject: &Subject, text: &str) -> Option<Option<Vec<String>>> {
    let attempt = || {
        let Some(prepare) = subject.prepare else {
            return (subject.run)(text).map(|_| None);
        };
        let inputs = prepare(text)?;
        for input in &inputs {
            (subject.run)(input)?;
        }
        Ok(Some(inputs))
    };
    panic::catch_unwind(AssertUnwindSafe(attempt)).ok()?.ok()
}

/// Panics of a peer are counted, not shown.
fn quietly(work: impl FnOnce()) {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    work();
    panic::set_hook(hook);
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle.wrapping_sub(1)), values.get(middle)) {
        (Some(low), Some(high)) if values.len() % 2 == 0 => (low + high) / 2.0,
        (_, Some(value)) => *value,
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_median() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), 2.5);
    }

    #[test]
    fn what_one_cannot_do_is_left_out_for_all() {
        fn length(text: &str) -> Result<usize, String> {
            Ok(text.len())
        }
        fn picky(text: &str) -> Result<usize, String> {
            assert_ne!(text, "panic", "as peers do");
            if text == "refuse" { Err(String::new()) } else { Ok(0) }
        }
        const CONTEST: Contest = Contest {
            name: "test",
            ours: &[Subject { name: "a", prepare: None, run: length }],
            peers: &[(
                Subject { name: "b", prepare: Some(|t| Ok(vec![t.to_owned()])), run: picky },
                1.0,
            )],
        };
        let texts = ["panic", "refuse", "good"].map(str::to_owned).to_vec();
        let outcome = contest(&CONTEST, &DataSet { name: "d", texts, not_utf8: 0 }, 1);
        assert_eq!((outcome.left_out, outcome.bytes), (2, 4));
        assert_eq!(outcome.failures, [("a", 0), ("b", 2)]);
    }
}
