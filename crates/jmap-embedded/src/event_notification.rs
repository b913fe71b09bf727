//! `CalendarEventNotification` (JMAP Calendars, section 6): what others did to the events of an account.
//!
//! All who see the event see the same notification, and each dismisses it for themselves.

use jmap_calendars::{
    CalendarEvent, CalendarEventNotification, EventNotificationCondition, EventNotificationSortBy,
    EventNotificationType, Person,
};
use jmap_core::object::Object;
use jmap_core::server::{Context, User};
use jmap_core::{Id, Json, PatchObject, Version};

use rusqlite::params;

use crate::access::Access;
use crate::account::Somebody;
use crate::calendar_event::shared::shared;
use crate::kept::{self, Change, Kept, Refusal, Searched, Who};
use crate::occurrence::Recurs;
use crate::store::{Kind, Log, StoreError, Work};
use crate::{clock, principal};

/// How many notifications an account has at most: the oldest go first.
const MOST: i64 = 1_000;

/// Of the user: whether they do not want to see it any more.
const DISMISSED: &str = "dismissed";

/// Notes a change for all who see the event and want to, but for who made it.
pub(crate) fn follow(
    change: &Change<CalendarEvent>,
    work: &Work<'_>,
    who: &Who,
) -> Result<(), Refusal> {
    let Some(event) = change.after.as_ref().or(change.before.as_ref()) else { return Ok(()) };
    let (mut is_told, mut others) = (false, Vec::new());
    for (user, access) in work.audience(&who.account)? {
        let is_own_change = who.message.is_none() && *user == *who.user.account;
        if is_own_change || !work.follows(&user, event, &who.account)? {
            others.push((user, access));
        } else {
            is_told = true;
        }
    }
    if !is_told {
        return Ok(());
    }
    let Some(mut notification) = of(change) else { return Ok(()) };
    notification.changed_by = Some(person(who));
    // In the order of time, so that the first one is the oldest.
    let id = format!("{}{}", CalendarEventNotification::LETTER, uuid::Uuid::now_v7().simple());
    notification.id = Some(Id::any(id.as_str()));
    notification.created = clock::now().and_then(|now| now.to_string().parse().ok());
    let owner = who.as_owner(work)?;
    kept::put(&id, None, &notification, work, &owner)?;
    for (user, access) in others {
        work.dismiss(&id, &user, &who.account)?;
        if notification.is_visible(&access) {
            let log =
                Log { account: &who.account, object: CalendarEventNotification::TYPE, user: &user };
            work.note(log, &id, Kind::Destroyed)?;
        }
    }
    drop_oldest(work, &owner)
}

impl Work<'_> {
    /// Whether a user is subscribed to a calendar of an event. Owners are to all of theirs.
    fn follows(
        &self,
        user: &str,
        event: &CalendarEvent,
        account: &str,
    ) -> Result<bool, StoreError> {
        if user == account {
            return Ok(true);
        }
        let mut query = self.transaction.prepare_cached(
            "SELECT 1 FROM share
             WHERE account = ?1 AND collection = ?2 AND user = ?3 AND is_subscribed",
        )?;
        for calendar in event.calendar_ids.iter() {
            if query.exists(params![account, calendar.as_str(), user])? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Notes that a user does not want to see a notification.
    fn dismiss(&self, id: &str, user: &str, account: &str) -> Result<(), StoreError> {
        let dismissed = Json::from(serde_json::json!({DISMISSED: true}));
        let object = CalendarEventNotification::TYPE;
        self.put_own(account, object, id, user, Some(&dismissed))
    }
}

/// What there is to tell; nothing, if only the user's own properties changed.
fn of(change: &Change<CalendarEvent>) -> Option<CalendarEventNotification> {
    let (before, after) = (change.before.as_ref().map(shared), change.after.as_ref().map(shared));
    let mut notification = CalendarEventNotification::default();
    notification.calendar_event_id = Some(Id::any(change.id.as_str()));
    notification.is_draft = after.as_ref().map(|after| after.is_draft == Some(true));
    let (kind, event) = match (before, after) {
        (Some(before), Some(after)) => {
            let patch = before.patch_to(&after, Version::V2_0);
            let patch =
                patch.0.into_iter().filter(|(pointer, _)| !CalendarEvent::is_outer(pointer));
            let patch = PatchObject(patch.collect());
            if !patch.0.keys().any(|pointer| !["updated", "sequence"].contains(&pointer.as_str())) {
                return None;
            }
            notification.event_patch = Some(patch);
            (EventNotificationType::Updated, before)
        }
        (Some(before), None) => (EventNotificationType::Destroyed, before),
        (None, after) => (EventNotificationType::Created, after?),
    };
    notification.notification_type = Some(kind);
    notification.event = Some(event);
    Some(notification)
}

/// Who made a change: a user, or somebody by a message.
fn person(who: &Who) -> Person {
    let mut person = Person::default();
    let address = match &who.message {
        Some(sender) => {
            person.name = Some(sender.name.clone().unwrap_or_default());
            sender.address.clone()
        }
        None => {
            person.name = Some(who.user.name().to_owned());
            person.principal_id = Some(principal::id_of(&who.user.account));
            who.user.address.to_string()
        }
    };
    person.email = address.strip_prefix("mailto:").map(ToOwned::to_owned);
    person.calendar_address = Some(address);
    person
}

fn drop_oldest(work: &Work<'_>, owner: &Who) -> Result<(), Refusal> {
    let mut query = work.transaction.prepare_cached(
        "SELECT min(id) FROM object WHERE account = ?1 AND type = ?2 HAVING count(*) > ?3",
    )?;
    let mut rows = query.query(params![owner.account, CalendarEventNotification::TYPE, MOST])?;
    let oldest: Option<String> = rows.next()?.map(|row| row.get(0)).transpose()?;
    let Some(oldest) = oldest else { return Ok(()) };
    match kept::whole::<CalendarEventNotification>(&oldest, work, owner)? {
        Some(object) => kept::remove(&oldest, &object, work, owner),
        None => Ok(()),
    }
}

impl Kept for CalendarEventNotification {
    const LETTER: char = 'N';
    const FIXED: &'static [&'static str] = &[];
    const OWN: &'static [&'static str] = &[DISMISSED];

    fn set_id(&mut self, id: Id<Self>) {
        self.id = Some(id);
    }

    fn is_visible(&self, access: &Access) -> bool {
        let sees = |event: &CalendarEvent| event.is_visible(access);
        !self.extra.contains_key(DISMISSED) && self.event.as_ref().is_some_and(sees)
    }

    /// Of the event, what is in the account is left out, and what the user does not see of it.
    fn seen_by(mut self, work: &Work<'_>, who: &Who) -> Result<Self, StoreError> {
        let Some(event) = self.event.take() else { return Ok(self) };
        let mut seen = event.clone().seen_by(work, who)?;
        if seen != event {
            // What changed about the rest is not theirs to know.
            self.event_patch = self.event_patch.map(|_| PatchObject::new());
        }
        (seen.id, seen.base_event_id, seen.calendar_ids) = (None, None, Default::default());
        (seen.is_draft, seen.is_origin) = (None, None);
        self.event = Some(seen);
        Ok(self)
    }

    fn with_patch(&self, _: &str, _: &PatchObject) -> Result<Self, Refusal> {
        Err(kept::only_destroyed())
    }

    fn without(&self, _: &str) -> Result<Option<Self>, Refusal> {
        let mut dismissed = self.clone();
        dismissed.extra.insert(DISMISSED.to_owned(), Json::from(true));
        Ok(Some(dismissed))
    }

    fn permit(
        before: Option<&Self>,
        _: Option<&Self>,
        _: &Work<'_>,
        _: &Who,
    ) -> Result<(), Refusal> {
        if before.is_none() { Err(kept::only_destroyed()) } else { Ok(()) }
    }
}

/// JMAP Calendars, section 6.5.
impl Searched for CalendarEventNotification {
    fn check_condition(
        condition: &EventNotificationCondition,
        _: &Context<Somebody>,
    ) -> Result<(), String> {
        condition.extra.keys().next().map_or(Ok(()), |name| Err(name.clone()))
    }

    fn matches(&self, condition: &EventNotificationCondition) -> bool {
        let events = condition.calendar_event_ids.as_ref();
        condition.after.is_none_or(|after| self.created >= Some(after))
            && condition.before.is_none_or(|before| self.created < Some(before))
            && (condition.notification_type.is_none()
                || condition.notification_type == self.notification_type)
            && events
                .is_none_or(|ids| ids.iter().any(|id| self.calendar_event_id.as_ref() == Some(id)))
    }

    fn key(&self, by: Option<&EventNotificationSortBy>) -> Option<String> {
        match by {
            Some(EventNotificationSortBy::Created) => {
                Some(self.created.map(|created| created.to_string()).unwrap_or_default())
            }
            None => Some(self.id.as_ref().map(ToString::to_string).unwrap_or_default()),
            Some(_) => None,
        }
    }
}
