//! [`Retry`]: whether and when something is tried again.

use std::time::Duration;

use crate::Error;

/// How often a client tries, and how long it waits in between.
///
/// Only what is safe is tried again: calls that change nothing, changes that name the state that they change
/// (`ifInState`), and anything that was not even sent, or that the server refused for now (429), uploads among them, if
/// their body can be had again ([`Upload::from_source`](super::Upload::from_source)). The waits double, up
/// to `longest`; when the server says how long to wait, that counts.
///
/// A change with `ifInState` that was done, and whose answer got lost, fails the second time: that somebody changed
/// something in between ([`Error::is_state_mismatch`]) may then mean oneself.
///
/// ```
/// use std::time::Duration;
/// use jmap_core::client::Retry;
///
/// let never = Retry::never();
/// let patient = Retry { attempts: 10, longest: Duration::from_secs(600), ..Retry::default() };
/// # let _ = (never, patient);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "to be written with `..Retry::default()`")]
pub struct Retry {
    /// How often in all; 1 is once and no more.
    pub attempts: u32,
    /// The first wait.
    pub first: Duration,
    /// The longest wait. When a server wants longer, its answer is returned as an error instead.
    pub longest: Duration,
}

impl Default for Retry {
    /// Four times within about two seconds; up to a minute's wait when the server wants it.
    fn default() -> Self {
        Self { attempts: 4, first: Duration::from_millis(250), longest: Duration::from_secs(60) }
    }
}

impl Retry {
    /// Once and no more.
    pub fn never() -> Self {
        Self { attempts: 1, ..Self::default() }
    }

    /// How long to wait before the next attempt, after `attempts` failed; `None` if there is none. `spread` is a number
    /// from 0 to 1 that keeps clients from coming back all at once.
    pub(crate) fn wait(
        &self,
        attempts: u32,
        error: &Error,
        repeat: Repeat,
        spread: f64,
    ) -> Option<Duration> {
        if attempts >= self.attempts || !error.is_retryable() || !repeat.allows(error) {
            return None;
        }
        if let Some(wait) = error.retry_after() {
            return (wait <= self.longest).then_some(wait);
        }
        let doubled = self.first.saturating_mul(1 << (attempts - 1).min(16));
        Some(doubled.min(self.longest).mul_f64(0.5 + spread.clamp(0.0, 1.0) / 2.0))
    }
}

/// After which failures something may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// None: it cannot be sent twice, or whoever asks does it.
    Never,
    /// Those after which it is sure that the server did nothing.
    IfUndone,
    /// All that may pass: to do it twice does no harm.
    Always,
}

impl Repeat {
    /// Of what does no harm when it is done twice, or may do some.
    pub(crate) fn when_safe(is_safe: bool) -> Self {
        if is_safe { Self::Always } else { Self::IfUndone }
    }

    fn allows(self, error: &Error) -> bool {
        match self {
            Self::Never => false,
            Self::IfUndone => was_not_done(error),
            Self::Always => true,
        }
    }
}

/// Whether it is sure that the server did nothing.
fn was_not_done(error: &Error) -> bool {
    match error {
        Error::Transport(error) => error.is_connect(),
        _ => error.is_rate_limited(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::HttpError;
    use crate::transport::TransportError;

    fn status(code: u16, retry_after: Option<u64>) -> Error {
        let status = http::StatusCode::from_u16(code).unwrap();
        let retry_after = retry_after.map(Duration::from_secs);
        Error::Status(HttpError { retry_after, ..HttpError::new(status) })
    }

    #[test]
    fn only_what_is_safe() {
        let retry = Retry::default();
        let wait = |error: &Error, is_safe| {
            retry.wait(1, error, Repeat::when_safe(is_safe), 1.0).is_some()
        };
        assert!(wait(&status(503, None), true));
        assert!(!wait(&status(503, None), false));
        assert!(wait(&status(429, None), false));
        assert!(!wait(&status(500, None), true));
        let broken = Error::Transport(TransportError::broken("reset", "reset"));
        let refused = Error::Transport(TransportError::connect("refused", "refused"));
        assert!(wait(&broken, true) && !wait(&broken, false));
        assert!(wait(&refused, false));
        assert_eq!(retry.wait(1, &refused, Repeat::Never, 1.0), None);
    }

    #[test]
    fn waits_double_unless_the_server_says() {
        let retry = Retry { longest: Duration::from_secs(1), attempts: 9, ..Retry::default() };
        let wait = |attempts, error: &Error| retry.wait(attempts, error, Repeat::Always, 1.0);
        let busy = status(503, None);
        let waits: Vec<_> = (1..=4).map(|n| wait(n, &busy).unwrap().as_millis()).collect();
        assert_eq!(waits, [250, 500, 1000, 1000]);
        assert_eq!(wait(9, &busy), None);
        assert_eq!(wait(1, &status(503, Some(1))), Some(Duration::from_secs(1)));
        assert_eq!(wait(1, &status(429, Some(2))), None);
    }
}
