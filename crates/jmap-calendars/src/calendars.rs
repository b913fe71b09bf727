//! [`Calendars`]: what people do with calendars themselves.

use std::cmp::Ordering;

use jmap_core::capability::Capability;
use jmap_core::object::Object;
use jmap_core::{Client, Error, GetArguments, Id, Json, Operation, PatchObject, Version};
use jmap_sharing::{Principal, SharingExt};

use crate::capability::Preferences;
use crate::settle::settling;
use crate::{Calendar, CalendarPreferences, CalendarRights, SetCalendars};

/// The calendars of an account; from [`CalendarsExt::calendars`](crate::CalendarsExt::calendars).
///
/// ```no_run
/// use jmap_calendars::{CalendarRights, CalendarsExt};
/// use jmap_core::Id;
///
/// # async fn example(client: jmap_core::Client) -> Result<(), jmap_core::Error> {
/// let calendars = client.calendars();
/// for calendar in calendars.list().await? {
///     println!("{}", calendar.name.unwrap_or_default());
/// }
/// let team = calendars.create("Team").await?;
/// calendars.rename(&team, "The team").await?;
/// calendars.share(&team, Id::any("jane"), CalendarRights::read()).await?;
/// calendars.delete(&team).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Calendars {
    client: Client,
}

impl Calendars {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// All calendars that the user sees, in the order in which they are shown: by `sortOrder`, then by name.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub fn list(&self) -> Operation<Vec<Calendar>> {
        settling(&self.client, |client| {
            let all = client.get(known(GetArguments::all()));
            Operation::new(async move {
                let mut calendars = all.await?.list.objects;
                calendars.sort_by(order);
                Ok(calendars)
            })
        })
    }

    /// One calendar; `None` if there is none with this id.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub fn get(&self, id: impl Into<Id<Calendar>>) -> Operation<Option<Calendar>> {
        let id = id.into();
        settling(&self.client, move |client| {
            let one = client.get(known(GetArguments::of([id.clone()])));
            Operation::new(async move { Ok(one.await?.list.into_iter().next()) })
        })
    }

    /// The first calendar of this name, in the order of [`list`](Self::list).
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub fn by_name(&self, name: &str) -> Operation<Option<Calendar>> {
        let (all, name) = (self.list(), name.to_owned());
        Operation::new(async move {
            Ok(all.await?.into_iter().find(|it| it.name.as_deref() == Some(&name)))
        })
    }

    /// The calendar to which events go when nobody says where: the one that the server or the user has chosen, else the
    /// first one of the user's that can be written to. `None` if there is no such calendar.
    ///
    /// # Errors
    ///
    /// Those of the calls.
    pub fn default(&self) -> Operation<Option<Calendar>> {
        let calendars = self.clone();
        Operation::new(async move {
            let all = calendars.list().await?;
            let chosen = match all.iter().position(|calendar| calendar.is_default == Some(true)) {
                None => calendars.preferred(&all).await?,
                chosen => chosen,
            };
            let chosen = chosen.or_else(|| all.iter().position(is_writable));
            Ok(chosen.and_then(|index| all.into_iter().nth(index)))
        })
    }

    /// Creates a calendar of this name, or of all that is said: `"Team"`, or a [`Calendar`].
    ///
    /// # Errors
    ///
    /// Those of the calls, and what the server has against it.
    pub fn create(&self, calendar: impl Into<Calendar>) -> Operation<Calendar> {
        let (calendars, calendar) = (self.clone(), calendar.into());
        Operation::new(async move {
            let created = calendars.client.create(calendar).await?;
            let found = calendars.get(created.id.clone()).await?;
            // Somebody may have destroyed it since.
            Ok(found.unwrap_or_else(|| Calendar { id: Some(created.id), ..Calendar::default() }))
        })
    }

    /// Changes a calendar: sends what `change` changes, and nothing else; gives the calendar as the server has it then.
    ///
    /// # Errors
    ///
    /// Those of the calls; [`is_not_found`](Error::is_not_found) if there is no such calendar.
    pub fn edit(
        &self,
        id: impl Into<Id<Calendar>>,
        change: impl FnOnce(&mut Calendar) + Send + 'static,
    ) -> Operation<Calendar> {
        let (calendars, id) = (self.clone(), id.into());
        Operation::new(async move {
            let before = calendars.get(id.clone()).await?.ok_or_else(|| not_found(&id))?;
            let mut after = before.clone();
            change(&mut after);
            let version = calendars.client.version::<Calendar>();
            let patch = patch(&before, &after, version);
            if patch.is_empty() {
                return Ok(before);
            }
            calendars.client.update(id.clone(), patch).await?;
            calendars.get(id.clone()).await?.ok_or_else(|| not_found(&id))
        })
    }

    /// Gives a calendar another name.
    ///
    /// # Errors
    ///
    /// Those of the call, and what the server has against it.
    pub fn rename(&self, id: impl Into<Id<Calendar>>, name: impl Into<String>) -> Operation<()> {
        self.set_property(id.into(), "name", Json::from(name.into().as_str()))
    }

    /// Shows a calendar of others, or hides it.
    ///
    /// # Errors
    ///
    /// Those of the call, and what the server has against it.
    pub fn subscribe(&self, id: impl Into<Id<Calendar>>, is_subscribed: bool) -> Operation<()> {
        self.set_property(id.into(), "isSubscribed", Json::from(is_subscribed))
    }

    /// Destroys a calendar in which no events are.
    ///
    /// # Errors
    ///
    /// Those of the call; [`errors::calendar_has_event`](crate::errors::calendar_has_event) is true of the
    /// [`SetError`](jmap_core::SetError) if there are events in it.
    pub fn delete(&self, id: impl Into<Id<Calendar>>) -> Operation<()> {
        self.client.destroy(id.into())
    }

    /// Destroys a calendar, and the events that are in no other one. Nobody is told.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub fn delete_with_events(&self, id: impl Into<Id<Calendar>>) -> Operation<()> {
        let id = id.into();
        let mut set = SetCalendars { on_destroy_remove_events: Some(true), ..SetCalendars::new() };
        set.set.destroy(id.clone());
        let sent = self.client.call(set);
        Operation::new(async move { sent.await?.take_destroyed(&id) })
    }

    /// Gives somebody rights on a calendar, in place of those that they had.
    ///
    /// # Errors
    ///
    /// Those of the calls, and what the server has against it.
    pub fn share(
        &self,
        id: impl Into<Id<Calendar>>,
        with: Id<Principal>,
        rights: CalendarRights,
    ) -> Operation<()> {
        self.client.share(id.into(), with, rights)
    }

    /// Takes all rights on a calendar from somebody.
    ///
    /// # Errors
    ///
    /// Those of the calls, and what the server has against it.
    pub fn unshare(&self, id: impl Into<Id<Calendar>>, with: Id<Principal>) -> Operation<()> {
        self.client.unshare(id.into(), with)
    }

    /// Makes a calendar the one to which events go when nobody says where.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub fn set_default(&self, id: impl Into<Id<Calendar>>) -> Operation<()> {
        let id = id.into();
        if self.has_preferences() {
            let mut patch = PatchObject::new();
            patch.set("defaultCalendarId", id.as_str());
            let updated = self.client.update(CalendarPreferences::singleton(), patch);
            return Operation::new(async move { updated.await.map(|_| ()) });
        }
        let mut set = SetCalendars::new();
        set.set_default(id);
        let sent = self.client.call(set);
        Operation::new(async move { sent.await.map(|_| ()) })
    }

    /// Where the user has chosen a default calendar on a server of the 2023 draft.
    async fn preferred(&self, all: &[Calendar]) -> Result<Option<usize>, Error> {
        if !self.has_preferences() {
            return Ok(None);
        }
        let get = GetArguments::of([CalendarPreferences::singleton()]);
        let found = match self.client.get(get).await {
            Ok(response) => response.list.into_iter().next(),
            Err(error) if error.is_unsupported() => None,
            Err(error) => return Err(error),
        };
        let id = found.and_then(|preferences| preferences.default_calendar_id);
        Ok(id.and_then(|id| all.iter().position(|calendar| calendar.id.as_ref() == Some(&id))))
    }

    fn has_preferences(&self) -> bool {
        let is_old = self.client.version::<Calendar>() < Version::V2_0;
        is_old && self.client.session().has(Preferences::URI)
    }

    fn set_property(&self, id: Id<Calendar>, name: &str, value: Json) -> Operation<()> {
        let mut patch = PatchObject::new();
        patch.set(name, value);
        let updated = self.client.update(id, patch);
        Operation::new(async move { updated.await.map(|_| ()) })
    }
}

/// With all properties by their names: without names, servers leave some away.
fn known(get: GetArguments<Calendar>) -> GetArguments<Calendar> {
    get.properties(Calendar::ALL.iter().cloned())
}

/// The id of a calendar that a server gave. One without an id is none that a server finds.
impl From<&Calendar> for Id<Calendar> {
    fn from(calendar: &Calendar) -> Self {
        calendar.id.clone().unwrap_or_else(|| Self::any(""))
    }
}

impl From<&str> for Calendar {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Calendar {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

fn order(one: &Calendar, other: &Calendar) -> Ordering {
    let key = |calendar: &Calendar| calendar.sort_order.unwrap_or(0);
    key(one).cmp(&key(other)).then_with(|| one.name.cmp(&other.name))
}

fn is_writable(calendar: &Calendar) -> bool {
    let rights = calendar.my_rights.as_ref();
    // Who says nothing of rights is the owner.
    rights.is_none_or(|rights| {
        rights.may_write_all == Some(true) || rights.may_write_own == Some(true)
    })
}

fn patch(before: &Calendar, after: &Calendar, version: Version) -> PatchObject {
    use jmap_core::json_model::ToJson;

    let json = |calendar: &Calendar| Json::from_serialize(&calendar.versioned(version));
    match (json(before), json(after)) {
        (Ok(before), Ok(after)) => PatchObject::diff(&before, &after),
        // What this crate writes is JSON.
        _ => PatchObject::new(),
    }
}

pub(crate) fn not_found<O: Object>(id: &Id<O>) -> Error {
    let error = jmap_core::SetError::new(jmap_core::SetErrorKind::NotFound);
    Error::Set { id: id.as_str().to_owned(), error: Box::new(error) }
}
