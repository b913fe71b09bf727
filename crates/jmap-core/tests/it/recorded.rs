//! Replay of exchanges recorded on real servers: everything in them is read, and nothing of it lost.

mod exchange;
mod methods;

use jmap_core::blob::Uploaded;
use jmap_core::capability::Blob;
use jmap_core::quota::Quota;
use jmap_core::wire::{expand, failure, resolve};
use jmap_core::{
    Batch, Error, GetArguments, Json, RequestError, Responses, Session, SetArguments, SetError,
};
use json_model::Object;
use serde_json::Value;

use self::exchange::{Exchange, exchanges};
use self::methods::{Calendar, CalendarEvent, handle, method};

const CYRUS: [&str; 3] = ["cyrus-3.10", "cyrus-3.12", "cyrus-3.13"];
const STALWART: &str = "stalwart-0.16";

/// Reads an object without a finding; what is written again must be what came.
fn read<T: Object + serde::Serialize>(text: &str) -> T {
    let parsed = json_model::from_str::<T>(text).unwrap();
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    let again = serde_json::to_value(&parsed.value).unwrap();
    assert_eq!(again, serde_json::from_str::<Value>(text).unwrap());
    parsed.value
}

#[test]
fn requests_and_responses() {
    let mut figures = (0, 0);
    for exchange in exchanges() {
        let Some((request, response)) = exchange.calls() else { continue };
        assert_eq!(request.method_calls.len(), response.method_responses.len());
        for (index, call) in request.method_calls.iter().enumerate() {
            let method = method(&call.name);
            method.replay_arguments(&call.arguments);
            method.replay_response(&response, index);
            figures.1 += 1;
        }
        figures.0 += 1;
    }
    println!("{} exchanges of {} calls", figures.0, figures.1);
}

#[test]
fn sessions() {
    for exchange in exchanges().filter(|exchange| exchange.name == "01-session") {
        let session: Session = read(&exchange.response);
        let account = session.primary_account("urn:ietf:params:jmap:calendars").unwrap();
        assert!(session.account(account).unwrap().is_own());
        assert_eq!(session.primary_account("urn:example:nosuch"), None);
        assert!(session.limits().max_objects_in_get.is_some());
    }
}

/// All four addresses of a session, with values in them, as seen from where the session was found.
fn addresses(exchange: &Exchange) -> String {
    let session: Session = read(&exchange.response);
    let base = "https://jmap.example.com/.well-known/jmap";
    let values = [
        ("accountId", "a"),
        ("blobId", "G1"),
        ("name", "x/y"),
        ("type", "text/plain"),
        ("types", "*"),
        ("closeafter", "no"),
        ("ping", "30"),
    ];
    let all = [session.api_url, session.upload_url, session.download_url, session.event_source_url];
    let all = all.map(|url| expand(&resolve(base, url.as_deref().unwrap()).unwrap(), &values));
    all.join("\n")
}

#[test]
fn addresses_of_cyrus_are_relative() {
    for exchange in CYRUS.iter().filter_map(|server| Exchange::find(server, "01-session")) {
        insta::allow_duplicates! { insta::assert_snapshot!(addresses(&exchange), @r"
    https://jmap.example.com/jmap/
    https://jmap.example.com/jmap/upload/a/
    https://jmap.example.com/jmap/download/a/G1/x%2Fy?accept=text%2Fplain
    https://jmap.example.com/jmap/eventsource/?types=%2A&closeafter=no&ping=30
    ") }
    }
}

#[test]
fn addresses_of_stalwart_are_absolute() {
    let Some(exchange) = Exchange::find(STALWART, "01-session") else { return };
    insta::assert_snapshot!(addresses(&exchange), @r"
    http://127.0.0.1:8080/jmap/
    http://127.0.0.1:8080/jmap/upload/a/
    http://127.0.0.1:8080/jmap/download/a/G1/x%2Fy?accept=text%2Fplain
    http://127.0.0.1:8080/jmap/eventsource/?types=%2A&closeafter=no&ping=30
    ");
}

/// What the session lacks is not asked for; one server has blobs and quotas only under names of its own.
#[test]
fn what_can_be_asked() {
    const VENDOR: &str = "https://cyrusimap.org/ns/jmap/quota";
    for exchange in exchanges().filter(|exchange| exchange.name == "01-session") {
        let session: Session = read(&exchange.response);
        let mut batch = Batch::new();
        batch.get(GetArguments::<Quota>::all());
        if exchange.server != "cyrus-3.10" {
            let request = batch.request(&session).unwrap();
            assert_eq!(request.using, ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:quota"]);
            continue;
        }
        let missing = batch.request(&session).unwrap_err();
        assert!(matches!(missing, Error::MissingCapability { .. }), "{missing}");
        batch.using(VENDOR).force();
        batch.account(session.accounts.keys().next().unwrap().clone());
        assert_eq!(batch.request(&session).unwrap().using, [VENDOR, "urn:ietf:params:jmap:core"]);
    }
}

#[test]
fn the_pieces_of_a_blob_however_their_limit_is_spelled() {
    let limits = |server: &str| {
        let session: Session = read(&Exchange::find(server, "01-session").unwrap().response);
        let account = session.primary_account("urn:ietf:params:jmap:calendars").unwrap();
        Some(session.account(account)?.capability::<Blob>()?.max_data_sources)
    };
    if exchanges().next().is_none() {
        return;
    }
    assert_eq!(limits("cyrus-3.10"), None);
    assert_eq!(limits("cyrus-3.12"), Some(Some(100)));
    assert_eq!(limits("cyrus-3.13"), Some(Some(100)));
    assert_eq!(limits(STALWART), Some(Some(16)));
}

#[test]
fn uploads() {
    for exchange in exchanges().filter(|exchange| exchange.name == "12-upload") {
        let uploaded: Uploaded = read(&exchange.response);
        assert_eq!(uploaded.media_type.as_deref(), Some("text/calendar"));
        assert_eq!(uploaded.size, Some(519));
        assert_eq!(uploaded.expires.is_some(), CYRUS.contains(&exchange.server.as_str()));
        assert!(uploaded.blob_id.unwrap().is_valid());
    }
}

/// Kinds and lists of the errors of 07: descriptions are for people.
fn method_errors(exchange: &Exchange) -> String {
    let (request, response) = exchange.calls().unwrap();
    let line = |(index, call): (usize, &jmap_core::Invocation)| {
        let outcome = match method(&call.name).take(&response, index) {
            Ok(_) => "done".to_owned(),
            Err(Error::Method { error, .. }) => {
                let sort = error.extra.get("sort").map_or("", Json::as_str);
                format!("{} {}{sort}", error.kind(), error.arguments.join(" "))
            }
            Err(error) => panic!("{error}"),
        };
        format!("{} {outcome}", call.call_id).trim_end().to_owned()
    };
    request.method_calls.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn method_errors_of_cyrus() {
    for exchange in CYRUS.iter().filter_map(|server| Exchange::find(server, "07-errors-method")) {
        insta::allow_duplicates! { insta::assert_snapshot!(method_errors(&exchange), @r#"
            c0 unknownMethod
            c1 accountNotFound
            c2 invalidArguments ids
            c3 invalidArguments bogusArgument
            c4 stateMismatch
            c5 cannotCalculateChanges
            c6 invalidArguments filter/bogusFilter
            c7 unsupportedSort ["sort[0]"]
            c8 done
            c9 invalidResultReference
            "#) }
    }
}

#[test]
fn method_errors_of_stalwart() {
    let Some(exchange) = Exchange::find(STALWART, "07-errors-method") else { return };
    insta::assert_snapshot!(method_errors(&exchange), @r#"
        c0 unknownMethod
        c1 forbidden
        c2 invalidArguments
        c3 done
        c4 stateMismatch
        c5 invalidArguments
        c6 unsupportedFilter
        c7 unsupportedSort
        c8 anchorNotFound
        c9 invalidResultReference
        "#);
}

/// The errors of 08: of creations by their ids, which are the client's; the others are the server's.
fn set_errors(exchange: &Exchange) -> String {
    let (_, response) = exchange.calls().unwrap();
    let mut responses = Responses::new(response);
    let line = |name: &str, error: &SetError| {
        format!("{name} {} {}", error.kind(), error.properties.join(" ")).trim_end().to_owned()
    };
    let mut lines = Vec::new();
    let events = responses.take(handle::<SetArguments<CalendarEvent>>(0)).unwrap();
    assert!(events.first_error().is_some());
    lines.extend(events.not_created.iter().map(|(id, error)| line(&format!("create {id}"), error)));
    lines.extend(events.not_updated.values().map(|error| line("update", error)));
    lines.extend(events.not_destroyed.values().map(|error| line("destroy", error)));
    let calendars = responses.take(handle::<SetArguments<Calendar>>(1)).unwrap();
    lines.extend(calendars.not_created.values().map(|error| line("create calendar", error)));
    lines.extend(calendars.not_updated.values().map(|error| line("update calendar", error)));
    lines.extend(calendars.not_destroyed.values().map(|error| line("destroy calendar", error)));
    lines.join("\n")
}

#[test]
fn set_errors_of_cyrus_with_the_draft() {
    for exchange in CYRUS[..2].iter().filter_map(|server| Exchange::find(server, "08-errors-set")) {
        insta::allow_duplicates! { insta::assert_snapshot!(set_errors(&exchange), @r#"
            create dialect invalidProperties recurrenceRule
            create dup invalidProperties uid
            create nocal invalidProperties calendarIds
            create unknown invalidProperties bogusProperty
            update invalidProperties nosuchmap/key
            update notFound
            destroy notFound
            create calendar invalidProperties name
            update calendar invalidProperties myRights
            destroy calendar calendarHasEvents
            "#) }
    }
}

#[test]
fn set_errors_of_cyrus() {
    let Some(exchange) = Exchange::find("cyrus-3.13", "08-errors-set") else { return };
    insta::assert_snapshot!(set_errors(&exchange), @r#"
        create dialect invalidProperties recurrenceRules
        create dup invalidProperties uid
        create nocal invalidProperties calendarIds
        create unknown invalidProperties bogusProperty
        update invalidProperties nosuchmap/key
        update notFound
        destroy notFound
        create calendar invalidProperties name
        update calendar willDestroy
        destroy calendar calendarHasEvents
        "#);
}

#[test]
fn set_errors_of_stalwart() {
    let Some(exchange) = Exchange::find(STALWART, "08-errors-set") else { return };
    insta::assert_snapshot!(set_errors(&exchange), @r#"
        create dialect invalidProperties recurrenceRules
        create dup invalidProperties uid
        create nocal invalidProperties calendarIds
        create unknown invalidProperties bogusProperty
        update invalidProperties nosuchmap/key
        update invalidProperties id
        destroy notFound
        create calendar invalidProperties name
        update calendar willDestroy
        destroy calendar calendarHasEvent
        "#);
}

#[test]
fn what_a_server_tells_of_created_objects() {
    for exchange in exchanges().filter(|exchange| exchange.name == "03-event-set-create") {
        let (_, response) = exchange.calls().unwrap();
        let set = Responses::new(response).take(handle::<SetArguments<CalendarEvent>>(0)).unwrap();
        let created = &set.created["new"];
        let object = created.object().unwrap();
        assert_eq!(object.id.as_ref(), Some(&created.id));
        // One server tells the id alone: fetch the object where more is needed.
        assert_eq!(object.extra.contains_key("uid"), exchange.server != STALWART);
    }
}

#[test]
fn what_a_server_tells_of_updated_objects() {
    for exchange in exchanges().filter(|exchange| exchange.name == "06-update-changes") {
        let (_, response) = exchange.calls().unwrap();
        let set = Responses::new(response).take(handle::<SetArguments<CalendarEvent>>(0)).unwrap();
        let updated = set.updated.values().next().unwrap();
        assert_eq!(updated.json.is_some(), exchange.server != STALWART);
        assert_eq!(set.first_error(), None);
    }
}

#[test]
fn objects_are_found_by_id_and_not_by_place() {
    for exchange in exchanges().filter(|exchange| exchange.name == "04-event-get") {
        let (request, response) = exchange.calls().unwrap();
        let get = Responses::new(response).take(handle::<GetArguments<CalendarEvent>>(0)).unwrap();
        let asked: GetArguments<CalendarEvent> =
            request.method_calls[0].arguments.decode().unwrap();
        let found = get.list.iter().filter_map(|event| event.id.as_ref());
        let answered: Vec<_> = found.chain(&get.not_found).collect();
        let asked = asked.ids.unwrap();
        assert_eq!(answered.len(), asked.len());
        assert!(asked.iter().all(|id| answered.contains(&id)));
    }
}

#[test]
fn problem_documents() {
    for exchange in exchanges().filter(|exchange| exchange.name == "09-error-request-capability") {
        let error = read::<RequestError>(&exchange.response);
        assert_eq!(error.status, Some(400));
        let error = exchange.failure();
        let Error::Request { error: problem, .. } = &error else { panic!("{error}") };
        let is_cyrus = exchange.server != STALWART;
        let kind =
            if is_cyrus { RequestError::UNKNOWN_CAPABILITY } else { RequestError::NOT_REQUEST };
        assert!(problem.is(kind));
        assert_eq!(error.is_unsupported(), is_cyrus);
        assert!(!error.is_auth() && !error.is_retryable());
    }
}

#[test]
fn detail_which_may_repeat_the_request_is_never_shown() {
    for exchange in exchanges().filter(|exchange| exchange.name == "09-error-request-capability") {
        let error = exchange.failure();
        let Error::Request { error: problem, .. } = &error else { panic!("{error}") };
        let detail = problem.detail.as_deref().unwrap();
        assert!(detail.contains("urn:example:nosuch"));
        for shown in [error.to_string(), format!("{error:?}"), format!("{problem:#?}")] {
            assert!(!shown.contains("nosuch"), "{shown}");
        }
    }
}

impl Exchange {
    /// The answer as an error.
    fn failure(&self) -> Error {
        let mut headers = http::HeaderMap::new();
        headers.insert(http::header::CONTENT_TYPE, self.content_type.parse().unwrap());
        let status = self.status.parse().unwrap();
        failure(status, &headers, self.response.clone().into(), std::time::UNIX_EPOCH)
    }
}
