//! [`Who`]: somebody who makes a call, and in which account.

use std::cell::OnceCell;

use jmap_core::server::Context;
use jmap_core::{Account, Id};

use crate::access::Access;
use crate::account::Somebody;
use crate::schedule::Sender;
use crate::store::{StoreError, Work};

/// Who does something, and in which account: for one call.
pub(crate) struct Who {
    pub(crate) account: String,
    pub(crate) user: Somebody,
    /// Whether what is in a calendar or a list goes with it.
    pub(crate) removes_content: bool,
    /// Whether those who take part get messages.
    pub(crate) sends_messages: bool,
    /// Whose message it is that changes something in the name of the user.
    pub(crate) message: Option<Sender>,
    context: Option<Context<Somebody>>,
    access: OnceCell<Access>,
}

impl Who {
    pub(crate) fn of(context: &Context<Somebody>, account: Option<&Id<Account>>) -> Self {
        let account = account.map_or("", Id::as_str);
        let context = context.clone();
        Self { context: Some(context.clone()), ..Self::new(context.user().clone(), account) }
    }

    /// A user in an account, without a call: for what the server does by itself, or in the name of somebody.
    pub(crate) fn new(user: Somebody, account: &str) -> Self {
        Self {
            account: account.to_owned(),
            user,
            removes_content: false,
            sends_messages: false,
            message: None,
            context: None,
            access: OnceCell::new(),
        }
    }

    /// The owner of another account, for whom a message came.
    pub(crate) fn of_message(
        &self,
        account: &str,
        sender: Sender,
        work: &Work<'_>,
    ) -> Result<Self, StoreError> {
        let there = Self::new(self.user.clone(), account);
        Ok(Self { message: Some(sender), ..there.as_owner(work)? })
    }

    /// What the user may do in the account. It is read once, within the transaction of the call.
    pub(crate) fn access(&self, work: &Work<'_>) -> Result<&Access, StoreError> {
        match self.access.get() {
            Some(access) => Ok(access),
            None => {
                let access = work.access(&self.account, &self.user.account)?;
                Ok(self.access.get_or_init(|| access))
            }
        }
    }

    /// The owner of the account, for what the server does there by itself.
    pub(crate) fn as_owner(&self, work: &Work<'_>) -> Result<Self, StoreError> {
        let owner = work.owner_of(&self.user.store, &self.account)?;
        Ok(Self::new(owner.unwrap_or_else(|| self.user.clone()), &self.account))
    }

    /// Whether the account is the user's own.
    pub(crate) fn is_owner(&self) -> bool {
        self.account == *self.user.account
    }

    /// What an id stands for that may be a creation id of the request.
    pub(crate) fn resolve<O>(&self, id: &Id<O>) -> Option<Id<O>> {
        match &self.context {
            Some(context) => context.resolve(id),
            None => Some(id.clone()),
        }
    }
}
