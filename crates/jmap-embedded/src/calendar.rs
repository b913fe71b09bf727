//! `Calendar` (JMAP Calendars, section 4).

mod sharing;

use jmap_calendars::{Calendar, CalendarRights, IncludeInAvailability, SetCalendars};
use jmap_core::server::Context;
use jmap_core::{
    GetArguments, GetResponse, Id, Json, Map, MethodError, SetError, SetErrorKind, SetResponse,
    Version,
};
use jscalendar::{Alert, Trigger};
use rusqlite::params;

use crate::access::Access;
use crate::account::Somebody;
use crate::kept::{self, Defaultable, Kept, Refusal, Who};
use crate::store::{StoreError, Work};

/// The calendar that every account begins with.
const FIRST: &str = "C1";

pub(crate) fn get(
    context: &Context<Somebody>,
    get: GetArguments<Calendar>,
) -> Result<GetResponse<Calendar>, MethodError> {
    kept::get_shown(context, get, spell_out)
}

pub(crate) fn set(
    context: &Context<Somebody>,
    set: SetCalendars,
) -> Result<SetResponse<Calendar>, MethodError> {
    let mut who = Who::of(context, set.set.account_id.as_ref());
    who.removes_content = set.on_destroy_remove_events == Some(true);
    let default = set.on_success_set_is_default.clone();
    kept::set_with_default(context, &who, set.set, default)
}

/// Gives a new account its calendar.
pub(crate) fn add_first(work: &Work<'_>, owner: &Somebody) -> Result<(), StoreError> {
    let mut calendar = Calendar::new("Calendar");
    calendar.id = Some(Id::any(FIRST));
    calendar.is_default = Some(true);
    let who = Who::new(owner.clone(), &owner.account);
    kept::put(FIRST, None, &calendar, work, &who).or_else(Refusal::only_store)
}

/// Says what is not set, and which rights there are not: all properties are in a response that names none (RFC 8620,
/// section 5.1).
fn spell_out(calendar: &mut Calendar) {
    let shared = calendar.share_with.iter_mut().flat_map(Map::values_mut);
    shared.chain(&mut calendar.my_rights).for_each(deny_others);
    let unset = [
        ("description", calendar.description.is_none()),
        ("color", calendar.color.is_none()),
        ("timeZone", calendar.time_zone.is_none()),
        ("defaultAlertsWithTime", calendar.default_alerts_with_time.is_none()),
        ("defaultAlertsWithoutTime", calendar.default_alerts_without_time.is_none()),
        ("shareWith", calendar.share_with.is_none()),
    ];
    for (name, _) in unset.into_iter().filter(|(_, is_unset)| *is_unset) {
        calendar.extra.insert(name.to_owned(), Json::null());
    }
}

fn deny_others(rights: &mut CalendarRights) {
    let all = [
        &mut rights.may_read_free_busy,
        &mut rights.may_read_items,
        &mut rights.may_write_all,
        &mut rights.may_write_own,
        &mut rights.may_update_private,
        &mut rights.may_rsvp,
        &mut rights.may_share,
        &mut rights.may_delete,
    ];
    all.into_iter().for_each(|right| _ = right.get_or_insert(false));
}

impl Kept for Calendar {
    const LETTER: char = 'C';
    const FIXED: &'static [&'static str] = &["id", "isDefault", "myRights"];
    const OWN: &'static [&'static str] = &[
        "sortOrder",
        "isSubscribed",
        "isVisible",
        "includeInAvailability",
        "defaultAlertsWithTime",
        "defaultAlertsWithoutTime",
    ];
    const INHERITED: &'static [&'static str] = &["name", "color", "timeZone"];
    const COMPUTED: &'static [&'static str] = &["myRights"];

    fn set_id(&mut self, id: Id<Self>) {
        self.id = Some(id);
    }

    fn is_visible(&self, access: &Access) -> bool {
        self.id.as_ref().is_some_and(|id| access.sees(id.as_str()))
    }

    /// With the defaults of the user: those of the owner differ from those of others (JMAP Calendars, section 4).
    fn seen_by(mut self, work: &Work<'_>, who: &Who) -> Result<Self, StoreError> {
        let access = who.access(work)?;
        let rights = access.rights(self.id.as_ref().map_or("", Id::as_str));
        if rights.may_share != Some(true) {
            self.share_with = None;
        }
        self.my_rights = Some(rights);
        let is_own = access.is_owner();
        self.is_default.get_or_insert(false);
        self.sort_order.get_or_insert(0);
        self.is_subscribed.get_or_insert(is_own);
        self.is_visible.get_or_insert(true);
        self.include_in_availability.get_or_insert(if is_own {
            IncludeInAvailability::All
        } else {
            IncludeInAvailability::None
        });
        Ok(self)
    }

    fn keep_hidden(&mut self, whole: &Self, seen: &Self) {
        if seen.share_with.is_none() && self.share_with.is_none() {
            self.share_with = whole.share_with.clone();
        }
    }

    fn permit(
        before: Option<&Self>,
        after: Option<&Self>,
        work: &Work<'_>,
        who: &Who,
    ) -> Result<(), Refusal> {
        sharing::permit(before, after, who.access(work)?)
    }

    fn check(&mut self, before: Option<&Self>, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        let invalid = |name: &str| Err(SetError::invalid_properties([name]).into());
        if !self.extra.is_empty() {
            return Err(SetError::invalid_properties(self.extra.keys().cloned()).into());
        }
        let length = self.name.as_ref().map_or(0, String::len);
        if !(1..=255).contains(&length) {
            return invalid("name");
        }
        if self.color.as_deref().is_some_and(|color| !is_color(color)) {
            return invalid("color");
        }
        if self.sort_order.is_some_and(|order| order >= 1 << 31) {
            return invalid("sortOrder");
        }
        if self.time_zone.as_ref().is_some_and(|zone| !zone.is_iana()) {
            return invalid("timeZone");
        }
        if matches!(self.include_in_availability, Some(IncludeInAvailability::Other(_))) {
            return invalid("includeInAvailability");
        }
        check_alerts(self, work, who)?;
        sharing::check(self, before, work, who)
    }

    fn index(&self, id: &str, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        sharing::index(id, self, work, who)
    }

    fn index_own(&self, id: &str, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        let is_subscribed = self.is_subscribed == Some(true);
        Ok(work.subscribe(&who.account, id, &who.user.account, is_subscribed)?)
    }

    fn unindex(&self, id: &str, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        let events = work.events_in(&who.account, id)?;
        if !events.is_empty() && !who.removes_content {
            return Err(SetError::new("calendarHasEvent").into());
        }
        if self.is_default == Some(true) {
            return Err(SetError::new(SetErrorKind::Forbidden)
                .description("it is the default calendar: make another one the default first")
                .into());
        }
        for event in events {
            crate::calendar_event::leave(&event, id, work, who)?;
        }
        sharing::end(id, self, work, who)
    }
}

impl Defaultable for Calendar {
    fn is_default(&mut self) -> &mut Option<bool> {
        &mut self.is_default
    }
}

/// The ids of default alerts are unique in all calendars of a user, and none is at a fixed time (JMAP Calendars, section 4).
fn check_alerts(calendar: &Calendar, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
    let others: Vec<Calendar> =
        match (&calendar.default_alerts_with_time, &calendar.default_alerts_without_time) {
            (None, None) => return Ok(()),
            _ => kept::all_seen(work, who)?,
        };
    let others = others.iter().filter(|other| other.id != calendar.id);
    let mut known: Vec<&jscalendar::Id> = others.flat_map(alert_ids).collect();
    for (name, alerts) in alerts(calendar) {
        let is_absolute = |alert: &Alert| matches!(alert.trigger, Some(Trigger::Absolute(_)));
        if alerts.iter().any(|(id, alert)| known.contains(&id) || is_absolute(alert)) {
            return Err(SetError::invalid_properties([name]).into());
        }
        known.extend(alerts.keys());
    }
    Ok(())
}

fn alert_ids(calendar: &Calendar) -> impl Iterator<Item = &jscalendar::Id> {
    alerts(calendar).flat_map(|(_, alerts)| alerts.keys())
}

fn alerts(
    calendar: &Calendar,
) -> impl Iterator<Item = (&'static str, &Map<jscalendar::Id, Alert>)> {
    let with_time = calendar.default_alerts_with_time.as_ref();
    let without_time = calendar.default_alerts_without_time.as_ref();
    with_time
        .map(|alerts| ("defaultAlertsWithTime", alerts))
        .into_iter()
        .chain(without_time.map(|alerts| ("defaultAlertsWithoutTime", alerts)))
}

/// A colour of CSS, or three or six hexadecimal digits (JMAP Calendars, section 4).
pub(crate) fn is_color(text: &str) -> bool {
    let is_short = text.len() == 4
        && text.strip_prefix('#').is_some_and(|it| it.bytes().all(|it| it.is_ascii_hexdigit()));
    is_short || jscalendar::is_color(&text.to_ascii_lowercase(), Version::V2_0)
}

impl Work<'_> {
    /// The events of a calendar.
    pub(crate) fn events_in(
        &self,
        account: &str,
        calendar: &str,
    ) -> Result<Vec<String>, StoreError> {
        let mut query = self.transaction.prepare_cached(
            "SELECT event FROM event_in_calendar WHERE account = ?1 AND calendar = ?2",
        )?;
        let rows = query.query_map(params![account, calendar], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
