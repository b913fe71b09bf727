//! `ParticipantIdentity` (JMAP Calendars, section 3): as whom a user takes part in events. It is the same one in all
//! accounts that the user may use.

use jmap_calendars::{ParticipantIdentity, SetIdentities};
use jmap_core::server::Context;
use jmap_core::{Id, MethodError, SetError, SetErrorKind, SetResponse};
use jscalendar::same_address;

use crate::account::Somebody;
use crate::kept::{self, Defaultable, Kept, Refusal, Who};
use crate::store::{StoreError, Work};

/// The identity that everybody begins with.
const FIRST: &str = "I1";

pub(crate) fn set(
    context: &Context<Somebody>,
    set: SetIdentities,
) -> Result<SetResponse<ParticipantIdentity>, MethodError> {
    let who = Who::of(context, set.set.account_id.as_ref());
    let default = set.on_success_set_is_default.clone();
    kept::set_with_default(context, &who, set.set, default)
}

/// Gives a new user their identity.
pub(crate) fn add_first(work: &Work<'_>, user: &Somebody) -> Result<(), StoreError> {
    let mut identity = ParticipantIdentity::new(&*user.address);
    identity.id = Some(Id::any(FIRST));
    identity.is_default = Some(true);
    let who = Who::new(user.clone(), &user.account);
    kept::put(FIRST, None, &identity, work, &who).or_else(Refusal::only_store)
}

impl Kept for ParticipantIdentity {
    const LETTER: char = 'I';
    const FIXED: &'static [&'static str] = &["id", "isDefault"];

    fn set_id(&mut self, id: Id<Self>) {
        self.id = Some(id);
    }

    /// Nobody learns who else the owner of an account is (JMAP Calendars, section 3).
    fn place(who: &Who) -> &str {
        &who.user.account
    }

    fn seen_by(mut self, _: &Work<'_>, _: &Who) -> Result<Self, StoreError> {
        self.name.get_or_insert_default();
        self.is_default.get_or_insert(false);
        Ok(self)
    }

    fn check(&mut self, _: Option<&Self>, _: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        if !self.extra.is_empty() {
            return Err(SetError::invalid_properties(self.extra.keys().cloned()).into());
        }
        match &self.calendar_address {
            None => Err(SetError::invalid_properties(["calendarAddress"]).into()),
            Some(address) if !same_address(address, &who.user.address) => {
                Err(SetError::new(SetErrorKind::Forbidden)
                    .description("it is not an address of the user")
                    .into())
            }
            Some(_) => Ok(()),
        }
    }

    fn unindex(&self, _: &str, _: &Work<'_>, _: &Who) -> Result<(), Refusal> {
        if self.is_default == Some(true) {
            return Err(SetError::new(SetErrorKind::Forbidden)
                .description("it is the default identity: make another one the default first")
                .into());
        }
        Ok(())
    }
}

impl Defaultable for ParticipantIdentity {
    fn is_default(&mut self) -> &mut Option<bool> {
        &mut self.is_default
    }
}
