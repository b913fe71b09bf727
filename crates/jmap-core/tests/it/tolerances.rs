//! What servers do otherwise than the standard says, or than one expects, and what is made of it: constructed, where no
//! recording shows it. docker-test-servers/QUIRKS.md names the servers.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use jmap_core::blob::{self, Blob};
use jmap_core::capability::{self, Capability};
use jmap_core::quota::{Quota, QuotaCondition};
use jmap_core::wire::{Origin, expand, failure, resolve};
use jmap_core::{
    Batch, ChangesArguments, ChangesResponse, CreationId, Error, GetArguments, GetResponse, Id,
    Json, MethodError, MethodErrorKind, QueryArguments, QueryResponse, Response, Responses,
    Session, SetErrorKind, SetResponse, State,
};

fn read<T: json_model::Object>(text: &str) -> T {
    json_model::from_str(text).unwrap().value
}

fn responses(text: &str) -> Responses {
    Responses::new(read::<Response>(text))
}

mod lists;

mod session {
    use super::*;

    #[test]
    fn urls_are_relative_or_absolute() {
        let session: Session =
            read(r#"{"apiUrl":"/jmap/","uploadUrl":"http://127.0.0.1:8080/up/{accountId}/"}"#);
        let base = "https://jmap.example.com:8443/.well-known/jmap";
        let at = |url: &Option<String>| resolve(base, url.as_deref().unwrap()).unwrap();
        assert_eq!(at(&session.api_url), "https://jmap.example.com:8443/jmap/");
        let upload = at(&session.upload_url);
        assert_eq!(upload, "http://127.0.0.1:8080/up/{accountId}/");
        // Whether credentials may go there is to be decided: it is another server.
        assert_ne!(Origin::of(&upload), Origin::of(base));
        assert_eq!(session.event_source_url, None);
    }

    #[test]
    fn redirects_lead_to_absolute_and_relative_urls() {
        let base = "https://example.com/.well-known/jmap";
        assert_eq!(resolve(base, "/jmap/session").unwrap(), "https://example.com/jmap/session");
        let down = resolve(base, "http://example.com/jmap").unwrap();
        assert!(!Origin::of(&down).unwrap().is_encrypted());
    }

    #[test]
    fn the_template_of_downloads_has_any_query() {
        let template = "/d/{accountId}/{blobId}/{name}?accept={type}";
        let values =
            [("accountId", "a"), ("blobId", "G1"), ("name", "x y"), ("type", "text/plain")];
        assert_eq!(expand(template, &values), "/d/a/G1/x%20y?accept=text%2Fplain");
    }

    #[test]
    fn without_a_login_there_are_no_accounts() {
        let session: Session = read(
            r#"{"capabilities":{"urn:ietf:params:jmap:quota":{}},"accounts":{},"primaryAccounts":{},"username":"","apiUrl":"/"}"#,
        );
        assert!(session.accounts.is_empty());
        let mut batch = Batch::new();
        batch.get(GetArguments::<Quota>::all());
        assert!(matches!(batch.request(&session), Err(Error::NoAccount { .. })));
    }

    /// Where the server names no account for a capability, it is the only one of the user's own, or the only one at all.
    #[test]
    fn primary_accounts_are_not_always_named() {
        let primary = |named: &str, accounts: &[(&str, bool)]| {
            let accounts: std::collections::BTreeMap<_, _> = accounts
                .iter()
                .map(|(id, is_own)| {
                    (
                        id,
                        serde_json::json!({"isPersonal": is_own, "accountCapabilities": {"x": {}}}),
                    )
                })
                .collect();
            let accounts = serde_json::to_string(&accounts).unwrap();
            let session: Session =
                read(&format!(r#"{{"primaryAccounts":{{{named}}},"accounts":{accounts}}}"#));
            session.primary_account("x").map(ToString::to_string)
        };
        let named = |id: &str| Some(id.to_owned());
        assert_eq!(primary(r#""x":"b""#, &[("a", true), ("b", false)]), named("b"));
        assert_eq!(primary(r#""y":"b""#, &[("a", true), ("b", false)]), named("a"));
        assert_eq!(primary("", &[("b", false)]), named("b"));
        assert_eq!(primary("", &[("a", true), ("b", true)]), None);
        assert_eq!(primary("", &[("a", false), ("b", false)]), None);
    }

    #[test]
    fn unknown_capabilities_are_kept() {
        let text = r#"{"capabilities":{"urn:example:x":{"a":[null]}},"accounts":{"a":{"accountCapabilities":{"urn:example:y":[]},"b":1}},"c":2}"#;
        assert_eq!(serde_json::to_string(&read::<Session>(text)).unwrap(), text);
    }
}

mod requests {
    use super::*;

    const VENDOR: &str = "https://vendor.example/ns/blob";

    /// The server has blobs, but only under a name of its own.
    fn session() -> Session {
        read(&format!(
            r#"{{"capabilities":{{"urn:ietf:params:jmap:core":{{}},"{VENDOR}":{{}}}},"accounts":{{"a":{{"accountCapabilities":{{}}}}}}}}"#
        ))
    }

    #[test]
    fn a_capability_that_the_session_lacks_is_not_sent() {
        let mut batch = Batch::new();
        batch.account(Id::any("a")).get([Id::<Blob>::any("G1")]);
        let error = batch.request(&session()).unwrap_err();
        assert!(matches!(&error, Error::MissingCapability { uri } if uri == capability::Blob::URI));
        assert!(error.is_unsupported());
    }

    #[test]
    fn a_method_without_its_capability_when_the_caller_insists() {
        let mut batch = Batch::new();
        batch.account(Id::any("a")).using(VENDOR).force();
        batch.get([Id::<Blob>::any("G1")]);
        assert_eq!(batch.request(&session()).unwrap().using, [VENDOR, "urn:ietf:params:jmap:core"]);
    }

    #[test]
    fn no_argument_is_sent_that_was_not_set() {
        let written = [
            serde_json::to_string(&GetArguments::<Quota>::all()),
            serde_json::to_string(&QueryArguments::<Quota>::all()),
            serde_json::to_string(&blob::UploadArguments::default()),
            serde_json::to_string(&blob::GetArguments::default()),
        ];
        assert!(written.into_iter().all(|json| json.unwrap() == "{}"));
        let any = QueryArguments::<Quota>::matching(QuotaCondition::default());
        assert_eq!(serde_json::to_string(&any).unwrap(), r#"{"filter":{}}"#);
        let changes = ChangesArguments::<Quota>::since(State::any("1"));
        assert_eq!(serde_json::to_string(&changes).unwrap(), r#"{"sinceState":"1"}"#);
    }
}

mod errors {
    use super::*;

    fn answer(status: u16, headers: &[(http::HeaderName, &str)], body: &'static str) -> Error {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        let status = http::StatusCode::from_u16(status).unwrap();
        failure(status, &headers, body.into(), SystemTime::UNIX_EPOCH)
    }

    #[test]
    fn pages_for_people() {
        let error = answer(404, &[(CONTENT_TYPE, "text/html")], "<html>Not found: secret</html>");
        let Error::Status(status) = &error else { panic!("{error}") };
        assert_eq!(status.content_type.as_deref(), Some("text/html"));
        assert!(error.is_not_found());
        assert!(!format!("{error:?}").contains("secret"));
        assert!(answer(401, &[], "").is_auth());
    }

    #[test]
    fn several_ways_to_log_in() {
        let mut headers = HeaderMap::new();
        for challenge in ["Bearer realm=\"x\"", "Basic realm=\"x\""] {
            headers.append(http::header::WWW_AUTHENTICATE, challenge.parse().unwrap());
        }
        let status = http::StatusCode::UNAUTHORIZED;
        let error = failure(status, &headers, "".into(), SystemTime::UNIX_EPOCH);
        let Error::Status(error) = error else { panic!("{error}") };
        assert_eq!(error.challenge.unwrap(), "Bearer realm=\"x\", Basic realm=\"x\"");
    }

    #[test]
    fn too_large_too_many_too_busy() {
        let wait = |status| answer(status, &[(RETRY_AFTER, "7")], "");
        for status in [429, 503] {
            assert_eq!(wait(status).retry_after(), Some(Duration::from_secs(7)));
            assert!(wait(status).is_retryable());
        }
        assert!(wait(429).is_rate_limited() && !wait(503).is_rate_limited());
        assert!(!answer(413, &[], "").is_retryable());
        assert_eq!(answer(413, &[], "").status().unwrap(), 413);
    }

    #[test]
    fn a_limit_with_a_time_to_wait() {
        let problem = r#"{"type":"urn:ietf:params:jmap:error:limit","limit":"maxConcurrentRequests","status":400}"#;
        let error = answer(400, &[(CONTENT_TYPE, "application/json"), (RETRY_AFTER, "1")], problem);
        assert!(error.is_rate_limited() && error.is_retryable());
        assert_eq!(error.retry_after(), Some(Duration::from_secs(1)));
    }

    #[test]
    fn too_many_ids_fail_the_whole_request() {
        let problem =
            r#"{"type":"urn:ietf:params:jmap:error:limit","limit":"maxObjectsInGet","status":400}"#;
        let error = answer(400, &[(CONTENT_TYPE, "application/problem+json")], problem);
        let Error::Request { error: problem, .. } = &error else { panic!("{error}") };
        assert_eq!(problem.limit.as_deref(), Some("maxObjectsInGet"));
        assert!(!error.is_retryable());
    }

    #[test]
    fn kinds_that_nobody_here_knows() {
        let error: MethodError = read(r#"{"type":"accountNoCalendars","x":1}"#);
        assert_eq!(error.kind(), MethodErrorKind::from("accountNoCalendars"));
        assert_eq!(
            serde_json::to_string(&error).unwrap(),
            r#"{"type":"accountNoCalendars","x":1}"#
        );
        let set: SetResponse<Quota> =
            read(r#"{"notDestroyed":{"q":{"type":"calendarHasEvents"},"r":{}}}"#);
        assert_eq!(set.not_destroyed["q"].kind().as_str(), "calendarHasEvents");
        assert_eq!(set.not_destroyed["r"].kind(), SetErrorKind::ServerFail);
    }
}

mod responses_of_methods {
    use jmap_core::object::{Copy, Object, Set};
    use jmap_core::{CopyArguments, Map, SetArguments};

    use super::*;

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Note {
        extra: Map<String, Json>,
    }
    json_model::members! { Note: "Note" never {} extra }
    impl Object for Note {
        const TYPE: &'static str = "Note";
        const USING: &'static [&'static str] = &[];
        type Property = String;
    }
    impl Copy for Note {}
    impl Set for Note {}

    #[test]
    fn members_come_in_any_order() {
        let mut batch = Batch::new();
        let get = batch.get(GetArguments::<Quota>::all());
        let mut responses = responses(
            r#"{"x":1,"sessionState":"7","createdIds":{"k":"q"},
                "methodResponses":[["Quota/get",{"notFound":["r"],"list":[{"used":1,"id":"q"}],"state":"1","accountId":"a"},"c0"]]}"#,
        );
        assert_eq!(responses.session_state(), Some(&State::any("7")));
        let got = responses.take(get).unwrap();
        assert_eq!((got.list.objects[0].used, got.not_found.len()), (Some(1), 1));
    }

    /// I-JSON forbids it; a reader may choose (RFC 7493, section 2.3). The last one counts, as with most readers.
    #[test]
    fn a_name_that_comes_twice() {
        let quota: Quota = read(r#"{"id":"q","used":1,"name":"a","used":2,"name":null}"#);
        assert_eq!((quota.used, quota.name), (Some(2), None));
    }

    /// Members that nobody knows are kept as text however deep they are, and the stack does not grow with them.
    #[test]
    fn deeper_than_anybody_means_it() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let text =
            format!(r#"{{"methodResponses":[["Quota/get",{{"x":{deep}}},"c0"]],"x":{deep}}}"#);
        let mut batch = Batch::new();
        let get = batch.get(GetArguments::<Quota>::all());
        let got = responses(&text).take(get).unwrap();
        assert_eq!(got.extra["x"].as_str(), deep);
        assert!(got.extra["x"].to_value().is_err());
        let filters = r#"{"operator":"NOT","conditions":["#.repeat(10_000);
        assert!(json_model::from_str::<QueryArguments<Quota>>(&filters).is_err());
    }

    #[test]
    fn more_than_the_standard_has_of_a_new_blob() {
        let made: blob::UploadResponse = read(
            r#"{"oldState":null,"created":{"k":{"id":"G1","blobId":"G1","size":4,"expires":"2026-11-22T00:00:00Z"}},"notCreated":null}"#,
        );
        let blob = &made.created["k"];
        assert_eq!((blob.id.clone(), blob.size), (Some(Id::any("G1")), Some(4)));
        assert_eq!(blob.extra["blobId"], Json::from("G1"));
    }

    #[test]
    fn an_account_where_none_is_due() {
        let get: GetResponse<jmap_core::push::PushSubscription> =
            read(r#"{"accountId":"b","list":[{"id":"p","keys":null}],"notFound":[]}"#);
        assert_eq!((get.list.len(), get.state), (1, None));
    }

    /// One server wants the source's id as the creation id of a copy, and none in the object.
    #[test]
    fn a_copy_in_another_form() {
        let mut copy = CopyArguments::<Note>::from_account(Id::any("a"));
        let object = Note { extra: Map::from([("text".to_owned(), Json::from("x"))]) };
        copy.create(CreationId::any("h"), object);
        insta::assert_snapshot!(serde_json::to_string(&copy).unwrap(), @r#"{"fromAccountId":"a","create":{"h":{"text":"x"}}}"#);
    }

    #[test]
    fn null_or_nothing_in_the_place_of_a_list_or_a_map() {
        let null = r#"{"created":null,"updated":null,"destroyed":null,"notCreated":null,"oldState":null,"newState":null}"#;
        assert_eq!(read::<SetResponse<Quota>>(null), read("{}"));
        let null = r#"{"list":null,"notFound":null,"state":null}"#;
        assert_eq!(read::<GetResponse<Quota>>(null), GetResponse::default());
        let null = r#"{"created":null,"updated":null,"destroyed":null,"hasMoreChanges":null}"#;
        assert_eq!(read::<ChangesResponse<Quota>>(null), ChangesResponse::default());
        let null = r#"{"ids":null,"total":null,"position":null}"#;
        assert_eq!(read::<QueryResponse<Quota>>(null), QueryResponse::default());
        let null = r#"{"id":"q","types":null,"warnLimit":null}"#;
        assert_eq!(read::<Quota>(null), read(r#"{"id":"q"}"#));
    }

    #[test]
    fn a_get_without_a_state() {
        let get: GetResponse<Quota> =
            read(r#"{"accountId":"a","list":[{"id":"q"}],"notFound":[]}"#);
        assert_eq!((get.state, get.list.len()), (None, 1));
    }

    #[test]
    fn numbers_where_strings_are_due() {
        let get: GetResponse<Quota> =
            read(r#"{"accountId":7,"state":17,"list":[{"id":3}],"notFound":[4]}"#);
        assert_eq!(get.state, Some(State::any("17")));
        assert_eq!(get.list.objects[0].id, Some(Id::any("3")));
        assert_eq!(get.not_found, [Id::any("4")]);
    }

    #[test]
    fn ids_that_are_no_ids() {
        let long = "x".repeat(300);
        let query: QueryResponse<Quota> = read(&format!(r#"{{"ids":["a:b","ä","{long}"]}}"#));
        assert!(query.ids.iter().all(|id| !id.is_valid()));
        let get = GetArguments::of(query.ids);
        assert_eq!(
            serde_json::to_string(&get).unwrap(),
            format!(r#"{{"ids":["a:b","ä","{long}"]}}"#)
        );
    }

    #[test]
    fn one_object_that_cannot_be_read_does_not_lose_the_others() {
        let get: GetResponse<Quota> = read(r#"{"list":[{"id":"q"},"r",{"id":"s","used":-1}]}"#);
        assert_eq!(get.list.len(), 2);
        assert_eq!(get.list.unreadable[0].json, Json::from("r"));
        // Whoever passes the response on passes all of it on.
        let written = Json::from_serialize(&get).unwrap();
        let list = written.inside(&["list".into()]).unwrap();
        let passed_on: Vec<Json> = list.decode().unwrap();
        assert_eq!(passed_on.len(), get.list.len() + get.list.unreadable.len());
        assert!(passed_on.contains(&Json::from("r")));
        assert_eq!(get.list.objects[1].extra["used"].as_str(), "-1");
    }

    /// Objects of which a response says nothing: nobody knows what became of them.
    #[test]
    fn a_set_that_says_nothing_of_an_object() {
        let mut set: SetResponse<Quota> =
            read(r#"{"created":{"k1":{"id":"q1"}},"updated":{"q2":null},"destroyed":["q3"]}"#);
        assert_eq!(set.take_created(&CreationId::any("k1")).unwrap().id, Id::any("q1"));
        assert!(set.take_updated(&Id::any("q2")).unwrap().json.is_none());
        set.take_destroyed(&Id::any("q3")).unwrap();
        let errors = [
            set.take_created(&CreationId::any("k9")).unwrap_err(),
            set.take_updated(&Id::any("q9")).unwrap_err(),
            set.take_destroyed(&Id::any("q9")).unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(&error, Error::NoResponse { method } if method == "Quota/set"));
        }
    }

    #[test]
    fn destroyed_may_name_a_creation() {
        let set: SetResponse<Quota> = read(r##"{"destroyed":["#c"]}"##);
        assert_eq!(set.destroyed[0].creation(), Some(CreationId::any("c")));
    }

    #[test]
    fn a_call_with_two_responses() {
        let mut batch = Batch::new();
        let copy = batch.copy(CopyArguments::<Note>::from_account(Id::any("a")));
        let set = batch.set(SetArguments::<Note>::default());
        let mut responses = responses(
            r#"{"methodResponses":[
                ["Note/set",{"destroyed":["other"]},"c1"],
                ["Note/copy",{"created":{"k":{"id":"new"}}},"c0"],
                ["Note/set",{"destroyed":["old"]},"c0"]
            ]}"#,
        );
        assert_eq!(responses.take(copy).unwrap().created["k"].id.as_str(), "new");
        let implied = responses.also::<_, SetArguments<Note>>(copy).unwrap();
        assert_eq!(implied.destroyed[0].as_str(), "old");
        assert_eq!(responses.take(set).unwrap().destroyed[0].as_str(), "other");
        assert_eq!(responses.rest().count(), 0);
    }

    #[test]
    fn a_call_without_a_response() {
        let mut batch = Batch::new();
        let get = batch.get(GetArguments::<Quota>::all());
        let error = responses(r#"{"methodResponses":[]}"#).take(get).unwrap_err();
        assert!(matches!(error, Error::NoResponse { method } if method == "Quota/get"));
    }
}
