//! What the server refuses, and what is not even sent.

use jmap_core::object::{Get, Object};
use jmap_core::{Error, GetArguments, Id, Json, Map, Method, MethodErrorKind, MethodName};

use super::{Calendar, Server};

fn kind(error: &Error) -> MethodErrorKind {
    error.method_error().unwrap_or_else(|| panic!("{error:?}")).kind()
}

#[test]
fn unknown_method() {
    #[derive(Clone, Debug, Default, PartialEq)]
    struct Nothing {
        extra: Map<String, Json>,
    }

    json_model::members! { Nothing: "Calendar/nothing" never {} extra }

    impl Method for Nothing {
        const NAME: MethodName = MethodName::new("Calendar", "nothing");
        const USING: &'static [&'static str] = Calendar::USING;
        type Response = Self;
    }

    let Some(server) = Server::named() else { return };
    let error = server.client().call(Nothing::default()).wait().unwrap_err();
    assert!(error.is_unsupported(), "{error:?}");
    insta::assert_snapshot!(error, @"Calendar/nothing failed: unknownMethod");
}

#[test]
fn unknown_account() {
    let Some(server) = Server::named() else { return };
    let client = server.client().with_account(Id::any("nobody-there"));
    let error = client.get(GetArguments::<Calendar>::of([])).wait().unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    assert_eq!(kind(&error), MethodErrorKind::AccountNotFound);
}

#[test]
fn invalid_arguments_are_named() {
    let Some(server) = Server::named() else { return };
    let get = GetArguments::<Calendar>::of([]).properties(["nothing".to_owned()]);
    let error = server.client().get(get).wait().unwrap_err();
    assert_eq!(kind(&error), MethodErrorKind::InvalidArguments);
    insta::assert_snapshot!(error, @"Calendar/get failed: invalidArguments (properties[0:nothing])");
}

#[test]
fn more_ids_than_the_server_takes() {
    let Some(server) = Server::named() else { return };
    let client = server.client();
    let most = client.session().limits().max_objects_in_get.unwrap();
    let ids: Vec<_> = (0..=most).map(|number| Id::any(format!("none-{number}"))).collect();

    let get = GetArguments::<Calendar>::of(ids.iter().cloned());
    let error = client.call(get.clone()).wait().unwrap_err();
    let limit = match &error {
        Error::Request { error, .. } => error.limit.as_deref(),
        Error::Method { error, .. } => error.error_type.as_ref().map(MethodErrorKind::as_str),
        _ => None,
    };
    assert!(matches!(limit, Some("maxObjectsInGet" | "requestTooLarge")), "{error:?}");

    let mut response = client.get(get).wait().unwrap();
    assert!(response.list.is_empty());
    let mut ids = ids;
    ids.sort();
    response.not_found.sort();
    assert_eq!(response.not_found, ids);
}

#[test]
fn a_missing_capability_is_said_before_anything_is_sent() {
    #[derive(Clone, Debug, Default, PartialEq)]
    struct Note {
        extra: Map<String, Json>,
    }

    json_model::members! { Note: "Note" never {} extra }

    impl Object for Note {
        const TYPE: &'static str = "Note";
        const USING: &'static [&'static str] = &["https://example.com/jmap/notes"];
        type Property = String;
    }

    impl Get for Note {}

    let Some(server) = Server::named() else { return };
    let error = server.client().get(GetArguments::<Note>::all()).wait().unwrap_err();
    assert!(error.is_unsupported(), "{error:?}");
    insta::assert_snapshot!(error, @"the server does not have the capability https://example.com/jmap/notes");
}

#[test]
fn a_request_larger_than_the_limit_is_not_sent() {
    let Some(server) = Server::named() else { return };
    let client = server.client();
    let most = client.session().limits().max_size_request.unwrap();
    let id = Id::any("x".repeat(usize::try_from(most).unwrap()));
    let error = client.get(GetArguments::<Calendar>::of([id])).wait().unwrap_err();
    assert!(matches!(error, Error::OverLimit { limit: "maxSizeRequest", .. }), "{error}");
}
