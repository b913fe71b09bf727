//! `ShareNotification` (RFC 9670, section 3): what others shared with a user, in the account of the user.

use jmap_calendars::{Calendar, CalendarRights};
use jmap_core::object::Object;
use jmap_core::server::{Context, User};
use jmap_core::{Id, Map};
use jmap_sharing::{
    Entity, ShareNotification, ShareNotificationCondition, ShareNotificationSortBy,
};

use crate::access::RIGHTS;
use crate::account::Somebody;
use crate::kept::{self, Kept, Refusal, Searched, Who};
use crate::store::Work;
use crate::{clock, principal};

/// Tells a user that somebody changed what they may do with a calendar.
pub(crate) fn add(
    calendar: &Calendar,
    user: &str,
    (old, new): (Option<&CalendarRights>, Option<&CalendarRights>),
    work: &Work<'_>,
    who: &Who,
) -> Result<(), Refusal> {
    let Some(receiver) = work.owner_of(&who.user.store, user)? else { return Ok(()) };
    let mut entity = Entity::default();
    entity.name = Some(who.user.name().to_owned());
    entity.email = who.user.address.strip_prefix("mailto:").map(ToOwned::to_owned);
    entity.principal_id = Some(principal::id_of(&who.user.account));
    let id = kept::new_id::<ShareNotification>();
    let mut notification = ShareNotification::default();
    notification.id = Some(Id::any(id.as_str()));
    notification.created = clock::now().and_then(|now| now.to_string().parse().ok());
    notification.changed_by = Some(entity);
    notification.object_type = Some(Calendar::TYPE.to_owned());
    notification.object_account_id = Some(Id::any(who.account.as_str()));
    notification.object_id = calendar.id.clone().map(Id::cast);
    notification.old_rights = old.map(names);
    notification.new_rights = new.map(names);
    notification.name = calendar.name.clone();
    kept::put(&id, None, &notification, work, &Who::new(receiver, user))
}

fn names(rights: &CalendarRights) -> Map<String, bool> {
    RIGHTS.iter().map(|(name, right)| ((*name).to_owned(), right(rights) == Some(true))).collect()
}

impl Kept for ShareNotification {
    const LETTER: char = 'N';
    const FIXED: &'static [&'static str] = &[];

    fn set_id(&mut self, id: Id<Self>) {
        self.id = Some(id);
    }

    fn permit(
        _: Option<&Self>,
        after: Option<&Self>,
        _: &Work<'_>,
        _: &Who,
    ) -> Result<(), Refusal> {
        after.map_or(Ok(()), |_| Err(kept::only_destroyed()))
    }
}

/// RFC 9670, section 3.6.
impl Searched for ShareNotification {
    fn check_condition(
        condition: &ShareNotificationCondition,
        _: &Context<Somebody>,
    ) -> Result<(), String> {
        condition.extra.keys().next().map_or(Ok(()), |name| Err(name.clone()))
    }

    fn matches(&self, condition: &ShareNotificationCondition) -> bool {
        condition.after.is_none_or(|after| self.created >= Some(after))
            && condition.before.is_none_or(|before| self.created < Some(before))
            && (condition.object_type.is_none() || condition.object_type == self.object_type)
            && (condition.object_account_id.is_none()
                || condition.object_account_id == self.object_account_id)
    }

    fn key(&self, by: Option<&ShareNotificationSortBy>) -> Option<String> {
        match by {
            None | Some(ShareNotificationSortBy::Created) => {
                Some(self.created.map(|created| created.to_string()).unwrap_or_default())
            }
            Some(_) => None,
        }
    }
}
