//! `Principal/getAvailability` (JMAP Calendars, section 2.2): when somebody is busy.

use jmap_core::capability::Capability;
use jmap_core::{Account, Id, Json, Map, Method, MethodName, Session, Version, json_model};
use jmap_sharing::Principal;
use jmap_sharing::capability::Principals;
use jscalendar::UtcDateTime;

use crate::capability::{Availability, Calendars};
use crate::dialect::Dialect;
use crate::{CalendarEvent, EventProperty};

/// The arguments of `Principal/getAvailability` (JMAP Calendars, section 2.2).
///
/// ```
/// use jmap_calendars::GetAvailability;
/// use jmap_core::Id;
///
/// let ask = GetAvailability::of(
///     Id::any("p1"),
///     "2026-03-02T00:00:00Z".parse()?,
///     "2026-03-03T00:00:00Z".parse()?,
/// );
/// assert_eq!(
///     serde_json::to_string(&ask)?,
///     r#"{"id":"p1","utcStart":"2026-03-02T00:00:00Z","utcEnd":"2026-03-03T00:00:00Z","showDetails":false}"#,
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// One server does not announce the capability: [`Batch::force`](jmap_core::Batch::force) sends it there.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct GetAvailability {
    /// The account of the principals (not that of the calendars). Not sent to the servers that refuse it.
    pub account_id: Option<Id<Account>>,
    /// Who is asked about.
    pub id: Option<Id<Principal>>,
    /// From when on.
    pub utc_start: Option<UtcDateTime>,
    /// Until when; this moment no longer counts.
    pub utc_end: Option<UtcDateTime>,
    /// Whether the events are wanted too, where the user may see them. The standard says no default: always set it.
    pub show_details: Option<bool>,
    /// The properties of the events that are wanted; all if absent.
    pub event_properties: Option<Vec<EventProperty>>,
    /// Arguments that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    GetAvailability: "Principal/getAvailability arguments" never {
        "accountId" => account_id,
        "id" => id,
        "utcStart" => utc_start,
        "utcEnd" => utc_end,
        "showDetails" => show_details,
        "eventProperties" => event_properties,
    }
    extra
}

impl GetAvailability {
    /// When this principal is busy, from one moment to another one.
    pub fn of(id: Id<Principal>, utc_start: UtcDateTime, utc_end: UtcDateTime) -> Self {
        Self {
            id: Some(id),
            utc_start: Some(utc_start),
            utc_end: Some(utc_end),
            show_details: Some(false),
            ..Self::default()
        }
    }

    /// With the events, where the user may see them, and these properties of theirs.
    pub fn details(mut self, properties: impl IntoIterator<Item = EventProperty>) -> Self {
        self.show_details = Some(true);
        self.event_properties = Some(properties.into_iter().collect());
        self
    }
}

impl Method for GetAvailability {
    const NAME: MethodName = MethodName::new("Principal", "getAvailability");
    const USING: &'static [&'static str] = &[Principals::URI, Availability::URI];
    /// Calendars are needed for the events only.
    const ALSO_USING: &'static [&'static str] = &[Calendars::URI, Dialect::JSCALENDARBIS];
    const IS_READ_ONLY: bool = true;
    const REQUIRED: &'static [&'static str] = &["id", "utcStart", "utcEnd"];
    type Response = GetAvailabilityResponse;

    fn version(session: &Session) -> Version {
        Dialect::of(session).version()
    }

    fn names_account(session: &Session) -> bool {
        Dialect::of(session).names_account_in_availability()
    }
}

/// The response to `Principal/getAvailability`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct GetAvailabilityResponse {
    /// The account.
    pub account_id: Option<Id<Account>>,
    /// When the principal is busy. Servers differ in what they put together: [`merge`] does it again.
    pub list: Vec<BusyPeriod>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    GetAvailabilityResponse: "Principal/getAvailability response" never {
        "accountId" => account_id,
        "list" => list,
    }
    demanded: Self::demanded;
    extra
}

impl GetAvailabilityResponse {
    fn demanded(&self) -> &'static [&'static str] {
        &["list"]
    }
}

/// A time in which somebody is busy (JMAP Calendars, section 2.2).
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct BusyPeriod {
    /// From when on. May be before the time that was asked about.
    pub utc_start: Option<UtcDateTime>,
    /// Until when. May be after the time that was asked about.
    pub utc_end: Option<UtcDateTime>,
    /// How sure that is; `unavailable` if absent.
    pub busy_status: Option<BusyStatus>,
    /// The event, if it was asked for and the user may see it.
    pub event: Option<CalendarEvent>,
    /// The account of the event. No server is known to give it.
    pub account_id: Option<Id<Account>>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    BusyPeriod: "BusyPeriod" never {
        "utcStart" => utc_start,
        "utcEnd" => utc_end,
        "busyStatus" => busy_status,
        "event" => event,
        "accountId" => account_id,
    }
    extra
}

json_model::text_enum! {
    /// How sure it is that somebody is busy (JMAP Calendars, section 2.2).
    pub enum BusyStatus {
        /// The event takes place, and the principal has accepted it.
        Confirmed = "confirmed",
        /// One of the two is not sure.
        Tentative = "tentative",
        /// Anything else.
        Unavailable = "unavailable",
    }
}

impl BusyStatus {
    /// Its place in [`RANKS`]; a vendor's word may mean anything.
    fn rank(&self) -> usize {
        RANKS.iter().position(|status| status == self).unwrap_or(1)
    }
}

/// Puts periods together as the standard wants it (JMAP Calendars, section 2.2): those without an event do not overlap
/// afterwards, and those that touch differ in their status. Where they overlapped, confirmed counts more than unavailable,
/// and unavailable more than tentative. Those with an event stay as they are, behind the others. Periods without a start
/// or an end are left away.
///
/// ```
/// use jmap_calendars::{BusyPeriod, BusyStatus, merge};
///
/// let period = |start: &str, end: &str, status| {
///     let mut period = BusyPeriod::default();
///     period.utc_start = format!("2026-12-01T{start}:00Z").parse().ok();
///     period.utc_end = format!("2026-12-01T{end}:00Z").parse().ok();
///     period.busy_status = Some(status);
///     period
/// };
/// let merged = merge([
///     period("09:00", "10:00", BusyStatus::Tentative),
///     period("09:30", "11:00", BusyStatus::Confirmed),
/// ]);
/// assert_eq!(
///     merged,
///     [period("09:00", "09:30", BusyStatus::Tentative), period("09:30", "11:00", BusyStatus::Confirmed)],
/// );
/// ```
pub fn merge(periods: impl IntoIterator<Item = BusyPeriod>) -> Vec<BusyPeriod> {
    let (mut detailed, bare): (Vec<_>, Vec<_>) =
        periods.into_iter().partition(|period| period.event.is_some());
    let mut edges: Vec<Edge> = bare.iter().filter_map(edges_of).flatten().collect();
    edges.sort_unstable_by_key(|edge| edge.at);
    let mut open = [0_i64; RANKS.len()];
    let mut merged: Vec<BusyPeriod> = Vec::new();
    let mut edges = edges.into_iter().peekable();
    while let Some(Edge { at, rank, step }) = edges.next() {
        if let Some(open) = open.get_mut(rank) {
            *open += step;
        }
        let Some(next) = edges.peek().map(|edge| edge.at).filter(|next| *next > at) else {
            continue;
        };
        let Some(rank) = open.iter().rposition(|open| *open > 0) else { continue };
        add(&mut merged, at, next, &RANKS[rank]);
    }
    merged.append(&mut detailed);
    merged
}

/// A moment at which a period begins or ends.
struct Edge {
    at: UtcDateTime,
    rank: usize,
    step: i64,
}

fn edges_of(period: &BusyPeriod) -> Option<[Edge; 2]> {
    let (start, end) = period.utc_start.zip(period.utc_end).filter(|(start, end)| start < end)?;
    let rank = period.busy_status.as_ref().unwrap_or(&BusyStatus::Unavailable).rank();
    Some([Edge { at: start, rank, step: 1 }, Edge { at: end, rank, step: -1 }])
}

/// Adds a period behind all others, or makes the last one longer.
fn add(merged: &mut Vec<BusyPeriod>, start: UtcDateTime, end: UtcDateTime, status: &BusyStatus) {
    match merged.last_mut() {
        Some(last) if last.utc_end == Some(start) && last.busy_status.as_ref() == Some(status) => {
            last.utc_end = Some(end);
        }
        _ => merged.push(BusyPeriod {
            utc_start: Some(start),
            utc_end: Some(end),
            busy_status: Some(status.clone()),
            ..BusyPeriod::default()
        }),
    }
}

/// The statuses, the one that counts least first.
const RANKS: [BusyStatus; 3] =
    [BusyStatus::Tentative, BusyStatus::Unavailable, BusyStatus::Confirmed];
