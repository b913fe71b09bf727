//! JMAP for calendars and tasks: everything under one name, and where to begin.
//!
//! This crate has nothing of its own. It brings together the crates of the stack, so that one line in a manifest is
//! enough, and takes you round.
//!
//! # Connect, and list calendars
//!
//! A mail address, a host name or the URL of a session says which server.
//!
//! ```no_run
//! use jmap_client::{Basic, CalendarsExt, Client};
//!
//! # async fn example() -> Result<(), jmap_client::Error> {
//! let client = Client::builder("jane@example.com").credentials(Basic::new("jane", "tiger")).connect().await?;
//! for calendar in client.calendars().list().await? {
//!     println!("{}", calendar.name.unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! With a token, [`Bearer`]. What a client does by itself – it finds the server, keeps to its limits, tries again what
//! is safe – is said at [`Client`].
//!
//! # Add an .ics
//!
//! ```no_run
//! # use jmap_client::{CalendarsExt, Client};
//! # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//! let text = std::fs::read_to_string("invitation.ics")?;
//! let added = client.events().add_ical(&text).await?;
//! for event in &added.events {
//!     println!("{} is there", event.title.as_deref().unwrap_or("something"));
//! }
//! for odd in &added.diagnostics {
//!     eprintln!("{odd}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Or say it yourself, in [JSCalendar](jscalendar):
//!
//! ```no_run
//! # use jmap_client::{CalendarsExt, Client};
//! use jmap_client::jscalendar::Event;
//!
//! # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//! let mut lunch = Event::new("", "2026-03-02T12:30:00".parse()?);
//! lunch.title = Some("Lunch".to_owned());
//! lunch.time_zone = Some("Europe/Berlin".parse()?);
//! lunch.duration = Some("PT1H".parse()?);
//! client.events().add(lunch).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # A week's occurrences
//!
//! ```no_run
//! # use jmap_client::{CalendarsExt, Client};
//! use jmap_client::calendars::Window;
//!
//! # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//! let week = Window::new("2026-03-02T00:00:00".parse()?, "2026-03-09T00:00:00".parse()?, "Europe/Berlin".parse()?);
//! for it in client.events().occurrences(week).await?.list {
//!     println!("{} {}", it.start.local, it.event.title.as_deref().unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Edit one occurrence
//!
//! An occurrence of such a list has methods for it. Where it is known by its series and the moment at which it starts by
//! the rule, the series has them too:
//!
//! ```no_run
//! # use jmap_client::{CalendarsExt, Client};
//! # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//! let Some(standup) = client.events().by_uid("standup@example.com").await? else { return Ok(()) };
//! standup
//!     .edit_occurrence("2026-03-05T09:00:00".parse()?, |event| {
//!         event.start = "2026-03-05T10:30:00".parse().ok();
//!         event.title = Some("Late standup".to_owned());
//!     })
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! What is sent is the smallest patch that does it. The page about
#![cfg_attr(feature = "calendars", doc = "[editing](jmap_calendars::guide::editing)")]
#![cfg_attr(not(feature = "calendars"), doc = "editing")]
//! has the rest: one and all that follow, changes that go unnoticed or only if nobody else was faster.
//!
//! # Answer an invitation
//!
//! ```no_run
//! # use jmap_client::{CalendarsExt, Client};
//! use jmap_client::jscalendar::ParticipationStatus;
//!
//! # async fn example(client: Client) -> Result<(), jmap_client::Error> {
//! if let Some(invitation) = client.events().by_uid("planning@example.com").await? {
//!     invitation.respond(ParticipationStatus::Accepted).await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Free/busy
//!
//! ```no_run
//! # use jmap_client::{CalendarsExt, Client};
//! # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//! let (from, to) = ("2026-03-02T07:00:00Z".parse()?, "2026-03-02T17:00:00Z".parse()?);
//! for busy in client.free_busy("mailto:ann@example.com", from, to).await?.periods {
//!     println!("{:?} to {:?}", busy.utc_start, busy.utc_end);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Follow changes
//!
//! ```no_run
//! # use jmap_client::{CalendarsExt, Client};
//! use jmap_client::calendars::Followed;
//!
//! # async fn example(client: Client) -> Result<(), jmap_client::Error> {
//! let mut events = client.events().follow();
//! loop {
//!     match events.next().await? {
//!         Followed::All(all) => println!("{} events", all.len()),
//!         Followed::Changed { changed, gone } => println!("{} changed, {} gone", changed.len(), gone.len()),
//!         _ => {}
//!     }
//! }
//! # }
//! ```
//!
//! # The same without an async runtime
//!
//! Everything that a client does is an [`Operation`]: awaited, or, with feature `blocking`, waited for.
//!
//! ```no_run
//! use jmap_client::{Basic, CalendarsExt, Client};
//!
//! # fn main() -> Result<(), jmap_client::Error> {
//! let client = Client::builder("jane@example.com").credentials(Basic::new("jane", "tiger")).connect().wait()?;
//! for calendar in client.calendars().list().wait()? {
//!     println!("{}", calendar.name.unwrap_or_default());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! `wait(future)` does so for what is no operation, such as the next step of a list that is followed.
//!
//! # The crates
//!
//! | here | crate | what for |
//! | --- | --- | --- |
//! | [`core`] | `jmap-core` | the protocol: client, batches of typed calls, blobs, push; data types of your own |
//! | [`sharing`] | `jmap-sharing` | principals, and what others shared |
//! | [`calendars`] | `jmap-calendars` | calendars, events, invitations, free/busy, at two levels |
//! | [`tasks`] | `jmap-tasks` | task lists and tasks, by a draft: unstable |
//! | [`jscalendar`] | `jscalendar` | what an event or a task is, when it happens, what an edit means |
//! | [`ical`] | `ical-jscal` | iCalendar to JSCalendar and back, without any server |
//!
//! What nearly every program needs is at the top too: [`Client`], [`Basic`], [`Bearer`], [`Error`], [`Id`],
//! [`Operation`], [`CalendarsExt`]. Everything else has one path, through its crate. The types are the same whichever
//! way they come: a library may depend on `jmap-core` alone, and a program hand it the client from here.
//!
//! # Features
//!
//! | feature | default | what for |
//! | --- | --- | --- |
//! | `calendars` | yes | [`calendars`] and [`jscalendar`] |
//! | `tasks` | yes | [`tasks`] and [`jscalendar`] |
//! | `ical` | yes | [`ical`] and [`jscalendar`]; events go in and come out as iCalendar text |
//! | `hyper` | yes | the transport over the network |
//! | `blocking` | | [`Operation`]s can be waited for |
//! | `server` | | the server side of the protocol, and the loopback transport |
//! | `icu` | | rules that count in other calendars than the Gregorian |
//! | `time` | | conversions for the instants of the `time` crate |
//! | `tz` | | the IANA time zones, compiled in; `calendars` and `tasks` bring them along anyway |
//!
//! Contacts are not here yet.
#![forbid(unsafe_code)]

#[cfg(feature = "ical")]
pub use ical_jscal as ical;
#[cfg(feature = "calendars")]
pub use jmap_calendars as calendars;
pub use jmap_core as core;
pub use jmap_sharing as sharing;
#[cfg(feature = "tasks")]
pub use jmap_tasks as tasks;
#[cfg(any(feature = "calendars", feature = "ical", feature = "tasks"))]
pub use jscalendar;

#[cfg(feature = "calendars")]
pub use jmap_calendars::CalendarsExt;
pub use jmap_core::client::{Basic, Bearer};
#[cfg(feature = "blocking")]
pub use jmap_core::wait;
pub use jmap_core::{Client, Error, Id, Operation};

#[cfg(all(doctest, feature = "calendars", feature = "hyper", feature = "ical"))]
#[doc = include_str!("../README.md")]
mod readme {}
