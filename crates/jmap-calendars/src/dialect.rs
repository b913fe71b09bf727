//! [`Dialect`]: what a server takes and gives that is not as the standard has it. Whatever concerns calendars is decided
//! here; `docs/dialects.md` has the table of all quirks, each with its servers, and how a server is told.

use std::collections::BTreeMap;

use jmap_core::capability::{Capability, Nothing};
use jmap_core::{Json, Map, Session, Version, json_model};
use jmap_sharing::also_named;
use jmap_sharing::capability::Principals;

use crate::capability::Calendars;

/// How a server's calendars differ from the standard: the page about [dialects](crate::guide::dialects) says it all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dialect {
    version: Version,
    is_cyrus: bool,
    is_stalwart: bool,
}

impl Dialect {
    /// The capability under which Cyrus has what is not in the standard.
    pub const VENDOR: &'static str = "https://cyrusimap.org/ns/jmap/calendars";

    /// The capability under which Cyrus has JSCalendar 2.0. Releases 3.13.6 and 3.13.7 want it in `using`.
    pub(crate) const JSCALENDARBIS: &'static str = "https://cyrusimap.org/ns/jmap/jscalendarbis";

    /// The dialect of the server with this session.
    ///
    /// ```
    /// use jmap_calendars::Dialect;
    /// use jmap_core::{Session, Version};
    ///
    /// let session: Session = serde_json::from_str(r#"{"capabilities": {"urn:ietf:params:jmap:calendars": {}}}"#)?;
    /// assert_eq!(Dialect::of(&session).version(), Version::V2_0);
    ///
    /// let session: Session = serde_json::from_str(r#"{"capabilities": {
    ///     "urn:ietf:params:jmap:calendars": {},
    ///     "urn:ietf:params:jmap:core:backendInfo": {"product": {"name": "Cyrus JMAP", "version": "3.12.4"}}
    /// }}"#)?;
    /// assert_eq!(Dialect::of(&session).version(), Version::V1_0);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn of(session: &Session) -> Self {
        let is_cyrus = session.has(Self::VENDOR);
        let is_old = !session.has(Self::JSCALENDARBIS)
            && (is_old_product(session) || has_old_principals(session));
        Self {
            version: if is_old { Version::V1_0 } else { Version::V2_0 },
            is_cyrus,
            is_stalwart: session.primary_accounts.contains_key(STALWART),
        }
    }

    /// The version of JSCalendar on the wire: 2.0 as the standard has it, or 1.0 as the 2023 draft.
    pub fn version(self) -> Version {
        self.version
    }

    /// Whether `Principal/getAvailability` has an argument `accountId`, as the standard says.
    pub fn names_account_in_availability(self) -> bool {
        !self.is_cyrus
    }

    /// Whether methods are there whose capability the server does not announce.
    pub fn forces(self) -> bool {
        self.is_cyrus
    }

    /// Whether overrides name organizer and participants again where people have to be told of them.
    pub fn repeats_people(self) -> bool {
        self.is_stalwart
    }
}

/// The capability under which Stalwart has what is not in the standard. It stands beside accounts, and not in the session.
const STALWART: &str = "urn:stalwart:jmap";

/// `urn:ietf:params:jmap:core:backendInfo`: which product answers.
#[derive(Clone, Debug, Default, PartialEq)]
struct BackendInfo {
    product: Option<Product>,
    extra: Map<String, Json>,
}

json_model::members! { BackendInfo: "backend info" never { "product" => product } extra }

#[derive(Clone, Debug, Default, PartialEq)]
struct Product {
    name: Option<String>,
    version: Option<String>,
    extra: Map<String, Json>,
}

json_model::members! { Product: "product" never { "name" => name, "version" => version } extra }

impl Capability for BackendInfo {
    const URI: &'static str = "urn:ietf:params:jmap:core:backendInfo";
    type Session = Self;
    type Account = Nothing;
}

/// Whether the server names itself, and is of a time before JSCalendar 2.0.
fn is_old_product(session: &Session) -> bool {
    let product = session.capability::<BackendInfo>().and_then(|info| info.product);
    let Some(Product { name: Some(name), version: Some(version), .. }) = product else {
        return false;
    };
    let mut numbers = version.split(|character: char| !character.is_ascii_digit());
    let mut number = || numbers.next().and_then(|digits| digits.parse::<u32>().ok());
    let version = number().zip(number());
    name.starts_with("Cyrus") && version.is_some_and(|version| version < (3, 13))
}

/// Whether a principal of the session has addresses in the way of the 2023 draft, and in no other one.
fn has_old_principals(session: &Session) -> bool {
    let principals = session.accounts.values().filter_map(|it| it.capability::<Principals>());
    let said = principals.filter_map(|it| {
        let calendars = it.extra.get(Calendars::URI)?.to_value().ok()?;
        Some((calendars.get("sendTo").is_some(), calendars.get("calendarAddress").is_some()))
    });
    said.fold(None, |_, (old, new)| Some(old && !new)).unwrap_or(false)
}

/// Reads `sendTo`, a map of addresses by the method of scheduling, where there is no `calendarAddress`; or `scheduleId` of
/// the drafts before.
pub(crate) fn lift_address(address: &mut Option<String>, extra: &mut Map<String, Json>) {
    also_named(address, extra, "scheduleId");
    if address.is_some() {
        return;
    }
    let methods = extra.get(SEND_TO).map(Json::decode::<BTreeMap<String, String>>);
    let Some(Ok(mut methods)) = methods else { return };
    let imip = methods.remove(IMIP);
    *address = imip.or_else(|| methods.into_values().next());
    extra.remove(SEND_TO);
}

/// The way back: takes the address, and puts the map into what is written beside the members.
pub(crate) fn lower_address(address: &mut Option<String>, extra: &mut Map<String, Json>) {
    let Some(address) = address.take() else { return };
    let method = if address.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:")) {
        IMIP
    } else {
        "other"
    };
    let methods = Map::from([(method.to_owned(), Json::from(address.as_str()))]);
    if let Ok(json) = Json::from_serialize(&methods) {
        extra.insert(SEND_TO.to_owned(), json);
    }
}

const SEND_TO: &str = "sendTo";
const IMIP: &str = "imip";
