//! Sending changes to an event, and fetching what became of it.

use jmap_core::{CreationId, Error, Id, Operation};

use jscalendar::Diagnostics;

use super::StoredEvent;
use crate::events::in_version;
use crate::settle::settling;
use crate::{CalendarEvent, GetEvents};

/// What is to be sent.
#[derive(Clone, Debug)]
pub(super) struct Send {
    /// The event as it shall be.
    pub(super) after: CalendarEvent,
    /// What the server cannot be told of the change.
    pub(super) lost: Diagnostics,
    /// An event that comes beside.
    pub(super) create: Option<CalendarEvent>,
}

impl Send {
    pub(super) fn of(after: CalendarEvent) -> Self {
        Self { after, lost: Diagnostics::default(), create: None }
    }
}

impl StoredEvent {
    /// Sends changes, and fetches the event in the same round trip; the one that came beside, if there is one.
    pub(super) fn send(&self, send: Result<Send, Error>) -> Operation<Self> {
        let stored = self.clone();
        let send = match send {
            Ok(send) => send,
            Err(error) => return Operation::new(async move { Err(error) }),
        };
        settling(self.client(), move |_| {
            let (stored, send) = (stored.clone(), send.clone());
            Operation::new(async move { stored.set_and_get(send).await })
        })
    }

    async fn set_and_get(&self, send: Send) -> Result<Self, Error> {
        let mut lost = send.lost;
        // A change that was made in words of 2.0 may have to go out in others.
        lost.append(send.after.lost_in(self.version()));
        let found = match send.create {
            None => self.update(&send.after, self.id()).await?,
            Some(following) => self.split(&send.after, following).await?,
        };
        Ok(Self { diagnostics: lost, ..found })
    }

    /// Ends the event, and creates the one that goes on from there, which comes back.
    ///
    /// A server does one and refuses the other if it likes. So what follows comes first: nothing is lost then.
    async fn split(&self, after: &CalendarEvent, following: CalendarEvent) -> Result<Self, Error> {
        let creation = CreationId::any("following");
        let mut arguments = self.arguments();
        arguments.set.create(creation.clone(), in_version(following, self.version()).0);
        let mut set = self.client().call(arguments).await?;
        let id = set.take_created(&creation)?.id;
        let careful = Self { state: set.new_state, ..self.clone() };
        let result = careful.update(after, id.clone()).await;
        if result.as_ref().is_err_and(is_refusal) {
            let mut undo = self.arguments();
            undo.set.if_in_state = None;
            undo.set.destroy(id);
            // Whether or not it can be taken back, the refusal is what the caller has to know.
            let _ = self.client().call(undo).await;
        }
        result
    }

    /// Sends what turns the event into `after`, and fetches the event `wanted` in the same round trip.
    async fn update(
        &self,
        after: &CalendarEvent,
        wanted: Id<CalendarEvent>,
    ) -> Result<Self, Error> {
        let id = self.id();
        let patch = self.patch_to(after);
        if patch.is_empty() && wanted == id {
            return Ok(self.clone());
        }
        let mut arguments = self.arguments();
        arguments.set.update(id.clone(), patch);
        let mut batch = self.client().batch();
        let set = batch.call(arguments);
        let get = batch.call(GetEvents::of([wanted.clone()]));
        let mut responses = batch.send().await?;
        responses.take(set)?.take_updated(&id)?;
        let mut get = responses.take(get)?;
        let state = get.state.take();
        let found = get.list.into_iter().next();
        let found = found.ok_or_else(|| crate::calendars::not_found(&wanted))?;
        Ok(self.now(Self::new(self.client(), found, state)))
    }
}

/// Whether the server did nothing, and said so.
fn is_refusal(error: &Error) -> bool {
    matches!(error, Error::Set { .. }) || error.is_state_mismatch()
}
