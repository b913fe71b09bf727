//! `Calendar` (JMAP Calendars, section 4).

use jmap_calendars::{Calendar, SetCalendars};
use jmap_core::object::Object;
use jmap_core::server::Context;
use jmap_core::{
    ChangesArguments, ChangesResponse, GetArguments, GetResponse, Id, Json, MethodError, SetError,
    SetErrorKind, SetResponse, Updated, Version,
};
use rusqlite::params;

use crate::account::Somebody;
use crate::kept::{self, Kept, Refusal, Who};
use crate::store::{Kind, StoreError, Work};

/// The calendar that every account begins with.
const FIRST: &str = "C1";

pub(crate) async fn get(
    context: Context<Somebody>,
    get: GetArguments<Calendar>,
) -> Result<GetResponse<Calendar>, MethodError> {
    kept::get(&context, get)
}

pub(crate) async fn changes(
    context: Context<Somebody>,
    changes: ChangesArguments<Calendar>,
) -> Result<ChangesResponse<Calendar>, MethodError> {
    kept::changes(&context, changes)
}

pub(crate) async fn set(
    context: Context<Somebody>,
    set: SetCalendars,
) -> Result<SetResponse<Calendar>, MethodError> {
    let mut who = Who::of(&context, set.set.account_id.as_ref());
    who.removes_events = set.on_destroy_remove_events == Some(true);
    let default = set.on_success_set_is_default.clone();
    let mut response = kept::set(&context, &who, set.set)?;
    let is_success = response.not_created.is_empty()
        && response.not_updated.is_empty()
        && response.not_destroyed.is_empty();
    if let Some(id) = default.and_then(|id| context.resolve(&id)).filter(|_| is_success) {
        context.user().store.write(|work| make_default(work, &who, &id, &mut response))?;
    }
    Ok(response)
}

/// Gives a new account its calendar.
pub(crate) fn add_first(work: &Work<'_>, account: &str) -> Result<(), StoreError> {
    let mut calendar = Calendar::new("Calendar");
    complete(&mut calendar);
    calendar.id = Some(Id::any(FIRST));
    calendar.is_default = Some(true);
    let json = Json::from_serialize(&calendar).unwrap_or_else(|_| Json::null());
    work.put(account, Calendar::TYPE, FIRST, &json, Kind::Created)
}

/// The defaults of one's own calendars (JMAP Calendars, section 4).
fn complete(calendar: &mut Calendar) {
    let rights = jmap_calendars::CalendarRights::owner();
    calendar.my_rights = Some(rights);
    calendar.is_default = calendar.is_default.or(Some(false));
    calendar.sort_order = calendar.sort_order.or(Some(0));
    calendar.is_subscribed = calendar.is_subscribed.or(Some(true));
    calendar.is_visible = calendar.is_visible.or(Some(true));
    calendar.include_in_availability.get_or_insert(jmap_calendars::IncludeInAvailability::All);
}

impl Kept for Calendar {
    const LETTER: char = 'C';
    const FIXED: &'static [&'static str] = &["id", "isDefault", "myRights"];

    fn set_id(&mut self, id: Id<Self>) {
        self.id = Some(id);
    }

    fn check(&mut self, _: Option<&Self>, _: &Work<'_>, _: &Who) -> Result<(), Refusal> {
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
        complete(self);
        Ok(())
    }

    fn unindex(&self, id: &str, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        let events = work.events_in(&who.account, id)?;
        if !events.is_empty() && !who.removes_events {
            return Err(SetError::new("calendarHasEvent").into());
        }
        if self.is_default == Some(true) {
            return Err(SetError::new(SetErrorKind::Forbidden)
                .description("it is the default calendar: make another one the default first")
                .into());
        }
        for event in events {
            crate::calendar_event::leave(work, who, &event, id)?;
        }
        Ok(())
    }
}

/// A colour of CSS, or three or six hexadecimal digits (JMAP Calendars, section 4).
fn is_color(text: &str) -> bool {
    let is_short = text.len() == 4
        && text.strip_prefix('#').is_some_and(|it| it.bytes().all(|it| it.is_ascii_hexdigit()));
    is_short || jscalendar::is_color(&text.to_ascii_lowercase(), Version::V2_0)
}

/// Makes one calendar the default one, and no other; an id that does not exist changes nothing.
fn make_default(
    work: &Work<'_>,
    who: &Who,
    id: &Id<Calendar>,
    response: &mut SetResponse<Calendar>,
) -> Result<(), MethodError> {
    if work.object(&who.account, Calendar::TYPE, id.as_str())?.is_none() {
        return Ok(());
    }
    for json in work.objects(&who.account, Calendar::TYPE)? {
        let Some(mut calendar) = kept::parsed::<Calendar>(&json) else { continue };
        let Some(other) = calendar.id.clone() else { continue };
        let is_default = other == *id;
        if calendar.is_default == Some(is_default) {
            continue;
        }
        calendar.is_default = Some(is_default);
        let Ok(json) = kept::json_of(&calendar) else { continue };
        work.put(&who.account, Calendar::TYPE, other.as_str(), &json, Kind::Updated)?;
        tell(response, other, is_default);
    }
    response.new_state = Some(kept::state(work, &who.account)?);
    Ok(())
}

/// Says in the response what became of `isDefault`.
fn tell(response: &mut SetResponse<Calendar>, id: Id<Calendar>, is_default: bool) {
    let created = response.created.values_mut().find(|created| created.id == id);
    let json = match created {
        Some(created) => &mut created.json,
        None => {
            let updated = response.updated.get_or_insert_with(id, Updated::default);
            updated.json.get_or_insert_with(|| Json::from(serde_json::json!({})))
        }
    };
    if let Ok(serde_json::Value::Object(mut members)) = json.to_value() {
        members.insert("isDefault".to_owned(), is_default.into());
        *json = Json::from(serde_json::Value::Object(members));
    }
}

impl Work<'_> {
    /// The events of a calendar.
    fn events_in(&self, account: &str, calendar: &str) -> Result<Vec<String>, StoreError> {
        let mut query = self.transaction.prepare_cached(
            "SELECT event FROM event_in_calendar WHERE account = ?1 AND calendar = ?2",
        )?;
        let rows = query.query_map(params![account, calendar], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
