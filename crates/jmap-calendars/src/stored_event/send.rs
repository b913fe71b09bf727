//! Sending changes to an event, and fetching what became of it.

use jmap_core::{CreationId, Error, Id, Operation};

use super::StoredEvent;
use crate::settle::settling;
use crate::{CalendarEvent, GetEvents};

/// What is to be sent.
#[derive(Clone, Debug)]
pub(super) struct Send {
    /// The event as it shall be.
    after: CalendarEvent,
    /// An event that comes beside.
    pub(super) create: Option<CalendarEvent>,
}

impl Send {
    pub(super) fn of(after: CalendarEvent) -> Self {
        Self { after, create: None }
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

    async fn set_and_get(&self, Send { after, create }: Send) -> Result<Self, Error> {
        let id = self.id();
        let creation = CreationId::any("following");
        let patch = self.patch_to(&after);
        let (updates, creates) = (!patch.is_empty(), create.is_some());
        if !updates && !creates {
            return Ok(self.clone());
        }
        let mut arguments = self.arguments();
        if updates {
            arguments.set.update(id.clone(), patch);
        }
        arguments.set.create.extend(create.map(|event| (creation.clone(), event)));

        let mut batch = self.client().batch();
        let set = batch.call(arguments);
        let get = batch.call(GetEvents::of([id.clone()]));
        let mut responses = batch.send().await?;
        let mut set = responses.take(set)?;
        if updates {
            set.take_updated(&id)?;
        }
        let found = if creates {
            let created: Id<CalendarEvent> = set.take_created(&creation)?.id;
            self.events().get(created).await?
        } else {
            let mut get = responses.take(get)?;
            let state = get.state.take();
            get.list.into_iter().next().map(|event| Self::new(self.client(), event, state))
        };
        found.map(|found| self.now(found)).ok_or_else(|| crate::calendars::not_found(&id))
    }
}
