//! Free and busy times: asked of the server, or told from the events that the user can see.

use jmap_core::capability::Capability;
use jmap_core::{Account, Client, Error, GetArguments, Id, QueryArguments};
use jmap_sharing::capability::{Owner, Principals};
use jmap_sharing::{Principal, PrincipalCondition, PrincipalProperty};
use jscalendar::{
    ParticipationStatus, TimeZoneId, TimeZones, UtcDateTime, busy_periods, same_address,
};

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

/// When somebody is busy; from [`CalendarsExt::free_busy`](crate::CalendarsExt::free_busy).
///
/// ```no_run
/// use jmap_calendars::{CalendarsExt, FreeBusySource};
///
/// # async fn example(client: jmap_core::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let (from, to) = ("2026-03-02T07:00:00Z".parse()?, "2026-03-02T17:00:00Z".parse()?);
/// let ann = client.free_busy("mailto:ann@example.com", from, to).await?;
/// for period in &ann.periods {
///     println!("{:?} to {:?}", period.utc_start, period.utc_end);
/// }
/// if ann.source == FreeBusySource::Events {
///     println!("and perhaps at other times, of which nobody knows here");
/// }
/// # Ok(())
/// # }
/// ```
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
    /// The events tell that the user can see: there may be others. Floating ones are taken in UTC, and those of somebody else
    /// all count: which of their calendars make them busy, only they know.
    Events,
}

pub(crate) async fn free_busy(
    client: &Client,
    who: Who,
    from: UtcDateTime,
    to: UtcDateTime,
) -> Result<FreeBusy, Error> {
    let who = resolved(client, who).await;
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
    let events = match (&who, principal) {
        (Who::Me, _) => counting(client, from, to).await?,
        (_, Some(id)) => {
            let account = account_of(client, &id).await?;
            let account = account.ok_or_else(|| crate::calendars::not_found(&id))?;
            within(&client.with_account(account), from, to).await?
        }
        (_, None) => return Err(nobody(&who)),
    };
    Ok(FreeBusy { periods: periods(&events, from, to), source: FreeBusySource::Events })
}

/// The user, by whatever name.
async fn resolved(client: &Client, who: Who) -> Who {
    let is_me = match &who {
        Who::Me => true,
        Who::Principal(id) => current_principal(client).as_ref() == Some(id),
        Who::Address(address) => Identities::of(client).await.is_ok_and(|it| it.has(address)),
    };
    if is_me { Who::Me } else { who }
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
    let mut condition = PrincipalCondition::default();
    let knows_addresses = client.session().has(Availability::URI);
    if knows_addresses {
        condition.calendar_address = Some(address.to_owned());
    } else if let Some((scheme, mail)) = address.split_once(':')
        && scheme.eq_ignore_ascii_case("mailto")
    {
        condition.email = Some(mail.to_owned());
    } else {
        return Ok(None);
    }
    let mut batch = client.with_account(client.account_for(Principals::URI)?).batch();
    if knows_addresses {
        batch.using(Availability::URI);
    }
    let query = batch.query(QueryArguments::<Principal>::matching(condition));
    let get = batch.get(query.ids());
    let mut responses = batch.send().await?;
    responses.take(query)?;
    let mut found = responses.take(get)?.list.into_iter();
    // A mail address that contains this one matches as well.
    let found = found.find(|principal| knows_addresses || has_address(principal, address));
    Ok(found.and_then(|principal| principal.id))
}

fn has_address(principal: &Principal, address: &str) -> bool {
    let mail = principal.email.as_ref().map(|email| format!("mailto:{email}"));
    let calendar = PrincipalCalendars::of(principal).calendar_address;
    mail.iter().chain(&calendar).any(|own| same_address(own, address))
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

/// The events of an account in a time.
async fn within(
    client: &Client,
    from: UtcDateTime,
    to: UtcDateTime,
) -> Result<Vec<StoredEvent>, Error> {
    let Some(window) = Window::between(from, to, TimeZoneId::utc()) else { return Ok(Vec::new()) };
    client.events().search().after(window.after).before(window.before).find().await
}

/// Those that make the user busy (JMAP Calendars, section 2.2). Of other people's calendars only they know which count.
async fn counting(
    client: &Client,
    from: UtcDateTime,
    to: UtcDateTime,
) -> Result<Vec<StoredEvent>, Error> {
    let client = client.with_account(client.account_for(Calendars::URI)?);
    let calendars = client.calendars().list().await?;
    let identities = Identities::of(&client).await?;
    let mut events = within(&client, from, to).await?;
    events.retain(|event| counts(event, &calendars, &identities));
    Ok(events)
}

fn periods(events: &[StoredEvent], from: UtcDateTime, to: UtcDateTime) -> Vec<BusyPeriod> {
    let events = events.iter().map(|stored| &stored.event.event);
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
    merge(busy.periods.iter().map(period))
}

/// Whether an event counts, by what the user wants of one of its calendars.
fn counts(event: &StoredEvent, calendars: &[Calendar], identities: &Identities) -> bool {
    use IncludeInAvailability as Include;
    let attends = || {
        let status = identities.participant(event).and_then(|it| it.participation_status.as_ref());
        matches!(status, Some(ParticipationStatus::Accepted | ParticipationStatus::Tentative))
    };
    let of_event = |calendar: &&Calendar| {
        let is_in = |id: &Id<Calendar>| event.calendar_ids.contains(id.as_str());
        calendar.is_subscribed != Some(false) && calendar.id.as_ref().is_some_and(is_in)
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
