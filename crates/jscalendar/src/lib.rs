//! The JSCalendar data model (RFC 8984 and JSCalendar 2.0): events, tasks and groups.
//!
//! JSCalendar is calendar data as JSON. This crate has a Rust struct for each of its objects, reads both versions of
//! the standard into the same struct, and writes either. Whatever a file or a server says besides is kept.
//!
//! ```
//! use jscalendar::{Event, Version};
//!
//! let text = r#"{
//!     "@type": "Event", "version": "2.0", "uid": "e1", "updated": "2026-02-01T00:00:00Z",
//!     "title": "Breakfast", "start": "2026-03-01T09:00:00", "timeZone": "Europe/Berlin", "duration": "PT1H"
//! }"#;
//! let mut event = Event::from_json(text)?.value;
//! event.title = Some("Brunch".to_owned());
//! assert!(event.validate(Version::V2_0).is_empty());
//! assert!(event.to_json(Version::V2_0).value.contains(r#""title":"Brunch","start":"2026-03-01T09:00:00""#));
//! # Ok::<(), jscalendar::Error>(())
//! ```
//!
//! It knows nothing of iCalendar (the crate `ical-jscal` does), of servers and of the clock.
//!
//! # The types
//!
//! | type | what it is |
//! | --- | --- |
//! | [`Event`], [`Task`], [`Group`] | the three kinds of documents; [`Common`] for code that takes events and tasks |
//! | [`Participant`], [`Location`], [`VirtualLocation`], [`Link`], [`Alert`], [`Relation`] | what they are made of |
//! | [`RecurrenceRule`], [`NDay`] | when something recurs; what is different once is a [`PatchObject`] |
//! | [`LocalDateTime`], [`UtcDateTime`], [`Duration`], [`SignedDuration`], [`TimeZoneId`], [`Id`] | values with a form |
//! | [`Series`], [`Occurrence`], [`Expansion`] | when something happens, and changes of one occurrence or many |
//! | [`TimeZones`], [`CustomZone`], [`Zone`] | where time zones are found, those that bring their own rules, and zones of any kind |
//! | [`Map`], [`Set`], [`Json`] | sorted collections, and any JSON value |
//! | [`EntryLegacy`] and the other `…Legacy` types | what only version 1.0 has |
//! | [`Parsed`], [`Diagnostics`], [`Error`] | a value with what was odd about it; a text that is no object |
//!
//! All fields are public, and every one may be absent: the same type holds a whole event and the part of one that a
//! server was asked for.
//!
//! # Reading leniently
//!
//! [`Event::from_json`] fails only if the text is no JSON object. A value of the wrong type or form, and every member
//! that the standard does not define, is kept in the field `extra` of its object and written back where it was. What
//! was odd is listed with a stable code and a JSON pointer.
//!
//! ```
//! use jscalendar::Event;
//!
//! let parsed = Event::from_json(r#"{
//!     "@type": "Event", "start": "tomorrow", "priority": 5, "example.com:mood": "good",
//!     "locations": {"a": {"name": "Kitchen"}, "b": "Garden"}
//! }"#)?;
//! let event = &parsed.value;
//! assert_eq!((event.start, event.priority), (None, Some(5)));
//! assert_eq!(event.extra["start"].as_str(), r#""tomorrow""#);
//! assert_eq!(event.locations["a"].name.as_deref(), Some("Kitchen"));
//!
//! let odd: Vec<String> = parsed.diagnostics.iter().map(ToString::to_string).collect();
//! assert_eq!(odd, [
//!     r##"#/start: warning[wrong-value]: expected a local date-time such as "2026-03-01T09:00:00"; kept as it is"##,
//!     "#/locations/b: warning[wrong-value]: expected an object; kept as it is",
//! ]);
//! # Ok::<(), jscalendar::Error>(())
//! ```
//!
//! Serde's `Deserialize` does the same, without the list.
//!
//! # Two versions, one model
//!
//! The fields are those of 2.0. What 1.0 says in another way is in them after reading: `recurrenceRules` with one rule
//! in `recurrence_rule`, `replyTo` and `sendTo` as calendar addresses, the role `attendee` as no role, a location at
//! the end in another zone as `end_time_zone`, also inside the patches of `recurrence_overrides`. What 2.0 cannot say
//! is in the boxed field `legacy`, so that nothing is lost and 2.0 data pays nothing for it.
//!
//! ```
//! use jscalendar::{Event, Version};
//!
//! let event = Event::from_json(r#"{
//!     "@type": "Event", "uid": "e1",
//!     "recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "daily"}],
//!     "replyTo": {"imip": "mailto:ann@example.com", "web": "https://example.com/reply"}
//! }"#)?.value;
//! assert_eq!(event.organizer_calendar_address.as_deref(), Some("mailto:ann@example.com"));
//!
//! // 1.0 comes back as it was.
//! let old = event.to_json(Version::V1_0);
//! assert!(old.diagnostics.is_empty());
//! assert!(old.value.contains(r#""replyTo":{"imip":"mailto:ann@example.com","web":"https://example.com/reply"}"#));
//!
//! // 2.0 has no place for the web page, and says so.
//! let new = event.to_json(Version::V2_0);
//! assert_eq!(
//!     new.value,
//!     concat!(
//!         r#"{"@type":"Event","version":"2.0","uid":"e1","recurrenceRule":{"frequency":"daily"},"#,
//!         r#""organizerCalendarAddress":"mailto:ann@example.com"}"#,
//!     ),
//! );
//! assert_eq!(new.diagnostics[0].to_string(), "#/replyTo: error[not-in-version]: version 2.0 cannot say this");
//! # Ok::<(), jscalendar::Error>(())
//! ```
//!
//! [`Event::to_json`] writes exactly one version, [`Event::into_version`] gives the object itself in that form, and
//! [`detect_version`] says which version a piece of JSON is. Serde's `Serialize` writes 2.0 as the object stands.
//!
//! What a conversion reports:
//!
//! | code | severity | what happened |
//! | --- | --- | --- |
//! | `not-in-version` | error | a member or value was dropped: the version has nothing for it |
//! | `zone-lost` | error | no IANA zone is known to be the custom one, and the time floats now |
//! | `override-lost` | error | two overrides have the same start without their fractions of a second |
//! | `empty-location` | error | nothing was left of a location, and it was dropped |
//! | `both-versions` | warning, or error where it was dropped | both versions' names for one thing; that of 2.0 counts |
//! | `old-name` | warning | a name of 1.0 in an object of 2.0 (reading) |
//! | `fraction` | warning | a fraction of a second was cut off |
//! | `required-role`, `attendee-role` | warning, note | the role comes back in another way |
//! | `snooze-and-parent` | warning | 1.0 has one relation for both, and the other one would come back |
//! | `no-address`, `unknown-participant` | warning | a participant names another one that has no address, or is not there (reading) |
//! | `invalid-patch`, `unreadable-json`, `too-many-overrides` | warning | patches that were left in the other version's words |
//! | `zone-replaced`, `short-color`, `location-key`, `participant-added`, `address-method`, `address-spelling` | note | another way to say the same |
//!
//! # Checking
//!
//! [`Event::validate`] lists everything in which an object breaks the rules of a version, one code a rule. Nothing is
//! checked while reading or writing: calendars that break a rule are to be shown and repaired all the same.
//!
//! ```
//! use jscalendar::{Event, Participant, Role, Version};
//!
//! let mut event = Event::new("e1", "2026-03-01T09:00:00".parse()?);
//! event.updated = Some("2026-02-01T00:00:00Z".parse()?);
//! let mut guest = Participant::default();
//! guest.roles.insert(Role::Chair);
//! event.participants.insert("guest".into(), guest);
//!
//! let found = event.validate(Version::V2_0);
//! assert_eq!(
//!     found[0].to_string(),
//!     "#/participants/guest/roles: error[no-calendar-address]: roles needs calendarAddress",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # When something happens
//!
//! [`Event::occurrences`] gives the occurrences of an event one by one: at its start, wherever its rules say, and as
//! overrides change, add and take out. A window is reached by arithmetic, however far it is.
//!
//! ```
//! # if cfg!(not(feature = "tz")) {
//! #     return Ok(());
//! # }
//! use jscalendar::Event;
//!
//! let event = Event::from_json(r#"{
//!     "@type": "Event", "uid": "e1", "title": "Choir", "duration": "PT2H",
//!     "start": "2026-01-07T19:00:00", "timeZone": "Europe/Berlin",
//!     "recurrenceRule": {"frequency": "monthly", "byDay": [{"day": "we", "nthOfPeriod": 1}]},
//!     "recurrenceOverrides": {"2026-05-06T19:00:00": {"start": "2026-05-08T20:00:00"}}
//! }"#)?.value;
//!
//! let spring = event.occurrences()?.between("2026-04-01T00:00:00Z".parse()?, "2026-06-01T00:00:00Z".parse()?);
//! let starts: Vec<String> = spring.map(|occurrence| occurrence.start().local.to_string()).collect();
//! assert_eq!(starts, ["2026-04-01T19:00:00", "2026-05-08T20:00:00"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Each [`Occurrence`] has its id, its [start and end](Moment) and, on demand, the object with its override.
//! [`Occurrences::alerts_between`] lists what goes off in a window, [`busy_periods`] when many events take time. An
//! [`Expansion`] is the moments of a rule alone.
//!
//! How rules are read where the standard leaves something open, or others differ:
//!
//! - The start is always the first occurrence, and counts for `count` (RFC 8984, section 4.3.3). Most readers of `RRULE`
//!   leave out a start that the rule does not give: [`Reading::Rrule`] does as they do.
//! - Local times that a change of the clock skips or repeats have the offset before it (section 1.4.5), so two
//!   occurrences of an hourly rule can be one instant. Order and ids are those of local time.
//! - An excluded rule (1.0) takes out the start only if it gives it.
//! - The due time of a task moves with its start.
//! - Rules in other calendars than the Gregorian need the feature `icu`; a calendar that is not known is an error.
//!
//! # Changing a series
//!
//! [`Series`] changes [one occurrence](Series::edit_occurrence), [one and all that follow](Series::edit_following), or
//! [all](Series::edit_all). What comes out is the smallest patch for the object as it is stored, so that nothing else is
//! sent or lost; [`Event::patch_to`] makes one of any two objects.
//!
//! ```
//! use jscalendar::{Event, Series, TimeZones};
//!
//! let event = Event::from_json(r#"{
//!     "@type": "Event", "version": "2.0", "uid": "e1", "start": "2026-03-02T09:00:00",
//!     "recurrenceRule": {"frequency": "weekly", "count": 8}
//! }"#)?.value;
//! let series = Series::new(&event, &TimeZones::new())?;
//!
//! // From the fourth Monday on half an hour later: the series ends with the third, and a new one begins.
//! let split = series.edit_following("2026-03-23T09:00:00".parse()?, "e2", |event| {
//!     event.start = Some("2026-03-23T09:30:00".parse().expect("a date-time"));
//! })?;
//! assert_eq!(
//!     serde_json::to_string(&split.patch)?,
//!     r#"{"recurrenceRule/count":3,"relatedTo":{"e2":{"relation":{"next":true}}}}"#,
//! );
//! let following = split.following.expect("not the first occurrence");
//! assert_eq!(following.recurrence_rule.and_then(|rule| rule.count), Some(5));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Members of one's own
//!
//! A server has members beside those of the standard. A struct around an [`Event`] gives them fields; in JSON it is one
//! object. Whatever neither of the two knows is in the event's `extra`.
//!
//! ```
//! use jscalendar::{Event, Id, Object, Set};
//!
//! /// An event as a server stores it.
//! #[derive(Debug, Default)]
//! struct StoredEvent {
//!     id: Option<Id>,
//!     calendar_ids: Set<Id>,
//!     event: Event,
//! }
//!
//! jscalendar::json_model::members! {
//!     StoredEvent: around event as Event {
//!         "id" => id,
//!         "calendarIds" => calendar_ids,
//!     }
//! }
//!
//! let text = r#"{"@type":"Event","id":"7","calendarIds":{"work":true},"title":"Standup","x":1}"#;
//! let stored: StoredEvent = serde_json::from_str(text)?;
//! assert!(stored.calendar_ids.contains("work"));
//! assert_eq!(stored.event.title.as_deref(), Some("Standup"));
//! assert_eq!(stored.extra().len(), 1);
//! assert_eq!(serde_json::to_string(&stored)?, text);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Features
//!
//! | feature | what it brings |
//! | --- | --- |
//! | **`tz`** (default) | the IANA time zone database, compiled in; without it only the zones of the running system are known |
//! | `icu` | rules that count in other calendars (`rscale`), through ICU4X |
//! | `time` | conversions from and to the instants of the `time` crate |

mod alert;
mod busy;
mod color;
mod common;
mod custom_zone;
mod date;
mod document;
mod duration;
mod enums;
mod error;
mod event;
mod group;
mod id;
mod kind;
mod legacy;
mod lift;
mod link;
mod location;
mod overridable;
mod participant;
mod recurrence;
mod relation;
mod report;
mod series;
mod task;
mod time_zone;
mod time_zone_id;
mod time_zones;
mod validate;
mod values;
mod version;
mod whole;

pub use json_model::{
    self, Diagnostic, Diagnostics, Json, Map, Object, Parsed, PatchObject, Position, Set, Severity,
    Version,
};

pub use self::alert::{AbsoluteTrigger, Alert, AlertAction, OffsetTrigger, RelativeTo, Trigger};
pub use self::busy::{Busy, BusyPeriod, busy_periods};
pub use self::color::is_color;
pub use self::common::{Common, CommonMut, CommonRef};
pub use self::custom_zone::{
    CustomZone, CustomZoneError, Observance, RuleDay, RuleEnd, Transition, YearlyRule,
};
pub use self::date::{LocalDateTime, ParseError, UtcDateTime, Zone};
pub use self::duration::{Duration, DurationParts, SignedDuration};
pub use self::enums::{FreeBusyStatus, Method, Privacy};
pub use self::error::Error;
pub use self::event::{Event, EventStatus};
pub use self::group::{Entry, Group};
pub use self::id::{Id, IdError};
pub use self::legacy::{
    EntryLegacy, GroupLegacy, LinkLegacy, LocationLegacy, ParticipantLegacy, ScheduleAgent,
    VirtualLocationLegacy,
};
pub use self::link::{Display, Link};
pub use self::location::{Feature, Location, VirtualLocation};
pub use self::overridable::is_overridable;
pub use self::participant::{
    Participant, ParticipantKind, ParticipationStatus, Role, same_address,
};
pub use self::recurrence::{
    Expansion, Frequency, Membership, NDay, Reading, RecurrenceRule, RuleError, Skip, Weekday,
};
pub use self::relation::{Relation, RelationType};
pub use self::series::{
    DueAlert, EditError, Moment, Occurrence, Occurrences, Recurring, Series, SeriesError, Split,
};
pub use self::task::{Progress, Task};
pub use self::time_zone::{TimeZone, TimeZoneRule};
pub use self::time_zone_id::TimeZoneId;
pub use self::time_zones::{FoundZone, TimeZones};
pub use self::version::detect_version;
pub use self::whole::{read_whole, whole};

/// Compiles and runs the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
