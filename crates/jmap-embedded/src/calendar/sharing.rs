//! Sharing calendars with other users (JMAP Calendars, section 4; RFC 9670).

use std::collections::BTreeSet;

use jmap_calendars::{Calendar, CalendarEvent, CalendarRights};
use jmap_core::object::Object;
use jmap_core::{Map, SetError, SetErrorKind};

use crate::access::{Access, RIGHTS};
use crate::kept::{self, Refusal, Who};
use crate::store::{Kind, Log, StoreError, Work};
use crate::{principal, share_notification};

/// Says what somebody must not do with a calendar. What everybody has of their own, everybody may change.
pub(super) fn permit(
    before: Option<&Calendar>,
    after: Option<&Calendar>,
    access: &Access,
) -> Result<(), Refusal> {
    if access.is_owner() {
        return Ok(());
    }
    let forbidden =
        |text: &str| Err(SetError::new(SetErrorKind::Forbidden).description(text).into());
    let Some(before) = before else { return forbidden("only the owner creates calendars here") };
    let rights = access.rights(before.id.as_ref().map_or("", |id| id.as_str()));
    let Some(after) = after else {
        return match rights.may_delete {
            Some(true) => Ok(()),
            _ => forbidden("it needs mayDelete"),
        };
    };
    if before.description != after.description {
        return forbidden("only the owner changes the description");
    }
    if before.share_with == after.share_with {
        return Ok(());
    }
    if rights.may_share != Some(true) {
        return forbidden("it needs mayShare");
    }
    if grants_more(before, after, &rights) {
        return forbidden("nobody gives rights that they do not have");
    }
    Ok(())
}

/// Whether `after` gives somebody a right that neither they had nor the giver has.
fn grants_more(before: &Calendar, after: &Calendar, own: &CalendarRights) -> bool {
    let nothing = CalendarRights::default();
    after.share_with.iter().flat_map(Map::iter).any(|(id, rights)| {
        let had = before.share_with.as_ref().and_then(|all| all.get(id)).unwrap_or(&nothing);
        RIGHTS.iter().any(|(_, right)| {
            let has = |rights: &CalendarRights| right(rights) == Some(true);
            has(rights) && !has(had) && !has(own)
        })
    })
}

/// Completes with whom a calendar is shared, and says what is wrong with it.
pub(super) fn check(
    calendar: &mut Calendar,
    before: Option<&Calendar>,
    work: &Work<'_>,
    who: &Who,
) -> Result<(), Refusal> {
    let Some(mut all) = calendar.share_with.take() else { return Ok(()) };
    let known = before.and_then(|before| before.share_with.as_ref());
    for (id, rights) in all.iter_mut() {
        let account = principal::account_of(id);
        let is_known = known.is_some_and(|known| known.contains_key(id));
        if account == who.account || (!is_known && !work.has_user(account)?) {
            return Err(SetError::invalid_properties(["shareWith"])
                .description(format!("it cannot be shared with {}", id.as_str()))
                .into());
        }
        if !rights.extra.is_empty() {
            return Err(SetError::invalid_properties(["shareWith"])
                .description("there are rights in it that there are not")
                .into());
        }
        complete(rights);
    }
    all.retain(|_, rights| RIGHTS.iter().any(|(_, right)| right(rights) == Some(true)));
    calendar.share_with = (!all.is_empty()).then_some(all);
    Ok(())
}

/// Who may write everything may also do what is less.
fn complete(rights: &mut CalendarRights) {
    if rights.may_write_all == Some(true) {
        rights.may_write_own = Some(true);
        rights.may_update_private = Some(true);
        rights.may_rsvp = Some(true);
    }
}

/// Makes the tables know with whom a calendar is shared, and tells those for whom that is new.
pub(super) fn index(
    id: &str,
    calendar: &Calendar,
    work: &Work<'_>,
    who: &Who,
) -> Result<(), Refusal> {
    let with: Map<String, &CalendarRights> = calendar
        .share_with
        .iter()
        .flat_map(Map::iter)
        .map(|(id, rights)| (principal::account_of(id).to_owned(), rights))
        .collect();
    let mut users: BTreeSet<String> = work.guests_of(&who.account, id)?;
    users.extend(with.keys().cloned());
    for user in users {
        change(id, calendar, &user, with.get(&user).copied(), work, who)?;
    }
    Ok(())
}

/// The end of a calendar for those with whom it is shared.
pub(super) fn end(
    id: &str,
    calendar: &Calendar,
    work: &Work<'_>,
    who: &Who,
) -> Result<(), Refusal> {
    for user in work.guests_of(&who.account, id)? {
        change(id, calendar, &user, None, work, who)?;
    }
    Ok(())
}

/// Changes what a user may do.
fn change(
    id: &str,
    calendar: &Calendar,
    user: &str,
    rights: Option<&CalendarRights>,
    work: &Work<'_>,
    who: &Who,
) -> Result<(), Refusal> {
    let old = work.shared(&who.account, id, user)?;
    if old.as_ref() == rights {
        return Ok(());
    }
    let before = work.access(&who.account, user)?;
    work.share(&who.account, id, user, rights)?;
    if rights.is_none() {
        work.put_own(&who.account, Calendar::TYPE, id, user, None)?;
    }
    let after = work.access(&who.account, user)?;
    note_events(id, user, &before, &after, work, who)?;
    principal::changed_for(user, &who.account, work)?;
    if user != &*who.user.account {
        share_notification::add(calendar, user, (old.as_ref(), rights), work, who)?;
    }
    Ok(())
}

/// Events come into sight, or go out of it; and those that are seen otherwise as well are in one calendar more, or less.
fn note_events(
    calendar: &str,
    user: &str,
    before: &Access,
    after: &Access,
    work: &Work<'_>,
    who: &Who,
) -> Result<(), Refusal> {
    let owner = who.as_owner(work)?;
    let log = Log { account: &who.account, object: CalendarEvent::TYPE, user };
    if before.sees(calendar) == after.sees(calendar)
        && before.may(calendar, |it| it.may_read_items)
            == after.may(calendar, |it| it.may_read_items)
    {
        return Ok(());
    }
    for id in work.events_in(&who.account, calendar)? {
        let Some(event) = kept::existing::<CalendarEvent>(&id, work, &owner)? else { continue };
        let sees = |access| kept::Kept::is_visible(&event, access);
        let (saw, sees) = (sees(before), sees(after));
        if let Some(kind) = Kind::between(saw, sees) {
            work.note(log, &id, kind)?;
        }
    }
    Ok(())
}

impl Work<'_> {
    fn guests_of(&self, account: &str, calendar: &str) -> Result<BTreeSet<String>, StoreError> {
        let mut query = self
            .transaction
            .prepare_cached("SELECT user FROM share WHERE account = ?1 AND collection = ?2")?;
        let users = query.query_map([account, calendar], |row| row.get(0))?;
        Ok(users.collect::<Result<_, _>>()?)
    }
}
