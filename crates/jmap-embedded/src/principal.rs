//! `Principal` (RFC 9670, section 2): one for each user, in a directory that everybody finds in their own account.

use jmap_calendars::capability::{Availability, Calendars, PrincipalCalendars};
use jmap_core::capability::Capability;
use jmap_core::json_model::{ToJson, Version};
use jmap_core::object::Object;
use jmap_core::server::{Context, User};
use jmap_core::{Account, Id, Json, SetError, SetErrorKind};
use jmap_sharing::{Principal, PrincipalCondition, PrincipalType};
use jscalendar::{TimeZoneId, same_address};

use crate::access::Access;
use crate::account::{self, Somebody};
use crate::kept::{self, Kept, Refusal, Searched, Who};
use crate::store::{Kind, Log, StoreError, Work};

/// What the tables call the account of all principals. Nobody has it.
const DIRECTORY: &str = "";

/// The principal of the owner of an account: it has the same id.
pub(crate) fn id_of(account: &str) -> Id<Principal> {
    Id::any(account)
}

/// The account that a principal owns.
pub(crate) fn account_of(id: &Id<Principal>) -> &str {
    id.as_str()
}

/// Adds the principal of a new user.
pub(crate) fn add(work: &Work<'_>, user: &Somebody) -> Result<(), StoreError> {
    let id = id_of(&user.account);
    let mut principal = Principal::default();
    principal.id = Some(id.clone());
    principal.principal_type = Some(PrincipalType::Individual);
    principal.name = Some(user.name().to_owned());
    principal.email = user.address.strip_prefix("mailto:").map(ToOwned::to_owned);
    let who = Who::new(user.clone(), &user.account);
    kept::put(id.as_str(), None, &principal, work, &who).or_else(Refusal::only_store)
}

/// Notes that a user sees more or less of the accounts of a principal.
pub(crate) fn changed_for(user: &str, owner: &str, work: &Work<'_>) -> Result<(), StoreError> {
    let log = Log { account: DIRECTORY, object: Principal::TYPE, user };
    work.note(log, id_of(owner).as_str(), Kind::Updated)
}

impl Kept for Principal {
    const LETTER: char = 'P';
    const FIXED: &'static [&'static str] = &["id", "type", "email", "capabilities", "accounts"];
    const COMPUTED: &'static [&'static str] = &["capabilities", "accounts"];

    fn set_id(&mut self, id: Id<Self>) {
        self.id = Some(id);
    }

    fn place(_: &Who) -> &str {
        DIRECTORY
    }

    fn is_visible(&self, _: &Access) -> bool {
        true
    }

    /// With what the user may do about it (JMAP Calendars, section 2).
    fn seen_by(mut self, work: &Work<'_>, who: &Who) -> Result<Self, StoreError> {
        let owner = self.id.as_ref().map_or("", account_of).to_owned();
        let user = &*who.user.account;
        self.accounts = if owner == user {
            [(Id::any(user), who.user.own_account())].into_iter().collect()
        } else {
            let mut accounts = account::accounts_of_others(work, user, None)?;
            accounts.retain(|id, _| id.as_str() == owner);
            accounts
        };
        let mut calendars = PrincipalCalendars::default();
        calendars.account_id = self.accounts.keys().next().cloned();
        calendars.may_get_availability = Some(work.may_ask(user, &owner)?);
        calendars.may_share_with = Some(owner != user);
        calendars.calendar_address = Some(work.address_of(&owner)?);
        let json = Json::from_serialize(&calendars.versioned(Version::V2_0));
        self.capabilities.extend(json.ok().map(|json| (Calendars::URI.to_owned(), json)));
        Ok(self)
    }

    fn permit(
        before: Option<&Self>,
        after: Option<&Self>,
        _: &Work<'_>,
        who: &Who,
    ) -> Result<(), Refusal> {
        let own = id_of(&who.user.account);
        let is_own = before.is_some_and(|before| before.id.as_ref() == Some(&own));
        if is_own && after.is_some() {
            return Ok(());
        }
        Err(SetError::new(SetErrorKind::Forbidden)
            .description("principals come and go with users, who change nobody but themselves")
            .into())
    }

    fn check(&mut self, _: Option<&Self>, _: &Work<'_>, _: &Who) -> Result<(), Refusal> {
        let is_zone = |name: &str| name.parse::<TimeZoneId>().is_ok_and(|zone| zone.is_iana());
        let mut wrong: Vec<String> = self.extra.keys().cloned().collect();
        if self.name.as_deref().is_none_or(str::is_empty) {
            wrong.push("name".to_owned());
        }
        if self.time_zone.as_deref().is_some_and(|zone| !is_zone(zone)) {
            wrong.push("timeZone".to_owned());
        }
        if wrong.is_empty() { Ok(()) } else { Err(SetError::invalid_properties(wrong).into()) }
    }
}

/// RFC 9670, section 2.4.
impl Searched for Principal {
    fn check_condition(
        condition: &PrincipalCondition,
        context: &Context<Somebody>,
    ) -> Result<(), String> {
        let unknown = condition.extra.keys().next().cloned();
        let is_early = condition.calendar_address.is_some() && !context.uses(Availability::URI);
        match unknown.or_else(|| is_early.then(|| "calendarAddress".to_owned())) {
            Some(name) => Err(name),
            None => Ok(()),
        }
    }

    fn matches(&self, condition: &PrincipalCondition) -> bool {
        let has = |wanted: &Option<String>, text: &Option<String>| {
            wanted.as_ref().is_none_or(|wanted| {
                let text = text.as_deref().unwrap_or_default().to_lowercase();
                text.contains(&wanted.to_lowercase())
            })
        };
        let same =
            |wanted: &Option<String>, text: &Option<String>| wanted.is_none() || wanted == text;
        let has_account = |id: &Id<Account>| self.accounts.contains_key(id);
        let is_at = |wanted: &String| {
            let address = PrincipalCalendars::of(self).calendar_address;
            address.is_some_and(|address| same_address(&address, wanted))
        };
        let texts = [&self.name, &self.description, &self.email];
        (condition.account_ids.is_empty() || condition.account_ids.iter().any(has_account))
            && has(&condition.email, &self.email)
            && has(&condition.name, &self.name)
            && (condition.text.is_none() || texts.iter().any(|text| has(&condition.text, text)))
            && (condition.principal_type.is_none()
                || condition.principal_type == self.principal_type)
            && same(&condition.time_zone, &self.time_zone)
            && condition.calendar_address.as_ref().is_none_or(is_at)
    }

    /// No sort is demanded; the order is that of names.
    fn key(&self, by: Option<&String>) -> Option<String> {
        match by.map(String::as_str) {
            None | Some("name") => Some(self.name.clone().unwrap_or_default()),
            Some(_) => None,
        }
    }
}

impl Work<'_> {
    /// Whether a user may ask when somebody is busy: they may know it of some calendar.
    pub(crate) fn may_ask(&self, user: &str, owner: &str) -> Result<bool, StoreError> {
        match self.access(owner, user)? {
            Access::Owner => Ok(true),
            Access::Guest(rights) => {
                Ok(rights.values().any(|rights| rights.may_read_free_busy == Some(true)))
            }
        }
    }
}
