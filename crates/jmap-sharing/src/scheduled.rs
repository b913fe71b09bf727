//! [`Scheduled`]: what data types have in common whose objects people are invited to, and recur: events and tasks.
//!
//! Their standard methods take the same further arguments (JMAP Calendars, sections 5.6, 5.8 and 5.10, which JMAP Tasks
//! refers to).

mod notification;
mod properties;

use std::borrow::Cow;

use jmap_core::json_model::{self, ToJson, Version, pointer};
use jmap_core::object::{Get, Query, Set};
use jmap_core::{
    Call, Filter, GetArguments, GetResponse, Id, Json, Method, MethodName, PatchObject,
    QueryArguments, QueryResponse, Reference, Session, SetArguments, SetResponse, UtcDate,
};

pub use self::notification::{NotificationSortBy, NotificationType};

/// A data type whose objects people are invited to, and recur.
pub trait Scheduled: Get + Set + Query {}

/// The arguments of `get` of such a type: [`GetArguments`], and what part of a series is wanted.
///
/// What is fetched in part must not be written back as a whole.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetScheduled<O: Scheduled> {
    /// Only overrides of occurrences before this moment.
    pub recurrence_overrides_before: Option<UtcDate>,
    /// Only overrides of occurrences at this moment or later.
    pub recurrence_overrides_after: Option<UtcDate>,
    /// Whether of the participants only the owners and the user are wanted.
    pub reduce_participants: Option<bool>,
    /// The time zone in which floating objects are taken for their moments in UTC, by its IANA name; `Etc/UTC` if
    /// absent. One server refuses this argument.
    pub time_zone: Option<String>,
    /// The arguments of every `get`.
    pub get: GetArguments<O>,
}

json_model::members! {
    impl [O: Scheduled] for GetScheduled<O>: around get as GetArguments<O> {
        "recurrenceOverridesBefore" => recurrence_overrides_before,
        "recurrenceOverridesAfter" => recurrence_overrides_after,
        "reduceParticipants" => reduce_participants,
        "timeZone" => time_zone,
    }
}

impl<O: Scheduled> GetScheduled<O> {
    /// These objects.
    pub fn of(ids: impl IntoIterator<Item = Id<O>>) -> Self {
        GetArguments::of(ids).into()
    }

    /// All objects of the account.
    pub fn all() -> Self {
        GetArguments::all().into()
    }

    /// Those that another call of the batch gives.
    pub fn found(ids: Reference<Vec<Id<O>>>) -> Call<Self> {
        Call::new(Self::all()).with("ids", ids)
    }

    /// Only these properties.
    pub fn properties(mut self, properties: impl IntoIterator<Item = O::Property>) -> Self {
        self.get = self.get.properties(properties);
        self
    }

    /// Only the overrides of occurrences from one moment to another one.
    pub fn overrides_between(mut self, after: UtcDate, before: UtcDate) -> Self {
        self.recurrence_overrides_after = Some(after);
        self.recurrence_overrides_before = Some(before);
        self
    }

    /// Of the participants only the owners and the user.
    pub fn reduce_participants(mut self) -> Self {
        self.reduce_participants = Some(true);
        self
    }

    /// Takes floating objects for those of this time zone.
    pub fn time_zone(mut self, zone: impl Into<String>) -> Self {
        self.time_zone = Some(zone.into());
        self
    }
}

/// The arguments of `set` of such a type: [`SetArguments`], and whether people are told.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SetScheduled<O: Scheduled> {
    /// Whether messages go to those who take part. Servers disagree on what it means where it is absent, so it is always
    /// sent: false, unless it was set.
    pub send_scheduling_messages: Option<bool>,
    /// The arguments of every `set`.
    pub set: SetArguments<O>,
}

json_model::members! {
    impl [O: Scheduled] for SetScheduled<O>: around set as SetArguments<O> {
        "sendSchedulingMessages" => send_scheduling_messages,
    }
}

impl<O: Scheduled> SetScheduled<O> {
    /// Changes nothing, and tells nobody.
    pub fn new() -> Self {
        SetArguments::default().into()
    }

    /// Tells those who take part.
    pub fn send_scheduling_messages(&mut self) -> &mut Self {
        self.send_scheduling_messages = Some(true);
        self
    }
}

/// The arguments of `query` of such a type: [`QueryArguments`], and whether occurrences are wanted.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct QueryScheduled<O: Scheduled> {
    /// Whether the ids of occurrences are wanted instead of those of series. The filter must then be a single condition
    /// with `after` and `before`.
    ///
    /// Such an id is good for a while only, and says nothing: keep `uid` and `recurrenceId`.
    pub expand_recurrences: Option<bool>,
    /// The time zone of `after` and `before` and of floating objects, by its IANA name; `Etc/UTC` if absent.
    pub time_zone: Option<String>,
    /// The arguments of every `query`.
    pub query: QueryArguments<O>,
}

json_model::members! {
    impl [O: Scheduled] for QueryScheduled<O>: around query as QueryArguments<O> {
        "expandRecurrences" => expand_recurrences,
        "timeZone" => time_zone,
    }
}

impl<O: Scheduled> QueryScheduled<O> {
    /// All objects.
    pub fn all() -> Self {
        QueryArguments::all().into()
    }

    /// The objects that `filter` matches.
    pub fn matching(filter: impl Into<Filter<O::Condition>>) -> Self {
        QueryArguments::matching(filter).into()
    }

    /// Occurrences instead of series.
    pub fn expand_recurrences(mut self) -> Self {
        self.expand_recurrences = Some(true);
        self
    }

    /// In this time zone.
    pub fn time_zone(mut self, zone: impl Into<String>) -> Self {
        self.time_zone = Some(zone.into());
        self
    }
}

/// `Default`, `From` and `AsMut` of arguments around the standard ones, which are what cuts them into pieces.
macro_rules! around {
    ($outer:ident, $field:ident: $inner:ident, $verb:literal, $response:ident, $safe:literal { $($more:ident: $value:expr),* }) => {
        impl<O: Scheduled> From<$inner<O>> for $outer<O> {
            fn from($field: $inner<O>) -> Self {
                Self { $($more: $value,)* $field }
            }
        }

        impl<O: Scheduled> Default for $outer<O> {
            fn default() -> Self {
                $inner::default().into()
            }
        }

        impl<O: Scheduled> AsMut<$inner<O>> for $outer<O> {
            fn as_mut(&mut self) -> &mut $inner<O> {
                &mut self.$field
            }
        }

        impl<O: Scheduled> Method for $outer<O> {
            const NAME: MethodName = MethodName::new(O::TYPE, $verb);
            const USING: &'static [&'static str] = O::USING;
            const ALSO_USING: &'static [&'static str] = O::ALSO_USING;
            const IS_READ_ONLY: bool = $safe;
            type Response = $response<O>;

            fn version(session: &Session) -> Version {
                O::version(session)
            }
        }
    };
}

around! { GetScheduled, get: GetArguments, "get", GetResponse, true {
    recurrence_overrides_before: None, recurrence_overrides_after: None, reduce_participants: None, time_zone: None
} }
around! { SetScheduled, set: SetArguments, "set", SetResponse, false { send_scheduling_messages: Some(false) } }
around! { QueryScheduled, query: QueryArguments, "query", QueryResponse, true { expand_recurrences: None, time_zone: None } }

/// The patch that turns the object `before` into `after`, as every server takes it.
///
/// It is the smallest one, but for this: an override is sent whole, since servers disagree on what a pointer into one
/// applies to, and since only a whole one can take something away from an occurrence (JMAP Calendars, section 5.8.2).
///
/// ```
/// use jmap_core::Json;
/// use jmap_sharing::scheduled::patch;
///
/// let before = Json::parse(r#"{"title":"Tea","recurrenceOverrides":{"2026-03-05T09:00:00":{"title":"Milk"}}}"#)?;
/// let after = Json::parse(
///     r#"{"title":"Tea","recurrenceOverrides":{"2026-03-05T09:00:00":{"title":"Milk","priority":1}}}"#,
/// )?;
/// assert_eq!(
///     serde_json::to_string(&patch(&before, &after))?,
///     r#"{"recurrenceOverrides/2026-03-05T09:00:00":{"title":"Milk","priority":1}}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn patch(before: &Json, after: &Json) -> PatchObject {
    let mut patch = PatchObject::new();
    for (pointer, value) in PatchObject::diff(before, after).0 {
        match inside_override(&pointer) {
            Some(path) => {
                let whole = after.inside(&path).unwrap_or_else(Json::null);
                let mut pointer = String::new();
                path.iter().for_each(|token| pointer::push(&mut pointer, token));
                patch.set(pointer, whole);
            }
            None => {
                patch.set(pointer, value);
            }
        }
    }
    patch
}

/// The [`patch`] between two states of an object, in the names of a version.
pub fn patch_between<O: ToJson>(before: &O, after: &O, version: Version) -> PatchObject {
    let json = |object: &O| Json::from_serialize(&object.versioned(version));
    // What this workspace types can be written as JSON.
    let (Ok(before), Ok(after)) = (json(before), json(after)) else { return PatchObject::new() };
    patch(&before, &after)
}

/// The path to the override that `pointer` leads into.
fn inside_override(pointer: &str) -> Option<[Cow<'_, str>; 2]> {
    let mut tokens = pointer::tokens(pointer);
    let (overrides, id) = (tokens.next()?, tokens.next()?);
    let is_inside = overrides == "recurrenceOverrides" && tokens.next().is_some();
    is_inside.then_some([overrides, id])
}
