//! [`CalendarsExt`]: what people do with calendars, for a [`Client`].

use jmap_core::{Client, GetArguments, Operation};

use crate::free_busy::{FreeBusy, Who, free_busy};
use crate::{Calendars, Events, ParticipantIdentity};
use jscalendar::UtcDateTime;

/// What people do with calendars, in few calls.
///
/// ```no_run
/// use jmap_calendars::CalendarsExt;
/// use jscalendar::{Event, ParticipationStatus};
///
/// # async fn example(client: jmap_core::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let team = client.calendars().create("Team").await?;
///
/// let mut lunch = Event::new("", "2026-03-02T12:30:00".parse()?);
/// lunch.title = Some("Lunch".to_owned());
/// lunch.time_zone = Some("Europe/Berlin".parse()?);
/// let lunch = client.events().add_to(&team, lunch).await?;
/// lunch.edit(|event| event.title = Some("Lunch with Ann".to_owned())).await?;
///
/// if let Some(invitation) = client.events().by_uid("planning@example.com").await? {
///     invitation.respond(ParticipationStatus::Accepted).await?;
/// }
/// # Ok(())
/// # }
/// ```
///
/// All of it is done in the account of the client, or else the primary one for calendars.
pub trait CalendarsExt {
    /// The calendars.
    fn calendars(&self) -> Calendars;

    /// The events.
    fn events(&self) -> Events;

    /// As whom the user takes part in events.
    ///
    /// # Errors
    ///
    /// Those of the call.
    fn participant_identities(&self) -> Operation<Vec<ParticipantIdentity>>;

    /// When somebody is busy, from one moment to another one: the user, a principal, or whoever has a calendar address.
    ///
    /// Servers are asked that have `Principal/getAvailability`. Otherwise the events are looked at that the user can see,
    /// which may be less: [`FreeBusy::source`] says which it was.
    ///
    /// # Errors
    ///
    /// Those of the calls; [`is_not_found`](jmap_core::Error::is_not_found) if there is no such principal.
    fn free_busy(
        &self,
        who: impl Into<Who>,
        from: UtcDateTime,
        to: UtcDateTime,
    ) -> Operation<FreeBusy>;
}

impl CalendarsExt for Client {
    fn calendars(&self) -> Calendars {
        Calendars::new(self.clone())
    }

    fn events(&self) -> Events {
        Events::new(self.clone())
    }

    fn participant_identities(&self) -> Operation<Vec<ParticipantIdentity>> {
        let all = self.get(GetArguments::<ParticipantIdentity>::all());
        Operation::new(async move { Ok(all.await?.list.objects) })
    }

    fn free_busy(
        &self,
        who: impl Into<Who>,
        from: UtcDateTime,
        to: UtcDateTime,
    ) -> Operation<FreeBusy> {
        let (client, who) = (self.clone(), who.into());
        Operation::new(async move { free_busy(&client, who, from, to).await })
    }
}
