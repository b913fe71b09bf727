//! Exchanges recorded on real servers: every answer reads into typed values, the values are what was stored, and for the
//! same work a client sends what these servers took.

mod difference;
mod exchange;
mod reading;
mod replay;
mod sending;

use jmap_calendars::{
    Calendar, CalendarEvent, GetAvailability, GetEvents, ParseEvents, QueryEvents, SetCalendars,
    SetEvents,
};
use jmap_core::json_model::{Diagnostic, Severity};
use jmap_core::{Batch, ChangesArguments, Error, GetArguments, Handle, Method, Responses};

use self::exchange::Exchange;

const CYRUS: [&str; 3] = ["cyrus-3.10", "cyrus-3.12", "cyrus-3.13"];
const STALWART: &str = "stalwart-0.16";

/// The handle of the call that has this index in its request.
fn handle<M: Method>(index: usize) -> Handle<M> {
    let mut batch = Batch::new();
    for _ in 0..index {
        batch.call(jmap_core::EchoArguments::default());
    }
    batch.call(M::default())
}

impl Exchange {
    /// The typed result of a call, read without a finding that is more than a note.
    fn take<M: Method>(&self, index: usize) -> Result<M::Response, Error> {
        let mut responses = Responses::new(self.calls().1);
        let parsed = responses.take_parsed::<M, M::Response>(handle::<M>(index))?;
        let is_note = |it: &Diagnostic| it.severity == Severity::Note;
        assert!(parsed.diagnostics.iter().all(is_note), "{} {:?}", self.server, parsed.diagnostics);
        Ok(parsed.value)
    }
}

type GetCalendars = GetArguments<Calendar>;
type CalendarChanges = ChangesArguments<Calendar>;
type EventChanges = ChangesArguments<CalendarEvent>;
