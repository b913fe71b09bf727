//! The session as other products show it.

use serde_json::{Map, Value, json};

use super::{Product, Quirks, map_in};

/// The capability under which Cyrus has what is not in the standard.
pub(super) const CYRUS: &str = "https://cyrusimap.org/ns/jmap/calendars";
const CYRUS_BIS: &str = "https://cyrusimap.org/ns/jmap/jscalendarbis";
pub(super) const PREFERENCES: &str = "urn:ietf:params:jmap:calendars:preferences";
const BACKEND: &str = "urn:ietf:params:jmap:core:backendInfo";
const STALWART: &str = "urn:stalwart:jmap";
const CALENDARS: &str = "urn:ietf:params:jmap:calendars";
const PRINCIPALS: &str = "urn:ietf:params:jmap:principals";

/// Capabilities whose methods Cyrus has without announcing them, each with the one that has to be used for them.
pub(super) const UNANNOUNCED: [(&str, &str); 2] = [
    ("urn:ietf:params:jmap:principals:availability", PRINCIPALS),
    ("urn:ietf:params:jmap:calendars:parse", CALENDARS),
];

/// Changes a session of the user with this calendar address.
pub(super) fn shown(quirks: &Quirks, address: &str, session: &mut Value) {
    if quirks.relative_urls {
        let names = ["apiUrl", "uploadUrl", "downloadUrl", "eventSourceUrl"];
        for name in names {
            session.get_mut(name).into_iter().for_each(make_relative);
        }
    }
    if quirks.session_state_zero {
        session["state"] = json!("0");
    }
    match quirks.product {
        Some(Product::Cyrus(version)) => show_cyrus(quirks, version, address, session),
        Some(Product::Stalwart) => show_stalwart(session),
        None => {}
    }
    if quirks.unannounced_extensions {
        for object in capabilities_of(session) {
            UNANNOUNCED.iter().for_each(|(uri, _)| _ = object.remove(*uri));
        }
    }
}

/// The capabilities that only this layer knows.
pub(super) fn is_shown_only(uri: &str) -> bool {
    [CYRUS, CYRUS_BIS, PREFERENCES, BACKEND].contains(&uri)
}

fn make_relative(url: &mut Value) {
    let Some(text) = url.as_str() else { return };
    let behind = text.split_once("://").map_or(text, |(_, behind)| behind);
    let path = behind.find('/').map(|slash| behind[slash..].to_owned());
    *url = json!(path.unwrap_or_else(|| "/".to_owned()));
}

fn show_cyrus(quirks: &Quirks, version: &str, address: &str, session: &mut Value) {
    let primary = session["primaryAccounts"][CALENDARS].clone();
    session["primaryAccounts"][CYRUS] = primary;
    for account in accounts_of(session) {
        account.insert(CYRUS.to_owned(), json!({}));
        account.insert(PREFERENCES.to_owned(), json!({}));
    }
    session["capabilities"][CYRUS] = json!({"isRFC": true});
    session["capabilities"][PREFERENCES] = json!({});
    if !quirks.draft_of_2023 {
        session["capabilities"][CYRUS_BIS] = json!({});
    }
    session["capabilities"][BACKEND] =
        json!({"product": {"name": "Cyrus JMAP", "version": version}});
    for account in accounts_of(session) {
        if let Some(calendars) = account.get_mut(CALENDARS).filter(|_| quirks.one_calendar) {
            calendars["maxCalendarsPerEvent"] = json!(1);
        }
        if let Some(principals) = account.get_mut(PRINCIPALS).filter(|_| quirks.draft_of_2023) {
            let id = principals["currentUserPrincipalId"].clone();
            principals[CALENDARS] = json!({
                "accountId": id, "account": null, "mayGetAvailability": true, "sendTo": {"imip": address},
            });
        }
    }
}

/// Beside the accounts, and not among the capabilities of the session.
fn show_stalwart(session: &mut Value) {
    let primary = session["primaryAccounts"][CALENDARS].clone();
    session["primaryAccounts"][STALWART] = primary;
    for account in accounts_of(session) {
        account.insert(STALWART.to_owned(), json!({}));
    }
}

/// The capabilities of the session, its accounts and their primary ones.
fn capabilities_of(session: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let members = session.as_object_mut().into_iter().flatten();
    members.flat_map(|(name, value)| match name.as_str() {
        "capabilities" | "primaryAccounts" => value.as_object_mut().into_iter().collect::<Vec<_>>(),
        "accounts" => accounts(value).collect(),
        _ => Vec::new(),
    })
}

fn accounts_of(session: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    session.get_mut("accounts").into_iter().flat_map(accounts)
}

fn accounts(value: &mut Value) -> impl Iterator<Item = &mut Map<String, Value>> {
    let accounts = value.as_object_mut().into_iter().flat_map(Map::values_mut);
    accounts.filter_map(|account| map_in(account, "accountCapabilities"))
}
