//! Adding events.

use jmap_core::{Client, CreationId, Error, Id, Map, MethodName, Operation, SetResponse, Version};
use jscalendar::{Diagnostics, Event};

use crate::settle::{is_other_dialect, other, settling};
use crate::{
    Calendar, CalendarEvent, CalendarsExt, EventCondition, QueryEvents, SetEvents, StoredEvent,
};
use crate::{EventProperty, GetEvents};

/// An identifier that nothing else has.
pub(crate) fn new_uid() -> String {
    uuid::Uuid::new_v4().to_string()
}

pub(super) async fn one(
    client: &Client,
    mut event: CalendarEvent,
    invite: bool,
) -> Result<StoredEvent, Error> {
    complete(client, [&mut event]).await?;
    check(&event)?;
    let added = settling(client, move |client| {
        let (client, event) = (client.clone(), event.clone());
        Operation::new(async move {
            let (event, diagnostics) = in_version(event, client.version::<CalendarEvent>());
            let creation = CreationId::any("k1");
            let mut set = SetEvents::new();
            set.send_scheduling_messages = Some(invite);
            set.set.create(creation.clone(), event);
            let mut response = client.set_findable(set, find).await?;
            Ok((response.take_created(&creation)?.id, diagnostics))
        })
    });
    let (id, diagnostics) = added.await?;
    let found = client.events().get(id.clone()).await?;
    let mut stored = found.ok_or_else(|| crate::calendars::not_found(&id))?;
    stored.diagnostics = diagnostics;
    Ok(stored)
}

pub(super) async fn all(
    client: &Client,
    mut events: Vec<CalendarEvent>,
) -> Result<Vec<Result<Id<CalendarEvent>, Error>>, Error> {
    complete(client, &mut events).await?;
    let version = client.version::<CalendarEvent>();
    let results = add_once(client, &events).await?;
    if !are_refused(&results, version) {
        return Ok(results);
    }
    client.set_version::<CalendarEvent>(other(version));
    let again = add_once(client, &events).await?;
    if are_refused(&again, other(version)) {
        // It is something else that the server does not like.
        client.set_version::<CalendarEvent>(version);
        return Ok(results);
    }
    Ok(again)
}

/// Whether all of them were refused for the version that they were written in.
fn are_refused<T>(results: &[Result<T, Error>], version: Version) -> bool {
    let is_refused =
        |it: &Result<T, Error>| it.as_ref().is_err_and(|error| is_other_dialect(error, version));
    !results.is_empty() && results.iter().all(is_refused)
}

async fn add_once(
    client: &Client,
    events: &[CalendarEvent],
) -> Result<Vec<Result<Id<CalendarEvent>, Error>>, Error> {
    let version = client.version::<CalendarEvent>();
    let mut set = SetEvents::new();
    let creation = |index: usize| CreationId::any(format!("k{index}"));
    let checked: Vec<Result<(), Error>> = events.iter().map(check).collect();
    for (index, (event, checked)) in events.iter().zip(&checked).enumerate() {
        if checked.is_ok() {
            set.set.create(creation(index), in_version(event.clone(), version).0);
        }
    }
    let mut response = if set.set.is_empty() {
        SetResponse::default()
    } else {
        client.set_findable(set, find).await?
    };
    let mut result = |(index, checked): (usize, Result<(), Error>)| {
        checked?;
        Ok(response.take_created(&creation(index))?.id)
    };
    Ok(checked.into_iter().enumerate().map(&mut result).collect())
}

/// Which of these events are there already, by their `uid`.
fn find(
    client: &Client,
    events: &Map<CreationId<CalendarEvent>, CalendarEvent>,
) -> Operation<Map<CreationId<CalendarEvent>, Id<CalendarEvent>>> {
    let mut batch = client.batch();
    let mut asked = Vec::new();
    for (creation, event) in events {
        let Some(uid) = event.uid.clone() else { continue };
        let query = batch.call(QueryEvents::matching(EventCondition::default().uid(uid.clone())));
        let get = GetEvents::all().properties([EventProperty::Id, EventProperty::Uid]);
        let get = batch.call(jmap_core::Call::new(get).with("ids", query.ids()));
        asked.push((creation.clone(), uid, get));
    }
    Operation::new(async move {
        let mut found = Map::new();
        let mut responses = batch.send().await?;
        for (creation, uid, get) in asked {
            let list = responses.take(get)?.list;
            let it = list.iter().find(|event| event.uid.as_deref() == Some(&uid));
            if let Some(id) = it.and_then(|event| event.id.clone()) {
                found.insert(creation, id);
            }
        }
        Ok(found)
    })
}

/// Gives events a `uid` and a calendar where they have none, and takes away what is the server's.
async fn complete(
    client: &Client,
    events: impl IntoIterator<Item = &mut CalendarEvent>,
) -> Result<(), Error> {
    let mut default: Option<Id<Calendar>> = None;
    for event in events {
        if event.uid.as_deref().is_none_or(str::is_empty) {
            event.uid = Some(new_uid());
        }
        event.method = None;
        event.forget_server();
        if !event.calendar_ids.is_empty() {
            continue;
        }
        if default.is_none() {
            let calendar = client.calendars().default().await?;
            default = Some(calendar.as_ref().map(Id::from).ok_or_else(|| {
                unwritable("no calendar can take the event: create one, or name one")
            })?);
        }
        event.calendar_ids.extend(default.clone());
    }
    Ok(())
}

/// The event as a server of this version takes it, and what it cannot be told.
pub(crate) fn in_version(event: CalendarEvent, version: Version) -> (CalendarEvent, Diagnostics) {
    if version < Version::V2_0 {
        // It is written in these words anyway; here is only what gets lost.
        let lost = event.lost_in(version);
        return (event, lost);
    }
    let raised = event.event.into_version(version);
    (CalendarEvent { event: raised.value, ..event }, raised.diagnostics)
}

/// Says before it is sent what makes an event meaningless. What only has an odd form, as much in real calendars has, is left
/// to the server.
fn check(event: &CalendarEvent) -> Result<(), Error> {
    const CODES: &[&str] = &[
        "missing-member",
        "count-and-until",
        "instance-recurs",
        "patch-pointer",
        "patch-parent",
        "patch-overlap",
    ];
    // The server fills it in.
    let is_filled = |property: &str| property == "updated";
    let whole: Event = event.event.clone().into_version(Version::V2_0).value;
    let found = whole.validate(Version::V2_0);
    let broken = found.iter().find(|it| CODES.contains(&it.code) && !is_filled(&it.property));
    broken.map_or(Ok(()), |it| Err(unwritable(it.to_string())))
}

fn unwritable(message: impl Into<String>) -> Error {
    Error::Unwritable { method: MethodName::new("CalendarEvent", "set"), message: message.into() }
}
