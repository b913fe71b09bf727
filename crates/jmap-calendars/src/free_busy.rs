//! Free and busy times: asked of the server, or told from the events that the user can see.

use jmap_core::capability::Capability;
use jmap_core::{Account, Client, Error, GetArguments, Id, QueryArguments};
use jmap_sharing::capability::{Owner, Principals};
use jmap_sharing::{Principal, PrincipalCondition, PrincipalProperty};
use jscalendar::{ParticipationStatus, TimeZoneId, TimeZones, UtcDateTime, busy_periods};

use crate::capability::{Availability, Calendars, PrincipalCalendars};
use crate::identities::Identities;
use crate::{
    BusyPeriod, BusyStatus, Calendar, CalendarsExt, Dialect, GetAvailability,
    IncludeInAvailability, StoredEvent, Window, merge,
};

/// Whom a question about free and busy times is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Who {
    /// The user.
    Me,
    /// A principal.
    Principal(Id<Principal>),
    /// Whoever has this calendar address, such as `mailto:ann@example.com`.
    Address(String),
}

impl From<Id<Principal>> for Who {
    fn from(id: Id<Principal>) -> Self {
        Self::Principal(id)
    }
}

/// A calendar address.
impl From<&str> for Who {
    fn from(address: &str) -> Self {
        Self::Address(address.to_owned())
    }
}

/// When somebody is busy.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FreeBusy {
    /// The times, in their order, put together as [`merge`] does.
    pub periods: Vec<BusyPeriod>,
    /// From where they are known.
    pub source: FreeBusySource,
}

/// From where it is known when somebody is busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FreeBusySource {
    /// The server told (`Principal/getAvailability`).
    Server,
    /// The events tell that the user can see; there may be others.
    Events,
}

pub(crate) async fn free_busy(
    client: &Client,
    who: Who,
    from: UtcDateTime,
    to: UtcDateTime,
) -> Result<FreeBusy, Error> {
    let principal = match &who {
        Who::Me => current_principal(client),
        Who::Principal(id) => Some(id.clone()),
        Who::Address(address) => by_address(client, address).await?,
    };
    if let Some(id) = &principal {
        match ask(client, id.clone(), from, to).await {
            Err(error) if error.is_unsupported() => {}
            answer => {
                let periods = answer?;
                return Ok(FreeBusy { periods, source: FreeBusySource::Server });
            }
        }
    }
    let account = match (&who, principal) {
        (Who::Me, _) => client.account_for(Calendars::URI)?,
        (_, Some(id)) => {
            account_of(client, &id).await?.ok_or_else(|| crate::calendars::not_found(&id))?
        }
        (_, None) => return Err(nobody(&who)),
    };
    let periods = of_events(&client.with_account(account), from, to).await?;
    Ok(FreeBusy { periods, source: FreeBusySource::Events })
}

async fn ask(
    client: &Client,
    id: Id<Principal>,
    from: UtcDateTime,
    to: UtcDateTime,
) -> Result<Vec<BusyPeriod>, Error> {
    // The account of the client is one of calendars; the principals are elsewhere.
    let mut batch = client.with_account(client.account_for(Principals::URI)?).batch();
    if Dialect::of(&client.session()).forces() {
        batch.force();
    }
    let asked = batch.call(GetAvailability::of(id, from, to));
    Ok(merge(batch.send().await?.take(asked)?.list))
}

/// The principal that the user is.
fn current_principal(client: &Client) -> Option<Id<Principal>> {
    let session = client.session();
    let account = session.account(&client.account_for(Principals::URI).ok()?)?;
    account.capability::<Principals>()?.current_user_principal_id
}

/// The principal with this calendar address. `None` if nobody has it, or nobody can tell.
async fn by_address(client: &Client, address: &str) -> Result<Option<Id<Principal>>, Error> {
    let is_mine = |identities: &Identities| identities.has(address);
    if Identities::of(client).await.as_ref().is_ok_and(is_mine) {
        return Ok(current_principal(client));
    }
    let mut condition = PrincipalCondition::default();
    let mail = address.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    match mail {
        _ if client.session().has(Availability::URI) => {
            condition.calendar_address = Some(address.to_owned());
        }
        Some(scheme) => condition.email = Some(address[scheme.len()..].to_owned()),
        None => return Ok(None),
    }
    let principals = client.with_account(client.account_for(Principals::URI)?);
    let mut batch = principals.batch();
    if condition.calendar_address.is_some() {
        batch.using(Availability::URI);
    }
    let query = batch.query(QueryArguments::<Principal>::matching(condition));
    Ok(batch.send().await?.take(query)?.ids.into_iter().next())
}

/// The account with the calendars of a principal: one of the session, or one that the principal names.
async fn account_of(client: &Client, id: &Id<Principal>) -> Result<Option<Id<Account>>, Error> {
    let session = client.session();
    let is_owned = |account: &Account| {
        account.capability::<Owner>().is_some_and(|owner| owner.principal_id.as_ref() == Some(id))
    };
    if let Some((id, _)) = session.accounts_with(Calendars::URI).find(|(_, it)| is_owned(it)) {
        return Ok(Some(id.clone()));
    }
    let get = GetArguments::of([id.clone()]).properties([
        PrincipalProperty::Id,
        PrincipalProperty::Capabilities,
        PrincipalProperty::Accounts,
    ]);
    let principals = client.with_account(client.account_for(Principals::URI)?);
    let found = principals.get(get).await?.list.into_iter().next();
    Ok(found.and_then(|principal| PrincipalCalendars::of(&principal).account_id))
}

/// When the events of an account make somebody busy (JMAP Calendars, section 2.2).
async fn of_events(
    client: &Client,
    from: UtcDateTime,
    to: UtcDateTime,
) -> Result<Vec<BusyPeriod>, Error> {
    let calendars = client.calendars().list().await?;
    let identities = Identities::of(client).await?;
    let window = Window::between(from, to, TimeZoneId::utc());
    let found = match window {
        Some(Window { after, before, .. }) => {
            client.events().search().after(after).before(before).find().await?
        }
        None => Vec::new(),
    };
    let counting = found.iter().filter(|event| counts(event, &calendars, &identities));
    let events = counting.map(|stored| &stored.event.event);
    let busy = busy_periods(events, from, to, &TimeZones::new(), None);
    let period = |period: &jscalendar::BusyPeriod| BusyPeriod {
        utc_start: Some(period.start),
        utc_end: Some(period.end),
        busy_status: Some(if period.is_tentative {
            BusyStatus::Tentative
        } else {
            BusyStatus::Confirmed
        }),
        ..BusyPeriod::default()
    };
    Ok(merge(busy.periods.iter().map(period)))
}

/// Whether an event counts, by what the user wants of one of its calendars.
fn counts(event: &StoredEvent, calendars: &[Calendar], identities: &Identities) -> bool {
    use IncludeInAvailability as Include;
    let attends = || {
        let status = identities.participant(event).and_then(|it| it.participation_status.as_ref());
        matches!(status, Some(ParticipationStatus::Accepted | ParticipationStatus::Tentative))
    };
    let of_event = |calendar: &&Calendar| {
        calendar.id.as_ref().is_some_and(|id| event.calendar_ids.contains(id.as_str()))
    };
    calendars.iter().filter(of_event).any(|calendar| {
        match calendar.include_in_availability.as_ref() {
            Some(Include::None) => false,
            Some(Include::Attending) => attends(),
            _ => true,
        }
    })
}

fn nobody(who: &Who) -> Error {
    let id = match who {
        Who::Address(address) => Id::<Principal>::any(address.as_str()),
        Who::Principal(id) => id.clone(),
        Who::Me => Id::any(""),
    };
    crate::calendars::not_found(&id)
}
