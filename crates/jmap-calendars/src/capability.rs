//! What servers say about calendars (JMAP Calendars, section 1.5).

use jmap_core::capability::{Capability, Nothing};
use jmap_core::{Account, Id, Json, Map, json_model};
use jscalendar::Duration;

/// `urn:ietf:params:jmap:calendars`: the account has calendars.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "only a name")]
pub struct Calendars;

impl Capability for Calendars {
    const URI: &'static str = "urn:ietf:params:jmap:calendars";
    type Session = Nothing;
    type Account = CalendarsAccount;
}

/// The limits of the calendars of an account.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CalendarsAccount {
    /// In how many calendars an event can be; any number if absent.
    pub max_calendars_per_event: Option<u64>,
    /// The earliest moment that the server takes anywhere in an event. A moment in UTC, but older servers leave the `Z`
    /// or the time away, so it stays text.
    pub min_date_time: Option<String>,
    /// The latest one.
    pub max_date_time: Option<String>,
    /// How far `after` and `before` may be apart in a query for occurrences.
    pub max_expanded_query_duration: Option<Duration>,
    /// How many people can take part in an event; any number if absent.
    pub max_participants_per_event: Option<u64>,
    /// Whether the user may create calendars.
    pub may_create_calendar: Option<bool>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    CalendarsAccount: "calendars capability" never {
        "maxCalendarsPerEvent" => max_calendars_per_event,
        "minDateTime" => min_date_time,
        "maxDateTime" => max_date_time,
        "maxExpandedQueryDuration" => max_expanded_query_duration,
        "maxParticipantsPerEvent" => max_participants_per_event,
        "mayCreateCalendar" => may_create_calendar,
    }
    extra
}

/// `urn:ietf:params:jmap:principals:availability`: it can be asked when somebody is busy.
///
/// One server does not announce it, although it has the method.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "only a name")]
pub struct Availability;

impl Capability for Availability {
    const URI: &'static str = "urn:ietf:params:jmap:principals:availability";
    type Session = Nothing;
    type Account = AvailabilityAccount;
}

/// The limit of questions when somebody is busy.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct AvailabilityAccount {
    /// The longest time that can be asked about.
    pub max_availability_duration: Option<Duration>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    AvailabilityAccount: "availability capability" never {
        "maxAvailabilityDuration" => max_availability_duration,
    }
    extra
}

/// `urn:ietf:params:jmap:calendars:parse`: the server turns iCalendar blobs into events.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "only a name")]
pub struct Parse;

impl Capability for Parse {
    const URI: &'static str = "urn:ietf:params:jmap:calendars:parse";
    type Session = Nothing;
    type Account = Nothing;
}

/// `urn:ietf:params:jmap:calendars:preferences`: what the 2023 draft had in the place of
/// [`SetCalendars::on_success_set_is_default`](crate::SetCalendars).
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "only a name")]
pub struct Preferences;

impl Capability for Preferences {
    const URI: &'static str = "urn:ietf:params:jmap:calendars:preferences";
    type Session = Nothing;
    type Account = Nothing;
}

/// What can be done about the calendars of a [`Principal`](jmap_sharing::Principal) (JMAP Calendars, section 2):
/// [`PrincipalCalendars::of`] reads it.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PrincipalCalendars {
    /// The account with the calendars of the principal, if the user may see anything of it.
    pub account_id: Option<Id<Account>>,
    /// Whether the user may ask when the principal is busy.
    pub may_get_availability: Option<bool>,
    /// Whether calendars can be shared with the principal.
    pub may_share_with: Option<bool>,
    /// The URI under which the principal is invited; absent if it cannot be.
    pub calendar_address: Option<String>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! {
    PrincipalCalendars: "calendars of a principal" never {
        "accountId" => account_id,
        "mayGetAvailability" => may_get_availability,
        "mayShareWith" => may_share_with,
        "calendarAddress" (V2_0) => calendar_address,
    }
    read: PrincipalCalendars::lift;
    extra
}

impl PrincipalCalendars {
    /// What a principal says of its calendars.
    ///
    /// The standard has it in `capabilities`. One server has it under the principal's account, and another one right in
    /// the principal; what is missing in one place is taken from the next.
    ///
    /// ```
    /// use jmap_calendars::capability::PrincipalCalendars;
    /// use jmap_sharing::Principal;
    ///
    /// let text = r#"{"id":"p1","capabilities":{"urn:ietf:params:jmap:calendars":{"calendarAddress":"mailto:a@example.com"}}}"#;
    /// let principal: Principal = serde_json::from_str(text)?;
    /// let address = PrincipalCalendars::of(&principal).calendar_address;
    /// assert_eq!(address.as_deref(), Some("mailto:a@example.com"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn of(principal: &jmap_sharing::Principal) -> Self {
        let mut said: Self = principal.capability(Calendars::URI).unwrap_or_default();
        let accounts = principal.accounts.values();
        for json in accounts.filter_map(|it| it.account_capabilities.get(Calendars::URI)) {
            if let Ok(parsed) = json_model::from_str::<Self>(json.as_str()) {
                said.add(parsed.value);
            }
        }
        let flat = Json::from_serialize(&principal.extra).unwrap_or_else(|_| Json::null());
        if let Ok(parsed) = json_model::from_str::<Self>(flat.as_str()) {
            said.add(Self { extra: Map::new(), ..parsed.value });
        }
        said
    }

    fn add(&mut self, other: Self) {
        self.account_id = self.account_id.take().or(other.account_id);
        self.may_get_availability = self.may_get_availability.or(other.may_get_availability);
        self.may_share_with = self.may_share_with.or(other.may_share_with);
        self.calendar_address = self.calendar_address.take().or(other.calendar_address);
    }

    /// The 2023 draft has a map of addresses, by the method of scheduling.
    fn lift(&mut self, _: &mut json_model::Reader) {
        crate::dialect::lift_address(&mut self.calendar_address, &mut self.extra);
    }
}
