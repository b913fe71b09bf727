//! Those who take part in an event: answering and inviting.

use jmap_core::{Error, Operation};
use jscalendar::{Event, LocalDateTime, Participant, ParticipationStatus, Role};

use super::StoredEvent;
use crate::identities::Identities;

impl StoredEvent {
    /// Answers an invitation to the event, with all its occurrences, as the participant that the user is. The organizer
    /// is told.
    ///
    /// # Errors
    ///
    /// [`Error::Unwritable`] if none of the participants is the user; those of [`edit`](Self::edit).
    pub fn respond(&self, status: ParticipationStatus) -> Operation<Self> {
        let stored = self.clone();
        Operation::new(async move {
            let address = stored.own_address(&stored.event.event).await?;
            stored
                .edit(|event| {
                    event.respond(&address, status);
                })
                .await
        })
    }

    /// Answers an invitation to one occurrence, known by its recurrence id, also where the user was invited to that one only.
    ///
    /// # Errors
    ///
    /// Those of [`respond`](Self::respond) and [`edit_occurrence`](Self::edit_occurrence).
    pub fn respond_occurrence(
        &self,
        recurrence_id: LocalDateTime,
        status: ParticipationStatus,
    ) -> Operation<Self> {
        let stored = self.clone();
        Operation::new(async move {
            let address = stored.own_address(&stored.occurrence(recurrence_id)?).await?;
            stored
                .edit_occurrence(recurrence_id, |event| {
                    event.respond(&address, status);
                })
                .await
        })
    }

    /// Invites people by their calendar addresses, such as `mailto:ann@example.com`. Who is there already stays as they
    /// are. An event without an organizer gets the user as its organizer.
    ///
    /// # Errors
    ///
    /// Those of [`edit`](Self::edit); [`Error::Unwritable`] if the user has no address to invite from.
    pub fn invite<A: Into<String>>(
        &self,
        addresses: impl IntoIterator<Item = A>,
    ) -> Operation<Self> {
        let stored = self.clone();
        let addresses: Vec<String> = addresses.into_iter().map(Into::into).collect();
        Operation::new(async move {
            let organizer = match &stored.event.organizer_calendar_address {
                Some(_) => None,
                None => Some(stored.organizer().await?),
            };
            stored
                .edit(|event| {
                    if let Some(organizer) = organizer {
                        event.organizer_calendar_address = organizer.calendar_address.clone();
                        event.add_participant(organizer);
                    }
                    for address in addresses {
                        event.add_participant(invited(address));
                    }
                })
                .await
        })
    }

    /// The participant that the user is, if there is one, by the identities of the account.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub fn own_participation(&self) -> Operation<Option<Participant>> {
        let stored = self.clone();
        Operation::new(async move {
            let identities = Identities::of(stored.client()).await?;
            Ok(identities.participant(&stored.event.event).cloned())
        })
    }

    async fn own_address(&self, event: &Event) -> Result<String, Error> {
        let identities = Identities::of(self.client()).await?;
        let address = identities.participant(event).and_then(|it| it.calendar_address.clone());
        address.ok_or_else(|| self.unwritable("none of the participants is the user"))
    }

    async fn organizer(&self) -> Result<Participant, Error> {
        let identities = Identities::of(self.client()).await?;
        let identity = identities.default().ok_or_else(|| {
            self.unwritable("the user has no identity to invite from: name the organizer")
        })?;
        let mut organizer = Participant::new(identity.calendar_address.clone().unwrap_or_default());
        organizer.name = identity.name.clone().filter(|name| !name.is_empty());
        organizer.participation_status = Some(ParticipationStatus::Accepted);
        organizer.roles.insert(Role::Owner);
        Ok(organizer)
    }
}

/// Somebody who is asked to come.
fn invited(address: String) -> Participant {
    let mut participant = Participant::new(address);
    participant.expect_reply = Some(true);
    participant
}
