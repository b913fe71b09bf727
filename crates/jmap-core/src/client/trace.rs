//! What a request tells those who listen ([`tracing`]): sizes and times, and nothing of the content.

use std::time::{Duration, SystemTime};

use tracing::{Span, debug_span, field};

use crate::{Request, Response};

/// The spans of a request: one for it, and in that one for each call.
pub(super) struct Trace {
    request: Span,
    calls: Vec<Span>,
    begun: SystemTime,
}

impl Trace {
    pub(super) fn new(request: &Request, size: usize, now: SystemTime) -> Self {
        let span = debug_span!(
            "jmap.request",
            calls = request.method_calls.len(),
            sent = size,
            ms = field::Empty
        );
        let calls = request.method_calls.iter().map(|call| {
            debug_span!(
                parent: &span,
                "jmap.call",
                method = %call.name,
                sent = call.arguments.as_str().len(),
                received = field::Empty,
                failed = field::Empty,
            )
        });
        let calls = calls.collect();
        Self { request: span, calls, begun: now }
    }

    /// The span of the request.
    pub(super) fn span(&self) -> Span {
        self.request.clone()
    }

    /// Takes note of what came.
    pub(super) fn end(self, request: &Request, response: &Response, now: SystemTime) {
        let time: Duration = now.duration_since(self.begun).unwrap_or_default();
        self.request.record("ms", u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
        for (call, span) in request.method_calls.iter().zip(&self.calls) {
            let of_call = response.method_responses.iter().filter(|it| it.call_id == call.call_id);
            let (mut received, mut failed) = (0, true);
            for response in of_call {
                received += response.arguments.as_str().len();
                failed = response.name == "error";
            }
            span.record("received", received);
            span.record("failed", failed);
        }
    }
}
