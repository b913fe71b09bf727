//! Several users of one server.

use std::cell::RefCell;
use std::rc::Rc;

use jmap_embedded::Embedded;
use serde_json::{Value, json};

use crate::wire::{Server, Wire};

/// A server over HTTP with users, whose accounts have their names.
pub(super) struct House(Rc<Server>);

/// A user, with a connection.
pub(super) struct Guest {
    name: &'static str,
    wire: RefCell<Wire>,
    /// As long as there is somebody to ask it.
    _server: Rc<Server>,
}

impl House {
    pub(super) fn of(names: &[&'static str]) -> Self {
        Self(Rc::new(Server::new(names)))
    }

    pub(super) fn user(&self, name: &'static str) -> Guest {
        let wire = RefCell::new(self.0.connect(name));
        Guest { name, wire, _server: Rc::clone(&self.0) }
    }

    pub(super) fn server(&self) -> &Embedded {
        &self.0.embedded
    }
}

/// Jane and Bob, to whom these rights in Jane's calendar were given.
pub(super) fn jane_and_bob(rights: &[&str]) -> (Guest, Guest) {
    let house = House::of(&["jane", "bob"]);
    let (jane, bob) = (house.user("jane"), house.user("bob"));
    jane.share("C1", "bob", rights);
    (jane, bob)
}

pub(super) fn rights(names: &[&str]) -> Value {
    names
        .iter()
        .map(|name| ((*name).to_owned(), json!(true)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

impl Guest {
    /// The response to a call in an account, with the name of the method or "error".
    pub(super) fn ask(&self, account: &str, method: &str, mut arguments: Value) -> (String, Value) {
        arguments["accountId"] = json!(account);
        let using = [
            "urn:ietf:params:jmap:core",
            "urn:ietf:params:jmap:calendars",
            "urn:ietf:params:jmap:calendars:parse",
            "urn:ietf:params:jmap:principals",
            "urn:ietf:params:jmap:principals:availability",
        ];
        let request = json!({"using": using, "methodCalls": [[method, arguments, "c"]]});
        let response = self.send(request);
        let [name, arguments] = [0, 1].map(|at| response["methodResponses"][0][at].clone());
        (name.as_str().unwrap().to_owned(), arguments)
    }

    pub(super) fn send(&self, request: Value) -> Value {
        self.wire.borrow_mut().api(&request).json()
    }

    /// The arguments of the response to a call in an account.
    pub(super) fn call(&self, account: &str, method: &str, arguments: Value) -> Value {
        self.ask(account, method, arguments).1
    }

    /// The response to a call in the user's own account.
    pub(super) fn own(&self, method: &str, arguments: Value) -> Value {
        self.call(self.name, method, arguments)
    }

    /// Gives somebody rights in a calendar of this user, in the place of those that they had.
    #[track_caller]
    pub(super) fn share(&self, calendar: &str, with: &str, names: &[&str]) {
        let pointer = format!("shareWith/{with}");
        let patch = match self.calendar(self.name, calendar)["shareWith"] {
            Value::Null => json!({"shareWith": {with: rights(names)}}),
            _ if names.is_empty() => json!({pointer: null}),
            _ => json!({pointer: rights(names)}),
        };
        let response = self.own("Calendar/set", json!({"update": {calendar: patch}}));
        assert!(response["updated"].get(calendar).is_some(), "{response}");
    }

    pub(super) fn calendar(&self, account: &str, id: &str) -> Value {
        self.call(account, "Calendar/get", json!({"ids": [id]}))["list"][0].clone()
    }

    pub(super) fn event(&self, account: &str, id: &str) -> Value {
        self.call(account, "CalendarEvent/get", json!({"ids": [id]}))["list"][0].clone()
    }

    /// Makes an event, and gives its id.
    #[track_caller]
    pub(super) fn make(&self, account: &str, event: Value) -> String {
        let response = self.call(account, "CalendarEvent/set", json!({"create": {"k": event}}));
        let id = response["created"]["k"]["id"].as_str();
        id.unwrap_or_else(|| panic!("{response}")).to_owned()
    }

    /// Changes an object; what went wrong, or null.
    pub(super) fn change(&self, account: &str, object: &str, id: &str, patch: Value) -> Value {
        let method = format!("{object}/set");
        let response = self.call(account, &method, json!({"update": {id: patch}}));
        let error = response["notUpdated"][id].clone();
        assert_eq!(error.is_null(), response["updated"].get(id).is_some(), "{response}");
        error
    }

    pub(super) fn state(&self, account: &str, object: &str) -> String {
        let response = self.call(account, &format!("{object}/get"), json!({"ids": []}));
        response["state"].as_str().unwrap().to_owned()
    }

    /// Created, updated and destroyed since a state.
    pub(super) fn changes(&self, account: &str, object: &str, since: &str) -> [Value; 3] {
        let response =
            self.call(account, &format!("{object}/changes"), json!({"sinceState": since}));
        ["created", "updated", "destroyed"].map(|name| response[name].clone())
    }

    pub(super) fn found(&self, account: &str, filter: Value) -> Value {
        self.call(account, "CalendarEvent/query", json!({"filter": filter}))["ids"].clone()
    }

    /// Brings a blob into an account, and gives its id.
    pub(super) fn upload(&self, account: &str, text: &'static str) -> String {
        let path = format!("/jmap/upload/{account}");
        let uploaded = self.wire.borrow_mut().post(&path, "text/plain", text.as_bytes()).json();
        uploaded["blobId"].as_str().unwrap().to_owned()
    }

    /// Whether the user can have a blob.
    pub(super) fn downloads(&self, account: &str, blob: &str) -> bool {
        let path = format!("/jmap/download/{account}/{blob}/x?type=text%2Fplain");
        self.wire.borrow_mut().get(&path).status == 200
    }

    /// The session, as the server gives it.
    pub(super) fn session(&self) -> Value {
        self.wire.borrow_mut().get("/jmap/session").json()
    }
}

pub(super) fn tea() -> Value {
    json!({
        "@type": "Event", "uid": "u1", "calendarIds": {"C1": true}, "title": "Tea", "start": "2027-03-01T09:00:00",
        "timeZone": "Etc/UTC", "duration": "PT1H",
    })
}

/// An event with changes.
pub(super) fn tea_with(changes: Value) -> Value {
    let mut tea = tea();
    for (name, value) in changes.as_object().unwrap() {
        tea[name] = value.clone();
    }
    tea
}
