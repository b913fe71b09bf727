//! [`Identities`]: as whom the user takes part.

use jmap_core::capability::Capability;
use jmap_core::{Client, Error, GetArguments};
use jmap_sharing::capability::Principals;
use jscalendar::{Event, Participant, same_address};

use crate::ParticipantIdentity;
use crate::capability::{Calendars, PrincipalCalendars};

/// The identities of an account, and what else is known of the user's addresses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identities(Vec<ParticipantIdentity>);

impl Identities {
    /// Asks the server for them. Where it has none, the principal of the session is asked for its address.
    pub(crate) async fn of(client: &Client) -> Result<Self, Error> {
        let all = client.get(GetArguments::<ParticipantIdentity>::all()).await;
        let mut identities = match all {
            Ok(response) => response.list.objects,
            Err(error) if error.is_unsupported() => Vec::new(),
            Err(error) => return Err(error),
        };
        identities.retain(|it| it.calendar_address.is_some());
        if identities.is_empty() {
            identities.extend(of_session(client).map(ParticipantIdentity::new));
        }
        Ok(Self(identities))
    }

    /// The participant of an event that the user is.
    pub(crate) fn participant<'e>(&self, event: &'e Event) -> Option<&'e Participant> {
        event.participants.values().find(|participant| self.0.iter().any(|it| it.is(participant)))
    }

    /// Whether the user has this calendar address.
    pub(crate) fn has(&self, address: &str) -> bool {
        let own = |it: &ParticipantIdentity| {
            it.calendar_address.as_deref().is_some_and(|own| same_address(own, address))
        };
        self.0.iter().any(own)
    }

    /// The one to invite from.
    pub(crate) fn default(&self) -> Option<&ParticipantIdentity> {
        self.0.iter().find(|it| it.is_default == Some(true)).or_else(|| self.0.first())
    }
}

/// By their addresses.
impl FromIterator<String> for Identities {
    fn from_iter<A: IntoIterator<Item = String>>(addresses: A) -> Self {
        Self(addresses.into_iter().map(ParticipantIdentity::new).collect())
    }
}

/// The address of the principal that one server has in the session.
fn of_session(client: &Client) -> Option<String> {
    let session = client.session();
    let account = session.account(&client.account_for(Calendars::URI).ok()?)?;
    let json = account.capability::<Principals>()?.extra.get(Calendars::URI)?.clone();
    let parsed = jmap_core::json_model::from_str::<PrincipalCalendars>(json.as_str()).ok()?;
    parsed.value.calendar_address
}
