//! [`Quirks`]: to be a server that does otherwise than the standards say, as those that people meet.

mod calls;
mod draft;
mod exchange;
mod layer;
mod responses;
mod session;

use serde_json::{Map, Value};

pub(crate) use self::layer::Quirky;

/// What a server does otherwise than the standards say, one switch for each: to try a client against servers that are not
/// there.
///
/// All of it is a layer around the server, which itself knows nothing of it: what comes is made into what the standard
/// wants, and what goes into what such a server says. [`Quirks::named`] has those of real servers, as they were measured;
/// each switch names the versions that do it.
///
/// ```
/// use jmap_calendars::{CalendarsExt, Dialect};
/// use jmap_core::Version;
/// use jmap_embedded::{Embedded, Quirks};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = Embedded::in_memory()?.quirks(Quirks::cyrus_3_12());
/// server.add_user("jane")?;
/// let client = server.client("jane").wait()?;
/// assert_eq!(Dialect::of(&client.session()).version(), Version::V1_0);
/// // And nobody notices.
/// client.events().add(jscalendar::Event::new("lunch", "2026-03-02T12:30:00".parse()?)).wait()?;
/// assert!(client.events().by_uid("lunch").wait()?.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Quirks {
    /// Which product the session shows: its capabilities, and how it names itself.
    pub product: Option<Product>,
    /// The URLs of the session are paths. (Cyrus)
    pub relative_urls: bool,
    /// The state of the session is always `0`. (Cyrus)
    pub session_state_zero: bool,
    /// The methods of `principals:availability` and `calendars:parse` are there without being announced. (Cyrus)
    pub unannounced_extensions: bool,
    /// There is no event stream, although the session has its URL: 204. (Cyrus 3.10 of Debian)
    pub no_push: bool,

    /// Calls need not name the account. (Cyrus)
    pub account_is_optional: bool,
    /// An account that is not the user's is `forbidden`, and not `accountNotFound`. (Stalwart)
    pub unknown_account_is_forbidden: bool,
    /// Arguments and properties that nobody knows are ignored. (Stalwart)
    pub ignores_unknown: bool,
    /// A property that nobody knows, a vendor's, or one of the other version of JSCalendar is `invalidProperties` in an
    /// event. (Cyrus, Stalwart)
    pub refuses_vendor_properties: bool,
    /// Errors of a request are all `notRequest`, with the request in `detail`. (Stalwart)
    pub not_request_for_all: bool,
    /// Too many ids in a `get` refuse the whole request. (Cyrus 3.10, 3.12)
    pub too_many_ids_refuse_request: bool,
    /// A filter that nobody knows is `invalidArguments`, and not `unsupportedFilter`. (Cyrus)
    pub filters_are_arguments: bool,
    /// An event is in one calendar. (Cyrus)
    pub one_calendar: bool,
    /// `CalendarEvent/get` refuses the argument `timeZone`. (Cyrus)
    pub no_time_zone_in_get: bool,
    /// `sendSchedulingMessages` is true by default. (Cyrus)
    pub schedules_by_default: bool,
    /// `version` must be given with an event. (Cyrus 3.13)
    pub version_is_required: bool,
    /// The 2023 draft instead of the standard: names of JSCalendar 1.0, `mayAdmin`, `inCalendars`, `sendTo`,
    /// `CalendarPreferences`. (Cyrus to 3.12)
    pub draft_of_2023: bool,
    /// What is absent is spelled out: defaults, and `null` for empty maps. (Cyrus to 3.12)
    pub spells_out_defaults: bool,
    /// No occurrence is changed or destroyed by its id. (Stalwart)
    pub read_only_occurrences: bool,
    /// An override loses what is `null` in it. (Stalwart)
    pub overrides_lose_null: bool,
    /// An occurrence that was moved without a `duration` lasts to the end of the day. (Stalwart)
    pub moved_last_all_day: bool,
    /// `Principal/getAvailability` refuses the argument `accountId`. (Cyrus)
    pub no_account_in_availability: bool,
    /// `Principal/get` wants ids. (Cyrus)
    pub principals_by_id: bool,
    /// There is no `CalendarEvent/queryChanges`. (Cyrus)
    pub no_query_changes: bool,

    /// Empty members of the response to a `set` or `parse` are `null`. (Cyrus)
    pub null_for_nothing: bool,
    /// The response to a `set` has the id alone of what was created, `null` for what was updated, and no empty members.
    /// (Stalwart)
    pub bare_set_responses: bool,
    /// `Calendar/get` leaves properties away that were not asked for by name. (Stalwart)
    pub sparse_calendars: bool,
    /// A calendar has no `color` and no default alerts where they are not set. (Cyrus)
    pub absent_if_unset: bool,
    /// `calendarHasEvents` instead of `calendarHasEvent`. (Cyrus)
    pub calendar_has_events: bool,
    /// `ParticipantIdentity/get` has no `state`. (Stalwart)
    pub identities_without_state: bool,
    /// The periods of an availability have no `accountId`. (Cyrus, Stalwart)
    pub periods_without_account: bool,
    /// What a principal has of calendars stands in it, and not in `capabilities`. (Cyrus)
    pub flat_principals: bool,
    /// A parsed blob is one event or a group, and not a list. (Cyrus)
    pub parsed_alone: bool,
    /// Errors have no `description`. (Cyrus)
    pub no_descriptions: bool,
    /// A query repeats its filter and its sort. (Cyrus)
    pub repeats_query: bool,
    /// Events have their `@type` and `uid` whatever was asked for. (Cyrus)
    pub uid_always: bool,
    /// `total` comes unasked, and `position` is 0 whatever was asked. (Cyrus)
    pub total_always: bool,
    /// An occurrence that was moved says its start as its `recurrenceId`. (Stalwart)
    pub wrong_recurrence_ids: bool,
    /// Every event has a `baseEventId` if it is asked for, its own id. (Stalwart)
    pub base_of_every_event: bool,
    /// A series on whole days comes back as one of its overrides. (Stalwart)
    pub damaged_days: bool,
}

/// A product whose session is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Product {
    /// Cyrus of this version.
    Cyrus(&'static str),
    /// Stalwart.
    Stalwart,
}

impl Quirks {
    /// The names of servers that [`named`](Self::named) knows.
    pub const NAMES: [&'static str; 3] = ["cyrus-3.12", "cyrus-3.13", "stalwart-0.16"];

    /// Those of a server, by its name in [`NAMES`](Self::NAMES).
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "cyrus-3.12" => Some(Self::cyrus_3_12()),
            "cyrus-3.13" => Some(Self::cyrus_3_13()),
            "stalwart-0.16" => Some(Self::stalwart_0_16()),
            _ => None,
        }
    }

    /// Cyrus 3.12: the 2023 draft.
    pub fn cyrus_3_12() -> Self {
        Self {
            product: Some(Product::Cyrus("3.12.4")),
            too_many_ids_refuse_request: true,
            draft_of_2023: true,
            spells_out_defaults: true,
            ..Self::cyrus()
        }
    }

    /// Cyrus 3.13, a development version: the standard's JSCalendar 2.0.
    pub fn cyrus_3_13() -> Self {
        Self {
            product: Some(Product::Cyrus("3.13.7-300")),
            version_is_required: true,
            ..Self::cyrus()
        }
    }

    /// Stalwart 0.16.
    pub fn stalwart_0_16() -> Self {
        Self {
            product: Some(Product::Stalwart),
            unknown_account_is_forbidden: true,
            ignores_unknown: true,
            refuses_vendor_properties: true,
            not_request_for_all: true,
            read_only_occurrences: true,
            overrides_lose_null: true,
            moved_last_all_day: true,
            bare_set_responses: true,
            sparse_calendars: true,
            identities_without_state: true,
            periods_without_account: true,
            wrong_recurrence_ids: true,
            base_of_every_event: true,
            damaged_days: true,
            ..Self::default()
        }
    }

    /// What all versions of Cyrus do.
    fn cyrus() -> Self {
        Self {
            relative_urls: true,
            session_state_zero: true,
            unannounced_extensions: true,
            account_is_optional: true,
            refuses_vendor_properties: true,
            filters_are_arguments: true,
            one_calendar: true,
            no_time_zone_in_get: true,
            schedules_by_default: true,
            no_account_in_availability: true,
            principals_by_id: true,
            no_query_changes: true,
            null_for_nothing: true,
            absent_if_unset: true,
            calendar_has_events: true,
            periods_without_account: true,
            flat_principals: true,
            parsed_alone: true,
            no_descriptions: true,
            repeats_query: true,
            uid_always: true,
            total_always: true,
            ..Self::default()
        }
    }
}

/// The map that a member is, if it is one.
fn map_in<'a>(value: &'a mut Value, name: &str) -> Option<&'a mut Map<String, Value>> {
    value.get_mut(name)?.as_object_mut()
}

/// The values of the map that a member is.
fn values_in<'a>(value: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    map_in(value, name).into_iter().flat_map(Map::values_mut)
}

/// The elements of the list that a member is.
fn elements_in<'a>(value: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    value.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten()
}
