//! Free and busy times: asked of the server, or told from the events that the user can see.

mod by_events;

use jmap_core::capability::Capability;
use jmap_core::{Account, Client, Error, GetArguments, Id, QueryArguments};
use jmap_sharing::capability::{Owner, Principals};
use jmap_sharing::{Principal, PrincipalCondition, PrincipalProperty};
use jscalendar::{TimeZoneId, UtcDateTime, same_address};

use self::by_events::Subject;
use crate::capability::{Availability, Calendars, PrincipalCalendars};
use crate::identities::Identities;
use crate::{BusyPeriod, Dialect, GetAvailability, merge};

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
    /// The events tell that the user can see, by the same rules: there may be others. Those of somebody else all count: which
    /// of their calendars make them busy, only they know. Floating ones are taken in the time zone of their calendar, of the
    /// principal, or in UTC.
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
        Who::Address(address) => Some(by_address(client, address).await?),
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
    let subject = match (who, principal) {
        (Who::Principal(_) | Who::Address(_), Some(id)) => other(client, &id).await?,
        (_, id) => user(client, id).await?,
    };
    let periods = subject.periods(from, to).await?;
    Ok(FreeBusy { periods, source: FreeBusySource::Events })
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

/// The principal with this calendar address.
async fn by_address(client: &Client, address: &str) -> Result<Id<Principal>, Error> {
    let mut condition = PrincipalCondition::default();
    let knows_addresses = client.session().has(Availability::URI);
    if knows_addresses {
        condition.calendar_address = Some(address.to_owned());
    } else if let Some((scheme, mail)) = address.split_once(':')
        && scheme.eq_ignore_ascii_case("mailto")
    {
        condition.email = Some(mail.to_owned());
    } else {
        // Nobody can tell.
        return Err(nobody(address));
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
    let found = found.find(|principal| {
        knows_addresses || addresses(principal).any(|own| same_address(&own, address))
    });
    found.and_then(|principal| principal.id).ok_or_else(|| nobody(address))
}

/// The user, and what is known of them.
async fn user(client: &Client, principal: Option<Id<Principal>>) -> Result<Subject, Error> {
    let client = client.with_account(client.account_for(Calendars::URI)?);
    let identities = Identities::of(&client).await?;
    let principal = match principal {
        Some(id) => known(&client, &id).await?,
        None => None,
    };
    let time_zone = principal.as_ref().and_then(time_zone);
    Ok(Subject { client, identities, is_user: true, time_zone })
}

/// Somebody else, and what is known of them.
async fn other(client: &Client, id: &Id<Principal>) -> Result<Subject, Error> {
    let principal = known(client, id).await?.unwrap_or_default();
    let account = owned(client, id).or_else(|| PrincipalCalendars::of(&principal).account_id);
    let account = account.ok_or_else(|| crate::calendars::not_found(id))?;
    Ok(Subject {
        client: client.with_account(account),
        identities: addresses(&principal).collect(),
        is_user: false,
        time_zone: time_zone(&principal),
    })
}

/// A principal; `None` if the server has none, or not this one.
async fn known(client: &Client, id: &Id<Principal>) -> Result<Option<Principal>, Error> {
    let get = GetArguments::of([id.clone()]).properties([
        PrincipalProperty::Id,
        PrincipalProperty::Email,
        PrincipalProperty::TimeZone,
        PrincipalProperty::Capabilities,
        PrincipalProperty::Accounts,
    ]);
    let principals = client.with_account(client.account_for(Principals::URI)?);
    match principals.get(get).await {
        Ok(found) => Ok(found.list.into_iter().next()),
        Err(error) if error.is_unsupported() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The account of the session with the calendars of a principal.
fn owned(client: &Client, id: &Id<Principal>) -> Option<Id<Account>> {
    let session = client.session();
    let is_owned = |account: &Account| {
        account.capability::<Owner>().is_some_and(|owner| owner.principal_id.as_ref() == Some(id))
    };
    let mut accounts = session.accounts_with(Calendars::URI);
    accounts.find(|(_, account)| is_owned(account)).map(|(id, _)| id.clone())
}

/// Where a principal is.
fn time_zone(principal: &Principal) -> Option<TimeZoneId> {
    principal.time_zone.as_ref()?.parse().ok()
}

/// The calendar addresses of a principal.
fn addresses(principal: &Principal) -> impl Iterator<Item = String> {
    let mail = principal.email.as_ref().map(|email| format!("mailto:{email}"));
    mail.into_iter().chain(PrincipalCalendars::of(principal).calendar_address)
}

fn nobody(address: &str) -> Error {
    crate::calendars::not_found(&Id::<Principal>::any(address))
}
